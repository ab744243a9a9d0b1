/* SPDX-License-Identifier: MIT */
/*
 * check_growing.c - a DVD-RW that grows as it is written, and was cut.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* WRITEs of the burn that is cut. */
#define WRITES 34

/* From here on it grows as it is written. */
static void format_quickly(struct rig *rig)
{
	struct lathe_mmc_formatting how = { .full = false };
	struct lathe_mmc_medium medium;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_format(&rig->mmc, &medium, &how), 0);
}

/* READ TRACK INFORMATION, MMC-6: the disc goes on at 0. */
static void begins_anew(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] != 0x52 || cmd->moved < 16)
		return;
	cmd->data[7] |= 1;
	memset(cmd->data + 12, 0, 4);
}

/* A DVD-RW that grows, cut while a second session was written: it is in its
 * intermediate state. */
struct growing {
	struct lathe_emulator_store *store;
	struct model model, more;
	struct rig rig;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void growing_begin(struct growing *g, uint32_t writes, bool power)
{
	char fault[40];

	memset(g, 0, sizeof(*g));
	g->store = blank_disc(LATHE_EMULATOR_DVD_RW);
	model_put(&g->model, "file", 5, 5000);
	rig_create(&g->rig, g->store, NULL);
	format_quickly(&g->rig);
	ck_assert_int_eq(rig_burn(&g->rig, &g->model,
				  LATHE_SESSION_VERIFY_FULL, &g->report), 0);
	model_put(&g->more, "file", 5, 5000);
	model_put(&g->more, "more", 9, 900000);
	snprintf(fault, sizeof(fault), "op=2a count=%u gone", writes);
	ck_assert_int_eq(lathe_emulator_set_faults(g->rig.emulator, fault), 0);
	ck_assert_int_eq(rig_burn(&g->rig, &g->more,
				  LATHE_SESSION_VERIFY_FULL, &g->report),
			 LATHE_ERR_NO_DEVICE);
	if (power)
		lathe_emulator_power_cut(g->rig.emulator);
	rig_restart(&g->rig);
	rig_master(&g->rig, NULL);
	g->options = rig_options(&g->rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(g->rig.master,
						    &g->rig.mmc), 0);
	ck_assert_int_eq(rig_add(&g->rig, &g->more), 0);
}

static void growing_goes_on(struct growing *g)
{
	ck_assert_msg(!rig_burn(&g->rig, &g->more, LATHE_SESSION_VERIFY_FULL,
				&g->report), "%s",
		      lathe_session_failure(g->rig.master)->text);
	ck_assert_ptr_null(judge_volume(g->store, 0, &g->more, NULL, NULL));
}

static void growing_end(struct growing *g)
{
	rig_destroy(&g->rig);
	lathe_emulator_store_close(g->store);
	model_free(&g->model);
	model_free(&g->more);
}

START_TEST(a_cut_disc_that_grows_takes_the_next_session)
{
	struct growing g;
	const char *wrong;

	growing_begin(&g, (uint32_t)_i / 2 + 1, _i % 2 != 0);
	ck_assert_msg(!lathe_session_record(g.rig.master, &g.options,
					    &g.report),
		      "%s", lathe_session_failure(g.rig.master)->text);
	wrong = judge_volume(g.store, 0, &g.more, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	growing_end(&g);
}
END_TEST

START_TEST(a_disc_that_grows_does_not_go_on_over_its_sessions)
{
	struct growing g;

	growing_begin(&g, 9, false);
	g.rig.lie = begins_anew;
	g.rig.sent[0x2A] = 0;
	ck_assert_int_eq(lathe_session_record(g.rig.master, &g.options,
					      &g.report), LATHE_ERR_CORRUPT);
	ck_assert_ptr_nonnull(strstr(
		lathe_session_failure(g.rig.master)->text, "before it said"));
	ck_assert_uint_eq(g.rig.sent[0x2A], 0);
	ck_assert_ptr_null(judge_volume(g.store, 0, &g.model, NULL, NULL));
	growing_end(&g);
}
END_TEST

/* Until its border is closed some drives read nothing of such a disc: it is
 * not blank for that. MMC-6, READ: illegal mode for this track, out of range,
 * not recorded. What it has grown to is told by READ CAPACITY; or by READ TRACK
 * INFORMATION alone, NWA_V in byte 7, bytes 12 to 15. */
static const struct { uint8_t key, asc; } unread[] = {
	{ 5, 0x64 }, { 5, 0x21 }, { 8, 0x00 }
};

static unsigned how_blind;

static void reads_no_open_border(struct rig *rig, struct lathe_cmd *cmd)
{
	if (rig->sent[0x5B])
		return;
	if (cmd->cdb[0] == 0x28)
		rig_refuse(cmd, unread[how_blind / 2].key,
			   unread[how_blind / 2].asc);
	if (how_blind % 2 == 0)
		return;
	if (cmd->cdb[0] == 0x25)
		rig_refuse(cmd, 5, 0x24);
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 16) {
		cmd->data[7] |= 1;
		lathe_put_be32(cmd->data + 12,
			       disc_state(rig->store).capacity);
	}
}

static void blind_begin(struct growing *g, int how)
{
	growing_begin(g, 20, true);
	rig_restart(&g->rig);
	memset(g->rig.sent, 0, sizeof(g->rig.sent));
	how_blind = (unsigned)how;
	g->rig.lie = reads_no_open_border;
}

START_TEST(a_disc_that_grows_and_can_not_be_read_is_not_blank)
{
	struct growing g;

	blind_begin(&g, _i);
	ck_assert_int_eq(rig_burn(&g.rig, &g.more, LATHE_SESSION_VERIFY_FULL,
				  &g.report), LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(g.rig.sent[0x2A], 0);
	ck_assert_ptr_null(judge_volume(g.store, 0, &g.model, NULL, NULL));
	growing_end(&g);
}
END_TEST

/* Repairing closes the border: what was there is found, and continued. */
START_TEST(repairing_makes_it_readable)
{
	struct lathe_failure failure;
	bool needed = true;
	struct growing g;

	blind_begin(&g, _i);
	ck_assert_msg(!lathe_session_repair(&g.rig.mmc, NULL, &needed,
					    &failure), "%s", failure.text);
	ck_assert(!needed);
	ck_assert_uint_eq(g.rig.sent[0x2A], 0);
	growing_goes_on(&g);
	growing_end(&g);
}
END_TEST

/* Behind FORMAT UNIT: the user wants to stop, or the drive fails once. */
static bool formatted;

static void stops_then(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x04)
		rig->cancel_at = 1;
}

static void fails_then(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (formatted && cmd->cdb[0] == 0x00)
		rig_refuse(cmd, 4, 0x44);
	formatted = cmd->cdb[0] == 0x04;
}

static const struct cut {
	void (*lie)(struct rig *rig, struct lathe_cmd *cmd);
	const char *faults;
	int err;
} cuts[] = {
	{ stops_then, NULL, LATHE_ERR_CANCELLED },
	{ fails_then, NULL, LATHE_ERR_SENSE },
	{ NULL, "op=2a count=10 sense=3/0c/00", LATHE_ERR_SENSE },
	{ NULL, "op=2a count=10 sense=3/0c/00; op=35 deferred=3/0c/00",
	  LATHE_ERR_SENSE },
	{ NULL, "op=2a count=10 reset", LATHE_ERR_TRANSPORT },
	{ NULL, "op=2a count=10 timeout", LATHE_ERR_TRANSPORT },
	{ NULL, "op=2a count=10 sense=6/29/00", LATHE_ERR_SENSE },
};

/* Whatever ends the burn: as long as the drive answers, the disc does not stay
 * in its intermediate state, in which many drives read nothing. */
START_TEST(a_disc_does_not_stay_growing)
{
	const struct cut *cut = &cuts[_i];
	struct growing g = { .store = blank_disc(LATHE_EMULATOR_DVD_RW) };
	uint8_t block[2048];

	model_put(&g.model, "file", 5, 5000);
	model_put(&g.more, "file", 5, 5000);
	model_put(&g.more, "more", 9, 900000);
	rig_create(&g.rig, g.store, "growing-unreadable");
	format_quickly(&g.rig);
	ck_assert_int_eq(rig_burn(&g.rig, &g.model, LATHE_SESSION_VERIFY_FULL,
				  &g.report), 0);
	g.rig.lie = cut->lie;
	formatted = false;
	ck_assert_int_eq(lathe_emulator_set_faults(g.rig.emulator,
						   cut->faults), 0);
	ck_assert_int_eq(rig_burn(&g.rig, &g.more, LATHE_SESSION_VERIFY_FULL,
				  &g.report), cut->err);
	ck_assert_uint_ne(g.report.end, LATHE_SESSION_END_APPENDABLE);
	g.rig.lie = NULL;
	g.rig.cancel_at = 0;
	rig_restart(&g.rig);
	ck_assert_int_eq(lathe_mmc_wait_ready(&g.rig.mmc, 10000), 0);
	ck_assert_msg(!lathe_mmc_read(&g.rig.mmc, 16, 1, true, block), "%s",
		      lathe_mmc_failure(&g.rig.mmc)->text);
	ck_assert_ptr_null(judge_volume(g.store, 0, &g.model, NULL, NULL));
	growing_goes_on(&g);
	growing_end(&g);
}
END_TEST

/* Formatted quickly, and nothing recorded: that is blank. */
START_TEST(a_fresh_disc_that_can_not_be_read_is_blank)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RW);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	format_quickly(&rig);
	how_blind = (unsigned)_i;
	rig.lie = reads_no_open_border;
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s",
		      lathe_session_failure(rig.master)->text);
	ck_assert_ptr_null(judge_volume(store, 0, &model, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* What it replaces is shorter than a pipe of unknown length. */
START_TEST(a_pipe_makes_a_disc_grow)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RW);
	struct model model = { 0 }, longer = { 0 };
	struct lathe_session_stream stream;
	struct lathe_failure failure;
	struct image image;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	model_put(&longer, "long", 6, _i ? 3000000 : 100);
	rig_create(&rig, store, NULL);
	format_quickly(&rig);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	image_make(&image, &longer, 0, 0);
	stream = (struct lathe_session_stream){ &image, image_read, 0 };
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.overwrite = true;
	ck_assert_msg(!lathe_session_record_stream(&rig.mmc, NULL, &stream,
						   &options, &report,
						   &failure), "%s",
		      failure.text);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_ptr_null(judge_volume(store, 0, &longer, NULL, NULL));
	image_free(&image);
	/* It goes on as any other. */
	model_put(&longer, "more", 7, 900000);
	ck_assert_int_eq(rig_burn(&rig, &longer, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_ptr_null(judge_volume(store, 0, &longer, NULL, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
	model_free(&longer);
}
END_TEST

/* A DVD-RW that grows, with another program's volume at 0 in 80 blocks, or as
 * long as they are: an ECC block has 16, our sessions begin at multiples of
 * 32. */
static struct lathe_emulator_store *eighty_blocks(struct model *model,
						  bool whole)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RW);
	struct lathe_mmc_recording how = { .track_blocks = 80 };
	static uint8_t data[80 * 2048];
	struct lathe_mmc_medium medium;
	struct image image;
	struct rig rig;
	uint32_t start;

	model_put(model, "theirs", 1, 100000);
	image_make(&image, model, 0, 0);
	ck_assert_uint_gt(image.blocks, 64);
	ck_assert_uint_lt(image.blocks, 80);
	if (whole) {
		model_put(model, "theirs", 1,
			  100000 + (80 - image.blocks) * 2048);
		image_free(&image);
		image_make(&image, model, 0, 0);
		ck_assert_uint_eq(image.blocks, 80);
	}
	image_make_foreign(&image);
	memcpy(data, image.data, (size_t)image.blocks * 2048);
	image_free(&image);
	rig_create(&rig, store, NULL);
	format_quickly(&rig);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	for (; start < 80; start += 16)
		ck_assert_int_eq(lathe_mmc_write(&rig.mmc, start, 16,
						 data + (size_t)start * 2048),
				 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig.mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig.mmc, &medium, false),
			 0);
	rig_destroy(&rig);
	return store;
}

/* It goes on at its end, without a gap: zeros lead to the next session. */
START_TEST(zeros_lead_to_the_next_session)
{
	struct model model = { 0 };
	struct lathe_emulator_store *store = eighty_blocks(&model, _i);
	static const uint8_t zeros[2048];
	struct lathe_session_report report;
	uint8_t block[2048];
	const char *wrong;
	struct rig rig;
	uint32_t lba;

	model_put(&model, "ours", 2, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_msg(!continue_it(&rig, &model, &report), "%s",
		      lathe_session_failure(rig.master)->text);
	ck_assert(!rig.went_back);
	ck_assert_uint_eq(report.start % 32, 0);
	for (lba = 80; lba < 96; lba++) {
		ck_assert_int_eq(lathe_emulator_store_peek(store, lba, block),
				 LATHE_EMULATOR_BLOCK_DATA);
		ck_assert_mem_eq(block, zeros, sizeof(block));
	}
	wrong = judge_volume(store, 0, &model, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Zeros, the copy of what is at 0, the copy of the descriptors there: nothing
 * of it may be missing in front of the session. */
START_TEST(what_is_in_front_can_not_be_written)
{
	struct model model = { 0 };
	struct lathe_emulator_store *store = eighty_blocks(&model, false);
	struct lathe_emulator_store *copy = copy_disc(store);
	struct lathe_session_report report;
	char fault[48];
	struct rig rig;
	uint32_t lba = 80;

	model_put(&model, "ours", 2, 90000);
	rig_create(&rig, copy, NULL);
	ck_assert_int_eq(continue_it(&rig, &model, &report), 0);
	rig_destroy(&rig);
	if (_i)
		lba = report.start - (_i == 1 ? 64 : 32);
	ck_assert_uint_ge(lba, 80);
	rig_create(&rig, store, NULL);
	snprintf(fault, sizeof(fault), "op=2A lba=%u sense=3/0C/00", lba);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, fault), 0);
	ck_assert_int_eq(continue_it(&rig, &model, &report), LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
	rig_destroy(&rig);
	lathe_emulator_store_close(copy);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* The new content is as long as all that the disc has grown to; with what is
 * in front of it, it is longer. */
START_TEST(a_disc_grows_for_what_is_in_front_as_well)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RW);
	struct lathe_session_record_options options;
	struct model model = { 0 }, longer = { 0 };
	struct lathe_session_report report;
	uint32_t before;
	const char *wrong;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	format_quickly(&rig);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	before = report.track_blocks;
	model_put(&longer, "file", 6, 5000 + 32 * 2048);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.overwrite = true;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(rig_add(&rig, &longer), 0);
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", lathe_session_failure(rig.master)->text);
	ck_assert_uint_eq(report.track_blocks, before + 32);
	wrong = judge_volume(store, 0, &longer, NULL, NULL);
	ck_assert_msg(!wrong, "%s", wrong);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
	model_free(&longer);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: a disc that grows");
	TCase *tc = tcase_create("cut");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_cut_disc_that_grows_takes_the_next_session,
			    0, 2 * WRITES);
	tcase_add_test(tc, a_disc_that_grows_does_not_go_on_over_its_sessions);
	tcase_add_loop_test(tc,
			    a_disc_that_grows_and_can_not_be_read_is_not_blank,
			    0, 6);
	tcase_add_loop_test(tc, repairing_makes_it_readable, 0, 6);
	tcase_add_loop_test(tc, a_disc_does_not_stay_growing, 0,
			    (int)(sizeof(cuts) / sizeof(cuts[0])));
	tcase_add_loop_test(tc, a_fresh_disc_that_can_not_be_read_is_blank, 0,
			    6);
	tcase_add_loop_test(tc, a_pipe_makes_a_disc_grow, 0, 2);
	tcase_add_loop_test(tc, zeros_lead_to_the_next_session, 0, 2);
	tcase_add_loop_test(tc, what_is_in_front_can_not_be_written, 0, 3);
	tcase_add_test(tc, a_disc_grows_for_what_is_in_front_as_well);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
