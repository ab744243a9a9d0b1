/* SPDX-License-Identifier: MIT */
/*
 * check_shown.c - overwritable media: what comes last of a session. What is
 * behind it is forgotten, its descriptors have it found, the head has it seen
 * (SPEC 5); how the medium is told to be when one of these steps fails.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

/* Blocks 0 to 31 are written as a whole. */
#define HEAD 32u

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

static struct lathe_session_disc inspect(struct rig *rig)
{
	struct lathe_session_disc disc;

	ck_assert_int_eq(lathe_session_inspect(&rig->mmc, NULL, &disc), 0);
	return disc;
}

/* As somebody else's program would. */
static void record_there(struct rig *rig, uint32_t lba, const uint8_t *data)
{
	struct lathe_mmc_recording how = {
		.overwrite_start = lba, .track_blocks = HEAD
	};
	struct lathe_mmc_medium medium;
	uint32_t start;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	ck_assert_int_eq(lathe_mmc_write(&rig->mmc, lba, HEAD, data), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
}

static bool holds(struct lathe_emulator_store *store, uint32_t lba,
		  uint8_t byte)
{
	uint8_t block[2048], is[2048];

	memset(block, byte, sizeof(block));
	return lathe_emulator_store_peek(store, lba, is) ==
		       LATHE_EMULATOR_BLOCK_DATA &&
	       memcmp(block, is, sizeof(is)) == 0;
}

/* ---- what is behind it -------------------------------------------------- */

#define BEHIND 160u	/* blocks that are looked at */
#define JUNK 0xAA

/* ECMA-119 8.4: a primary volume descriptor. */
static void put_descriptor(uint8_t *block)
{
	memset(block, 0, 2048);
	memcpy(block, "\1CD001\1", 7);
}

/* Remains of an older use, 'at' blocks behind 'from' a descriptor. */
static void record_remains(struct rig *rig, uint32_t from, uint32_t at)
{
	uint8_t blocks[HEAD * 2048];
	uint32_t i;

	for (i = 0; i < BEHIND; i += HEAD) {
		memset(blocks, JUNK, sizeof(blocks));
		if (at >= i && at < i + HEAD)
			put_descriptor(blocks + (at - i) * 2048);
		record_there(rig, from + i, blocks);
	}
}

static const struct {
	uint32_t at;
	uint32_t unreadable;	/* a block beside it; 0: none */
} remains[] = {
	{ 0, 0 }, { 16, 0 }, { 31, 0 }, { 32, 0 }, { 64, 0 }, { 80, 0 },
	{ 95, 0 }, { 96, 0 }, { 112, 0 }, { 150, 0 },
	/* The search tries each 16th block there. */
	{ 16, 3 }, { 0, 17 }, { 48, 33 }, { 80, 64 },
};

#define REMAINS ((int)(sizeof(remains) / sizeof(remains[0])))

/* Descriptors within 96 blocks behind a session are overwritten with zeros;
 * what is none stays, and what is further behind. */
START_TEST(descriptors_behind_it_are_forgotten)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / REMAINS]);
	uint32_t at = remains[_i % REMAINS].at, i, behind;
	uint32_t unreadable = remains[_i % REMAINS].unreadable;
	struct lathe_session_report report;
	struct model model = { 0 };
	char script[64] = "";
	struct rig rig;

	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	behind = report.next_writable;
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL), 0);
	record_remains(&rig, behind, at);
	if (unreadable)
		snprintf(script, sizeof(script),
			 "op=28 lba=%u times=0 sense=3/11/05",
			 behind + unreadable);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, script), 0);
	ck_assert_msg(!rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				&report), "%s", why(&rig));
	ck_assert_uint_eq(report.next_writable, behind);
	expect_at(store, 0, &model);
	ck_assert_int_eq(holds(store, behind + at, 0), at < 96);
	for (i = 0; i < BEHIND; i++)
		if (i / HEAD != at / HEAD || at >= 96)
			ck_assert_msg(i == at ||
					      holds(store, behind + i, JUNK),
				      "%u behind", i);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* What can not be forgotten would be found as a later session: nothing leads to
 * the new one then. Of two such places it is the first, or the second. */
