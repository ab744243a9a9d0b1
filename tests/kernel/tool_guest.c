/* SPDX-License-Identifier: MIT */
/*
 * tool_guest.c - what the guest of the kernel tests needs and no program of a
 * bare system gives.
 *
 *	tool_guest load MODULE.ko...	modules by their paths
 *	tool_guest hold NODE		open it for exclusive use, and sleep
 */
#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	long result = -1;

	if (fd >= 0)
		result = syscall(SYS_finit_module, fd, "", 0);
	if (result && errno != EEXIST) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return 1;
	}
	close(fd);
	return 0;
}

static int hold(const char *path)
{
	if (open(path, O_RDWR | O_EXCL | O_NONBLOCK) < 0) {
		perror(path);
		return 1;
	}
	puts("held");
	fflush(stdout);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	int failed = 0;

	if (argc == 3 && strcmp(argv[1], "hold") == 0)
		return hold(argv[2]);
	if (argc < 3 || strcmp(argv[1], "load") != 0)
		return 2;
	for (int i = 2; i < argc && !failed; i++)
		failed = load(argv[i]);
	return failed;
}
