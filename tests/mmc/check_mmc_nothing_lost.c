/* SPDX-License-Identifier: MIT */
/*
 * Media that can be overwritten and hold something already: no answer that a
 * drive leaves out, and none that it spoils, makes an empty disc of them.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static void capacities(struct mock_drive *m, const char *current)
{
	char text[80];

	snprintf(text, sizeof(text), "00000008 %s", current);
	mock_reply(m, CAPACITIES_HEAD, text);
}

/* A disc that can be read is formatted, though neither answer says so. */
START_TEST(a_readable_dvd_plus_rw_is_not_formatted_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 64 };

	mock_good(m, TUR);
	mock_background(m, 0);
	mock_speed(m);
	if (_i == 0)
		mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	else
		capacities(m, _i == 1 ? "00230540 03000800"
				      : "00230540 00000800");
	mock_begin_on(m, &medium, &how, 64);
	mock_done(m);
}
END_TEST

/* What was unformatted when it was read is not made otherwise by silence; what
 * was formatted, and is called unformatted now, is not formatted over. */
START_TEST(an_unformatted_dvd_plus_rw_is_formatted)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(_i ? LATHE_MMC_STATUS_UNFORMATTED
				    : LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 32 };
	uint32_t start = 99;

	mock_good(m, TUR);
	mock_background(m, 0);
	mock_speed(m);
	if (_i) {
		mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
		mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	} else {
		capacities(m, "00230540 01000800");
		ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how,
						       &start),
				 LATHE_ERR_WRONG_DISC);
		mock_done(m);
		return;
	}
	mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 00");
	mock_polled(m, 0, 0);
	mock_background(m, 2);
	mock_begin_on(m, &medium, &how, 32);
	mock_done(m);
}
END_TEST

/* It is not formatted before the drive says so; a format that failed behind its
 * command is told by the next one. What came before it is not the format's. */
START_TEST(a_format_that_fails_late_begins_no_track)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_dvd_plus_rw(LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .overwrite_start = 32 };
	uint32_t start = 99;

	mock_deferred(m, TUR, 3, 0x0c, 0x00);
	mock_good(m, TUR);
	mock_background(m, 0);
	mock_speed(m);
	capacities(m, "00230540 01000800");
	mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 00");
	mock_deferred(m, TUR, 3, 0x31, 0x01);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(start, 99);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x04);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x31);
	ck_assert(mock_failure(m)->deferred);
	/* And it is told once. */
	mock_deferred(m, TUR, 3, 0x31, 0x01);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_wait_ready(&m->mmc, 1000));
	mock_done(m);
}
END_TEST

static struct lathe_mmc_medium dvd_rw(void)
{
	struct lathe_mmc_medium medium = mock_dvd_rw_overwrite();

	medium.readable_end = 4096;
	return medium;
}

/* The caller fills what lies between the end and its own start with zeros: an
 * end that has come nearer would let it do so over what is recorded. */
START_TEST(a_dvd_rw_does_not_grow_from_within)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = dvd_rw();
	struct lathe_mmc_recording how = { .overwrite_start = 4096,
					   .track_blocks = 32 };
	uint32_t start = 99;

	mock_good(m, TUR);
	if (_i < 3)
		mock_disc_info(m, 2, 3, 1, 1);
	else
		mock_disc_info(m, 1, 1, 1, 1);
	mock_speed(m);
	capacities(m, _i < 3 ? "00001000 02000800" : "00001000 03000800");
	if (_i == 0)
		mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	else if (_i == 1)
		mock_reply(m, CAPACITY, "0000001f 00000800");
	else if (_i == 2)
		mock_sense(m, CAPACITY, 3, 0x02, 0x00);
	else
		mock_reply(m, CAPACITY, "00000000 00000800");
	if (_i == 3) /* in between, and it tells no address */
		mock_sense(m, TRACK_1, 5, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 _i == 2 ? LATHE_ERR_SENSE : LATHE_ERR_WRONG_DISC);
	ck_assert_uint_eq(start, 99);
	mock_done(m);
}
END_TEST

/* Its own next address counts, where the disc is still growing. */
START_TEST(a_growing_dvd_rw_goes_on_where_it_says)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = dvd_rw();
	struct lathe_mmc_recording how = { .overwrite_start = 4096,
					   .track_blocks = 32 };

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_speed(m);
	capacities(m, "00001000 03000800");
	mock_reply(m, CAPACITY, "00000fff 00000800");
	mock_track(m, TRACK_1, 1, 0, 4000, 2294496);
	mock_begin_on(m, &medium, &how, 4000);
	mock_done(m);
}
END_TEST

/* "It can not be read just now" is not "there is nothing to be read". */
START_TEST(a_capacity_that_can_not_be_read_is_an_error)
{
	static const uint8_t codes[] = { 0x02, 0x09, 0x0c, 0x10, 0x11, 0x15 };
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = dvd_rw();
	struct lathe_mmc_recording how = { .overwrite_start = 64,
					   .track_blocks = 32 };
	uint32_t start;

	medium.readable_end = 0;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	capacities(m, "00001000 02000800");
	mock_sense(m, CAPACITY, 3, codes[_i], 0x00);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, codes[_i]);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc nothing lost");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, a_readable_dvd_plus_rw_is_not_formatted_again, 0,
			    3);
	tcase_add_loop_test(t, an_unformatted_dvd_plus_rw_is_formatted, 0, 2);
	tcase_add_test(t, a_format_that_fails_late_begins_no_track);
	tcase_add_loop_test(t, a_dvd_rw_does_not_grow_from_within, 0, 4);
	tcase_add_test(t, a_growing_dvd_rw_goes_on_where_it_says);
	tcase_add_loop_test(t, a_capacity_that_can_not_be_read_is_an_error, 0,
			    6);
	suite_add_tcase(s, t);
	return run_suite(s);
}
