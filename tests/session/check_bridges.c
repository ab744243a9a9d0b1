/* SPDX-License-Identifier: MIT */
/*
 * check_bridges.c - what stands between a program and its drive and tells or
 * does what is not so: a residue that is none, a command that is sent twice.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_PLUS_R,
	LATHE_EMULATOR_BD_R,
	/* Here the drive knows of no next address. */
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_BD_RE
};
enum { SEQUENTIAL = 4, ALL = 6 };

static uint32_t at;	/* the WRITE that is hit; 0: all */

static bool is_hit(const struct rig *rig, const struct lathe_cmd *cmd)
{
	return cmd->cdb[0] == 0x2A && (!at || rig->sent[0x2A] == at);
}

static void residue(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_hit(rig, cmd))
		cmd->moved = 0;
}

/* SIGSTOP and SIGCONT while the sg driver waits: the system makes the call
 * again, and the answer is that of the second WRITE. */
static void twice(struct rig *rig, struct lathe_cmd *cmd)
{
	if (is_hit(rig, cmd))
		lathe_emulator_execute(rig->emulator, cmd);
}

struct bench {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model first, both;
	struct lathe_session_report report;
};

static void open_bench(struct bench *b, int i)
{
	memset(b, 0, sizeof(*b));
	model_put(&b->first, "file", 5, 50000);
	model_put(&b->both, "file", 5, 50000);
	model_put(&b->both, "more", 9, 90000);
	b->store = blank_disc(media[i]);
	rig_create(&b->rig, b->store, NULL);
	ck_assert_int_eq(rig_burn(&b->rig, &b->first, LATHE_SESSION_VERIFY_FULL,
				  &b->report), 0);
	rig_restart(&b->rig);
	memset(b->rig.sent, 0, sizeof(b->rig.sent));
}

static int append(struct bench *b)
{
	struct model more = { 0 };
	int err;

	model_put(&more, "more", 9, 90000);
	err = rig_burn(&b->rig, &more, LATHE_SESSION_VERIFY_NONE, &b->report);
	model_free(&more);
	return err;
}

static void close_bench(struct bench *b)
{
	rig_destroy(&b->rig);
	lathe_emulator_store_close(b->store);
	model_free(&b->first);
	model_free(&b->both);
}

static uint32_t start_of(struct bench *b, int i)
{
	return i < SEQUENTIAL ? judge_session(b->store, 2) : 0;
}

/* Some bridges tell a residue where there is none; the drive, asked where it
 * goes on, has taken everything. */
START_TEST(a_residue_that_is_none)
{
	const char *wrong;
	struct bench b;
	int err;

	open_bench(&b, _i);
	at = 0;
	b.rig.lie = residue;
	err = append(&b);
	ck_assert_msg(!err, "%s", lathe_session_failure(b.rig.master)->text);
	wrong = judge_volume(b.store, start_of(&b, _i), &b.both, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	close_bench(&b);
}
END_TEST

static bool is_more(void *ctx, const char *path)
{
	(void)ctx;
	return !strcmp(path, "more");
}

/* Nothing is taken twice or left out in silence: it is a good burn, or an error
 * with the file told as not whole. That the drive goes on behind a WRITE which
 * it refused proves nothing: it may have spent blocks of its own there. */
START_TEST(a_write_that_is_sent_twice)
{
	const char *wrong;
	struct bench b;
	int err, i = _i / 8;

	open_bench(&b, i);
	at = 1 + (uint32_t)_i % 8;
	b.rig.lie = twice;
	err = append(&b);
	b.rig.lie = NULL;
	if (i >= SEQUENTIAL)
		ck_assert_int_eq(err, 0);
	if (!err || b.report.end == LATHE_SESSION_END_APPENDABLE)
		wrong = judge_volume(b.store, start_of(&b, i), &b.both,
				     b.rig.not_whole ? is_more : NULL, NULL);
	else
		wrong = judge_volume(b.store, 0, &b.first, NULL, NULL);
	ck_assert_msg(!wrong, "%d, end %d: %s", err, (int)b.report.end, wrong);
	close_bench(&b);
}
END_TEST

/* A disc is looked at for sessions, and where there are none once more: why the
 * first look failed is told, though the second does not. */
START_TEST(a_read_that_failed_is_told)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct model model = { 0 };
	const char *text;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=28 times=2 short=100"), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_TRANSPORT);
	text = lathe_session_failure(rig.master)->text;
	ck_assert_msg(strstr(text, "READ(10)") && strstr(text, "not all data"),
		      "%s", text);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- two KiB a command -------------------------------------------------- */

/* MMC-6 6.25.3.4: the full TOC has 6 entries of 11 bytes for a CD's first
 * session of one track, with the pointers in B0 and C0, and 5 for each later
 * one: from the 37th session on it is longer than such a command. */
START_TEST(a_toc_is_longer_than_a_command)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_report report;
	struct model model = { 0 };
	const uint32_t last = 40;
	char name[16];
	struct rig rig;
	uint32_t i;
	int err;

	rig_create(&rig, store, "host-max-transfer=2048");
	for (i = 1; i <= last; i++) {
		rig_restart(&rig);
		/* It is known beforehand, or found. */
		if (_i == 0)
			rig.mmc.max_transfer = 2048;
		snprintf(name, sizeof(name), "%u", i);
		model_put(&model, name, i, 3000);
		err = rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
			       &report);
		ck_assert_msg(!err, "session %u: %s", i,
			      lathe_session_failure(rig.master)->text);
		ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	}
	ck_assert_ptr_null(judge_volume(store, judge_session(store, last),
					&model, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: bridges");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_residue_that_is_none, 0, SEQUENTIAL);
	tcase_add_loop_test(tc, a_write_that_is_sent_twice, 0, 8 * ALL);
	tcase_add_test(tc, a_read_that_failed_is_told);
	tcase_add_loop_test(tc, a_toc_is_longer_than_a_command, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
