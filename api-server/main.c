/* Rewatch's API server: the HTTP API, the import, the statistics, the page. */
#include <stddef.h>

#include "api-server/server.h"
#include "api-server/settings.h"
#include "common/process/program.h"

static const struct program program = {
	.name = "api-server",
	.help = "Serves Rewatch's API and page: takes Letterboxd exports, "
		"answers with films,\nwatches and statistics. Everything is "
		"set in the configuration file; the\ndatabase is DATABASE_URL.",
	.keys = settings_keys,
	.settings_size = sizeof(struct settings),
	.common_offset = offsetof(struct settings, program),
	.check = server_check,
	.start = server_start,
	.drain = server_drain,
	.drained = server_drained,
	.stop = server_stop,
	.reload = server_reload,
};

int main(int argc, char **argv)
{
	return program_main(&program, argc, argv);
}
