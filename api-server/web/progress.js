// Following the look-ups at TMDB: server-sent events while the page is seen,
// questions in between when they cannot be had. A hidden page lets go of its
// connection, of which a browser grants one server only six.
import { get } from "./api.js";
import { el, fill } from "./dom.js";
import * as format from "./format.js";
import { href } from "./route.js";

const POLL_MS = 5000;

// progressed(progress) for every answer.
export function follow(progressed) {
	let stream = null;
	let timer = null;

	function start() {
		stop();
		stream = new EventSource("/v1/enrichment/events");
		stream.addEventListener("progress", (e) => progressed(JSON.parse(e.data)));
		stream.addEventListener("error", () => {
			if (stream?.readyState === EventSource.CLOSED)
				poll();
		});
	}

	async function poll() {
		stop();
		try {
			progressed(await get("/v1/enrichment"));
		} catch {
			// It is asked again.
		}
		if (document.hidden)
			return;
		timer = setTimeout(poll, POLL_MS);
	}

	function stop() {
		stream?.close();
		stream = null;
		clearTimeout(timer);
	}

	document.addEventListener("visibilitychange", () =>
		document.hidden ? stop() : start());
	start();
}

// element: the banner, shown while films are pending. missing: a link to those
// that stayed without data or with a doubtful match, shown afterwards.
export function progressBanner() {
	const missing = el("a", { href: href("unmatched"), hidden: true });
	const bar = el("progress", { max: 100, "aria-label": "Films looked up" });
	const head = el("b", { "data-progress": "percent" });
	const text = el("span", {});
	const element = el("aside", { class: "looking", hidden: true,
		"aria-label": "Look-ups at TMDB" }, el("p", {}, head, " ", text), bar);
	let seen = false;

	function update(p) {
		const pending = p.pending > 0;

		element.dataset.percent = p.percent;
		element.classList.toggle("done", !pending);
		bar.value = p.percent;
		missing.textContent = uncertain(p);
		missing.hidden = pending || missing.textContent === "";
		if (pending) {
			seen = true;
			element.hidden = false;
		}
		head.textContent = `Looking up films at TMDB: ${
			format.percent(p.percent)}`;
		fill(text, detail(p));
		if (!pending)
			leave();
	}

	// At 100 % it stays a moment, so that the end is seen.
	function leave() {
		if (!seen)
			return;
		seen = false;
		head.textContent = "All films are looked up.";
		setTimeout(() => {
			if (element.classList.contains("done"))
				element.hidden = true;
		}, 2500);
	}

	return { element, missing, update };
}

function uncertain(p) {
	const without = p.not_found + p.ambiguous + p.failed;

	return [
		without > 0 && `${format.plural(without, "film")} without data`,
		p.doubtful > 0 && format.plural(p.doubtful, "doubtful match",
			"doubtful matches"),
	].filter(Boolean).join(", ");
}

function detail(p) {
	return [
		`${format.count(p.matched)} found`,
		p.not_found > 0 && `${format.count(p.not_found)} not found`,
		p.ambiguous > 0 && `${format.count(p.ambiguous)} ambiguous`,
		p.failed > 0 && `${format.count(p.failed)} failed`,
		p.pending > 0 && `${format.count(p.pending)} to go`,
		p.paused_until && "TMDB asked for a pause",
		p.pending > 0 && p.eta_seconds !== null
			&& format.remaining(p.eta_seconds),
	].filter(Boolean).join(" · ");
}
