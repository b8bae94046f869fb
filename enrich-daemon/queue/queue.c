/*
 * The transactions on the jobs in hand. Each takes what is in one state, marks
 * it as under way, and gets it back in its callback: the list of the state is
 * the batch.
 */
#include "enrich-daemon/queue/queue.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/backoff.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_array.h"
#include "common/pg/pg_result.h"
#include "common/pg/pg_tx.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/queue/job_array.h"
#include "enrich-daemon/queue/lease.h"
#include "gen/sql.h"

/* first_background_tag() of the database. */
#define BACKGROUND_TAG (INT64_C(1) << 62)
/* Claims in quick succession begin where the last one did, not at the dead
 * entries that the index keeps before it; but now and then one sees all: once a
 * second, and less often when a forgotten snapshot keeps so many entries that
 * it would take more than a twentieth of the time. */
#define WHOLE_EVERY_MS    1000
#define WHOLE_AT_LEAST_MS 30000
#define WHOLE_FACTOR      20

struct queue {
	struct queue_options o;
	int64_t token; /* of the claim under way; 0: none */
	int asked;
	bool whole;             /* and it looks at all of the queue */
	int64_t asked_ms;       /* when it was sent */
	int64_t whole_until_ms; /* none looks at all again before */
	int64_t low_tag;
	bool has_more;
	bool is_empty;
};

struct queue *queue_new(const struct queue_options *options)
{
	struct queue *q = xmalloc(sizeof(*q));

	*q = (struct queue){ .o = *options };
	return q;
}

void queue_free(struct queue **queue)
{
	free(*queue);
	*queue = NULL;
}

static void queue_changed(struct queue *q)
{
	q->o.changed(q->o.arg);
}

/* --- claim ---------------------------------------------------------------- */

static void queue_take_row(struct queue *q, const struct pg_rows *rows, int i,
                           int64_t token)
{
	const char *kind = pg_text(rows, i, "kind");
	struct lookup_film film = {
		.id = pg_int(rows, i, "film_id"),
		.title = pg_text(rows, i, "title"),
		.year = pg_is_null(rows, i, "year")
		                ? 0
		                : (int)pg_int(rows, i, "year"),
		.known_own = pg_bool(rows, i, "own"),
		.known_locked = pg_bool(rows, i, "chosen"),
		.imdb_id = pg_is_null(rows, i, "imdb_id")
		                   ? NULL
		                   : pg_text(rows, i, "imdb_id"),
		.indexed_id = pg_int(rows, i, "indexed_id"),
	};

	if (title_kind_of(kind, &film.known_kind)) {
		film.known_id = pg_int(rows, i, "tmdb_id");
		film.known_place = (struct episode_place){
			.series_id = pg_int(rows, i, "series_id"),
			.season = (int)pg_int(rows, i, "season"),
			.number = (int)pg_int(rows, i, "number"),
		};
	}
	(void)job_new(q->o.jobs, &film, token, (int)pg_int(rows, i, "attempt"));
}

/* Where the next search may begin; new jobs come before the background's. */
static void queue_move_on(struct queue *q, int64_t tag)
{
	if (tag >= BACKGROUND_TAG)
		return;
	q->low_tag = tag;
	lease_low_tag(q->o.lease, tag);
}

static void queue_saw_all(struct queue *q, int found)
{
	const int64_t now = clock_ms();
	int64_t rest = (now - q->asked_ms) * WHOLE_FACTOR;

	if (rest < WHOLE_EVERY_MS)
		rest = WHOLE_EVERY_MS;
	if (rest > WHOLE_AT_LEAST_MS)
		rest = WHOLE_AT_LEAST_MS;
	q->whole_until_ms = now + rest;
	q->is_empty = found == 0;
}

static void queue_claimed_cb(void *arg, const struct pg_outcome *outcome)
{
	struct queue *q = arg;
	int64_t token = q->token;
	int n;

	q->token = 0;
	if (!db_learn(q->o.db, outcome)) {
		queue_changed(q);
		return;
	}
	n = pg_count(outcome->results[0]);
	for (int i = 0; i < n; i++)
		queue_take_row(q, outcome->results[0], i, token);
	q->has_more = n == q->asked;
	if (q->whole)
		queue_saw_all(q, n);
	count_add(COUNT_CLAIMED, n);
	if (n > 0) {
		log_debug("jobs claimed", log_int("jobs", n));
		queue_move_on(q, pg_int(outcome->results[0], 0, "tag"));
	}
	queue_changed(q);
}

void queue_claim(struct queue *q, int n)
{
	struct pg_tx *tx = pg_tx_new();

	ensure(queue_can_claim(q) && n > 0);
	q->token = lease_token(q->o.lease);
	q->asked = n;
	q->asked_ms = clock_ms();
	q->whole = !q->has_more || q->asked_ms >= q->whole_until_ms;
	pg_tx_add(tx, &SQL_JOB_CLAIM);
	PG_INT(tx, SQL_JOB_CLAIM, TOKEN, q->token);
	PG_INT(tx, SQL_JOB_CLAIM, MOST, n);
	PG_INT(tx, SQL_JOB_CLAIM, LOW_TAG, q->whole ? INT64_MIN : q->low_tag);
	PG_BOOL(tx, SQL_JOB_CLAIM, INDEX, q->o.index);
	db_run(q->o.db, tx, queue_claimed_cb, q);
}

