/* SPDX-License-Identifier: MIT */
/*
 * check_around.c - what goes around a recording: lock and tray, speed, the
 * drive's own wish to stop, a simulation before it, sources that are not what
 * they were.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRAY 0x1B		/* START STOP UNIT */
#define WRITE 0x2A
#define RESERVE_TRACK 0x53
#define SET_CD_SPEED 0xBB

struct scene {
	struct lathe_emulator_store *store;
	struct rig rig;
	struct model model;
	struct lathe_session_record_options options;
	struct lathe_session_report report;
};

static void begin(struct scene *scene, enum lathe_emulator_media media)
{
	struct rig *rig = &scene->rig;

	memset(scene, 0, sizeof(*scene));
	scene->store = blank_disc(media);
	rig_create(rig, scene->store, NULL);
	rig_master(rig, NULL);
	model_put(&scene->model, "file", 5, 500000);
	scene->options = rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, &scene->model), 0);
	memset(rig->sent, 0, sizeof(rig->sent));
}

static void end(struct scene *scene)
{
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	model_free(&scene->model);
}

static int record(struct scene *scene)
{
	return lathe_session_record(scene->rig.master, &scene->options,
				    &scene->report);
}

static int record_image(struct scene *scene)
{
	struct lathe_session_config config = rig_config(&scene->rig);
	struct image image;
	int err;

	image_make(&image, &scene->model, 0, 0);
	err = lathe_session_record_stream(
		&scene->rig.mmc, &config.hooks,
		&(struct lathe_session_stream){ &image, image_read,
						image.blocks },
		&scene->options, &scene->report, NULL);
	image_free(&image);
	return err;
}

static void fault(struct scene *scene, const char *script)
{
	ck_assert_int_eq(lathe_emulator_set_faults(scene->rig.emulator,
						   script), 0);
}

static const char *why(const struct scene *scene)
{
	return lathe_session_failure(scene->rig.master)->text;
}

static void expect_whole(struct scene *scene)
{
	const char *wrong = judge_volume(scene->store, scene->report.start,
					 &scene->model, NULL, NULL);

	ck_assert_msg(!wrong, "%s", wrong);
}

/* ---- the tray ----------------------------------------------------------- */

/* After success, and after a cancel before the first WRITE; never after an
 * error: whoever looks at the disc has it in the drive. */
START_TEST(when_the_disc_is_ejected)
{
	static const struct {
		const char *fault;
		uint32_t cancel_at_write;
		int err;
		bool ejected;
	} ends[] = {
		{ NULL, 0, 0, true },
		{ NULL, 1, LATHE_ERR_CANCELLED, false },
		{ "op=2A count=9 sense=3/0C/00", 0, LATHE_ERR_SENSE, false },
		{ "op=5A times=0 sense=4/44/00", 0, LATHE_ERR_SENSE, false },
	};
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.options.eject = true;
	scene.rig.cancel_at_write = ends[_i].cancel_at_write;
	fault(&scene, ends[_i].fault);
	ck_assert_int_eq(record(&scene), ends[_i].err);
	ck_assert_int_eq(scene.rig.sent[TRAY] != 0, ends[_i].ejected);
	ck_assert(!scene.rig.locked);
	end(&scene);
}
END_TEST

/* What an earlier command left behind comes with the one that unlocks. */
START_TEST(the_lock_is_let_go_at_the_second_try)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	fault(&scene, "op=1E cdb4=00 deferred=4/44/00");
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_uint_eq(lathe_emulator_faults_fired(scene.rig.emulator), 1);
	ck_assert(!scene.rig.locked);
	ck_assert_uint_eq(scene.rig.warnings, 0);
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* A lock that stays, a tray that does not open: told, and no reason to call a
 * good burn a failed one. */
