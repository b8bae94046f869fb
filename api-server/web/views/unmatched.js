// Films that TMDB gave no certain title for, and why.
import { get } from "../api.js";
import { el, fill } from "../dom.js";
import * as format from "../format.js";
import { filmHref } from "../route.js";
import { candidates } from "./film.js";

const states = {
	not_found: "TMDB has no such film",
	ambiguous: "Several films fit equally well",
	failed: "The look-up failed",
};

export function unmatchedView() {
	const intro = el("p", { class: "note" });
	const list = el("ol", { class: "unmatched" });
	const more = el("button", { type: "button", class: "button", hidden: true,
		onclick: () => load(false) }, "Show more");
	const element = el("div", { class: "view text" },
		el("h1", {}, "Films without data"), intro, list,
		el("p", { class: "more" }, more));
	let next = null;

	async function load(fresh) {
		const answer = await get("/v1/enrichment/unmatched",
			{ after: fresh ? null : next });
		next = answer.next;
		more.hidden = next === null;
		intro.textContent = answer.total === 0
			? "Every film that was looked up was found."
			: `${format.plural(answer.total, "film")} that TMDB gave no certain `
				+ "answer for. Their viewings and ratings count; length, "
				+ "genres and people are missing.";
		if (fresh)
			fill(list);
		list.append(...answer.films.map(item));
	}

	return { element, show: () => load(true) };
}

function item(f) {
	return el("li", {},
		el("a", { href: filmHref(f.id), "data-film": f.id }, f.title),
		f.year && el("span", { class: "row-year" }, ` ${f.year}`),
		el("p", { class: "note" }, `${states[f.state] ?? f.state}${
			f.error ? `: ${f.error}` : ""}.`),
		candidates(f.candidates));
}
