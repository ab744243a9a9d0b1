/* SPDX-License-Identifier: MIT */
/*
 * Nodes that somebody else has locked, with a terminal of our own for a drive:
 * this program's ioctl() says that it is one.
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
#include <stdio.h>
#include <string.h>
#if defined(__GLIBC__)
#include <sys/ioctl.h> /* where its name depends on the width of time */
#endif
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[64];

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

/* What locking fails with here; 0: the system's own answer. */
static int lock_error;

int fcntl(int fd, int command, ...)
{
	va_list args;
	void *arg;

	va_start(args, command);
	arg = va_arg(args, void *);
	va_end(args);
	if (command == F_SETLK && lock_error) {
		errno = lock_error;
		return -1;
	}
#if defined(SYS_fcntl64)
	return (int)syscall(SYS_fcntl64, fd, command, arg);
#else
	return (int)syscall(SYS_fcntl, fd, command, arg);
#endif
}

/* A node that no other program knows, so that none has it locked. */
static void make_node(void)
{
	strcpy(path, "/dev/null");
#if defined(TIOCGPTN) && defined(TIOCSPTLCK)
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	int number = 0, locked = 0;
	char own[64];

	if (master < 0 ||
	    syscall(SYS_ioctl, master, TIOCSPTLCK, &locked) != 0 ||
	    syscall(SYS_ioctl, master, TIOCGPTN, &number) != 0)
		return;
	snprintf(own, sizeof(own), "/dev/pts/%d", number);
	if (access(own, R_OK | W_OK) == 0)
		memcpy(path, own, sizeof(path));
#endif
}

struct holder {
	pid_t pid;
	int go;
};

/* Somebody who has it until told to go, and for 300 ms more. */
static struct holder lock_it(void)
{
	struct holder h;
	char byte;
	int ready[2], go[2];

	make_node();
	ck_assert_int_eq(pipe(ready), 0);
	ck_assert_int_eq(pipe(go), 0);
	h.pid = fork();
	ck_assert_int_ge(h.pid, 0);
	if (h.pid == 0) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
		int fd = open(path, O_RDWR | O_NOCTTY);

		close(go[1]);
		if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0)
			_exit(1);
		if (write(ready[1], "x", 1) != 1 || read(go[0], &byte, 1) < 0)
			_exit(1);
		lathe_mmc_sgio_sleep_ms(NULL, 300);
		_exit(0);
	}
	close(ready[1]);
	close(go[0]);
	h.go = go[1];
	ck_assert_int_eq(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return h;
}

static void let_go(struct holder *h)
{
	ck_assert_int_eq(write(h->go, "x", 1), 1);
}

static void is_gone(struct holder *h)
{
	int status;

	close(h->go);
	ck_assert_int_eq(waitpid(h->pid, &status, 0), h->pid);
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
	struct holder holder = lock_it();
	int before = lowest_free();
	uint64_t start;

	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, false, 0),
			 LATHE_ERR_BUSY);
	ck_assert_int_eq(sgio.fd, -1);
	start = lathe_mmc_sgio_now_ms(NULL);
	let_go(&holder);
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, false, 60000), 0);
	ck_assert_uint_ge(lathe_mmc_sgio_now_ms(NULL) - start, 100);
	ck_assert_int_ge(sgio.fd, 0);
	ck_assert_int_eq(sgio.sibling_fd, -1);
	lathe_mmc_sgio_close(&sgio);
	ck_assert_int_eq(sgio.fd, -1);
	/* No try has left its descriptor behind. */
	ck_assert_int_eq(lowest_free(), before);
	is_gone(&holder);
}
END_TEST

/* POSIX, fcntl(): EACCES or EAGAIN says that somebody has it. Anything else is
 * a node, or a system, without locks: O_EXCL is all there is. */
START_TEST(a_node_that_can_not_be_locked_is_used)
{
	static const struct {
		int error, want;
	} cases[] = { { ENOLCK, 0 },
		      { EINVAL, 0 },
		      { EAGAIN, LATHE_ERR_BUSY },
		      { EACCES, LATHE_ERR_BUSY } };
	struct lathe_mmc_sgio sgio;
	int before;

	make_node();
	before = lowest_free();
	lock_error = cases[_i].error;
	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, false, 0),
			 cases[_i].want);
	ck_assert_int_eq(sgio.fd >= 0, cases[_i].want == 0);
	lathe_mmc_sgio_close(&sgio);
	lock_error = 0;
	ck_assert_int_eq(lowest_free(), before);
}
END_TEST

/* Looking disturbs nobody, and is not disturbed. */
START_TEST(a_node_that_somebody_locked_can_be_looked_at)
{
	struct lathe_mmc_sgio sgio;
	struct holder holder = lock_it();

	ck_assert_int_eq(lathe_mmc_sgio_open(&sgio, path, true, 0), 0);
	lathe_mmc_sgio_close(&sgio);
	let_go(&holder);
	is_gone(&holder);
}
END_TEST

/* Both nodes of a drive are let go. */
START_TEST(a_drive_that_is_closed_is_free)
{
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };
	int before = lowest_free();

	/* The one that is opened first is the lower one. */
	sgio.sibling_fd = open("/dev/null", O_RDWR);
	sgio.fd = open("/dev/null", O_RDWR);
	ck_assert_int_ge(sgio.fd, 0);
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
	tcase_add_loop_test(t, a_node_that_can_not_be_locked_is_used, 0, 4);
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
