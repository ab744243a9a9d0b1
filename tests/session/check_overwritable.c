/* SPDX-License-Identifier: MIT */
/*
 * check_overwritable.c - sessions on media of which any block may be written:
 * cut at every command, mended, overwritten, continued after others.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

static const struct lathe_hooks none;

static void expect_at(struct lathe_emulator_store *store, uint32_t lba,
		      const struct model *model, const char *what)
{
	const char *wrong = judge_volume(store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "%s, at %u: %s", what, lba, wrong);
}

static int burn(struct rig *rig, const struct model *content,
		struct lathe_session_report *report)
{
	return rig_burn(rig, content, LATHE_SESSION_VERIFY_FULL, report);
}

static const char *why(const struct rig *rig)
{
	return lathe_session_failure(rig->master)->text;
}

static void inspect(struct rig *rig, struct lathe_session_disc *disc)
{
	ck_assert_int_eq(lathe_session_inspect(&rig->mmc, &none, disc), 0);
}

/* ---- cut at every command ----------------------------------------------- */

struct pair {
	struct model first, second;
	uint32_t first_start;
};

static void make_pair(struct pair *pair)
{
	memset(pair, 0, sizeof(*pair));
	model_put(&pair->first, "one", 1, 60000);
	model_put(&pair->first, "folder/two", 2, 100);
	model_put(&pair->second, "one", 1, 60000);
	model_put(&pair->second, "folder/two", 2, 100);
	model_put(&pair->second, "folder/three", 3, 150000);
}

static void free_pair(struct pair *pair)
{
	model_free(&pair->first);
	model_free(&pair->second);
}

/* The power goes away for drive and program with command 'at' of a second
 * burn. False: the burn needed fewer commands. */
static bool cut_second(struct rig *rig, struct pair *pair, uint32_t at)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_STATE);
	struct lathe_session_report report;

	rig_restart(rig);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, &pair->second), 0);
	rig->fault_at = rig->commands + at;
	rig->fault = "gone";
	if (!lathe_session_record(rig->master, &options, &report))
		return false;
	lathe_emulator_power_cut(rig->emulator);
	rig_restart(rig);
	return true;
}

/* Whatever command it was: the first session is as before, readers see one of
 * the two or the head is torn and mended, and recording goes on. */
static void judge_cut(struct rig *rig, struct pair *pair, uint32_t at)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct lathe_failure failure;
	bool needed = false;
	char what[32];
	int err;

	snprintf(what, sizeof(what), "cut at %u", at);
	expect_at(rig->store, pair->first_start, &pair->first, what);
	inspect(rig, &disc);
	ck_assert_msg(disc.why == LATHE_SESSION_WHY_OWN, "%s: %s", what,
		      disc.why_text);
	err = lathe_session_repair(&rig->mmc, NULL, &needed, &failure);
	ck_assert_msg(!err, "%s: %s", what, failure.text);
	ck_assert_int_eq(needed, disc.head_torn);
	expect_at(rig->store, 0,
		  disc.medium.sessions == 2 ? &pair->second : &pair->first,
		  what);
	err = burn(rig, &pair->second, &report);
	ck_assert_msg(!err, "%s: %s", what, why(rig));
	expect_at(rig->store, 0, &pair->second, what);
	expect_at(rig->store, pair->first_start, &pair->first, what);
}

