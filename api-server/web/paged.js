// A list that grows by pages. load(after) answers { items, next }, draw(item)
// makes an element of one; total: how many items all pages have, if it is known.
import { el } from "./dom.js";
import * as format from "./format.js";

export function paged(list, { load, draw, total = null }) {
	const button = el("button", { type: "button", class: "button",
		onclick: more });
	const line = el("p", { class: "more", hidden: true }, button);
	let next = null;
	let loading = false;

	async function page() {
		const { items, next: after } = await load(next);

		list.append(...items.map(draw));
		next = after;
		line.hidden = next === null;
		button.textContent = total === null ? "Show more"
			: `And ${format.count(total - list.children.length)} more`;
	}

	// The button may leave with the focus: it goes to the first new item.
	async function more() {
		const shown = list.children.length;

		if (loading)
			return;
		loading = true;
		await page().finally(() => { loading = false; });
		list.children[shown]?.setAttribute("tabindex", "-1");
		list.children[shown]?.focus();
	}

	const first = () => page().catch((problem) => list.append(
		el("li", { class: "problem", role: "alert" }, problem.message)));

	return { elements: [list, line], first };
}

// A summary that unfolds such a list; its first page is asked for then.
export function unfolding(summary, pages, open = false) {
	let asked = false;

	return el("details", { class: "fold", ontoggle: (e) => {
		if (!e.target.open || asked)
			return;
		asked = true;
		pages.first();
	}, open }, el("summary", {}, summary), pages.elements);
}
