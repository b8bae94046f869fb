/*
 * The state of a lookup: what is waited for, how many calls may still be made,
 * and at the end the verdict, and what a member may choose from instead.
 */
#include "common/base/arena.h"
#include "enrich-daemon/match/lookup_private.h"
#include "enrich-daemon/match/match.h"
#include "enrich-daemon/tmdb/tmdb_call.h"

/* --- what is waited for --------------------------------------------------- */

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

/* --- the end -------------------------------------------------------------- */

static const char *confidence_name(enum match_confidence confidence)
{
	switch (confidence) {
	case MATCH_HIGH:
		return "high";
	case MATCH_MEDIUM:
		return "medium";
	case MATCH_LOW:
		return "low";
	case MATCH_AMBIGUOUS:
	case MATCH_NONE:
		break;
	}
	return NULL;
}

bool lookup_is_sure(const struct lookup *l)
{
	return confidence_name(l->decision.confidence) != NULL;
}

static void keep_candidates(struct lookup *l)
{
	struct match_candidate *top[LOOKUP_CANDIDATES_MAX];
	struct lookup_verdict *v = &l->verdict;

	v->candidate_count = match_top(&l->pool, top, LOOKUP_CANDIDATES_MAX);
	for (int i = 0; i < v->candidate_count; i++)
		v->candidates[i] = (struct lookup_candidate){
			.kind = top[i]->row.kind,
			.id = top[i]->row.id,
			.place = top[i]->row.place,
			.name = top[i]->row.name,
			.date = top[i]->row.date,
			.votes = top[i]->row.votes,
			.score = top[i]->score,
		};
}

void lookup_finish_without(struct lookup *l)
{
	struct lookup_verdict *v = &l->verdict;

	v->state = l->decision.confidence == MATCH_AMBIGUOUS ? LOOKUP_AMBIGUOUS
	                                                     : LOOKUP_NOT_FOUND;
	v->method = "";
	keep_candidates(l);
	lookup_go(l, PHASE_DONE, NULL, NULL);
}

/* A series is as long as its episodes, which its details do not tell. Of one
 * that was stored before nothing is asked. */
static void finish_or_measure(struct lookup *l)
{
	const struct lookup_verdict *v = &l->verdict;

	if (v->raw != NULL && v->title->unmeasured.count > 0)
		lookup_go(l, PHASE_LENGTH,
		          tmdb_call_lengths(l->arena, v->title->id,
		                            &v->title->unmeasured),
		          NULL);
	else
		lookup_go(l, PHASE_DONE, NULL, NULL);
}

void lookup_finish_with(struct lookup *l, const struct tmdb_title *title,
                        const char *raw, size_t raw_len)
{
	struct lookup_verdict *v = &l->verdict;

	v->state = LOOKUP_MATCHED;
	v->method = l->decision.best->method;
	v->confidence = confidence_name(l->decision.confidence);
	v->score = l->decision.best->score;
	v->title = title;
	v->raw = raw;
	v->raw_len = raw_len;
	keep_candidates(l);
	finish_or_measure(l);
}

void lookup_finish_read(struct lookup *l, const struct tmdb_title *title,
                        struct str body)
{
	lookup_finish_with(l, title, arena_strndup(l->arena, body.p, body.n),
	                   body.n);
}

const struct lookup_verdict *lookup_verdict(const struct lookup *l)
{
	return l->phase == PHASE_DONE ? &l->verdict : NULL;
}
