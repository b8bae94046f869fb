/*
 * enrich-daemon: fills in from TMDB what the members' exports do not say.
 */
#include "common/process/program.h"
#include "enrich-daemon/daemon.h"
#include "enrich-daemon/settings.h"

int main(int argc, char **argv)
{
	static const struct program program = {
		.name = "enrich-daemon",
		.help = "Looks up films of the queue in TMDB and stores what "
			"it learns.\n"
			"--once ends it when nothing is left to do.\n"
			"--retry-dead puts the jobs that were given up "
			"back, says how many, and\nends.",
		.keys = settings_keys,
		.settings_size = sizeof(struct settings),
		.common_offset = offsetof(struct settings, common),
		.check = daemon_check,
		.start = daemon_start,
		.reload = daemon_reload,
		.drain = daemon_drain,
		.drained = daemon_drained,
		.stop = daemon_stop,
		.options = daemon_options,
		.option = daemon_option,
	};

	return program_main(&program, argc, argv);
}
