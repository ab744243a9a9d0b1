/* SPDX-License-Identifier: MIT */
/*
 * Every way to record but CD track at once, command by command: what goes over
 * the wire, in which order, and what is done when a drive does not know it.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define TRACK_1 "52 01 00 00 00 01 00 00 24 00"
#define TRACK_2 "52 01 00 00 00 02 00 00 24 00"
#define CAPACITY "25 00 00 00 00 00 00 00 00 00"
#define CAPACITIES_HEAD "23 00 00 00 00 00 00 00 0c 00"
#define STREAMING "b6 00 00 00 00 00 00 00 00 00 1c 00"
#define ALLOW "1e 00 00 00 00 00"
#define CLOSE_TRACK_1 "5b 01 01 00 00 01 00 00 00 00"
#define CLOSE_TRACK_2 "5b 01 01 00 00 02 00 00 00 00"
#define STOP_FORMAT "5b 01 00 00 00 00 00 00 00 00"
#define FINALIZE_MINIMUM "5b 01 05 00 00 00 00 00 00 00"
#define FINALIZE "5b 01 06 00 00 00 00 00 00 00"
#define FORMAT "04 11 00 00 00 00"
#define FORMAT_KEEPING "04 19 00 00 00 00"
#define OPC "54 01 00 00 00 00 00 00 00 00"
#define WRITE_0_16 "2a 00 00 00 00 00 00 00 10 00"
#define WRITE_0_32 "2a 00 00 00 00 00 00 00 20 00"

static uint8_t blocks[64 * 2048];

static struct lathe_mmc_medium medium_of(unsigned profile,
					 enum lathe_mmc_kind kind,
					 enum lathe_mmc_status status)
{
	struct lathe_mmc_medium medium = {
		.profile = (uint16_t)profile,
		.kind = kind,
		.status = status,
		.writable = true,
		.has_next_writable = status == LATHE_MMC_STATUS_BLANK,
		.open_track = 1,
		.overwritable = status == LATHE_MMC_STATUS_OVERWRITABLE ||
				status == LATHE_MMC_STATUS_UNFORMATTED,
	};

	return medium;
}

static struct lathe_mmc_medium blank(unsigned profile, enum lathe_mmc_kind kind)
{
	return medium_of(profile, kind, LATHE_MMC_STATUS_BLANK);
}

/* The drive's own speed, and a mode page that tells one. */
static void speed(struct mock_drive *m)
{
	mock_sent(m, STREAMING,
		  "04000000 00000000 00000000 00000000 000003e8 00000000 "
		  "000003e8");
	mock_speed_page(m);
}

/* What polling asks once a command is carried out. */
static void done(struct mock_drive *m, unsigned status, unsigned state)
{
	mock_good(m, TUR);
	mock_disc_info(m, status, state, 1, 1);
}

static void begin(struct mock_drive *m, const struct lathe_mmc_medium *medium,
		  const struct lathe_mmc_recording *how, uint32_t want)
{
	uint32_t start = 99;
	int err = lathe_mmc_begin_track(&m->mmc, medium, how, &start);

	ck_assert_msg(err == 0, "%s", lathe_mmc_failure(&m->mmc)->text);
	ck_assert_uint_eq(start, want);
	ck_assert_uint_eq(m->at, m->count);
}

static void refused(const struct lathe_mmc_medium *medium,
		    const struct lathe_mmc_recording *how, int want)
{
	struct mock_drive *m = mock_new();
	uint32_t start = 99;

	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, medium, how, &start),
			 want);
	ck_assert_uint_eq(start, 99);
	ck_assert_uint_gt(strlen(lathe_mmc_failure(&m->mmc)->text), 0);
	mock_done(m);
}

static void ok(struct mock_drive *m, int err)
{
	ck_assert_msg(err == 0, "%s", lathe_mmc_failure(&m->mmc)->text);
	ck_assert_uint_eq(m->at, m->count);
}

