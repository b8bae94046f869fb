// A section of the dashboard: a title, controls beside it, a body. Hidden while
// it has nothing to show.
import { el } from "../dom.js";

let made = 0;

export function panel(title, controls = []) {
	const id = `panel-${++made}`;
	const heading = el("h2", { id }, title);
	const body = el("div", { class: "panel-body" });
	const element = el("section", { class: "panel", "aria-labelledby": id },
		el("header", { class: "panel-head" }, heading,
			el("div", { class: "panel-controls" }, controls)),
		body);

	return {
		element,
		body,
		title: (text) => { heading.textContent = text; },
		show: (shown) => { element.hidden = !shown; },
	};
}

// One of a few: tabs(["Films", "Ratings"], (chosen) => ...), by index.
export function tabs(label, names, chosen) {
	const buttons = names.map((name, n) => el("button", {
		type: "button", "aria-pressed": String(n === 0),
		onclick: () => {
			buttons.forEach((b, m) =>
				b.setAttribute("aria-pressed", String(m === n)));
			chosen(n);
		},
	}, name));

	return el("div", { class: "tabs", role: "group", "aria-label": label },
		buttons);
}
