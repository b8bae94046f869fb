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
/* A refused token may be a mistake of TMDB's, or ours until somebody puts
 * another one in its place. */
#define REFUSED_MIN_MS 2000
#define REFUSED_MAX_MS 60000
/* While a trial call waits nothing else is done: TMDB answers within a second
 * or is not well. But one in twenty is as patient as any call, or a TMDB that
 * has become that slow would never be called again. */
#define TRIAL_MS           2000
#define PATIENT_EVERY      20
#define AFTER_TRIAL_MIN_MS 500

static void breaker_enter(struct breaker *b, enum breaker_state state,
                          int64_t until_ms)
{
	b->state = state;
	b->until_ms = until_ms;
}

void breaker_init(struct breaker *b)
{
	*b = (struct breaker){ .backoff = { .base_ms = PAUSE_MIN_MS,
		                            .max_ms = PAUSE_MAX_MS },
		               .refusals = { .base_ms = REFUSED_MIN_MS,
		                             .max_ms = REFUSED_MAX_MS } };
}

int64_t breaker_open_for(const struct breaker *b, int64_t now_ms)
{
	if (b->state != BREAKER_OPEN && b->state != BREAKER_TOKEN_REFUSED)
		return 0;
	return b->until_ms > now_ms ? b->until_ms - now_ms : 0;
}

bool breaker_admits(struct breaker *b, int64_t now_ms, int in_flight)
{
	if (breaker_open_for(b, now_ms) > 0)
		return false;
	if (b->state == BREAKER_CLOSED)
		return true;
	if (b->state != BREAKER_HALF_OPEN)
		breaker_enter(b, BREAKER_HALF_OPEN, 0);
	if (in_flight > 0)
		return false;
	b->trials++;
	b->trial_ms = now_ms;
	return true;
}

int64_t breaker_call_limit(const struct breaker *b)
{
	return b->state != BREAKER_HALF_OPEN || b->trials % PATIENT_EVERY == 0
	               ? 0
	               : TRIAL_MS;
}

bool breaker_token_refused_now(const struct breaker *b)
{
	return b->state == BREAKER_TOKEN_REFUSED && b->refusals.failures == 1;
}

void breaker_retry(struct breaker *b)
{
	if (b->state == BREAKER_TOKEN_REFUSED)
		breaker_enter(b, BREAKER_HALF_OPEN, 0);
}

/* Pauses for what the server says or for what the backoff draws. Answers to
 * calls made before the pause do not lengthen it, unless they say so. */
static int64_t breaker_pause(struct breaker *b, int64_t retry_after_ms,
                             int64_t now_ms)
{
	int64_t pause = retry_after_ms;

	if (pause > RETRY_AFTER_MAX_MS)
		pause = RETRY_AFTER_MAX_MS;
	if (breaker_open_for(b, now_ms) > 0 && now_ms + pause <= b->until_ms)
		return 0;
	if (pause <= 0)
		pause = backoff_next(&b->backoff);
	breaker_enter(b, BREAKER_OPEN, now_ms + pause);
	return pause;
}

/* The time that a trial has waited in vain is part of the pause after it. */
static void breaker_pause_after_trial(struct breaker *b, int64_t now_ms)
{
	const int64_t until = b->trial_ms + backoff_next(&b->backoff);
	const int64_t soonest = now_ms + AFTER_TRIAL_MIN_MS;

	breaker_enter(b, BREAKER_OPEN, until > soonest ? until : soonest);
}

static void breaker_fault(struct breaker *b, int64_t now_ms)
{
	b->faults++;
	if (b->state == BREAKER_HALF_OPEN) {
		b->faults = 0;
		breaker_pause_after_trial(b, now_ms);
	} else if (b->faults >= FAULTS_MAX) {
		b->faults = 0;
		(void)breaker_pause(b, 0, now_ms);
	}
}

int64_t breaker_learn(struct breaker *b, enum breaker_answer answer,
                      int64_t retry_after_ms, int64_t now_ms)
{
	b->well = answer == ANSWER_GOOD;
	switch (answer) {
	case ANSWER_GOOD:
		b->faults = 0;
		if (b->state == BREAKER_CLOSED ||
		    b->state == BREAKER_HALF_OPEN) {
			backoff_reset(&b->backoff);
			backoff_reset(&b->refusals);
			b->trials = 0;
			breaker_enter(b, BREAKER_CLOSED, 0);
		}
		return 0;
	case ANSWER_FAULT:
		breaker_fault(b, now_ms);
		return 0;
	case ANSWER_THROTTLED:
	case ANSWER_OFFLINE:
		return breaker_pause(b, retry_after_ms, now_ms);
	case ANSWER_UNMADE:
		(void)breaker_pause(b, 0, now_ms);
		return 0;
	case ANSWER_REJECTED:
		if (breaker_open_for(b, now_ms) == 0)
			breaker_enter(b, BREAKER_TOKEN_REFUSED,
			              now_ms + backoff_next(&b->refusals));
		return 0;
	}
	return 0;
}

const char *breaker_state_name(enum breaker_state state)
{
	static const char *const names[] = {
		[BREAKER_CLOSED] = "closed",
		[BREAKER_HALF_OPEN] = "half_open",
		[BREAKER_OPEN] = "open",
		[BREAKER_TOKEN_REFUSED] = "token_refused",
	};

	return names[state];
}
