/*
 * How fast the queue is:
 *	bench_queue bare|verdict|title BATCH [SECONDS]
 * works off the jobs of the database in DATABASE_URL, so many in a transaction,
 * until none is left, or with SECONDS for so long:
 *	bare	an UPDATE ... RETURNING of the rows of each batch, by their key
 *	verdict	claim and store; no film is found
 *	title	claim and store; every film gets a title with 16 credits
 * Prints how many it did and when it began and ended, in seconds since 1970:
 * several may work at the same queue.
 *
 * The last two are the daemon's own lease, claim, lookup and store; answers are
 * made up here where it would call TMDB. While a batch is stored the next one
 * is claimed and looked up, on as many connections as the daemon has.
 */
#include <event2/event.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/job.h"
#include "enrich-daemon/queue/lease.h"
#include "enrich-daemon/queue/queue.h"
#include "enrich-daemon/store/store.h"
#include "enrich-daemon/store/store_tx.h"
#include "tests/bench/made_up.h"

#define BATCH_MAX    1000
#define SECONDS_MAX  3600
#define ANSWER_BYTES ((size_t)64 * 1024)
#define GIVE_UP_S    100

struct bench {
	struct event_base *base;
	struct db *db;
	int batch;
	int64_t seconds; /* 0: until no job is left */
	double began;
	double ended;
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
	struct event *poll;
};

static double now_s(void)
{
	struct timespec now;

	ensure(clock_gettime(CLOCK_REALTIME, &now) == 0);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void bench_end(struct bench *b)
{
	b->ended = now_s();
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
	struct pg_array *films;
	struct pg_tx *tx;

	if (b->film_next == b->film_count) {
		bench_end(b);
		return;
	}
	films = pg_array_new();
	for (int i = 0; i < b->batch && b->film_next < b->film_count; i++)
		pg_array_int(films, b->films[b->film_next++]);
	tx = pg_tx_new();
	pg_tx_add(tx, &touch_jobs);
	pg_tx_set_int(tx, &touch_jobs, 0, b->film_next);
	pg_tx_set_array(tx, &touch_jobs, 1, films);
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
	b->began = now_s();
	bare_next(b);
}

static void bare_start(struct bench *b)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, &list_jobs);
	db_run(b->db, tx, bare_listed_cb, b);
}

/* --- verdict, title ------------------------------------------------------- */

static void answer(const struct bench *b, struct job *job, const char *call,
                   bool details)
{
	struct error err;
	struct buf body;

	buf_init(&body, ANSWER_BYTES);
	if (details)
		made_up_details(&body, job);
	else
		made_up_search(&body, job, call, b->finds);
	if (!lookup_answer(job->lookup, 200, body.data, body.len, &err)) {
		fprintf(stderr, "%s: %s\n", call, err.message);
		exit(1);
	}
	buf_deinit(&body);
}

static void look_up(struct bench *b, struct job *job)
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

/* The next batch is claimed before this one is stored, and looked up
 * meanwhile. */
static void claim_next(struct bench *b)
{
	bool more = b->seconds > 0 ? queue_has_more(b->queue)
	                           : !queue_is_empty(b->queue);

	if (more && b->jobs.total <= b->batch && queue_can_claim(b->queue))
		queue_claim(b->queue, b->batch);
}

/* As work_step() of the daemon, without calls. */
static void step(struct bench *b)
{
	struct job *job;

	if (b->ended > 0)
		return;
	while ((job = job_first(&b->jobs, JOB_READY)) != NULL)
		look_up(b, job);
	claim_next(b);
	store_flush(b->store, true);
	if (b->seconds == 0 && queue_is_empty(b->queue) && b->jobs.total == 0)
		bench_end(b);
}

static void step_cb(void *arg)
{
	struct bench *b = arg;

	step(b);
}

/* The queue may have been empty for a moment. */
static void poll_cb(evutil_socket_t fd, short what, void *arg)
{
	struct bench *b = arg;

	(void)fd;
	(void)what;
	if (b->began > 0 && now_s() - b->began >= (double)b->seconds)
		bench_end(b);
	else if (b->jobs.total == 0 && queue_can_claim(b->queue))
		queue_claim(b->queue, b->batch);
}

static void poll_start(struct bench *b)
{
	const struct timeval often = { .tv_usec = 10000 };

	b->poll = event_new(b->base, -1, EV_PERSIST, poll_cb, b);
	ensure(b->poll != NULL && event_add(b->poll, &often) == 0);
}

static void held_cb(void *arg)
{
	struct bench *b = arg;

	b->began = now_s();
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
		                                     .heartbeat = 5000,
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
	if (b->seconds > 0)
		poll_start(b);
}

static void daemon_stop(struct bench *b)
{
	b->jobs_done = count_of(COUNT_DONE);
	if (b->poll != NULL)
		event_free(b->poll);
	store_free(&b->store);
	queue_free(&b->queue);
	lease_free(&b->lease);
	jobs_deinit(&b->jobs);
}

/* --- both ----------------------------------------------------------------- */

static bool read_arguments(struct bench *b, int argc, char **argv, bool *bare_r)
{
	int64_t batch;

	if (argc < 3 || argc > 4 ||
	    !str_to_int64(str_of(argv[2]), 1, BATCH_MAX, &batch))
		return false;
	if (argc == 4 &&
	    !str_to_int64(str_of(argv[3]), 1, SECONDS_MAX, &b->seconds))
		return false;
	b->batch = (int)batch;
	b->finds = strcmp(argv[1], "title") == 0;
	*bare_r = strcmp(argv[1], "bare") == 0;
	return b->finds || *bare_r || strcmp(argv[1], "verdict") == 0;
}

int main(int argc, char **argv)
{
	struct pg_settings pg = { .url = getenv("DATABASE_URL"),
		                  .connections = 3,
		                  .queue_max = 16,
		                  .connect_timeout = 3000,
		                  .deadline = 60000 };
	struct bench b = { 0 };
	bool bare;

	if (!read_arguments(&b, argc, argv, &bare) || pg.url == NULL) {
		fprintf(stderr,
		        "usage: DATABASE_URL=URL %s bare|verdict|title "
		        "BATCH [SECONDS]\n",
		        argv[0]);
		return 2;
	}
	const struct timeval most = { .tv_sec = GIVE_UP_S + b.seconds };
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
	if (b.ended == 0) {
		fprintf(stderr, "not done after %" PRId64 " s\n",
		        GIVE_UP_S + b.seconds);
		return 1;
	}
	printf("%" PRId64 " %.6f %.6f\n", b.jobs_done, b.began, b.ended);
	return 0;
}
