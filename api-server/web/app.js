// Wires the page: which view the address means, what is drawn again when the
// library changes.
import { get } from "./api.js";
import { el, fill } from "./dom.js";
import { follow, progressBanner } from "./progress.js";
import { current } from "./route.js";
import { steps, uploader } from "./upload.js";
import { filmDialog } from "./views/film.js";
import { filmsView } from "./views/films.js";
import { importsView } from "./views/imports.js";
import { statsView } from "./views/stats.js";
import { unmatchedView } from "./views/unmatched.js";

// At most one refresh of the view in so many milliseconds while data arrives.
const REFRESH_MS = 4000;

const main = document.querySelector("main");
const notices = document.getElementById("notices");
const titles = { stats: "Statistics", films: "Films", imports: "Imports",
	unmatched: "Films without data" };
const banner = progressBanner();
const views = { stats: statsView(banner.missing), films: filmsView(),
	unmatched: unmatchedView(), imports: importsView(refresh) };
const film = filmDialog(redraw);
const about = el("aside", { class: "about", "aria-label": "Notice",
	hidden: true });
const wrong = el("p", { class: "problem", role: "alert", hidden: true });
let library = null;
let shown = null;

const imports = uploader({
	hasOwnLibrary: () => library !== null && library.films > 0 && !library.sample,
	imported: refresh,
});

const welcome = el("div", { class: "view welcome" },
	el("h1", {}, "Everything you have watched, counted."),
	el("button", { type: "button", class: "drop", onclick: imports.choose },
		el("b", {}, "Drop your Letterboxd export"),
		el("span", {}, "or choose the ZIP, or its CSV files")),
	el("button", { type: "button", class: "button",
		onclick: imports.chooseFolder }, "Choose an unpacked folder"),
	steps());

function draw(library) {
	document.body.classList.toggle("empty", library.films === 0);
	fill(about, library.films > 0 && aboutText(library));
	about.hidden = about.childNodes.length === 0;
}

function aboutText({ sample, stand_in }) {
	if (sample)
		return [el("b", {}, "This is a sample library"), stand_in
			&& ", and a stand-in answers for TMDB", ". Drop your own "
			+ "Letterboxd export anywhere, and the sample goes."];
	return stand_in && [el("b", {}, "A stand-in answers for TMDB"),
		" and knows few films. Start Rewatch with TMDB_TOKEN to have all of "
		+ "yours looked up."];
}

function tell(problem) {
	if (problem.name === "AbortError")
		return;
	wrong.textContent = problem.title && problem.title !== problem.message
		? `${problem.title}. ${problem.message}` : problem.message;
	wrong.hidden = false;
}

async function guarded(work) {
	try {
		await work();
		wrong.hidden = true;
	} catch (problem) {
		tell(problem);
	}
}

// The library may be another one: what it is, then the view.
function refresh() {
	return guarded(async () => {
		library = await get("/v1/library");
		draw(library);
		await show();
	});
}

// The view where it stands, with what has become of its films.
function redraw() {
	const view = views[current().view];

	return guarded(() => (view.refresh ?? view.show)(current()));
}

async function show() {
	const route = current();
	const view = library.films === 0 && route.view !== "imports"
		? welcome : views[route.view].element;

	if (view !== shown) {
		fill(main, view);
		if (shown !== null)
			scrollTo(0, 0);
		shown = view;
	}
	document.title = `${titles[route.view]}${
		route.year ? ` ${route.year}` : ""} – Rewatch`;
	for (const link of document.querySelectorAll("[data-view]")) {
		if (link.dataset.view === route.view)
			link.setAttribute("aria-current", "page");
		else
			link.removeAttribute("aria-current");
	}
	film.show(route.film);
	if (view !== welcome)
		await views[route.view].show(route);
	document.body.dataset.ready = "true";
}

// Where the page is, but for the film that is open over it.
function place() {
	const { view, year, id, params } = current();
	return JSON.stringify([view, year, id, String(params)]);
}

// A film that opens or closes leaves the view below as it is.
let below = place();
function moved() {
	const now = place();

	if (library === null)
		refresh();
	else if (now !== below)
		guarded(show);
	else
		film.show(current().film);
	below = now;
}

let due = null;
let counts = null;
function progressed(progress) {
	const now = JSON.stringify([progress.films, progress.pending,
		progress.matched, progress.doubtful]);
	// A look-up may end as it did before, and leave the counts as they were;
	// meanwhile its film had left the list.
	const changed = counts !== null
		&& (now !== counts || current().view === "unmatched");

	counts = now;
	banner.update(progress);
	film.progressed();
	if (library === null)
		refresh(); // The server was away when the page was loaded.
	else if (changed && due === null) {
		due = setTimeout(() => {
			due = null;
			const { view } = current();
			if (view === "stats")
				refresh();
			else if (view === "unmatched")
				redraw();
		}, REFRESH_MS);
	}
}

fill(notices, about, banner.element, wrong);
document.body.append(film.element, ...imports.elements);
document.getElementById("import").addEventListener("click", imports.open);
// Its address would be a place of its own.
document.querySelector(".skip").addEventListener("click", (event) => {
	event.preventDefault();
	main.focus();
});
addEventListener("hashchange", moved);
// Of buttons that ask for more.
addEventListener("unhandledrejection", (event) => {
	event.preventDefault();
	tell(event.reason);
});
await refresh();
follow(progressed);
