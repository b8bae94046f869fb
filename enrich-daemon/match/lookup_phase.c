/*
 * What the lookup waits for, and how many calls it may make still.
 */
#include "enrich-daemon/match/lookup_private.h"

void lookup_go(struct lookup *l, enum lookup_phase phase, const char *call,
               struct match_candidate *wanted)
{
	l->phase = phase;
	l->call = call;
	l->wanted = wanted;
}

int lookup_calls_left(const struct lookup *l)
{
	const int more = l->episode_calls < EPISODE_CALLS_MAX
	                         ? l->episode_calls
	                         : EPISODE_CALLS_MAX;

	return CALLS_MAX + more + l->index_calls - l->verdict.calls;
}