/* Flush, close track 1, and the drive's word on it. */
static void end_closed_track(struct mock_drive *m)
{
	mock_good(m, SYNC);
	done(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	done(m, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	ok(m, lathe_mmc_end_track(&m->mmc));
}

static const struct lathe_mmc_recording appendable = { 0 };
static const struct lathe_mmc_recording final = { .final = true };

/* ---- DVD+R, BD-R -------------------------------------------------------- */

static void write_dvd_plus_r(struct mock_drive *m, unsigned profile,
			     const struct lathe_mmc_recording *how)
{
	struct lathe_mmc_medium medium =
		blank(profile, profile == 0x1b ? LATHE_MMC_KIND_DVD_PLUS_R
					       : LATHE_MMC_KIND_DVD_PLUS_R_DL);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	begin(m, &medium, how, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	end_closed_track(m);
}

START_TEST(dvd_plus_r_stays_appendable)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	write_dvd_plus_r(m, 0x1b, &appendable);
	/* For firmware that heeds the bits of page 05h here, too. */
	mock_write_page(m, "40 04 08 00 00 00 00", "40 c4 08 00 00 00 00");
	m->steps[m->count - 1].sent[23] = 0; /* all else stays as it is */
	mock_good(m, CLOSE);
	done(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(dvd_plus_r_is_finalised_as_the_drive_knows_it)
{
	struct mock_drive *m = mock_new();
	unsigned profile = _i ? 0x2b : 0x1b;
	struct lathe_mmc_medium medium = blank(profile, 0);

	write_dvd_plus_r(m, profile, &final);
	mock_sense(m, SENSE_05_FIRST, 5, 0x24, 0x00); /* no such page */
	if (_i == 1)
		mock_sense(m, FINALIZE_MINIMUM, 5, 0x24, 0x00);
	mock_good(m, _i == 1 ? FINALIZE : FINALIZE_MINIMUM);
	done(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(a_reservation_that_is_refused_is_a_warning)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .reserve = true,
					   .track_blocks = 33 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	/* Rounded up to the ECC block: 48 = 30h. */
	if (_i == 0)
		mock_good(m, "53 00 00 00 00 00 00 00 30 00");
	else
		mock_sense(m, "53 00 00 00 00 00 00 00 30 00", 5, 0x72, 0x05);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	begin(m, &medium, &how, 0);
	ck_assert_uint_eq(m->warnings, (unsigned)_i);
	mock_done(m);
}
END_TEST

START_TEST(the_layer_break_is_sent_before_the_first_block)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x2b, LATHE_MMC_KIND_DVD_PLUS_R_DL);
	struct lathe_mmc_recording how = { .layer_break = 0x100000 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_sent(m, "bf 00 00 00 00 00 00 20 00 0c 00 00",
		  "000a 0000 00000000 00100000");
	mock_track(m, TRACK_FF, 1, 0, 0, 4173824);
	begin(m, &medium, &how, 0);
	mock_done(m);

	medium = blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium = medium_of(0x2b, LATHE_MMC_KIND_DVD_PLUS_R_DL,
			   LATHE_MMC_STATUS_APPENDABLE);
	medium.has_next_writable = true;
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(bd_r_is_written_in_whole_clusters_and_finalised)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = blank(0x41, LATHE_MMC_KIND_BD_R);

	mock_good(m, TUR);
	/* It calls itself appendable, though nothing is on it. */
	mock_disc_info(m, 1, 0, 1, 1);
	speed(m);
	/* The last track's number: FFh is not for BD-R. */
	mock_track(m, TRACK_1, 1, 0, 0, 12219392);
	begin(m, &medium, &final, 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&m->mmc), 32);
	mock_good(m, WRITE_0_32);
	mock_good(m, "2a 00 00 00 00 20 00 00 20 00");
	ok(m, lathe_mmc_write(&m->mmc, 0, 64, blocks));
	end_closed_track(m);
	mock_good(m, FINALIZE);
	done(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(what_bd_r_can_not_be_is_refused_by_name)
{
	struct lathe_mmc_medium medium = blank(0x41, LATHE_MMC_KIND_BD_R);
	struct mock_drive *m = mock_new();
	uint32_t start;

	medium.pseudo_overwrite = true;
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_ptr_nonnull(strstr(lathe_mmc_failure(&m->mmc)->text,
				     "pseudo-overwrite"));
	medium = blank(0x42, LATHE_MMC_KIND_BD_R);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &appendable,
					       &start),
			 LATHE_ERR_MEDIUM_TYPE);
	ck_assert_ptr_nonnull(
		strstr(lathe_mmc_failure(&m->mmc)->text, "RRM"));
	medium = blank(0x16, LATHE_MMC_KIND_DVD_R_DL);
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
		blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	begin(m, &medium, &appendable, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	done(m, 1, 1);
	mock_sense(m, CLOSE_TRACK_1, 5, 0x24, 0x00);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	if (_i == 0) {
		/* Not blank, and no place to write any more. */
		m->steps[m->count - 1].reply[6] = 0x01;
		m->steps[m->count - 1].reply[7] = 0x00;
		mock_track(m, TRACK_1, 1, 0, 0, 0);
		ok(m, lathe_mmc_end_track(&m->mmc));
	} else {
		m->steps[m->count - 1].reply[6] = 0x21;
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
		medium_of(0x1b, LATHE_MMC_KIND_DVD_PLUS_R,
			  LATHE_MMC_STATUS_UNFINISHED);
	struct lathe_mmc_recording how = { .resume = true,
					   .reserve = true,
					   .track_blocks = 64 };

	medium.has_next_writable = true;
	medium.next_writable = 0x20;
	refused(&medium, &appendable, LATHE_ERR_UNFINISHED);
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	speed(m);
	mock_track(m, TRACK_FF, 1, 0, 0x20, 2295072);
	begin(m, &medium, &how, 0x20);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 0x20, 16, blocks));
	end_closed_track(m);
	mock_done(m);

	medium.profile = 0x0009; /* track at once has to be one piece */
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

START_TEST(what_a_cut_burn_left_is_closed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		medium_of(0x1b, LATHE_MMC_KIND_DVD_PLUS_R,
			  LATHE_MMC_STATUS_UNFINISHED);

	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	mock_write_page(m, "00 c0 00 00 00 00 00", NULL);
	mock_good(m, SYNC);
	done(m, 1, 1);
	mock_good(m, CLOSE_TRACK_1);
	done(m, 1, 1);
	mock_good(m, CLOSE);
	done(m, 1, 0);
	mock_disc_info(m, 1, 0, 2, 2);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

/* ---- DVD-R, DVD-RW ------------------------------------------------------ */

START_TEST(dvd_r_incremental)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		medium_of(0x11, LATHE_MMC_KIND_DVD_R,
			  LATHE_MMC_STATUS_APPENDABLE);

	medium.has_next_writable = true;
	medium.next_writable = 0x21170;
	medium.sessions = 1;
	medium.last_track = 1;
	medium.open_track = 2;
	mock_good(m, TUR);
	mock_disc_info(m, 1, 0, 2, 2);
	m->steps[m->count - 1].reply[33] = 0; /* never calibrated */
	speed(m);
	/* Type 0 with a link size, BUFE; E5h: next session allowed, FP, data
	 * incremental; mode 1; link size 16; packets of 16. */
	mock_write_page(m, NULL, "60 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_good(m, OPC);
	mock_track(m, TRACK_2, 2, 0x21170, 0x21170, 2162064);
	begin(m, &medium, &appendable, 0x21170);
	mock_good(m, "2a 00 00 02 11 70 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 0x21170, 16, blocks));
	mock_good(m, SYNC);
	done(m, 1, 1);
	mock_good(m, CLOSE_TRACK_2);
	done(m, 1, 1);
	mock_track(m, TRACK_2, 2, 0x21170, 0, 0);
	ok(m, lathe_mmc_end_track(&m->mmc));
	/* Nothing to set: the page holds it already. */
	mock_write_page(m, "60 e5 08 10 00 00 00", NULL);
	for (unsigned i = 1; i <= 2; i++) {
		m->steps[m->count - i].reply[21] = 16;
		m->steps[m->count - i].reply[23] = 150;
	}
	mock_good(m, CLOSE);
	done(m, 1, 0);
	mock_disc_info(m, 1, 0, 3, 3);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(dvd_r_incremental_final)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = blank(0x11, LATHE_MMC_KIND_DVD_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_write_page(m, NULL, "60 25 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	begin(m, &medium, &final, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	end_closed_track(m);
	mock_write_page(m, NULL, "60 25 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_good(m, CLOSE);
	done(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(dvd_r_incremental_simulated)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = blank(0x14, LATHE_MMC_KIND_DVD_RW);
	struct lathe_mmc_recording how = { .simulate = true,
					   .reserve = true,
					   .track_blocks = 16 };

	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_simulate = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_write_page(m, NULL, "70 e5 08 10 00 00 00");
	m->steps[m->count - 1].sent[21] = 16;
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	begin(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	done(m, 0, 0);
	mock_write_page(m, "70 e5 08 10 00 00 00", NULL);
	mock_good(m, SELECT_05);
	ok(m, lathe_mmc_end_track(&m->mmc));
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(dvd_r_at_once_is_reserved_and_written_to_the_block)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = blank(0x14, LATHE_MMC_KIND_DVD_RW);
	struct lathe_mmc_recording how = {
		.final = true,
		.track_blocks = 23,
		.write_mode = _i ? LATHE_MMC_WRITE_MODE_AUTO
				 : LATHE_MMC_WRITE_MODE_AT_ONCE,
	};

	/* By itself where a minimally blanked disc knows no other way. */
	medium.can_at_once = true;
	medium.at_once_only = medium.single_session = _i == 1;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	mock_write_page(m, NULL, "42 05 08 00 00 00 00");
	mock_good(m, "53 00 00 00 00 00 00 00 17 00");
	begin(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 07 00");
	ok(m, lathe_mmc_write(&m->mmc, 0, 23, blocks));
	mock_good(m, SYNC);
	done(m, 2, 3);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	ok(m, lathe_mmc_end_track(&m->mmc));
	/* The drive closes by itself; its word is asked for. */
	mock_disc_info(m, 2, 3, 1, 1);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(at_once_has_its_conditions)
{
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 100,
		.final = true,
	};
	struct lathe_mmc_medium medium = blank(0x11, LATHE_MMC_KIND_DVD_R);

	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_at_once = true;
	how.final = false;
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.final = true;
	how.track_blocks = 0;
	refused(&medium, &how, LATHE_ERR_ARG);
	how.track_blocks = 100;
	how.simulate = true;
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.simulate = false;
	medium.status = LATHE_MMC_STATUS_APPENDABLE;
	medium.has_next_writable = true;
	refused(&medium, &how, LATHE_ERR_NOT_BLANK);
	/* And where it is the only way, the usual one is refused. */
	medium = blank(0x14, LATHE_MMC_KIND_DVD_RW);
	medium.can_at_once = medium.at_once_only = true;
	medium.single_session = true;
	refused(&medium, &appendable, LATHE_ERR_UNSUPPORTED);
	refused(&medium, &final, LATHE_ERR_UNSUPPORTED);
	/* Two layers take one session only. */
	medium = blank(0x15, LATHE_MMC_KIND_DVD_R_DL);
	medium.single_session = true;
	refused(&medium, &appendable, LATHE_ERR_UNSUPPORTED);
	/* DVD+R has no such way. */
	medium = blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
}
END_TEST

/* ---- CD, session at once ------------------------------------------------ */

START_TEST(cd_session_at_once)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 300,
		.final = _i == 1,
	};

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, "bb 00 ff ff ff ff 00 00 00 00 00 00");
	mock_speed_page(m);
	mock_write_page(m, NULL, _i ? "42 04 08 00 00 00 00"
				    : "42 c4 08 00 00 00 00");
	/* Lead-in, pre-gap and track from the host, lead-out at 00:06:00. */
	if (_i == 0)
		mock_sent(m, "5d 00 00 00 00 00 00 00 20 00",
			  "41 00 00 14 00 000000 41 01 00 10 00 000000 "
			  "41 01 01 10 00 000200 41 aa 01 14 00 000600");
	else
		mock_sense(m, "5d 00 00 00 00 00 00 00 20 00", 5, 0x26, 0x00);
	/* Another drive makes the pre-gap by itself. */
	if (_i == 1)
		mock_sent(m, "5d 00 00 00 00 00 00 00 20 00",
			  "41 00 00 14 00 000000 41 01 00 14 00 000000 "
			  "41 01 01 10 00 000200 41 aa 01 14 00 000600");
	begin(m, &medium, &how, 0);
	for (uint32_t i = 0; _i == 0 && i < 150; i++) {
		char cdb[40];

		snprintf(cdb, sizeof(cdb), "2a 00 %08x 00 00 01 00",
			 (unsigned)(0u - 150u + i));
		mock_good(m, cdb);
	}
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 16, 16, blocks));
	mock_good(m, SYNC);
	done(m, _i ? 2 : 1, _i ? 3 : 0);
	mock_track(m, TRACK_1, 1, 0, 0, 0);
	ok(m, lathe_mmc_end_track(&m->mmc));
	mock_disc_info(m, _i ? 2 : 1, _i ? 3 : 0, _i ? 1 : 2, 2);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, how.final));
	mock_done(m);
}
END_TEST

START_TEST(cd_session_at_once_is_for_mode_1)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = mock_blank_medium();
	struct lathe_mmc_recording how = {
		.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE,
		.track_blocks = 300,
		.data_mode = 2,
	};
	uint32_t start;

	medium.can_at_once = true;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, "bb 00 ff ff ff ff 00 00 00 00 00 00");
	mock_speed_page(m);
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how, &start),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

/* ---- media that can be overwritten -------------------------------------- */

static struct lathe_mmc_medium dvd_plus_rw(enum lathe_mmc_status status)
{
	return medium_of(0x1a, LATHE_MMC_KIND_DVD_PLUS_RW, status);
}

/* Disc information of a DVD+RW with its background format's state. */
static void background(struct mock_drive *m, unsigned state)
{
	mock_disc_info(m, state ? 2 : 0, state ? 3 : 0, 1, 1);
	m->steps[m->count - 1].reply[7] = (uint8_t)state;
}

START_TEST(a_dvd_plus_rw_is_formatted_in_the_background)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		dvd_plus_rw(_i ? LATHE_MMC_STATUS_OVERWRITABLE
			       : LATHE_MMC_STATUS_UNFORMATTED);
	struct lathe_mmc_recording how = { .overwrite_start = 32 };

	mock_good(m, TUR);
	background(m, (unsigned)_i);
	speed(m);
	if (_i == 0) {
		/* Unformatted. */
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 01000800");
		mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 00");
	} else if (_i == 1) {
		/* Begun and stopped: bit 0 of the parameter restarts it. */
		mock_sent(m, FORMAT, "00 82 00 08 ff ff ff ff 98 00 00 01");
	}
	if (_i < 2) {
		mock_good(m, TUR);
		background(m, (unsigned)_i);
		background(m, (unsigned)_i);
		background(m, 2);
	}
	begin(m, &medium, &how, 32);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, 2);
	ok(m, lathe_mmc_end_track(&m->mmc));

	/* The head, with the same medium: nothing is formatted any more. */
	how.overwrite_start = 0;
	mock_good(m, TUR);
	background(m, 2);
	speed(m);
	begin(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, 2);
	ok(m, lathe_mmc_end_track(&m->mmc));

	mock_good(m, TUR);
	background(m, 2);
	if (_i == 2) /* a drive that stops it by the other function */
		mock_sense(m, CLOSE, 5, 0x24, 0x00);
	mock_good(m, _i == 2 ? STOP_FORMAT : CLOSE);
	mock_good(m, TUR);
	background(m, 1);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
	mock_done(m);
}
END_TEST

START_TEST(a_formatted_dvd_plus_rw_is_not_formatted_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	/* Complete; or the drive does not say so, but calls it formatted. */
	mock_good(m, TUR);
	background(m, _i ? 0 : 3);
	speed(m);
	if (_i)
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	begin(m, &medium, &appendable, 0);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, _i ? 0 : 3);
	ok(m, lathe_mmc_end_track(&m->mmc));
	mock_good(m, TUR);
	background(m, _i ? 0 : 3);
	ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		_i == 0 || _i == 3 ?
			medium_of(0x12, LATHE_MMC_KIND_DVD_RAM,
				  LATHE_MMC_STATUS_UNFORMATTED) :
			medium_of(0x43, LATHE_MMC_KIND_BD_RE,
				  LATHE_MMC_STATUS_UNFORMATTED);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	speed(m);
	if (_i == 2) {
		/* Another engine has formatted it meanwhile. */
		mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	} else if (_i == 1) {
		for (int i = 0; i < 2; i++) {
			mock_reply(m, CAPACITIES_HEAD,
				   "00000010 00ba7400 01000800");
			mock_reply(m, "23 00 00 00 00 00 00 00 14 00",
				   "00000010 00ba7400 01000800 "
				   "00b47400 00003000");
		}
		mock_sent(m, FORMAT, "00 82 00 08 00 b4 74 00 00 00 30 00");
	} else {
		for (int i = 0; i < 2; i++) {
			mock_reply(m, CAPACITIES_HEAD,
				   "00000010 00222120 01000800");
			mock_reply(m, "23 00 00 00 00 00 00 00 14 00",
				   "00000010 00222120 01000800 "
				   "00222120 00000800");
		}
		/* Without certification, or with where that is not known. */
		if (_i == 3)
			mock_sense(m, FORMAT_KEEPING, 5, 0x26, 0x00);
		mock_sent(m, _i == 3 ? FORMAT : FORMAT_KEEPING,
			  _i == 3 ? "00 82 00 08 00 22 21 20 00 00 08 00"
				  : "00 a2 00 08 00 22 21 20 00 00 08 00");
	}
	if (_i != 2) {
		mock_busy(m, TUR, 0x8000);
		done(m, 3, 3);
	}
	begin(m, &medium, &appendable, 0);
	if (_i != 2)
		ck_assert_uint_eq(m->last_progress, 0x8000);
	mock_done(m);
}
END_TEST