START_TEST(descriptors_behind_it_can_not_be_forgotten)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct lathe_session_report report;
	struct model model = { 0 };
	uint8_t blocks[HEAD * 2048] = { 0 };
	uint32_t behind, fired;
	char script[64];
	struct rig rig;

	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	behind = report.next_writable;
	ck_assert_int_eq(lathe_session_blank(&rig.mmc, NULL,
					     LATHE_MMC_BLANK_USUAL, NULL), 0);
	record_remains(&rig, behind, 16);
	put_descriptor(blocks + 16 * 2048);
	record_there(&rig, behind + HEAD, blocks);
	snprintf(script, sizeof(script), "op=2a lba=%u times=0 sense=3/0C/00",
		 behind + (_i % 2 ? HEAD : 0));
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, script), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_SENSE);
	fired = lathe_emulator_faults_fired(rig.emulator);
	/* Where the failure took the descriptor away the second try is all that
	 * was missing; it stays a failure. */
	if (fired == 2) {
		ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
		ck_assert(holds(store, 32 + 16, 0));
	} else {
		ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
		expect_at(store, 0, &model);
	}
	ck_assert(!report.verified);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* A session that was given up, of which a block can not be read. */
START_TEST(a_damaged_session_behind_it_is_forgotten)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct model first = { 0 }, second = { 0 };
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	char script[64];
	struct rig rig;

	model_put(&first, "one", 1, 60000);
	model_put(&second, "one", 1, 60000);
	model_put(&second, "two", 2, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &first, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_int_eq(rig_burn(&rig, &second, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	/* In its system area. */
	snprintf(script, sizeof(script), "op=28 lba=%u times=0 sense=3/11/05",
		 report.start + 5);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, script), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(rig_add(&rig, &first), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.overwrite = true;
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", why(&rig));
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	disc = inspect(&rig);
	ck_assert_uint_eq(disc.medium.sessions, 1);
	ck_assert(!disc.head_torn);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&first);
	model_free(&second);
}
END_TEST

/* A first session stands behind zeros, whatever was given up there. */
START_TEST(what_is_in_front_is_given_up)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	uint8_t junk[HEAD * 2048];
	struct rig rig;
	uint32_t i;

	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	memset(junk, JUNK, sizeof(junk));
	record_there(&rig, 0, junk);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(lathe_session_clear(rig.master), 0);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.overwrite = true;
	ck_assert_msg(!lathe_session_record(rig.master, &options, &report),
		      "%s", why(&rig));
	ck_assert_uint_eq(report.start, 32);
	for (i = 0; i < 16; i++)
		ck_assert_msg(holds(store, i, 0), "block %u", i);
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- how it ends -------------------------------------------------------- */

/* The step that fails each time that it is tried. */
static const struct {
	bool append;
	uint32_t lba;		/* of the WRITE; UINT32_MAX: the session's */
	uint32_t count;		/* ... which is the n-th there */
	const char *sense;
	enum lathe_session_end end;
} steps[] = {
	{ true, UINT32_MAX, 2, "3/0c/00", LATHE_SESSION_END_OPEN },
	{ true, UINT32_MAX, 2, "4/44/00", LATHE_SESSION_END_OPEN },
	{ true, 0, 1, "3/0c/00", LATHE_SESSION_END_TORN },
	{ true, 0, 1, "4/44/00", LATHE_SESSION_END_TORN },
	{ false, UINT32_MAX, 2, "3/0c/00", LATHE_SESSION_END_OPEN },
	{ false, UINT32_MAX, 2, "4/44/00", LATHE_SESSION_END_OPEN },
	{ false, 0, 2, "3/0c/00", LATHE_SESSION_END_TORN },
	{ false, 0, 2, "4/44/00", LATHE_SESSION_END_TORN },
};

#define STEPS ((int)(sizeof(steps) / sizeof(steps[0])))

static void expect_torn(struct rig *rig, uint32_t start,
			const struct model *model)
{
	struct lathe_session_disc disc = inspect(rig);
	bool needed = false;

	ck_assert(disc.head_torn);
	ck_assert_uint_eq(disc.newest.start, start);
	expect_at(rig->store, start, model);
	ck_assert_int_eq(lathe_session_repair(&rig->mmc, NULL, &needed, NULL),
			 0);
	ck_assert(needed);
	expect_at(rig->store, 0, model);
}

START_TEST(a_step_fails)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / STEPS]);
	struct model first = { 0 }, second = { 0 };
	struct lathe_session_report report;
	bool append = steps[_i % STEPS].append;
	uint32_t start = 32, lba = steps[_i % STEPS].lba;
	char script[80];
	struct rig rig;

	model_put(&first, "one", 1, 60000);
	model_put(&second, "one", 1, 60000);
	model_put(&second, "two", 2, 90000);
	rig_create(&rig, store, NULL);
	if (append) {
		ck_assert_int_eq(rig_burn(&rig, &first,
					  LATHE_SESSION_VERIFY_FULL, &report),
				 0);
		start = report.next_writable;
	}
	snprintf(script, sizeof(script),
		 "op=2a lba=%u count=%u times=0 sense=%s",
		 lba == UINT32_MAX ? start : lba, steps[_i % STEPS].count,
		 steps[_i % STEPS].sense);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator, script), 0);
	ck_assert_int_eq(rig_burn(&rig, &second, LATHE_SESSION_VERIFY_FULL,
				  &report), LATHE_ERR_SENSE);
	ck_assert_uint_ge(lathe_emulator_faults_fired(rig.emulator), 2);
	ck_assert_uint_eq(report.start, start);
	ck_assert_int_eq(report.end, steps[_i % STEPS].end);
	ck_assert(!report.verified);
	rig_restart(&rig);
	if (report.end == LATHE_SESSION_END_TORN) {
		expect_torn(&rig, start, &second);
	} else if (append) {
		ck_assert_uint_eq(inspect(&rig).medium.sessions, 1);
		expect_at(store, 0, &first);
	}
	if (append)
		expect_at(store, 32, &first);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&first);
	model_free(&second);
}
END_TEST

