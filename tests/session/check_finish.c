/* SPDX-License-Identifier: MIT */
/*
 * check_finish.c - a disc whose last session is closed is made final, with
 * nothing recorded, where the medium and the drive have that.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define CLOSE 0x5B	/* CLOSE TRACK/SESSION */
#define WRITE 0x2A
#define LOCK 0x1E	/* PREVENT ALLOW MEDIUM REMOVAL */

/* ---- a disc with two sessions ------------------------------------------- */

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model first, both;
	struct lathe_failure failure;
};

static void begin(struct scene *scene, enum lathe_emulator_media media,
		  const char *personality)
{
	struct lathe_session_report report;
	struct rig *rig = &scene->rig;

	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(media);
	rig_create(rig, scene->store, personality);
	model_put(&scene->first, "one", 1, 70000);
	model_put(&scene->both, "one", 1, 70000);
	model_put(&scene->both, "two", 2, 5000);
	ck_assert_int_eq(rig_burn(rig, &scene->first,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	ck_assert_int_eq(rig_burn(rig, &scene->both,
				  LATHE_SESSION_VERIFY_FULL, &report), 0);
	rig_restart(rig);
	memset(rig->sent, 0, sizeof(rig->sent));
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->first);
	model_free(&scene->both);
}

static int finish(struct scene *scene)
{
	struct lathe_session_config config = rig_config(&scene->rig);
	int err;

	err = lathe_session_close(&scene->rig.mmc, &config.hooks, true, false,
				  &scene->failure);
	ck_assert_int_eq(scene->failure.err, err);
	ck_assert(!scene->rig.locked);
	return err;
}

/* Both sessions stand where the disc has them, the drive reads the newest. */
static void expect_sessions(struct scene *scene, bool final)
{
	struct lathe_emulator_disc disc = disc_state(scene->store);
	struct lathe_session_check check;
	struct lathe_session_reader reader;
	struct lathe_session_disc seen;

	ck_assert_uint_eq(disc.sessions, 2);
	ck_assert_int_eq(disc.final, final);
	ck_assert_int_eq(disc.appendable, !final);
	ck_assert_ptr_null(judge_volume(scene->store,
					judge_session(scene->store, 1),
					&scene->first, NULL, NULL));
	ck_assert_ptr_null(judge_volume(scene->store,
					judge_session(scene->store, 2),
					&scene->both, NULL, NULL));
	ck_assert_int_eq(lathe_session_inspect(&scene->rig.mmc, NULL, &seen),
			 0);
	ck_assert_int_eq(seen.medium.status,
			 final ? LATHE_MMC_STATUS_FINAL :
				 LATHE_MMC_STATUS_APPENDABLE);
	ck_assert_uint_eq(seen.medium.sessions, 2);
	lathe_session_reader_init(&reader, &scene->rig.mmc, &seen.medium, true);
	ck_assert_int_eq(lathe_session_verify_volume(
				 &reader.blocks, seen.medium.last_session_start,
				 LATHE_SESSION_VERIFY_FULL, NULL, NULL, NULL,
				 &check, NULL), 0);
	ck_assert_uint_eq(check.files, 2);
}

/* ---- where it can be done ----------------------------------------------- */

static const enum lathe_emulator_media able[] = {
	LATHE_EMULATOR_DVD_PLUS_R, LATHE_EMULATOR_BD_R, LATHE_EMULATOR_BD_R_DL,
	LATHE_EMULATOR_BD_R_TL, LATHE_EMULATOR_BD_R_QL
};

#define ABLE ((int)(sizeof(able) / sizeof(able[0])))

START_TEST(a_closed_disc_becomes_final)
{
	struct lathe_session_report report;
	struct scene scene;

	begin(&scene, able[_i], NULL);
	ck_assert_msg(!finish(&scene), "%s", scene.failure.text);
	ck_assert_uint_eq(scene.rig.sent[CLOSE], 1);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	/* The tray is locked meanwhile. */
	ck_assert_uint_eq(scene.rig.sent[LOCK], 2);
	expect_sessions(&scene, true);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_NOT_APPENDABLE);
	ck_assert_int_eq(rig_burn(&scene.rig, &scene.both,
				  LATHE_SESSION_VERIFY_FULL, &report),
			 LATHE_ERR_NOT_APPENDABLE);
	end(&scene);
}
END_TEST

