/* SPDX-License-Identifier: MIT */
/*
 * check_other_drives.c - where nobody has seen what drives do, the engine gets
 * along with the assumed behaviour and with its opposite: cuts, discs that are
 * nearly full, zones of another length. Faults: check_faults_of_media.c;
 * ordinary burns with every personality: check_personalities.c.
 */
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct lathe_hooks none;

static const char *why(const struct rig *rig)
{
	return lathe_session_failure(rig->master)->text;
}

static void expect_at(struct lathe_emulator_store *store, uint32_t lba,
		      const struct model *model)
{
	const char *wrong = judge_volume(store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

/* A disc with one session of one file. */
static uint32_t first_session(struct rig *rig, struct model *model)
{
	struct lathe_session_report report;

	model_put(model, "one", 1, 60000);
	ck_assert_msg(!rig_burn(rig, model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s", why(rig));
	return report.start;
}

static bool nothing_written(const struct rig *rig)
{
	return !rig->sent[0x2A] && !rig->sent[0xAA] && !rig->sent[0x2E];
}

/* ---- room --------------------------------------------------------------- */

#define FIRST_BLOCKS 300u	/* of a CD's first session: the minimum */

/* 'room' blocks behind the address at which session 2 begins; to be recorded
 * there: metadata, a file of one block. */
static int burn_into(uint32_t room, const char *personality)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_emulator_store *before;
	struct lathe_session_report report;
	struct model model = { 0 };
	uint32_t start, limit = FIRST_BLOCKS + 11402 + room;
	struct rig rig;
	int err;

	ck_assert_int_eq(lathe_emulator_store_set_limit(store, limit), 0);
	rig_create(&rig, store, personality);
	start = first_session(&rig, &model);
	ck_assert_uint_eq(disc_state(store).next_writable, limit - room);
	rig_destroy(&rig);
	before = copy_disc(store);
	rig_create(&rig, store, personality);
	model_put(&model, "two", 2, 100);
	err = rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL, &report);
	if (err) {
		ck_assert(nothing_written(&rig));
		ck_assert(judge_same(before, store, limit));
		model_remove(&model, "two");
		expect_at(store, start, &model);
	} else {
		ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
		ck_assert(report.final_for_room);
		expect_at(store, report.start, &model);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(before);
	lathe_emulator_store_close(store);
	model_free(&model);
	return err;
}

/* A track of 300 blocks and its run-out: less is refused beforehand, even if
 * the drive would take it. */
START_TEST(no_room_for_a_track)
{
	const char *personality = _i ? "short-last-track" : NULL;

	ck_assert_int_eq(burn_into(299, personality),
			 LATHE_ERR_NOT_APPENDABLE);
	ck_assert_int_eq(burn_into(302, personality), 0);
}
END_TEST

START_TEST(a_final_disc)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, _i ? "final-is-full" : NULL);
	rig_master(&rig, NULL);
	model_put(&model, "one", 1, 60000);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.final = true;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
	rig.sent[0x2A] = 0;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_NOT_APPENDABLE);
	ck_assert(nothing_written(&rig));
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- zones -------------------------------------------------------------- */

/* Up to LBA 533,504, PSN B2600h, border zones are the shortest. */
#define FAR_BYTES (540000u * 2048u)

static bool is_far(void *ctx, const char *path)
{
	(void)ctx;
	return strcmp(path, RIG_ZEROS) == 0;
}

/* One more session, and what a reader finds where the drive put it. */
static uint32_t append(struct rig *rig, struct model *model, const char *name,
		       struct lathe_session_report *report)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_QUICK);
	struct model fresh = { .count = 1 };
	const char *wrong;
	int err;

	model_put(model, name, model->count + 1, 50000);
	fresh.file[0] = model->file[model->count - 1];
	if (!rig->master)
		rig_master(rig, NULL);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	ck_assert_msg(!err, "%s: %s", name, why(rig));
	ck_assert_int_eq(rig_add(rig, &fresh), 0);
	if (report->session == 0)
		ck_assert_int_eq(rig_add_zeros(rig, FAR_BYTES), 0);
	err = lathe_session_record(rig->master, &options, report);
	ck_assert_msg(!err, "%s: %s", name, why(rig));
	ck_assert_int_eq(report->end, LATHE_SESSION_END_APPENDABLE);
	if (report->session == 1)
		snprintf(model->file[model->count++].path, 96, RIG_ZEROS);
	model->file[1].size = FAR_BYTES;
	wrong = judge_volume(rig->store, report->start, model, is_far, NULL);
	ck_assert_msg(!wrong, "%s: %s", name, wrong);
	return report->start + report->track_blocks;
}

