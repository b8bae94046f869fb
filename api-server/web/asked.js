// A question over whatever is shown, before something that takes away.
import { el } from "./dom.js";

// yes, no: the words of its buttons. The answer that changes nothing has the
// focus, and Esc gives it as well. Resolves to true or false.
export function asked(title, text, yes, no) {
	const dialog = el("dialog", { class: "sheet asked", role: "alertdialog",
		"aria-labelledby": "asked-title", "aria-describedby": "asked-text" },
	el("h2", { id: "asked-title" }, title),
	el("div", { id: "asked-text" }, text),
	el("p", { class: "actions" },
		el("button", { type: "button", class: "button primary",
			autofocus: true, onclick: () => dialog.close() }, no),
		el("button", { type: "button", class: "button danger",
			onclick: () => dialog.close("yes") }, yes)));

	document.body.append(dialog);
	dialog.showModal();
	return new Promise((resolve) => {
		dialog.addEventListener("close", () => {
			dialog.remove();
			resolve(dialog.returnValue === "yes");
		});
	});
}
