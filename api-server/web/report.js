// The report of an import: what became of every row of every file, and the
// rows that were rejected or whose film was a guess, with the reason.
import { get } from "./api.js";
import { el } from "./dom.js";
import * as format from "./format.js";

const PAGE = 50;
const columns = ["rows", "new", "changed", "unchanged", "removed", "rejected",
	"ambiguous"];
const outcomes = [
	["rejected", "Rejected rows", "They were left out; everything else counts."],
	["ambiguous", "Ambiguous rows", "Several films fit; the one named was taken."],
];

export function report(made) {
	return el("div", { class: "report" },
		el("p", { class: "lead" }, sentence(made)),
		filesTable(made.files),
		outcomes.map(([key, title, note]) =>
			sum(made.files, key) > 0 && rowsSection(made, key, title, note)));
}

const sum = (files, key) => files.reduce((n, f) => n + f[key], 0);

function sentence(made) {
	const changes = ["new", "changed", "removed"]
		.map((key) => [sum(made.files, key), key])
		.filter(([n]) => n > 0)
		.map(([n, key]) => `${format.count(n)} ${key}`);
	const would = made.state === "dry_run";

	if (changes.length === 0)
		return would ? "Nothing would change: your library has all of this."
			: "Nothing changed: your library had all of this.";
	const jobs = made.jobs === 0 ? "" : `; ${format.plural(made.jobs, "film")} ${
		would ? "would be" : "will be"} looked up at TMDB`;
	return `Rows: ${changes.join(", ")}. ${
		would ? "The library would have" : "Your library has"} ${
		format.plural(made.films, "film")} and ${
		format.plural(made.watches, "viewing")}${jobs}.`;
}

function filesTable(files) {
	const totals = Object.fromEntries(columns.map((key) =>
		[key, sum(files, key)]));
	// Columns of zeros give way to the others on a narrow screen.
	const column = (key) => totals[key] === 0 ? "idle" : "";
	const cell = (n, key) => el("td", { class: `${column(key)} ${n === 0
		? "zero" : key === "rejected" || key === "ambiguous" ? "warn" : ""}` },
	format.count(n));
	const line = (name, kind, counts) => el("tr", {},
		el("th", { scope: "row" }, name,
			kind === "counted" && el("small", {}, " not imported"),
			kind === "unread" && el("small", { class: "why" },
				counts.reason ? ` not read: ${counts.reason}`
					: " not read")),
		columns.map((key) => cell(counts[key], key)));

	return el("div", { class: "scroll", tabindex: "0", role: "region",
		"aria-label": "Files of the export" },
	el("table", { class: "files" },
		el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "File"),
			columns.map((key) => el("th", { scope: "col",
				class: column(key) }, key)))),
		el("tbody", {}, files.map((f) => line(f.path, f.kind, f))),
		el("tfoot", {}, line("All files", "", totals))));
}

function rowsSection(made, outcome, title, note) {
	const list = el("ol", { class: "bad-rows" });
	const more = el("button", { type: "button", class: "button", hidden: true,
		onclick: () => load() }, "Show more");
	let next = null;

	const add = (rows) => list.append(...rows.map((r) => el("li", {},
		el("b", {}, `${r.file}, line ${format.count(r.line)}`),
		el("p", {}, r.reason),
		el("code", {}, r.raw))));

	async function load() {
		const answer = await get(`/v1/imports/${made.id}/rows`,
			{ outcome, limit: PAGE, after: next });
		add(answer.rows);
		next = answer.next;
		more.hidden = next === null;
	}

	if (made.rows)
		add(made.rows.filter((r) => r.outcome === outcome));
	else
		load().catch((problem) => list.append(
			el("li", { class: "problem" }, problem.message)));
	return el("section", {}, el("h3", {}, title),
		el("p", { class: "note" }, note), list, more);
}