/* Far outside, zones of another length than was predicted: it is told, and
 * all sessions are where the drive says. */
START_TEST(border_zones_of_another_length)
{
	/* 16 blocks of linking come first. */
	static const uint32_t behind_first[] = { 37888, 28672 };
	static const uint32_t behind_later[] = { 7680, 6144 };
	struct lathe_emulator_store *store = digest_disc(LATHE_EMULATOR_DVD_R);
	struct lathe_session_report report = { 0 };
	struct model model = { 0 };
	uint32_t end, first;
	struct rig rig;

	rig_create(&rig, store, _i ? "border-zones-alike" : NULL);
	end = append(&rig, &model, "one", &report);
	first = report.start;
	ck_assert_uint_eq(report.predicted_next, end + 16 + 37888);
	ck_assert_uint_eq(report.next_writable, end + 16 + behind_first[_i]);
	end = append(&rig, &model, "two", &report);
	ck_assert_uint_eq(report.predicted_next, end + 16 + 7680);
	ck_assert_uint_eq(report.next_writable, end + 16 + behind_later[_i]);
	end = append(&rig, &model, "three", &report);
	ck_assert_uint_eq(report.session, 3);
	ck_assert_uint_eq(judge_session(store, 3), report.start);
	model_remove(&model, "three");
	model_remove(&model, "two");
	ck_assert_ptr_null(judge_volume(store, first, &model, is_far, NULL));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* A BD-R of 1,024 blocks takes sessions until there is no room: then it is
 * refused, and all of them are there. */
START_TEST(sessions_until_a_disc_is_full)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_BD_R);
	struct lathe_session_report report;
	static struct model model[12];
	uint32_t start[12], n = 0, i;
	struct rig rig;
	int err = 0;

	ck_assert_int_eq(lathe_emulator_store_set_limit(store, 1024), 0);
	rig_create(&rig, store, _i ? "bd-r-session-gap" : NULL);
	while (!err) {
		char name[] = "session 0";

		ck_assert_uint_lt(n, 12);
		for (i = 0; i <= n; i++) {
			name[8] = (char)('a' + i);
			model_put(&model[n], name, i, 100000);
		}
		rig.sent[0x2A] = 0;
		err = rig_burn(&rig, &model[n], LATHE_SESSION_VERIFY_FULL,
			       &report);
		start[n++] = report.start;
	}
	ck_assert(err == LATHE_ERR_FULL || err == LATHE_ERR_NOT_APPENDABLE);
	ck_assert(nothing_written(&rig));
	ck_assert_uint_eq(disc_state(store).sessions, n - 1);
	/* The first takes 3 clusters; two may be left out behind it. */
	ck_assert_uint_eq(start[1] - start[0], _i ? 160 : 96);
	for (i = 0; i + 1 < n; i++)
		expect_at(store, start[i], &model[i]);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	for (i = 0; i < n; i++)
		model_free(&model[i]);
}
END_TEST

/* ---- a blanking that is cut --------------------------------------------- */

static const struct {
	enum lathe_emulator_media media;
	enum lathe_mmc_blanking how;
} erasable[] = {
	{ LATHE_EMULATOR_CD_RW, LATHE_MMC_BLANK_USUAL },
	{ LATHE_EMULATOR_DVD_RW, LATHE_MMC_BLANK_FULL },
	{ LATHE_EMULATOR_DVD_RW_OW, LATHE_MMC_BLANK_FULL }
};

