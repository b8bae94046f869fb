/*
 * graphile-worker beside bench_queue: works off the jobs of the database in
 * DATABASE_URL for ever, with its documented settings for throughput.
 *
 *	node worker.mjs empty|title BATCH
 *
 *	empty	a job does nothing, as verdicts are next to nothing
 *	title	a job stores a title, its people and the film's match, in one
 *		prepared statement: the rows that bench_queue stores
 *
 * Prints "began SECONDS" (since 1970) at its first job; is killed at the end.
 */
import { readFileSync } from "node:fs";
import { run } from "graphile-worker";
import { columns } from "./title.mjs";

const CONCURRENCY = 24;
const [mode, batchText] = process.argv.slice(2);
const batch = Number(batchText);
const store = readFileSync(new URL("store.sql", import.meta.url), "utf8");

let began = false;

function tell() {
	if (!began)
		process.stdout.write(`began ${Date.now() / 1000}\n`);
	began = true;
}

async function empty() {
	tell();
}

async function title({ film }, helpers) {
	tell();
	await helpers.withPgClient((pg) => pg.query({
		name: "store", text: store, values: columns(film),
	}));
}

await run({
	taskList: { look_up: mode === "title" ? title : empty },
	logger: undefined,
	preset: {
		worker: {
			connectionString: process.env.DATABASE_URL,
			concurrentJobs: CONCURRENCY,
			maxPoolSize: CONCURRENCY + 2,
			pollInterval: 100,
			...(batch > 1 && {
				localQueue: { size: batch },
				completeJobBatchDelay: 0,
				failJobBatchDelay: 0,
			}),
		},
	},
});