START_TEST(neither_lock_nor_tray_spoil_a_burn)
{
	static const struct {
		const char *fault;
		uint32_t warnings;
	} faults[] = {
		{ "op=1E cdb4=00 sense=4/44/00", 0 },
		{ "op=1E cdb4=00 times=0 sense=4/44/00", 1 },
		{ "op=1B times=0 sense=5/53/02", 1 },
	};
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.options.eject = _i == 2;
	fault(&scene, faults[_i].fault);
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_uint_gt(lathe_emulator_faults_fired(scene.rig.emulator), 0);
	ck_assert_uint_eq(scene.rig.warnings, faults[_i].warnings);
	ck_assert_int_eq(scene.rig.locked, _i == 1);
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* A drive without a lock is no reason not to record; one that fails is. */
START_TEST(the_tray_can_not_be_locked)
{
	static const struct {
		const char *fault;
		int err;
	} locks[] = {
		{ "op=1E cdb4=01 times=0 sense=5/20/00", 0 },
		{ "op=1E cdb4=01 times=0 sense=5/24/00", 0 },
		{ "op=1E cdb4=01 times=0 sense=5/2C/00", 0 },
		{ "op=1E cdb4=01 times=0 sense=4/44/00", LATHE_ERR_SENSE },
		{ "op=1E cdb4=01 times=0 refused", LATHE_ERR_DENIED },
	};
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	fault(&scene, locks[_i].fault);
	ck_assert_int_eq(record(&scene), locks[_i].err);
	if (locks[_i].err) {
		ck_assert_ptr_nonnull(strstr(why(&scene),
					     "preventing removal"));
		ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
		ck_assert(disc_state(scene.store).blank);
	} else {
		expect_whole(&scene);
	}
	end(&scene);
}
END_TEST

/* Some drives lock nothing without a disc: that there is none in the drive
 * is said as where the lock is taken. */
START_TEST(an_empty_tray_can_not_be_locked)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	if (_i) {
		ck_assert_msg(!record(&scene), "%s", why(&scene));
		ck_assert_int_eq(lathe_session_set_recorder(
					 scene.rig.master, &scene.rig.mmc), 0);
		model_put(&scene.model, "more", 6, 5000);
		ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	}
	lathe_emulator_insert(scene.rig.emulator, NULL);
	fault(&scene, "op=1E cdb4=01 times=0 sense=2/3A/00");
	ck_assert_int_eq(record(&scene), _i ? LATHE_ERR_WRONG_DISC :
					      LATHE_ERR_NO_MEDIUM);
	ck_assert_ptr_null(strstr(why(&scene), "preventing removal"));
	lathe_emulator_insert(scene.rig.emulator, scene.store);
	end(&scene);
}
END_TEST

/* ---- what the drive is told --------------------------------------------- */

static uint32_t speed;

/* MMC-6: SET CD SPEED, logical unit write speed in bytes 4 and 5. */
static void note_speed(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == SET_CD_SPEED && !rig->sent[WRITE])
		speed = lathe_get_be16(cmd->cdb + 4);
}

START_TEST(the_speed_is_told_beforehand)
{
	struct scene scene;

	speed = 0;
	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.rig.lie = note_speed;
	scene.options.speed_kb_per_s = 1411;	/* 8 times 176.4 kB */
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_eq(speed, 1411);
	end(&scene);
}
END_TEST

/* Of a pipe there is no size to reserve. */
START_TEST(nothing_is_reserved_for_a_pipe)
{
	struct image image;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R);
	image_make(&image, &scene.model, 0, 0);
	scene.options.reserve = true;
	ck_assert_int_eq(lathe_session_record_stream(
				 &scene.rig.mmc, NULL,
				 &(struct lathe_session_stream){
					 &image, image_read, 0 },
				 &scene.options, &scene.report, NULL), 0);
	ck_assert_uint_eq(scene.rig.sent[RESERVE_TRACK], 0);
	expect_whole(&scene);
	image_free(&image);
	end(&scene);
}
END_TEST

/* A wish of the master holds for its recordings. */
START_TEST(the_disc_is_to_be_final)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	lathe_session_set_final(scene.rig.master, true);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	ck_assert(!scene.report.final_for_room);
	ck_assert(!scene.report.final_by_drive);
	ck_assert(disc_state(scene.store).final);
	end(&scene);
}
END_TEST

/* ECMA-364: a first session within the first 30 mm ends a disc of two layers.
 * Who wanted to go on with it is told by an error, but it is recorded. */
