/* SPDX-License-Identifier: MIT */
/*
 * What the iSCSI transport makes of an answer. The target is a function of our
 * own in the place of libiscsi's.
 */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* setitimer */

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "mmc/lathe_mmc.h"
#include "tests/suite.h"

#if defined(__has_include)
#if __has_include(<iscsi/scsi-lowlevel.h>)
#define HAVE_LIBISCSI
#endif
#endif

#if defined(HAVE_LIBISCSI)

#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>

/* The answer: two bytes of length, then the sense data (RFC 7143, 11.4.7). */
static struct {
	int status;
	const char *sense;
	size_t sense_len, missing;
	bool lost, waits;	/* the connection; for a signal */
	struct scsi_task *task;	/* waits for its answer */
	iscsi_command_cb answer;
	void *answer_ctx;
	int socket[2], destroyed;
} target;

static volatile sig_atomic_t alarms;

int iscsi_scsi_command_async(struct iscsi_context *iscsi, int lun,
			     struct scsi_task *task, iscsi_command_cb answer,
			     struct iscsi_data *data, void *ctx)
{
	(void)iscsi;
	(void)lun;
	(void)data;
	target.task = task;
	target.answer = answer;
	target.answer_ctx = ctx;
	return 0;
}

static void answer(struct iscsi_context *iscsi, int status)
{
	struct scsi_task *task = target.task;

	target.task = NULL;
	if (!task)
		return;
	task->status = status;
	target.answer(iscsi, status, task, target.answer_ctx);
}

int iscsi_get_fd(struct iscsi_context *iscsi)
{
	(void)iscsi;
	return target.socket[0];
}

int iscsi_which_events(struct iscsi_context *iscsi)
{
	(void)iscsi;
	return 1; /* POLLIN */
}

int iscsi_service(struct iscsi_context *iscsi, int events)
{
	struct scsi_task *task = target.task;

	(void)events;
	if (target.lost)
		return -1;
	if (target.waits && !alarms)
		return 0;
	if (target.missing) {
		task->residual_status = SCSI_RESIDUAL_UNDERFLOW;
		task->residual = target.missing;
	}
	if (target.sense_len) {
		task->datain.size = (int)target.sense_len + 2;
		task->datain.data = malloc(target.sense_len + 2);
		ck_assert_ptr_nonnull(task->datain.data);
		task->datain.data[0] = 0;
		task->datain.data[1] = (unsigned char)target.sense_len;
		memcpy(task->datain.data + 2, target.sense, target.sense_len);
	}
	answer(iscsi, target.status);
	return 0;
}

/* No context of libiscsi itself, which nobody here could give back. */
struct iscsi_context *iscsi_create_context(const char *initiator)
{
	(void)initiator;
	return NULL;
}

/* As libiscsi's does: what waits is answered. */
int iscsi_destroy_context(struct iscsi_context *iscsi)
{
	target.destroyed++;
	answer(iscsi, SCSI_STATUS_CANCELLED);
	return 0;
}

int iscsi_set_timeout(struct iscsi_context *iscsi, int timeout)
{
	(void)iscsi;
	(void)timeout;
	return 0;
}

static const char recovered[18] = "\xf0\0\x01\0\0\0\0\x0a\0\0\0\0\x0c\0";

static ssize_t write_one(int fd)
{
	return write(fd, "", 1);
}

static int run(struct lathe_cmd *cmd, int status, const char *sense,
	       size_t missing)
{
	static uint8_t blocks[4 * 2048];
	struct lathe_mmc_iscsi iscsi = { .context = &target };
	const struct lathe_cmd write = {
		.cdb = { 0x2a, 0, 0, 0, 0, 0, 0, 0, 4, 0 },
		.cdb_len = 10,
		.data = blocks,
		.data_len = sizeof(blocks),
		.to_drive = true,
		.timeout_ms = 1000,
	};
	int err;

	*cmd = write;
	/* There is something to be read, but where a signal is waited for. */
	ck_assert_int_eq(pipe(target.socket), 0);
	if (!target.waits)
		ck_assert_int_eq(write_one(target.socket[1]), 1);
	target.destroyed = 0;
	target.status = status;
	target.sense = sense;
	target.sense_len = sense ? 18 : 0;
	target.missing = missing;
	err = lathe_mmc_iscsi_execute(&iscsi, cmd);
	close(target.socket[0]);
	close(target.socket[1]);
	/* Nothing is answered behind the call. */
	ck_assert_ptr_null(target.task);
	ck_assert_int_eq(target.destroyed, !iscsi.context);
	return err;
}

