// One film in a dialog: viewings, the rating explained, who made it, how sure
// the match with TMDB is.
import { get } from "../api.js";
import { el, fill, folded } from "../dom.js";
import * as format from "../format.js";
import { mender } from "../mend.js";
import { namesakes } from "../namesakes.js";
import { poster } from "../poster.js";
import { closeFilm, href } from "../route.js";
import { sanitized } from "../sanitize.js";
import { stars } from "../stars.js";

const CAST_SHOWN = 12;
const VIEWINGS_SHOWN = 6;
const VIEWINGS_MAX = 500;
const EVIDENCE_SHOWN = 4;
// The stand-in's titles have no page at TMDB.
const STAND_IN = 800000000;

const sources = {
	ratings: "ratings.csv", diary: "Diary", reviews: "Review",
	watched: "watched.csv", orphaned: "Orphaned entry",
};
const states = {
	matched: "Found at TMDB", not_found: "Not found at TMDB",
	ambiguous: "Several films at TMDB fit", failed: "The look-up failed",
	pending: "Waiting to be looked up",
};

export const stateName = (state) => states[state] ?? "Not looked up";

// changed() runs when the film that is open was mended, or its data came.
export function filmDialog(changed) {
	const body = el("div", { class: "film", tabindex: "-1", autofocus: true });
	const dialog = el("dialog", { class: "sheet", "aria-label": "Film",
		onclose: closeFilm,
		onclick: (e) => { if (e.target === dialog) dialog.close(); },
	}, el("button", { type: "button", class: "close", "aria-label": "Close",
		onclick: () => dialog.close() }, "×"), body);
	let shown = null;
	let pending = false;

	async function show(id) {
		if (id === shown)
			return;
		shown = id;
		pending = false;
		if (id === null) {
			dialog.close();
			return;
		}
		fill(body, el("p", { class: "note" }, "…"));
		if (!dialog.open)
			dialog.showModal();
		await draw(id);
	}

	async function draw(id) {
		const content = await contentOf(id, { mended, moved });
		if (id !== shown)
			return;
		const active = document.activeElement;
		const inside = active !== body && body.contains(active);
		pending = content.pending;
		fill(body, content.parts);
		if (inside)
			focusMatch();
	}

	// What had the focus is gone; it was among the controls of the match.
	function focusMatch() {
		(body.querySelector(".match-state") ?? body).focus();
	}

	async function mended({ id }) {
		await draw(id);
		if (id === shown)
			focusMatch();
		changed();
	}

	// The viewing has left for another film, and may have brought or taken an
	// undated one.
	async function moved() {
		await draw(shown);
		body.focus();
		changed();
	}

	// Something was looked up somewhere; perhaps what is waited for here.
	async function progressed() {
		const id = shown;
		if (!pending)
			return;
		const film = await get(`/v1/films/${id}`);
		if (id !== shown || film.match.state === "pending")
			return;
		await draw(id);
		changed();
	}

	return { element: dialog, show, progressed };
}

async function contentOf(id, { mended, moved }) {
	try {
		const film = await get(`/v1/films/${id}`);
		const [seen, rating] = film.entry ? await Promise.all([
			get(`/v1/films/${id}/watches`, { limit: VIEWINGS_MAX }),
			get(`/v1/films/${id}/rating`),
		]) : [{ watches: [], total: 0 }, null];
		return {
			pending: film.match.state === "pending",
			parts: [head(film), explained(rating), viewings(seen, film, moved),
				cast(film.tmdb), match(film, mended)],
		};
	} catch (problem) {
		return { pending: false,
			parts: el("p", { class: "problem" }, problem.message) };
	}
}

function head(film) {
	const { entry, tmdb } = film;
	const facts = [tmdb?.runtime && format.runtime(tmdb.runtime),
		tmdb?.genres.join(", "),
		tmdb?.countries.map(format.country).join(", "),
		tmdb?.original_language && format.language(tmdb.original_language)];

	return el("header", { class: "film-head" },
		poster({ ...film, poster_path: tmdb?.poster_path }, "w342"),
		el("div", {},
			el("h2", {}, film.title, " ",
				film.year && el("span", { class: "row-year" }, film.year)),
			tmdb?.original_name && tmdb.original_name !== film.title
				&& el("p", { class: "note", lang: tmdb.original_language },
					tmdb.original_name),
			tmdb?.directors.length > 0 && el("p", {}, "Directed by ",
				linked(tmdb.directors, "director")),
			el("p", { class: "note" }, facts.filter(Boolean).join(" · ")),
			el("p", { class: "film-ratings" },
				entry?.rating && [stars(entry.rating), " "],
				entry?.liked_on && el("span", { class: "heart" }, "♥ "),
				tmdb?.vote_count > 0 && el("small", {}, `TMDB ${
					format.average(tmdb.average_rating)} of 5, ${
					format.plural(tmdb.vote_count, "vote")}`)),
			film.lists.length > 0 && el("p", { class: "note" }, "In ",
				film.lists.map((l) => l.name).join(", "),
				film.lists_cut > 0
					&& ` and ${format.count(film.lists_cut)} more`),
			tmdb?.overview && el("p", { class: "film-overview" },
				tmdb.overview)));
}

