// Films in a row: most rewatched, milestones.
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";
import { poster } from "../poster.js";
import { filmHref } from "../route.js";
import { panel } from "./panel.js";

const ROW = 8;

// chosen(films): those that are shown.
function posters(title, chosen, badge, caption) {
	const frame = panel(title);
	const list = el("ol", { class: "posters" });

	frame.body.append(list);
	return {
		element: frame.element,
		update: whenChanged((films) => {
			frame.show(films.length > 0);
			fill(list, chosen(films).map((f) => el("li", {},
				el("a", { href: filmHref(f.id), "data-film": f.id },
					el("span", { class: "poster-frame" }, poster(f),
						el("span", { class: "badge" }, badge(f))),
					el("span", { class: "poster-name" }, f.title),
					el("span", { class: "poster-note" }, caption(f))))));
		}),
	};
}

export const rewatched = () => posters("Most rewatched",
	(films) => films.slice(0, ROW),
	(f) => `${format.count(f.watches)}×`,
	(f) => f.rating ? format.stars(f.rating) : "not rated");

export const milestones = () => posters("Milestones",
	(films) => films.length > 2 * ROW
		? [films[0], ...films.slice(1 - 2 * ROW)] : films,
	(f) => `Nº ${format.count(f.number)}`,
	(f) => format.date(f.date));
