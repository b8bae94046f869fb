/* cache/cache: which bodies may be sent when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "api-server/cache/cache.h"
#include "api-server/http/body.h"
#include "common/base/attr.h"
#include "common/base/mem.h"

#define ANNA  1
#define BERTA 2

/* Puts a body whose text is its version. */
static void put(struct cache *c, int64_t member, const char *key,
                const char *version, int64_t asked_ms)
{
	const struct version_stamp stamp = { version, cache_epoch(c),
		                             asked_ms };
	struct body *body = body_new("text/plain", version, strlen(version));

	cache_put(c, member, key, &stamp, body);
	body_unref(&body);
}

static void verify(struct cache *c, int64_t member, const char *version,
                   int64_t asked_ms)
{
	const struct version_stamp stamp = { version, cache_epoch(c),
		                             asked_ms };

	cache_verify(c, member, &stamp);
}

/* "none", "unverified" or the text of the body that may be sent. */
static const char *look(struct cache *c, int64_t member, const char *key,
                        int64_t now_ms)
{
	struct body *body = NULL;

	switch (cache_find(c, member, key, now_ms, &body)) {
	case CACHE_NONE:
		return "none";
	case CACHE_UNVERIFIED:
		return "unverified";
	case CACHE_GOOD:
		return body->data;
	}
	return "?";
}

static void keeps_what_is_verified(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	assert_string_equal(look(c, ANNA, "/stats", 0), "none");
	put(c, ANNA, "/stats", "v1", 0);
	assert_string_equal(look(c, ANNA, "/stats", 0), "v1");
	assert_string_equal(look(c, ANNA, "/stats", 4999), "v1");
	assert_string_equal(look(c, BERTA, "/stats", 0), "none");
	assert_string_equal(look(c, ANNA, "/stats&year", 0), "none");
	put(c, ANNA, "/stats", "v2", 0);
	assert_string_equal(look(c, ANNA, "/stats", 4999), "v2");
	cache_free(&c);
	cache_free(&c);
}

static void lets_nothing_grow_old(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "/stats", "v1", 5000);
	/* A day later, whatever is read of its version. */
	verify(c, ANNA, "v1", 86400000);
	assert_string_equal(look(c, ANNA, "/stats", 86404999), "v1");
	assert_string_equal(look(c, ANNA, "/stats", 86405000), "none");
	cache_free(&c);
}

static void asks_again_after_an_invalidation(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "/stats", "v1", 0);
	put(c, ANNA, "/years", "v1", 0);
	put(c, BERTA, "/stats", "v9", 0);
	cache_invalidate_all(c);
	/* A version read less than a second ago still counts. */
	assert_string_equal(look(c, ANNA, "/stats", 999), "v1");
	assert_string_equal(look(c, ANNA, "/stats", 1000), "unverified");
	assert_string_equal(look(c, BERTA, "/stats", 1000), "unverified");
	verify(c, ANNA, "v1", 1000);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "v1");
	assert_string_equal(look(c, ANNA, "/years", 5000), "v1");
	assert_string_equal(look(c, BERTA, "/stats", 1000), "unverified");
	/* Another version: what was computed from the old one goes. */
	cache_invalidate_all(c);
	verify(c, BERTA, "v10", 2000);
	assert_string_equal(look(c, BERTA, "/stats", 2000), "none");
	cache_free(&c);
}

static void asks_again_after_a_while(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "/stats", "v1", 0);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "unverified");
	verify(c, ANNA, "v1", 5000);
	assert_string_equal(look(c, ANNA, "/stats", 9999), "v1");
	assert_string_equal(look(c, ANNA, "/stats", 10000), "unverified");
	cache_free(&c);
}

static void invalidates_one_member(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "/stats", "v1", 0);
	put(c, BERTA, "/stats", "v1", 0);
	cache_invalidate(c, ANNA);
	assert_string_equal(look(c, ANNA, "/stats", 1000), "unverified");
	assert_string_equal(look(c, BERTA, "/stats", 1000), "v1");
	verify(c, ANNA, "v1", 1000);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "v1");
	cache_free(&c);
}

