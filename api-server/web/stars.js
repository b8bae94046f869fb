// A rating as stars that can also be heard.
import { el } from "./dom.js";
import * as format from "./format.js";

export function stars(rating) {
	return el("span", { class: "stars", role: "img",
		"aria-label": `${format.rating(rating)} stars` },
	format.stars(rating));
}
