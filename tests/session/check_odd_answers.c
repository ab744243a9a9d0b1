/* SPDX-License-Identifier: MIT */
/*
 * check_odd_answers.c - drives that tell of a disc in words of their own: what
 * is on it is not forgotten for that.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/* MMC-6, READ DISC INFORMATION: the empty session is one of those in byte 4;
 * here it is not. */
static void does_not_count_it(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x51 && cmd->moved >= 12 &&
	    (cmd->data[2] & 0x0f) == 0x01)
		cmd->data[4]--;
}

/* Each session of a BD-R takes over what the one before holds. */
START_TEST(an_empty_session_is_not_counted)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	struct lathe_session_report report;
	struct model part = { 0 }, all = { 0 };
	uint32_t start = 0, i;
	const char *wrong;
	struct rig rig;
	char name[8];
	int err;

	rig_create(&rig, store, NULL);
	for (i = 0; i < 3; i++) {
		memset(&part, 0, sizeof(part));
		snprintf(name, sizeof(name), "file%u", i);
		model_put(&part, name, i, 5000);
		model_put(&all, name, i, 5000);
		rig_restart(&rig);
		rig.lie = does_not_count_it;
		err = rig_burn(&rig, &part, LATHE_SESSION_VERIFY_FULL,
			       &report);
		ck_assert_msg(!err, "%u: %s", i,
			      lathe_session_failure(rig.master)->text);
		start = report.start;
		model_free(&part);
	}
	ck_assert_uint_ne(start, 0);
	wrong = judge_volume(store, start, &all, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&all);
}
END_TEST

/* MMC-6, READ TRACK INFORMATION: bytes 28 to 31 are the last recorded address;
 * here they are nonsense, though byte 7 calls them valid. */
static void ends_early(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 32 && cmd->data[7] & 2)
		memcpy(cmd->data + 28, cmd->data + 8, 4);
}

/* The files of the first session lie behind that address, and are there. */
START_TEST(a_track_that_ends_where_it_begins)
{
	struct lathe_emulator_store *store = blank_disc(
		_i ? LATHE_EMULATOR_DVD_PLUS_R : LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct model first = { 0 }, second = { 0 }, both = { 0 };
	const char *wrong;
	struct rig rig;
	int err;

	model_put(&first, "file", 5, 500000);
	model_put(&second, "more", 9, 9000);
	model_put(&both, "file", 5, 500000);
	model_put(&both, "more", 9, 9000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &first, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_restart(&rig);
	rig.lie = ends_early;
	err = rig_burn(&rig, &second, LATHE_SESSION_VERIFY_FULL, &report);
	ck_assert_msg(!err, "%s", lathe_session_failure(rig.master)->text);
	wrong = judge_volume(store, report.start, &both, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&first);
	model_free(&second);
	model_free(&both);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: odd answers");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, an_empty_session_is_not_counted);
	tcase_add_loop_test(tc, a_track_that_ends_where_it_begins, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
