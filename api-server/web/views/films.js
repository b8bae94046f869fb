// The list of films: searched, filtered and sorted by the server, a page at a
// time. What is asked for stands in the address.
import { get } from "../api.js";
import { el, fill, kept } from "../dom.js";
import * as format from "../format.js";
import { poster } from "../poster.js";
import { filmHref, href, replace } from "../route.js";
import { stars } from "../stars.js";
import { stateName } from "./film.js";

const PAGE = 60;
const PAGE_MAX = 500;
const SEARCH_MS = 250;

const sorts = [["watched", "Last watched"], ["rating", "Rating"],
	["title", "Title"], ["year", "Release year"], ["watches", "Viewings"],
	["runtime", "Length"], ["marked", "Added"]];
const shows = [["", "Watched"], ["rewatched", "Seen again"],
	["unrated", "Not rated"], ["liked", "Liked"], ["watchlist", "Watchlist"]];
const states = [["", "Any data"], ["matched", "Found"],
	["not_found", "Not found"], ["ambiguous", "Ambiguous"],
	["failed", "Failed"], ["pending", "Waiting"]];
const showParams = {
	rewatched: { rewatched: 1 }, unrated: { rated: 0 },
	liked: { liked: 1 }, watchlist: { watchlist: 1 },
};
const ratingOptions = [["", "Any rating"], ...[5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5,
	1, 0.5].map((n) => [String(n), format.stars(n)])];

export function filmsView() {
	const form = makeForm((filters) => replace(href("films", filters)));
	const chips = el("p", { class: "chips" });
	const total = el("p", { class: "note", role: "status" });
	const list = el("ol", { class: "rows films" });
	const draw = kept(list, row);
	const more = el("button", { type: "button", class: "button", hidden: true,
		onclick: showMore }, "Show more");
	const element = el("div", { class: "view" },
		el("h1", { class: "sr-only" }, "Films"),
		form.element, chips, total, list,
		el("p", { class: "more" }, more));
	let filters = {};
	let films = [];
	let next = null;
	let asked = null;

	async function load(limit, after = null) {
		asked?.abort();
		asked = new AbortController();
		const signal = asked.signal;
		const answer = await get("/v1/films", { ...query(filters),
			limit, after }, signal);
		if (signal.aborted)
			return;
		next = answer.next;
		films = after === null ? answer.films : [...films, ...answer.films];
		draw(films);
		total.textContent = format.plural(answer.total, "film");
		more.hidden = next === null;
	}

	async function showMore() {
		const shown = films.length;
		await load(PAGE, next);
		list.children[shown]?.querySelector("a").focus();
	}

	// As many as are shown.
	const refresh = () =>
		load(Math.min(PAGE_MAX, Math.max(PAGE, films.length)));

	async function show({ params }) {
		filters = Object.fromEntries(params);
		form.set(filters);
		fill(chips, chip(filters));
		chips.hidden = chips.childElementCount === 0;
		await Promise.all([load(PAGE), form.choices()]);
	}

	return { element, show, refresh };
}

// The filters of the address as parameters of /v1/films.
function query({ show, rating, name, ...rest }) {
	return { ...rest, ...showParams[show],
		rating_min: rating, rating_max: rating };
}

// What has no field in the form, named with a way to drop it.
function chip(filters) {
	const { genre, country, language, director, actor, name, ...rest } = filters;
	const label = [
		director && `Directed by ${name ?? "one person"}`,
		actor && `With ${name ?? "one person"}`,
		country && `From ${format.country(country)}`,
		language && `In ${format.language(language)}`,
	].filter(Boolean).join(", ");

	return label && el("a", { class: "chip", href: href("films",
		{ ...rest, genre }) }, label, el("span", { class: "sr-only" },
		" – remove this filter"), el("span", { "aria-hidden": "true" }, " ×"));
}

// Without an order titles ascend and anything else descends.
const rising = ({ order, sort }) =>
	(order || (sort === "title" ? "asc" : "desc")) === "asc";

function makeForm(changed) {
	const search = el("input", { type: "search", name: "q",
		placeholder: "Search titles", "aria-label": "Search titles",
		autocomplete: "off", spellcheck: "false" });
	const fields = {
		sort: select("Sort by", sorts),
		show: select("Show", shows),
		rating: select("Rating", ratingOptions),
		decade: select("Decade", [["", "Any decade"]]),
		genre: select("Genre", [["", "Any genre"]]),
		state: select("TMDB data", states),
	};
	const turn = el("button", { type: "button", class: "button",
		onclick: () => {
			kept = { ...kept, order: rising(kept) ? "desc" : "asc" };
			send();
		} });
	const element = el("form", { class: "filters", role: "search",
		onsubmit: (e) => { e.preventDefault(); send(); },
		onchange: (e) => {
			if (e.target === fields.sort)
				kept = { ...kept, order: "" };
			if (e.target !== search)
				send();
		},
	}, search, Object.values(fields));
	fields.sort.after(turn);
	let kept = {};
	let timer = null;

	search.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(send, SEARCH_MS);
	});

	function send() {
		clearTimeout(timer);
		const values = Object.entries(fields).map(([k, f]) => [k, f.value]);
		changed({ ...kept, ...Object.fromEntries(values),
			q: search.value.trim() });
	}

	function set(filters) {
		kept = filters;
		if (document.activeElement !== search)
			search.value = filters.q ?? "";
		for (const [key, field] of Object.entries(fields))
			choose(field, filters[key]
				?? (key === "sort" ? "watched" : ""));
		turn.textContent = rising(filters) ? "↑" : "↓";
		turn.setAttribute("aria-label", rising(filters)
			? "Ascending: turn the order" : "Descending: turn the order");
	}

	// Decades and genres there are, from the statistics.
	async function choices() {
		const { by_decade, genres } = await get("/v1/stats");
		offer(fields.decade, by_decade.toReversed()
			.map((d) => [String(d.decade), `${d.decade}s`]));
		offer(fields.genre, genres.most_watched
			.map((g) => [g.name, g.name])
			.sort(([a], [b]) => a.localeCompare(b)));
	}

	return { element, set, choices };
}

function select(label, options) {
	return el("select", { "aria-label": label },
		options.map(([value, text]) => el("option", { value }, text)));
}

// A value from the address is kept though it is not among the options yet.
function choose(field, value) {
	if (![...field.options].some((o) => o.value === value))
		field.append(el("option", { value }, value));
	field.value = value;
}

function offer(field, options) {
	const value = field.value;
	const [any] = field.options;

	fill(field, any, options.map(([v, text]) => el("option", { value: v }, text)));
	choose(field, value);
}

function row(f) {
	const people = f.directors.map((d) => d.name).join(", ");
	const seen = f.watches > 1 ? `${format.count(f.watches)}×` : "";
	const last = f.last_watched ? format.date(f.last_watched) : "";

	return el("li", {}, el("a", { href: filmHref(f.id), "data-film": f.id },
		poster(f, "w92"),
		el("span", { class: "row-text" },
			el("b", {}, f.title, " ",
				f.year && el("span", { class: "row-year" }, f.year)),
			el("small", {}, [people, f.genres.slice(0, 2).join(", ")]
				.filter(Boolean).join(" · ") || stateName(f.match_state))),
		el("span", { class: "row-side" },
			el("span", {}, f.rating && stars(f.rating),
				f.liked && el("span", { class: "heart", role: "img",
					"aria-label": "liked" }, " ♥")),
			el("small", {}, [seen, last].filter(Boolean).join(" · ")))));
}
