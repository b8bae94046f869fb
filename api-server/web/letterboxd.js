// The page of a film at Letterboxd. The code of a short link is ten times the
// film's number in base 62.
import { el } from "./dom.js";

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
	+ "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function code(number) {
	let rest = BigInt(number) * 10n;
	let text = "";

	for (; rest > 0n; rest /= 62n)
		text = DIGITS[rest % 62n] + text;
	return text;
}

// ref: "boxd:51068", "slug:stalker", or "" of a film without a link.
export function letterboxdHref(ref) {
	const [kind, rest] = [ref.slice(0, 5), ref.slice(5)];

	if (kind === "boxd:" && /^\d+$/.test(rest))
		return `https://boxd.it/${code(rest)}`;
	if (kind === "slug:")
		return `https://letterboxd.com/film/${encodeURIComponent(rest)}/`;
	return null;
}

export function letterboxdLink({ title, letterboxd_ref: ref }) {
	const href = letterboxdHref(ref);
	// Without what all of them have.
	const shown = href?.slice("https://".length).replace(/\/$/, "");

	return href && el("a", { href, target: "_blank",
		rel: "noopener noreferrer", "aria-label": `${title} at Letterboxd, ${
			shown}` }, shown);
}
