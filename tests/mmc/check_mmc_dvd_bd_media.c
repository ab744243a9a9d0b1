/* SPDX-License-Identifier: MIT */
/*
 * DVD and BD media as they are put together from a drive's answers.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static struct mock_step *last(struct mock_drive *m)
{
	return &m->steps[m->count - 1];
}

/* A disc information with another first track in the last session. */
static void disc_info(struct mock_drive *m, unsigned status, unsigned state,
		      unsigned sessions, unsigned first, unsigned track)
{
	mock_disc_info(m, status, state, sessions, track);
	last(m)->reply[5] = (uint8_t)first;
}

/* A recorded track of a session. */
static void closed_track(struct mock_drive *m, const char *cdb, unsigned number,
			 unsigned session, uint32_t start, uint32_t blocks)
{
	mock_track(m, cdb, number, start, 0, 0);
	last(m)->reply[3] = (uint8_t)session;
	last(m)->reply[6] = 0x01;
	last(m)->reply[7] = 0x00;
	lathe_put_be32(last(m)->reply + 24, blocks);
}

/* ---- in sequence -------------------------------------------------------- */

/* Incremental with link sizes 7 and 32; DVD-R/-RW write: BUF, test, RW. */
#define INCREMENTAL "0021 0d 08 0100 01 02 0720 0000 "
#define DVD_R_WRITE "002f 09 04 46 000000 "

START_TEST(sessions_of_a_dvd_r_are_found_by_its_tracks)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0011", INCREMENTAL DVD_R_WRITE);
	mock_write_page(m, NULL, NULL);
	disc_info(m, 1, 0, 3, 3, 3);
	/* The last track, never FFh; its TOC would name two sessions at most,
	 * so it is not asked for. Borders as measured on a DVD-RW. */
	mock_track(m, TRACK_3, 3, 250240, 250240, 2047648);
	closed_track(m, TRACK_2, 2, 2, 135536, 108544);
	closed_track(m, TRACK_1, 1, 1, 0, 106848);
	closed_track(m, TRACK_2, 2, 2, 135536, 108544); /* its data mode */
	mock_reply(m, CAPACITY, "0003b96f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, LATHE_MMC_KIND_DVD_R);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_APPENDABLE);
	ck_assert(medium.writable && medium.can_simulate);
	ck_assert(medium.can_at_once && medium.can_simulate_at_once);
	ck_assert(!medium.at_once_only && !medium.single_session);
	ck_assert_uint_eq(medium.sessions, 2);
	ck_assert_uint_eq(medium.last_session_start, 135536);
	ck_assert_uint_eq(medium.last_session_first_track, 2);
	ck_assert_uint_eq(medium.next_writable, 250240);
	ck_assert_uint_eq(medium.open_track, 3);
	ck_assert_uint_eq(medium.capacity_blocks, 2297888);
	ck_assert_uint_eq(medium.readable_end, 244080);
	mock_done(m);
}
END_TEST

START_TEST(the_first_link_size_is_taken_where_16_is_not_listed)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint32_t start;

	mock_described(m, "0011", _i ? DVD_R_WRITE INCREMENTAL
				      : INCREMENTAL DVD_R_WRITE);
	mock_write_page(m, NULL, NULL);
	disc_info(m, 0, 0, 1, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_read_medium(m, &medium);
	mock_good(m, TUR);
	disc_info(m, 0, 0, 1, 1, 1);
	mock_good(m, STREAMING);
	mock_speed_page(m);
	mock_write_page(m, NULL, "60 e5 08 07 00 00 00");
	last(m)->sent[21] = 16;
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	ck_assert_int_eq(lathe_mmc_begin_track(
				 &m->mmc, &medium,
				 &(struct lathe_mmc_recording){ 0 }, &start),
			 0);
	mock_done(m);
}
END_TEST

