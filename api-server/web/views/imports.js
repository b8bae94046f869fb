// The imports there were, and the report of one.
import { get } from "../api.js";
import { el, fill } from "../dom.js";
import * as format from "../format.js";
import { report } from "../report.js";
import { href } from "../route.js";

export function importsView() {
	const element = el("div", { class: "view text" });

	async function show({ id }) {
		fill(element, id ? await one(id) : await all());
	}

	return { element, show };
}

async function one(id) {
	const made = await get(`/v1/imports/${id}`);

	return [
		el("p", {}, el("a", { href: href("imports") }, "‹ All imports")),
		el("h1", {}, made.file_name || `Import ${id}`),
		el("p", { class: "note" }, `${format.moment(made.finished_at)} · ${
			format.bytes(made.size)}`),
		report(made),
	];
}

async function all() {
	const { imports } = await get("/v1/imports", { limit: 100 });

	return [
		el("h1", {}, "Imports"),
		imports.length === 0 && el("p", { class: "note" }, "None yet."),
		el("ol", { class: "rows" }, imports.map((i) => el("li", {},
			el("a", { href: href(`imports/${i.id}`) },
				el("span", { class: "row-text" },
					el("b", {}, i.file_name || `Import ${i.id}`),
					el("small", {}, format.moment(i.finished_at))),
				el("small", { class: "row-side" }, `${
					format.plural(i.films, "film")} · ${
					format.plural(i.watches, "viewing")}`))))),
	];
}