#define ERASABLE ((int)(sizeof(erasable) / sizeof(erasable[0])))

/* Whatever the disc is now: nothing is recorded on it in vain, and blanked once
 * more it is as new. */
static void judge_blanking(struct rig *rig, uint32_t at,
			   enum lathe_mmc_blanking how)
{
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct model model = { 0 };
	int err;

	rig_restart(rig);
	model_put(&model, "new", 9, 70000);
	err = rig_burn(rig, &model, LATHE_SESSION_VERIFY_FULL, &report);
	if (err) {
		ck_assert_msg(why(rig)[0], "at %u: nothing is told", at);
		rig_restart(rig);
		err = lathe_session_blank(&rig->mmc, &none, how, &failure);
		ck_assert_msg(!err, "at %u: %s", at, failure.text);
		err = rig_burn(rig, &model, LATHE_SESSION_VERIFY_FULL,
			       &report);
		ck_assert_msg(!err, "at %u: %s", at, why(rig));
	} else if (report.session > 1) {
		/* The old session is whole, and was continued. */
		model_put(&model, "one", 1, 60000);
	}
	expect_at(rig->store, report.start, &model);
	model_free(&model);
}

START_TEST(a_blanking_is_cut_at_each_command)
{
	const char *personality = _i / ERASABLE ? "blank-cut-spoils" : NULL;
	enum lathe_mmc_blanking how = erasable[_i % ERASABLE].how;
	uint32_t at, spoilt = 0, blanked = 0;
	struct lathe_failure failure;
	bool came = true;

	for (at = 1; came; at++) {
		struct lathe_emulator_store *store =
			blank_disc(erasable[_i % ERASABLE].media);
		struct model model = { 0 };
		uint8_t block[2048];
		uint32_t start;
		struct rig rig;
		int err;

		ck_assert_uint_lt(at, 500);
		/* A small one, so that it does not take long. */
		ck_assert_int_eq(lathe_emulator_store_set_limit(store, 40000),
				 0);
		rig_create(&rig, store, personality);
		start = first_session(&rig, &model);
		rig.fault_at = rig.commands + at;
		rig.fault = "powercut";
		err = lathe_session_blank(&rig.mmc, &none, how, &failure);
		came = rig.commands >= rig.fault_at;
		ck_assert_msg(!err || failure.text[0], "at %u", at);
		ck_assert_msg(err || disc_state(store).blank, "at %u", at);
		if (disc_state(store).blank)
			blanked++;
		else if (lathe_emulator_store_peek(store, start + 16, block) ==
			 LATHE_EMULATOR_BLOCK_DAMAGED)
			spoilt++;
		judge_blanking(&rig, at, how);
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
		model_free(&model);
	}
	ck_assert_uint_gt(at, 5);
	ck_assert_uint_gt(blanked, 0);
	ck_assert_int_eq(spoilt > 0, personality != NULL);
}
END_TEST

/* ---- a session at once that is cut -------------------------------------- */

/* The files of a session that was cut are told as not whole. */
static bool may_be_damaged(void *ctx, const char *path)
{
	(void)ctx;
	(void)path;
	return true;
}

static int record_at_once(struct rig *rig, const struct model *model,
			  uint32_t at, const char *fault)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_report report;

	rig_master(rig, NULL);
	options.at_once = true;
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, model), 0);
	rig->fault_at = rig->commands + at;
	rig->fault = fault;
	return lathe_session_record(rig->master, &options, &report);
}

/* Somebody presses the eject button, in the pre-gap and behind it, where the
 * drive has no next writable address to tell. MMC-6 4.1.6.1: what meets a unit
 * attention is not carried out. */
