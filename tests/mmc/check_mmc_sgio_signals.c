/* SPDX-License-Identifier: MIT */
/*
 * A signal that comes while a command runs, with an ioctl() of our own in the
 * place of the sg driver: that one gives the wait up for the first handler that
 * runs, and what becomes of the command is not known any more.
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
#include <scsi/sg.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <sys/ioctl.h> /* where its name depends on the width of time */
#endif

static volatile sig_atomic_t handled;
static bool refuse;

static void on_signal(int number)
{
	(void)number;
	handled++;
}

/* The user's ^C comes in the middle of the command. */
int ioctl(int fd, unsigned long request, ...)
{
	int before = handled;

	(void)fd;
	(void)request;
	raise(SIGINT);
	if (handled == before && !refuse)
		return 0;
	errno = handled == before ? EPERM : EINTR;
	return -1;
}

static void catch_interrupts(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	ck_assert_int_eq(sigaction(SIGINT, &action, NULL), 0);
	handled = 0;
}

START_TEST(a_signal_waits_until_the_command_is_done)
{
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };
	struct lathe_cmd cmd = { .cdb_len = 6, .timeout_ms = 1000 };

	catch_interrupts();
	refuse = false;
	ck_assert_int_eq(lathe_mmc_sgio_execute(&sgio, &cmd), 0);
	ck_assert_int_eq(cmd.sys_errno, 0);
	/* It is not lost, and the next one comes at once again. */
	ck_assert_int_eq(handled, 1);
	raise(SIGINT);
	ck_assert_int_eq(handled, 2);
}
END_TEST

/* What runs on a signal's arrival must not hide why the command failed. */
START_TEST(the_reason_of_a_failed_command_outlives_the_signal)
{
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };
	struct lathe_cmd cmd = { .cdb_len = 6, .timeout_ms = 1000 };

	catch_interrupts();
	refuse = true;
	ck_assert_int_eq(lathe_mmc_sgio_execute(&sgio, &cmd),
			 LATHE_ERR_TRANSPORT);
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(cmd.sys_errno, EPERM);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_REFUSED);
}
END_TEST

/* A caller that keeps signals away finds them kept away afterwards. */
START_TEST(the_callers_own_mask_is_left_as_it_was)
{
	struct lathe_mmc_sgio sgio = { .fd = -1, .sibling_fd = -1 };
	struct lathe_cmd cmd = { .cdb_len = 6, .timeout_ms = 1000 };
	sigset_t own, now;

	catch_interrupts();
	refuse = false;
	sigemptyset(&own);
	sigaddset(&own, SIGINT);
	ck_assert_int_eq(sigprocmask(SIG_BLOCK, &own, NULL), 0);
	ck_assert_int_eq(lathe_mmc_sgio_execute(&sgio, &cmd), 0);
	ck_assert_int_eq(handled, 0);
	ck_assert_int_eq(sigprocmask(SIG_UNBLOCK, &own, &now), 0);
	ck_assert_int_eq(sigismember(&now, SIGINT), 1);
	ck_assert_int_eq(sigismember(&now, SIGTERM), 0);
	ck_assert_int_eq(handled, 1);
}
END_TEST

/* A wait goes on behind a signal. */
START_TEST(a_signal_ends_no_sleep)
{
	uint64_t start = lathe_mmc_sgio_now_ms(NULL);
	int parent = (int)getpid(), status;
	pid_t child;

	catch_interrupts();
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		lathe_mmc_sgio_sleep_ms(NULL, 50);
		_exit(kill(parent, SIGINT) != 0);
	}
	lathe_mmc_sgio_sleep_ms(NULL, 1500);
	ck_assert_uint_ge(lathe_mmc_sgio_now_ms(NULL) - start, 1500);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(handled, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc sgio signals");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_signal_waits_until_the_command_is_done);
	tcase_add_test(t, the_reason_of_a_failed_command_outlives_the_signal);
	tcase_add_test(t, the_callers_own_mask_is_left_as_it_was);
	tcase_add_test(t, a_signal_ends_no_sleep);
	suite_add_tcase(s, t);
	return run_suite(s);
}

#else

int main(void)
{
	return 0;
}

#endif