START_TEST(a_minimally_blanked_dvd_rw_is_for_one_go)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	/* Feature 0021h is there, but not current. */
	mock_described(m, "0014",
		       "0021 0c 08 0100 01 01 1000 0000 " DVD_R_WRITE);
	mock_write_page(m, NULL, NULL);
	disc_info(m, 0, 0, 1, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 2298496);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(medium.writable && medium.at_once_only);
	ck_assert(medium.single_session && medium.can_simulate);
	mock_done(m);
}
END_TEST

START_TEST(a_drive_that_only_reads_does_not_record)
{
	/* DVD+R: the write bit of 002Bh; BD-R: no feature 0041h. */
	static const char *const profile[] = { "001b", "0041", "0011" };
	static const char *const codes[] = { "002b 01 04 00000000",
					     "0040 01 04 00000000",
					     "002f 08 04 46000000" };
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, profile[_i], codes[_i]);
	if (_i == 2)
		mock_write_page(m, NULL, NULL);
	disc_info(m, 0, 0, 1, 1, 1);
	mock_track(m, _i == 0 ? TRACK_FF : TRACK_1, 1, 0, 0, 1000);
	mock_read_medium(m, &medium);
	ck_assert(!medium.writable && !medium.at_once_only);
	mock_done(m);
}
END_TEST

START_TEST(a_reserved_track_that_is_not_full_is_the_open_one)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "001b", "002b 01 04 01000000");
	disc_info(m, 1, 1, 1, 1, 2);
	mock_track(m, TRACK_FF, 2, 0x200, 0x200, 2294592);
	mock_track(m, TRACK_1, 1, 0, 0x40, 0x1c0);
	last(m)->reply[6] = 0xa1; /* reserved, partly written */
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_UNFINISHED);
	ck_assert_uint_eq(medium.open_track, 1);
	ck_assert_uint_eq(medium.next_writable, 0x40);
	ck_assert_uint_eq(medium.free_blocks, 0x1c0);
	mock_done(m);
}
END_TEST

#define BD_WRITE                                                     \
	"0041 0d 14 00000000 00000006 00000000 00000006 00000000 "

START_TEST(a_bd_r_without_data_is_blank_whatever_it_says)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0041", BD_WRITE "0107 0d 04 1f000000");
	disc_info(m, 1, 0, 1, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 0, 11826176);
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_BLANK);
	ck_assert(medium.writable && medium.can_stream);
	ck_assert(!medium.pseudo_overwrite && !medium.can_at_once);
	ck_assert_uint_eq(medium.sessions, 0);
	ck_assert_uint_eq(medium.free_blocks, 11826176);
	mock_done(m);
}
END_TEST

START_TEST(pseudo_overwrite_is_read_like_what_is_overwritable)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0041", BD_WRITE "0038 01 04 00000000");
	disc_info(m, 1, 1, 1, 1, 1);
	mock_track(m, TRACK_1, 1, 0, 64, 11826112);
	/* It has no capacity to tell, neither this way nor that. */
	mock_sense(m, CAPACITIES_HEAD, 5, 0x24, 0);
	mock_reply(m, CAPACITY, "00000000 00000800");
	mock_read_medium(m, &medium);
	ck_assert(medium.pseudo_overwrite && medium.overwritable);
	ck_assert(!medium.writable && !medium.can_stream);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_OVERWRITABLE);
	ck_assert_uint_eq(medium.readable_end, 64);
	mock_done(m);
}
END_TEST

/* Drives that have the feature current with any BD-R, or close such a disc. */
START_TEST(closed_sessions_are_read_as_such_with_pseudo_overwrite_too)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, "0041", BD_WRITE "0038 01 04 00000000");
	disc_info(m, 1, 0, 3, 3, 3);
	mock_track(m, TRACK_3, 3, 640, 640, 12218752);
	closed_track(m, TRACK_2, 2, 2, 320, 320);
	closed_track(m, TRACK_1, 1, 1, 0, 320);
	closed_track(m, TRACK_2, 2, 2, 320, 320);
	mock_reply(m, CAPACITY, "0000027f 00000800");
	mock_read_medium(m, &medium);
	ck_assert(medium.pseudo_overwrite && !medium.overwritable);
	ck_assert(!medium.writable);
	ck_assert_uint_eq(medium.sessions, 2);
	ck_assert_uint_eq(medium.last_session_start, 320);
	mock_done(m);
}
END_TEST

