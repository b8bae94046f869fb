/* single_user mode: one member, made on the way of the first request. */
#include "api-server/accounts/single_user.h"

#include <stdbool.h>

#include "api-server/http/http_server.h"
#include "api-server/http/request.h"
#include "api-server/http/request_run.h"
#include "common/base/arena.h"
#include "common/base/mem.h"
#include "gen/sql.h"

#define MEMBER_ID   1
#define MEMBER_NAME "local"

/* The member's row is there. */
static bool ensured;

/* What the request's gate has kept is kept for its handler. */
struct waiting {
	void (*go)(struct request *rq);
	void *data;
};

static void member_ensured(struct request *rq, const struct pg_outcome *outcome)
{
	const struct waiting *waiting = request_data(rq);

	(void)outcome;
	ensured = true;
	request_set_data(rq, waiting->data);
	waiting->go(rq);
}

void single_user_admit(struct request *rq, void (*go)(struct request *rq))
{
	request_set_member(rq, MEMBER_ID);
	if (ensured) {
		go(rq);
		return;
	}

	struct waiting *waiting =
		arena_alloc(request_arena(rq), sizeof(*waiting));
	struct pg_tx *tx = request_tx(rq);

	*waiting = (struct waiting){ go, request_data(rq) };
	request_set_data(rq, waiting);
	pg_tx_add(tx, &SQL_MEMBER_ENSURE);
	PG_INT(tx, SQL_MEMBER_ENSURE, ID, MEMBER_ID);
	PG_TEXT(tx, SQL_MEMBER_ENSURE, NAME, MEMBER_NAME);
	request_run(rq, tx, member_ensured);
}

void single_user_forget(void)
{
	ensured = false;
}