function linked(people, param) {
	return people.flatMap((p, n) => [n > 0 && ", ",
		el("a", { href: href("films", { [param]: p.id, name: p.name }) },
			p.name)]);
}

function section(title, ...children) {
	return el("section", {}, el("h3", {}, title), children);
}

function viewings({ watches, total }, film, moved) {
	if (total === 0)
		return null;
	return section(format.plural(total, "viewing"),
		folded(el("ol", { class: "viewings" }, watches.map((w) =>
			viewing(w, film, moved))), VIEWINGS_SHOWN),
		cut(total - watches.length, "viewing"));
}

// What there is beyond what is shown, of a film that somebody saw very often.
const cut = (number, noun) => number > 0 && el("p", { class: "note" },
	`And ${format.plural(number, noun)} more.`);

function viewing(w, film, moved) {
	return el("li", {},
		el("p", {},
			el("b", {}, w.watched_on ? format.date(w.watched_on)
				: "Without a date"),
			w.rating && stars(w.rating),
			w.rewatch && el("span", { class: "tag" }, "rewatch"),
			w.tags.map((t) => el("span", { class: "tag" }, t)),
			el("small", {}, sources[w.source])),
		w.review && el("div", { class: "review" }, sanitized(w.review)),
		mayBeOther(w, film) && el("details", { class: "choose" },
			el("summary", {}, "Another film of this name?"),
			namesakes({ watch: w.id, film: film.id,
				films: [film, ...film.namesakes] }, moved)));
}

// A viewing of the diary names its film by title and year; an undated one and
// those of long links name it by the link.
const mayBeOther = (w, film) => film.namesakes.length > 0
	&& w.source !== "watched" && !film.letterboxd_ref.startsWith("slug:");

function explained(rating) {
	if (rating === null || rating.evidence.length === 0)
		return null;
	return section("Why this rating",
		el("p", { class: "rule" }, rating.rule),
		el("p", { class: "note" },
			`Confidence ${format.percent(rating.confidence)}`),
		folded(el("ol", { class: "evidence" }, rating.evidence.map(evidence)),
			EVIDENCE_SHOWN),
		cut(rating.evidence_cut, "rating"));
}

function evidence(e) {
	return el("li", { class: e.used ? "used" : "lost" },
		stars(e.rating),
		el("span", {},
			el("b", {}, sources[e.source]),
			e.date && ` ${format.date(e.date)}`,
			el("small", {}, `${e.used ? "Counts" : "Lost"}: ${e.reason}`)));
}

function cast(tmdb) {
	if (!tmdb || tmdb.cast.length === 0)
		return null;
	return section("Cast", el("ul", { class: "cast" },
		tmdb.cast.slice(0, CAST_SHOWN).map((p) => el("li", {},
			el("a", { href: href("films", { actor: p.id, name: p.name }) },
				p.name),
			p.character && el("small", {}, ` ${p.character}`)))));
}

const page = ({ kind, id, episode: e }) => e
	? `tv/${e.series_id}/season/${e.season}/episode/${e.number}`
	: `${kind}/${id}`;

function match({ id, title, year, match: m, tmdb }, mended) {
	const how = [m.confidence && `${m.confidence} confidence`,
		m.score !== null && `score ${format.average(m.score)}`,
		m.method && !m.chosen && `by ${m.method.replaceAll("_", " ")}`];

	return section("TMDB",
		el("p", { class: "match-state", tabindex: "-1" }, stateName(m.state),
			how.some(Boolean) && `: ${how.filter(Boolean).join(", ")}`, ". ",
			tmdb && tmdb.id < STAND_IN && el("a", {
				href: `https://www.themoviedb.org/${page(tmdb)}`,
				target: "_blank", rel: "noopener noreferrer",
			}, `${tmdb.name} at TMDB`)),
		m.error && el("p", { class: "problem" }, m.error),
		mender({ id, title, year, tmdb, ...m }, mended));
}
