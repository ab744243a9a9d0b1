/* SPDX-License-Identifier: MIT */
/*
 * check_last_track.c - a CD has 99 tracks at most (IEC 60908: track numbers
 * are two decimal digits), so no session can follow the one that takes the
 * last of them, however many blocks are free.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

#define WRITE 0x2A

/* ---- a disc with so many tracks ----------------------------------------- */

static void send(struct rig *rig, struct lathe_cmd *cmd)
{
	cmd->cdb_len = 10;
	cmd->timeout_ms = 10000;
	ck_assert_int_eq(lathe_emulator_execute(rig->emulator, cmd), 0);
	ck_assert_uint_eq(cmd->status, 0);
	lathe_emulator_sleep_ms(rig->emulator, 10000);
}

/* READ TRACK INFORMATION, the invisible track: bytes 12 to 15. */
static uint32_t next_writable(struct rig *rig)
{
	uint8_t info[36];
	struct lathe_cmd ask = { .cdb = { 0x52, 1, 0, 0, 0, 0xff, 0, 0, 36 },
				 .data = info, .data_len = sizeof(info) };

	send(rig, &ask);
	ck_assert_uint_eq(info[7] & 1, 1);
	return lathe_get_be32(info + 12);
}

/* A track at once: SYNCHRONIZE CACHE ends it. */
static void put_track(struct rig *rig)
{
	static uint8_t zeros[300 * 2048];
	struct lathe_cmd write = { .cdb = { WRITE, 0, 0, 0, 0, 0, 0, 1, 44 },
				   .data = zeros, .data_len = sizeof(zeros),
				   .to_drive = true };
	struct lathe_cmd sync = { .cdb = { 0x35 } };

	lathe_put_be32(write.cdb + 2, next_writable(rig));
	send(rig, &write);
	send(rig, &sync);
}

/* One session of 'tracks', of which nobody knows anything. */
static void put_tracks(struct rig *rig, uint32_t tracks)
{
	struct lathe_mmc_recording how = { .track_blocks = 300 };
	struct lathe_cmd close = { .cdb = { 0x5b, 0, 2 } };
	static const uint8_t zeros[2048];
	struct lathe_mmc_medium medium;
	uint32_t i, start;

	ck_assert_int_eq(lathe_mmc_wait_ready(&rig->mmc, 10000), 0);
	ck_assert_int_eq(lathe_mmc_read_medium(&rig->mmc, &medium), 0);
	ck_assert_int_eq(lathe_mmc_begin_track(&rig->mmc, &medium, &how,
					       &start), 0);
	for (i = 0; i < 300; i++)
		ck_assert_int_eq(lathe_mmc_write(&rig->mmc, i, 1, zeros), 0);
	ck_assert_int_eq(lathe_mmc_end_track(&rig->mmc), 0);
	lathe_mmc_abandon_track(&rig->mmc);
	for (i = 1; i < tracks; i++)
		put_track(rig);
	send(rig, &close);
	lathe_emulator_sleep_ms(rig->emulator, 600000);
}

/* A session of ours behind it, as track 'number'. */
static void begin(struct rig *rig, struct lathe_emulator_store *store,
		  uint32_t number, struct model *model)
{
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_failure failure;
	struct image image;

	rig_create(rig, store, NULL);
	put_tracks(rig, number - 1);
	model_put(model, "first", 1, 70000);
	image_make(&image, model, next_writable(rig), 0);
	options = rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	ck_assert_msg(!lathe_session_record_stream(
			      &rig->mmc, NULL,
			      &(struct lathe_session_stream){
				      &image, image_read, image.blocks },
			      &options, &report, &failure),
		      "%s", failure.text);
	image_free(&image);
	rig_restart(rig);
	model_put(model, "second", 2, 5000);
	memset(rig->sent, 0, sizeof(rig->sent));
}

