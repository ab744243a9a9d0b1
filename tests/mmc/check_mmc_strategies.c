/* SPDX-License-Identifier: MIT */
/*
 * Every way to record in sequence but CD track at once, command by command:
 * what goes over the wire, in which order, and what is done when a drive does
 * not know it.
 */
#include <check.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define CLOSE_TRACK_1 "5b 01 01 00 00 01 00 00 00 00"
#define CLOSE_TRACK_2 "5b 01 01 00 00 02 00 00 00 00"
#define FINALIZE_MINIMUM "5b 01 05 00 00 00 00 00 00 00"
#define FINALIZE "5b 01 06 00 00 00 00 00 00 00"
#define WRITE_0_32 "2a 00 00 00 00 00 00 00 20 00"

static uint8_t blocks[64 * 2048];

/* Flush, close track 1, and the drive's word on it. */
static void end_closed_track(struct mock_drive *m)
{
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
}

static const struct lathe_mmc_recording appendable = { 0 };
static const struct lathe_mmc_recording final = { .final = true };

/* ---- DVD+R, BD-R -------------------------------------------------------- */

static void write_dvd_plus_r(struct mock_drive *m, unsigned profile,
			     const struct lathe_mmc_recording *how)
{
	struct lathe_mmc_medium medium =
		mock_blank(profile, profile == 0x1b ? LATHE_MMC_KIND_DVD_PLUS_R
					       : LATHE_MMC_KIND_DVD_PLUS_R_DL);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, how, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	end_closed_track(m);
}

START_TEST(dvd_plus_r_stays_appendable)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	write_dvd_plus_r(m, 0x1b, &appendable);
	/* For firmware that heeds the bits of page 05h here, too. */
	mock_write_page(m, "40 04 08 00 00 00 00", "40 c4 08 00 00 00 00");
	m->steps[m->count - 1].sent[23] = 0; /* all else stays as it is */
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(dvd_plus_r_is_finalised_as_the_drive_knows_it)
{
	struct mock_drive *m = mock_new();
	unsigned profile = _i ? 0x2b : 0x1b;
	struct lathe_mmc_medium medium = mock_blank(profile, 0);

	write_dvd_plus_r(m, profile, &final);
	mock_sense(m, SENSE_05_FIRST, 5, 0x24, 0x00); /* no such page */
	if (_i == 1)
		mock_sense(m, FINALIZE_MINIMUM, 5, 0x24, 0x00);
	mock_good(m, _i == 1 ? FINALIZE : FINALIZE_MINIMUM);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(a_reservation_that_is_refused_is_a_warning)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .reserve = true,
					   .track_blocks = 33 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	/* Rounded up to the ECC block: 48 = 30h. */
	if (_i == 0)
		mock_good(m, "53 00 00 00 00 00 00 00 30 00");
	else
		mock_sense(m, "53 00 00 00 00 00 00 00 30 00", 5, 0x72, 0x05);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &how, 0);
	ck_assert_uint_eq(m->warnings, (unsigned)_i);
	mock_done(m);
}
END_TEST

