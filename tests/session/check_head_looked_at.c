/* SPDX-License-Identifier: MIT */
/*
 * check_head_looked_at.c - what the engine reads around the head of an
 * overwritable disc: whether old sessions stand behind the new one, and in the
 * end whether the head is there. Who has not read has not seen that it is well.
 */
#include "tests/session/lib_image.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

static const enum lathe_emulator_media media[] = {
	LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
	LATHE_EMULATOR_BD_RE, LATHE_EMULATOR_DVD_RW_OW
};

#define MEDIA ((int)(sizeof(media) / sizeof(media[0])))

#define READ 0x28
#define WRITE 0x2A

static struct {
	uint32_t reads, fail_at;
	bool failed;
	uint32_t heads;
} drive;

static void expect_at(struct lathe_emulator_store *store, uint32_t lba,
		      const struct model *model)
{
	const char *wrong = judge_volume(store, lba, model, NULL, NULL);

	ck_assert_msg(!wrong, "at %u: %s", lba, wrong);
}

/* ---- behind the session ------------------------------------------------- */

/* Behind the first WRITE, before the head is read back: a hardware error is no
 * word on what is on the disc (SPC-4 4.5.6, sense key 4h). Blocks that can not
 * be read together are tried one by one, each of them twice. */
static void fails_to_read(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] != READ || !rig->sent[WRITE] || cmd->cdb[1] & 8)
		return;
	drive.reads++;
	if (drive.reads < drive.fail_at || drive.reads > drive.fail_at + 2)
		return;
	drive.failed = true;
	rig_refuse(cmd, 0x4, 0x44);
}

/* What the disc is given first, and then once more in place of all. */
static int put_content(struct rig *rig, const struct model *model, bool ready,
		       struct lathe_session_report *report)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_STATE);
	struct image image;
	int err;

	options.overwrite = true;
	if (ready) {
		image_make(&image, model, 0, 0);
		err = lathe_session_record_stream(
			&rig->mmc, NULL,
			&(struct lathe_session_stream){ &image, image_read,
							image.blocks },
			&options, report, NULL);
		image_free(&image);
		return err;
	}
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(lathe_session_clear(rig->master), 0);
	ck_assert_int_eq(rig_add(rig, model), 0);
	return lathe_session_record(rig->master, &options, report);
}

/* Returns what the recording did. */
static int give_up_and_fail(struct lathe_emulator_store *from,
			    const struct model *model, bool ready, uint32_t at)
{
	struct lathe_emulator_store *store = copy_disc(from);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct rig rig;
	int err;

	memset(&drive, 0, sizeof(drive));
	drive.fail_at = at;
	rig_create(&rig, store, NULL);
	rig.lie = fails_to_read;
	err = put_content(&rig, model, ready, &report);
	rig.lie = NULL;
	ck_assert_msg(!err || (drive.failed && err == LATHE_ERR_SENSE),
		      "read %u: %s", at, lathe_err_name(err));
	/* A second try is made; how the disc is then may not be known. */
	ck_assert(report.end == LATHE_SESSION_END_APPENDABLE ||
		  (err && report.end == LATHE_SESSION_END_UNKNOWN));
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_msg(disc.medium.sessions == 1, "read %u: %u sessions", at,
		      disc.medium.sessions);
	ck_assert_uint_eq(disc.newest.start, report.start);
	expect_at(store, 0, model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	return err;
}

/* The same geometry: an old second session stands right behind. */
START_TEST(what_is_behind_the_session_can_not_be_read)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct model first = { 0 }, second = { 0 };
	struct lathe_session_report report;
	uint32_t at = 0, errors = 0;
	bool ready = _i % 2;
	struct rig rig;

	model_put(&first, "one", 1, 60000);
	model_put(&second, "two", 2, 20000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(put_content(&rig, &first, ready, &report), 0);
	ck_assert_int_eq(rig_burn(&rig, &second, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	ck_assert_uint_eq(report.session, 2);
	rig_destroy(&rig);
	do
		errors += give_up_and_fail(store, &first, ready, ++at) != 0;
	while (drive.failed);
	ck_assert_uint_gt(errors, 3);
	lathe_emulator_store_close(store);
	model_free(&first);
	model_free(&second);
}
END_TEST

/* ---- the head ----------------------------------------------------------- */

/* As a ready image, or as a session of the engine's own. */
static int burn(struct rig *rig, const struct model *model, bool ready,
		struct lathe_session_report *report)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_STATE);
	struct lathe_hooks hooks = rig_config(rig).hooks;
	struct lathe_failure failure;
	struct image image;
	int err;

	if (!ready)
		return rig_burn(rig, model, LATHE_SESSION_VERIFY_STATE,
				report);
	image_make(&image, model, 0, 0);
	err = lathe_session_record_stream(
		&rig->mmc, &hooks,
		&(struct lathe_session_stream){ &image, image_read,
						image.blocks },
		&options, report, &failure);
	image_free(&image);
	return err;
}

/* READ (10), MMC-6 6.18: past the cache if FUA, bit 3 of byte 1, is set. */
static void spoils(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] != READ || !rig->sent[WRITE] ||
	    lathe_get_be32(cmd->cdb + 2) >= 32 || !(cmd->cdb[1] & 8))
		return;
	drive.heads++;
	rig_refuse(cmd, 0x3, 0x11);
}

