/*
 * Loaded before a program (LD_PRELOAD), moves its wall clock by as many seconds
 * as the file named by SHIFT_CLOCK says, from one call to the next. The
 * monotonic clocks are left alone.
 *
 * Not libfaketime: its processes share a semaphore, which Postgres cannot open
 * any more once it runs as another user, and which one that is killed can hold
 * for ever; and it reads its file with what must not be called in Postgres's
 * signal handlers. Here the file is mapped once.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *shift;

__attribute__((constructor)) static void open_shift(void)
{
	const char *path = getenv("SHIFT_CLOCK");
	void *page;
	int fd;

	if (path == NULL)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	page = mmap(NULL, sizeof(*shift), PROT_READ, MAP_SHARED, fd, 0);
	(void)close(fd);
	if (page != MAP_FAILED)
		shift = page;
}

/* The C library names the parameters as only it may. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) int clock_gettime(clockid_t clock,
                                                         struct timespec *now)
{
	const int status = (int)syscall(SYS_clock_gettime, clock, now);

	if (status == 0 && shift != NULL &&
	    (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += *shift;
	return status;
}

__attribute__((visibility("default"))) int
gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return -1;
	now->tv_sec = ts.tv_sec;
	now->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

__attribute__((visibility("default"))) time_t time(time_t *now)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return -1;
	if (now != NULL)
		*now = ts.tv_sec;
	return ts.tv_sec;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