START_TEST(the_layer_break_is_sent_before_the_first_block)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x2b, LATHE_MMC_KIND_DVD_PLUS_R_DL);
	struct lathe_mmc_recording how = { .layer_break = 0x100000 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_sent(m, "bf 00 00 00 00 00 00 20 00 0c 00 00",
		  "000a 0000 00000000 00100000");
	mock_track(m, TRACK_FF, 1, 0, 0, 4173824);
	mock_begin_on(m, &medium, &how, 0);
	mock_done(m);

	/* Not the end of an ECC block. */
	how.layer_break = 0x100008;
	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.layer_break = 0x100000;
	medium = mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium = mock_medium(0x2b, LATHE_MMC_KIND_DVD_PLUS_R_DL,
			   LATHE_MMC_STATUS_APPENDABLE);
	medium.has_next_writable = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(bd_r_is_written_in_whole_clusters_and_finalised)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank(0x41, LATHE_MMC_KIND_BD_R);

	mock_good(m, TUR);
	/* It calls itself appendable, though nothing is on it. */
	mock_disc_info(m, 1, 0, 1, 1);
	mock_speed(m);
	/* The last track's number: FFh is not for BD-R. */
	mock_track(m, TRACK_1, 1, 0, 0, 12219392);
	mock_begin_on(m, &medium, &final, 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&m->mmc), 32);
	mock_good(m, WRITE_0_32);
	mock_good(m, "2a 00 00 00 00 20 00 00 20 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 64, blocks));
	end_closed_track(m);
	mock_good(m, FINALIZE);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(what_bd_r_can_not_be_is_refused_by_name)
{
	struct lathe_mmc_medium medium = mock_blank(0x41, LATHE_MMC_KIND_BD_R);
	struct mock_drive *m = mock_new();
	uint32_t start;

	medium.pseudo_overwrite = true;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_ptr_nonnull(strstr(lathe_mmc_failure(&m->mmc)->text,
				     "pseudo-overwrite"));
	medium = mock_blank(0x42, LATHE_MMC_KIND_BD_R);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_ptr_nonnull(
		strstr(lathe_mmc_failure(&m->mmc)->text, "RRM"));
	medium = mock_blank(0x16, LATHE_MMC_KIND_DVD_R_DL);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_ptr_nonnull(
		strstr(lathe_mmc_failure(&m->mmc)->text, "layer jump"));
	mock_done(m);
}
END_TEST

START_TEST(closing_a_track_twice_is_no_error_if_it_is_closed)
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
	mock_sense(m, CLOSE_TRACK_1, 5, 0x24, 0x00);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	if (_i == 0) {
		/* Not blank, and no place to write any more. */
		mock_spoil(m, 6, 0x01);
		mock_spoil(m, 7, 0x00);
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		mock_ok(m, lathe_mmc_end_track(&m->mmc));
	} else {
		/* Open still; or blank, as if nothing had been written. */
		mock_spoil(m, 6, _i == 1 ? 0x21 : 0x4f);
		ck_assert_int_eq(lathe_mmc_end_track(&m->mmc),
				 LATHE_ERR_SENSE);
		ck_assert_uint_eq(lathe_mmc_failure(&m->mmc)->asc, 0x24);
	}
	mock_done(m);
}
END_TEST

START_TEST(an_interrupted_track_goes_on)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x1b, LATHE_MMC_KIND_DVD_PLUS_R,
			  LATHE_MMC_STATUS_UNFINISHED);
	struct lathe_mmc_recording how = { .resume = true,
					   .reserve = true,
					   .track_blocks = 64 };

	medium.has_next_writable = true;
	medium.next_writable = 0x20;
	mock_refused(&medium, &appendable, LATHE_ERR_UNFINISHED);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0x20, 2295072);
	mock_begin_on(m, &medium, &how, 0x20);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0x20, 16, blocks));
	end_closed_track(m);
	mock_done(m);

	medium.profile = 0x0009; /* track at once has to be one piece */
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(what_a_cut_burn_left_is_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x1b, LATHE_MMC_KIND_DVD_PLUS_R,
			  LATHE_MMC_STATUS_UNFINISHED);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_write_page(m, "00 c0 00 00 00 00 00", NULL);
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* ---- DVD-R, DVD-RW ------------------------------------------------------ */

