/*
 * The circuit breaker before TMDB.
 */
#include "enrich-daemon/client/breaker.h"

#define FAULTS_MAX   10
#define PAUSE_MIN_MS 2000
/* One call at a time is made after a pause: often enough that work goes on
 * within seconds of TMDB's return, seldom enough to trouble nobody. */
#define PAUSE_MAX_MS       4000
#define RETRY_AFTER_MAX_MS INT64_C(3600000)
/* It may be a mistake of TMDB's, or ours until somebody mends it. */
#define DENIED_MIN_MS 2000
#define DENIED_MAX_MS 60000
/* While a trial call waits nothing else is done: TMDB answers within a second
 * or is not well. But one in twenty is as patient as any call, or a TMDB that
 * has become that slow would never be called again. */
#define TRIAL_MS           2000
#define PATIENT_EVERY      20
#define AFTER_TRIAL_MIN_MS 500

static void gate_enter(struct gate *g, enum gate_state state, int64_t until_ms)
{
	g->state = state;
	g->until_ms = until_ms;
}

void gate_init(struct gate *g)
{
	*g = (struct gate){
		.backoff = { .base_ms = PAUSE_MIN_MS, .max_ms = PAUSE_MAX_MS },
		.denials = { .base_ms = DENIED_MIN_MS, .max_ms = DENIED_MAX_MS }
	};
}

int64_t gate_closed_for(const struct gate *g, int64_t now_ms)
{
	if (g->state != GATE_PAUSED && g->state != GATE_DENIED)
		return 0;
	return g->until_ms > now_ms ? g->until_ms - now_ms : 0;
}

bool gate_admits(struct gate *g, int64_t now_ms, int in_flight)
{
	if (gate_closed_for(g, now_ms) > 0)
		return false;
	if (g->state == GATE_OPEN)
		return true;
	if (g->state != GATE_PROBING)
		gate_enter(g, GATE_PROBING, 0);
	if (in_flight > 0)
		return false;
	g->trials++;
	g->trial_ms = now_ms;
	return true;
}

int64_t gate_call_limit(const struct gate *g)
{
	return g->state != GATE_PROBING || g->trials % PATIENT_EVERY == 0
	               ? 0
	               : TRIAL_MS;
}

bool gate_is_news(const struct gate *g)
{
	return g->state == GATE_DENIED && g->denials.failures == 1;
}

void gate_retry(struct gate *g)
{
	if (g->state == GATE_DENIED)
		gate_enter(g, GATE_PROBING, 0);
}

/* Pauses for what the server says or for what the backoff draws. Answers to
 * calls made before the pause do not lengthen it, unless they say so. */
static int64_t gate_pause(struct gate *g, int64_t retry_after_ms,
                          int64_t now_ms)
{
	int64_t pause = retry_after_ms;

	if (pause > RETRY_AFTER_MAX_MS)
		pause = RETRY_AFTER_MAX_MS;
	if (gate_closed_for(g, now_ms) > 0 && now_ms + pause <= g->until_ms)
		return 0;
	if (pause <= 0)
		pause = backoff_next(&g->backoff);
	gate_enter(g, GATE_PAUSED, now_ms + pause);
	return pause;
}

/* The time that a trial has waited in vain is part of the pause after it. */
static void gate_pause_after_trial(struct gate *g, int64_t now_ms)
{
	const int64_t until = g->trial_ms + backoff_next(&g->backoff);
	const int64_t soonest = now_ms + AFTER_TRIAL_MIN_MS;

	gate_enter(g, GATE_PAUSED, until > soonest ? until : soonest);
}

static void gate_fault(struct gate *g, int64_t now_ms)
{
	g->faults++;
	if (g->state == GATE_PROBING) {
		g->faults = 0;
		gate_pause_after_trial(g, now_ms);
	} else if (g->faults >= FAULTS_MAX) {
		g->faults = 0;
		(void)gate_pause(g, 0, now_ms);
	}
}

int64_t gate_learn(struct gate *g, enum gate_answer answer,
                   int64_t retry_after_ms, int64_t now_ms)
{
	g->well = answer == GATE_GOOD;
	switch (answer) {
	case GATE_GOOD:
		g->faults = 0;
		if (g->state == GATE_OPEN || g->state == GATE_PROBING) {
			backoff_reset(&g->backoff);
			backoff_reset(&g->denials);
			g->trials = 0;
			gate_enter(g, GATE_OPEN, 0);
		}
		return 0;
	case GATE_FAULT:
		gate_fault(g, now_ms);
		return 0;
	case GATE_THROTTLED:
	case GATE_OFFLINE:
		return gate_pause(g, retry_after_ms, now_ms);
	case GATE_REJECTED:
		if (gate_closed_for(g, now_ms) == 0)
			gate_enter(g, GATE_DENIED,
			           now_ms + backoff_next(&g->denials));
		return 0;
	}
	return 0;
}

const char *gate_state_name(enum gate_state state)
{
	static const char *const names[] = {
		[GATE_OPEN] = "open",
		[GATE_PROBING] = "probing",
		[GATE_PAUSED] = "paused",
		[GATE_DENIED] = "denied",
	};

	return names[state];
}
