// The report of an import: what it did in a sentence, then film by film, then what
// was not taken and why, then the count of every row of every file.
import { causes } from "./causes.js";
import { changeCounts, difference } from "./difference.js";
import { el } from "./dom.js";
import * as format from "./format.js";

// Lists beyond so many are one line of the table.
const LISTS_SHOWN = 3;
const counts = ["new", "changed", "unchanged", "removed", "rejected",
	"ambiguous"];

// open: see difference(). changed() runs when a viewing got another film.
export function report(made, { open = null, changed = () => {} } = {}) {
	return el("div", { class: "report" },
		el("div", {},
			el("p", { class: "lead" }, sentence(made)),
			el("p", { class: "note" }, library(made))),
		made.warnings.length > 0 && warnings(made),
		el("div", {}, difference(made, open)),
		notTaken(made.files),
		causes(made, changed),
		filesTable(made.files));
}

const sum = (files, key) => files.reduce((n, f) => n + f[key], 0);
const isDry = (made) => made.state === "dry_run";

function sentence(made) {
	const changed = changeCounts(made) || rowCounts(made);
	const nothing = isDry(made) ? "Nothing would change" : "Nothing changed";
	const left = leftOut(made.files);

	if (changed === "" && left === "")
		return `${nothing}: your library had all of this.`;
	if (changed === "")
		return `${nothing}: ${left}.`;
	return `${changed}.${left && ` But ${left}.`}`;
}

// Also without a film that changed: the name of a list, or an import whose
// difference is not kept any more.
function rowCounts({ files }) {
	const some = ["new", "changed", "removed"]
		.map((key) => [sum(files, key), key])
		.filter(([n]) => n > 0)
		.map(([n, key]) => `${format.count(n)} ${key}`);

	return some.length > 0 ? `Rows: ${some.join(", ")}` : "";
}

function leftOut(files) {
	const rows = sum(files, "rejected");
	const whole = files.filter((f) => f.reason).length;

	return [
		rows > 0 && `${format.plural(rows, "row")} could not be read`,
		whole > 0 && `${format.plural(whole, "file")} ${
			whole === 1 ? "was" : "were"} not taken`,
	].filter(Boolean).join(", and ");
}

function library(made) {
	return `The library after it: ${format.plural(made.films, "film")}, ${
		format.plural(made.watches, "viewing")}${made.jobs > 0
		? `; ${format.plural(made.jobs, "film")} to look up at TMDB` : ""}.`;
}

function warnings(made) {
	return el("div", { class: "warnings", role: "group",
		"aria-label": "Warnings" },
	!isDry(made) && el("p", { class: "note" }, "Said before it was imported:"),
	el("ul", {}, made.warnings.map((w) => el("li", {}, w.text))));
}

function notTaken(files) {
	const whole = files.filter((f) => f.reason);

	return whole.length > 0 && el("section", {},
		el("h3", {}, `${format.plural(whole.length, "file")} not taken`),
		el("ul", { class: "not-taken" }, whole.map((f) => el("li", {},
			el("b", {}, f.path), `: ${f.reason}`))));
}

// --- every row of every file

const notImported = (f) => f.kind === "counted" || f.kind === "unread"
	|| Boolean(f.reason);

function filesTable(files) {
	const taken = files.filter((f) => !notImported(f));
	const columns = ["rows", ...counts.filter((key) => sum(taken, key) > 0)];
	const lists = files.filter((f) => f.kind === "list");
	const fold = lists.length > LISTS_SHOWN;
	const others = fold ? files.filter((f) => f.kind !== "list") : files;

	return el("div", { class: "scroll", tabindex: "0", role: "region",
		"aria-label": "Files of the export" },
	el("table", { class: "files" },
		el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "File"),
			columns.map((key) => el("th", { scope: "col" }, key)))),
		el("tbody", {}, others.map((f) => line(f.path, f, columns))),
		fold && foldedLists(lists, columns),
		el("tfoot", {}, line("All files", total(files, taken), columns))));
}

const total = (files, taken) => ({ rows: sum(files, "rows"),
	...Object.fromEntries(counts.map((key) => [key, sum(taken, key)])) });

function foldedLists(lists, columns) {
	const rest = el("tbody", { id: "lists-of-export", hidden: true },
		lists.map((f) => line(f.path, f, columns)));
	const button = el("button", { type: "button", class: "quiet",
		"aria-expanded": "false", "aria-controls": rest.id,
		onclick: () => {
			rest.hidden = !rest.hidden;
			button.setAttribute("aria-expanded", String(!rest.hidden));
		} }, format.plural(lists.length, "list"));

	return [el("tbody", {}, line(button, total(lists, lists), columns)), rest];
}

function line(name, file, columns) {
	return el("tr", {},
		el("th", { scope: "row" }, name,
			notImported(file) && el("small", {}, file.kind === "unread"
				? " not read" : " not imported")),
		columns.map((key) => cell(key, key !== "rows" && notImported(file)
			? null : file[key])));
}

function cell(key, n) {
	const tone = !n ? "zero"
		: key === "rejected" || key === "ambiguous" ? "warn" : null;

	return el("td", { class: tone }, n === null ? "–" : format.count(n));
}
