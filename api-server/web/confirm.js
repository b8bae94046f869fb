// What the import dialog shows of a dry run: what would change, and before an import
// that takes much away, is older or another account's, that it is one.
import { el } from "./dom.js";
import { report } from "./report.js";

// proceed(how) imports it, with the parameters that needs; leave() does not.
export function beforeImport(made, { proceed, leave }) {
	const warned = made.warnings.length > 0;
	const button = (text, primary, onclick, focus) => el("button", {
		type: "button", class: primary ? "button primary" : "button",
		autofocus: focus, onclick }, text);

	return [
		el("h2", {}, warned ? "Is this the right file?" : "What would change"),
		report(made, { open: warned ? "gone" : null }),
		el("p", { class: "actions" }, warned
			? [button("Leave it", true, leave, true),
				button("Import it all the same", false,
					() => proceed({ confirm: 1 }))]
			: [button("Import it", true, () => proceed({})),
				button("Leave it", false, leave)]),
	];
}
