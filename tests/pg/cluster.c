/* See cluster.h. */
#include "tests/pg/cluster.h"

#include <arpa/inet.h>
#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/process/metrics.h"

static char parent[] = "/tmp/rewatch-pgtest-XXXXXX";
static char directory[64];
static struct event_base *base;

static void shell(const char *command)
{
	/* The tests' own commands: no input from outside. */
	if (system(command) != 0) // NOLINT(cert-env33-c)
		fail_msg("failed: %s", command);
}

void cluster_do(const char *command, const char *argument)
{
	char *line = xasprintf("config/cluster.sh %s %s %s", command, directory,
	                       argument);

	shell(line);
	free(line);
}

int cluster_setup(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	/* Connections are lost all the time here. */
	log_setup("pgtest", LOG_FORMAT_LOGFMT, LOG_LEVEL_ERROR);
	(void)setenv("PGOPTIONS", "-c client_min_messages=warning", 1);
	if (mkdtemp(parent) == NULL || chmod(parent, 0755) != 0)
		return -1;
	(void)snprintf(directory, sizeof(directory), "%s/pg", parent);
	(void)setenv("PG_OPTIONS", "-c fsync=off", 1);
	cluster_do("start", "");
	cluster_do("migrate", "");
	base = event_base_new();
	return base == NULL ? -1 : 0;
}

int cluster_teardown(void **state)
{
	char *line = xasprintf("rm -rf %s", parent);

	(void)state;
	event_base_free(base);
	metrics_deinit();
	libevent_global_shutdown();
	cluster_do("stop", "immediate");
	shell(line);
	free(line);
	return 0;
}

struct event_base *cluster_base(void)
{
	return base;
}

int64_t cluster_metric(const char *name_and_label)
{
	char *begin = xasprintf("\n%s ", name_and_label);
	const char *line;
	int64_t value = 0;
	struct buf text;

	buf_init(&text, 1 << 20);
	metrics_write(&text);
	line = strstr(text.data, begin);
	if (line != NULL)
		value = strtoll(line + strlen(begin), NULL, 10);
	buf_deinit(&text);
	free(begin);
	return value;
}

const char *cluster_url(const char *role)
{
	static char url[256];

	(void)snprintf(url, sizeof(url),
	               "postgresql://%s@/rewatch?host=%s&port=5432", role,
	               directory);
	return url;
}

struct pg_settings cluster_settings(int64_t connections)
{
	static char url[256];

	(void)snprintf(url, sizeof(url), "%s", cluster_url("rewatch_api"));
	return (struct pg_settings){ .url = url,
		                     .connections = connections,
		                     .queue_max = 256,
		                     .connect_timeout = 3000,
		                     .deadline = 10000 };
}

void cluster_sql(const char *fmt, ...)
{
	char sql[4096];
	char *line;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(sql, sizeof(sql), fmt, ap);
	va_end(ap);
	line = xasprintf("psql -X -q -v ON_ERROR_STOP=1 '%s' >/dev/null <<'END'"
	                 "\n%s;\nEND",
	                 cluster_url("postgres"), sql);
	shell(line);
	free(line);
}

pid_t cluster_begin(const char *const *commands)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid != 0)
		return pid;
	for (; *commands != NULL; commands += 2)
		cluster_do(commands[0], commands[1]);
	_exit(0);
}

bool cluster_ended(pid_t pid)
{
	int status;
	pid_t ended = waitpid(pid, &status, WNOHANG);

	assert_true(ended >= 0);
	if (ended == 0)
		return false;
	assert_int_equal(status, 0);
	return true;
}

pid_t cluster_backend(const char *application_name)
{
	char *line = xasprintf("psql -X -At '%s' -c \"SELECT pid FROM "
	                       "pg_stat_activity WHERE application_name = "
	                       "'%s'\"",
	                       cluster_url("postgres"), application_name);
	FILE *psql = popen(line, "r"); // NOLINT(cert-env33-c)
	char pid[32] = "";

	free(line);
	assert_non_null(psql);
	assert_non_null(fgets(pid, sizeof(pid), psql));
	assert_int_equal(pclose(psql), 0);
	return (pid_t)strtol(pid, NULL, 10);
}

