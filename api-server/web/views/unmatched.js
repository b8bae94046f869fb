// Films that TMDB gave no certain title for, and why; behind them those whose title
// is doubtful. Each can be mended.
import { get, post } from "../api.js";
import { el, fill, kept } from "../dom.js";
import * as format from "../format.js";
import { mender } from "../mend.js";
import { poster } from "../poster.js";
import { filmHref } from "../route.js";
import { stateName } from "./film.js";

const PAGE = 50;
const PAGE_MAX = 500;

// [state, heading, note, one film of it]
const groups = [
	["ambiguous", "Several titles fit", "Nothing tells them apart.", openItem],
	["not_found", "Not found at TMDB", "TMDB may have them under another "
		+ "name, as part of a series, or not yet. They are looked up again "
		+ "from time to time.", openItem],
	["failed", "The look-up failed", "", openItem],
	["matched", "Doubtful matches", "They have a title of TMDB, whose data is "
		+ "shown and counted, but another may be meant.", doubtfulItem],
];

export function unmatchedView() {
	const intro = el("p", { class: "note" });
	const message = el("p", { class: "said", role: "status", tabindex: "-1" });
	const retry = el("button", { type: "button", class: "button", hidden: true,
		onclick: tryAgain }, "Try again");
	const parts = Object.fromEntries(groups.map((group) =>
		[group[0], part(group, mended)]));
	const element = el("div", { class: "view text" },
		el("h1", {}, "Films without data"), intro, el("p", {}, retry), message,
		Object.values(parts).map((p) => p.element));

	async function load(refreshed) {
		await Promise.all(Object.values(parts).map((p) => p.load(refreshed)));
		const without = ["ambiguous", "not_found", "failed"].reduce(
			(n, state) => n + parts[state].total(), 0);

		retry.hidden = parts.failed.total() + parts.not_found.total() === 0;
		intro.textContent = without === 0
			? "Every film that was looked up was found."
			: `${format.plural(without, "film")} that TMDB gave no certain `
				+ "answer for. Their viewings and ratings count; length, "
				+ "genres and people are missing.";
	}

	function show() {
		fill(message);
		return load(false);
	}

	const refresh = () => load(true);

	// The film leaves the list, and its controls with it: from here on it is
	// reached through the line that tells of it.
	async function mended(film) {
		const state = stateName(film.match.state);

		fill(message, link(film), `: ${state[0].toLowerCase()}${
			state.slice(1)}${film.match.chosen ? ", chosen by you" : ""}.`);
		await refresh();
		message.focus();
	}

	async function tryAgain() {
		const { jobs, fresh } = await post("/v1/enrichment/retry",
			{ not_found: 1 });
		message.textContent = `${format.plural(jobs, "film")} ${
			jobs === 1 ? "is" : "are"} looked up again.${fresh === 0 ? ""
			: ` TMDB was asked for ${format.count(fresh)} within the last `
				+ "day: try those tomorrow."}`;
		await refresh();
		message.focus();
	}

	return { element, show, refresh };
}

// The films of one state; hidden while there are none.
function part([state, title, note, item], mended) {
	const heading = el("h2", {});
	const list = el("ol", { class: "unmatched" });
	const draw = kept(list, (film) => item(film, mended));
	const more = el("button", { type: "button", class: "button",
		onclick: () => page(PAGE, next) }, "Show more");
	const line = el("p", { class: "more" }, more);
	const element = el("section", { class: "unmatched-part",
		"data-state": state, hidden: true },
	heading, note && el("p", { class: "note" }, note), list, line);
	let films = [];
	let next = null;
	let total = 0;

	async function page(limit, after = null) {
		const answer = await get("/v1/enrichment/unmatched",
			{ state, limit, after });

		films = after === null ? answer.films : [...films, ...answer.films];
		({ next, total } = answer);
		draw(films);
		heading.textContent = `${title} (${format.count(total)})`;
		element.hidden = total === 0;
		line.hidden = next === null;
	}

	return {
		element,
		total: () => total,
		// refreshed: as many as are shown.
		load: (refreshed) => page(refreshed
			? Math.min(PAGE_MAX, Math.max(PAGE, films.length)) : PAGE),
	};
}

const link = (f) => el("a", { href: filmHref(f.id), "data-film": f.id },
	f.title);

const year = (y) => y && el("span", { class: "row-year" }, ` ${y}`);

function openItem(f, mended) {
	return el("li", {},
		link(f), year(f.year),
		f.error && el("p", { class: "note" }, f.error),
		el("details", { class: "choose" },
			el("summary", { "aria-label": `Choose what ${f.title} is` },
				"Choose…"),
			mender(f, mended)));
}

function doubtfulItem(f, mended) {
	const { tmdb } = f;

	return el("li", {},
		link(f), year(f.year),
		tmdb && el("p", { class: "match-taken" },
			poster({ title: tmdb.name, year: null, ...tmdb }, "w92"),
			el("span", {}, el("small", {}, "taken for"), " ",
				el("b", {}, tmdb.name),
				year(tmdb.released_on?.slice(0, 4)))),
		mender(f, mended));
}
