// The numbers on top.
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";

// [key of the answer, name, how it is written, is it from TMDB]
const large = [
	["films", "Films", format.count],
	["watches", "Viewings", format.count],
	["hours", "Hours", format.hours, true],
	["average_rating", "Average rating", format.average],
	["directors", "Directors", format.count, true],
	["countries", "Countries", format.count, true],
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

// missing: an element about films without data, kept at the end.
export function overview(missing) {
	const element = el("section", { class: "overview",
		"aria-label": "Overview" });
	const update = whenChanged((o, year) => fill(element,
		el("dl", { class: "figures" }, large.map(([key, name, write, tmdb]) =>
			el("div", {},
				el("dt", {}, name),
				el("dd", { "data-stat": key },
					known(o, key, tmdb) ? write(o[key]) : "–")))),
		el("ul", { class: "facts" }, small
			.filter(([key]) => o[key] > 0)
			.map(([key, name]) => el("li", {},
				el("b", { "data-stat": key }, format.count(o[key])),
				` ${name}`))),
		el("p", { class: "note" }, span(o, year), unknown(o), missing)));

	return { element, update };
}

// Nothing of TMDB is known yet: then a zero would be wrong.
function known(o, key, tmdb) {
	return o[key] !== null && !(tmdb && o.without_tmdb === o.films);
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
	return o.runtime_unknown > 0 && o.runtime_unknown < o.watches
		&& `Hours leave out ${
			format.plural(o.runtime_unknown, "viewing")} of unknown length. `;
}
