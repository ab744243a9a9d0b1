/* SPDX-License-Identifier: MIT */
/*
 * What one step of a recording leaves behind for the next one: after a failed
 * write, a track given up, a session closed, a disc erased.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define PAGE "41 c4 08 00 00 00 00"
#define WRITE_16_16 "2a 00 00 00 00 10 00 00 10 00"
#define CLOSE_TRACK_1 "5b 01 01 00 00 01 00 00 00 00"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

static void begin_and_write(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
}

static void end_track(struct mock_drive *m)
{
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

static void close_it(struct mock_drive *m)
{
	struct lathe_mmc_medium medium = mock_blank_medium();

	mock_write_page(m, PAGE, PAGE);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
}

/* On a disc of one session, in mode 1. */
static void begin_second(struct mock_drive *m, uint8_t data_mode)
{
	struct lathe_mmc_medium medium = mock_one_session();
	struct lathe_mmc_recording how = { .data_mode = data_mode };

	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, PAGE);
	mock_track(m, TRACK_FF, 2, 12010, 12010, 347835);
	mock_begin_on(m, &medium, &how, 12010);
}

/* A late error of nobody's command costs a repetition, and no attention ends
 * the wait: nothing is under way. */
static void nothing_is_under_way(struct mock_drive *m)
{
	mock_deferred(m, TUR, 3, 0x0c, 0x00);
	mock_sense(m, TUR, 6, 0x29, 0x00);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	m->mmc.changed = 0; /* as after lathe_mmc_read_medium() */
}

static void look_at_blank(struct mock_drive *m)
{
	struct lathe_mmc_medium medium;

	mock_look(m, "0009");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	ck_assert_uint_eq(m->at, m->count);
}

/* ---- after a failed write ----------------------------------------------- */

/* The reset of the write before is an answer to it, not an error. */
START_TEST(a_reset_seen_by_resync_means_no)
{
	struct mock_drive *m = mock_new();
	bool possible = true;
	uint32_t next;

	begin_and_write(m);
	mock_cause(m, WRITE_16_16, LATHE_CAUSE_TIMED_OUT);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_TRANSPORT);
	mock_sense(m, TUR, 6, 0x29, 0x00);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 16, 359829);
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert(!possible);
	mock_done(m);
}
END_TEST

static void fail_and_resync(struct mock_drive *m, uint32_t lba,
			    const char *write, bool want)
{
	bool possible = !want;
	uint32_t next;

	mock_sense(m, write, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, lba, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, want ? lba : 100, 359829);
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert_int_eq(possible, want);
}

START_TEST(a_reset_ends_the_track_behind_a_resync_as_well)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	fail_and_resync(m, 0, WRITE_0_16, true);
	mock_sense(m, WRITE_0_16, 6, 0x29, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(late_errors_are_those_of_the_writes_behind_a_resync_as_well)
{
	struct mock_drive *m = mock_new();

	begin_and_write(m);
	fail_and_resync(m, 16, WRITE_16_16, true);
	mock_deferred(m, WRITE_16_16, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	mock_done(m);
}
END_TEST

/* What lies before the track is no place for it to go on. */
START_TEST(no_track_goes_on_before_its_start)
{
	struct mock_drive *m = mock_new();

	begin_second(m, 1);
	fail_and_resync(m, 12010, "2a 00 00 00 2e ea 00 00 10 00", false);
	mock_done(m);
}
END_TEST

/* Of the damage in one track the caller knows; the next track's is news. */
START_TEST(each_track_has_its_own_damage)
{
	struct mock_drive *m = mock_new();

	begin_and_write(m);
	fail_and_resync(m, 16, WRITE_16_16, true);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_spoil(m, 5, 0x24);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	close_it(m);
	begin_second(m, 1);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_2, 2, 12010, 0, 0);
	mock_spoil(m, 5, 0x24);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_CORRUPT);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_may_not_know_the_track_that_was_ended)
{
	struct mock_drive *m = mock_new();

	begin_and_write(m);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_sense(m, TRACK_1, 5, 0x24, 0x00);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(a_track_that_could_not_be_ended_is_open)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	begin_and_write(m);
	mock_sense(m, SYNC, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	ck_assert_int_eq(lathe_mmc_close_session(&m->mmc, &medium, false),
			 LATHE_ERR_STATE);
	end_track(m);
	mock_done(m);
}
END_TEST

/* What fails late while the track is closed may be the writes before; what a
 * drive says of the track, when it refuses the close, is not why. */
START_TEST(a_close_that_fails_is_told_by_its_cause)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &appendable, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	if (_i == 0) {
		mock_good(m, CLOSE_TRACK_1);
		mock_deferred(m, TUR, 3, 0x0c, 0x00);
	} else {
		mock_sense(m, CLOSE_TRACK_1, 5, 0x24, 0x00);
		mock_sense(m, TRACK_1, 4, 0x44, 0x00);
	}
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, _i ? 0x5b : 0x2a);
	ck_assert_uint_eq(mock_failure(m)->asc, _i ? 0x24 : 0x0c);
	ck_assert_int_eq(mock_failure(m)->has_lba, _i == 0);
	mock_done(m);
}
END_TEST

/* ---- after a track was given up ----------------------------------------- */

START_TEST(a_track_that_is_given_up_leaves_nothing)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	begin_and_write(m);
	if (_i)
		end_track(m);
	lathe_mmc_abandon_track(&m->mmc);
	nothing_is_under_way(m);
	/* Nor is a session of ours open. */
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

static void simulate(struct mock_drive *m, bool fails)
{
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = { .simulate = true };
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "51 c4 08 00 00 00 00");
	if (fails) {
		mock_sense(m, TRACK_FF, 4, 0x44, 0x00);
		ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how,
						       &start),
				 LATHE_ERR_SENSE);
		return;
	}
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_begin_on(m, &medium, &how, 0);
}

