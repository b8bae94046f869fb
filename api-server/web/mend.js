// Mending a match: the member says which title of TMDB a film is, that TMDB
// has none, or takes that back.
import { del, put } from "./api.js";
import { el } from "./dom.js";
import * as format from "./format.js";

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

// The controls for one film: { id, title, chosen, choice, candidates, tmdb }.
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
	film.tmdb ? another(list, form) : [list, list ? another(form) : form],
	problem);
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
