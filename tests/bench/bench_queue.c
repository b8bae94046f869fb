/*
 * How fast the queue is:
 *	bench_queue bare|verdict|title BATCH
 * works off all jobs of the database in DATABASE_URL, so many in a transaction,
 * and prints their number and the seconds it took:
 *	bare	an UPDATE ... RETURNING of the rows of each batch, by their key
 *	verdict	claim and store; no film is found
 *	title	claim and store; every film gets a title with 16 credits
 *
 * The last two are the daemon's own lease, claim, lookup and store; answers are
 * made up here where it would call TMDB. While a batch is stored the next one
 * is claimed, on the one connection the daemon has.
 */
#include <event2/event.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/attr.h"
#include "common/buf.h"
#include "common/clock.h"
#include "common/json_write.h"
#include "common/mem.h"
#include "common/pg_array.h"
#include "common/pg_result.h"
#include "common/pg_tx.h"
#include "common/str.h"
#include "enrich-daemon/counts.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/job.h"
#include "enrich-daemon/lease.h"
#include "enrich-daemon/queue.h"
#include "enrich-daemon/store.h"
#include "enrich-daemon/store_tx.h"

#define BATCH_MAX    1000
#define ANSWER_BYTES ((size_t)64 * 1024)
#define PEOPLE       20000 /* that all titles share */
#define CAST         12
#define CREW         4
#define GIVE_UP_S    100

struct bench {
	struct event_base *base;
	struct db *db;
	int batch;
	int64_t began_us;
	int64_t ended_us;
	int64_t jobs_done;
	/* bare */
	int64_t *films;
	int film_count;
	int film_next;
	/* verdict, title */
	bool finds;
	struct jobs jobs;
	struct lease *lease;
	struct queue *queue;
	struct store *store;
};

static void bench_end(struct bench *b)
{
	b->ended_us = clock_us();
	ensure(event_base_loopbreak(b->base) == 0);
}

/* --- bare ----------------------------------------------------------------- */

static const struct sql list_jobs = {
	.id = -1,
	.name = "bench_list",
	.text = "SELECT film_id FROM enrich_job ORDER BY tag",
};
static const struct sql touch_jobs = {
	.id = -1,
	.name = "bench_touch",
	.text = "UPDATE enrich_job SET token = $1::bigint "
		"WHERE film_id = ANY ($2::bigint[]) RETURNING film_id",
	.nparams = 2,
};

static void bare_next(struct bench *b);

static void must_commit(const struct pg_outcome *outcome)
{
	if (outcome->error == PG_OK)
		return;
	fprintf(stderr, "%s\n", outcome->message);
	exit(1);
}

static void bare_touched_cb(void *arg, const struct pg_outcome *outcome)
{
	struct bench *b = arg;

	must_commit(outcome);
	b->jobs_done += pg_count(outcome->results[0]);
	bare_next(b);
}

static void bare_next(struct bench *b)
{
	struct pg_array *films = pg_array_new();
	struct pg_tx *tx;

	for (int i = 0; i < b->batch && b->film_next < b->film_count; i++)
		pg_array_int(films, b->films[b->film_next++]);
	if (pg_array_len(films) == 0) {
		pg_array_free(&films);
		bench_end(b);
		return;
	}
	tx = pg_tx_new();
	pg_tx_add(tx, &touch_jobs, 2);
	pg_tx_int(tx, b->film_next);
	pg_tx_array(tx, films);
	db_run(b->db, tx, bare_touched_cb, b);
}

static void bare_listed_cb(void *arg, const struct pg_outcome *outcome)
{
	struct bench *b = arg;

	must_commit(outcome);
	b->film_count = pg_count(outcome->results[0]);
	b->films = xcalloc((size_t)b->film_count + 1, sizeof(*b->films));
	for (int i = 0; i < b->film_count; i++)
		b->films[i] = pg_int(outcome->results[0], i, "film_id");
	b->began_us = clock_us();
	bare_next(b);
}

static void bare_start(struct bench *b)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &list_jobs, 0);
	db_run(b->db, tx, bare_listed_cb, b);
}

/* --- answers in place of TMDB's ------------------------------------------- */

/* As the call asked for it ("...&year=1999"), else some year. */
static int year_asked(const char *call)
{
	const char *at = strstr(call, "year=");
	int64_t year;

	if (at == NULL)
		return 2000;
	at += strlen("year=");
	return str_to_int64((struct str){ at, strspn(at, "0123456789") }, 1800,
	                    2200, &year)
	               ? (int)year
	               : 2000;
}