START_TEST(pressed_discs_are_read_only)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	mock_described(m, _i ? "0040" : "0010",
		       "0010 01 08 00000800 0010 01 00");
	if (_i)
		disc_info(m, 2, 3, 1, 1, 1);
	else /* a reader that knows no such command */
		mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	closed_track(m, TRACK_1, 1, 1, 0, 0x100000);
	closed_track(m, TRACK_1, 1, 1, 0, 0x100000);
	mock_reply(m, CAPACITY, "000fffff 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.kind, _i ? LATHE_MMC_KIND_BD_ROM
					 : LATHE_MMC_KIND_DVD_ROM);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_FINAL);
	ck_assert(!medium.writable && !medium.overwritable);
	ck_assert_uint_eq(medium.ecc_blocks, _i ? 32 : 16);
	ck_assert_uint_eq(medium.sessions, 1);
	ck_assert_uint_eq(medium.first_track, 1);
	ck_assert_uint_eq(medium.readable_end, 0x100000);
	mock_done(m);
}
END_TEST

/* ---- overwritable ------------------------------------------------------- */

static const struct {
	int line;
	const char *profile, *features;
	unsigned status, state, background;
	const char *formats;	/* READ FORMAT CAPACITIES, or NULL: unknown */
	const char *capacity;	/* NULL: not told */
	enum lathe_mmc_kind kind;
	enum lathe_mmc_status want;
	bool running;
	uint32_t blocks, end;
} overwritable[] = {
	/* A DVD+RW: never formatted, begun and stopped, complete (the answers
	 * of a real one), and one that its drive tells no state of. */
	{ __LINE__, "001a", "002a 01 04 01000000", 0, 0, 0,
	  "00000010 00230540 01000800 00230540 98000000", NULL,
	  LATHE_MMC_KIND_DVD_PLUS_RW, LATHE_MMC_STATUS_UNFORMATTED, false,
	  2295104, 0 },
	{ __LINE__, "001a", "002a 01 04 01000000", 2, 3, 1,
	  "00000010 00230540 02000800 00230540 98000000",
	  "0023053f 00000800", LATHE_MMC_KIND_DVD_PLUS_RW,
	  LATHE_MMC_STATUS_OVERWRITABLE, true, 2295104, 2295104 },
	{ __LINE__, "001a", "002a 01 04 01000000", 2, 3, 3,
	  "00000008 00230540 02000800", "0023053f 00000800",
	  LATHE_MMC_KIND_DVD_PLUS_RW, LATHE_MMC_STATUS_OVERWRITABLE, false,
	  2295104, 2295104 },
	{ __LINE__, "001a", "002a 01 04 01000000", 0, 0, 0, NULL,
	  "0023053f 00000800", LATHE_MMC_KIND_DVD_PLUS_RW,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 2295104, 2295104 },
	/* DVD-RAM: disc status "others". */
	{ __LINE__, "0012", "0020 01 0c 0022211f 00000800 0010 01 00", 3, 3, 0,
	  "00000010 00222120 02000800 00222120 00000800",
	  "0022211f 00000800", LATHE_MMC_KIND_DVD_RAM,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 2236704, 2236704 },
	/* BD-RE, unformatted: what the quick format will give. */
	{ __LINE__, "0043", "0023 01 08 0f800000 00000000", 0, 0, 0,
	  "00000018 00ba7400 01000800 00b47400 00003000 00ba7400 c4000800",
	  NULL, LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_UNFORMATTED, false,
	  11826176, 0 },
	{ __LINE__, "0043", "0020 01 0c 00b473ff 00000800 0020 01 00", 2, 3, 0,
	  "00000008 00b47400 02000800", "00b473ff 00000800",
	  LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_OVERWRITABLE, false,
	  11826176, 11826176 },
	/* DVD-RW, formatted quickly: nothing yet, and what it may grow to. */
	{ __LINE__, "0013", "002c 01 04 02000000", 1, 1, 0,
	  "00000018 00000000 03000800 00231020 40000010 00000000 4c000010",
	  "00000000 00000800", LATHE_MMC_KIND_DVD_RW_OVERWRITE,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 2297888, 0 },
	/* Less in its full format than it has grown to. */
	{ __LINE__, "0013", "002c 01 04 02000000", 2, 3, 0,
	  "00000018 00200000 02000800 00100000 40000010 00000000 4c000010",
	  "001fffff 00000800", LATHE_MMC_KIND_DVD_RW_OVERWRITE,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 0x200000, 0x200000 },
	/* Formatted by one answer alone: that of the background format, that
	 * of the capacities; these may tell more than can be read. */
	{ __LINE__, "001a", "002a 01 04 01000000", 0, 0, 1, NULL, NULL,
	  LATHE_MMC_KIND_DVD_PLUS_RW, LATHE_MMC_STATUS_OVERWRITABLE, true, 0,
	  0 },
	{ __LINE__, "0043", "0020 01 0c 00b473ff 00000800 0020 01 00", 2, 3, 0,
	  "00000008 00b47400 02000800", NULL, LATHE_MMC_KIND_BD_RE,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 11826176, 11826176 },
	{ __LINE__, "0012", "0020 01 0c 0022211f 00000800 0010 01 00", 3, 3, 0,
	  "00000008 00222120 02000800", "000fffff 00000800",
	  LATHE_MMC_KIND_DVD_RAM, LATHE_MMC_STATUS_OVERWRITABLE, false,
	  2236704, 0x100000 },
	/* Or less. */
	{ __LINE__, "0012", "0020 01 0c 0022211f 00000800 0010 01 00", 3, 3, 0,
	  "00000008 00100000 02000800", "0022211f 00000800",
	  LATHE_MMC_KIND_DVD_RAM, LATHE_MMC_STATUS_OVERWRITABLE, false,
	  2236704, 2236704 },
	/* Of two capacities of a type a format takes the first. */
	{ __LINE__, "0043", "0023 01 08 0f800000 00000000", 0, 0, 0,
	  "00000018 00ba7400 01000800 00b47400 00003000 00a00000 00003000",
	  NULL, LATHE_MMC_KIND_BD_RE, LATHE_MMC_STATUS_UNFORMATTED, false,
	  11826176, 0 },
	{ __LINE__, "0013", "002c 01 04 02000000", 2, 3, 0,
	  "00000018 00100000 02000800 00231020 40000010 00200000 40000010",
	  "000fffff 00000800", LATHE_MMC_KIND_DVD_RW_OVERWRITE,
	  LATHE_MMC_STATUS_OVERWRITABLE, false, 2297888, 0x100000 },
	/* Unformatted, and no quick format is offered. */
	{ __LINE__, "0012", "0023 01 00", 0, 0, 0,
	  "00000010 00222120 01000800 00100000 04000800", NULL,
	  LATHE_MMC_KIND_DVD_RAM, LATHE_MMC_STATUS_UNFORMATTED, false,
	  2236704, 0 },
};