static void end_simulation(struct mock_drive *m)
{
	mock_good(m, SYNC);
	mock_polled(m, 0, 0);
	mock_write_page(m, "51 c4 08 00 00 00 00", NULL);
	mock_good(m, SELECT_05);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

/* The page of a simulation that is over may still say "test write", and is
 * looked at. */
START_TEST(a_simulation_is_over)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	simulate(m, _i == 0);
	switch (_i) {
	case 0: /* it never began */
		break;
	case 1:
		lathe_mmc_abandon_track(&m->mmc);
		break;
	case 2:
		end_simulation(m);
		mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
		break;
	default:
		end_simulation(m);
		medium = mock_rewritable();
		mock_good(m, TUR);
		mock_disc_info(m, 2, 3, 1, 1);
		mock_erasable(m);
		mock_good(m, ALLOW);
		mock_good(m, BLANK_QUICK);
		mock_polled(m, 0, 0);
		mock_disc_info(m, 0, 0, 1, 1);
		mock_ok(m, lathe_mmc_blank(&m->mmc, &medium,
					   LATHE_MMC_BLANK_USUAL));
		break;
	}
	nothing_is_under_way(m);
	look_at_blank(m);
	mock_done(m);
}
END_TEST

/* The same track for real. */
START_TEST(behind_a_simulation_it_is_recorded)
{
	struct mock_drive *m = mock_new();

	simulate(m, false);
	end_simulation(m);
	begin_and_write(m);
	end_track(m);
	close_it(m);
	mock_done(m);
}
END_TEST

/* ---- after a session ---------------------------------------------------- */

START_TEST(a_session_that_is_closed_is_over)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	m->mmc.known = 1;
	begin_and_write(m);
	end_track(m);
	close_it(m);
	nothing_is_under_way(m);
	/* The medium is another than the one that was read. */
	mock_sense(m, READ_0_4, 6, 0x28, 0x00);
	mock_good(m, READ_0_4);
	mock_ok(m, lathe_mmc_read(&m->mmc, 0, 4, false, blocks));
	m->mmc.changed = 0;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* Only a close that was sent for this session may have been done. */
START_TEST(each_session_is_closed_by_a_close_of_its_own)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	begin_and_write(m);
	end_track(m);
	close_it(m);
	begin_second(m, 1);
	mock_good(m, "2a 00 00 00 2e ea 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 12010, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_2, 2, 12010, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	/* In the mode that was recorded, not in that of the disc before. */
	mock_write_page(m, PAGE, PAGE);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 3, 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* An error of a track in which nothing was written yet is at no LBA of the
 * track before. */
START_TEST(a_late_error_has_no_address_of_an_earlier_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	begin_and_write(m);
	end_track(m);
	close_it(m);
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sent(m, STREAMING,
		  "04000000 00000000 00057da4 00000000 000003e8 00000000 "
		  "000003e8");
	medium.capacity_blocks = 359845;
	mock_speed_page(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &appendable, 0);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	mock_deferred(m, TUR, 3, 0x72, 0x00);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x5b);
	ck_assert(!mock_failure(m)->has_lba);
	mock_done(m);
}
END_TEST

static void begin_dvd_ram(struct mock_drive *m, uint32_t lba)
{
	struct lathe_mmc_medium medium = mock_medium(
		0x12, LATHE_MMC_KIND_DVD_RAM, LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = lba };

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222060 02000800");
	mock_begin_on(m, &medium, &how, lba);
}

/* Of several stretches one may tell of the one before it. */
START_TEST(a_late_error_may_be_of_the_stretch_before)
{
	struct mock_drive *m = mock_new();

	begin_dvd_ram(m, 32);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 2, 3);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	begin_dvd_ram(m, 0);
	mock_deferred(m, WRITE_0_16, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x2a);
	ck_assert(mock_failure(m)->has_lba);
	ck_assert_uint_eq(mock_failure(m)->lba, 32);
	mock_done(m);
}
END_TEST

/* A track that could not be begun guards nothing. */
START_TEST(a_track_that_could_not_be_begun_leaves_nothing)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	uint32_t start;

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, SPEED_MAX, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_SENSE);
	nothing_is_under_way(m);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc session states");
	TCase *t = tcase_create("all");

	tcase_add_test(t, a_reset_seen_by_resync_means_no);
	tcase_add_test(t, a_reset_ends_the_track_behind_a_resync_as_well);
	tcase_add_test(
		t, late_errors_are_those_of_the_writes_behind_a_resync_as_well);
	tcase_add_test(t, no_track_goes_on_before_its_start);
	tcase_add_test(t, each_track_has_its_own_damage);
	tcase_add_test(t, a_drive_may_not_know_the_track_that_was_ended);
	tcase_add_test(t, a_track_that_could_not_be_ended_is_open);
	tcase_add_loop_test(t, a_close_that_fails_is_told_by_its_cause, 0, 2);
	tcase_add_loop_test(t, a_track_that_is_given_up_leaves_nothing, 0, 2);
	tcase_add_loop_test(t, a_simulation_is_over, 0, 4);
	tcase_add_test(t, behind_a_simulation_it_is_recorded);
	tcase_add_test(t, a_session_that_is_closed_is_over);
	tcase_add_test(t, each_session_is_closed_by_a_close_of_its_own);
	tcase_add_test(t, a_late_error_has_no_address_of_an_earlier_track);
	tcase_add_test(t, a_late_error_may_be_of_the_stretch_before);
	tcase_add_test(t, a_track_that_could_not_be_begun_leaves_nothing);
	suite_add_tcase(s, t);
	return run_suite(s);
}