static void write_facts(struct json_writer *w, const struct job *job, int year)
{
	char text[64];

	json_key(w, "id");
	json_int(w, job->film_id);
	json_key(w, "title");
	json_string(w, job->film);
	json_key(w, "original_title");
	json_string(w, job->film);
	json_key(w, "release_date");
	(void)snprintf(text, sizeof(text), "%d-%02d-%02d", year,
	               (int)(job->film_id % 12) + 1,
	               (int)(job->film_id % 28) + 1);
	json_string(w, text);
	json_key(w, "vote_count");
	json_int(w, 100 + job->film_id % 5000);
}

static void write_search(struct json_writer *w, const struct job *job,
                         const char *call, bool finds)
{
	json_object_begin(w);
	json_key(w, "total_pages");
	json_int(w, finds ? 1 : 0);
	json_key(w, "results");
	json_array_begin(w);
	if (finds) {
		json_object_begin(w);
		write_facts(w, job, year_asked(call));
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

/* The same number, the same person; their object is left open. */
static void write_person(struct json_writer *w, int64_t number)
{
	const int64_t person = 1 + number % PEOPLE;
	char name[64];

	json_object_begin(w);
	json_key(w, "id");
	json_int(w, person);
	json_key(w, "name");
	(void)snprintf(name, sizeof(name), "Given Family-%" PRId64, person);
	json_string(w, name);
	json_key(w, "gender");
	json_int(w, person % 3);
}

static void write_credits(struct json_writer *w, int64_t film)
{
	static const char *const crew[CREW][2] = {
		{ "Directing", "Director" },
		{ "Writing", "Screenplay" },
		{ "Camera", "Director of Photography" },
		{ "Sound", "Original Music Composer" },
	};

	json_key(w, "credits");
	json_object_begin(w);
	json_key(w, "cast");
	json_array_begin(w);
	for (int i = 0; i < CAST; i++) {
		write_person(w, film * 7 + (int64_t)i * 131);
		json_key(w, "order");
		json_int(w, i);
		json_key(w, "character");
		json_string(w, "Somebody");
		json_object_end(w);
	}
	json_array_end(w);
	json_key(w, "crew");
	json_array_begin(w);
	for (int i = 0; i < CREW; i++) {
		write_person(w, film / 5 + (int64_t)i * 977);
		json_key(w, "department");
		json_string(w, crew[i][0]);
		json_key(w, "job");
		json_string(w, crew[i][1]);
		json_object_end(w);
	}
	json_array_end(w);
	json_object_end(w);
}

/* "KEY": [{"FIELD": "VALUE"}] */
static void write_one(struct json_writer *w, const char *key, const char *field,
                      const char *value)
{
	json_key(w, key);
	json_array_begin(w);
	json_object_begin(w);
	json_key(w, field);
	json_string(w, value);
	json_object_end(w);
	json_array_end(w);
}

static void write_details(struct json_writer *w, const struct job *job)
{
	static const char *const genres[] = { "Drama", "Comedy", "Horror",
		                              "Documentary", "Western" };
	static const char *const places[][2] = {
		{ "US", "en" }, { "FR", "fr" }, { "JP", "ja" }, { "BR", "pt" }
	};
	const size_t n = (size_t)job->film_id;
	const char *const *place = places[n % ARRAY_LEN(places)];

	json_object_begin(w);
	write_facts(w, job, 1950 + (int)(n % 75));
	json_key(w, "runtime");
	json_int(w, 70 + job->film_id % 90);
	json_key(w, "overview");
	json_string(w, "Somebody wants something, somebody else is in the way, "
	               "and in the end it turns out otherwise.");
	json_key(w, "original_language");
	json_string(w, place[1]);
	json_key(w, "vote_average");
	json_double(w, 6.5);
	write_one(w, "genres", "name", genres[n % ARRAY_LEN(genres)]);
	write_one(w, "production_countries", "iso_3166_1", place[0]);
	write_one(w, "spoken_languages", "iso_639_1", place[1]);
	write_one(w, "production_companies", "name", "Some Pictures");
	write_credits(w, job->film_id);
	json_object_end(w);
}

/* --- verdict, title ------------------------------------------------------- */

static void answer(const struct bench *b, struct job *job, const char *call,
                   bool details)
{
	struct json_writer *w;
	struct error err;
	struct buf body;

	buf_init(&body, ANSWER_BYTES);
	w = json_writer_new(&body);
	if (details)
		write_details(w, job);
	else
		write_search(w, job, call, b->finds);
	json_writer_end(&w);
	if (!lookup_answer(job->lookup, 200, body.data, body.len, &err)) {
		fprintf(stderr, "%s: %s\n", call, err.message);
		exit(1);
	}
	buf_deinit(&body);
}

static void work_off(struct bench *b, struct job *job)
{
	enum title_kind kind;
	const char *call;
	int64_t id;

	while ((call = lookup_wants(job->lookup, &kind, &id)) != NULL)
		answer(b, job, call, id != 0);
	ensure((lookup_verdict(job->lookup)->state == LOOKUP_MATCHED) ==
	       b->finds);
	store_tx_prepare(job);
	job->finished_ms = clock_ms();
	job_enter(&b->jobs, job, JOB_FINISHED);
}

/* As work_step() of the daemon, without calls. */
static void step(struct bench *b)
{
	struct job *job;

	while ((job = job_first(&b->jobs, JOB_READY)) != NULL)
		work_off(b, job);
	store_flush(b->store, true);
	if (b->jobs.counts[JOB_FINISHED] == 0 && queue_can_claim(b->queue) &&
	    !queue_is_empty(b->queue))
		queue_claim(b->queue, b->batch);
	if (queue_is_empty(b->queue) && b->jobs.total == 0)
		bench_end(b);
}

static void step_cb(void *arg)
{
	struct bench *b = arg;

	step(b);
}

static void held_cb(void *arg)
{
	struct bench *b = arg;

	b->began_us = clock_us();
	step(b);
}

static void lost_cb(void *arg)
{
	(void)arg;
	fprintf(stderr, "the lease was lost\n");
	exit(1);
}

static void daemon_start(struct bench *b)
{
	static const struct lease_settings lease = { .length = 600000,
		                                     .heartbeat = 100000,
		                                     .guard = 300000 };
	static struct enrich_settings enrich = { .attempts = 8 };
	const struct lease_events events = { held_cb, lost_cb, b };

	enrich.store_max = b->batch;
	jobs_init(&b->jobs);
	b->lease = lease_new(b->base, b->db, &lease, &events);
	b->queue = queue_new(&(struct queue_options){
		.db = b->db,
		.lease = b->lease,
		.jobs = &b->jobs,
		.settings = &enrich,
		.changed = step_cb,
		.arg = b,
	});
	b->store = store_new(&(struct store_options){
		.base = b->base,
		.db = b->db,
		.jobs = &b->jobs,
		.settings = &enrich,
		.changed = step_cb,
		.arg = b,
	});
}

static void daemon_stop(struct bench *b)
{
	b->jobs_done = count_of(COUNT_DONE);
	store_free(&b->store);
	queue_free(&b->queue);
	lease_free(&b->lease);
	jobs_deinit(&b->jobs);
}

/* --- both ----------------------------------------------------------------- */

static bool read_arguments(struct bench *b, int argc, char **argv, bool *bare_r)
{
	int64_t batch;

	if (argc != 3 || !str_to_int64(str_of(argv[2]), 1, BATCH_MAX, &batch))
		return false;
	b->batch = (int)batch;
	b->finds = strcmp(argv[1], "title") == 0;
	*bare_r = strcmp(argv[1], "bare") == 0;
	return b->finds || *bare_r || strcmp(argv[1], "verdict") == 0;
}

int main(int argc, char **argv)
{
	const struct timeval most = { .tv_sec = GIVE_UP_S };
	struct pg_settings pg = { .url = getenv("DATABASE_URL"),
		                  .connections = 1,
		                  .queue_max = 16,
		                  .connect_timeout = 3000,
		                  .deadline = 60000 };
	struct bench b = { 0 };
	bool bare;

	if (!read_arguments(&b, argc, argv, &bare) || pg.url == NULL) {
		fprintf(stderr,
		        "usage: DATABASE_URL=URL %s bare|verdict|title "
		        "BATCH\n",
		        argv[0]);
		return 2;
	}
	b.base = event_base_new();
	b.db = db_new(b.base, &pg);
	(bare ? bare_start : daemon_start)(&b);
	ensure(event_base_loopexit(b.base, &most) == 0);
	(void)event_base_dispatch(b.base);
	db_free(&b.db);
	if (!bare)
		daemon_stop(&b);
	event_base_free(b.base);
	free(b.films);
	if (b.ended_us == 0) {
		fprintf(stderr, "not done after %d s\n", GIVE_UP_S);
		return 1;
	}
	printf("%" PRId64 " %.6f\n", b.jobs_done,
	       (double)(b.ended_us - b.began_us) / 1e6);
	return 0;
}