/* A DVD-RW whose capacities are of a state that is not known. */
static bool is_growing(int i)
{
	return overwritable[i].kind == LATHE_MMC_KIND_DVD_RW_OVERWRITE &&
	       strstr(overwritable[i].formats, " 03000800");
}

START_TEST(states_of_overwritable_media)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint8_t bytes[64];
	char cdb[40];

	mock_described(m, overwritable[_i].profile,
		       overwritable[_i].features);
	mock_disc_info(m, overwritable[_i].status, overwritable[_i].state, 1,
		       1);
	last(m)->reply[2] |= 0x10;
	last(m)->reply[7] = (uint8_t)overwritable[_i].background;
	last(m)->reply[12] = 0x77; /* an id that is not valid */
	if (overwritable[_i].formats) {
		mock_hex(overwritable[_i].formats, bytes, sizeof(bytes));
		mock_reply(m, CAPACITIES_HEAD, overwritable[_i].formats);
		snprintf(cdb, sizeof(cdb), "23 00 00 00 00 00 00 00 %02x 00",
			 bytes[3] + 4u);
		if (bytes[3] > 8)
			mock_reply(m, cdb, overwritable[_i].formats);
	} else {
		mock_sense(m, CAPACITIES_HEAD, 5, 0x20, 0x00);
	}
	if (overwritable[_i].capacity)
		mock_reply(m, CAPACITY, overwritable[_i].capacity);
	else
		mock_sense(m, CAPACITY, 2, 0x30, 0x00);
	if (is_growing(_i))
		mock_sense(m, TRACK_1, 5, 0x24, 0x00);
	mock_read_medium(m, &medium);
	ck_assert_msg(medium.status == overwritable[_i].want, "line %d: %s",
		      overwritable[_i].line,
		      lathe_mmc_status_name(medium.status));
	ck_assert_int_eq(medium.kind, overwritable[_i].kind);
	ck_assert(medium.overwritable && medium.writable && medium.erasable);
	ck_assert_int_eq(medium.background_format, overwritable[_i].running);
	ck_assert_uint_eq(medium.capacity_blocks, overwritable[_i].blocks);
	ck_assert_uint_eq(medium.free_blocks, overwritable[_i].blocks);
	ck_assert_uint_eq(medium.readable_end, overwritable[_i].end);
	/* A whole background format records all of it. */
	if (medium.kind == LATHE_MMC_KIND_DVD_PLUS_RW)
		ck_assert_int_eq(medium.has_gaps,
				 overwritable[_i].background != 3);
	else if (medium.kind != LATHE_MMC_KIND_DVD_RW_OVERWRITE)
		ck_assert(medium.has_gaps);
	else
		ck_assert_int_eq(medium.has_gaps,
				 is_growing(_i));
	ck_assert_uint_eq(medium.disc_id, 0);
	ck_assert_uint_eq(medium.sessions, 0);
	ck_assert_uint_eq(medium.last_track,
			  overwritable[_i].want ==
				  LATHE_MMC_STATUS_OVERWRITABLE);
	mock_done(m);
}
END_TEST

