/* SPDX-License-Identifier: MIT */
/*
 * What the iSCSI transport makes of an answer. The target is a function of our
 * own in the place of libiscsi's.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

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
} target;

struct scsi_task *iscsi_scsi_command_sync(struct iscsi_context *iscsi, int lun,
					  struct scsi_task *task,
					  struct iscsi_data *data)
{
	(void)iscsi;
	(void)lun;
	(void)data;
	task->status = target.status;
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
	return task;
}

int iscsi_set_timeout(struct iscsi_context *iscsi, int timeout)
{
	(void)iscsi;
	(void)timeout;
	return 0;
}

static const char recovered[18] = "\xf0\0\x01\0\0\0\0\x0a\0\0\0\0\x0c\0";

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

	*cmd = write;
	target.status = status;
	target.sense = sense;
	target.sense_len = sense ? 18 : 0;
	target.missing = missing;
	return lathe_mmc_iscsi_execute(&iscsi, cmd);
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
	suite_add_tcase(s, t);
	return run_suite(s);
}

#else

int main(void)
{
	return 0;
}

#endif