static void cut_an_append(enum lathe_emulator_media kind,
			  const char *personality, uint32_t stride)
{
	struct lathe_emulator_store *one = blank_disc(kind), *store;
	struct lathe_session_report report;
	uint32_t at, torn = 0;
	struct pair pair;
	struct rig rig;
	bool cut = true;

	make_pair(&pair);
	rig_create(&rig, one, personality);
	ck_assert_msg(!burn(&rig, &pair.first, &report), "%s", why(&rig));
	pair.first_start = report.start;
	rig_destroy(&rig);
	for (at = 1; cut; at += stride) {
		ck_assert_uint_lt(at, 2000);
		store = copy_disc(one);
		rig_create(&rig, store, personality);
		cut = cut_second(&rig, &pair, at);
		if (cut) {
			struct lathe_session_disc disc;

			inspect(&rig, &disc);
			torn += disc.head_torn;
			judge_cut(&rig, &pair, at);
		}
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	/* The head is the last that is written: some cuts must hit it. */
	ck_assert_uint_gt(torn, 0);
	lathe_emulator_store_close(one);
	free_pair(&pair);
}

START_TEST(an_append_is_cut_at_each_command)
{
	cut_an_append(media[_i], NULL, 1);
}
END_TEST

/* The head is written behind a SYNC: what the drive had before is on the disc
 * then, in whatever order it went there. */
START_TEST(an_append_is_cut_where_the_drive_has_its_own_order)
{
	cut_an_append(media[_i], "power-cut-reorders", 2);
}
END_TEST

/* A first session that is cut leaves nothing that looks like one; the next
 * burn makes it, over the remains if need be. */
START_TEST(a_first_session_is_cut_at_each_command)
{
	struct lathe_emulator_store *store;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct pair pair;
	struct rig rig;
	uint32_t at;
	int err = 1;

	make_pair(&pair);
	for (at = 1; err; at++) {
		ck_assert_uint_lt(at, 2000);
		store = blank_disc(media[_i]);
		rig_create(&rig, store, NULL);
		rig_master(&rig, NULL);
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(rig_add(&rig, &pair.first), 0);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_STATE);
		rig.fault_at = rig.commands + at;
		rig.fault = "gone";
		err = lathe_session_record(rig.master, &options, &report);
		if (!err)
			goto next;
		lathe_emulator_power_cut(rig.emulator);
		rig_restart(&rig);
		rig_master(&rig, NULL);
		inspect(&rig, &disc);
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		options.overwrite = !disc.blank && !disc.medium.sessions;
		ck_assert_int_eq(rig_add(&rig, &pair.second), 0);
		ck_assert_msg(!lathe_session_record(rig.master, &options,
						    &report),
			      "cut at %u: %s", at, why(&rig));
		expect_at(store, 0, &pair.second, "first cut");
		expect_at(store, report.start, &pair.second, "first cut");
next:
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	free_pair(&pair);
}
END_TEST

/* The user stops it: how the disc was left is known all the same. */
START_TEST(an_append_is_cancelled)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct pair pair;
	struct rig rig;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &pair.second), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	rig.cancel_at_write = rig.sent[0x2A] + 2;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_CANCELLED);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
	rig_restart(&rig);
	inspect(&rig, &disc);
	ck_assert_uint_eq(disc.medium.sessions, 1);
	ck_assert(!disc.head_torn);
	expect_at(store, 0, &pair.first, "cancelled");
	ck_assert_int_eq(burn(&rig, &pair.second, &report), 0);
	expect_at(store, 0, &pair.second, "again");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

static uint32_t first_write;	/* the command that it is */

static void note_first_write(struct rig *rig, struct lathe_cmd *cmd)
{
	if (!first_write && cmd->cdb[0] == 0x2A)
		first_write = rig->commands;
}

/* Stage on 'store' and record; 'cancel_at' as the rig has it. */
static int record_on(struct lathe_emulator_store *store,
		     const struct model *content, uint32_t cancel_at,
		     struct rig *rig, struct lathe_session_report *report)
{
	struct lathe_session_record_options options;

	rig_create(rig, store, NULL);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(rig_add(rig, content), 0);
	options = rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	options.eject = true;
	rig->lie = note_first_write;
	rig->cancel_at = cancel_at;
	return lathe_session_record(rig->master, &options, report);
}

/* The hook is asked before the first WRITE, whatever that is: zeros in front
 * of a first session, or the copy of the head in front of a later one. */
START_TEST(cancelled_before_the_first_write_nothing_happened)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct lathe_emulator_store *copy;
	struct lathe_session_report report;
	struct pair pair;
	struct rig rig;

	make_pair(&pair);
	if (_i % 2) {
		rig_create(&rig, store, NULL);
		ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
		rig_destroy(&rig);
	}
	copy = copy_disc(store);
	first_write = 0;
	ck_assert_int_eq(record_on(copy, &pair.second, 0, &rig, &report), 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(copy);

	ck_assert_int_eq(record_on(store, &pair.second, first_write - 1, &rig,
				   &report), LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_ge(rig.sent[0x1B], 1);	/* ejected */
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* ---- memory ------------------------------------------------------------- */

/* Each allocation of a burn fails once: that is what is told, also when the
 * disc is only looked at again. */
START_TEST(memory_that_runs_out_is_told_as_that)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]), *copy;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct pair pair;
	struct rig rig;
	uint32_t at = 0;
	bool failed;
	int err;

	make_pair(&pair);
	do {
		copy = copy_disc(store);
		rig_create(&rig, copy, NULL);
		rig_master(&rig, NULL);
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(rig_add(&rig, &pair.first), 0);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
		rig.allocations = 0;
		rig.no_memory_at = ++at;
		err = lathe_session_record(rig.master, &options, &report);
		failed = rig.allocations >= at;
		ck_assert_msg(err == (failed ? LATHE_ERR_MEMORY : 0),
			      "allocation %u: %s", at, why(&rig));
		rig_destroy(&rig);
		lathe_emulator_store_close(copy);
	} while (failed);
	ck_assert_uint_gt(at, 10);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* ---- a head that is damaged --------------------------------------------- */