/* A DVD-RW grows without gaps: up to where it goes on all was recorded, by
 * whatever answer that is told. */
static const struct {
	const char *capacity;	/* NULL: refused */
	bool told;		/* NWA_V */
	uint32_t next;
	bool has_gaps;
} grown[] = {
	{ "00000000 00000800", true, 0, true },
	{ "00000000 00000800", false, 96, true },
	{ "00000000 00000800", true, 96, false },
	{ NULL, true, 96, false },
	{ NULL, false, 0, true },
	{ "0000005f 00000800", false, 0, false },
	/* 0 may be what stands there on all discs. */
	{ "0000005f 00000800", true, 0, false },
};

static void growing_dvd_rw(struct mock_drive *m, const char *capacity)
{
	mock_described(m, "0013", "002c 01 04 02000000");
	mock_disc_info(m, 2, 1, 1, 1);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00231020 03000800");
	if (capacity)
		mock_reply(m, CAPACITY, capacity);
	else
		mock_sense(m, CAPACITY, 5, 0x24, 0x00);
}

START_TEST(what_has_grown_was_recorded)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	growing_dvd_rw(m, grown[_i].capacity);
	mock_track(m, TRACK_1, 1, 0, grown[_i].next, 0);
	if (!grown[_i].told)
		last(m)->reply[7] &= 0xFE;
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.has_gaps, grown[_i].has_gaps);
	mock_done(m);
}
END_TEST

