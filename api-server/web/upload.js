// Getting an export in: a ZIP, its folder or some of its files, dropped anywhere
// on the page or chosen, sent with its progress, answered by the report. For a
// library of one's own the member says first whether to import or only to see
// what would change; until then further drops add to the files.
import { upload } from "./api.js";
import { beforeImport } from "./confirm.js";
import { el, fill, folded } from "./dom.js";
import { chosenFiles, droppedFiles } from "./dropped.js";
import * as format from "./format.js";
import { report } from "./report.js";
import { href } from "./route.js";
import { undoButton } from "./undo.js";

const NAMES_SHOWN = 8;

export const steps = () => el("ol", { class: "steps-list" },
	el("li", {}, el("b", {}, "Ask for it"), el("span", {},
		"On Letterboxd: Settings, Data, Export your data.")),
	el("li", {}, el("b", {}, "Leave it packed"), el("span", {},
		"You get a ZIP with all you ever logged.")),
	el("li", {}, el("b", {}, "Drop it here"), el("span", {},
		"It stays on this machine; only titles are looked up at TMDB.")));

// on.hasOwnLibrary(): is there a library of one's own? on.imported(): it is another.
export function uploader(on) {
	const body = el("div", { class: "import" });
	const dialog = el("dialog", { class: "sheet", "aria-label": "Import",
		oncancel: (e) => { if (sending) e.preventDefault(); },
	}, el("button", { type: "button", class: "close", "aria-label": "Close",
		onclick: () => close() }, "×"), body);
	const input = (label, attributes) => el("input", { type: "file",
		class: "sr-only", tabindex: "-1", "aria-label": label, ...attributes,
		onchange: (e) => {
			takeFrom(() => chosenFiles(e.target));
			e.target.value = "";
		} });
	const chooser = input("Letterboxd export",
		{ accept: ".zip,.csv", multiple: true });
	const folderChooser = input("Folder of a Letterboxd export",
		{ webkitdirectory: true });
	let sending = null;
	let pending = []; // what may still be added to

	// Stops an upload under way. One that is there already is answered: then
	// the report opens by itself.
	function close() {
		sending?.stop();
		pending = [];
		dialog.close();
	}

	function show(...content) {
		fill(body, ...content);
		if (!dialog.open)
			dialog.showModal();
		dialog.scrollTop = 0;
		const heading = body.querySelector("h2");
		heading.tabIndex = -1;
		(body.querySelector("[autofocus]") ?? heading).focus();
	}

	function open() {
		pending = [];
		show(el("h2", {}, "Import an export"),
			el("button", { type: "button", class: "drop", onclick: choose },
				el("b", {}, "Choose a ZIP or CSVs"),
				el("span", {}, "or drop them anywhere on the page")),
			el("p", { class: "actions" }, el("button", { type: "button",
				class: "button", onclick: chooseFolder },
			"Choose a folder")),
			steps(),
			el("p", { class: "note" }, el("a", { href: href("imports"),
				onclick: close }, "Earlier imports and their reports")));
	}

	function choose() {
		chooser.click();
	}

	function chooseFolder() {
		folderChooser.click();
	}

	async function takeFrom(find) {
		if (sending)
			return;
		try {
			take(await find());
		} catch (problem) {
			refuse(problem.title ?? "That could not be read",
				problem.title ? problem.message : "The browser could not "
					+ "read it. Try again, or choose the ZIP.");
		}
	}

	// A ZIP is an export by itself; other files are added to those that wait.
	function take(found) {
		if (sending)
			return;
		if (found.length === 0)
			return refuse("There is nothing in it",
				"The folder holds no file. Choose the export's own folder, "
				+ "or its ZIP.");
		pending = pending.some(isZip) || found.some(isZip) ? found
			: together(pending, found);
		if (on.hasOwnLibrary())
			ask(pending);
		else
			send(pending, {});
	}

	function ask(files) {
		const one = files.length === 1;

		show(el("h2", {}, one ? "Import this file?"
			: `Import these ${format.count(files.length)} files?`),
		namesOf(files),
		el("p", { class: "note" }, "Each file of an export replaces what "
			+ "your library has of it: rows appear, change and go as they "
			+ "did at Letterboxd.", !files.some(isZip)
			&& " Files that you drop now are added."),
		el("p", { class: "actions" },
			el("button", { type: "button", class: "button primary",
				onclick: () => send(files, {}) }, "Import"),
			el("button", { type: "button", class: "button",
				onclick: () => send(files, { dry_run: 1 }) },
			"What would change?")));
	}

	// how: parameters of the import.
	async function send(files, how) {
		const bar = el("progress", { max: 1, value: 0,
			"aria-label": "Upload" });
		const text = el("p", { role: "status" }, "Uploading…");

		show(el("h2", {}, titleOf(files)), text, bar);
		sending = upload(titleOf(files), files, how, {
			progress: (sent, total) => {
				bar.max = total;
				bar.value = sent;
				text.textContent = `Uploading: ${format.percent(
					Math.floor(sent / total * 100))} of ${format.bytes(total)}`;
			},
			sent: () => {
				sending.stop = () => {};
				bar.removeAttribute("value");
				text.textContent = "Reading…";
			},
		});
		const next = await sending.done.then(
			(made) => () => done(files, made),
			(problem) => () => refused(files, how, problem));
		sending = null;
		next();
	}

	function done(files, made) {
		if (made.state === "dry_run") {
			show(...beforeImport(made, { leave: close,
				proceed: (how) => send(files, how) }));
			return;
		}
		pending = [];
		show(el("h2", {}, "Imported"),
			report(made, { changed: on.imported }),
			el("p", { class: "actions" }, enough(),
				undoButton(made, undone, (problem) =>
					failed(files, null, problem))));
		on.imported();
	}

	const enough = () => el("button", { type: "button",
		class: "button primary", onclick: close }, "Show my films");

	function undone(text) {
		show(el("h2", {}, "Undone"), el("p", {}, text),
			el("p", { class: "actions" }, enough()));
		on.imported();
	}

	// A dry run says what would go.
	function refused(files, how, problem) {
		if (problem.type === "/problems/unconfirmed")
			send(files, { dry_run: 1 });
		else if (!problem.stopped)
			failed(files, how, problem);
	}

	// how: with which it is tried again, if that helps.
	function failed(files, how, problem) {
		pending = [];
		show(el("h2", {}, problem.title ?? "That did not work"),
			el("p", { class: "problem", role: "alert" }, problem.message),
			el("p", { class: "note" }, problem.unclear
				? [el("a", { href: href("imports"), onclick: close },
					"Earlier imports"), " show whether it arrived."]
				: "Nothing was changed."),
			el("p", { class: "actions" },
				how && el("button", { type: "button",
					class: "button primary",
					onclick: () => send(files, how) }, "Try again"),
				el("button", { type: "button", class: "button",
					onclick: open }, "Another file")));
	}

	// Before anything was sent.
	function refuse(title, why) {
		pending = [];
		show(el("h2", {}, title),
			el("p", { class: "problem", role: "alert" }, why),
			el("p", { class: "note" }, "Nothing was changed."),
			el("p", { class: "actions" }, el("button", { type: "button",
				class: "button primary", onclick: open }, "Another file")));
	}

	dropAnywhere((transfer) => takeFrom(() => droppedFiles(transfer)));
	return { elements: [dialog, chooser, folderChooser], open, choose,
		chooseFolder };
}