/* A bit that flips in front of the descriptors, where nobody looks for a
 * session: blocks 0 to 31 are read back and compared, but for NONE. */
START_TEST(a_head_that_differs_is_told)
{
	static const enum lathe_session_verify levels[] = {
		LATHE_SESSION_VERIFY_FULL, LATHE_SESSION_VERIFY_QUICK,
		LATHE_SESSION_VERIFY_STATE, LATHE_SESSION_VERIFY_NONE
	};
	struct lathe_emulator_store *store = blank_disc(media[_i / 4]);
	struct lathe_session_report report;
	struct model model = { 0 };
	bool told = levels[_i % 4] != LATHE_SESSION_VERIFY_NONE;
	struct rig rig;

	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	model_put(&model, "two", 2, 90000);
	ck_assert_int_eq(lathe_emulator_set_faults(rig.emulator,
						   "op=2a lba=0 corrupt"), 0);
	ck_assert_int_eq(rig_burn(&rig, &model, levels[_i % 4], &report),
			 told ? LATHE_ERR_VERIFY : 0);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	if (told)
		ck_assert_ptr_nonnull(strstr(why(&rig), "blocks 0 to 31"));
	ck_assert_int_eq(report.verified, !told);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* Once the user has stopped it, the next command that asks for the disc gets
 * what an earlier one left behind: sense data of a deferred error. */
static void late_error(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)cmd;
	if (rig->cancel_at_write && rig->sent[0x2A] == rig->cancel_at_write &&
	    cmd->cdb[0] == 0x2A)
		ck_assert_int_eq(lathe_emulator_set_faults(
					 rig->emulator,
					 "op=51 sense=4/44/00"), 0);
}

START_TEST(a_late_error_hides_nothing)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct lathe_session_record_options options;
	struct model first = { 0 }, second = { 0 };
	struct lathe_session_report report;
	struct rig rig;

	model_put(&first, "one", 1, 60000);
	model_put(&second, "two", 2, 900000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &first, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &second), 0);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	rig.lie = late_error;
	rig.cancel_at_write = rig.sent[0x2A] + 3;
	ck_assert_int_eq(lathe_session_record(rig.master, &options, &report),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_eq(lathe_emulator_faults_fired(rig.emulator), 1);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
	expect_at(store, 0, &first);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&first);
	model_free(&second);
}
END_TEST

