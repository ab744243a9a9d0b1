/* SPDX-License-Identifier: MIT */
/*
 * check_calls.c - calls in an order that nobody had in mind, one master for
 * several discs, and discs that are exchanged between two calls: no old file
 * gets lost, and nothing of one disc goes on with the next one.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- discs -------------------------------------------------------------- */

/* One session of ours with a file, of the shortest length there is. */
static struct lathe_emulator_store *own_disc(enum lathe_emulator_media media,
					     const char *name,
					     struct model *model)
{
	struct lathe_emulator_store *store = blank_disc(media);
	struct lathe_session_report report;
	struct rig rig;

	model_put(model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, name, NULL), 0);
	ck_assert_int_eq(rig_burn(&rig, model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
	return store;
}

/* A data track of 300 blocks that is no volume. */
static struct lathe_emulator_store *disc_of_zeros(void)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_mmc_recording how = { .track_blocks = 300 };
	static const uint8_t block[2048];
	struct lathe_mmc_medium medium;
	struct rig rig;
	uint32_t i, start;

	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	for (i = 0; i < 300; i++)
		ck_assert_int_eq(lathe_mmc_write(&rig.mmc, i, 1, block), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig.mmc), 0);
	ck_assert_int_eq(lathe_mmc_close_session(&rig.mmc, &medium, false),
			 0);
	rig_destroy(&rig);
	return store;
}

/* What a system mounts by default. */
static void expect_volume(struct lathe_emulator_store *store,
			  uint32_t sessions, const struct model *model)
{
	const char *wrong = judge_volume(store, judge_session(store, sessions),
					 model, NULL, NULL);

	ck_assert_uint_eq(disc_state(store).sessions, sessions);
	ck_assert_msg(!wrong, "%s", wrong);
}

/* ---- nothing staged is nothing to record -------------------------------- */

START_TEST(a_format_that_is_chosen_again_leaves_nothing_to_record)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_store *store;
	struct model model = { 0 };
	struct rig rig;

	store = own_disc(LATHE_EMULATOR_CD_R_80, "OLD", &model);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "NEW", NULL), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	/* Clears the content; the disc is to be read again. */
	ck_assert_int_eq(lathe_session_set_format(
				 rig.master, LATHE_SESSION_FORMAT_JOLIET), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	expect_volume(store, 1, &model);

	/* Read again, a new name counts as content. */
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(store, 2, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(what_was_recorded_is_not_recorded_again_without_its_files)
{
	struct lathe_session_record_options options;
	struct lathe_emulator_store *store, *copy;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	store = own_disc(LATHE_EMULATOR_CD_R_80, "OLD", &model);
	copy = copy_disc(store);
	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "NEW", NULL), 0);
	model_put(&model, "more", 6, 60);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	expect_volume(store, 2, &model);

	/* A copy of the disc as it was is that disc; the content is gone. */
	lathe_emulator_insert(rig.emulator, copy);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);
	model_remove(&model, "more");
	expect_volume(copy, 1, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(copy);
	model_free(&model);
}
END_TEST

/* ---- another disc ------------------------------------------------------- */

/* Nothing but what is in it tells the second disc from the first. */
static void expect_wrong(const char *fault, struct lathe_emulator_store *other,
			 int wanted)
{
	struct lathe_emulator_store *before = copy_disc(other), *chosen;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	chosen = own_disc(LATHE_EMULATOR_CD_R_80, "OLD", &model);
	ck_assert_uint_eq(disc_state(chosen).next_writable,
			  disc_state(other).next_writable);
	model_put(&model, "more", 9, 9);
	rig_create(&rig, chosen, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	lathe_emulator_insert(rig.emulator, other);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, fault), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 wanted);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert(judge_same(before, other, 13000));

	/* The right one again: the stage is still there. */
	lathe_emulator_insert(rig.emulator, chosen);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, NULL), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(chosen, 2, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(before);
	lathe_emulator_store_close(chosen);
	model_free(&model);
}

START_TEST(a_disc_without_a_volume_is_another_one)
{
	struct lathe_emulator_store *other = disc_of_zeros();

	expect_wrong(NULL, other, LATHE_ERR_WRONG_DISC);
	lathe_emulator_store_close(other);
}
END_TEST