const isZip = ({ path }) => path.toLowerCase().endsWith(".zip");

// One file a path, the later one; by path, so that the same files are the same
// upload in whatever order they came.
function together(files, more) {
	const byPath = new Map([...files, ...more].map((f) => [f.path, f]));

	return [...byPath.values()].sort((a, b) => a.path < b.path ? -1 : 1);
}

// The folder around all of them, or how many they are.
function titleOf(files) {
	const folders = new Set(files.map(({ path }) =>
		path.includes("/") ? path.split("/")[0] : ""));
	const [folder] = folders;

	if (files.length === 1)
		return files[0].file.name;
	return folders.size === 1 && folder !== "" ? folder
		: `${format.count(files.length)} files`;
}

function namesOf(files) {
	const lines = files.map(({ path, file }) => el("li", {}, el("b", {}, path),
		` ${format.bytes(file.size)}`));

	return folded(el("ul", { class: "chosen" }, lines), NAMES_SHOWN);
}

// An overlay while files are over the page. The events of inner elements bubble, so
// entries and exits are counted.
function dropAnywhere(take) {
	let depth = 0;
	const dropOverlay = (shown) =>
		document.documentElement.classList.toggle("dropping", shown);
	const ours = (e) => e.dataTransfer?.types.includes("Files");

	addEventListener("dragenter", (e) => {
		if (ours(e) && ++depth === 1)
			dropOverlay(true);
	});
	addEventListener("dragleave", (e) => {
		if (ours(e) && --depth <= 0) {
			depth = 0;
			dropOverlay(false);
		}
	});
	addEventListener("dragover", (e) => {
		if (ours(e))
			e.preventDefault();
	});
	addEventListener("drop", (e) => {
		if (!ours(e))
			return;
		e.preventDefault();
		depth = 0;
		dropOverlay(false);
		take(e.dataTransfer);
	});
}