START_TEST(the_eject_button_ends_no_session_at_once)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, NULL);
	model_put(&model, "file", 1, 700000);
	ck_assert_msg(!record_at_once(&rig, &model, 1,
				      "op=2a count=7 times=2 sense=6/5A/01\n"
				      "op=2a count=160 times=2 sense=6/5A/01"),
		      "%s", why(&rig));
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 4);
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* An address in the pre-gap is below 0, MMC-6 4.2. */
START_TEST(addresses_in_the_pre_gap_are_negative)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, NULL);
	model_put(&model, "file", 1, 700000);
	ck_assert_int_eq(record_at_once(&rig, &model, 1,
					"op=2a count=2 sense=4/44/00"),
			 LATHE_ERR_SENSE);
	ck_assert_ptr_nonnull(strstr(why(&rig), "at LBA -149: "));
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* What was closed is a disc like others: it is continued. */
static void go_on_behind_it(struct rig *rig)
{
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	int err;

	rig_restart(rig);
	ck_assert_int_eq(lathe_session_inspect(&rig->mmc, &none, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_OWN);
	ck_assert_uint_ge(disc.files_short, 1);
	/* Recorded anew: what was short is left out. */
	model_put(&model, "before", 1, 2048 * 20);
	model_put(&model, "large", 2, 2048 * 3000);
	err = rig_burn(rig, &model, LATHE_SESSION_VERIFY_FULL, &report);
	ck_assert_msg(!err, "%s", why(rig));
	ck_assert_uint_eq(report.session, 2);
	expect_at(rig->store, report.start, &model);
	model_free(&model);
}

/* The power goes; the program with it, or it sees to what is left. True: the
 * burn came as far as command 'at'. */
static bool cut_at_once(const char *personality, bool killed, uint32_t at,
			uint32_t *closed)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_failure failure;
	struct model model = { 0 };
	struct rig rig;
	bool came;
	int err;

	rig_create(&rig, store, personality);
	/* More than the drive's buffer holds behind the metadata. */
	model_put(&model, "before", 1, 2048 * 20);
	model_put(&model, "large", 2, 2048 * 3000);
	err = record_at_once(&rig, &model, at, killed ? "gone" : "powercut");
	came = rig.commands >= rig.fault_at;
	ck_assert_msg(!err || why(&rig)[0], "at %u: nothing is told", at);
	if (err && killed) {
		lathe_emulator_power_cut(rig.emulator);
		rig_restart(&rig);
		err = lathe_session_close(&rig.mmc, &none, false, false,
					  &failure);
		ck_assert_msg(!err || failure.text[0], "at %u", at);
		ck_assert(err || disc_state(store).sessions == 1);
	}
	if (disc_state(store).sessions)
		ck_assert_ptr_null(judge_volume(store, 0, &model,
						may_be_damaged, NULL));
	if (disc_state(store).sessions && !disc_state(store).final) {
		++*closed;
		go_on_behind_it(&rig);
	}
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
	return came;
}

START_TEST(a_session_at_once_is_cut)
{
	const char *personality = _i & 1 ? "at-once-cut-closes" : NULL;
	uint32_t at = 1, closed = 0;

	while (cut_at_once(personality, _i & 2, at, &closed))
		at += 17;
	ck_assert_uint_gt(at, 100);
	ck_assert_int_eq(closed > 0, _i & 1);
}
END_TEST

/* ---- going on after a cut ----------------------------------------------- */

static const enum lathe_emulator_media goes_on[] = {
	LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW,
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R
};

#define GOES_ON ((int)(sizeof(goes_on) / sizeof(goes_on[0])))

/* The cable is pulled and the power gone in the middle of a second session; it
 * is taken up again, and nothing was lost. */