START_TEST(the_head_can_not_be_read_back)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;
	int err;

	memset(&drive, 0, sizeof(drive));
	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	rig.lie = spoils;
	err = burn(&rig, &model, _i % 2, &report);
	ck_assert_uint_gt(drive.heads, 0);
	ck_assert_int_eq(err, LATHE_ERR_VERIFY);
	ck_assert(!report.verified);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* ---- it can not be written ---------------------------------------------- */

/* SPC-4 4.5.6: a write error. */
static bool takes_no_head(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] != WRITE || lathe_get_be32(cmd->cdb + 2) >= 32 ||
	    !rig->phases || rig->last_phase != LATHE_PHASE_CLOSING)
		return false;
	rig_refuse(cmd, 0x3, 0x0C);
	return true;
}

/* Nothing leads to a ready image without it; sessions of ours are found. */
START_TEST(the_head_can_not_be_written)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / 2]);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	bool ready = _i % 2, needed = false;
	struct rig rig;
	int err;

	model_put(&model, "one", 1, 60000);
	rig_create(&rig, store, NULL);
	rig.instead = takes_no_head;
	err = burn(&rig, &model, ready, &report);
	rig.instead = NULL;
	ck_assert_int_eq(err, LATHE_ERR_SENSE);
	ck_assert_int_eq(report.end, ready ? LATHE_SESSION_END_OPEN :
					     LATHE_SESSION_END_TORN);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.medium.sessions, !ready);
	ck_assert_int_eq(lathe_session_repair(&rig.mmc, NULL, &needed, NULL),
			 ready ? LATHE_ERR_NO_VOLUME : 0);
	ck_assert_int_eq(needed, !ready);
	if (!ready)
		expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

/* What comes last, but for the head: the session's own first descriptor. */
static bool takes_no_descriptor(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] != WRITE || lathe_get_be32(cmd->cdb + 2) < 32 ||
	    !rig->phases || rig->last_phase != LATHE_PHASE_CLOSING)
		return false;
	rig_refuse(cmd, 0x3, 0x0C);
	return true;
}

START_TEST(the_descriptors_can_not_be_written)
{
	struct lathe_emulator_store *store = blank_disc(media[_i]);
	struct model before = { 0 }, after = { 0 };
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct rig rig;

	model_put(&before, "one", 1, 60000);
	model_put(&after, "one", 1, 60000);
	model_put(&after, "two", 2, 90000);
	rig_create(&rig, store, NULL);
	ck_assert_int_eq(rig_burn(&rig, &before, LATHE_SESSION_VERIFY_STATE,
				  &report), 0);
	rig.instead = takes_no_descriptor;
	rig.phases = 0;
	ck_assert_int_eq(rig_burn(&rig, &after, LATHE_SESSION_VERIFY_STATE,
				  &report), LATHE_ERR_SENSE);
	rig.instead = NULL;
	ck_assert_int_eq(report.end, LATHE_SESSION_END_OPEN);
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_uint_eq(disc.medium.sessions, 1);
	ck_assert(!disc.head_torn);
	expect_at(store, 0, &before);
	rig_restart(&rig);
	ck_assert_int_eq(rig_burn(&rig, &after, LATHE_SESSION_VERIFY_STATE,
				  &report), 0);
	expect_at(store, 0, &after);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&before);
	model_free(&after);
}
END_TEST

