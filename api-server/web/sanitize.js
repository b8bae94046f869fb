// Reviews hold the HTML their authors wrote. What Letterboxd lets them write is
// kept; of anything else the text. The nodes are made anew, so nothing that is
// not named here can come through, and the parsed document is never shown.

const allowed = new Set(["I", "B", "EM", "STRONG", "A", "BLOCKQUOTE", "BR", "P"]);
// Elements whose text is not for reading.
const dropped = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "IFRAME",
	"OBJECT", "EMBED", "SVG", "MATH", "HEAD", "TITLE", "TEXTAREA", "SELECT"]);

export function sanitized(html) {
	const parsed = new DOMParser().parseFromString(withBreaks(html),
		"text/html");
	const result = document.createDocumentFragment();

	copyChildren(parsed.body, result);
	return result;
}

// Exports keep line breaks as they are.
function withBreaks(html) {
	return html.replace(/\r\n?/g, "\n").replace(/\n/g, "<br>");
}

function copyChildren(from, to) {
	for (const node of from.childNodes) {
		if (node.nodeType === Node.TEXT_NODE)
			to.append(node.data);
		else if (node.nodeType === Node.ELEMENT_NODE)
			copyElement(node, to);
	}
}

function copyElement(node, to) {
	const name = node.nodeName.toUpperCase();

	if (dropped.has(name))
		return;
	if (!allowed.has(name)) {
		copyChildren(node, to);
		return;
	}
	const copy = document.createElement(name);
	if (name === "A" && !link(node, copy)) {
		copyChildren(node, to);
		return;
	}
	copyChildren(node, copy);
	to.append(copy);
}

function link(from, to) {
	const target = from.getAttribute("href") ?? "";

	if (!/^https?:\/\//i.test(target.trim()))
		return false;
	to.setAttribute("href", target.trim());
	to.setAttribute("rel", "noopener noreferrer nofollow");
	to.setAttribute("target", "_blank");
	return true;
}
