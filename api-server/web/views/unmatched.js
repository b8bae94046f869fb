// Films that TMDB gave no certain title for, and why; each can be mended.
import { get, post } from "../api.js";
import { el, fill, kept } from "../dom.js";
import * as format from "../format.js";
import { mender } from "../mend.js";
import { filmHref } from "../route.js";
import { stateName } from "./film.js";

const PAGE = 50;
const PAGE_MAX = 500;

const states = {
	not_found: "TMDB has no such film",
	ambiguous: "Several films fit equally well",
	failed: "The look-up failed",
};
const again = (film) => film.state === "failed" || film.state === "not_found";

export function unmatchedView() {
	const intro = el("p", { class: "note" });
	const message = el("p", { role: "status", tabindex: "-1" });
	const retry = el("button", { type: "button", class: "button", hidden: true,
		onclick: tryAgain }, "Try again");
	const list = el("ol", { class: "unmatched" });
	const draw = kept(list, (film) => item(film, mended));
	const more = el("button", { type: "button", class: "button", hidden: true,
		onclick: () => load(PAGE, next) }, "Show more");
	const element = el("div", { class: "view text" },
		el("h1", {}, "Films without data"), intro,
		el("p", {}, retry), message, list, el("p", { class: "more" }, more));
	let films = [];
	let next = null;

	async function load(limit, after = null) {
		const answer = await get("/v1/enrichment/unmatched", { limit, after });
		films = after === null ? answer.films : [...films, ...answer.films];
		next = answer.next;
		draw(films);
		more.hidden = next === null;
		retry.hidden = next === null && !films.some(again);
		intro.textContent = answer.total === 0
			? "Every film that was looked up was found."
			: `${format.plural(answer.total, "film")} that TMDB gave no certain `
				+ "answer for. Their viewings and ratings count; length, "
				+ "genres and people are missing.";
	}

	function show() {
		fill(message);
		return load(PAGE);
	}

	// As many as are shown.
	const refresh = () =>
		load(Math.min(PAGE_MAX, Math.max(PAGE, films.length)));

	// The film leaves the list, and its controls with it: from here on it is
	// reached through the line that tells of it.
	async function mended(film) {
		fill(message, link(film), `: ${stateName(film.match.state).toLowerCase()}${
			film.match.chosen ? ", chosen by you" : ""}.`);
		await refresh();
		message.focus();
	}

	async function tryAgain() {
		const { jobs } = await post("/v1/enrichment/retry", { not_found: 1 });
		message.textContent = `${format.plural(jobs, "film")} ${
			jobs === 1 ? "is" : "are"} looked up again.`;
		await refresh();
		message.focus();
	}

	return { element, show, refresh };
}

const link = (f) => el("a", { href: filmHref(f.id), "data-film": f.id },
	f.title);

function item(f, mended) {
	return el("li", {},
		link(f), f.year && el("span", { class: "row-year" }, ` ${f.year}`),
		el("p", { class: "note" }, `${states[f.state] ?? f.state}${
			f.error ? `: ${f.error}` : ""}.`),
		mender(f, mended));
}
