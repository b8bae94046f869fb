// Films rated otherwise than TMDB's voters rate them.
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";
import { poster } from "../poster.js";
import { filmHref } from "../route.js";
import { panel } from "./panel.js";

const SHOWN = 6;

export function compared(title) {
	const frame = panel(title);
	const list = el("ol", { class: "rows" });

	frame.body.append(list);
	return {
		element: frame.element,
		update: whenChanged((films) => {
			frame.show(films.length > 0);
			fill(list, films.slice(0, SHOWN).map(row));
		}),
	};
}

function row(f) {
	return el("li", {}, el("a", { href: filmHref(f.id), "data-film": f.id },
		poster(f, "w92"),
		el("span", { class: "row-text" },
			el("b", {}, f.title),
			el("small", {}, [f.year, `you ${format.stars(f.rating)}`,
				`TMDB ${format.average(f.tmdb_rating)}`]
				.filter(Boolean).join(" · "))),
		el("span", { class: "row-value" }, format.signed(f.difference))));
}
