// The numbers on top.
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";
import { href } from "../route.js";

// [key of the answer, name, how it is written]
const large = [
	["films", "Films", format.count],
	["watches", "Viewings", format.count],
	["hours", "Hours", format.hours],
	["average_rating", "Average rating", format.average],
	["directors", "Directors", format.count],
	["countries", "Countries", format.count],
];
const small = [
	["rated", "films rated"],
	["rewatched_films", "films seen again"],
	["rewatches", "rewatches"],
	["reviews", "reviews"],
	["liked", "likes"],
	["days", "days with a film"],
	["days_with_2_films", "days with two or more"],
	["longest_streak_weeks", "weeks in a row, at best"],
	["languages", "languages"],
	["watchlist", "on the watchlist"],
	["lists", "lists"],
];

export function overview() {
	const element = el("section", { class: "overview",
		"aria-label": "Overview" });
	const update = whenChanged((o, year) => fill(element,
		el("dl", { class: "figures" }, large.map(([key, name, write]) =>
			el("div", {},
				el("dd", { "data-stat": key },
					o[key] === null ? "–" : write(o[key])),
				el("dt", {}, name)))),
		el("ul", { class: "facts" }, small
			.filter(([key]) => o[key] > 0)
			.map(([key, name]) => el("li", {},
				el("b", { "data-stat": key }, format.count(o[key])),
				` ${name}`))),
		el("p", { class: "note" }, span(o, year), unknown(o))));

	return { element, update };
}

function span(o, year) {
	if (!o.first_watch)
		return "No viewing has a date. ";
	const undated = o.watches - o.dated_watches;
	return [
		year ? "" : `Dated viewings from ${format.date(o.first_watch)} to ${
			format.date(o.last_watch)}. `,
		undated ? `${format.plural(undated, "viewing")} without a date ${
			undated === 1 ? "is" : "are"} not in the charts over time. ` : "",
	].join("");
}

function unknown(o) {
	return [
		o.runtime_unknown > 0 && `Hours leave out ${
			format.plural(o.runtime_unknown, "viewing")} of unknown length. `,
		o.without_tmdb > 0 && el("a", { href: href("unmatched") },
			`${format.plural(o.without_tmdb, "film")} without data`),
	];
}
