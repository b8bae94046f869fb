// Mending a match: the member says which title of TMDB a film is, that TMDB
// has none, or takes that back.
import { del, put } from "./api.js";
import { el } from "./dom.js";
import * as format from "./format.js";

// A title of fewer is hardly known.
const FEW_VOTES = 10;

// How the server takes each kind of title.
const choices = {
	movie: ({ id }) => `tmdb:${id}`,
	tv: ({ id }) => `tv:${id}`,
	tv_episode: ({ episode: e }) =>
		`tv:${e.series_id}/season/${e.season}/episode/${e.number}`,
};
const kinds = {
	movie: () => "film",
	tv: () => "series",
	tv_episode: ({ episode: e }) =>
		`season ${e.season}, episode ${e.number}`,
};

// The controls for one film: { id, title, year, chosen, choice, confidence,
// candidates, tmdb }.
// changed(film) runs with the film as it is afterwards.
export function mender(film, changed) {
	const path = `/v1/films/${film.id}/match`;
	const problem = el("p", { class: "problem", role: "alert" });
	let busy = false;

	async function send(request) {
		if (busy)
			return;
		busy = true;
		problem.textContent = "";
		try {
			await changed(await request());
		} catch (error) {
			problem.textContent = error.message;
		}
		busy = false;
	}

	const choose = (choice) => send(() => put(path, { choice }));
	const list = candidates(film, choose);
	const form = free(film, choose);

	return el("div", { class: "mend", role: "group",
		"aria-label": `Which title ${film.title} is` },
	film.chosen && el("p", {}, el("span", { class: "tag" }, "chosen by you"),
		" ", button("Undo", () => send(() => del(path)))),
	isDoubtful(film) && [el("p", { class: "doubts" }, doubts(film)),
		el("p", {}, button("It is right",
			() => choose(choices[film.tmdb.kind](film.tmdb)),
			`It is right: ${film.title} is ${film.tmdb.name}`))],
	film.tmdb ? another(list, form) : [list, list ? another(form) : form],
	problem);
}

// Matched without being sure, and not said by the member.
const isDoubtful = ({ tmdb, chosen, confidence }) =>
	Boolean(tmdb) && !chosen && confidence !== "high";

// Why, as far as the two titles and their rivals show it.
function doubts({ title, year, tmdb, candidates }) {
	const released = Number(tmdb.released_on?.slice(0, 4)) || null;
	const isTaken = (c) => c.kind === tmdb.kind && c.id === tmdb.id;
	const taken = candidates.find(isTaken);
	const rivals = candidates.filter((c) => !isTaken(c)
		&& c.title.toLowerCase() === title.toLowerCase());
	const why = [
		tmdb.name.toLowerCase() !== title.toLowerCase()
			&& `its title at TMDB is ${tmdb.name}`,
		year === null && "your export has no year for it",
		year && released && year !== released
			&& `TMDB has it in ${released}, Letterboxd in ${year}`,
		taken && (taken.votes ?? 0) < FEW_VOTES && `TMDB has only ${
			format.plural(taken.votes ?? 0, "vote")} for it`,
		rivals.length > 0 && `${format.plural(rivals.length, "other title")
		} of this name ${rivals.length === 1 ? "is" : "are"} there`,
	].filter(Boolean);

	return why.length > 0 ? `Doubtful: ${why.join("; ")}.`
		: "Doubtful: name and year are not quite the same.";
}

function button(text, onclick, label) {
	return el("button", { type: "button", class: "button", onclick,
		"aria-label": label }, text);
}

function another(...children) {
	return el("details", {},
		el("summary", {}, "Another title, or none"), children);
}

function candidates({ candidates: found, tmdb }, choose) {
	if (!found || found.length === 0)
		return null;
	return el("ul", { class: "candidates" }, found.map((c) => el("li", {},
		el("span", {}, el("b", {}, c.title),
			c.date && ` ${c.date.slice(0, 4)}`,
			el("small", {}, ` ${kinds[c.kind](c)} · ${
				format.plural(c.votes ?? 0, "vote")}${
				c.date ? ` · ${format.date(c.date)}` : ""}`)),
		tmdb?.kind === c.kind && tmdb.id === c.id
			? el("span", { class: "tag" }, "this is shown")
			: button("This one", () => choose(choices[c.kind](c)),
				`This one: ${[c.title, c.date && format.date(c.date)]
					.filter(Boolean).join(", ")}`))));
}

// A number or an address, in whatever form the server takes.
function free({ choice }, choose) {
	const field = el("input", { name: "choice", required: true,
		maxlength: 500, autocomplete: "off", autocapitalize: "none",
		spellcheck: "false", placeholder: "tmdb:550" });

	return el("form", { class: "choice", onsubmit: (e) => {
		e.preventDefault();
		choose(field.value);
	} },
	el("label", {}, el("span", {}, "Number or address of the title"), field,
		el("small", {}, "Like tmdb:550, tv:87108, "
			+ "tv:42009/season/3/episode/1, imdb:tt0137523, or its "
			+ "page at themoviedb.org or imdb.com")),
	el("p", {}, el("button", { class: "button" }, "Use it"), " ",
		choice !== "none" && button("Not on TMDB", () => choose("none"))));
}
