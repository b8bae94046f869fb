// TMDB's stand-in as TMDB itself is reached: with TLS and HTTP/2.
//
//	node http2_front.js PORT STAND_IN_PORT KEY CERTIFICATE
"use strict";
const fs = require("fs");
const http = require("http");
const http2 = require("http2");

const [port, standIn, key, cert] = process.argv.slice(2);
// Headers of the one connection, not of the answer.
const hops = ["connection", "keep-alive", "transfer-encoding"];

function without(headers, isLeftOut) {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => !isLeftOut(name)));
}

function forward(request, response) {
	const onward = http.request({
		host: "127.0.0.1",
		port: standIn,
		path: request.url,
		headers: without(request.headers, (name) => name[0] === ":"),
	}, (answer) => {
		response.writeHead(answer.statusCode,
			without(answer.headers, (name) => hops.includes(name)));
		answer.pipe(response);
	});
	onward.on("error", () => response.stream.close());
	onward.end();
}

const server = http2.createSecureServer({
	key: fs.readFileSync(key),
	cert: fs.readFileSync(cert),
}, forward);
server.on("sessionError", () => {});
server.listen(Number(port), "127.0.0.1");