/* ---- what is beside the descriptors ------------------------------------- */

/* A disc of another program, with code in its system area (ECMA-119 6.2.1). */
struct foreign {
	struct lathe_emulator_store *store;
	struct model before, after;
	struct lathe_session_report report;
	struct rig rig;
};

static void foreign_begin(struct foreign *f, enum lathe_emulator_media medium)
{
	uint8_t head[HEAD * 2048];
	uint32_t i;

	memset(f, 0, sizeof(*f));
	f->store = foreign_disc(medium, &f->before, 0);
	model_put(&f->after, "theirs", 1, 70000);
	model_put(&f->after, "ours", 2, 90000);
	memset(head, JUNK, sizeof(head));
	for (i = 16; i < HEAD; i++)
		lathe_emulator_store_peek(f->store, i, head + i * 2048);
	rig_create(&f->rig, f->store, NULL);
	record_there(&f->rig, 0, head);
	rig_destroy(&f->rig);
	rig_create(&f->rig, f->store, NULL);
}

static void foreign_end(struct foreign *f)
{
	rig_destroy(&f->rig);
	lathe_emulator_store_close(f->store);
	model_free(&f->before);
	model_free(&f->after);
}

static void expect_code(const struct foreign *f, const char *when)
{
	uint32_t i;

	for (i = 0; i < 16; i++)
		ck_assert_msg(holds(f->store, i, JUNK), "%s: block %u", when,
			      i);
}

/* The head is lost while it is written: the second try has what was kept in
 * front of the copy. */
START_TEST(what_was_kept_is_written_again)
{
	struct foreign f;

	foreign_begin(&f, media[_i]);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 f.rig.emulator,
				 "op=2a lba=0 sense=3/0c/00"), 0);
	ck_assert_int_eq(continue_it(&f.rig, &f.after, &f.report),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_emulator_faults_fired(f.rig.emulator), 1);
	ck_assert_int_eq(f.report.end, LATHE_SESSION_END_APPENDABLE);
	expect_at(f.store, 0, &f.after);
	expect_code(&f, "again");
	foreign_end(&f);
}
END_TEST

/* What is written anew can be read. */
static void heals(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x2A && !lathe_get_be32(cmd->cdb + 2))
		ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
							   NULL), 0);
}

/* ... or it is damaged later: the next session mends it. */
START_TEST(what_was_kept_mends_the_next_head)
{
	struct foreign f;

	foreign_begin(&f, media[_i]);
	ck_assert_int_eq(continue_it(&f.rig, &f.after, &f.report), 0);
	expect_code(&f, "continued");
	rig_restart(&f.rig);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 f.rig.emulator,
				 "op=28 lba=3 times=0 sense=3/11/05"), 0);
	model_put(&f.after, "more", 3, 5000);
	f.rig.lie = heals;
	ck_assert_msg(!rig_burn(&f.rig, &f.after, LATHE_SESSION_VERIFY_FULL,
				&f.report), "%s", why(&f.rig));
	ck_assert_uint_eq(f.report.session, 3);
	expect_at(f.store, 0, &f.after);
	/* Block 3 alone could not be read. */
	expect_code(&f, "mended");
	foreign_end(&f);
}
END_TEST

/* What was kept is damaged as well, or what says that it is there: then zeros
 * take the place of what can not be read. */
