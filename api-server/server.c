/*
 * The parts of the server, started in the order in which they stand on each
 * other and stopped so that every request is answered: first whoever works for
 * requests (import thread, pool, body thread), then the HTTP server.
 */
#include "api-server/server.h"

#include <stddef.h>

#include "api-server/accounts/single_user.h"
#include "api-server/cache/shared_answer.h"
#include "api-server/context.h"
#include "api-server/http/body_task.h"
#include "api-server/http/files.h"
#include "api-server/http/guard.h"
#include "api-server/http/http_server.h"
#include "api-server/import/import_log.h"
#include "api-server/progress/topics.h"
#include "api-server/routes.h"
#include "api-server/settings.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/pg/pg_pool.h"
#include "common/process/metrics.h"
#include "common/process/task_thread.h"
#include "gen/embed.h"
#include "gen/sql.h"

static struct server {
	struct context context;          /* pool, thread, files, topics */
	struct task_thread *body_thread; /* for the answers of both below */
	struct shared_answers *answers;
	struct http_server *http;
} server;

static void start_database(struct event_base *base,
                           const struct settings *settings);
static void load_page(const struct settings *settings);
static bool start_http(struct event_base *base, const struct settings *settings,
                       struct error *err);
static bool is_ready(const char **why_r);
static double read_ready(void);
static void library_changed(int64_t member);
static void member_changed(int64_t member);
static void serve_cached(struct request *rq);
static void database_connected(void);

static struct metric ready = {
	.kind = METRIC_GAUGE,
	.name = "rewatch_ready",
	.help = "1: /readyz says so.",
	.read = read_ready,
};

bool server_check(const void *arg, struct error *err)
{
	const struct settings *settings = arg;

	if (!pg_settings_check(&settings->pg, err))
		return false;
	if (settings->access_mode == ACCESS_SINGLE_USER &&
	    !settings->published_on_loopback &&
	    !guard_is_loopback(settings->http.address))
		return error_set(err,
		                 "http.address is %s, but in single_user mode "
		                 "everybody who reaches the server is the "
		                 "member: set it to 127.0.0.1 or ::1",
		                 settings->http.address);
	if (settings->import.upload_max >= settings->http.bodies_max)
		return error_set(err, "import.upload_max is not less than "
		                      "http.bodies_max: nothing that large "
		                      "would arrive");
	return import_settings_check(&settings->import, err);
}

bool server_start(struct event_base *base, void *arg, struct error *err)
{
	const struct settings *settings = arg;

	server.context.base = base;
	server.context.settings = settings;
	server.context.ready = is_ready;
	server.body_thread = task_thread_new(base, BODY_TASKS_MAX);
	ensure(server.body_thread != NULL);
	start_database(base, settings);
	server.context.import_thread =
		task_thread_new(base, (int)settings->import.concurrent);
	ensure(server.context.import_thread != NULL);
	server.context.files = files_new();
	load_page(settings);
	metric_register(&ready);
	import_log_register();
	return start_http(base, settings, err);
}

void server_drain(void)
{
	http_server_drain(server.http);
	topics_drain(server.context.topics);
}

bool server_drained(void)
{
	return http_server_drained(server.http);
}

void server_stop(void)
{
	if (server.context.topics != NULL)
		topics_drain(server.context.topics);
	task_thread_free(&server.context.import_thread);
	pg_pool_free(&server.context.pool);
	task_thread_free(&server.body_thread);
	http_server_free(&server.http);
	shared_answers_free(&server.answers);
	topics_free(&server.context.topics);
	files_free(&server.context.files);
}

void server_reload(void)
{
	load_page(server.context.settings);
}

static void start_database(struct event_base *base,
                           const struct settings *settings)
{
	const struct pg_pool_options pool = {
		.settings = &settings->pg,
		.application_name = "rewatch api-server",
		.session_sql = EMBED_API_SQL,
		.schema_change = SQL_SCHEMA_CHANGE,
		.wall = &SQL_SESSION_API_WALL,
	};

	server.context.pool = pg_pool_new(base, &pool);

	const struct shared_answers_options answers = {
		.pool = server.context.pool,
		.body_thread = server.body_thread,
		.pg = &settings->pg,
		.bytes_max = (size_t)settings->cache_bytes_max,
		.changed = library_changed,
		.connected = database_connected,
		.disconnected = single_user_forget,
	};
	server.answers = shared_answers_new(base, &answers);
	server.context.topics = topics_new(base, server.context.pool,
	                                   (int)settings->events_max);
}

/* Without a page there is still the API. */
static void load_page(const struct settings *settings)
{
	struct error err;

	if (!files_load(server.context.files, settings->web_root, &err))
		log_warn("page not loaded", log_str("error", err.message));
}

static bool start_http(struct event_base *base, const struct settings *settings,
                       struct error *err)
{
	const struct http_options options = {
		.address = settings->http.address,
		.port = (int)settings->http.port,
		.limits = {
			.idle = settings->http.timeout,
			.head = settings->http.head_timeout,
			.body_rate = settings->http.body_rate,
			.connections = (int)settings->http.connections,
			.per_address =
				(int)settings->http.connections_per_address,
			.bodies = (size_t)settings->http.bodies_max,
		},
		.loopback = settings->access_mode == ACCESS_SINGLE_USER,
		.routes = route_tables,
		.admit = single_user_admit,
		.pool = server.context.pool,
		.body_thread = server.body_thread,
		.serve_cached = serve_cached,
		.changed = member_changed,
		.context = &server.context,
	};

	server.http = http_server_new(base, &options, err);
	return server.http != NULL;
}

static bool is_ready(const char **why_r)
{
	const struct pg_pool *pool = server.context.pool;

	if (pg_pool_ready(pool))
		return true;
	*why_r = pg_pool_why(pool);
	return false;
}

static double read_ready(void)
{
	const char *why;

	return is_ready(&why) ? 1 : 0;
}

static void library_changed(int64_t member)
{
	topics_changed(server.context.topics, member);
}

/* By a request to this server: nothing from before may be read after it. */
static void member_changed(int64_t member)
{
	shared_answers_drop(server.answers, member);
}

static void serve_cached(struct request *rq)
{
	shared_answers_serve(server.answers, rq);
}

static void database_connected(void)
{
	single_user_forget();
	topics_changed(server.context.topics, 0);
}
