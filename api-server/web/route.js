// Where the page is, kept in the hash so that back, forward and reload work:
//
//	#/                       statistics of all time
//	#/2026                   of a year
//	#/films?sort=rating      the list of films; its filters
//	#/unmatched              films without data
//	#/imports  #/imports/3   reports
//
// and over any of them ?film=17, the film that is open.

export function current() {
	const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
	const params = new URLSearchParams(query);
	const film = Number(params.get("film")) || null;
	const [first = "", second = ""] = path.split("/").filter(Boolean);

	params.delete("film");
	if (/^\d{1,4}$/.test(first))
		return { view: "stats", year: Number(first), params, film };
	if (["films", "unmatched", "imports"].includes(first))
		return { view: first, id: Number(second) || null, params, film };
	return { view: "stats", year: null, params, film };
}

export function href(path, params) {
	const query = new URLSearchParams();

	for (const [key, value] of Object.entries(params ?? {})) {
		if (value !== null && value !== undefined && value !== "")
			query.set(key, value);
	}
	return query.size ? `#/${path}?${query}` : `#/${path}`;
}

// The address of here with another film open, or none.
function withFilm(id) {
	const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
	const params = new URLSearchParams(query);

	if (id)
		params.set("film", id);
	else
		params.delete("film");
	return `#${path || "/"}${params.size ? `?${params}` : ""}`;
}

let opened = false;

function openFilm(id) {
	opened = true;
	location.hash = withFilm(id);
}

// Back, when it was opened from here; a page that was loaded with a film open
// has nothing to go back to.
export function closeFilm() {
	if (current().film === null)
		return;
	if (opened)
		history.back();
	else
		replace(withFilm(null));
	opened = false;
}

// Another address without another entry in the history.
export function replace(hash) {
	history.replaceState(null, "", hash);
	window.dispatchEvent(new HashChangeEvent("hashchange"));
}

// A link that opens a film over whatever is shown when it is followed; on its
// own, in a new tab, over the statistics.
export const filmHref = (id) => `#/?film=${id}`;

document.addEventListener("click", (event) => {
	const link = event.target.closest("a[data-film]");

	if (!link || event.defaultPrevented || event.button !== 0
		|| event.ctrlKey || event.metaKey || event.shiftKey)
		return;
	event.preventDefault();
	openFilm(Number(link.dataset.film));
});