START_TEST(the_next_session_mends_the_head)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct pair pair;
	struct rig rig;
	uint32_t at;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	pair.first_start = report.start;
	/* From the end of the burn backwards: the first cut that tears. */
	for (at = 1;; at++) {
		struct lathe_emulator_store *copy = copy_disc(store);

		rig_destroy(&rig);
		rig_create(&rig, copy, NULL);
		ck_assert(cut_second(&rig, &pair, at));
		inspect(&rig, &disc);
		if (disc.head_torn) {
			lathe_emulator_store_close(store);
			store = copy;
			break;
		}
		rig_destroy(&rig);
		rig_create(&rig, store, NULL);
		lathe_emulator_store_close(copy);
	}
	ck_assert_uint_eq(disc.medium.sessions, 2);
	model_put(&pair.second, "four", 4, 5000);
	ck_assert_msg(!burn(&rig, &pair.second, &report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 3);
	expect_at(store, 0, &pair.second, "mended");
	expect_at(store, pair.first_start, &pair.first, "mended");
	inspect(&rig, &disc);
	ck_assert(!disc.head_torn);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

START_TEST(nothing_to_repair)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_report report;
	struct lathe_failure failure;
	bool needed = true;
	struct pair pair;
	struct rig rig;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
					      &failure), LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	rig.sent[0x2A] = 0;
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed,
					      &failure), 0);
	ck_assert(!needed);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* A write error of the head in the burn itself: tried once more. */
START_TEST(the_head_is_tried_again)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_report report;
	struct pair pair;
	struct rig rig;
	int err;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 rig.emulator,
				 "op=2a cdb2=00 cdb3=00 cdb4=00 cdb5=00 "
				 "sense=3/0c/00"), 0);
	err = burn(&rig, &pair.second, &report);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	ck_assert_int_eq(err, LATHE_ERR_SENSE);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	expect_at(store, 0, &pair.second, "again");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* ---- which disc --------------------------------------------------------- */

/* The drive says that it took the head, LBA 16 of which is written for the
 * second time then, and did not. */
static uint32_t heads;

static bool is_head(const struct lathe_cmd *cmd)
{
	return cmd->cdb[0] == 0x2A && lathe_get_be32(cmd->cdb + 2) == 16;
}

static bool takes_no_head(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (!is_head(cmd) || ++heads != 2)
		return false;
	cmd->moved = cmd->data_len;
	return true;
}

/* Without verification, too, the disc is looked at in the end. */
START_TEST(a_head_that_is_lost_is_told_of)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	model_put(&model, "file", 5, 5000);
	rig_create(&rig, store, NULL);
	heads = 0;
	rig.instead = takes_no_head;
	ck_assert_int_eq(rig_burn(&rig, &model, (enum lathe_session_verify)_i,
				  &report), LATHE_ERR_VERIFY);
	ck_assert_uint_eq(heads, 2);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_TORN);
	ck_assert(!report.verified);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

START_TEST(another_disc_is_told)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]), *copy;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct pair pair;
	struct rig rig;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	copy = copy_disc(store);
	ck_assert_int_eq(burn(&rig, &pair.second, &report), 0);
	/* Two sessions are chosen; then there is one. */
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	model_put(&pair.second, "four", 4, 5000);
	ck_assert_int_eq(rig_add(&rig, &pair.second), 0);
	lathe_emulator_insert(rig.emulator, copy);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	rig.sent[0x2A] = 0;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_WRONG_DISC);
	ck_assert_uint_eq(rig.sent[0x2A], 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	/* The very disc again. */
	lathe_emulator_insert(rig.emulator, store);
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", why(&rig));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	lathe_emulator_store_close(copy);
	free_pair(&pair);
}
END_TEST

/* ---- what was there before ---------------------------------------------- */