START_TEST(what_has_grown_may_be_hard_to_tell)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;

	growing_dvd_rw(m, NULL);
	mock_sense(m, TRACK_1, 4, 0x44, 0x00);
	ck_assert_int_eq(lathe_mmc_read_medium(&m->mmc, &medium),
			 LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_dvd_ram_drive_may_know_no_disc_information)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_medium medium;
	uint32_t start = 99;

	mock_described(m, "0012", "0020 01 0c 0022211f 00000800 0010 01 00");
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 02000800");
	mock_reply(m, CAPACITY, "0022211f 00000800");
	mock_read_medium(m, &medium);
	ck_assert_int_eq(medium.status, LATHE_MMC_STATUS_OVERWRITABLE);
	ck_assert(medium.erasable);
	/* And it is recorded on without. */
	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	mock_good(m, STREAMING);
	mock_speed_page(m);
	mock_reply(m, CAPACITIES_HEAD, "00000008 00222120 02000800");
	ck_assert_int_eq(lathe_mmc_begin_track(
				 &m->mmc, &medium,
				 &(struct lathe_mmc_recording){ 0 }, &start),
			 0);
	ck_assert_uint_eq(start, 0);
	mock_good(m, SYNC);
	mock_good(m, TUR);
	mock_sense(m, DISC_INFO, 5, 0x20, 0x00);
	ck_assert_int_eq(lathe_mmc_end_track(&m->mmc), 0);
	mock_done(m);
}
END_TEST

/* ---- costs -------------------------------------------------------------- */

START_TEST(border_zones_grow_with_the_radius)
{
	/* The bands end at sector numbers B2600h and 165700h, LBA 0 is 30000h;
	 * 16 blocks of linking in front of each. */
	static const struct {
		uint32_t end, first, later;
	} cases[] = {
		{ 0, 28688, 6160 },	  { 534015, 28688, 6160 },
		{ 534016, 37904, 7696 },  { 745760, 37904, 7696 },
		{ 1267455, 37904, 7696 }, { 1267456, 47120, 9232 },
		{ 2298496, 47120, 9232 }, { UINT32_MAX, 47120, 9232 },
	};
	struct lathe_mmc_costs costs;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		for (uint32_t sessions = 0; sessions < 3; sessions++) {
			uint32_t want = sessions ? cases[i].later
						 : cases[i].first;

			ck_assert_int_eq(lathe_mmc_session_costs_at(
						 LATHE_MMC_KIND_DVD_RW,
						 sessions, cases[i].end,
						 &costs),
					 0);
			ck_assert_uint_eq(costs.closing_physical, want);
			ck_assert_uint_eq(costs.closing_documented, want);
			ck_assert_uint_eq(costs.minimum_track, 16);
		}
	ck_assert_int_eq(lathe_mmc_session_costs(LATHE_MMC_KIND_DVD_ROM, 0,
						 &costs),
			 LATHE_ERR_MEDIUM_TYPE);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mmc DVD and BD media");
	TCase *tc = tcase_create("all");

	tcase_add_test(tc, sessions_of_a_dvd_r_are_found_by_its_tracks);
	tcase_add_test(tc, the_first_link_size_is_taken_where_16_is_not_listed);
	tcase_add_test(tc, a_minimally_blanked_dvd_rw_is_for_one_go);
	tcase_add_loop_test(tc, a_drive_that_only_reads_does_not_record, 0, 3);
	tcase_add_test(tc, a_reserved_track_that_is_not_full_is_the_open_one);
	tcase_add_test(tc, a_bd_r_without_data_is_blank_whatever_it_says);
	tcase_add_test(tc, pseudo_overwrite_is_read_like_what_is_overwritable);
	tcase_add_test(
		tc,
		closed_sessions_are_read_as_such_with_pseudo_overwrite_too);
	tcase_add_loop_test(tc, pressed_discs_are_read_only, 0, 2);
	tcase_add_loop_test(
		tc, states_of_overwritable_media, 0,
		(int)(sizeof(overwritable) / sizeof(*overwritable)));
	tcase_add_loop_test(tc, what_has_grown_was_recorded, 0,
			    sizeof(grown) / sizeof(grown[0]));
	tcase_add_test(tc, what_has_grown_may_be_hard_to_tell);
	tcase_add_test(tc, a_dvd_ram_drive_may_know_no_disc_information);
	tcase_add_test(tc, border_zones_grow_with_the_radius);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
