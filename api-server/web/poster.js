// A poster from TMDB, or its place: the title set in type. The placeholder is
// always there and the picture covers it once it has arrived, so an absent or
// failing one leaves no hole.
import { el } from "./dom.js";

const BASE = "https://image.tmdb.org/t/p/";

// size: TMDB's w92, w154, w185, w342
export function poster(film, size = "w185") {
	const frame = el("span", { class: "poster", "aria-hidden": "true" },
		el("span", { class: "poster-title" }, film.title),
		film.year && el("span", { class: "poster-year" }, film.year));

	frame.style.setProperty("--hue", hue(film.title));
	if (film.poster_path) {
		frame.append(el("img", {
			src: BASE + size + film.poster_path, alt: "", loading: "lazy",
			decoding: "async", referrerpolicy: "no-referrer",
			onload: (e) => e.target.classList.add("there"),
			onerror: (e) => e.target.remove(),
		}));
	}
	return frame;
}

// The same film has the same colour everywhere.
function hue(title) {
	let sum = 7;

	for (const c of title)
		sum = (sum * 31 + c.codePointAt(0)) % 3600;
	return Math.round(sum / 10);
}