/* Cleared content needs a blank disc: one with sessions is none, unless they
 * are given up. What is given up is not found again, wherever it stood. */
START_TEST(sessions_that_are_given_up)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct pair pair;
	struct rig rig;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	ck_assert_int_eq(burn(&rig, &pair.second, &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(rig_add(&rig, &pair.first), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_NOT_BLANK);
	/* The same geometry: an old second session stands right behind. */
	options.overwrite = true;
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", why(&rig));
	/* All of the disc is free again: the place of a first session. */
	ck_assert_uint_eq(report.start, 32);
	ck_assert_uint_eq(report.session, 1);
	inspect(&rig, &disc);
	ck_assert_uint_eq(disc.medium.sessions, 1);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	expect_at(store, 0, &pair.first, "given up");
	/* Blanked: nothing is found, and a first session follows. */
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL), 0);
	inspect(&rig, &disc);
	ck_assert(disc.blank);
	ck_assert_int_eq(burn(&rig, &pair.second, &report), 0);
	ck_assert_uint_eq(report.session, 1);
	expect_at(store, 0, &pair.second, "blanked");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* A second session begins at 64 if the first one has 32 blocks: it must not be
 * found again. */
START_TEST(small_sessions_are_blanked)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	uint32_t i;
	struct rig rig;

	rig_create(&rig, store, NULL);
	for (i = 1; i <= 3; i++) {
		model_put(&model, "small", i, 10);
		ck_assert_int_eq(burn(&rig, &model, &report), 0);
		ck_assert_uint_eq(report.start, i * 32);
	}
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL), 0);
	inspect(&rig, &disc);
	ck_assert_msg(disc.blank, "%s", disc.why_text);
	ck_assert_int_eq(burn(&rig, &model, &report), 0);
	ck_assert_uint_eq(report.session, 1);
	expect_at(store, 0, &model, "blanked");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ... and stopped at each command: what was there is not told as what was to
 * be, and before the first WRITE nothing happened. */
START_TEST(giving_up_is_cancelled)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]), *copy;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	uint32_t at, untouched = 0, open = 0;
	struct pair pair;
	struct rig rig;
	int err = 1;

	make_pair(&pair);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(burn(&rig, &pair.first, &report), 0);
	rig_destroy(&rig);
	for (at = 1; err; at++) {
		ck_assert_uint_lt(at, 2000);
		copy = copy_disc(store);
		rig_create(&rig, copy, NULL);
		rig_master(&rig, NULL);
		ck_assert_int_eq(lathe_session_set_recorder(rig.master,
							    &rig.mmc), 0);
		ck_assert_int_eq(lathe_session_clear(rig.master), 0);
		ck_assert_int_eq(rig_add(&rig, &pair.second), 0);
		options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
		options.overwrite = true;
		rig.cancel_at = rig.commands + at;
		err = lathe_session_record(rig.master, &options, &report);
		ck_assert_int_eq(err, err ? LATHE_ERR_CANCELLED : 0);
		if (!err) {
			ck_assert_int_eq(report.end,
					 LATHE_SESSION_END_APPENDABLE);
		} else if (rig.sent[0x2A]) {
			ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
			open++;
		} else {
			ck_assert_int_eq(report.end,
					 LATHE_SESSION_END_UNTOUCHED);
			expect_at(copy, 0, &pair.first, "not given up");
			untouched++;
		}
		rig_destroy(&rig);
		lathe_emulator_store_close(copy);
	}
	ck_assert_uint_gt(untouched, 0);
	ck_assert_uint_gt(open, 2);
	lathe_emulator_store_close(store);
	free_pair(&pair);
}
END_TEST

/* ---- after another program ---------------------------------------------- */

/* The descriptors of the first session stand at LBA 16 alone: they are kept in
 * a copy, which a system can mount as the start of that session. */
