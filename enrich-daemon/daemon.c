/*
 * One process: connections for work and one that listens, the work, the
 * summary, the status pages.
 */
#include "enrich-daemon/daemon.h"

#include <string.h>

#include "common/base/log.h"
#include "common/http/status_server.h"
#include "common/pg/pg_listen.h"
#include "common/process/metrics.h"
#include "common/process/program.h"
#include "enrich-daemon/daemon_metrics.h"
#include "enrich-daemon/db.h"
#include "enrich-daemon/index/index_keeper.h"
#include "enrich-daemon/queue/retry_dead.h"
#include "enrich-daemon/settings.h"
#include "enrich-daemon/summary.h"
#include "enrich-daemon/work/work.h"

#define OPTION_ONCE       "--once"
#define OPTION_RETRY_DEAD "--retry-dead"

const struct program_option daemon_options[] = {
	{ OPTION_ONCE, "end when there is nothing left to do" },
	{ OPTION_RETRY_DEAD, "make jobs that were given up ready again, end" },
	{ 0 }
};

static struct {
	bool once;
	bool retry_dead; /* that, and nothing else */
	struct db *db;
	struct pg_listen *listen;
	struct work *work;
	struct index_keeper *index; /* NULL: tmdb.index is off */
	struct summary *summary;
	struct status_server *status;
} d;

void daemon_option(const char *name)
{
	if (strcmp(name, OPTION_ONCE) == 0)
		d.once = true;
	if (strcmp(name, OPTION_RETRY_DEAD) == 0)
		d.retry_dead = true;
}

bool daemon_check(const void *settings, struct error *err)
{
	const struct settings *s = settings;

	/* With --retry-dead it calls nobody and takes no lease. */
	return pg_settings_check(&s->database, err) &&
	       (d.retry_dead || settings_check(s, err));
}

/* --once: nothing is left to do. */
static void daemon_idle(void)
{
	if (d.index == NULL || !index_keeper_is_busy(d.index))
		program_drain();
}

static void daemon_notified_cb(void *arg, const char *channel,
                               const char *payload)
{
	(void)arg;
	(void)channel;
	(void)payload;
	work_wake(d.work);
}

/* What was notified while nobody listened is found by looking. */
static void daemon_listening_cb(void *arg)
{
	(void)arg;
	work_wake(d.work);
}

static bool daemon_ready(const char **why_r)
{
	if (!db_ready(d.db, why_r))
		return false;
	if (!work_is_registered(d.work)) {
		*why_r = "no lease on the queue";
		return false;
	}
	if (work_breaker(d.work) == BREAKER_TOKEN_REFUSED) {
		*why_r = "TMDB does not accept the token";
		return false;
	}
	return true;
}

/* For the summary. */
static const char *daemon_tmdb(void)
{
	return work_tmdb(d.work);
}

static double daemon_is_ready(void)
{
	const char *why;

	return daemon_ready(&why) ? 1 : 0;
}

static struct metric ready = { .kind = METRIC_GAUGE,
	                       .name = "rewatch_ready",
	                       .help = "1: /readyz says so.",
	                       .read = daemon_is_ready };

static struct pg_listen *daemon_listen(struct event_base *base,
                                       const struct settings *s)
{
	static const char *const channels[] = { "enrich_job", NULL };

	return pg_listen_new(
		base,
		&(struct pg_listen_options){
			.settings = &s->database,
			.application_name = "rewatch enrich-daemon listen",
			.channels = channels,
			.on_notify = daemon_notified_cb,
			.on_connect = daemon_listening_cb,
		});
}

bool daemon_start(struct event_base *base, void *settings, struct error *err)
{
	const struct settings *s = settings;

	if (d.retry_dead) {
		d.db = db_new(base, &s->database);
		retry_dead(d.db);
		return true;
	}
	daemon_metrics_register();
	metric_register(&ready);
	d.db = db_new(base, &s->database);
	d.work = work_new(&(struct work_options){
		.base = base,
		.db = d.db,
		.settings = s,
		.idle = d.once ? daemon_idle : NULL,
		.token_refused = d.once ? program_give_up : NULL,
	});
	if (s->tmdb.index)
		d.index = index_keeper_new(base, d.db, s);
	d.listen = daemon_listen(base, s);
	d.summary = summary_new(base, d.db, s, daemon_tmdb);
	/* What ends by itself is not watched, and may run beside another. */
	if (d.once || s->http_port == 0)
		return true;
	d.status = status_server_new(base, s->http_address, (int)s->http_port,
	                             daemon_ready, err);
	return d.status != NULL;
}

void daemon_reload(void)
{
	if (d.work != NULL)
		work_reload(d.work);
}

void daemon_drain(void)
{
	if (d.index != NULL)
		index_keeper_drain(d.index);
	if (d.work != NULL)
		work_drain(d.work);
}

bool daemon_drained(void)
{
	if (d.index != NULL && !index_keeper_drained(d.index))
		return false;
	return d.work == NULL || work_drained(d.work);
}

void daemon_stop(void)
{
	status_server_free(&d.status);
	pg_listen_free(&d.listen);
	work_stop(d.work);
	index_keeper_stop(d.index);
	db_free(&d.db);
	index_keeper_free(&d.index);
	summary_free(&d.summary);
	work_free(&d.work);
	metrics_deinit();
}
