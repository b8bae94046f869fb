// The one place that talks to the server.

// What went wrong, in words for a person: RFC 9457 as the server sends it.
export class Problem extends Error {
	constructor(status, body) {
		super(body.detail ?? body.title);
		this.status = status;
		this.type = body.type ?? "";
		this.title = body.title;
		this.detail = body.detail ?? "";
	}

	// It may have been done all the same.
	get unclear() {
		return this.status === 0 || this.type === "/problems/outcome-unknown";
	}
}

const unreachable = {
	title: "The server does not answer",
	detail: "Is Rewatch still running? Try again in a moment.",
};

function problemOf(status, text) {
	try {
		const body = JSON.parse(text);
		if (body.title)
			return new Problem(status, body);
	} catch {
		// Not ours; a proxy's perhaps.
	}
	return new Problem(status, {
		title: `The server answered ${status}`,
		detail: "It did not say why. Try again in a moment.",
	});
}

// Parameters that are null or "" are not sent.
function address(path, params) {
	const query = new URLSearchParams();

	for (const [key, value] of Object.entries(params ?? {})) {
		if (value !== null && value !== undefined && value !== "")
			query.set(key, value);
	}
	return query.size ? `${path}?${query}` : path;
}

async function ask(where, options) {
	let response;

	try {
		response = await fetch(where, options);
	} catch (error) {
		if (error.name === "AbortError")
			throw error;
		throw new Problem(0, unreachable);
	}
	if (!response.ok)
		throw problemOf(response.status, await response.text());
	return response.status === 204 ? null : response.json();
}

export const get = (path, params, signal) =>
	ask(address(path, params), { signal });
export const post = (path, params) =>
	ask(address(path, params), { method: "POST" });
export const del = (path) => ask(path, { method: "DELETE" });
export const put = (path, body) => ask(path, { method: "PUT",
	headers: { "Content-Type": "application/json" },
	body: JSON.stringify(body) });

const types = { zip: "application/zip", csv: "text/csv" };
// Of what is no export's the beginning is enough to say what it is.
const BEGINNING = 4096;

const endingOf = (path) => path.split(".").pop().toLowerCase();

// One file is the body; several, or one with a path, are the parts of a form.
function bodyOf(files) {
	const [{ path, file }] = files;

	if (files.length === 1 && !path.includes("/"))
		return { body: file, type: types[endingOf(path)]
			?? "application/octet-stream" };

	const form = new FormData();
	for (const { path, file } of files)
		form.append("file", endingOf(path) in types ? file
			: file.slice(0, BEGINNING), path);
	return { body: form, type: null };
}

// Uploads [{ path, file }] with XMLHttpRequest, since fetch() tells nothing of
// the bytes sent. how: parameters of the import. on.progress(sent, total) while
// they go, on.sent() when all are there.
export function upload(name, files, how, on) {
	const { body, type } = bodyOf(files);
	const request = new XMLHttpRequest();
	const done = new Promise((resolve, reject) => {
		request.upload.onprogress = (e) => on.progress(e.loaded, e.total);
		request.upload.onload = () => on.sent();
		request.onload = () => {
			if (request.status >= 200 && request.status < 300)
				resolve(JSON.parse(request.responseText));
			else
				reject(problemOf(request.status, request.responseText));
		};
		request.onerror = () => reject(new Problem(0, unreachable));
		request.onabort = () => reject(Object.assign(
			new Problem(0, { title: "Stopped" }), { stopped: true }));
	});

	request.open("POST", address("/v1/imports", {
		file_name: name, ...how,
	}));
	if (type !== null)
		request.setRequestHeader("Content-Type", type);
	request.send(body);
	return { done, stop: () => request.abort() };
}