START_TEST(dvd_r_incremental)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x11, LATHE_MMC_KIND_DVD_R,
			  LATHE_MMC_STATUS_APPENDABLE);

	medium.has_next_writable = true;
	medium.next_writable = 0x21170;
	medium.sessions = 1;
	medium.last_track = 1;
	medium.open_track = 2;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	mock_spoil(m, 33, 0); /* never calibrated */
	mock_speed(m);
	/* Type 0 with a link size, BUFE; E5h: next session allowed, FP, data
	 * incremental; mode 1; link size 16; packets of 16. */
	mock_write_page(m, NULL, "60 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_good(m, OPC);
	mock_track(m, TRACK_2, 2, 0x21170, 0x21170, 2162064);
	mock_begin_on(m, &medium, &appendable, 0x21170);
	mock_good(m, "2a 00 00 02 11 70 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0x21170, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_good(m, CLOSE_TRACK_2);
	mock_polled(m, 1, 1);
	mock_track(m, TRACK_2, 2, 0x21170, 0, 0);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	/* Nothing to set: the page holds it already. */
	mock_write_page(m, "60 e5 08 10 00 00 00", NULL);
	for (unsigned i = 1; i <= 2; i++) {
		m->steps[m->count - i].reply[21] = 16;
		m->steps[m->count - i].reply[23] = 150;
	}
	mock_good(m, CLOSE);
	mock_polled(m, 1, 0);
	mock_disc_info(m, 1, 0, 3, 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(dvd_r_incremental_final)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank(0x11, LATHE_MMC_KIND_DVD_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_write_page(m, NULL, "60 25 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_begin_on(m, &medium, &final, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	end_closed_track(m);
	mock_write_page(m, NULL, "60 25 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_good(m, CLOSE);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(dvd_r_incremental_simulated)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x14, LATHE_MMC_KIND_DVD_RW);
	struct lathe_mmc_recording how = { .simulate = true,
					   .reserve = true,
					   .track_blocks = 16 };

	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_simulate = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
	mock_write_page(m, NULL, "70 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 0, 0);
	mock_write_page(m, "70 e5 08 10 00 00 00", NULL);
	mock_good(m, SELECT_05);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* ---- speed -------------------------------------------------------------- */

START_TEST(the_speed_of_a_dvd_is_set_up_to_its_real_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .speed_kb_per_s = 5540 };

	medium.capacity_blocks = 2295104;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed_page(m);
	mock_spoil(m, 8 + 8, 0x56); /* reads with 16x */
	mock_spoil(m, 8 + 9, 0x90);
	mock_sent(m, STREAMING,
		  "00000000 00000000 0023053f 00005690 000003e8 000015a4 "
		  "000003e8");
	mock_speed_page(m);
	if (_i == 0) {
		/* 4x = 5540 = 15A4h, in the old place. */
		mock_spoil(m, 8 + 20, 0x15);
		mock_spoil(m, 8 + 21, 0xa4);
	}
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &how, 0);
	/* 706 kB/s would be a CD's speed. */
	ck_assert_uint_eq(lathe_mmc_write_speed(&m->mmc), _i ? 0 : 5540);
	mock_done(m);
}
END_TEST

/* Its range would be LBA 0 alone. */
START_TEST(no_speed_is_set_up_to_an_end_that_is_not_known)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .speed_kb_per_s = 5540 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed_page(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 0);
	mock_begin_on(m, &medium, &how, 0);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_knows_no_speeds_keeps_its_own)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, STREAMING, 5, 0x21, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	mock_begin_on(m, &medium, &appendable, 0);
	ck_assert_uint_eq(lathe_mmc_write_speed(&m->mmc), 0);
	mock_done(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc strategies");
	TCase *t = tcase_create("all");

	tcase_add_test(t, dvd_plus_r_stays_appendable);
	tcase_add_loop_test(t, dvd_plus_r_is_finalised_as_the_drive_knows_it,
			    0, 2);
	tcase_add_loop_test(t, a_reservation_that_is_refused_is_a_warning,
			    0, 2);
	tcase_add_test(t, the_layer_break_is_sent_before_the_first_block);
	tcase_add_test(t, bd_r_is_written_in_whole_clusters_and_finalised);
	tcase_add_test(t, what_bd_r_can_not_be_is_refused_by_name);
	tcase_add_loop_test(
		t, closing_a_track_twice_is_no_error_if_it_is_closed,
		0, 3);
	tcase_add_test(t, an_interrupted_track_goes_on);
	tcase_add_test(t, what_a_cut_burn_left_is_closed);
	tcase_add_test(t, dvd_r_incremental);
	tcase_add_test(t, dvd_r_incremental_final);
	tcase_add_test(t, dvd_r_incremental_simulated);
	tcase_add_loop_test(t, the_speed_of_a_dvd_is_set_up_to_its_real_end,
			    0, 2);
	tcase_add_test(t, no_speed_is_set_up_to_an_end_that_is_not_known);
	tcase_add_test(t, a_drive_that_knows_no_speeds_keeps_its_own);
	suite_add_tcase(s, t);
	return run_suite(s);
}