START_TEST(the_drive_makes_it_final)
{
	struct lathe_session_config config;
	bool wanted = _i == 0;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_DVD_PLUS_R_DL);
	config = rig_config(&scene.rig);
	config.strict_totals = _i == 2;
	rig_master(&scene.rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	scene.options.keep_appendable = _i == 1;
	ck_assert_int_eq(record(&scene),
			 wanted ? 0 : LATHE_ERR_NOT_APPENDABLE);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_FINAL);
	ck_assert(scene.report.final_by_drive);
	ck_assert_int_eq(scene.report.verified, wanted);
	ck_assert(!scene.report.final_for_room);
	ck_assert_uint_eq(scene.rig.warnings, wanted);
	ck_assert(disc_state(scene.store).final);
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* READ TRACK INFORMATION, MMC-6 6.27: the bit Damage, byte 5. */
static void is_damaged(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x52 && cmd->moved > 5 && rig->sent[0x35])
		cmd->data[5] |= 0x20;
}

START_TEST(the_drive_calls_the_track_damaged)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.rig.lie = is_damaged;
	ck_assert_int_eq(record(&scene), LATHE_ERR_CORRUPT);
	ck_assert_ptr_nonnull(strstr(why(&scene), "damaged"));
	end(&scene);
}
END_TEST

/* READ DISC INFORMATION, MMC-6: state 10b of the last session, byte 2. */
static void ends_damaged(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x51 && cmd->moved > 2 && rig->sent[0x5B])
		cmd->data[2] = (uint8_t)((cmd->data[2] & 0xf3) | 0x08);
}

/* Then it is neither closed nor final, however many sessions are told. */
START_TEST(the_drive_calls_the_session_damaged)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.rig.lie = ends_damaged;
	ck_assert_int_eq(record(&scene), LATHE_ERR_UNFINISHED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	ck_assert(!scene.report.final_by_drive);
	end(&scene);
}
END_TEST

START_TEST(no_such_level_of_verification)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.options.verify = (enum lathe_session_verify)(
		LATHE_SESSION_VERIFY_FULL + 1);
	ck_assert_int_eq(record(&scene), LATHE_ERR_ARG);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	ck_assert_int_eq(scene.report.phase, LATHE_PHASE_PREPARING);
	ck_assert_int_eq(lathe_session_failure(scene.rig.master)->err,
			 LATHE_ERR_ARG);
	/* Told until the next call. */
	scene.options.verify = LATHE_SESSION_VERIFY_FULL;
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_int_eq(lathe_session_failure(scene.rig.master)->err, 0);
	end(&scene);
}
END_TEST

/* ---- where it failed ---------------------------------------------------- */

START_TEST(the_phase_in_which_it_failed)
{
	static const struct {
		const char *fault;
		enum lathe_phase phase;
	} faults[] = {
		{ "op=1E cdb4=01 times=0 sense=4/44/00",
		  LATHE_PHASE_PREPARING },
		{ "op=55 times=0 sense=4/44/00", LATHE_PHASE_PREPARING },
		{ "op=2A count=9 sense=3/0C/00", LATHE_PHASE_WRITING },
		{ "op=35 times=0 sense=3/0C/00", LATHE_PHASE_CLOSING },
		{ "op=5B times=0 sense=3/0C/00", LATHE_PHASE_CLOSING },
	};
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	fault(&scene, faults[_i / 2].fault);
	ck_assert_int_eq(_i % 2 ? record_image(&scene) : record(&scene),
			 LATHE_ERR_SENSE);
	ck_assert_int_eq(scene.report.phase, faults[_i / 2].phase);
	end(&scene);
}
END_TEST

/* All of an image is there, its track could not be ended: at the second try it
 * is, and the session closed. Nobody knows where it would be complete before
 * that. */
START_TEST(an_image_is_closed_when_all_of_it_is_there)
{
	static const char *const faults[] = {
		"op=35 sense=4/44/00", "op=5B sense=3/0C/00",
		"op=2A count=9 sense=3/0C/00"
	};
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	fault(&scene, faults[_i]);
	ck_assert_int_eq(record_image(&scene), LATHE_ERR_SENSE);
	if (_i == 2) {
		ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_OPEN);
	} else {
		ck_assert_int_eq(scene.report.end,
				 LATHE_SESSION_END_APPENDABLE);
		expect_whole(&scene);
	}
	end(&scene);
}
END_TEST