/* Two layers: a first session has to be large to be followed by another. */
START_TEST(a_closed_disc_of_two_layers_becomes_final)
{
	const struct lathe_session_stream stream = { NULL, rig_zeros, 263000 };
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct scene scene = {
		.store = digest_disc(LATHE_EMULATOR_DVD_PLUS_R_DL)
	};

	rig_create(&scene.rig, scene.store, NULL);
	options = rig_options(&scene.rig, LATHE_SESSION_VERIFY_STATE);
	ck_assert_int_eq(lathe_session_record_stream(
				 &scene.rig.mmc, NULL, &stream, &options,
				 &report, &scene.failure), 0);
	ck_assert(disc_state(scene.store).appendable);
	ck_assert_msg(!finish(&scene), "%s", scene.failure.text);
	ck_assert(disc_state(scene.store).final);
	ck_assert_uint_eq(disc_state(scene.store).sessions, 1);
	end(&scene);
}
END_TEST

/* The answer is lost: whoever asks again is told that it is done. */
START_TEST(the_answer_is_lost)
{
	struct scene scene;

	begin(&scene, able[_i], NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=5B lost"), 0);
	ck_assert_int_ne(finish(&scene), 0);
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 1);
	if (disc_state(scene.store).final)
		ck_assert_int_eq(finish(&scene), LATHE_ERR_NOT_APPENDABLE);
	else
		ck_assert_int_eq(finish(&scene), 0);
	expect_sessions(&scene, true);
	end(&scene);
}
END_TEST

/* What comes late is told as what it is: not of the command that brought it. */
START_TEST(an_error_comes_late)
{
	struct scene scene;

	begin(&scene, able[_i], NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(
				 scene.rig.emulator,
				 "op=51 count=4 deferred=3/72/00"), 0);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 1);
	ck_assert(scene.failure.deferred);
	ck_assert_uint_eq(scene.failure.opcode, CLOSE);
	end(&scene);
}
END_TEST

/* ---- where it can not --------------------------------------------------- */

static void one_more(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);
	struct lathe_session_report report;
	struct rig *rig = &scene->rig;

	options.final = true;
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc), 0);
	ck_assert_int_eq(lathe_session_set_volume(rig->master, "LAST", NULL),
			 0);
	ck_assert_int_eq(lathe_session_record(rig->master, &options, &report),
			 0);
	ck_assert(disc_state(scene->store).final);
	ck_assert_uint_eq(disc_state(scene->store).sessions, 3);
}

START_TEST(other_media_take_one_more_session)
{
	static const enum lathe_emulator_media unable[] = {
		LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_CD_RW,
		LATHE_EMULATOR_DVD_R, LATHE_EMULATOR_DVD_RW
	};
	struct scene scene;

	begin(&scene, unable[_i], NULL);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(scene.failure.text, "one more"));
	ck_assert_uint_eq(scene.rig.sent[CLOSE], 0);
	expect_sessions(&scene, false);
	one_more(&scene);
	end(&scene);
}
END_TEST

/* A drive that does nothing, and one that refuses. */
START_TEST(drives_that_do_not)
{
	struct scene scene;

	begin(&scene, able[_i % ABLE],
	      _i < ABLE ? "final-wants-session" : NULL);
	if (_i >= ABLE)
		ck_assert_int_eq(lathe_emulator_set_faults(
					 scene.rig.emulator,
					 "op=5B times=0 sense=5/24/00"), 0);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(scene.failure.scsi, _i >= ABLE);
	ck_assert_uint_ge(scene.rig.sent[CLOSE], 1);
	rig_restart(&scene.rig);
	expect_sessions(&scene, false);
	one_more(&scene);
	end(&scene);
}
END_TEST

/* ---- what the drive says of it then -------------------------------------- */

/* READ DISC INFORMATION, MMC-6: bits 1 and 0 of byte 2 are the disc's status (1
 * appendable, 2 complete), bits 3 and 2 the last session's (0 empty); byte 4
 * counts sessions, an empty one too. */
static bool tells_of_closed(const struct rig *rig, const struct lathe_cmd *cmd)
{
	return rig->sent[CLOSE] && cmd->cdb[0] == 0x51 && cmd->moved >= 12 &&
	       !(cmd->cdb[1] & 7);
}

static void still_appendable(struct rig *rig, struct lathe_cmd *cmd)
{
	if (tells_of_closed(rig, cmd))
		cmd->data[2] = (cmd->data[2] & 0xf0) | 0x01;
}

static void final_all_at_once(struct rig *rig, struct lathe_cmd *cmd)
{
	if (tells_of_closed(rig, cmd))
		cmd->data[2] = (cmd->data[2] & 0xf0) | 0x0e;
}

static void no_session_more(struct rig *rig, struct lathe_cmd *cmd)
{
	if (tells_of_closed(rig, cmd))
		cmd->data[4]--;
}

/* The command was taken; done is what the drive says of the disc. */
START_TEST(a_drive_that_only_says_that_it_closed)
{
	struct scene scene;

	begin(&scene, able[_i], NULL);
	scene.rig.lie = still_appendable;
	ck_assert_int_eq(finish(&scene), LATHE_ERR_UNSUPPORTED);
	ck_assert_uint_ge(scene.rig.sent[CLOSE], 1);
	end(&scene);
}
END_TEST