const char *cluster_directory(void)
{
	return directory;
}

int silent_listener(char *out, size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	(void)snprintf(out, size, "127.0.0.1");
	return ntohs(address.sin_port);
}

bool loop_until(const bool *flag, int64_t ms)
{
	static const struct timeval tick = { 0, 10000 };
	int64_t end = clock_ms() + ms;

	while (!*flag && clock_ms() < end) {
		event_base_loopexit(base, &tick);
		event_base_dispatch(base);
	}
	return *flag;
}

void loop_for(int64_t ms)
{
	bool never = false;

	(void)loop_until(&never, ms);
}

void answer_expect(struct answer *a)
{
	*a = (struct answer){ .began_ms = clock_ms(), .failed = -2 };
}

void answer_deinit(struct answer *a)
{
	for (int i = 0; i < ANSWER_VALUES; i++)
		free(a->values[i]);
	*a = (struct answer){ 0 };
}

static void keep(struct answer *a, int i, const struct pg_rows *rows)
{
	if (pg_count(rows) > 0 && !pg_is_null(rows, 0, "v"))
		a->values[i] = xstrdup(pg_text(rows, 0, "v"));
}

void answer_cb(void *arg, const struct pg_outcome *o)
{
	struct answer *a = arg;

	a->done = true;
	a->times++;
	a->after_ms = clock_ms() - a->began_ms;
	a->error = o->error;
	a->failed = o->failed;
	a->count = o->count;
	(void)snprintf(a->sqlstate, sizeof(a->sqlstate), "%s", o->sqlstate);
	(void)snprintf(a->message, sizeof(a->message), "%s",
	               o->message ? o->message : "");
	for (int i = 0; i < o->count && i < ANSWER_VALUES; i++)
		keep(a, i, o->results[i]);
}

void run(struct pg_pool *pool, struct pg_tx *tx, struct answer *a)
{
	answer_expect(a);
	pg_pool_run(pool, tx, answer_cb, a);
	assert_false(a->done);
	assert_true(loop_until(&a->done, 30000));
}

struct pg_tx *tx_of(const struct sql *sql)
{
	struct pg_tx *tx = pg_tx_new();

	pg_tx_add(tx, sql);
	return tx;
}

int64_t run_int(struct pg_pool *pool, const struct sql *sql)
{
	struct answer a;
	int64_t value;

	pool_ready(pool);
	run(pool, tx_of(sql), &a);
	assert_string_equal(a.message, "");
	assert_non_null(a.values[0]);
	value = strtoll(a.values[0], NULL, 10);
	answer_deinit(&a);
	return value;
}

void pool_ready(const struct pg_pool *pool)
{
	for (int i = 0; i < 1000 && !pg_pool_ready(pool); i++)
		loop_for(10);
	assert_true(pg_pool_ready(pool));
}

/* The first answers of a slow server may be that it is not connected yet. */
void pool_refused(struct pg_pool *pool, const char *why)
{
	static const struct sql one = { 1999, "t_refused", "SELECT 1 AS v", 0,
		                        NULL };
	int64_t end = clock_ms() + 3 * SLACK_MS;
	struct answer a;
	bool said;

	do {
		run(pool, tx_of(&one), &a);
		said = strstr(a.message, why) != NULL;
		assert_int_equal(a.error, PG_ERROR_DOWN);
		assert_false(pg_pool_ready(pool));
		answer_deinit(&a);
		loop_for(100);
	} while (!said && clock_ms() < end);
	if (!said)
		fail_msg("\"%s\" is not said, but \"%s\"", why,
		         pg_pool_why(pool));
	assert_non_null(strstr(pg_pool_why(pool), why));
}