static bool late;

static void note_late_writes(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == WRITE && rig->sent[0x5B])
		late = true;
}

/* To stop a background format, or to leave the intermediate state, takes
 * minutes: it is done once, when all is written. */
START_TEST(nothing_is_written_behind_the_close)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RW_OW
	};
	struct scene scene;

	late = false;
	begin(&scene, media[_i]);
	scene.rig.lie = note_late_writes;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert(!late);
	/* Of a disc that is still formatted it is wanted. */
	if (_i == 0)
		ck_assert_uint_eq(scene.rig.sent[0x5B], 1);
	end(&scene);
}
END_TEST

/* ---- the drive's own hook ----------------------------------------------- */

static bool always(void *ctx)
{
	(void)ctx;
	return true;
}

/* Whoever wants to stop before anything was done gets the disc as it was: not
 * formatted, nothing reserved, no cue sheet in the drive. */
static const struct early {
	enum lathe_emulator_media media;
	bool at_once, reserve, stream;
} early[] = {
	{ LATHE_EMULATOR_CD_R_80, false, false, false },
	{ LATHE_EMULATOR_CD_R_80, true, false, false },
	{ LATHE_EMULATOR_CD_R_80, false, true, false },
	{ LATHE_EMULATOR_DVD_R, true, false, false },
	{ LATHE_EMULATOR_DVD_R, false, true, false },
	{ LATHE_EMULATOR_DVD_PLUS_R, false, true, false },
	{ LATHE_EMULATOR_DVD_PLUS_RW, false, false, false },
	{ LATHE_EMULATOR_BD_RE, false, false, false },
	{ LATHE_EMULATOR_BD_R, false, false, true },
};

START_TEST(whoever_stops_at_once_has_the_disc_as_it_was)
{
	const struct early *row = &early[_i];
	struct scene scene;
	struct lathe_emulator_store *before;

	begin(&scene, row->media);
	before = copy_disc(scene.store);
	scene.options.at_once = row->at_once;
	scene.options.final = row->at_once;
	scene.options.reserve = row->reserve;
	scene.rig.cancel_at = 1;
	ck_assert_int_eq(row->stream ? record_image(&scene) : record(&scene),
			 LATHE_ERR_CANCELLED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	ck_assert(judge_same(scene.store, before, 2000));
	scene.rig.cancel_at = 0;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	expect_whole(&scene);
	lathe_emulator_store_close(before);
	end(&scene);
}
END_TEST

/* It is not heeded meanwhile, and as before afterwards. */
/* SYNCHRONIZE CACHE is where closing begins. */
static void stops_then(struct rig *rig, struct lathe_cmd *cmd)
{
	if (cmd->cdb[0] == 0x35)
		rig->cancel_at = 1;
}

/* From then on the disc is only made whole, and looked at. */
START_TEST(whoever_stops_later_has_it_all)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_CD_R_80, LATHE_EMULATOR_DVD_PLUS_R,
		LATHE_EMULATOR_BD_R, LATHE_EMULATOR_DVD_PLUS_RW,
		LATHE_EMULATOR_DVD_RW_OW, LATHE_EMULATOR_DVD_RAM
	};
	struct scene scene;

	begin(&scene, media[_i]);
	scene.rig.lie = stops_then;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert_uint_eq(scene.rig.cancel_at, 1);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert(scene.report.verified);
	ck_assert(!scene.rig.went_back);
	expect_whole(&scene);
	end(&scene);
}
END_TEST

START_TEST(whoever_uses_the_drive_wants_to_stop)
{
	struct lathe_mmc_config config;
	struct scene scene;
	struct rig *rig = &scene.rig;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	config = rig->mmc.config;
	config.hooks.cancelled = always;
	ck_assert_int_eq(lathe_mmc_init(&rig->mmc, &config), 0);
	lathe_mmc_heed_cancel(&rig->mmc, true);
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	ck_assert(lathe_mmc_heed_cancel(&rig->mmc, false));
	expect_whole(&scene);
	end(&scene);

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	lathe_mmc_heed_cancel(&rig->mmc, false);
	ck_assert_int_eq(record(&scene), 0);
	ck_assert(!lathe_mmc_heed_cancel(&rig->mmc, true));
	end(&scene);
}
END_TEST

