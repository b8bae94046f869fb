/*
 * Jobs in hand and their states.
 */
#include "enrich-daemon/queue/job.h"

#include <stdlib.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"

static const char *const state_names[JOB_STATES] = {
	[JOB_READY] = "ready",       [JOB_ASKING] = "asking",
	[JOB_ASKED] = "asked",       [JOB_JOINED] = "joined",
	[JOB_WAITING] = "waiting",   [JOB_CALLING] = "calling",
	[JOB_FINISHED] = "finished", [JOB_STORING] = "storing",
	[JOB_FAILED] = "failed",     [JOB_FAILING] = "failing",
	[JOB_UNDONE] = "undone",     [JOB_RELEASING] = "releasing",
};

static void job_link(struct jobs *jobs, struct job *job, enum job_state state)
{
	job->state = state;
	TAILQ_INSERT_TAIL(&jobs->lists[state], job, link);
	jobs->counts[state]++;
}

static void job_unlink(struct jobs *jobs, struct job *job)
{
	TAILQ_REMOVE(&jobs->lists[job->state], job, link);
	jobs->counts[job->state]--;
}

void job_enter(struct jobs *jobs, struct job *job, enum job_state state)
{
	log_debug("job", log_int("film", job->film_id),
	          log_str("from", state_names[job->state]),
	          log_str("to", state_names[state]));
	job_unlink(jobs, job);
	job_link(jobs, job, state);
}

struct job *job_first(const struct jobs *jobs, enum job_state state)
{
	return TAILQ_FIRST(&jobs->lists[state]);
}

struct job *job_next(const struct job *job)
{
	return TAILQ_NEXT(job, link);
}

void jobs_move(struct jobs *jobs, enum job_state from, enum job_state to)
{
	struct job *job;

	while ((job = job_first(jobs, from)) != NULL)
		job_enter(jobs, job, to);
}

void jobs_move_batch(struct jobs *jobs, enum job_state from, enum job_state to,
                     int max)
{
	struct job *job = job_first(jobs, from);
	struct job *next;

	if (job->alone) {
		job_enter(jobs, job, to);
		return;
	}
	for (int n = 0; job != NULL && n < max; job = next) {
		next = job_next(job);
		if (job->alone)
			continue;
		job_enter(jobs, job, to);
		n++;
	}
}

void jobs_move_apart(struct jobs *jobs, enum job_state from, enum job_state to)
{
	struct job *job;

	JOB_EACH(job, jobs, from) {
		job->alone = true;
	}
	jobs_move(jobs, from, to);
}

void job_set_error(struct job *job, const char *text)
{
	job->error = arena_utf8(job->arena, text);
}

int jobs_unfinished(const struct jobs *jobs)
{
	int n = 0;

	for (int state = JOB_READY; state <= JOB_CALLING; state++)
		n += jobs->counts[state];
	return n;
}

struct job *job_new(struct jobs *jobs, const struct lookup_film *film,
                    int64_t token, int attempt)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->film_id = film->id;
	job->token = token;
	job->attempt = attempt;
	job->waits = attempt;
	job->claimed_ms = clock_ms();
	job->arena = arena_new();
	job->film = arena_strdup(job->arena, film->title);
	job->lookup = lookup_new(job->arena, film);
	jobs->total++;
	job_link(jobs, job, JOB_READY);
	return job;
}

void job_free(struct jobs *jobs, struct job **jobp)
{
	struct job *job = *jobp;

	*jobp = NULL;
	ensure(job->call == NULL);
	job_unlink(jobs, job);
	jobs->total--;
	arena_free(&job->arena);
	free(job);
}

bool job_has_leader(const struct jobs *jobs, const struct job *job)
{
	static const enum job_state leading[] = { JOB_WAITING, JOB_CALLING,
		                                  JOB_FINISHED, JOB_STORING };
	const struct job *other;

	for (size_t i = 0; i < ARRAY_LEN(leading); i++) {
		JOB_EACH(other, jobs, leading[i]) {
			if (other != job && other->want_id == job->want_id &&
			    other->want_kind == job->want_kind)
				return true;
		}
	}
	return false;
}

const struct tmdb_title *job_fetched(const struct job *job)
{
	const struct lookup_verdict *v = lookup_verdict(job->lookup);

	return v->raw != NULL ? v->title : NULL;
}

void jobs_init(struct jobs *jobs)
{
	*jobs = (struct jobs){ 0 };
	for (int state = 0; state < JOB_STATES; state++)
		TAILQ_INIT(&jobs->lists[state]);
}

void jobs_deinit(struct jobs *jobs)
{
	for (int state = 0; state < JOB_STATES; state++) {
		struct job *job = job_first(jobs, (enum job_state)state);

		while (job != NULL) {
			struct job *next = job_next(job);

			job_free(jobs, &job);
			job = next;
		}
	}
}