START_TEST(nothing_is_lost_with_the_power)
{
	struct lathe_emulator_store *store = blank_disc(goes_on[_i]);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	uint32_t first, reached;
	struct rig rig;
	int err;

	rig_create(&rig, store, "power-cut-flushes");
	first = first_session(&rig, &model);
	model_put(&model, "long", 2, 9000000);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_ne(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	lathe_emulator_power_cut(rig.emulator);
	reached = disc_state(store).next_writable;
	ck_assert_uint_gt(reached, report.start);
	rig_restart(&rig);
	rig_master(&rig, NULL);
	err = lathe_session_resume(rig.master, &rig.mmc);
	ck_assert_msg(!err, "%s", why(&rig));
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	err = lathe_session_record(rig.master, &options, &report);
	ck_assert_msg(!err, "%s", why(&rig));
	ck_assert_uint_eq(report.files_not_whole, 0);
	expect_at(store, report.start, &model);
	model_remove(&model, "long");
	expect_at(store, first, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* READ TRACK INFORMATION, MMC-6: NWA_V is 0. */
static void no_next(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved >= 8)
		cmd->data[7] &= 0xFE;
}

/* ... or the address lies in front of its track. */
static void next_in_front(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t start;

	(void)rig;
	if (cmd->cdb[0] != 0x52 || cmd->moved < 16 || !(cmd->data[7] & 1))
		return;
	start = lathe_get_be32(cmd->data + 8);
	lathe_put_be32(cmd->data + 12, start - 16);
}

/* GET CONFIGURATION: a feature is not current. */
static void hide(struct lathe_cmd *cmd, unsigned feature)
{
	uint32_t at = 8;

	if (cmd->cdb[0] != 0x46)
		return;
	for (; at + 4 <= cmd->moved; at += 4u + cmd->data[at + 3])
		if (lathe_get_be16(cmd->data + at) == feature)
			cmd->data[at + 2] &= 0xFE;
}

/* Incremental Streaming Writable; CD Track at Once. */
static void no_increments(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	hide(cmd, 0x21);
}

static void no_track_at_once(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	hide(cmd, 0x2D);
}

/* A drive that writes such discs only at once adds no session to one. */
START_TEST(what_is_written_at_once_alone_is_not_continued)
{
	static const struct {
		enum lathe_emulator_media media;
		void (*lie)(struct rig *rig, struct lathe_cmd *cmd);
	} drives[] = {
		{ LATHE_EMULATOR_DVD_R, no_increments },
		{ LATHE_EMULATOR_DVD_RW, no_increments },
		{ LATHE_EMULATOR_CD_R_80, no_track_at_once },
		{ LATHE_EMULATOR_CD_RW, no_track_at_once },
	};
	struct lathe_emulator_store *store = blank_disc(drives[_i].media);
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, NULL);
	rig.lie = drives[_i].lie;
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	rig.lie = NULL;
	first_session(&rig, &model);
	rig_restart(&rig);
	rig.lie = drives[_i].lie;
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_NONE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_STRATEGY);
	rig_master(&rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc),
			 LATHE_ERR_MEDIUM_TYPE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Where it can not go on, that is told when the disc is chosen, and nothing
 * is. */
START_TEST(what_can_not_go_on_is_not_chosen)
{
	static const struct {
		enum lathe_emulator_media media;
		bool power;
		void (*lie)(struct rig *rig, struct lathe_cmd *cmd);
		bool first;
	} cut[] = {
		{ LATHE_EMULATOR_CD_R_80, false, NULL, false },
		{ LATHE_EMULATOR_CD_R_80, true, NULL, false },
		{ LATHE_EMULATOR_CD_RW, false, NULL, false },
		{ LATHE_EMULATOR_DVD_R, false, no_next, false },
		{ LATHE_EMULATOR_DVD_R, false, no_next, true },
		{ LATHE_EMULATOR_DVD_R, false, next_in_front, false },
		{ LATHE_EMULATOR_DVD_PLUS_R, false, next_in_front, false },
		{ LATHE_EMULATOR_DVD_R, false, no_increments, false },
		{ LATHE_EMULATOR_DVD_R, false, no_increments, true },
	};
	struct lathe_emulator_store *store = blank_disc(cut[_i].media);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;
	int err;

	rig_create(&rig, store, NULL);
	if (!cut[_i].first)
		first_session(&rig, &model);
	model_put(&model, "long", 2, 9000000);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2a count=110 gone"), 0);
	ck_assert_int_ne(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	if (cut[_i].power)
		lathe_emulator_power_cut(rig.emulator);
	rig_restart(&rig);
	rig_master(&rig, NULL);
	rig.lie = cut[_i].lie;
	err = lathe_session_resume(rig.master, &rig.mmc);
	ck_assert_msg(err == LATHE_ERR_UNSUPPORTED, "%s: %s",
		      lathe_err_name(err), why(&rig));
	ck_assert_ptr_null(lathe_session_chosen(rig.master));
	ck_assert_int_eq(lathe_session_current_mode(rig.master),
			 LATHE_SESSION_MODE_NONE);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- write errors that are told late ------------------------------------ */

static const enum lathe_emulator_media overwritable[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define OVERWRITABLE ((int)(sizeof(overwritable) / sizeof(overwritable[0])))

/* Which WRITE a late error is of is not known: even without any reading back
 * the burn is no success over a bad disc. */
START_TEST(a_late_error_may_be_of_any_write)
{
	enum lathe_emulator_media media = overwritable[_i % OVERWRITABLE];
	bool first = _i / OVERWRITABLE;
	uint32_t at, failed = 0;
	bool came = true;

	for (at = 1; came; at += 3) {
		struct lathe_emulator_store *store = blank_disc(media);
		struct lathe_session_report report;
		struct model model = { 0 };
		struct rig rig;
		uint32_t start;
		int err;

		rig_create(&rig, store, first ? "late-error-of-first" : NULL);
		start = first_session(&rig, &model);
		model_put(&model, "two", 2, 700000);
		rig.fault_at = rig.commands + at;
		rig.fault = "deferred=3/0C/00";
		err = rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
			       &report);
		came = rig.commands >= rig.fault_at;
		if (err) {
			ck_assert_msg(why(&rig)[0], "at %u", at);
			failed++;
			model_remove(&model, "two");
		}
		/* The new session, or the old one. */
		expect_at(store, err ? start : report.start, &model);
		rig_destroy(&rig);
		lathe_emulator_store_close(store);
		model_free(&model);
	}
	ck_assert_uint_gt(failed, 5);
}
END_TEST

/* ---- a command that nobody needs ---------------------------------------- */

START_TEST(write_and_verify_is_not_depended_on)
{
	struct lathe_emulator_store *store = blank_disc(LATHE_EMULATOR_DVD_RAM);
	struct model model = { 0 };
	struct rig rig;

	rig_create(&rig, store, _i ? "no-write-verify" : NULL);
	first_session(&rig, &model);
	ck_assert_uint_eq(rig.sent[0x2E], 0);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: drives of the other kind");
	TCase *tc = tcase_create("opposites");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, no_room_for_a_track, 0, 2);
	tcase_add_loop_test(tc, a_final_disc, 0, 2);
	tcase_add_loop_test(tc, border_zones_of_another_length, 0, 2);
	tcase_add_loop_test(tc, sessions_until_a_disc_is_full, 0, 2);
	tcase_add_loop_test(tc, a_blanking_is_cut_at_each_command, 0,
			    2 * ERASABLE);
	tcase_add_test(tc, the_eject_button_ends_no_session_at_once);
	tcase_add_test(tc, addresses_in_the_pre_gap_are_negative);
	tcase_add_loop_test(tc, a_session_at_once_is_cut, 0, 4);
	tcase_add_loop_test(tc, nothing_is_lost_with_the_power, 0, GOES_ON);
	tcase_add_loop_test(tc, what_is_written_at_once_alone_is_not_continued,
			    0, 4);
	tcase_add_loop_test(tc, what_can_not_go_on_is_not_chosen, 0, 9);
	tcase_add_loop_test(tc, a_late_error_may_be_of_any_write, 0,
			    2 * OVERWRITABLE);
	tcase_add_loop_test(tc, write_and_verify_is_not_depended_on, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
