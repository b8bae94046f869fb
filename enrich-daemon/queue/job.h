#ifndef ENRICH_DAEMON_QUEUE_JOB_H
#define ENRICH_DAEMON_QUEUE_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "common/base/arena.h"
#include "common/base/attr.h"
#include "enrich-daemon/match/lookup.h"
#include "enrich-daemon/tmdb/tmdb_title.h"

struct fetch_call;
struct work;

/*
 * A job in hand. Those whose state says "under way" are in a transaction: they
 * leave it with its outcome, and are not freed before.
 *
 *	READY -> ASKING -> ASKED -> WAITING -> CALLING -> READY ...
 *	ASKING or ASKED -> JOINED -> ASKING
 *	READY -> FINISHED -> STORING -> freed
 *	any -> FAILED -> FAILING -> freed
 *	any -> UNDONE -> RELEASING -> freed
 */
enum job_state {
	JOB_READY,     /* its next call is not decided */
	JOB_ASKING,    /* is the title it wants in the database? */
	JOB_ASKED,     /* the same, under way */
	JOB_JOINED,    /* another job is fetching the title it wants */
	JOB_WAITING,   /* for a slot of the rate limit */
	JOB_CALLING,   /* TMDB */
	JOB_FINISHED,  /* has a verdict */
	JOB_STORING,   /* under way */
	JOB_FAILED,    /* has an error */
	JOB_FAILING,   /* under way */
	JOB_UNDONE,    /* to be given back, with its attempt */
	JOB_RELEASING, /* under way */
	JOB_STATES
};

struct job {
	TAILQ_ENTRY(job) link;
	enum job_state state;
	int64_t film_id;
	int64_t token;
	int attempt;
	int64_t claimed_ms;
	int64_t finished_ms;
	struct arena *arena;
	const char *film; /* its title */
	struct lookup *lookup;
	const char *path;          /* of the call it wants */
	enum title_kind want_kind; /* the title whose details that gives */
	int64_t want_id;           /* 0: none; kept until it is stored */
	struct fetch_call *call;   /* CALLING */
	struct work *work;         /* that makes the call */
	bool begun;                /* has made one */
	const char *old_etag;      /* of what is stored of it, too old */
	const char *etag;          /* of the details */
	bool renewed;              /* what is stored is what TMDB has */
	enum title_kind gone_kind; /* a title that TMDB has no more */
	int64_t gone_id;           /* 0: none */
	const void *raw;           /* the details, compressed */
	size_t raw_len;
	const char *error; /* FAILED; UTF-8 */
	bool give_up;      /* FAILED: trying again is no use */
	bool excused;      /* FAILED: it says nothing about the film */
	int waits;         /* FAILED: how often it has waited, with this one */
	bool alone; /* in no batch: the database has refused one with it */
};

TAILQ_HEAD(job_list, job);

/* All jobs in hand, by state. */
struct jobs {
	struct job_list lists[JOB_STATES];
	int counts[JOB_STATES];
	int total;
};

/* For every job in a state; the loop's body changes no state. */
#define JOB_EACH(job, jobs, state)                                             \
	for ((job) = job_first((jobs), (state)); (job) != NULL;                \
	     (job) = job_next(job))

void jobs_init(struct jobs *jobs);
/* Frees all that are left; no call may be under way. */
void jobs_deinit(struct jobs *jobs);
/* Jobs that still need calls. */
int jobs_unfinished(const struct jobs *jobs) MUST_CHECK;

/* A new one in JOB_READY; film is copied. */
struct job *job_new(struct jobs *jobs, const struct lookup_film *film,
                    int64_t token, int attempt);
void job_free(struct jobs *jobs, struct job **job);
/* The one place that changes a state. */
void job_enter(struct jobs *jobs, struct job *job, enum job_state state);
/* The first in this state, or NULL. */
struct job *job_first(const struct jobs *jobs, enum job_state state);
/* The one after it in the same state, or NULL. */
struct job *job_next(const struct job *job);
/* All of one state to another, in their order. */
void jobs_move(struct jobs *jobs, enum job_state from, enum job_state to);
/* A batch of one state to another: the first alone if it is to be, else up to
 * max of those that are not. */
void jobs_move_batch(struct jobs *jobs, enum job_state from, enum job_state to,
                     int max);
/* A batch was refused for something in it: all are to be alone from now on. */
void jobs_move_apart(struct jobs *jobs, enum job_state from, enum job_state to);
/* Why it fails: any bytes. */
void job_set_error(struct job *job, const char *text);
/* Is another job about to bring the title that this one wants? */
bool job_has_leader(const struct jobs *jobs, const struct job *job) MUST_CHECK;
/* Of a job with a verdict: the title whose details were fetched for it. NULL
 * when it has none, or one that was stored before and brings nothing new. */
const struct tmdb_title *job_fetched(const struct job *job) MUST_CHECK;

#endif
