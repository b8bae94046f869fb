#ifndef ENRICH_DAEMON_CLIENT_BREAKER_H
#define ENRICH_DAEMON_CLIENT_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/attr.h"
#include "common/base/backoff.h"

/*
 * May TMDB be called now? Learns from the answers. Pure: it is told the time.
 *
 *	OPEN --429, 503, many faults in a row--> PAUSED --time--> PROBING
 *	OPEN --401, 403--> DENIED --seconds to a minute--> PROBING
 *	PROBING (one call at a time) --a good answer--> OPEN, else as from OPEN
 */
enum gate_state {
	GATE_OPEN,
	GATE_PROBING,
	GATE_PAUSED,
	GATE_DENIED,
	GATE_STATES
};

enum gate_answer {
	GATE_GOOD,      /* what was asked for, or that it cannot be asked so */
	GATE_FAULT,     /* 5xx, timeout, reset, nonsense */
	GATE_THROTTLED, /* 429 */
	GATE_OFFLINE,   /* 503 */
	GATE_REJECTED   /* 401, 403: the token is not accepted */
};

struct gate {
	enum gate_state state;
	int64_t until_ms; /* PAUSED, DENIED */
	int faults;       /* in a row */
	bool well;        /* the last answer was good */
	struct backoff backoff;
	struct backoff denials; /* in a row */
	int trials;             /* since it was open */
	int64_t trial_ms;       /* when the last one began */
};

void gate_init(struct gate *g);
/* With in_flight calls under way, may one more be made? */
bool gate_admits(struct gate *g, int64_t now_ms, int in_flight) MUST_CHECK;
/*
 * An answer came; retry_after_ms as the server said it, or -1. Gives the pause
 * that all daemons should make in milliseconds, 0 for none.
 */
int64_t gate_learn(struct gate *g, enum gate_answer answer,
                   int64_t retry_after_ms, int64_t now_ms) MUST_CHECK;
/* How long the call just admitted may take in milliseconds; 0: as any. */
int64_t gate_call_limit(const struct gate *g) MUST_CHECK;
/* DENIED for the first time since it was open, just now. */
bool gate_is_news(const struct gate *g) MUST_CHECK;
/* There may be another token: DENIED ends. */
void gate_retry(struct gate *g);
/* Milliseconds until it may be tried again; 0: now. */
int64_t gate_closed_for(const struct gate *g, int64_t now_ms) MUST_CHECK;
const char *gate_state_name(enum gate_state state);

#endif
