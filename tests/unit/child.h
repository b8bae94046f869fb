#ifndef TESTS_UNIT_CHILD_H
#define TESTS_UNIT_CHILD_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Runs something in a process of its own and gives the status of waitpid(),
 * for what ends a process: ensure(), exit(), signals. The child says nothing
 * and leaves no core.
 */
static inline int child_run(void (*run)(void *arg), void *arg)
{
	const struct rlimit no_core = { 0, 0 };
	int status = -1;
	const pid_t pid = fork();

	if (pid == 0) {
		const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		(void)dup2(null, STDERR_FILENO);
		(void)dup2(null, STDOUT_FILENO);
		(void)setrlimit(RLIMIT_CORE, &no_core);
		run(arg);
		_exit(0);
	}
	(void)waitpid(pid, &status, 0);
	return status;
}

#endif
