/* Reads /proc/self/stat (see proc(5)) and counts /proc/self/fd. */
#include "common/process/process_stat.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/base/str.h"

/* Numbers of the fields as in proc(5). */
enum field {
	FIELD_STATE = 3, /* the first one behind the name */
	FIELD_USER_TICKS = 14,
	FIELD_SYSTEM_TICKS = 15,
	FIELD_START_TICKS = 22,
	FIELD_RESIDENT_PAGES = 24
};

/* The name of the program may hold blanks and ')': begin behind the last. */
static double field_value(enum field wanted)
{
	char line[1024];
	int64_t value = 0;
	struct str head;
	FILE *f = fopen("/proc/self/stat", "re");

	if (f == NULL)
		return 0;
	const size_t len = fread(line, 1, sizeof(line) - 1, f);
	(void)fclose(f);
	line[len] = '\0';

	const char *name_end = strrchr(line, ')');
	if (name_end == NULL)
		return 0;
	struct str rest = str_trim(str_of(name_end + 1));
	for (int field = FIELD_STATE; str_cut(&rest, ' ', &head); field++) {
		if (field == (int)wanted)
			return str_to_int64(head, 0, INT64_MAX, &value)
			               ? (double)value
			               : 0;
	}
	return 0;
}

static double ticks_per_second(void)
{
	return (double)sysconf(_SC_CLK_TCK);
}

double process_resident_bytes(void)
{
	return field_value(FIELD_RESIDENT_PAGES) *
	       (double)sysconf(_SC_PAGESIZE);
}

/* Without ".", ".." and the directory that is being read. */
double process_open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	if (d == NULL)
		return 0;
	while (readdir(d) != NULL)
		n++;
	(void)closedir(d);
	return n - 3;
}

double process_max_files(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (double)limit.rlim_cur
	                                             : 0;
}

double process_cpu_seconds(void)
{
	return (field_value(FIELD_USER_TICKS) +
	        field_value(FIELD_SYSTEM_TICKS)) /
	       ticks_per_second();
}

static double seconds_of(clockid_t clock)
{
	struct timespec now = { 0, 0 };

	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Kept, since a corrected wall clock would make it look like a restart. */
double process_start_seconds(void)
{
	static double start;

	if (start == 0)
		start = seconds_of(CLOCK_REALTIME) -
		        seconds_of(CLOCK_BOOTTIME) +
		        field_value(FIELD_START_TICKS) / ticks_per_second();
	return start;
}