START_TEST(streaming_is_for_whole_clusters)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		medium_of(0x43, LATHE_MMC_KIND_BD_RE,
			  LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .stream = true,
					   .overwrite_start = 64 };

	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	begin(m, &medium, &how, 64);
	mock_good(m, "aa 00 00 00 00 40 00 00 00 20 80 00");
	mock_good(m, "2a 00 00 00 00 60 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 64, 48, blocks));
	mock_done(m);

	/* A bridge that takes half a cluster only: no streaming at all. */
	m = mock_new();
	m->config.max_transfer = 32768;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	begin(m, &medium, &how, 64);
	ck_assert_uint_eq(m->warnings, 1);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);

	/* Media without defect management take the wish for nothing. */
	medium = dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	m = mock_new();
	mock_good(m, TUR);
	background(m, 3);
	speed(m);
	begin(m, &medium, &how, 64);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);
}
END_TEST

START_TEST(overwriting_starts_at_whole_blocks)
{
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 8 };

	refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 16;
	how.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.profile = 0x43;
	how.write_mode = LATHE_MMC_WRITE_MODE_AUTO;
	refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 0;
	how.simulate = true;
	refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.simulate = false;
	medium.status = LATHE_MMC_STATUS_DAMAGED;
	refused(&medium, &how, LATHE_ERR_NOT_APPENDABLE);
}
END_TEST