START_TEST(a_disc_that_can_not_be_read_is_another_one)
{
	struct model model = { 0 };
	struct lathe_emulator_store *other =
		own_disc(LATHE_EMULATOR_CD_R_80, "OTHER", &model);

	expect_wrong("op=28 times=0 sense=3/11/05", other,
		     LATHE_ERR_WRONG_DISC);
	lathe_emulator_store_close(other);
	model_free(&model);
}
END_TEST

START_TEST(a_drive_that_can_not_read_just_now_says_so)
{
	struct model model = { 0 };
	struct lathe_emulator_store *other =
		own_disc(LATHE_EMULATOR_CD_R_80, "OTHER", &model);

	expect_wrong("op=28 times=0 sense=4/44/00", other, LATHE_ERR_SENSE);
	lathe_emulator_store_close(other);
	model_free(&model);
}
END_TEST

/* What was chosen is what is taken over, or nothing. */
START_TEST(a_disc_is_exchanged_before_it_is_taken_over)
{
	struct lathe_emulator_store *chosen, *other;
	struct model theirs = { 0 }, more = { 0 };
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	const char *text;
	struct rig rig;

	chosen = foreign_disc(LATHE_EMULATOR_CD_R_80, &theirs, 0);
	model_put(&more, "other", 3, 400);
	other = foreign_disc(LATHE_EMULATOR_CD_R_80, &more, 0);
	rig_create(&rig, chosen, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	lathe_emulator_insert(rig.emulator, NULL);
	ck_assert_int_eq(lathe_session_import(rig.master),
			 LATHE_ERR_WRONG_DISC);
	text = lathe_session_failure(rig.master)->text;
	ck_assert_ptr_nonnull(strstr(text, "none in the drive"));
	lathe_emulator_insert(rig.emulator, other);
	ck_assert_int_eq(lathe_session_import(rig.master),
			 LATHE_ERR_WRONG_DISC);
	text = lathe_session_failure(rig.master)->text;
	ck_assert_ptr_nonnull(strstr(text, "volume descriptors differs"));
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_SINGLE);

	/* The right one again. */
	lathe_emulator_insert(rig.emulator, chosen);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	/* Nor is another one taken for what was taken over already. */
	lathe_emulator_insert(rig.emulator, other);
	ck_assert_int_eq(lathe_session_import(rig.master),
			 LATHE_ERR_WRONG_DISC);
	lathe_emulator_insert(rig.emulator, chosen);
	ck_assert_int_eq(lathe_session_import(rig.master), 0);
	model_put(&theirs, "more", 6, 60);
	ck_assert_int_eq(rig_add(&rig, &theirs), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(chosen, 2, &theirs);
	rig_destroy(&rig);
	lathe_emulator_store_close(chosen);
	lathe_emulator_store_close(other);
	model_free(&theirs);
	model_free(&more);
}
END_TEST

/* ---- what was gone on with is done -------------------------------------- */

START_TEST(the_name_of_a_resumed_session_is_that_disc_s_alone)
{
	static const uint8_t day[17] = "2026112112000000";
	struct lathe_emulator_store *work, *cut =
		blank_disc(LATHE_EMULATOR_DVD_PLUS_R);
	struct lathe_session_record_options options;
	struct model model = { 0 }, other = { 0 };
	struct lathe_session_report report;
	struct rig rig;

	work = own_disc(LATHE_EMULATOR_DVD_PLUS_R, "WORK", &other);
	model_put(&model, "long", 7, 9000000);
	rig_create(&rig, cut, NULL);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_volume(rig.master, "HOLIDAY", day),
			 0);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_lt(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_restart(&rig);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_resume(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(cut, 1, &model);

	/* The next disc keeps its own name: there is nothing to record. */
	lathe_emulator_insert(rig.emulator, work);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_str_eq(lathe_session_chosen(rig.master)->found.volume_id,
			 "WORK");
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_EMPTY);
	model_put(&other, "more", 8, 80);
	ck_assert_int_eq(rig_add(&rig, &other), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	expect_volume(work, 2, &other);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_str_eq(lathe_session_chosen(rig.master)->found.volume_id,
			 "WORK");
	rig_destroy(&rig);
	lathe_emulator_store_close(work);
	lathe_emulator_store_close(cut);
	model_free(&model);
	model_free(&other);
}
END_TEST

/* ---- what can not be read ----------------------------------------------- */

static const struct {
	const char *fault;
	bool blank;
	int close;
} unreadable[] = {
	/* Not recorded: READ past the end, of what was never written. */
	{ "op=28 times=0 sense=8/00/00", true, LATHE_ERR_UNFINISHED },
	{ "op=28 times=0 sense=5/21/00", true, LATHE_ERR_UNFINISHED },
	{ "op=28 times=0 sense=5/64/00", true, LATHE_ERR_UNFINISHED },
	/* Damaged, or of a format that this drive does not read. */
	{ "op=28 times=0 sense=3/11/05", false, LATHE_ERR_UNFINISHED },
	{ "op=28 times=0 sense=5/30/02", false, LATHE_ERR_UNFINISHED },
	/* The drive. */
	{ "op=28 times=0 sense=4/44/00", false, LATHE_ERR_SENSE },
	{ "op=28 times=0 gone", false, LATHE_ERR_NO_DEVICE },
};

START_TEST(only_what_was_never_recorded_is_blank)
{
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;
	int err;

	store = own_disc(LATHE_EMULATOR_BD_RE, "OLD", &model);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   unreadable[_i].fault), 0);
	err = lathe_session_inspect(&rig.mmc, NULL, &disc);
	if (unreadable[_i].close == LATHE_ERR_UNFINISHED)
		ck_assert_int_eq(err, 0);
	else
		ck_assert_int_eq(err, unreadable[_i].close);
	if (!err)
		ck_assert_int_eq(disc.blank, unreadable[_i].blank);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(what_the_drive_can_not_do_is_no_word_on_the_metadata)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_R);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct lathe_failure failure;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=5B gone"), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   unreadable[_i].fault), 0);
	ck_assert_int_eq(lathe_session_close(&rig.mmc, NULL, false, false,
					     &failure), unreadable[_i].close);
	ck_assert_int_eq(failure.err, unreadable[_i].close);
	ck_assert(disc_state(store).track_open);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, NULL), 0);
	ck_assert_int_eq(lathe_session_close(&rig.mmc, NULL, false, false,
					     &failure), 0);
	expect_volume(store, 1, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

static bool yes(void *ctx)
{
	(void)ctx;
	return true;
}

START_TEST(whoever_stops_a_close_is_not_told_of_damage)
{
	static const struct lathe_hooks hooks = { .cancelled = yes };
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_R);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct lathe_failure failure;
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=5B gone"), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, NULL), 0);
	/* By force as well. */
	ck_assert_int_eq(lathe_session_close(&rig.mmc, &hooks, false, _i,
					     &failure), LATHE_ERR_CANCELLED);
	ck_assert_int_eq(failure.err, LATHE_ERR_CANCELLED);
	ck_assert(disc_state(store).track_open);
	ck_assert(!rig.locked);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- what errors leave -------------------------------------------------- */

START_TEST(a_disc_that_can_not_be_looked_at_is_not_described)
{
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc, before;
	struct model model = { 0 };
	struct rig rig;

	store = own_disc(LATHE_EMULATOR_CD_R_80, "OLD", &model);
	rig_create(&rig, store, NULL);
	memset(&before, 0x55, sizeof(before));
	disc = before;
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator, "op=28 times=0 sense=4/44/00"),
			 0);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc),
			 LATHE_ERR_SENSE);
	ck_assert_mem_eq(&disc, &before, sizeof(disc));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* What can not be read is no volume; a drive that is gone has not looked. */