/* A session whose closing was lost on the way. */
START_TEST(an_open_session_is_closed_in_words_alone)
{
	static const struct {
		void (*lie)(struct rig *rig, struct lathe_cmd *cmd);
		int err;
	} lies[] = {
		{ no_session_more, LATHE_ERR_VERIFY },
		{ final_all_at_once, LATHE_ERR_NOT_APPENDABLE },
		{ NULL, 0 },
	};
	struct scene scene = { .store = blank_disc(LATHE_EMULATOR_DVD_R) };
	struct lathe_session_report report;

	model_put(&scene.first, "one", 1, 70000);
	rig_create(&scene.rig, scene.store, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(scene.rig.emulator,
						   "op=5B gone"), 0);
	ck_assert_int_eq(rig_burn(&scene.rig, &scene.first,
				  LATHE_SESSION_VERIFY_FULL, &report),
			 LATHE_ERR_NO_DEVICE);
	rig_restart(&scene.rig);
	scene.rig.sent[CLOSE] = 0;
	scene.rig.lie = lies[_i].lie;
	ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL, false,
					     false, &scene.failure),
			 lies[_i].err);
	ck_assert_int_eq(scene.failure.err, lies[_i].err);
	ck_assert_uint_ge(scene.rig.sent[CLOSE], 1);
	ck_assert(!scene.rig.locked);
	end(&scene);
}
END_TEST

/* READ TRACK INFORMATION, MMC-6 6.27: Packet and FP, byte 6. */
static void in_packets(struct rig *rig, struct lathe_cmd *cmd)
{
	(void)rig;
	if (cmd->cdb[0] == 0x52 && cmd->moved > 6)
		cmd->data[6] |= 0x30;
}

/* Another world: neither closed, nor made final, nor recorded. */
START_TEST(a_disc_in_packets)
{
	struct lathe_session_report report;
	struct scene scene;
	int i;

	begin(&scene, LATHE_EMULATOR_CD_RW, NULL);
	scene.rig.lie = in_packets;
	for (i = 0; i < 4; i++) {
		ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL,
						     i & 1, i & 2,
						     &scene.failure),
				 LATHE_ERR_MEDIUM_TYPE);
		ck_assert_ptr_nonnull(strstr(scene.failure.text, "packet"));
	}
	ck_assert_int_eq(rig_burn(&scene.rig, &scene.both,
				  LATHE_SESSION_VERIFY_FULL, &report),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_uint_eq(scene.rig.sent[CLOSE], 0);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	scene.rig.lie = NULL;
	expect_sessions(&scene, false);
	end(&scene);
}
END_TEST

/* Nothing is closed, nothing is final there. */
START_TEST(overwritable_discs)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_DVD_RW_OW, LATHE_EMULATOR_DVD_PLUS_RW,
		LATHE_EMULATOR_DVD_RAM, LATHE_EMULATOR_BD_RE
	};
	struct scene scene;
	int final;

	begin(&scene, media[_i], NULL);
	for (final = 0; final < 2; final++)
		ck_assert_int_eq(lathe_session_close(&scene.rig.mmc, NULL,
						     final, true,
						     &scene.failure),
				 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_uint_eq(scene.rig.sent[CLOSE], 0);
	end(&scene);
	memset(&scene, 0, sizeof(scene));
	scene.store = blank_disc(media[_i]);
	rig_create(&scene.rig, scene.store, NULL);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_MEDIUM_TYPE);
	end(&scene);
}
END_TEST

START_TEST(a_blank_disc)
{
	struct scene scene = { .store = blank_disc(able[_i]) };

	rig_create(&scene.rig, scene.store, NULL);
	ck_assert_int_eq(finish(&scene), LATHE_ERR_STATE);
	ck_assert(disc_state(scene.store).blank);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: made final later");
	TCase *tc = tcase_create("finish");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, a_closed_disc_becomes_final, 0, ABLE);
	tcase_add_test(tc, a_closed_disc_of_two_layers_becomes_final);
	tcase_add_loop_test(tc, the_answer_is_lost, 0, ABLE);
	tcase_add_loop_test(tc, an_error_comes_late, 0, ABLE);
	tcase_add_loop_test(tc, other_media_take_one_more_session, 0, 4);
	tcase_add_loop_test(tc, drives_that_do_not, 0, 2 * ABLE);
	tcase_add_loop_test(tc, a_drive_that_only_says_that_it_closed, 0,
			    ABLE);
	tcase_add_loop_test(tc, an_open_session_is_closed_in_words_alone, 0,
			    3);
	tcase_add_test(tc, a_disc_in_packets);
	tcase_add_loop_test(tc, overwritable_discs, 0, 4);
	tcase_add_loop_test(tc, a_blank_disc, 0, ABLE);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