/* Sense key 1: the WRITE was carried out, with a retry. */
START_TEST(a_recovered_write_has_moved_its_data)
{
	struct lathe_cmd cmd;

	ck_assert_int_eq(run(&cmd, SCSI_STATUS_CHECK_CONDITION, recovered, 0),
			 0);
	ck_assert_uint_eq(cmd.status, 0x02);
	ck_assert_uint_eq(cmd.sense_len, 18);
	ck_assert_mem_eq(cmd.sense, recovered, 18);
	ck_assert_uint_eq(cmd.moved, 4 * 2048);
}
END_TEST

START_TEST(the_residual_count_is_taken_off)
{
	struct lathe_cmd cmd;

	ck_assert_int_eq(run(&cmd, SCSI_STATUS_CHECK_CONDITION, recovered,
			     2048),
			 0);
	ck_assert_uint_eq(cmd.moved, 3 * 2048);
	ck_assert_int_eq(run(&cmd, SCSI_STATUS_GOOD, NULL, 2048), 0);
	ck_assert_uint_eq(cmd.moved, 3 * 2048);
	ck_assert_int_eq(run(&cmd, SCSI_STATUS_GOOD, NULL, 5 * 2048), 0);
	ck_assert_uint_eq(cmd.moved, 0);
}
END_TEST

START_TEST(what_is_no_status_has_a_cause)
{
	struct lathe_cmd cmd;

	ck_assert_int_eq(run(&cmd, SCSI_STATUS_TIMEOUT, NULL, 0),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(run(&cmd, SCSI_STATUS_ERROR, NULL, 0),
			 LATHE_ERR_TRANSPORT);
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_GONE);
}
END_TEST

/* The command and what it answers to end with the call: libiscsi answers what
 * it has not when its context goes. */
START_TEST(a_lost_connection_leaves_nothing_behind)
{
	struct lathe_cmd cmd;

	target.lost = true;
	ck_assert_int_eq(run(&cmd, SCSI_STATUS_GOOD, NULL, 0),
			 LATHE_ERR_TRANSPORT);
	target.lost = false;
	ck_assert_uint_eq(cmd.cause, LATHE_CAUSE_GONE);
	ck_assert_int_eq(target.destroyed, 1);
}
END_TEST

static void note_alarm(int number)
{
	(void)number;
	alarms++;
}

/* Who asks to stop a burn does not break the WRITE that is under way. */
START_TEST(a_signal_does_not_end_a_command)
{
	const struct itimerval soon = { { 0, 0 }, { 0, 50000 } };
	const struct sigaction action = { .sa_handler = note_alarm };
	struct lathe_cmd cmd;

	ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
	alarms = 0;
	target.waits = true;
	ck_assert_int_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
	ck_assert_int_eq(run(&cmd, SCSI_STATUS_GOOD, NULL, 0), 0);
	target.waits = false;
	ck_assert_int_eq(alarms, 1);
	ck_assert_uint_eq(cmd.moved, 4 * 2048);
}
END_TEST

int main(void)
{
	struct lathe_mmc_iscsi iscsi;
	Suite *s;
	TCase *t;

	/* Made without it: there is no such transport. */
	if (lathe_mmc_iscsi_open(&iscsi, "nothing", 0) ==
	    LATHE_ERR_UNSUPPORTED)
		return 0;
	s = suite_create("mmc iscsi");
	t = tcase_create("all");
	tcase_add_test(t, a_recovered_write_has_moved_its_data);
	tcase_add_test(t, the_residual_count_is_taken_off);
	tcase_add_test(t, what_is_no_status_has_a_cause);
	tcase_add_test(t, a_lost_connection_leaves_nothing_behind);
	tcase_add_test(t, a_signal_does_not_end_a_command);
	suite_add_tcase(s, t);
	return run_suite(s);
}

#else

int main(void)
{
	return 0;
}

#endif