bool queue_can_claim(const struct queue *q)
{
	return q->token == 0 && lease_holds(q->o.lease) && db_open(q->o.db);
}

bool queue_is_busy(const struct queue *q)
{
	return q->token != 0;
}

void queue_look_again(struct queue *q)
{
	q->has_more = true;
	q->is_empty = false;
	q->whole_until_ms = 0;
}

bool queue_has_more(const struct queue *q)
{
	return q->has_more;
}

bool queue_is_empty(const struct queue *q)
{
	return q->is_empty;
}

/* --- ask ------------------------------------------------------------------ */

/* The row of the title that the job wants; -1: it is not here. */
static int find_title(const struct pg_rows *rows, const struct job *job)
{
	const char *kind = title_kind_name(job->want_kind);

	for (int i = 0; i < pg_count(rows); i++) {
		if (pg_int(rows, i, "tmdb_id") == job->want_id &&
		    strcmp(pg_text(rows, i, "kind"), kind) == 0)
			return i;
	}
	return -1;
}

static void job_asked(struct jobs *jobs, struct job *job,
                      const struct pg_rows *rows)
{
	int at = find_title(rows, job);

	if (at >= 0 && pg_bool(rows, at, "fresh")) {
		lookup_stored(job->lookup);
		job->want_id = 0;
		job_enter(jobs, job, JOB_READY);
		return;
	}
	if (at >= 0 && !pg_is_null(rows, at, "etag"))
		job->old_etag =
			arena_strdup(job->arena, pg_text(rows, at, "etag"));
	job_enter(jobs, job,
	          job_has_leader(jobs, job) ? JOB_JOINED : JOB_WAITING);
}

static void queue_asked_cb(void *arg, const struct pg_outcome *outcome)
{
	struct queue *q = arg;
	struct jobs *jobs = q->o.jobs;
	struct job *job;

	if (!db_learn(q->o.db, outcome))
		jobs_move(jobs, JOB_ASKED, JOB_ASKING);
	while ((job = job_first(jobs, JOB_ASKED)) != NULL)
		job_asked(jobs, job, outcome->results[0]);
	queue_changed(q);
}

void queue_ask(struct queue *q)
{
	struct jobs *jobs = q->o.jobs;
	struct pg_array *kinds, *ids;
	struct pg_tx *tx;
	struct job *job;

	if (jobs->counts[JOB_ASKED] > 0 || !db_open(q->o.db))
		return;
	while ((job = job_first(jobs, JOB_ASKING)) != NULL)
		job_enter(jobs, job,
		          job_has_leader(jobs, job) ? JOB_JOINED : JOB_ASKED);
	if (jobs->counts[JOB_ASKED] == 0)
		return;
	kinds = pg_array_new();
	ids = pg_array_new();
	JOB_EACH(job, jobs, JOB_ASKED) {
		pg_array_text(kinds, title_kind_name(job->want_kind));
		pg_array_int(ids, job->want_id);
	}
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_TITLE_FRESH);
	PG_ARRAY(tx, SQL_TITLE_FRESH, KINDS, kinds);
	PG_ARRAY(tx, SQL_TITLE_FRESH, IDS, ids);
	PG_REAL(tx, SQL_TITLE_FRESH, SECONDS,
	        (double)q->o.settings->fresh / 1000.0);
	db_run(q->o.db, tx, queue_asked_cb, q);
}

/* --- fail ----------------------------------------------------------------- */

/* Some error of the batch cannot be stored. Each job tries again by itself;
 * one that was by itself does with another text, unless it has it already. */
static bool queue_fail_apart(struct queue *q, const struct pg_outcome *outcome)
{
	static const char other_text[] =
		"the database does not take the error's text";
	struct jobs *jobs = q->o.jobs;
	struct job *job = job_first(jobs, JOB_FAILING);

	if (jobs->counts[JOB_FAILING] == 1) {
		if (job->error == other_text)
			return false;
		log_warn("error refused", log_int("film", job->film_id),
		         log_str("error", job->error),
		         log_str("reason", outcome->message));
		job->error = other_text;
	}
	jobs_move_apart(jobs, JOB_FAILING, JOB_FAILED);
	return true;
}

