// Rows that an import could not read, or whose film was a guess: each cause is one
// line with a count, and unfolds to its rows.
import { get } from "./api.js";
import { el } from "./dom.js";
import * as format from "./format.js";
import { namesakes } from "./namesakes.js";
import { paged, unfolding } from "./paged.js";

const PAGE = 50;
// So few are shown at once.
const FEW = 3;

const outcomes = [
	["rejected", "could not be read", "They were left out. What your library "
		+ "knew of them stays."],
	["ambiguous", "may be of another film", "Several films of your library "
		+ "have the same title and year, and an export says no more of a "
		+ "viewing."],
];

// changed() runs when the film of a viewing is another one.
export function causes(made, changed) {
	return outcomes.map(([outcome, what, note]) => {
		const rows = made.files.reduce((n, f) => n + f[outcome], 0);
		const reasons = made.reasons.filter((r) => r.outcome === outcome);
		const told = reasons.reduce((n, r) => n + r.rows, 0);

		return rows > 0 && el("section", { class: "causes" },
			el("h3", {}, `${format.plural(rows, "row")} ${what}`),
			el("p", { class: "note" }, note),
			el("ol", {}, reasons.map((reason) =>
				cause(made, reason, rows <= FEW, changed))),
			told < rows && el("p", { class: "note" }, `${
				format.plural(rows - told, "row")} for other reasons.`));
	});
}

function cause(made, reason, open, changed) {
	const one = reason.rows === 1;

	return el("li", {},
		el("p", {}, el("b", {}, one
			? `${reason.file}, line ${format.count(reason.line)}`
			: `${format.count(reason.rows)} rows of ${reason.file}`),
		`: ${reason.reason}`),
		unfolding(one ? "Show the row" : "Show the rows",
			paged(el("ol", { class: "bad-rows" }), {
				load: made.rows ? kept(made, reason) : asked(made, reason),
				draw: (r) => row(r, reason, changed),
				total: reason.rows,
			}), open));
}

// As cause() of the database has it: reasons that differ in numbers and quotations
// alone are one.
const causeOf = (reason) => reason.replaceAll(/"[^"]*"|[0-9]+/g, "");

// A dry run brings its first rows along: nothing of it is there to ask for.
function kept(made, { outcome, file, reason, rows }) {
	const items = made.rows.filter((r) => r.outcome === outcome
		&& r.file === file && causeOf(r.reason) === causeOf(reason));
	const left = rows - items.length;

	return async () => ({ next: null,
		items: left > 0 ? [...items, { rest: left }] : items });
}

// Of many rows the first are kept.
function asked(made, { outcome, file, reason, rows: all }) {
	let seen = 0;

	return async (after) => {
		const { rows, next } = await get(`/v1/imports/${made.id}/rows`,
			{ outcome, file, reason, limit: PAGE, after });

		seen += rows.length;
		return { next, items: next === null && seen < all
			? [...rows, { rest: all - seen }] : rows };
	};
}

function row(r, cause, changed) {
	if (r.rest)
		return el("li", { class: "note" }, `and ${format.count(r.rest)} more`);
	return el("li", {},
		cause.rows > 1 && el("b", {}, `${r.file}, line ${
			format.count(r.line)}`),
		r.reason !== cause.reason && el("p", {}, r.reason),
		r.films?.length > 1 && namesakes(r, changed),
		el("code", {}, r.raw));
}
