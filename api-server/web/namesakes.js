// Which of several films of one title and year a viewing is of, for the member
// to say: exports name no more of a viewing than those two.
import { put } from "./api.js";
import { el, fill } from "./dom.js";
import { letterboxdLink } from "./letterboxd.js";
import { filmHref } from "./route.js";

// films: [{ id, title, year, letterboxd_ref }]; film: the id of the one that it is
// of now. changed(film) runs with the id of another one when it is of that.
export function namesakes({ watch, film, films }, changed) {
	const list = el("ul", { class: "candidates" });
	const said = el("p", { class: "said", role: "status", tabindex: "-1" });
	let busy = false;

	async function choose(id) {
		if (busy)
			return;
		busy = true;
		said.classList.remove("problem");
		try {
			await put(`/v1/watches/${watch}/film`, { film: id });
			draw(id);
			said.textContent = "The viewing is of this film now. "
				+ "No later import changes that.";
			changed(id);
		} catch (problem) {
			said.classList.add("problem");
			said.textContent = problem.message;
		}
		busy = false;
		said.focus();
	}

	function draw(taken) {
		fill(list, films.map((f) => el("li", {},
			el("span", {},
				el("a", { href: filmHref(f.id), "data-film": f.id },
					f.title),
				f.year && el("span", { class: "row-year" }, ` ${f.year}`),
				" ", el("small", {}, letterboxdLink(f))),
			f.id === taken ? el("span", { class: "tag" }, "taken")
				: watch && el("button", { type: "button",
					class: "button", onclick: () => choose(f.id),
					"aria-label": `It was this one: ${f.title}, ${
						f.letterboxd_ref}` }, "It was this one"))));
	}

	draw(film);
	return el("div", { class: "namesakes", role: "group",
		"aria-label": "Which film it was" }, list, said);
}