/* ---- DVD-RW, restricted overwrite --------------------------------------- */

/* Formats 13h and 10h are listed; the current one as given. */
static void overwrite_formats(struct mock_drive *m, const char *current)
{
	char all[80];

	snprintf(all, sizeof(all), "00000018 %s", current);
	mock_reply(m, CAPACITIES_HEAD, all);
	snprintf(all, sizeof(all), "00000018 %s 00000000 4c000010 "
				   "00230fc0 40000010", current);
	mock_reply(m, "23 00 00 00 00 00 00 00 1c 00", all);
}

static struct lathe_mmc_medium dvd_rw_overwrite(void)
{
	return medium_of(0x13, LATHE_MMC_KIND_DVD_RW_OVERWRITE,
			 LATHE_MMC_STATUS_OVERWRITABLE);
}

START_TEST(a_quickly_formatted_dvd_rw_grows_from_its_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = dvd_rw_overwrite();
	struct lathe_mmc_recording how = { .overwrite_start = 32,
					   .track_blocks = 16 };

	/* In the intermediate state, and empty: from LBA 0 on. */
	mock_good(m, TUR);
	mock_disc_info(m, 1, 1, 1, 1);
	speed(m);
	overwrite_formats(m, "00000000 03000800");
	mock_reply(m, CAPACITY, "00000000 00000800");
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	begin(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 0, 48, blocks));
	/* Behind the flush the intermediate state is left. */
	mock_good(m, SYNC);
	done(m, 1, 1);
	mock_disc_info(m, 1, 1, 1, 1);
	overwrite_formats(m, "00000030 03000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_track(m, TRACK_1, 1, 0, 48, 2298448);
	mock_good(m, CLOSE);
	done(m, 2, 3);
	ok(m, lathe_mmc_end_track(&m->mmc));

	/* Its head can be overwritten as it is. */
	how.overwrite_start = 0;
	how.track_blocks = 32;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	speed(m);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	begin(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_good(m, SYNC);
	done(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	ok(m, lathe_mmc_end_track(&m->mmc));
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_rw_is_made_to_grow)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = dvd_rw_overwrite();
	struct lathe_mmc_recording how = { .overwrite_start = 64,
					   .track_blocks = 32 };

	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	speed(m);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	/* 13h, nothing formatted ahead; or as listed, where that is refused. */
	mock_sent(m, FORMAT, "00 82 00 08 00 00 00 00 4c 00 00 10");
	done(m, 1, 1);
	/* The hole from 48 to 63 is the caller's. */
	begin(m, &medium, &how, 48);
	mock_done(m);

	/* A drive that can not: told, and nothing is written. */
	m = mock_new();
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	speed(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	ck_assert_int_eq(lathe_mmc_begin_track(&m->mmc, &medium, &how,
					       &(uint32_t){ 0 }),
			 LATHE_ERR_UNSUPPORTED);
	mock_done(m);
}
END_TEST

START_TEST(any_block_that_failed_can_be_written_again)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	bool possible = false;
	uint32_t next = 0;

	mock_good(m, TUR);
	background(m, 3);
	speed(m);
	begin(m, &medium, &appendable, 0);
	/* Aborted on the way: sent again without asking what was taken. */
	mock_sense(m, WRITE_0_16, 0xb, 0x47, 0x00);
	mock_good(m, WRITE_0_16);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
	ck_assert(possible);
	ck_assert_uint_eq(next, 16);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_busy_with_its_format_gets_a_flush)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);

	mock_good(m, TUR);
	background(m, 2);
	speed(m);
	begin(m, &medium, &appendable, 0);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_good(m, SYNC);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_good(m, WRITE_0_16);
	ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	/* A WRITE that comes too early: once. */
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 5, 0x2c, 0x00);
	mock_good(m, SYNC);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 5, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 16, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_track_at_once_is_never_flushed_on_the_way)
{
	struct mock_drive *m = mock_new();

	mock_begin(m);
	mock_sense(m, WRITE_0_16, 5, 0x2c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 16, blocks),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- formatting and blanking -------------------------------------------- */

#define DVD_RW_LIST                                                \
	"00000020 00230fc0 01000800 00230fc0 40000010 00230fc0 "   \
	"54000010 00230fc0 4c000010"
#define BD_RE_LIST                                                 \
	"00000028 00b47400 02000800 00b47400 00003000 00b07400 "   \
	"c0005000 00b87400 c0001000 00ba7400 c4000800"
#define BD_R_LIST                                                  \
	"00000020 00ba7400 01000800 00b47400 00003000 00b47400 "   \
	"c8003000 00a00000 c8008000"
#define DVD_RAM_LIST "00000010 00222120 02000800 00222120 00000800"
#define DVD_PLUS_RW_LIST "00000010 00230540 02000800 00230540 98000000"

static const struct {
	int line;
	unsigned profile;
	enum lathe_mmc_status status;
	struct lathe_mmc_formatting how;
	const char *list;
	const char *cdb, *sent;
	int err;
} formats[] = {
	/* DVD-RW: quick (15h, nothing ahead) and full (10h). */
	{ __LINE__, 0x14, LATHE_MMC_STATUS_FINAL, { false, false, 0 },
	  DVD_RW_LIST, FORMAT, "0082 0008 00000000 54000010", 0 },
	{ __LINE__, 0x13, LATHE_MMC_STATUS_OVERWRITABLE, { true, false, 0 },
	  DVD_RW_LIST, FORMAT, "0082 0008 00230fc0 40000010", 0 },
	{ __LINE__, 0x14, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_MOST }, NULL, NULL, NULL,
	  LATHE_ERR_UNSUPPORTED },
	/* DVD-RAM: without certification, and with. */
	{ __LINE__, 0x12, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_RAM_LIST, FORMAT_KEEPING, "00a2 0008 00222120 00000800", 0 },
	{ __LINE__, 0x12, LATHE_MMC_STATUS_OVERWRITABLE, { false, true, 0 },
	  DVD_RAM_LIST, FORMAT, "0082 0008 00222120 00000800", 0 },
	{ __LINE__, 0x1a, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_PLUS_RW_LIST, FORMAT, "0082 0008 00230540 98000000", 0 },
	/* BD-RE: default, certified, most spares, none. */
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  BD_RE_LIST, FORMAT, "0082 0008 00b47400 00003000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { true, false, 0 },
	  BD_RE_LIST, FORMAT, "0082 0008 00b47400 c2005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, false, LATHE_MMC_SPARES_MOST }, BD_RE_LIST, FORMAT,
	  "0082 0008 00b07400 c0005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, true, LATHE_MMC_SPARES_MOST }, BD_RE_LIST, FORMAT,
	  "0082 0008 00b07400 c2005000", 0 },
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE,
	  { false, false, LATHE_MMC_SPARES_NONE }, BD_RE_LIST, FORMAT,
	  "0082 0008 00ba7400 c5000800", 0 },
	/* BD-R: sequential with spares, never to pseudo-overwrite. */
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK, { false, false, 0 },
	  BD_R_LIST, FORMAT, "0082 0008 00b47400 01003000", 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_MOST }, BD_R_LIST, FORMAT,
	  "0082 0008 00a00000 c9008000", 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_BLANK,
	  { false, false, LATHE_MMC_SPARES_NONE }, NULL, NULL, NULL, 0 },
	{ __LINE__, 0x41, LATHE_MMC_STATUS_APPENDABLE, { false, false, 0 },
	  NULL, NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	/* No formats at all. */
	{ __LINE__, 0x11, LATHE_MMC_STATUS_BLANK, { false, false, 0 }, NULL,
	  NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	{ __LINE__, 0x0a, LATHE_MMC_STATUS_BLANK, { false, false, 0 }, NULL,
	  NULL, NULL, LATHE_ERR_MEDIUM_TYPE },
	/* The drive lists no format that fits. */
	{ __LINE__, 0x43, LATHE_MMC_STATUS_OVERWRITABLE, { false, false, 0 },
	  DVD_PLUS_RW_LIST, NULL, NULL, LATHE_ERR_UNSUPPORTED },
};

static void capacities(struct mock_drive *m, const char *list)
{
	uint8_t bytes[64];
	char cdb[40];

	mock_hex(list, bytes, sizeof(bytes));
	mock_reply(m, CAPACITIES_HEAD, list);
	snprintf(cdb, sizeof(cdb), "23 00 00 00 00 00 00 00 %02x 00",
		 bytes[3] + 4u);
	mock_reply(m, cdb, list);
}

START_TEST(formats_of_all_media)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium = medium_of(
		formats[_i].profile, 0, formats[_i].status);
	int err;

	if (formats[_i].list) {
		mock_good(m, TUR);
		mock_disc_info(m, medium.status == LATHE_MMC_STATUS_BLANK ? 0
								          : 2,
			       3, 0, 1);
		mock_good(m, ALLOW);
		capacities(m, formats[_i].list);
	}
	if (formats[_i].cdb) {
		mock_sent(m, formats[_i].cdb, formats[_i].sent);
		mock_busy(m, TUR, 0x4000);
		done(m, 2, 3);
		mock_reply(m, CAPACITIES_HEAD, "00000008 00b47400 02000800");
	}
	err = lathe_mmc_format(&m->mmc, &medium, &formats[_i].how);
	ck_assert_msg(err == formats[_i].err, "line %d: %s: %s",
		      formats[_i].line, lathe_err_name(err),
		      lathe_mmc_failure(&m->mmc)->text);
	mock_done(m);
}
END_TEST

