// The imports there were, and the report of one; the last of them can be undone.
import { get } from "../api.js";
import { el, fill } from "../dom.js";
import * as format from "../format.js";
import { report } from "../report.js";
import { href } from "../route.js";
import { undoButton } from "../undo.js";

const NEWEST = 100;

// changed() runs when an import was undone.
export function importsView(changed) {
	const content = el("div", { class: "view-part" });
	const message = el("p", { class: "said", role: "status",
		tabindex: "-1" });
	const element = el("div", { class: "view text" }, content, message);
	const button = (made) => undoButton(made, undone, failed);

	async function show({ id }) {
		fill(content, id ? await one(id, button) : await all(button));
	}

	function say(text, wrong) {
		message.textContent = text;
		message.classList.toggle("problem", wrong);
		message.focus();
	}

	// Its button is gone: what it did is told where the focus goes.
	async function undone(text) {
		await changed();
		say(`Undone. ${text}`, false);
	}

	const failed = (problem) => say(problem.message, true);

	return { element, show: (route) => {
		message.textContent = "";
		return show(route);
	} };
}

const undoneNote = ({ undone_at: at }) => at
	&& el("p", { class: "undone" }, `Undone on ${format.moment(at)}`);

async function one(id, button) {
	const made = await get(`/v1/imports/${id}`);

	return [
		el("p", {}, el("a", { href: href("imports") }, "‹ All imports")),
		el("h1", {}, made.file_name || `Import ${id}`),
		el("p", { class: "note" }, [format.moment(made.finished_at),
			format.bytes(made.size), made.account && `of ${made.account}`]
			.filter(Boolean).join(" · ")),
		undoneNote(made),
		report(made),
		made.undoable && el("p", { class: "actions" }, button(made)),
	];
}

async function all(button) {
	const { imports } = await get("/v1/imports", { limit: NEWEST });

	return [
		el("h1", {}, "Imports"),
		imports.length === 0 && el("p", { class: "note" }, "None yet."),
		el("ol", { class: "rows imports" }, imports.map((i) => el("li", {},
			el("a", { href: href(`imports/${i.id}`) },
				el("span", { class: "row-text" },
					el("b", {}, i.file_name || `Import ${i.id}`),
					el("small", {}, format.moment(i.finished_at)),
					undoneNote(i)),
				el("small", { class: "row-side" }, `${
					format.plural(i.films, "film")} · ${
					format.plural(i.watches, "viewing")}`)),
			button(i)))),
	];
}