START_TEST(a_foreign_disc_is_continued)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *store = foreign_disc(media[_i], &before, 0);
	struct rig rig;

	rig_create(&rig, store, NULL);
	inspect(&rig, &disc);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_FOREIGN);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, 90000);
	ck_assert_msg(!continue_it(&rig, &after, &report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 2);
	expect_at(store, 0, &after, "continued");
	expect_at(store, report.start, &after, "continued");
	expect_at(store, report.start - 32, &before, "the copy");
	/* Now it is one of ours. */
	inspect(&rig, &disc);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_eq(disc.medium.sessions, 2);
	rig_restart(&rig);
	model_put(&after, "more", 3, 1000);
	ck_assert_msg(!burn(&rig, &after, &report), "%s", why(&rig));
	ck_assert_uint_eq(report.session, 3);
	expect_at(store, 0, &after, "continued twice");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* What another program recorded behind its files is not ours to write on. */
START_TEST(padding_of_others_stays)
{
	struct lathe_session_report report;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *store = foreign_disc(media[1], &before, 700);
	struct rig rig;

	rig_create(&rig, store, NULL);
	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, 90000);
	ck_assert_msg(!continue_it(&rig, &after, &report), "%s", why(&rig));
	/* Descriptors, directories and 35 blocks of content, and 700. */
	ck_assert_uint_ge(report.start, 16 + 3 + 35 + 700);
	expect_at(store, 0, &after, "continued");
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* Cut at each command: their session can be read at block 0, or from the copy
 * once another head is there or was begun. */
START_TEST(continuing_a_foreign_disc_is_cut)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model before = { 0 }, after = { 0 };
	struct lathe_emulator_store *one = foreign_disc(media[_i], &before, 0), *store;
	uint32_t at, showed[3] = { 0 };
	struct rig rig;
	int err = 1;

	model_put(&after, "theirs", 1, 70000);
	model_put(&after, "ours", 2, 90000);
	for (at = 1; err; at++) {
		ck_assert_uint_lt(at, 2000);
		store = copy_disc(one);
		rig_create(&rig, store, NULL);
		rig.fault_at = at;
		rig.fault = "gone";
		err = continue_it(&rig, &after, &report);
		if (err) {
			lathe_emulator_power_cut(rig.emulator);
			rig_restart(&rig);
			inspect(&rig, &disc);
			/* With the head the place of all else is lost. */
			if (!disc.medium.sessions || disc.head_torn) {
				ck_assert(!disc.blank);
				ck_assert_int_eq(lathe_session_repair(
						&rig.mmc, NULL,
						&(bool){ false }, NULL), 0);
				inspect(&rig, &disc);
				ck_assert(!disc.head_torn);
				ck_assert(disc.found.own);
				showed[2]++;
			}
			showed[disc.found.own]++;
			expect_at(store, 0, disc.found.own ? &after : &before,
				  "cut");
			if (disc.found.own)
				expect_at(store, disc.newest.start - 32,
					  &before, "cut");
		}
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
	}
	ck_assert_uint_gt(showed[0], 0);
	ck_assert_uint_gt(showed[1], 0);
	ck_assert_uint_gt(showed[2], 0);
	lathe_emulator_store_close(one);
	model_free(&before);
	model_free(&after);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: overwritable media");
	TCase *tc = tcase_create("chain");

	tcase_set_timeout(tc, 240);
	tcase_add_loop_test(tc, an_append_is_cut_at_each_command, 0, MEDIA);
	tcase_add_loop_test(
		tc, an_append_is_cut_where_the_drive_has_its_own_order, 0, 2);
	tcase_add_loop_test(tc, a_first_session_is_cut_at_each_command, 0,
			    MEDIA);
	tcase_add_loop_test(tc, an_append_is_cancelled, 0, MEDIA);
	tcase_add_loop_test(
		tc, cancelled_before_the_first_write_nothing_happened, 0,
		2 * MEDIA);
	tcase_add_loop_test(tc, memory_that_runs_out_is_told_as_that, 0, MEDIA);
	tcase_add_loop_test(tc, the_next_session_mends_the_head, 0, MEDIA);
	tcase_add_loop_test(tc, nothing_to_repair, 0, MEDIA);
	tcase_add_loop_test(tc, the_head_is_tried_again, 0, MEDIA);
	tcase_add_loop_test(tc, a_head_that_is_lost_is_told_of,
			    LATHE_SESSION_VERIFY_QUICK,
			    LATHE_SESSION_VERIFY_FULL + 1);
	tcase_add_loop_test(tc, another_disc_is_told, 0, MEDIA);
	tcase_add_loop_test(tc, sessions_that_are_given_up, 0, MEDIA);
	tcase_add_loop_test(tc, small_sessions_are_blanked, 0, MEDIA);
	tcase_add_loop_test(tc, giving_up_is_cancelled, 0, MEDIA);
	tcase_add_loop_test(tc, a_foreign_disc_is_continued, 0, MEDIA);
	tcase_add_test(tc, padding_of_others_stays);
	tcase_add_loop_test(tc, continuing_a_foreign_disc_is_cut, 0, MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