START_TEST(a_size_that_is_refused_is_asked_for_as_listed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x14, LATHE_MMC_KIND_DVD_RW);
	static const struct lathe_mmc_formatting quick = { 0 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RW_LIST);
	mock_sense(m, FORMAT, 5, 0x26, 0x00);
	mock_sent(m, FORMAT, "0082 0008 00230fc0 54000010");
	done(m, 1, 1);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00000000 03000800");
	ok(m, lathe_mmc_format(&m->mmc, &medium, &quick));
	mock_done(m);
}
END_TEST

START_TEST(a_format_without_effect_is_an_error)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		medium_of(0x12, LATHE_MMC_KIND_DVD_RAM,
			  LATHE_MMC_STATUS_UNFORMATTED);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RAM_LIST);
	mock_good(m, FORMAT);
	done(m, 0, 0);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 01000800");
	ck_assert_int_eq(lathe_mmc_format(&m->mmc, &medium, &full),
			 LATHE_ERR_CORRUPT);
	mock_done(m);
}
END_TEST

START_TEST(a_full_format_of_a_dvd_plus_rw_is_waited_for)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	background(m, 3);
	mock_good(m, ALLOW);
	capacities(m, DVD_PLUS_RW_LIST);
	mock_good(m, FORMAT);
	mock_good(m, TUR);
	background(m, 2);
	background(m, 2);
	background(m, 2);
	background(m, 3);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	ok(m, lathe_mmc_format(&m->mmc, &medium, &full));
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_rw_is_blanked_fully_unless_told_otherwise)
{
	static const enum lathe_mmc_blanking how[] = {
		LATHE_MMC_BLANK_USUAL, LATHE_MMC_BLANK_FULL,
		LATHE_MMC_BLANK_MINIMAL
	};
	struct mock_drive *m = mock_new();
	/* Sequential, and back from restricted overwrite. */
	struct lathe_mmc_medium medium =
		_i % 2 ? medium_of(0x14, LATHE_MMC_KIND_DVD_RW,
				   LATHE_MMC_STATUS_FINAL)
		       : dvd_rw_overwrite();

	medium.erasable = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 0, 1);
	m->steps[m->count - 1].reply[2] |= 0x10;
	mock_good(m, ALLOW);
	mock_good(m, _i / 2 == 2 ? "a1 11 00 00 00 00 00 00 00 00 00 00"
				 : "a1 10 00 00 00 00 00 00 00 00 00 00");
	done(m, 0, 0);
	mock_disc_info(m, 0, 0, 1, 1);
	ok(m, lathe_mmc_blank(&m->mmc, &medium, how[_i / 2]));
	mock_done(m);
}
END_TEST

