// What an import does to the library, by film: which go, which change and in
// what, which come.
import { get } from "./api.js";
import { el } from "./dom.js";
import * as format from "./format.js";
import { paged, unfolding } from "./paged.js";
import { filmHref } from "./route.js";

const PAGE = 20;

// [change, what such films do, what they would do], those that are lost first.
const changes = [
	["gone", "went", "would go"],
	["changed", "changed", "would change"],
	["came", "came", "would come"],
];
const parts = {
	watched: "mark", rating: "rating", liked: "like", watchlist: "watchlist",
	favourite: "favourite", viewings: "viewings", lists: "lists",
	name: "title or year",
};

const isDry = (made) => made.state === "dry_run";

// "3 films would go, 12 would come"; "" when no film changes.
export function changeCounts(made) {
	return changes.filter(([key]) => made.changes[key] > 0)
		.map(([key, did, would], n) => `${n === 0
			? format.plural(made.changes[key], "film")
			: format.count(made.changes[key])} ${isDry(made) ? would : did}`)
		.join(", ");
}

// open: the change whose films are shown at once.
export function difference(made, open = null) {
	return changes.filter(([key]) => made.changes[key] > 0)
		.map(([key, did, would]) => unfolding(
			`${format.plural(made.changes[key], "film")} ${
				isDry(made) ? would : did}`,
			paged(el("ol", { class: "changed-films" }), {
				load: isDry(made) ? kept(made, key) : asked(made, key),
				draw: (f) => film(f, isThere(made, key)),
				total: made.changes[key],
			}), key === open));
}

// A dry run brings its first films along: nothing of it is there to ask for.
function kept(made, key) {
	const films = made.changed_films.filter((f) => f.change === key);
	const left = made.changes[key] - films.length;

	return async (after) => {
		const from = after ?? 0;
		const to = from + PAGE;
		const last = to >= films.length;
		return { items: [...films.slice(from, to), last && left > 0
			&& { rest: left }].filter(Boolean), next: last ? null : to };
	};
}

function asked(made, change) {
	return async (after) => {
		const { films, next } = await get(`/v1/imports/${made.id}/films`,
			{ change, limit: PAGE, after });
		return { items: films, next };
	};
}

// What only an import that is not in force has, has no page here.
const isThere = (made, key) => key !== (isDry(made) || made.undone_at
	? "came" : "gone");

function film({ id, title, year, what, rest }, there) {
	if (rest)
		return el("li", { class: "note" }, `and ${format.count(rest)} more`);
	return el("li", {},
		there ? el("a", { href: filmHref(id), "data-film": id }, title) : title,
		year && el("span", { class: "row-year" }, ` ${year}`),
		what.length > 0 && el("small", {}, ` ${what.map((w) =>
			parts[w] ?? w).join(", ")}`));
}
