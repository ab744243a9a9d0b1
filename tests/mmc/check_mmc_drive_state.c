/* SPDX-License-Identifier: MIT */
/*
 * The drive apart from its disc: what it says that it is, its lock, its tray,
 * and what is forgotten with the disc that goes out.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define PAGE "41 c4 08 00 00 00 00"
#define A_DRIVE                                   \
	"05 80 05 32 1f 00 00 00 4c49544520202020 " \
	"4c5452202020202020202020202020 20 56 45 30 31"

static uint8_t blocks[16 * 2048];

static void write_and_end(struct mock_drive *m)
{
	mock_begin(m);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

static void eject(struct mock_drive *m)
{
	mock_good(m, ALLOW);
	mock_good(m, EJECT);
	mock_ok(m, lathe_mmc_eject(&m->mmc));
}

/* ---- what it is --------------------------------------------------------- */

/* Either answer says which discs it writes. */
START_TEST(what_is_written_is_told_in_two_places)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_drive drive;

	/* The profile list: CD-RW and CD-R; no mode page. */
	mock_reply(m, INQUIRY, A_DRIVE);
	mock_reply(m, CONFIG_HEAD, "00000010 0000 0000");
	mock_reply(m, "46 00 00 00 00 00 00 00 14 00",
		   "00000010 0000 0000 0000 03 08 000a 00 00 0009 00 00");
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	mock_ok(m, lathe_mmc_read_drive(&m->mmc, &drive));
	ck_assert(drive.can_write_cd_r && drive.can_write_cd_rw);
	ck_assert_uint_eq(drive.kinds, 1u << LATHE_MMC_KIND_CD_R |
					       1u << LATHE_MMC_KIND_CD_RW);
	ck_assert_uint_eq(drive.device_type, 5);
	ck_assert(drive.removable);
	/* CD-R alone in the mode page, and no list. */
	mock_reply(m, INQUIRY, A_DRIVE);
	mock_sense(m, CONFIG_HEAD, 5, 0x20, 0x00);
	mock_speed_page(m);
	mock_spoil(m, 8 + 3, 0x01);
	mock_ok(m, lathe_mmc_read_drive(&m->mmc, &drive));
	ck_assert(drive.can_write_cd_r && !drive.can_write_cd_rw);
	mock_reply(m, INQUIRY, A_DRIVE);
	mock_sense(m, CONFIG_HEAD, 5, 0x20, 0x00);
	mock_speed_page(m);
	mock_spoil(m, 8 + 3, 0x02);
	mock_ok(m, lathe_mmc_read_drive(&m->mmc, &drive));
	ck_assert(!drive.can_write_cd_r && drive.can_write_cd_rw);
	mock_done(m);
}
END_TEST

/* What it leaves out is forgiven; that it is gone, or broken, is not. */
START_TEST(a_drive_that_fails_is_no_drive_that_leaves_out)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_drive drive;

	mock_reply(m, INQUIRY, A_DRIVE);
	mock_reply(m, CONFIG_HEAD, "00000000"); /* cut */
	mock_sense(m, SENSE_2A, 2, 0x3a, 0x00);
	mock_ok(m, lathe_mmc_read_drive(&m->mmc, &drive));
	ck_assert_int_eq(mock_failure(m)->err, 0);

	mock_reply(m, INQUIRY, A_DRIVE);
	mock_cause(m, CONFIG_HEAD, LATHE_CAUSE_GONE);
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_NO_DEVICE);
	mock_reply(m, INQUIRY, A_DRIVE);
	mock_sense(m, CONFIG_HEAD, 5, 0x20, 0x00);
	mock_sense(m, SENSE_2A, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_read_drive(&m->mmc, &drive),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_configuration_of_another_size_is_refused)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_config c = m->config;
	struct lathe_mmc mmc;

	c.size++;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	free(m);
}
END_TEST

/* ---- the lock ----------------------------------------------------------- */

/* No lock at all is no error, whatever the key; one that is set and can not be
 * taken away is. */
START_TEST(a_drive_without_a_lock)
{
	static const unsigned codes[][2] = { { 5, 0x20 }, { 2, 0x20 },
					     { 2, 0x24 } };
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 3; i++) {
		mock_sense(m, PREVENT, codes[i][0], codes[i][1], 0x00);
		mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
		ck_assert_int_eq(mock_failure(m)->err, 0);
		ck_assert_uint_eq(mock_failure(m)->key, 0);
		ck_assert_str_eq(mock_failure(m)->text, "");
	}
	mock_sense(m, ALLOW, 5, 0x20, 0x00);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, false));
	mock_good(m, PREVENT);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
	mock_sense(m, ALLOW, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_lock_tray(&m->mmc, false), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* A late error of an earlier command is no answer to this one. */
START_TEST(a_late_illegal_request_is_not_forgiven)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 4; i++)
		mock_deferred(m, PREVENT, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_lock_tray(&m->mmc, true), LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	mock_done(m);
}
END_TEST

