// The dashboard: one answer of /v1/stats, handed to the panels.
import { get } from "../api.js";
import { el, fill, whenChanged } from "../dom.js";
import * as format from "../format.js";
import { href } from "../route.js";
import { calendar } from "../charts/calendar.js";
import { allMonths, months } from "../charts/months.js";
import { ratings } from "../charts/ratings.js";
import { release } from "../charts/release.js";
import { weekdays } from "../charts/weekdays.js";
import { compared } from "../panels/compared.js";
import { overview } from "../panels/overview.js";
import { tabs } from "../panels/panel.js";
import { milestones, rewatched } from "../panels/posters.js";
import { ranking } from "../panels/ranking.js";

const places = [
	{ key: "genres", title: "Genres", name: (e) => e.name,
		href: (e) => href("films", { genre: e.name }) },
	{ key: "countries", title: "Countries", name: (e) => format.country(e.name),
		href: (e) => href("films", { country: e.name }) },
	{ key: "languages", title: "Languages", name: (e) => format.language(e.name),
		href: (e) => href("films", { language: e.name }) },
];
const people = (key, param) => [{ key, title: "", name: (e) => e.name,
	href: (e) => href("films", { [param]: e.id, name: e.name }) }];

// missing: see panels/overview.js.
export function statsView(missing) {
	const years = el("nav", { class: "years", "aria-label": "Year" });
	const parts = makeParts(missing);
	const element = el("div", { class: "view stats" },
		el("h1", { class: "sr-only" }, "Statistics"), years,
		parts.overview.element,
		parts.months.element,
		parts.calendar.element,
		pair(parts.weekdays, parts.ratings),
		parts.release.element,
		parts.places.element,
		pair(parts.directors, parts.actors),
		parts.rewatched.element,
		pair(parts.higher, parts.lower),
		parts.milestones.element);
	let asked = null;
	let shownYear;

	const drawYears = whenChanged((known, year) => {
		fill(years, [null, ...known.toReversed()].map((y) => el("a", {
			href: href(y ?? ""), "aria-current": y === year ? "page" : null,
		}, y ?? "All time")));
		years.querySelector("[aria-current]")
			?.scrollIntoView({ block: "nearest", inline: "center" });
	});

	// The newest question wins; an answer that is overtaken is not drawn.
	async function show({ year }) {
		asked?.abort();
		asked = new AbortController();
		const signal = asked.signal;
		element.classList.toggle("waiting", year !== shownYear);
		const stats = await get("/v1/stats", { year }, signal);
		if (signal.aborted)
			return;
		shownYear = year;
		drawYears(stats.years, year);
		draw(parts, stats, year);
		element.classList.remove("waiting");
	}

	return { element, show };
}

const pair = (a, b) => el("div", { class: "pair" }, a.element, b.element);

function makeParts(missing) {
	return {
		overview: overview(missing),
		months: months(),
		calendar: calendarOfYears(),
		weekdays: weekdays(),
		ratings: ratings(),
		release: releaseSpans(),
		places: ranking("Genres, countries and languages", places),
		directors: ranking("Directors", people("directors", "director")),
		actors: ranking("Actors", people("actors", "actor")),
		rewatched: rewatched(),
		higher: compared("Rated higher than TMDB"),
		lower: compared("Rated lower than TMDB"),
		milestones: milestones(),
	};
}

function draw(parts, stats, year) {
	const dated = stats.calendar.length > 0;

	parts.overview.update(stats.overview, year);
	for (const part of [parts.months, parts.calendar, parts.weekdays])
		part.element.hidden = !dated;
	if (dated) {
		parts.months.update({ year, months: allMonths(stats, year) });
		parts.calendar.update(stats, year);
		parts.weekdays.update(stats.by_weekday);
	}
	parts.ratings.element.hidden = stats.overview.rated === 0;
	parts.ratings.update(stats.ratings);
	parts.release.element.hidden = stats.by_decade.length === 0;
	parts.release.update(stats);
	parts.places.update(stats);
	parts.directors.update(stats);
	parts.actors.update(stats);
	parts.rewatched.update(stats.rewatches.most_rewatched);
	parts.higher.update(stats.higher);
	parts.lower.update(stats.lower);
	parts.milestones.update(stats.milestones);
}

// The calendar shows one year: the one chosen, else one to leaf through.
function calendarOfYears() {
	const back = step("Year before", "‹", -1);
	const on = step("Year after", "›", 1);
	const chart = calendar([el("div", { class: "steps" }, back, on)]);
	let stats = null;
	let fixed = null;
	let own = null;

	function step(label, text, by) {
		return el("button", { type: "button", class: "quiet",
			"aria-label": label,
			onclick: () => { own += by; draw(); } }, text);
	}

	function draw() {
		const known = stats.calendar.map((d) => Number(d.date.slice(0, 4)));
		const first = known[0];
		const last = known.at(-1);

		own = Math.min(last, Math.max(first, own ?? last));
		const year = fixed ?? own;
		back.hidden = on.hidden = fixed !== null;
		back.disabled = year <= first;
		on.disabled = year >= last;
		chart.update({ year, days: stats.calendar.filter((d) =>
			d.date.startsWith(String(year))) });
	}

	return {
		element: chart.element,
		update: (now, year) => {
			stats = now;
			fixed = year;
			draw();
		},
	};
}

function releaseSpans() {
	let stats = null;
	let decades = false;
	let rated = false;
	const chart = release([
		tabs("Span", ["Years", "Decades"], (n) => { decades = n === 1; draw(); }),
		tabs("Measure", ["Films", "Ratings"], (n) => { rated = n === 1; draw(); }),
	]);

	function draw() {
		if (stats.by_decade.length > 0)
			chart.update({ decades, rated, by_decade: stats.by_decade,
				by_release_year: stats.by_release_year });
	}

	return {
		element: chart.element,
		update: (now) => {
			stats = now;
			draw();
		},
	};
}
