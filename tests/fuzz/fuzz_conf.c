/*
 * Fuzzes common/conf/conf: any bytes as a configuration file. Either it is
 * loaded and within the ranges of the table, or nothing has to be freed.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/conf/conf.h"

struct settings {
	bool on;
	int64_t port;
	char *address;
	char *token;
	int colour;
	int64_t wait;
	int64_t size;
};

static const char *const colours[] = { "red", "green", NULL };

static const struct conf_key keys[] = {
	{ .path = "http.on",
	  .type = CONF_BOOL,
	  .offset = offsetof(struct settings, on),
	  .def = "true" },
	{ .path = "http.port",
	  .type = CONF_INT,
	  .offset = offsetof(struct settings, port),
	  .def = "8080",
	  .min = 1,
	  .max = 65535,
	  .reloadable = true },
	{ .path = "http.address",
	  .type = CONF_STRING,
	  .offset = offsetof(struct settings, address),
	  .def = "127.0.0.1",
	  .max = 20 },
	{ .path = "tmdb.token",
	  .type = CONF_SECRET,
	  .offset = offsetof(struct settings, token),
	  .def = "",
	  .reloadable = true },
	{ .path = "tmdb.colour",
	  .type = CONF_CHOICE,
	  .offset = offsetof(struct settings, colour),
	  .def = "green",
	  .choices = colours },
	{ .path = "tmdb.wait",
	  .type = CONF_DURATION,
	  .offset = offsetof(struct settings, wait),
	  .def = "30s",
	  .min = 1,
	  .max = 60000 },
	{ .path = "tmdb.size",
	  .type = CONF_SIZE,
	  .offset = offsetof(struct settings, size),
	  .def = "4KiB" },
	{ 0 }
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct settings *s)
{
	ensure(s->port >= 1 && s->port <= 65535);
	ensure(strlen(s->address) <= 20);
	ensure(strlen(s->token) <= 4096);
	ensure(s->colour == 0 || s->colour == 1);
	ensure(s->wait >= 1 && s->wait <= 60000);
	ensure(s->size >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings s = { 0 };
	struct settings defaults = { 0 };
	struct error err;
	char path[32];
	struct conf_changes changes;
	const int fd = memfd_create("conf", MFD_CLOEXEC);

	log_setup(NULL, LOG_FORMAT_LOGFMT, LOG_LEVEL_ERROR);
	ensure(fd >= 0);
	ensure(write(fd, data, size) == (ssize_t)size);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);

	ensure(conf_load(keys, &defaults, NULL, &err));
	const bool loaded = conf_load(keys, &s, path, &err);
	ensure(conf_reload(keys, &defaults, path, NULL, &changes, &err) ==
	       loaded);
	check(&defaults);
	if (loaded) {
		check(&s);
		ensure(s.port == defaults.port);
		ensure(strcmp(s.token, defaults.token) == 0);
	} else {
		ensure(s.address == NULL && s.token == NULL);
		ensure(strlen(err.message) > 0);
	}
	conf_free(keys, &s);
	conf_free(keys, &defaults);
	ensure(close(fd) == 0);
	return 0;
}
