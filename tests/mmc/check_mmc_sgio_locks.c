/* SPDX-License-Identifier: MIT */
/*
 * Nodes that somebody else has locked, with /dev/null for a drive: this
 * program's own ioctl() says that it is one.
 */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#define _TIME_BITS 64
#define _FILE_OFFSET_BITS 64

#include <check.h>
#include <stdlib.h>

#include "mmc/lathe_mmc.h"
#include "tests/suite.h"

#if defined(__linux__)

#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#if defined(__GLIBC__)
#include <sys/ioctl.h> /* where its name depends on the width of time */
#endif
#include <sys/wait.h>
#include <unistd.h>

static const char path[] = "/dev/null";

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	(void)fd;
	if (request != SG_GET_VERSION_NUM) {
		errno = ENOTTY;
		return -1;
	}
	va_start(args, request);
	*va_arg(args, int *) = 30536;
	va_end(args);
	return 0;
}

/* Somebody who has it for 'ms', from now on. */
static pid_t lock_it(uint32_t ms)
{
	char byte;
	int ready[2];
	pid_t child;

	ck_assert_int_eq(pipe(ready), 0);
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(path, O_RDWR);

		if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0)
			_exit(1);
		if (write(ready[1], "x", 1) != 1)
			_exit(1);
		lathe_mmc_sgio_sleep_ms(NULL, ms);
		_exit(0);
	}
	close(ready[1]);
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void is_gone(pid_t child)
{
	int status;

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

/* The number that the next open() would give. */
static int lowest_free(void)
{
	int fd = dup(0);

	ck_assert_int_ge(fd, 0);
	close(fd);
	return fd;
}

START_TEST(a_node_that_somebody_locked_is_waited_for)
{
	struct lathe_mmc_sgio sgio;
	pid_t child = lock_it(300);
	uint64_t start = lathe_mmc_sgio_now_ms(NULL);
	int before = lowest_free();

	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, false, 0),
			 LATHE_ERR_BUSY);
	ck_assert_int_eq(sgio.fd, -1);
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, false, 10000), 0);
	ck_assert_uint_ge(lathe_mmc_sgio_now_ms(NULL) - start, 100);
	ck_assert_int_ge(sgio.fd, 0);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	lathe_mmc_sgio_close(&sgio);
	ck_assert_int_eq(sgio.fd, -1);
	/* No try has left its descriptor behind. */
	ck_assert_int_eq(lowest_free(), before);
	is_gone(child);
}
END_TEST

/* Looking disturbs nobody, and is not disturbed. */
START_TEST(a_node_that_somebody_locked_can_be_looked_at)
{
	struct lathe_mmc_sgio sgio;
	pid_t child = lock_it(300);

	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, true, 0), 0);
	lathe_mmc_sgio_close(&sgio);
	is_gone(child);
}
END_TEST

/* Both nodes of a drive are let go. */
START_TEST(a_drive_that_is_closed_is_free)
{
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };
	int before = lowest_free();

	sgio.fd = open(path, O_RDWR);
	sgio.sibling_fd = open(path, O_RDWR);
	ck_assert_int_ge(sgio.sibling_fd, 0);
	lathe_mmc_sgio_close(&sgio);
	ck_assert_int_eq(lowest_free(), before);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	/* Once more: nothing. */
	lathe_mmc_sgio_close(&sgio);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc sgio locks");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_node_that_somebody_locked_is_waited_for);
	tcase_add_test(t, a_node_that_somebody_locked_can_be_looked_at);
	tcase_add_test(t, a_drive_that_is_closed_is_free);
	suite_add_tcase(s, t);
	return run_suite(s);
}

#else

int main(void)
{
	return 0;
}

#endif