static void queue_failed_cb(void *arg, const struct pg_outcome *outcome)
{
	struct queue *q = arg;
	struct job *job;

	if (db_refuses_data(outcome) && queue_fail_apart(q, outcome)) {
		queue_changed(q);
		return;
	}
	if (!db_learn(q->o.db, outcome))
		jobs_move(q->o.jobs, JOB_FAILING, JOB_FAILED);
	while ((job = job_first(q->o.jobs, JOB_FAILING)) != NULL) {
		const struct pg_rows *rows = outcome->results[1];
		int at = pg_find_int(rows, "film_id", job->film_id);
		bool dead = at >= 0 && pg_bool(rows, at, "dead");

		count_add(at < 0 ? COUNT_STALE
		          : dead ? COUNT_DEAD
		                 : COUNT_FAILED,
		          1);
		log_warn(at < 0 ? "stale failure dropped"
		         : dead ? "job dead"
		                : "job failed",
		         log_int("film", job->film_id),
		         log_str("title", job->film),
		         log_int("attempt", job->attempt),
		         log_str("error", job->error));
		job_free(q->o.jobs, &job);
	}
	queue_changed(q);
}

/* One on: many that fail at once are to come back one after the other. */
static void add_delay(struct pg_array *delays, const struct queue *q,
                      const struct job *job)
{
	const struct enrich_settings *s = q->o.settings;

	if (job->give_up)
		pg_array_null(delays);
	else
		pg_array_double(delays, (double)backoff_delay(s->backoff_base,
		                                              s->backoff_max,
		                                              job->waits + 1) /
		                                1000.0);
}

void queue_fail(struct queue *q)
{
	struct jobs *jobs = q->o.jobs;
	struct pg_array *errors, *delays, *excused;
	struct pg_tx *tx;
	struct job *job;

	if (jobs->counts[JOB_FAILED] == 0 || jobs->counts[JOB_FAILING] > 0 ||
	    !db_open(q->o.db))
		return;
	jobs_move_batch(jobs, JOB_FAILED, JOB_FAILING,
	                jobs->counts[JOB_FAILED]);
	errors = pg_array_new();
	delays = pg_array_new();
	excused = pg_array_new();
	JOB_EACH(job, jobs, JOB_FAILING) {
		pg_array_text(errors, job->error);
		add_delay(delays, q, job);
		pg_array_bool(excused, job->excused);
	}
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_LOCK_FILM);
	PG_ARRAY(tx, SQL_JOB_LOCK_FILM, FILMS, job_films(jobs, JOB_FAILING));
	PG_ARRAY(tx, SQL_JOB_LOCK_FILM, KINDS, pg_array_new());
	PG_ARRAY(tx, SQL_JOB_LOCK_FILM, IDS, pg_array_new());
	pg_tx_add(tx, &SQL_JOB_FAIL);
	PG_ARRAY(tx, SQL_JOB_FAIL, FILMS, job_films(jobs, JOB_FAILING));
	PG_ARRAY(tx, SQL_JOB_FAIL, TOKENS, job_tokens(jobs, JOB_FAILING));
	PG_ARRAY(tx, SQL_JOB_FAIL, ERRORS, errors);
	PG_ARRAY(tx, SQL_JOB_FAIL, DELAYS, delays);
	PG_INT(tx, SQL_JOB_FAIL, ATTEMPTS, q->o.settings->attempts);
	PG_ARRAY(tx, SQL_JOB_FAIL, EXCUSED, excused);
	db_run(q->o.db, tx, queue_failed_cb, q);
}

/* --- release -------------------------------------------------------------- */

static void queue_forget_released(struct queue *q)
{
	struct jobs *jobs = q->o.jobs;
	struct job *job;

	log_info("jobs released", log_int("jobs", jobs->counts[JOB_RELEASING]));
	while ((job = job_first(jobs, JOB_RELEASING)) != NULL) {
		count_add(COUNT_RELEASED, 1);
		job_free(jobs, &job);
	}
	queue_look_again(q);
}

static void queue_released_cb(void *arg, const struct pg_outcome *outcome)
{
	struct queue *q = arg;

	if (db_learn(q->o.db, outcome))
		queue_forget_released(q);
	else
		jobs_move(q->o.jobs, JOB_RELEASING, JOB_UNDONE);
	queue_changed(q);
}

void queue_release(struct queue *q)
{
	struct jobs *jobs = q->o.jobs;
	struct pg_tx *tx;

	if (jobs->counts[JOB_UNDONE] == 0 || jobs->counts[JOB_RELEASING] > 0 ||
	    !db_open(q->o.db))
		return;
	jobs_move(jobs, JOB_UNDONE, JOB_RELEASING);
	tx = pg_tx_new();
	pg_tx_add(tx, &SQL_JOB_LOCK);
	PG_ARRAY(tx, SQL_JOB_LOCK, FILMS, job_films(jobs, JOB_RELEASING));
	PG_ARRAY(tx, SQL_JOB_LOCK, TOKENS, job_tokens(jobs, JOB_RELEASING));
	pg_tx_add(tx, &SQL_JOB_RELEASE);
	PG_ARRAY(tx, SQL_JOB_RELEASE, FILMS, job_films(jobs, JOB_RELEASING));
	PG_ARRAY(tx, SQL_JOB_RELEASE, TOKENS, job_tokens(jobs, JOB_RELEASING));
	db_run(q->o.db, tx, queue_released_cb, q);
}