START_TEST(nothing_else_mends_the_next_head)
{
	static const struct {
		uint32_t behind;	/* blocks from there to the session */
		const char *effect;
	} damage[] = {
		{ 32, "sense=3/11/05" }, { 64, "sense=3/11/05" },
		{ 33, "sense=3/11/05" }, { 64 - 3, "corrupt" }
	};
	char script[128];
	struct foreign f;

	foreign_begin(&f, media[_i / 4]);
	ck_assert_int_eq(continue_it(&f.rig, &f.after, &f.report), 0);
	rig_restart(&f.rig);
	snprintf(script, sizeof(script), "op=28 lba=3 times=0 sense=3/11/05; "
		 "op=28 lba=%u times=0 %s",
		 f.report.start - damage[_i % 4].behind, damage[_i % 4].effect);
	ck_assert_int_eq(lathe_emulator_set_faults(f.rig.emulator, script), 0);
	model_put(&f.after, "more", 3, 5000);
	f.rig.lie = heals;
	ck_assert_msg(!rig_burn(&f.rig, &f.after, LATHE_SESSION_VERIFY_FULL,
				&f.report), "%s", why(&f.rig));
	expect_at(f.store, 0, &f.after);
	ck_assert(holds(f.store, 3, 0));
	ck_assert(holds(f.store, 2, JUNK));
	ck_assert(holds(f.store, 4, JUNK));
	foreign_end(&f);
}
END_TEST

/* The drive reads nothing any more, or not just now, from each command on:
 * nothing is kept or written that was not read. */
START_TEST(the_drive_fails_to_read)
{
	uint32_t at, whole = 0;
	struct foreign f;
	int err = 1;

	for (at = 1; err || whole < 1; at += 1) {
		ck_assert_uint_lt(at, 2000);
		foreign_begin(&f, media[_i / 2]);
		f.rig.fault_at = at;
		f.rig.fault = _i % 2 ? "op=28 sense=4/44/00" :
				       "op=28 times=0 sense=4/44/00";
		err = continue_it(&f.rig, &f.after, &f.report);
		whole += !err && f.rig.commands < at;
		expect_code(&f, "a read failed");
		if (!err)
			expect_at(f.store, f.report.start - 32, &f.before);
		else if (f.report.end <= LATHE_SESSION_END_APPENDABLE)
			expect_at(f.store, 0,
				  f.report.end ? &f.after : &f.before);
		foreign_end(&f);
	}
}
END_TEST

/* It reads nothing for a while, and then again: what is kept was read. */
START_TEST(the_drive_reads_again_later)
{
	static const char *const whiles[] = {
		"op=28 times=4 sense=4/44/00", "op=28 times=40 sense=4/44/00",
		"op=28 times=80 sense=4/44/00"
	};
	uint32_t at, i, whole = 0;
	struct foreign f;

	for (at = 20; whole < 30; at++) {
		ck_assert_uint_lt(at, 2000);
		foreign_begin(&f, media[_i / 3]);
		f.rig.fault_at = at;
		f.rig.fault = whiles[_i % 3];
		if (!continue_it(&f.rig, &f.after, &f.report)) {
			for (i = 0; i < 16; i++)
				ck_assert_msg(holds(f.store,
						    f.report.start - 64 + i,
						    JUNK),
					      "%u at command %u", i, at);
			whole++;
		}
		expect_code(&f, "it read later");
		foreign_end(&f);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: what comes last");
	TCase *tc = tcase_create("all");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, descriptors_behind_it_are_forgotten, 0,
			    MEDIA * REMAINS);
	tcase_add_loop_test(tc, descriptors_behind_it_can_not_be_forgotten, 0,
			    2 * MEDIA);
	tcase_add_loop_test(tc, a_damaged_session_behind_it_is_forgotten, 0,
			    MEDIA);
	tcase_add_loop_test(tc, what_is_in_front_is_given_up, 0, MEDIA);
	tcase_add_loop_test(tc, a_step_fails, 0, MEDIA * STEPS);
	tcase_add_loop_test(tc, a_head_that_differs_is_told, 0, 4 * MEDIA);
	tcase_add_loop_test(tc, a_late_error_hides_nothing, 0, MEDIA);
	tcase_add_loop_test(tc, what_was_kept_is_written_again, 0, MEDIA);
	tcase_add_loop_test(tc, what_was_kept_mends_the_next_head, 0, MEDIA);
	tcase_add_loop_test(tc, nothing_else_mends_the_next_head, 0,
			    4 * MEDIA);
	tcase_add_loop_test(tc, the_drive_fails_to_read, 0, 2 * MEDIA);
	tcase_add_loop_test(tc, the_drive_reads_again_later, 0, 3 * MEDIA);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
