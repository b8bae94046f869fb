// Getting a file in: dropped anywhere on the page or chosen, sent with its
// progress, answered by the report. A library of one's own is asked for first
// whether to import or only to see what would change.
import { upload } from "./api.js";
import { beforeImport } from "./confirm.js";
import { el, fill } from "./dom.js";
import * as format from "./format.js";
import { report } from "./report.js";
import { href } from "./route.js";
import { undoButton } from "./undo.js";

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
	const chooser = el("input", { type: "file", accept: ".zip,.csv",
		class: "sr-only", tabindex: "-1", "aria-label": "Letterboxd export",
		onchange: () => {
			if (chooser.files.length > 0)
				take(chooser.files[0]);
			chooser.value = "";
		} });
	let sending = null;

	// Stops an upload under way. One that is there already is answered: then
	// the report opens by itself.
	function close() {
		sending?.stop();
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
		show(el("h2", {}, "Import an export"),
			el("button", { type: "button", class: "drop", onclick: choose },
				el("b", {}, "Choose a ZIP or CSV"),
				el("span", {}, "or drop it anywhere on the page")),
			steps(),
			el("p", { class: "note" }, el("a", { href: href("imports"),
				onclick: close }, "Earlier imports and their reports")));
	}

	function choose() {
		chooser.click();
	}

	function take(file) {
		if (sending)
			return;
		if (on.hasOwnLibrary())
			ask(file);
		else
			send(file, {});
	}

	function ask(file) {
		show(el("h2", {}, "Import this file?"),
			el("p", {}, el("b", {}, file.name), ` ${format.bytes(file.size)}`),
			el("p", { class: "note" }, "Each file of an export replaces what "
				+ "your library has of it: rows appear, change and go as they "
				+ "did at Letterboxd."),
			el("p", { class: "actions" },
				el("button", { type: "button", class: "button primary",
					onclick: () => send(file, {}) }, "Import"),
				el("button", { type: "button", class: "button",
					onclick: () => send(file, { dry_run: 1 }) },
				"What would change?")));
	}

	// how: parameters of the import.
	async function send(file, how) {
		const bar = el("progress", { max: 1, value: 0,
			"aria-label": "Upload" });
		const text = el("p", { role: "status" }, "Uploading…");

		show(el("h2", {}, file.name), text, bar);
		sending = upload(file, how, {
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
			(made) => () => done(file, made),
			(problem) => () => refused(file, how, problem));
		sending = null;
		next();
	}

	function done(file, made) {
		if (made.state === "dry_run") {
			show(...beforeImport(made, { leave: close,
				proceed: (how) => send(file, how) }));
			return;
		}
		show(el("h2", {}, "Imported"),
			report(made, { changed: on.imported }),
			el("p", { class: "actions" }, enough(),
				undoButton(made, undone, (problem) =>
					failed(file, null, problem))));
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
	function refused(file, how, problem) {
		if (problem.type === "/problems/unconfirmed")
			send(file, { dry_run: 1 });
		else if (!problem.stopped)
			failed(file, how, problem);
	}

	// how: with which it is tried again, if that helps.
	function failed(file, how, problem) {
		show(el("h2", {}, problem.title ?? "That did not work"),
			el("p", { class: "problem", role: "alert" }, problem.message),
			el("p", { class: "note" }, problem.unclear
				? [el("a", { href: href("imports"), onclick: close },
					"Earlier imports"), " show whether it arrived."]
				: "Nothing was changed."),
			el("p", { class: "actions" },
				how && el("button", { type: "button",
					class: "button primary",
					onclick: () => send(file, how) }, "Try again"),
				el("button", { type: "button", class: "button",
					onclick: open }, "Another file")));
	}

	dropAnywhere(take);
	return { elements: [dialog, chooser], open, choose };
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
		if (e.dataTransfer.files.length > 0)
			take(e.dataTransfer.files[0]);
	});
}
