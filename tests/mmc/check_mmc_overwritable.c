/* SPDX-License-Identifier: MIT */
/*
 * Media that can be overwritten, command by command; formatting and blanking.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define CAPACITY "25 00 00 00 00 00 00 00 00 00"
#define STOP_FORMAT "5b 01 00 00 00 00 00 00 00 00"
#define FORMAT "04 11 00 00 00 00"
#define FORMAT_KEEPING "04 19 00 00 00 00"

static uint8_t blocks[64 * 2048];

static const struct lathe_mmc_recording appendable = { 0 };

/* ---- media that can be overwritten -------------------------------------- */

static struct lathe_mmc_medium dvd_plus_rw(enum lathe_mmc_status status)
{
	return mock_medium(0x1a, LATHE_MMC_KIND_DVD_PLUS_RW, status);
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
	mock_speed(m);
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
	mock_begin_on(m, &medium, &how, 32);
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 32, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, 2);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));

	/* The head, with the same medium: nothing is formatted any more. */
	how.overwrite_start = 0;
	mock_good(m, TUR);
	background(m, 2);
	mock_speed(m);
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, 2);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));

	mock_good(m, TUR);
	background(m, 2);
	if (_i == 2) /* a drive that stops it by the other function */
		mock_sense(m, CLOSE, 5, 0x24, 0x00);
	mock_good(m, _i == 2 ? STOP_FORMAT : CLOSE);
	mock_good(m, TUR);
	background(m, 1);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, false));
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
	mock_speed(m);
	if (_i)
		mock_reply(m, CAPACITIES_HEAD, "00000008 00230540 02000800");
	mock_begin_on(m, &medium, &appendable, 0);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
	mock_good(m, SYNC);
	mock_good(m, TUR);
	background(m, _i ? 0 : 3);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
	mock_good(m, TUR);
	background(m, _i ? 0 : 3);
	mock_ok(m, lathe_mmc_close_session(&m->mmc, &medium, true));
	mock_done(m);
}
END_TEST

START_TEST(unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		_i == 0 || _i >= 3 ?
			mock_medium(0x12, LATHE_MMC_KIND_DVD_RAM,
				  LATHE_MMC_STATUS_UNFORMATTED) :
			mock_medium(0x43, LATHE_MMC_KIND_BD_RE,
				  LATHE_MMC_STATUS_UNFORMATTED);

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_speed(m);
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
		/* Without certification, then without CmpList, and with it
		 * where neither is known: it takes the longest. */
		if (_i >= 3)
			mock_sense(m, FORMAT_KEEPING, 5, 0x26, 0x00);
		if (_i == 4)
			mock_sense(m, FORMAT, 5, 0x26, 0x00);
		mock_sent(m, _i >= 3 ? FORMAT : FORMAT_KEEPING,
			  _i == 4 ? "00 82 00 08 00 22 21 20 00 00 08 00"
				  : "00 a2 00 08 00 22 21 20 00 00 08 00");
	}
	if (_i != 2) {
		mock_busy(m, TUR, 0x8000);
		mock_polled(m, 3, 3);
	}
	mock_begin_on(m, &medium, &appendable, 0);
	if (_i != 2)
		ck_assert_uint_eq(m->last_progress, 0x8000);
	mock_done(m);
}
END_TEST

START_TEST(streaming_is_for_whole_clusters)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x43, LATHE_MMC_KIND_BD_RE,
			  LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .stream = true,
					   .overwrite_start = 64 };

	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.can_stream = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	mock_begin_on(m, &medium, &how, 64);
	mock_good(m, "aa 00 00 00 00 40 00 00 00 20 80 00");
	mock_good(m, "2a 00 00 00 00 60 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 48, blocks));
	mock_done(m);

	/* A bridge that takes half a cluster only: no streaming at all. */
	m = mock_new();
	m->config.max_transfer = 32768;
	ck_assert_int_eq(lathe_mmc_init(&m->mmc, &m->config), 0);
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	mock_begin_on(m, &medium, &how, 64);
	ck_assert_uint_eq(m->warnings, 1);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);

	/* Media without defect management take the wish for nothing. */
	medium = dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	m = mock_new();
	mock_good(m, TUR);
	background(m, 3);
	mock_speed(m);
	mock_begin_on(m, &medium, &how, 64);
	mock_good(m, "2a 00 00 00 00 40 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 64, 16, blocks));
	mock_done(m);
}
END_TEST

