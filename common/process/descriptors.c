/* The limit of file descriptors. */
#include "common/process/descriptors.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "common/base/log.h"

void descriptors_raise(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0 ||
	    files.rlim_cur == files.rlim_max)
		return;
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files) == 0)
		return;
	log_warn("limit of file descriptors not raised",
	         log_str("error", strerror(errno)));
}