static void end(struct rig *rig, struct lathe_emulator_store *store,
		struct model *model)
{
	rig_destroy(rig);
	lathe_emulator_store_close(store);
	model_free(model);
}

static int record(struct rig *rig, const struct model *model,
		  const struct lathe_session_record_options *options,
		  struct lathe_session_report *report)
{
	rig_master(rig, NULL);
	ck_assert_int_eq(lathe_session_set_recorder(rig->master, &rig->mmc),
			 0);
	ck_assert_int_eq(rig_add(rig, model), 0);
	return lathe_session_record(rig->master, options, report);
}

/* ---- the last one ------------------------------------------------------- */

START_TEST(the_session_of_the_last_track_is_the_final_one)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct lathe_emulator_disc state;
	struct lathe_session_disc disc;
	struct model model = { 0 };
	struct rig rig;

	begin(&rig, store, 98, &model);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.final = _i != 0;
	ck_assert_int_eq(record(&rig, &model, &options, &report), 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_FINAL);
	/* Asked for, it is not told as something that came about. */
	ck_assert_int_eq(report.final_for_room, !_i);
	ck_assert_uint_eq(rig.warnings, !_i);
	state = disc_state(store);
	ck_assert_uint_eq(state.sessions, 3);
	ck_assert(state.final);
	ck_assert_ptr_null(judge_volume(store, judge_session(store, 3),
					&model, NULL, NULL));
	ck_assert_int_eq(lathe_session_inspect(&rig.mmc, NULL, &disc), 0);
	ck_assert_int_eq(disc.why, LATHE_SESSION_WHY_FINAL);
	end(&rig, store, &model);
}
END_TEST

START_TEST(a_disc_does_not_stay_appendable_behind_it)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	begin(&rig, store, 98, &model);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.keep_appendable = true;
	ck_assert_int_eq(record(&rig, &model, &options, &report),
			 LATHE_ERR_FULL);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_UNTOUCHED);
	ck_assert_uint_eq(rig.sent[WRITE], 0);
	ck_assert(disc_state(store).appendable);
	end(&rig, store, &model);
}
END_TEST

START_TEST(strict_totals_leave_nothing_for_it)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_config config;
	struct lathe_session_sizes sizes;
	struct model model = { 0 };
	struct rig rig;

	begin(&rig, store, 98, &model);
	config = rig_config(&rig);
	config.strict_totals = true;
	rig_master(&rig, &config);
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(rig_add(&rig, &model), LATHE_ERR_FULL);
	ck_assert_int_eq(lathe_session_totals(rig.master, &sizes), 0);
	ck_assert_int_eq(sizes.space.fit, LATHE_SESSION_FITS_FINAL);
	lathe_session_set_final(rig.master, true);
	ck_assert_int_eq(rig_add(&rig, &model), 0);
	end(&rig, store, &model);
}
END_TEST

/* One less, and nothing of this is so. */
START_TEST(behind_the_last_but_one_there_is_room)
{
	struct lathe_emulator_store *store =
		blank_disc(LATHE_EMULATOR_CD_R_80);
	struct lathe_session_record_options options;
	struct lathe_session_report report;
	struct model model = { 0 };
	struct rig rig;

	begin(&rig, store, 97, &model);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.keep_appendable = true;
	ck_assert_int_eq(record(&rig, &model, &options, &report), 0);
	ck_assert_int_eq(report.end, LATHE_SESSION_END_APPENDABLE);
	ck_assert_uint_eq(rig.warnings, 0);
	ck_assert(disc_state(store).appendable);
	end(&rig, store, &model);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the last track");
	TCase *tc = tcase_create("CD");

	tcase_add_loop_test(tc, the_session_of_the_last_track_is_the_final_one,
			    0, 2);
	tcase_add_test(tc, a_disc_does_not_stay_appendable_behind_it);
	tcase_add_test(tc, strict_totals_leave_nothing_for_it);
	tcase_add_test(tc, behind_the_last_but_one_there_is_room);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
