// Names with bars: genres, countries, people. Most watched by films, highest
// rated by the average of those rated three times or more. The bars are HTML,
// so that names can be selected, searched and followed.
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";
import { panel, tabs } from "./panel.js";

const SHOWN = 10;

// lists: [{ key, title, name(entry), href(entry) }]
export function ranking(title, lists) {
	let rated = false;
	let last = null;
	const frame = panel(title, [tabs("Order", ["Most watched", "Highest rated"],
		(n) => {
			rated = n === 1;
			draw(last, rated);
		})]);
	const columns = lists.map((list) => ({ ...list,
		body: el("ol", { class: "bars" }),
		head: el("h3", {}, list.title) }));

	frame.body.classList.add("columns", `columns-${lists.length}`);
	frame.body.append(...columns.map((c) => el("div", {},
		c.title && c.head, c.body)));

	const draw = whenChanged((data) => {
		frame.show(lists.some((l) => data[l.key].most_watched.length > 0));
		for (const column of columns)
			drawColumn(column, data[column.key], rated);
	});
	return {
		element: frame.element,
		update: (stats) => {
			last = Object.fromEntries(lists.map((l) => [l.key, stats[l.key]]));
			draw(last, rated);
		},
	};
}

function drawColumn(column, data, rated) {
	const entries = (rated ? data.highest_rated : data.most_watched)
		.slice(0, SHOWN);
	const most = Math.max(1, ...entries.map((e) => e.films));

	fill(column.body, entries.map((e) => entry(column, e, rated,
		rated ? e.average_rating / 5 : e.films / most)));
	if (entries.length === 0)
		column.body.append(el("li", { class: "none" }, rated
			? "Nothing rated three times yet." : "Nothing yet."));
}

function entry(column, e, rated, share) {
	const bar = el("span", { class: rated ? "bar gold" : "bar" });

	bar.style.setProperty("--share", share.toFixed(4));
	return el("li", {},
		el("a", { href: column.href(e) }, column.name(e)),
		el("span", { class: "bar-value" }, rated
			? [`★ ${format.average(e.average_rating)}`,
				el("small", {}, ` ${format.count(e.rated)} rated`)]
			: [format.plural(e.films, "film"), e.average_rating !== null
				&& el("small", {}, ` ★ ${format.average(e.average_rating)}`)]),
		bar);
}