START_TEST(overwriting_starts_at_whole_blocks)
{
	struct lathe_mmc_medium medium =
		dvd_plus_rw(LATHE_MMC_STATUS_OVERWRITABLE);
	struct lathe_mmc_recording how = { .overwrite_start = 8 };

	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 16;
	how.write_mode = LATHE_MMC_WRITE_MODE_AT_ONCE;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	medium.profile = 0x43;
	how.write_mode = LATHE_MMC_WRITE_MODE_AUTO;
	mock_refused(&medium, &how, LATHE_ERR_ARG);
	how.overwrite_start = 0;
	how.simulate = true;
	mock_refused(&medium, &how, LATHE_ERR_UNSUPPORTED);
	how.simulate = false;
	medium.status = LATHE_MMC_STATUS_DAMAGED;
	mock_refused(&medium, &how, LATHE_ERR_NOT_APPENDABLE);
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
	return mock_medium(0x13, LATHE_MMC_KIND_DVD_RW_OVERWRITE,
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
	mock_speed(m);
	overwrite_formats(m, "00000000 03000800");
	mock_reply(m, CAPACITY, "00000000 00000800");
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_good(m, "2a 00 00 00 00 20 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 48, blocks));
	/* Behind the flush the intermediate state is left. */
	mock_good(m, SYNC);
	mock_polled(m, 1, 1);
	mock_disc_info(m, 1, 1, 1, 1);
	overwrite_formats(m, "00000030 03000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_track(m, TRACK_1, 1, 0, 48, 2298448);
	mock_good(m, CLOSE);
	mock_polled(m, 2, 3);
	mock_ok(m, lathe_mmc_end_track(&m->mmc));

	/* Its head can be overwritten as it is. */
	how.overwrite_start = 0;
	how.track_blocks = 32;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_begin_on(m, &medium, &how, 0);
	mock_good(m, WRITE_0_16);
	mock_good(m, "2a 00 00 00 00 10 00 00 10 00");
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 32, blocks));
	mock_good(m, SYNC);
	mock_polled(m, 2, 3);
	mock_disc_info(m, 2, 3, 1, 1);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	mock_ok(m, lathe_mmc_end_track(&m->mmc));
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
	mock_speed(m);
	overwrite_formats(m, "00000030 02000800");
	mock_reply(m, CAPACITY, "0000002f 00000800");
	/* 13h, nothing formatted ahead; or as listed, where that is refused. */
	mock_sent(m, FORMAT, "00 82 00 08 00 00 00 00 4c 00 00 10");
	mock_polled(m, 1, 1);
	/* The hole from 48 to 63 is the caller's. */
	mock_begin_on(m, &medium, &how, 48);
	mock_done(m);

	/* A drive that can not: told, and nothing is written. */
	m = mock_new();
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 1, 1);
	mock_speed(m);
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
	mock_speed(m);
	mock_begin_on(m, &medium, &appendable, 0);
	/* Aborted on the way: sent again without asking what was taken. */
	mock_sense(m, WRITE_0_16, 0xb, 0x47, 0x00);
	mock_good(m, WRITE_0_16);
	mock_sense(m, "2a 00 00 00 00 10 00 00 10 00", 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_write(&m->mmc, 0, 32, blocks),
			 LATHE_ERR_SENSE);
	mock_good(m, TUR);
	mock_ok(m, lathe_mmc_resync(&m->mmc, &possible, &next));
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
	mock_speed(m);
	mock_begin_on(m, &medium, &appendable, 0);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_good(m, SYNC);
	mock_sense(m, WRITE_0_16, 2, 0x04, 0x04);
	mock_good(m, WRITE_0_16);
	mock_ok(m, lathe_mmc_write(&m->mmc, 0, 16, blocks));
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
	struct lathe_mmc_medium medium = mock_medium(
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
		mock_polled(m, 2, 3);
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
		mock_blank(0x14, LATHE_MMC_KIND_DVD_RW);
	static const struct lathe_mmc_formatting quick = { 0 };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RW_LIST);
	mock_sense(m, FORMAT, 5, 0x26, 0x00);
	mock_sent(m, FORMAT, "0082 0008 00230fc0 54000010");
	mock_polled(m, 1, 1);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00000000 03000800");
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &quick));
	mock_done(m);
}
END_TEST

START_TEST(a_format_without_effect_is_an_error)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium =
		mock_medium(0x12, LATHE_MMC_KIND_DVD_RAM,
			  LATHE_MMC_STATUS_UNFORMATTED);
	static const struct lathe_mmc_formatting full = { .full = true };

	mock_good(m, TUR);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_good(m, ALLOW);
	capacities(m, DVD_RAM_LIST);
	mock_good(m, FORMAT);
	mock_polled(m, 0, 0);
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
	mock_ok(m, lathe_mmc_format(&m->mmc, &medium, &full));
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
		_i % 2 ? mock_medium(0x14, LATHE_MMC_KIND_DVD_RW,
				   LATHE_MMC_STATUS_FINAL)
		       : dvd_rw_overwrite();

	medium.erasable = true;
	mock_good(m, TUR);
	mock_disc_info(m, 2, 3, 0, 1);
	m->steps[m->count - 1].reply[2] |= 0x10;
	mock_good(m, ALLOW);
	mock_good(m, _i / 2 == 2 ? "a1 11 00 00 00 00 00 00 00 00 00 00"
				 : "a1 10 00 00 00 00 00 00 00 00 00 00");
	mock_polled(m, 0, 0);
	mock_disc_info(m, 0, 0, 1, 1);
	mock_ok(m, lathe_mmc_blank(&m->mmc, &medium, how[_i / 2]));
	mock_done(m);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mmc overwritable media");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, a_dvd_plus_rw_is_formatted_in_the_background, 0,
			    3);
	tcase_add_loop_test(
		tc, a_formatted_dvd_plus_rw_is_not_formatted_again, 0, 2);
	tcase_add_loop_test(
		tc, unformatted_dvd_ram_and_bd_re_are_formatted_the_quick_way,
		0, 5);
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
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
