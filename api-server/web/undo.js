// Taking an import back, once the member has read what goes with it.
import { get, post } from "./api.js";
import { asked } from "./asked.js";
import { el } from "./dom.js";
import * as format from "./format.js";

const NEWEST = 100;

// The imports after it that would be undone with it.
async function later({ id }) {
	const { imports } = await get("/v1/imports", { limit: NEWEST });

	return imports.filter((i) => i.id > id && i.undone_at === null).length;
}

const withIt = (n) => n > 0 && el("p", {}, n === 1
	? "The import after it is undone as well."
	: `${format.count(n)} imports after it are undone as well.`);

// The sentence that tells of it, or null: the member left it.
async function undo(made) {
	const others = await later(made);
	const sure = await asked("Undo this import?", [
		el("p", {}, el("b", {}, made.file_name || `Import ${made.id}`), `, ${
			format.moment(made.finished_at)}`),
		el("p", {}, "Your library becomes what it was before it."),
		withIt(others),
	], others > 0 ? `Undo ${format.count(others + 1)} imports` : "Undo it",
	"Keep it");

	if (!sure)
		return null;
	await post(`/v1/imports/${made.id}/undo`);
	const { films } = await get("/v1/library");
	return `Your library is what it was before this import${others > 0
		? ` and the ${others === 1 ? "one" : format.count(others)} after it`
		: ""}: ${films > 0 ? format.plural(films, "film") : "empty"}.`;
}

// The button for it. done(text) runs afterwards, failed(problem) when it could not
// be; null for an import that cannot be undone.
export function undoButton(made, done, failed) {
	async function onclick() {
		try {
			const text = await undo(made);
			if (text !== null)
				await done(text);
		} catch (problem) {
			failed(problem);
		}
	}

	return made.undoable && el("button", { type: "button", class: "button",
		onclick, "aria-label": `Undo the import of ${
			made.file_name || made.id}, ${format.moment(made.finished_at)}`,
	}, "Undo this import");
}