/* ---- the newest session's descriptors can not be read ------------------- */

/* One of its own, and the one of the head that would stand in. */
static const struct {
	uint32_t own, head;
} pairs[] = { { 16, 17 }, { 17, 17 }, { 18, 18 }, { 17, 18 }, { 18, 17 } };

#define PAIRS ((int)(sizeof(pairs) / sizeof(pairs[0])))

static uint32_t bad[2];

/* READ (10), MMC-6 6.18. */
static bool has_bad_blocks(struct rig *rig, struct lathe_cmd *cmd)
{
	uint32_t lba = lathe_get_be32(cmd->cdb + 2);
	uint32_t count = lathe_get_be16(cmd->cdb + 7), i;

	(void)rig;
	for (i = 0; i < 2 && cmd->cdb[0] == READ; i++)
		if (lba <= bad[i] && bad[i] < lba + count) {
			rig_refuse(cmd, 0x3, 0x11);
			return true;
		}
	return false;
}

static void expect_hidden(struct rig *rig, uint32_t sessions)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_STATE);
	struct lathe_session_report report;
	struct lathe_session_disc disc;
	struct lathe_failure failure;
	struct model model = { 0 };
	bool needed = false;

	ck_assert_int_eq(lathe_session_inspect(&rig->mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.mode, LATHE_SESSION_MODE_SINGLE);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_NO_VOLUME);
	ck_assert(disc.head_torn && !disc.found.descriptors);
	ck_assert_uint_eq(disc.medium.sessions, sessions);
	ck_assert_int_eq(lathe_session_repair(&rig->mmc, NULL, &needed,
					      &failure), LATHE_ERR_CORRUPT);
	ck_assert(!needed);
	model_put(&model, "three", 3, 5000);
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(lathe_session_import(rig->master),
			 LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(rig_add(rig, &model), 0);
	ck_assert_int_eq(lathe_session_record(rig->master, &options, &report),
			 LATHE_ERR_NOT_BLANK);
	ck_assert_uint_eq(rig->sent[WRITE], 0);
	model_free(&model);
}

/* It is there all the same: none is recorded in its place, nor does the one
 * before it get the head. */
START_TEST(the_newest_session_can_not_be_found)
{
	struct lathe_emulator_store *store = blank_disc(media[_i / PAIRS]);
	struct model model = { 0 };
	struct lathe_session_report report;
	struct rig rig;

	rig_create(&rig, store, NULL);
	model_put(&model, "one", 1, 60000);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	model_put(&model, "two", 2, 60000);
	ck_assert_int_eq(rig_burn(&rig, &model, LATHE_SESSION_VERIFY_NONE,
				  &report), 0);
	rig_restart(&rig);
	bad[0] = report.start + pairs[_i % PAIRS].own;
	bad[1] = pairs[_i % PAIRS].head;
	rig.instead = has_bad_blocks;
	rig.sent[WRITE] = 0;
	expect_hidden(&rig, 1);
	rig.instead = NULL;
	expect_at(store, 0, &model);
	rig_destroy(&rig);
	lathe_emulator_store_close(store);
	model_free(&model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: what is read around the head");
	TCase *tc = tcase_create("head");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_is_behind_the_session_can_not_be_read, 0,
			    2 * MEDIA);
	tcase_add_loop_test(tc, the_head_can_not_be_read_back, 0, 2 * MEDIA);
	tcase_add_loop_test(tc, the_head_can_not_be_written, 0, 2 * MEDIA);
	tcase_add_loop_test(tc, the_descriptors_can_not_be_written, 0, MEDIA);
	tcase_add_loop_test(tc, the_newest_session_can_not_be_found, 0,
			    MEDIA * PAIRS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