START_TEST(a_tray_without_a_lock_is_ejected)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, ALLOW, 5, 0x20, 0x00);
	mock_good(m, EJECT);
	mock_ok(m, lathe_mmc_eject(&m->mmc));
	mock_sense(m, ALLOW, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* An eject has taken the lock away: nobody sets it again. */
START_TEST(the_lock_is_gone_with_the_disc)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_rewritable();

	mock_good(m, PREVENT);
	mock_ok(m, lathe_mmc_lock_tray(&m->mmc, true));
	eject(m);
	m->mmc.changed = 0; /* as after lathe_mmc_read_medium() */
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_erasable(m);
	mock_good(m, ALLOW);
	mock_good(m, BLANK_QUICK);
	mock_polled(m, 0, 0);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_ok(m, lathe_mmc_blank(&m->mmc, &medium, LATHE_MMC_BLANK_USUAL));
	mock_done(m);
}
END_TEST

/* ---- what goes out with the disc ---------------------------------------- */

/* The session that was not closed is one of an earlier burn, and a late error
 * is nobody's. */
START_TEST(an_eject_ends_what_was_begun)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_one_session();

	write_and_end(m);
	eject(m);
	mock_deferred(m, TUR, 3, 0x0c, 0x00);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	m->mmc.changed = 0;
	/* Another disc, with nothing to close. */
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(an_eject_that_fails_ends_nothing)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();

	write_and_end(m);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 4, 0x53, 0x00);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_SENSE);
	mock_write_page(m, PAGE, PAGE);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* After a simulation a test write that was left behind is looked for again. */
START_TEST(an_eject_ends_a_simulation)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = { .simulate = true };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, SPEED_MAX);
	mock_speed_page(m);
	mock_write_page(m, NULL, "51 c4 08 00 00 00 00");
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, SYNC);
	mock_polled(m, 0, 0);
	mock_write_page(m, "51 c4 08 00 00 00 00", NULL);
	mock_good(m, SELECT_05);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	/* In the simulation the page is left alone. Behind the eject the disc
	 * is looked at again, since it seems to be blank. */
	for (int i = 0; i < 3; i++) {
		if (i == 1)
			eject(m);
		mock_good(m, TUR);
		mock_features(m, "0009", true, false);
		if (i)
			mock_write_page(m, NULL, NULL);
		mock_disc_info(m, 0, 0, 1, 1);
		mock_track(m, TRACK_FF, 1, 0, 0, 359845);
		if (i != 1)
			mock_read_medium(m, &medium);
	}
	mock_done(m);
}
END_TEST

/* ---- mode pages --------------------------------------------------------- */

/* A page that ends before the byte has no bits to be changed. */
START_TEST(a_short_page_is_not_changed_behind_its_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_good(m, TUR);
	mock_features(m, "0009", true, false);
	/* Of three bytes; then of two, with test write behind it. */
	mock_reply(m, SENSE_05_FIRST, _i ? "0008 70 00 00 00 0000 05 00 10"
					 : "0009 70 00 00 00 0000 05 01 00");
	mock_disc_info(m, 0, 0, 1, 1);
	mock_track(m, TRACK_FF, 1, 0, 0, 359845);
	mock_read_medium(m, &medium);
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_plus_r_with_a_short_page_is_closed_without_it)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_medium(
		0x1b, LATHE_MMC_KIND_DVD_PLUS_R, LATHE_MMC_STATUS_UNFINISHED);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_reply(m, SENSE_05_FIRST, "0009 70 00 00 00 0000 05 01 40");
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, "5b 01 01 00 00 01 00 00 00 00");
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc drive state");
	TCase *t = tcase_create("all");

	tcase_add_test(t, what_is_written_is_told_in_two_places);
	tcase_add_test(t, a_drive_that_fails_is_no_drive_that_leaves_out);
	tcase_add_test(t, a_configuration_of_another_size_is_refused);
	tcase_add_test(t, a_drive_without_a_lock);
	tcase_add_test(t, a_late_illegal_request_is_not_forgiven);
	tcase_add_test(t, a_tray_without_a_lock_is_ejected);
	tcase_add_test(t, the_lock_is_gone_with_the_disc);
	tcase_add_test(t, an_eject_ends_what_was_begun);
	tcase_add_test(t, an_eject_that_fails_ends_nothing);
	tcase_add_test(t, an_eject_ends_a_simulation);
	tcase_add_loop_test(t, a_short_page_is_not_changed_behind_its_end, 0,
			    2);
	tcase_add_test(t,
		       a_dvd_plus_r_with_a_short_page_is_closed_without_it);
	suite_add_tcase(s, t);
	return run_suite(s);
}