/* Of a member of whom nothing is kept yet. */
static void invalidates_what_is_being_computed(void **state)
{
	struct cache *c = cache_new(100000);
	struct body *body = body_new("text/plain", "v1", 2);

	(void)state;
	cache_set_listening(c, true);
	const struct version_stamp before = { "v1", cache_epoch(c), 0 };
	cache_invalidate(c, ANNA);
	cache_put(c, ANNA, "/stats", &before, body);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "unverified");
	body_unref(&body);
	cache_free(&c);
}

static void counts_an_invalidation_during_the_question(void **state)
{
	struct cache *c = cache_new(100000);
	struct body *body = body_new("text/plain", "v1", 2);

	(void)state;
	cache_set_listening(c, true);
	const struct version_stamp before = { "v1", cache_epoch(c), 0 };
	cache_invalidate_all(c); /* between the question and its answer */
	cache_put(c, ANNA, "/stats", &before, body);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "unverified");
	cache_verify(c, ANNA, &before);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "unverified");
	body_unref(&body);
	cache_free(&c);
}

static void trusts_nothing_while_it_does_not_listen(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	put(c, ANNA, "/stats", "v1", 0);
	assert_string_equal(look(c, ANNA, "/stats", 5), "v1");
	assert_string_equal(look(c, ANNA, "/stats", 1000), "unverified");
	cache_set_listening(c, true);
	assert_string_equal(look(c, ANNA, "/stats", 1000), "unverified");
	verify(c, ANNA, "v1", 1000);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "v1");
	cache_set_listening(c, false);
	assert_string_equal(look(c, ANNA, "/stats", 5000), "unverified");
	cache_free(&c);
}

static void drops_a_member(void **state)
{
	struct cache *c = cache_new(100000);

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "/stats", "v1", 0);
	put(c, ANNA, "/years", "v1", 0);
	put(c, BERTA, "/stats", "v1", 0);
	cache_drop(c, ANNA);
	assert_string_equal(look(c, ANNA, "/stats", 0), "none");
	assert_string_equal(look(c, ANNA, "/years", 0), "none");
	assert_string_equal(look(c, BERTA, "/stats", 0), "v1");
	cache_free(&c);
}

static void is_bounded(void **state)
{
	struct cache *c = cache_new(10000);
	struct body *large;
	char key[16];

	(void)state;
	cache_set_listening(c, true);
	put(c, ANNA, "kept", "v1", 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		put(c, i % 7 + 1, key, "v1", 0);
		assert_string_equal(look(c, ANNA, "kept", 0), "v1");
		assert_true(cache_bytes(c) <= 10000);
	}
	assert_string_equal(look(c, 999 % 7 + 1, "k999", 0), "v1");
	assert_string_equal(look(c, 1, "k0", 0), "none");

	large = body_new("text/plain", "", 0);
	large->len = 10000; /* what it says it is */
	cache_put(c, ANNA, "large", &(struct version_stamp){ "v1", 0, 0 },
	          large);
	assert_string_equal(look(c, ANNA, "large", 0), "none");
	body_unref(&large);
	cache_free(&c);
}

static void may_be_none(void **state)
{
	struct cache *c = cache_new(0);

	(void)state;
	put(c, ANNA, "/stats", "v1", 0);
	assert_string_equal(look(c, ANNA, "/stats", 0), "none");
	assert_int_equal(cache_bytes(c), 0);
	cache_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_is_verified),
		cmocka_unit_test(lets_nothing_grow_old),
		cmocka_unit_test(asks_again_after_an_invalidation),
		cmocka_unit_test(asks_again_after_a_while),
		cmocka_unit_test(invalidates_one_member),
		cmocka_unit_test(invalidates_what_is_being_computed),
		cmocka_unit_test(counts_an_invalidation_during_the_question),
		cmocka_unit_test(trusts_nothing_while_it_does_not_listen),
		cmocka_unit_test(drops_a_member),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(may_be_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