static const struct {
	const char *fault;
	int err;
} unread[] = {
	{ "op=28 times=0 sense=3/11/05", 0 },
	{ "op=28 times=0 sense=8/00/00", 0 },
	{ "op=28 times=0 timeout", LATHE_ERR_TRANSPORT },
	{ "op=28 times=0 gone", LATHE_ERR_NO_DEVICE },
};

START_TEST(a_session_that_can_not_be_looked_at_is_not_described)
{
	struct lathe_session_info info, before;
	struct lathe_emulator_store *store;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;
	int i = _i % 4, err;

	store = own_disc(_i < 4 ? LATHE_EMULATOR_CD_R_80 :
				  LATHE_EMULATOR_DVD_PLUS_R, "OLD", &model);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	memset(&before, 0x55, sizeof(before));
	info = before;
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   unread[i].fault), 0);
	err = lathe_session_get(&rig.mmc, &disc, 1, &info);
	ck_assert_int_eq(err, unread[i].err);
	if (err) {
		ck_assert_mem_eq(&info, &before, sizeof(info));
	} else {
		ck_assert(!info.has_volume);
		ck_assert_uint_eq(info.number, 1);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

struct asked {
	uint32_t times, until;
};

static bool at_last(void *ctx)
{
	struct asked *asked = ctx;

	return ++asked->times > asked->until;
}

START_TEST(a_chain_that_is_not_read_to_its_end_is_none)
{
	struct asked asked = { 0, 0 };
	struct lathe_hooks hooks = { .cancelled = at_last, .ctx = &asked };
	struct lathe_emulator_store *store;
	struct lathe_session_reader reader;
	struct lathe_iso9660_chain *chain;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;
	int err = 1;

	store = own_disc(LATHE_EMULATOR_DVD_PLUS_RW, "OLD", &model);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	lathe_session_reader_init(&reader, &rig.mmc, &disc.medium, false);
	for (; err; asked.until++) {
		chain = NULL;
		asked.times = 0;
		err = lathe_session_chain(&reader.blocks, &hooks, &chain);
		ck_assert_int_eq(err, err ? LATHE_ERR_CANCELLED : 0);
		ck_assert((chain == NULL) == (err != 0));
	}
	ck_assert_uint_gt(asked.until, 3);
	ck_assert_uint_eq(lathe_iso9660_chain_count(chain), 1);
	lathe_iso9660_chain_destroy(chain);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Who has nothing to say need not make hooks of it. */
START_TEST(hooks_may_be_left_out)
{
	static uint8_t head[32 * 2048];
	struct lathe_emulator_store *store;
	struct lathe_session_reader reader;
	struct lathe_iso9660_chain *chain;
	struct lathe_session_check check;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	bool agrees = false, needed = true;
	struct rig rig;

	store = own_disc(LATHE_EMULATOR_DVD_PLUS_RW, "OLD", &model);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	lathe_session_reader_init(&reader, &rig.mmc, &disc.medium, false);
	ck_assert_int_eq(lathe_session_chain(&reader.blocks, NULL, &chain), 0);
	ck_assert_uint_eq(lathe_iso9660_chain_count(chain), 1);
	ck_assert_int_eq(lathe_session_head(&reader.blocks, NULL, chain, head,
					    &agrees), 0);
	ck_assert(agrees);
	lathe_iso9660_chain_destroy(chain);
	ck_assert_int_eq(lathe_session_verify_volume(
				 &reader.blocks, 32, LATHE_SESSION_VERIFY_FULL,
				 NULL, NULL, NULL, &check, NULL), 0);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 0);
	ck_assert(!needed);
	ck_assert_int_eq(lathe_session_close(&rig.mmc, NULL, false, false,
					     NULL), LATHE_ERR_MEDIUM_TYPE);
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Whoever writes a track of his own goes on with it. */
START_TEST(a_track_that_is_open_stays_open)
{
	struct lathe_session_stream stream = { .read = rig_zeros,
					       .blocks = 300 };
	struct lathe_mmc_recording how = { .track_blocks = 300 };
	static const struct lathe_mmc_formatting quickly = { 0 };
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	static const uint8_t block[2048];
	struct lathe_session_record_options options;
	struct lathe_session_identity identity;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct lathe_mmc_medium medium;
	struct rig rig;
	uint32_t start;
	bool needed;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_NONE);
	ck_assert_int_eq(lathe_mmc_wait_ready(&rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig.mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig.mmc, &medium, &how,
					       &start), 0);
	ck_assert_int_eq(lathe_mmc_write(&rig.mmc, start, 1, block), 0);
	ck_assert_int_eq(lathe_mmc_format(&rig.mmc, &medium, &quickly),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_identify(&rig.mmc, &identity),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_record_stream(&rig.mmc, NULL, &stream,
						     &options, &report, NULL),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_close(&rig.mmc, NULL, false, true,
					     NULL), LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL),
			 LATHE_ERR_STATE);
	ck_assert_int_eq(lathe_mmc_write(&rig.mmc, start + 1, 1, block), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

/* A DVD+RW with one session of ours, to be read as blocks. */
struct grown {
	struct lathe_emulator_store *store;
	struct lathe_session_reader reader;
	struct model model;
	struct rig rig;
};

static void begin_grown(struct grown *g)
{
	struct lathe_session_disc disc;

	memset(g, 0, sizeof(*g));
	g->store = own_disc(LATHE_EMULATOR_DVD_PLUS_RW, "OLD", &g->model);
	rig_create(&g->rig, g->store, NULL);
	ck_assert_int_eq(lathe_session_inspect(&g->rig.mmc, NULL, &disc), 0);
	lathe_session_reader_init(&g->reader, &g->rig.mmc, &disc.medium,
				  false);
}

static void end_grown(struct grown *g)
{
	rig_destroy(&g->rig);
	lathe_emulator_store_close(g->store);
	model_free(&g->model);
}

/* Values of enumerations that mean nothing change nothing. */
START_TEST(values_without_a_meaning_are_refused)
{
	static const enum lathe_emulator_media kinds[] = {
		LATHE_EMULATOR_CD_RW, LATHE_EMULATOR_DVD_RW,
		LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM
	};
	struct lathe_session_record_options options;
	struct lathe_session_check check;
	struct lathe_failure failure;
	struct lathe_mmc_medium medium;
	struct grown g = { .store = NULL };
	int odd = _i % 2 ? 1000 : LATHE_SESSION_VERIFY_FULL + 1;

	g.store = own_disc(kinds[_i / 2], "OLD", &g.model);
	rig_create(&g.rig, g.store, NULL);
	ck_assert_int_eq(lathe_mmc_wait_ready(&g.rig.mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&g.rig.mmc, &medium), 0);
	lathe_session_reader_init(&g.reader, &g.rig.mmc, &medium, false);
	ck_assert_int_eq(lathe_session_blank(&g.rig.mmc, NULL,
					     (enum lathe_mmc_blanking)odd,
					     &failure), LATHE_ERR_ARG);
	ck_assert_int_eq(failure.err, LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_session_verify_volume(
				 &g.reader.blocks, 0,
				 (enum lathe_session_verify)odd, NULL, NULL,
				 NULL, &check, &failure), LATHE_ERR_ARG);
	ck_assert_int_eq(failure.err, LATHE_ERR_ARG);
	rig_master(&g.rig, NULL);
	ck_assert_int_eq(lathe_session_set_format(
				 g.rig.master,
				 (enum lathe_session_format)odd),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_session_set_recorder(g.rig.master,
						    &g.rig.mmc), 0);
	options = rig_options(&g.rig, (enum lathe_session_verify)odd);
	ck_assert_int_eq(lathe_session_record(g.rig.master, &options,
					      &(struct lathe_session_report){
						      .start = 0 }),
			 LATHE_ERR_ARG);
	/* To be kept appendable, and final. */
	options = rig_options(&g.rig, LATHE_SESSION_VERIFY_FULL);
	options.keep_appendable = true;
	options.final = _i % 2;
	options.at_once = !options.final;
	ck_assert_int_eq(lathe_session_record(g.rig.master, &options,
					      &(struct lathe_session_report){
						      .start = 0 }),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_session_record_stream(
				 &g.rig.mmc, NULL,
				 &(struct lathe_session_stream){
					 NULL, rig_zeros, 100 },
				 &options,
				 &(struct lathe_session_report){ .start = 0 },
				 &failure), LATHE_ERR_ARG);
	/* Whichever way it was said that the disc shall be final. */
	options.final = options.at_once = false;
	lathe_session_set_final(g.rig.master, true);
	ck_assert_int_eq(lathe_session_record(g.rig.master, &options,
					      &(struct lathe_session_report){
						      .start = 0 }),
			 LATHE_ERR_ARG);
	ck_assert_uint_eq(g.rig.sent[0x2A], 0);
	ck_assert_uint_eq(g.rig.sent[0xA1], 0);
	ck_assert_ptr_null(judge_volume(g.store, 0, &g.model, NULL, NULL));
	end_grown(&g);
}
END_TEST

/* An error leaves what it would have filled in. */
START_TEST(a_head_that_is_not_made_is_not_touched)
{
	static uint8_t head[32 * 2048], before[32 * 2048];
	struct lathe_iso9660_chain *chain;
	struct grown g;
	bool agrees = _i;
	uint32_t at;
	int err = 1;

	memset(before, 0x55, sizeof(before));
	memcpy(head, before, sizeof(head));
	begin_grown(&g);
	ck_assert_int_eq(lathe_session_chain(&g.reader.blocks, NULL, &chain),
			 0);
	for (at = 1; err; at++) {
		struct lathe_hooks hooks = rig_config(&g.rig).hooks;

		g.rig.allocations = 0;
		g.rig.no_memory_at = at;
		err = lathe_session_head(&g.reader.blocks, &hooks, chain, head,
					 &agrees);
		if (!err)
			break;
		ck_assert_int_eq(err, LATHE_ERR_MEMORY);
		ck_assert_mem_eq(head, before, sizeof(head));
		ck_assert_int_eq(agrees, _i);
	}
	ck_assert_uint_gt(at, 2);
	memcpy(head, before, sizeof(head));
	agrees = _i;
	ck_assert_int_eq(lathe_emulator_set_faults(
				 g.rig.emulator, "op=28 times=0 sense=3/11/05"),
			 0);
	ck_assert_int_eq(lathe_session_head(&g.reader.blocks, NULL, chain,
					    head, &agrees), LATHE_ERR_SENSE);
	ck_assert_mem_eq(head, before, sizeof(head));
	ck_assert_int_eq(agrees, _i);
	lathe_iso9660_chain_destroy(chain);
	end_grown(&g);
}
END_TEST

/* The first blocks can be read one at a time, but for one of them. */
struct singly {
	const struct lathe_blocks *whole;
	uint32_t bad;
};

static int read_singly(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct singly *singly = ctx;

	if (lba < 32 && (count > 1 || lba == singly->bad))
		return LATHE_ERR_IO;
	return singly->whole->read(singly->whole->ctx, lba, count, out);
}

START_TEST(a_head_is_read_block_by_block)
{
	static uint8_t head[32 * 2048], is[32 * 2048];
	struct lathe_iso9660_chain *chain;
	struct lathe_blocks blocks;
	struct singly singly;
	struct grown g;
	bool agrees;

	begin_grown(&g);
	ck_assert_int_eq(lathe_session_chain(&g.reader.blocks, NULL, &chain),
			 0);
	ck_assert_int_eq(g.reader.blocks.read(g.reader.blocks.ctx, 0, 32, is),
			 0);
	blocks = g.reader.blocks;
	blocks.ctx = &singly;
	blocks.read = read_singly;
	singly.whole = &g.reader.blocks;
	for (singly.bad = 0; singly.bad <= 32; singly.bad++) {
		agrees = singly.bad != 32;
		ck_assert_int_eq(lathe_session_head(&blocks, NULL, chain, head,
						    &agrees), 0);
		ck_assert_int_eq(agrees, singly.bad == 32);
		ck_assert_mem_eq(head, is, sizeof(head));
	}
	lathe_iso9660_chain_destroy(chain);
	end_grown(&g);
}
END_TEST

/* Nothing can go wrong any more when the disc is as it should be. */
START_TEST(what_was_recorded_and_verified_is_a_success)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	uint32_t at;
	int err = 1;

	model_put(&model, "file", 5, 5000);
	for (at = 1; err; at++) {
		struct lathe_emulator_store *store =
			blank_disc(LATHE_EMULATOR_CD_R_80);
		struct rig rig;

		rig_create(&rig, store, NULL);
		rig_master(&rig, NULL);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(rig_add(&rig, &model), 0);
		rig.allocations = 0;
		rig.no_memory_at = at;
		err = lathe_session_record(rig.master, &options, &report);
		ck_assert_int_eq(err, err ? LATHE_ERR_MEMORY : 0);
		ck_assert_int_eq(report.verified, !err);
		if (!err)
			ck_assert_int_eq(lathe_session_record(rig.master,
							      &options,
							      &report),
					 LATHE_ERR_EMPTY);
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	ck_assert_uint_gt(at, 10);
	model_free(&model);
}
END_TEST

/* Limits are of whoever set them: the disc is not damaged. */
START_TEST(a_tree_beyond_the_limits_is_no_damage)
{
	struct lathe_session_config config;
	struct lathe_session_report report;
	struct lathe_emulator_store *store;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "another", 6, 60);
	store = own_disc(LATHE_EMULATOR_CD_R_80, "OLD", &model);
	rig_create(&rig, store, NULL);
	config = rig_config(&rig);
	config.limits.nodes = 2;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_LIMIT);
	ck_assert_ptr_null(strstr(lathe_session_failure(rig.master)->text,
				  "damaged"));
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_NONE);
	rig_master(&rig, NULL);
	model_put(&model, "more", 7, 70);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	expect_volume(store, 2, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- a test write ------------------------------------------------------- */

static int fails(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		 uint8_t *out, uint32_t *got)
{
	(void)ctx;
	(void)handle;
	(void)offset;
	(void)bytes;
	(void)out;
	(void)got;
	return LATHE_ERR_IO;
}

START_TEST(a_simulation_tells_of_a_source_that_fails)
{
	static const struct lathe_iso9660_source source = {
		.open = made_open, .read_at = fails, .close = made_close
	};
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_iso9660_tree *tree;
	uint32_t node;
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.simulate = true;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(rig.master, &tree), 0);
	ck_assert_int_eq(lathe_iso9660_add_file(tree, LATHE_ISO9660_ROOT,
						"bad", 3, NULL, &source, 1,
						5000, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(rig.master), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_CHANGED);
	ck_assert_uint_eq(report.files_not_whole, 1);
	ck_assert_uint_eq(rig.not_whole, 1);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert(!report.verified);
	ck_assert(disc_state(store).blank);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: order of calls");
	TCase *tc = tcase_create("masters");

	tcase_set_timeout(tc, 60);
	tcase_add_test(
		tc, a_format_that_is_chosen_again_leaves_nothing_to_record);
	tcase_add_test(
		tc,
		what_was_recorded_is_not_recorded_again_without_its_files);
	tcase_add_test(tc, a_disc_without_a_volume_is_another_one);
	tcase_add_test(tc, a_disc_that_can_not_be_read_is_another_one);
	tcase_add_test(tc, a_drive_that_can_not_read_just_now_says_so);
	tcase_add_test(tc, a_disc_is_exchanged_before_it_is_taken_over);
	tcase_add_test(tc, the_name_of_a_resumed_session_is_that_disc_s_alone);
	tcase_add_loop_test(tc, only_what_was_never_recorded_is_blank, 0,
			    sizeof(unreadable) / sizeof(*unreadable));
	tcase_add_loop_test(
		tc, what_the_drive_can_not_do_is_no_word_on_the_metadata, 0,
		sizeof(unreadable) / sizeof(*unreadable));
	tcase_add_loop_test(tc, whoever_stops_a_close_is_not_told_of_damage, 0,
			    2);
	tcase_add_test(
		tc, a_disc_that_can_not_be_looked_at_is_not_described);
	tcase_add_loop_test(
		tc, a_session_that_can_not_be_looked_at_is_not_described, 0, 8);
	tcase_add_test(tc, a_chain_that_is_not_read_to_its_end_is_none);
	tcase_add_test(tc, hooks_may_be_left_out);
	tcase_add_test(tc, a_track_that_is_open_stays_open);
	tcase_add_loop_test(tc, values_without_a_meaning_are_refused, 0, 8);
	tcase_add_loop_test(tc, a_head_that_is_not_made_is_not_touched, 0, 2);
	tcase_add_test(tc, a_head_is_read_block_by_block);
	tcase_add_test(tc, what_was_recorded_and_verified_is_a_success);
	tcase_add_test(tc, a_tree_beyond_the_limits_is_no_damage);
	tcase_add_test(tc, a_simulation_tells_of_a_source_that_fails);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
