#ifndef TESTS_PG_POOL_FIXTURE_H
#define TESTS_PG_POOL_FIXTURE_H

#include "common/pg/pg_pool.h"
#include "tests/pg/cluster.h"

/* Each test has a pool of one connection. After cmocka.h. */
static struct pg_settings settings;
static struct pg_pool *pool;

static inline struct pg_pool *new_pool(int64_t connections)
{
	struct pg_pool_options options = { .settings = &settings,
		                           .application_name = "pgtest" };

	settings.connections = connections;
	return pg_pool_new(cluster_base(), &options);
}

static inline int pool_setup(void **state)
{
	(void)state;
	settings = cluster_settings(1);
	pool = new_pool(1);
	pool_ready(pool);
	return 0;
}

static inline int pool_teardown(void **state)
{
	(void)state;
	pg_pool_free(&pool);
	return 0;
}

#endif
