#ifndef TESTS_PG_CLUSTER_H
#define TESTS_PG_CLUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "common/pg/pg_pool.h"

/*
 * A real Postgres cluster with the real migrations for one test program, in a
 * directory of its own under /tmp, and the loop to wait in.
 */
struct event_base;

/* cmocka group setup and teardown. */
int cluster_setup(void **state);
int cluster_teardown(void **state);

struct event_base *cluster_base(void);
/* Of database rewatch as that role; borrowed until the next call. */
const char *cluster_url(const char *role);
/* Pool settings with short, known values; url is static. */
struct pg_settings cluster_settings(int64_t connections);
/* As superuser in database rewatch, outside of the pool. */
void cluster_sql(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Pairs of command and argument for config/cluster.sh, NULL at the end, run
 * beside the loop. */
pid_t cluster_begin(const char *const *commands);
/* Has it? It must have succeeded. */
bool cluster_ended(pid_t pid);
void cluster_do(const char *command, const char *argument);
/* The one server process with that application_name. */
pid_t cluster_backend(const char *application_name);
/* What our own metrics say now; 0 when there is no such line. */
int64_t cluster_metric(const char *name_and_label);
/* Where the cluster's socket is. */
const char *cluster_directory(void);
/* A port of 127.0.0.1 that accepts and never says a word, while the program
 * lives; the address goes to out. */
int silent_listener(char *out, size_t size);

/* What a busy machine may take on top of what is measured here; still below
 * what it takes when the thing tested does not work. */
#define SLACK_MS INT64_C(5000)

/* Runs the loop until *flag or the time is over; false: it is over. */
bool loop_until(const bool *flag, int64_t ms);
void loop_for(int64_t ms);

/* What an outcome was, kept beyond its callback. */
#define ANSWER_VALUES 8
struct answer {
	int64_t began_ms;
	int64_t after_ms; /* since answer_expect() */
	/* Column v of row 0 of each result; NULL: no row or NULL. */
	char *values[ANSWER_VALUES];
	enum pg_error_kind error;
	int times; /* called back */
	int failed;
	int count;
	char message[512];
	char sqlstate[6];
	bool done;
};

/* For pg_pool_run(pool, tx, answer_cb, &answer). */
void answer_cb(void *arg, const struct pg_outcome *outcome);
void answer_expect(struct answer *a);
void answer_deinit(struct answer *a);
/* Runs it to its end: at most 30 s. */
void run(struct pg_pool *pool, struct pg_tx *tx, struct answer *a);
/* A transaction of one statement without parameters. */
struct pg_tx *tx_of(const struct sql *sql);
/* Waits for the pool; the int in column v of that one statement, which must
 * succeed. */
int64_t run_int(struct pg_pool *pool, const struct sql *sql);
/* Until it has a connection. */
void pool_ready(const struct pg_pool *pool);
/* Until it says so; that it does not serve meanwhile is asserted. */
void pool_refused(struct pg_pool *pool, const char *why);

#endif
