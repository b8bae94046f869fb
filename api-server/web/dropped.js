// What was dropped or chosen, as [{ path, file }]: a folder with all that lies in
// it, by the path from the folder on, which says what a file of an export is.

const FILES_MAX = 5000;
const DEPTH_MAX = 8;

const tooMany = () => Object.assign(
	new Error(`There are more than ${FILES_MAX} files in it. Choose the folder `
		+ "of the export itself."), { title: "The folder holds too much" });

const plain = (file) => ({ path: file.name, file });
// Systems put hidden files everywhere; they are not the member's.
const isHidden = (entry) => entry.name.startsWith(".");

const fileOf = (entry) => new Promise((resolve, reject) =>
	entry.file(resolve, reject));

// A directory tells its entries in pieces, and then an empty one.
async function childrenOf(directory) {
	const reader = directory.createReader();
	const all = [];

	for (;;) {
		const some = await new Promise((resolve, reject) =>
			reader.readEntries(resolve, reject));
		if (some.length === 0)
			return all;
		all.push(...some);
		if (all.length > FILES_MAX)
			throw tooMany();
	}
}

async function walk(entry, path, depth, found) {
	if (isHidden(entry))
		return;
	if (entry.isFile) {
		found.push({ path, file: await fileOf(entry) });
		if (found.length > FILES_MAX)
			throw tooMany();
	} else if (depth < DEPTH_MAX) {
		for (const child of await childrenOf(entry))
			await walk(child, `${path}/${child.name}`, depth + 1, found);
	}
}

// The entries are there only until the event has ended: they are taken before
// anything is waited for.
export async function droppedFiles(transfer) {
	const items = [...transfer.items].filter((item) => item.kind === "file")
		.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
	const found = [];

	for (const item of items) {
		if (item instanceof File)
			found.push(plain(item));
		else if (item !== null)
			await walk(item, item.name, 0, found);
	}
	return found;
}

// Of an <input type=file>; a folder's files bear their paths.
export function chosenFiles(input) {
	const found = [...input.files].map((file) =>
		({ path: file.webkitRelativePath || file.name, file }));
	const seen = found.filter(({ path }) =>
		!path.split("/").some((name) => name.startsWith(".")));

	if (seen.length > FILES_MAX)
		throw tooMany();
	return seen;
}
