// Elements without markup: what comes from an export or from TMDB becomes text
// or an attribute, never HTML.

// el("a", { class: "link", href: "#/", onclick: open }, "Text", otherElement)
// Attributes that are null, undefined or false are left out, true is empty;
// children that are null or false are left out.
export function el(name, attributes, ...children) {
	const element = document.createElement(name);

	for (const [key, value] of Object.entries(attributes ?? {})) {
		if (key.startsWith("on"))
			element.addEventListener(key.slice(2), value);
		else if (value === true)
			element.setAttribute(key, "");
		else if (value !== null && value !== undefined && value !== false)
			element.setAttribute(key, value);
	}
	element.append(...present(children));
	return element;
}

export function fill(element, ...children) {
	element.replaceChildren(...present(children));
}

function present(children) {
	return children.flat(Infinity).filter((c) => c !== null && c !== undefined
		&& c !== false);
}

// A function that does nothing when it is called with what it was called with
// before: data that has not changed is not drawn again.
export function whenChanged(draw) {
	let last = null;

	return (...data) => {
		const now = JSON.stringify(data);
		if (now === last)
			return;
		last = now;
		draw(...data);
	};
}

// A list that is drawn again and again: draw(item) for those that are new or
// have changed; the others stay, with the focus and what was typed in them.
export function kept(list, draw) {
	let known = new Map();

	return (items) => {
		const now = new Map(items.map((item) => JSON.stringify(item))
			.map((key) => [key, known.get(key) ?? draw(JSON.parse(key))]));

		for (const [key, element] of known) {
			if (!now.has(key))
				element.remove();
		}
		[...now.values()].forEach((element, n) => {
			const there = list.children[n] ?? null;
			if (there !== element)
				list.insertBefore(element, there);
		});
		known = now;
	};
}

// The first items of a list, and a button for the others.
export function folded(list, shown) {
	const others = [...list.children].slice(shown);

	if (others.length < 2)
		return list;
	const button = el("button", { type: "button", class: "button",
		onclick: () => {
			others.forEach((item) => { item.hidden = false; });
			button.remove();
		} }, `Show all ${list.children.length}`);
	others.forEach((item) => { item.hidden = true; });
	return [list, el("p", { class: "more" }, button)];
}