/* ---- speed -------------------------------------------------------------- */

START_TEST(the_speed_of_a_dvd_is_set_up_to_its_real_end)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);
	struct lathe_mmc_recording how = { .speed_kb_per_s = 5540 };

	medium.capacity_blocks = 2295104;
	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed_page(m);
	m->steps[m->count - 1].reply[8 + 8] = 0x56; /* reads with 16x */
	m->steps[m->count - 1].reply[8 + 9] = 0x90;
	mock_sent(m, STREAMING,
		  "00000000 00000000 0023053f 00005690 000003e8 000015a4 "
		  "000003e8");
	mock_speed_page(m);
	if (_i == 0) {
		/* 4x = 5540 = 15A4h, in the old place. */
		m->steps[m->count - 1].reply[8 + 20] = 0x15;
		m->steps[m->count - 1].reply[8 + 21] = 0xa4;
	}
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	begin(m, &medium, &how, 0);
	/* 706 kB/s would be a CD's speed. */
	ck_assert_uint_eq(lathe_mmc_write_speed(&m->mmc), _i ? 0 : 5540);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_knows_no_speeds_keeps_its_own)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		blank(0x1b, LATHE_MMC_KIND_DVD_PLUS_R);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_sense(m, STREAMING, 5, 0x21, 0x00);
	mock_sense(m, SENSE_2A, 5, 0x24, 0x00);
	mock_track(m, TRACK_FF, 1, 0, 0, 2295104);
	begin(m, &medium, &appendable, 0);
	ck_assert_uint_eq(lathe_mmc_write_speed(&m->mmc), 0);
	mock_done(m);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mmc strategies");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, dvd_plus_r_stays_appendable);
	tcase_add_loop_test(tc, dvd_plus_r_is_finalised_as_the_drive_knows_it,
			    0, 2);
	tcase_add_loop_test(tc, a_reservation_that_is_refused_is_a_warning, 0,
			    2);
	tcase_add_test(tc, the_layer_break_is_sent_before_the_first_block);
	tcase_add_test(tc, bd_r_is_written_in_whole_clusters_and_finalised);
	tcase_add_test(tc, what_bd_r_can_not_be_is_refused_by_name);
	tcase_add_loop_test(
		tc, closing_a_track_twice_is_no_error_if_it_is_closed, 0, 2);
	tcase_add_test(tc, an_interrupted_track_goes_on);
	tcase_add_test(tc, what_a_cut_burn_left_is_closed);
	tcase_add_test(tc, dvd_r_incremental);
	tcase_add_test(tc, dvd_r_incremental_final);
	tcase_add_test(tc, dvd_r_incremental_simulated);
	tcase_add_loop_test(
		tc, dvd_r_at_once_is_reserved_and_written_to_the_block, 0, 2);
	tcase_add_test(tc, at_once_has_its_conditions);
	tcase_add_loop_test(tc, cd_session_at_once, 0, 2);
	tcase_add_test(tc, cd_session_at_once_is_for_mode_1);
	tcase_add_loop_test(tc, a_dvd_plus_rw_is_formatted_in_the_background, 0,
			    3);
	tcase_add_loop_test(
		tc, a_formatted_dvd_plus_rw_is_not_formatted_again, 0, 2);
	tcase_add_loop_test(
		tc, unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way,
		0, 4);
	tcase_add_test(tc, streaming_is_for_whole_clusters);
	tcase_add_test(tc, overwriting_starts_at_whole_blocks);
	tcase_add_test(tc, a_quickly_formatted_dvd_rw_grows_from_its_end);
	tcase_add_test(tc, a_dvd_rw_is_made_to_grow);
	tcase_add_test(tc, any_block_that_failed_can_be_written_again);
	tcase_add_test(tc, a_drive_busy_with_its_format_gets_a_flush);
	tcase_add_test(tc, a_track_at_once_is_never_flushed_on_the_way);
	tcase_add_loop_test(tc, formats_of_all_media, 0,
			    (int)(sizeof(formats) / sizeof(*formats)));
	tcase_add_test(tc, a_size_that_is_refused_is_asked_for_as_listed);
	tcase_add_test(tc, a_format_without_effect_is_an_error);
	tcase_add_test(tc, a_full_format_of_a_dvd_plus_rw_is_waited_for);
	tcase_add_loop_test(
		tc, a_dvd_rw_is_blanked_fully_unless_told_otherwise, 0, 6);
	tcase_add_loop_test(
		tc, the_speed_of_a_dvd_is_set_up_to_its_real_end, 0, 2);
	tcase_add_test(tc, a_drive_that_knows_no_speeds_keeps_its_own);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