/* ---- a simulation ------------------------------------------------------- */

/* Nothing of it is on the disc, and all of the content is still there. */
START_TEST(a_simulation_comes_first)
{
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	scene.options.simulate = true;
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_gt(scene.rig.sent[WRITE], 0);
	ck_assert(disc_state(scene.store).blank);
	scene.options.simulate = false;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* MMC-6 has no test write for media of which any block may be written: what is
 * there, a format in the background too, is let be. */
START_TEST(a_simulation_is_not_to_be_had)
{
	static const enum lathe_emulator_media media[] = {
		LATHE_EMULATOR_DVD_PLUS_RW, LATHE_EMULATOR_DVD_RAM,
		LATHE_EMULATOR_DVD_RW_OW, LATHE_EMULATOR_BD_RE
	};
	struct lathe_emulator_store *before;
	struct scene scene;

	begin(&scene, media[_i]);
	before = copy_disc(scene.store);
	scene.options.simulate = true;
	memset(scene.rig.sent, 0, sizeof(scene.rig.sent));
	ck_assert_int_eq(record(&scene), LATHE_ERR_UNSUPPORTED);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	ck_assert_uint_eq(scene.rig.sent[0x04], 0);	/* FORMAT UNIT */
	ck_assert_uint_eq(scene.rig.sent[0x35], 0);	/* SYNCHRONIZE CACHE */
	ck_assert_uint_eq(scene.rig.sent[0x5B], 0);	/* CLOSE TRACK */
	ck_assert(judge_same(scene.store, before, 2000));
	scene.options.simulate = false;
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	expect_whole(&scene);
	lathe_emulator_store_close(before);
	end(&scene);
}
END_TEST

/* It is stopped, or a WRITE fails: nothing is to be saved, nothing was written,
 * and the drive is ready for what is meant. */
static const struct stop {
	enum lathe_emulator_media media;
	uint32_t cancel_at_write;
	const char *fault;
	bool at_once, stream;
	int err;
} stops[] = {
	{ LATHE_EMULATOR_CD_R_80, 1, NULL, false, false, LATHE_ERR_CANCELLED },
	{ LATHE_EMULATOR_CD_R_80, 3, NULL, true, false, LATHE_ERR_CANCELLED },
	{ LATHE_EMULATOR_CD_R_80, 3, NULL, false, true, LATHE_ERR_CANCELLED },
	{ LATHE_EMULATOR_CD_R_80, 0, "op=2A count=4 sense=4/44/00", false,
	  false, LATHE_ERR_SENSE },
	{ LATHE_EMULATOR_DVD_R, 3, NULL, false, false, LATHE_ERR_CANCELLED },
	{ LATHE_EMULATOR_DVD_R, 3, NULL, true, false, LATHE_ERR_CANCELLED },
	{ LATHE_EMULATOR_DVD_RW, 0, "op=2A count=4 sense=4/44/00", false,
	  true, LATHE_ERR_SENSE },
};

START_TEST(a_simulation_is_stopped)
{
	const struct stop *stop = &stops[_i];
	struct scene scene;

	begin(&scene, stop->media);
	scene.options.simulate = true;
	scene.options.at_once = stop->at_once;
	scene.rig.cancel_at_write = stop->cancel_at_write;
	fault(&scene, stop->fault);
	ck_assert_int_eq(stop->stream ? record_image(&scene) : record(&scene),
			 stop->err);
	ck_assert_uint_gt(scene.rig.sent[WRITE], 0);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert(disc_state(scene.store).blank);
	ck_assert_uint_eq(scene.rig.not_whole, 0);

	scene.options.simulate = false;
	scene.rig.cancel_at_write = 0;
	fault(&scene, NULL);
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* ---- sources ------------------------------------------------------------ */

static int has_changed(void *ctx, uint64_t file, const char *name, size_t len)
{
	(void)ctx;
	(void)name;
	(void)len;
	return file ? LATHE_ERR_CHANGED : 0;
}

static void describe(void *ctx, uint64_t file, const char *name, size_t len,
		     char *out, size_t room)
{
	(void)ctx;
	(void)file;
	snprintf(out, room, "source %.*s", (int)len, name);
}

static uint64_t told_offsets;

static void add_offset(void *ctx, uint32_t node, uint64_t offset, int err,
		       const char *text)
{
	struct rig *rig = ctx;

	(void)node;
	(void)err;
	(void)text;
	rig->not_whole++;
	told_offsets += offset;
}

/* All that differ are told, as a whole; the first one is the failure. */
START_TEST(several_sources_changed)
{
	static const struct lathe_iso9660_source source = {
		.open = made_open, .read_at = made_zeros, .close = made_close,
		.check = has_changed, .describe = describe
	};
	static const char *const names[] = { "whole", "one", "two" };
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	uint32_t i, node;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT, names[i],
					 strlen(names[i]), NULL, &source, i,
					 3000, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(scene.rig.master), 0);
	scene.options.not_whole = add_offset;
	told_offsets = 0;
	ck_assert_int_eq(record(&scene), LATHE_ERR_CHANGED);
	ck_assert_uint_eq(scene.rig.sent[WRITE], 0);
	ck_assert_uint_eq(scene.rig.not_whole, 2);
	ck_assert_uint_eq(told_offsets, 0);
	ck_assert_ptr_nonnull(strstr(why(&scene), "source one"));
	ck_assert_ptr_null(strstr(why(&scene), "source two"));
	end(&scene);
}
END_TEST

static size_t most_asked;

static void *watch_realloc(void *ctx, void *p, size_t old_bytes,
			   size_t new_bytes)
{
	(void)ctx;
	(void)old_bytes;
	if (new_bytes > most_asked)
		most_asked = new_bytes;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

/* Also the memory for what is read ahead comes from the hooks. */
START_TEST(what_sources_are_read_into)
{
	struct lathe_session_config config = { .size = sizeof(config) };
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	config.hooks.realloc = watch_realloc;
	rig_master(&scene.rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(rig_add(&scene.rig, &scene.model), 0);
	scene.options.feed.chunk_blocks = 4096;
	most_asked = 0;
	ck_assert_int_eq(record(&scene), 0);
	ck_assert_uint_ge(most_asked, (size_t)4096 * 2048);
	end(&scene);
}
END_TEST

/* ---- the drive ---------------------------------------------------------- */

/* Unplugged, and there again behind the same object. */
START_TEST(a_drive_comes_back)
{
	struct lathe_session_sizes totals;
	struct scene scene;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	fault(&scene, "gone");
	ck_assert_int_eq(record(&scene), LATHE_ERR_NO_DEVICE);
	ck_assert_int_eq(scene.report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_int_eq(lathe_session_totals(scene.rig.master, &totals), 0);
	fault(&scene, NULL);
	ck_assert_msg(!record(&scene), "%s", why(&scene));
	expect_whole(&scene);
	end(&scene);
}
END_TEST

/* ---- what may be asked meanwhile ---------------------------------------- */

/* A source that can be read up to its second block. */
static int ends(void *ctx, void *handle, uint64_t offset, uint32_t bytes,
		uint8_t *out, uint32_t *got)
{
	if (handle && offset)
		return LATHE_ERR_IO;
	return made_zeros(ctx, handle, offset, bytes < 2048 ? bytes : 2048,
			  out, got);
}

struct curious {
	struct rig *rig;
	char path[16];
	uint32_t speed;
	bool chosen;
};

static void ask(void *ctx, const struct lathe_progress *progress)
{
	struct curious *curious = ctx;
	const struct lathe_session_master *master = curious->rig->master;

	if (progress->phase != LATHE_PHASE_WRITING)
		return;
	curious->speed = lathe_mmc_write_speed(&curious->rig->mmc);
	curious->chosen = lathe_session_chosen(master)->blank &&
			  lathe_session_current_mode(master) ==
				  LATHE_SESSION_MODE_SINGLE &&
			  !lathe_session_failure(master)->err;
}

static void look_up(void *ctx, uint32_t node, uint64_t offset, int err,
		    const char *text)
{
	struct curious *curious = ctx;

	ck_assert_uint_eq(offset, 2048);
	ck_assert_int_eq(err, LATHE_ERR_IO);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(lathe_iso9660_path(
				  lathe_session_tree(curious->rig->master),
				  node, curious->path, sizeof(curious->path)),
			  4);
}

/* From within hooks and callbacks, while a thread reads ahead. */
START_TEST(who_is_told_may_ask)
{
	static const struct lathe_iso9660_source source = {
		.open = made_open, .read_at = ends, .close = made_close
	};
	struct lathe_session_config config = { .size = sizeof(config) };
	struct curious curious = { .chosen = false };
	struct lathe_iso9660_tree *tree;
	struct scene scene;
	uint32_t i, node;

	begin(&scene, LATHE_EMULATOR_CD_R_80);
	curious.rig = &scene.rig;
	config.hooks.ctx = &curious;
	config.hooks.progress = ask;
	rig_master(&scene.rig, &config);
	scene.options.not_whole = look_up;
	scene.options.not_whole_ctx = &curious;
	scene.options.feed.threads = 1;
	ck_assert_int_eq(lathe_session_set_recorder(scene.rig.master,
						    &scene.rig.mmc), 0);
	ck_assert_int_eq(lathe_session_edit(scene.rig.master, &tree), 0);
	for (i = 0; i < 2; i++)
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, LATHE_ISO9660_ROOT,
					 i ? "bad" : "good", 4 - i, NULL,
					 &source, i, 5000, 0, &node), 0);
	ck_assert_int_eq(lathe_session_commit(scene.rig.master), 0);
	ck_assert_int_eq(record(&scene), LATHE_ERR_CHANGED);
	ck_assert_str_eq(curious.path, "/bad");
	ck_assert_uint_gt(curious.speed, 0);
	ck_assert(curious.chosen);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: around a recording");
	TCase *tc = tcase_create("around");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, when_the_disc_is_ejected, 0, 4);
	tcase_add_test(tc, the_lock_is_let_go_at_the_second_try);
	tcase_add_loop_test(tc, neither_lock_nor_tray_spoil_a_burn, 0, 3);
	tcase_add_loop_test(tc, the_tray_can_not_be_locked, 0, 5);
	tcase_add_loop_test(tc, an_empty_tray_can_not_be_locked, 0, 2);
	tcase_add_test(tc, the_speed_is_told_beforehand);
	tcase_add_test(tc, nothing_is_reserved_for_a_pipe);
	tcase_add_test(tc, the_disc_is_to_be_final);
	tcase_add_loop_test(tc, the_drive_makes_it_final, 0, 3);
	tcase_add_test(tc, the_drive_calls_the_track_damaged);
	tcase_add_test(tc, the_drive_calls_the_session_damaged);
	tcase_add_test(tc, no_such_level_of_verification);
	tcase_add_loop_test(tc, the_phase_in_which_it_failed, 0, 10);
	tcase_add_loop_test(tc, nothing_is_written_behind_the_close, 0, 2);
	tcase_add_loop_test(tc, an_image_is_closed_when_all_of_it_is_there, 0,
			    3);
	tcase_add_loop_test(tc, whoever_stops_at_once_has_the_disc_as_it_was, 0,
			    (int)(sizeof(early) / sizeof(early[0])));
	tcase_add_loop_test(tc, whoever_stops_later_has_it_all, 0, 6);
	tcase_add_test(tc, whoever_uses_the_drive_wants_to_stop);
	tcase_add_test(tc, a_simulation_comes_first);
	tcase_add_loop_test(tc, a_simulation_is_not_to_be_had, 0, 4);
	tcase_add_loop_test(tc, a_simulation_is_stopped, 0,
			    sizeof(stops) / sizeof(stops[0]));
	tcase_add_test(tc, several_sources_changed);
	tcase_add_test(tc, what_sources_are_read_into);
	tcase_add_test(tc, a_drive_comes_back);
	tcase_add_test(tc, who_is_told_may_ask);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
