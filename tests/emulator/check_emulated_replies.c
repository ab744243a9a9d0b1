/* SPDX-License-Identifier: MIT */
/* Replies of the emulated recorder, byte by byte. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_wire.h"
#include "tests/suite.h"

static struct bench b;

static void setup(void)
{
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
}

static void setup_rw(void)
{
	bench_open(&b, LATHE_EMULATOR_CD_RW, NULL, NULL);
}

static void teardown(void)
{
	bench_close(&b);
}

/* A session of exactly 'blocks' blocks: a reserved track is padded to its
 * end, which saves writing them all. */
static void big_session(uint32_t lba, uint32_t blocks, uint8_t multi)
{
	uint8_t cdb[10] = { 0x53 };
	char hex[40];
	int i, n = 0;

	lathe_put_be32(cdb + 5, blocks);
	for (i = 0; i < 10; i++)
		n += sprintf(hex + n, "%02x ", cdb[i]);
	ck_assert_uint_eq(send_cdb(&b, hex), GOOD);
	burn(&b, lba, 16, multi, 1);
}

/* SPC-4 6.4.2: device type 05h, removable, response format 2, additional
 * length n - 5 with n = 36. */
START_TEST(inquiry)
{
	ck_assert_uint_eq(send_in(&b, "12 00 00 00 24 00", 36), GOOD);
	reply_is(&b, "05 80 05 32 1f 00 00 00"
		 "4c 41 54 48 45 20 20 20"
		 "53 4f 46 54 57 41 52 45 20 52 45 43 2e 20 20 20"
		 "31 2e 30 30");
	ck_assert_uint_eq(send_in(&b, "12 01 80 00 24 00", 36),
			  SENSE(5, 0x24, 0));
}
END_TEST

/* MMC-6 6.6 and 5.3: profile 0009h is current; without a complete session
 * nothing is readable at random. */
START_TEST(configuration_of_a_blank_cd_r)
{
	ck_assert_uint_eq(send_in(&b, "46 00 00 00 00 00 00 10 00 00", 4096),
			  GOOD);
	reply_is(&b, "00 00 01 68 00 00 00 09"
		 "00 00 03 3c 00 43 00 00 00 41 00 00 00 40 00 00"
		 "00 2b 00 00 00 1b 00 00 00 1a 00 00 00 15 00 00"
		 "00 14 00 00 00 13 00 00 00 12 00 00 00 11 00 00"
		 "00 10 00 00 00 0a 00 00 00 09 01 00 00 08 00 00"
		 "00 01 0b 08 00 00 00 02 01 00 00 00"
		 "00 02 07 04 02 00 00 00"
		 "00 03 03 04 29 00 00 00"
		 "00 10 00 08 00 00 08 00 00 01 01 00"
		 "00 1d 01 00"
		 "00 1e 09 04 00 00 00 00"
		 "00 1f 04 04 01 00 01 00"
		 "00 20 04 0c 00 00 00 00 00 00 08 00 00 01 01 00"
		 "00 21 0c 08 01 00 01 01 10 00 00 00"
		 "00 23 04 08 0f 00 00 00 00 00 00 00"
		 "00 24 04 04 00 00 00 00"
		 "00 25 00 08 00 00 08 00 00 20 01 00"
		 "00 26 00 00"
		 "00 2a 00 04 01 00 00 00"
		 "00 2b 00 04 01 00 00 00"
		 "00 2c 00 04 03 00 00 00"
		 "00 2d 09 04 46 00 05 00"
		 "00 2e 01 04 66 00 0c 80"
		 "00 2f 08 04 4e 00 00 00"
		 "00 37 00 04 00 ff 00 00"
		 "00 38 00 04 00 00 00 00"
		 "00 3a 00 04 00 00 00 00"
		 "00 3b 00 04 01 00 00 00"
		 "00 40 00 1c 00 00 00 00 00 00 00 1e 00 00 00 00"
		 "00 00 00 1e 00 00 00 00 00 00 00 1e 00 00 00 00"
		 "00 41 00 14 00 00 00 00 00 00 00 1e 00 00 00 00"
		 "00 00 00 1e 00 00 00 00"
		 "01 00 03 00"
		 "01 05 07 04 00 00 00 00"
		 "01 07 11 04 1e 00 00 00"
		 "01 08 03 08 4c 30 30 30 30 30 30 31");
}
END_TEST

/* MMC-6 6.6.2: RT 1 lists current features, RT 2 just one. */
START_TEST(configuration_by_request_type)
{
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(send_in(&b, "46 02 00 10 00 00 00 00 20 00", 32),
			  GOOD);
	reply_is(&b, "00 00 00 10 00 00 00 09"
		 "00 10 01 08 00 00 08 00 00 01 01 00");
	ck_assert_uint_eq(send_in(&b, "46 01 00 2d 00 00 00 00 80 00", 128),
			  GOOD);
	reply_is(&b, "00 00 00 34 00 00 00 09"
		 "00 2d 09 04 46 00 05 00"
		 "00 2e 01 04 66 00 0c 80"
		 "01 00 03 00"
		 "01 05 07 04 00 00 00 00"
		 "01 07 11 04 1e 00 00 00"
		 "01 08 03 08 4c 30 30 30 30 30 30 31");
	ck_assert_uint_eq(send_in(&b, "46 02 01 23 00 00 00 00 20 00", 32),
			  GOOD);
	reply_is(&b, "00 00 00 04 00 00 00 09");
}
END_TEST

/* MMC-6 6.21: empty, blank, one session, track 1, URU; lead-in 97:26:66, last
 * lead-out 359,845 = 79:59:70. */
START_TEST(disc_information_of_a_blank_cd_r)
{
	ck_assert_uint_eq(send_in(&b, "51 00 00 00 00 00 00 00 22 00", 34),
			  GOOD);
	reply_is(&b, "00 20 00 01 01 01 01 20 ff 00 00 00"
		 "00 00 00 00 00 61 1a 42 00 4f 3b 46"
		 "00 00 00 00 00 00 00 00 00 00");
}
END_TEST

/* Appendable: session 2 is counted and empty, with track 2; the lead-in that
 * it will get begins at 302 + 6,750 = 7,052 = 01:36:02. */
START_TEST(disc_information_of_an_appendable_cd_r)
{
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(send_in(&b, "51 00 00 00 00 00 00 00 22 00", 34),
			  GOOD);
	reply_is(&b, "00 20 01 01 02 02 02 20 00 00 00 00"
		 "00 00 00 00 00 01 24 02 00 4f 3b 46"
		 "00 00 00 00 00 00 00 00 00 00");
}
END_TEST

START_TEST(disc_information_of_a_final_cd_r)
{
	burn(&b, 0, 300, 3, 1);
	burn(&b, 11702, 300, 0, 2);
	ck_assert_uint_eq(send_in(&b, "51 00 00 00 00 00 00 00 22 00", 34),
			  GOOD);
	reply_is(&b, "00 20 0e 01 02 02 02 20 00 00 00 00"
		 "00 00 00 00 ff ff ff ff ff ff ff ff"
		 "00 00 00 00 00 00 00 00 00 00");
}
END_TEST

START_TEST(disc_information_of_a_cd_rw_is_erasable)
{
	ck_assert_uint_eq(send_in(&b, "51 00 00 00 00 00 00 00 04 00", 4),
			  GOOD);
	reply_is(&b, "00 20 10 01");
}
END_TEST

/* MMC-6 6.21.4: 99 tracks at most, none in use, one can be appended. */
START_TEST(track_resources)
{
	ck_assert_uint_eq(send_in(&b, "51 01 00 00 00 00 00 00 0c 00", 12),
			  GOOD);
	reply_is(&b, "00 0a 20 00 00 63 00 00 00 01 00 00");
}
END_TEST

/* MMC-6 6.26. Track 1 of 300 blocks, mode 1, last block 299; the invisible
 * track 2 of session 2 from 11,702 (2DB6h) with 348,143 (54FEFh) free. */
START_TEST(track_information)
{
	static const char invisible[] =
		"00 22 02 02 00 04 4f 01 00 00 2d b6"
		"00 00 2d b6 00 05 4f ef 00 00 00 00"
		"00 05 4f ef 00 00 00 00 00 00 00 00";
	static const char first[] =
		"00 22 01 01 00 04 01 02 00 00 00 00"
		"00 00 00 00 00 00 00 00 00 00 00 00"
		"00 00 01 2c 00 00 01 2b 00 00 00 00";

	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 01 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, first);
	ck_assert_uint_eq(send_in(&b, "52 02 00 00 00 01 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, first);
	ck_assert_uint_eq(send_in(&b, "52 00 00 00 01 2b 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, first);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 ff 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, invisible);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 02 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, invisible);
	ck_assert_uint_eq(send_in(&b, "52 02 00 00 00 02 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, invisible);
	ck_assert_uint_eq(send_in(&b, "52 00 00 00 2d b6 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, invisible);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 03 00 00 24 00", 36),
			  SENSE(5, 0x24, 0));
	ck_assert_uint_eq(send_in(&b, "52 02 00 00 00 03 00 00 24 00", 36),
			  SENSE(5, 0x24, 0));
	ck_assert_uint_eq(send_in(&b, "52 00 00 05 7d a5 00 00 24 00", 36),
			  SENSE(5, 0x21, 0));
}
END_TEST

/* The open track: 32 blocks of it, NWA 32, free 359,813 (57D85h). */
START_TEST(track_information_while_it_is_written)
{
	ck_assert_uint_eq(write_blocks(&b, 0, 32, 1), GOOD);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 ff 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, "00 22 01 01 00 04 01 03 00 00 00 00"
		 "00 00 00 20 00 05 7d 85 00 00 00 00"
		 "00 05 7d a5 00 00 00 1f 00 00 00 00");
}
END_TEST

/* Track 0 is the lead-in: 97:26:66 is LBA 438,516 - 450,150 = -11,634
 * (FFFFD28Eh), 11,484 (2CDCh) blocks before the pre-gap. */
START_TEST(track_information_of_the_lead_in)
{
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 00 00 00 24 00", 36),
			  GOOD);
	reply_is(&b, "00 22 00 01 00 04 4f 00 ff ff d2 8e"
		 "00 00 00 00 00 00 00 00 00 00 00 00"
		 "00 00 2c dc 00 00 00 00 00 00 00 00");
}
END_TEST

START_TEST(final_disc_has_no_invisible_track)
{
	burn(&b, 0, 300, 0, 1);
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 ff 00 00 24 00", 36),
			  SENSE(5, 0x24, 0));
	ck_assert_uint_eq(send_in(&b, "52 01 00 00 00 02 00 00 24 00", 36),
			  SENSE(5, 0x24, 0));
}
END_TEST

/* MMC-6 6.25.3.2; lead-out at 302 = 00:06:02. */
START_TEST(toc_format_0)
{
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(send_in(&b, "43 00 00 00 00 00 00 00 14 00", 20),
			  GOOD);
	reply_is(&b, "00 12 01 01"
		 "00 14 01 00 00 00 00 00"
		 "00 14 aa 00 00 00 01 2e");
	ck_assert_uint_eq(send_in(&b, "43 02 00 00 00 00 01 00 14 00", 20),
			  GOOD);
	reply_is(&b, "00 12 01 01"
		 "00 14 01 00 00 00 02 00"
		 "00 14 aa 00 00 00 06 02");
	ck_assert_uint_eq(send_in(&b, "43 02 00 00 00 00 aa 00 14 00", 20),
			  GOOD);
	reply_is(&b, "00 0a 01 01 00 14 aa 00 00 00 06 02");
	ck_assert_uint_eq(send_in(&b, "43 00 00 00 00 00 02 00 14 00", 20),
			  SENSE(5, 0x24, 0));
}
END_TEST

/* MMC-6 6.25.3.3, in both places of the format. Linux asks the second way;
 * with MSF 11,702 is 02:38:02. */
START_TEST(toc_format_1_names_the_last_complete_session)
{
	static const char want[] =
		"00 0a 01 02 00 14 02 00 00 00 2d b6";

	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(send_in(&b, "43 00 01 00 00 00 00 00 0c 00", 12),
			  GOOD);
	reply_is(&b, "00 0a 01 01 00 14 01 00 00 00 00 00");
	burn(&b, 11702, 300, 3, 2);
	ck_assert_uint_eq(send_in(&b, "43 00 01 00 00 00 00 00 0c 00", 12),
			  GOOD);
	reply_is(&b, want);
	ck_assert_uint_eq(send_in(&b, "43 00 00 00 00 00 00 00 0c 40", 12),
			  GOOD);
	reply_is(&b, want);
	ck_assert_uint_eq(send_in(&b, "43 02 00 00 00 00 00 00 0c 40", 12),
			  GOOD);
	reply_is(&b, "00 0a 01 02 00 14 02 00 00 02 26 02");
}
END_TEST

/*
 * The raw table of contents of a real disc of two sessions: lead-outs at
 * 26:24:65 and 30:04:60, track 2 at 28:56:65, B0 at 28:54:65 and 31:34:60.
 * The last possible lead-out and the first lead-in are our disc's own.
 */
START_TEST(toc_format_2_of_a_disc_that_was_measured)
{
	big_session(0, 118713, 3);
	ck_assert_uint_eq(next_writable(&b), 130115);
	big_session(130115, 5093, 3);
	ck_assert_uint_eq(next_writable(&b), 135210 + 6900);
	ck_assert_uint_eq(send_in(&b, "43 00 02 00 00 00 00 10 00 00", 4096),
			  GOOD);
	reply_is(&b, "00 7b 01 02"
		 "01 14 00 a0 00 00 00 00 01 00 00"
		 "01 14 00 a1 00 00 00 00 01 00 00"
		 "01 14 00 a2 00 00 00 00 1a 18 41"
		 "01 14 00 01 00 00 00 00 00 02 00"
		 "01 54 00 b0 1c 36 41 02 4f 3b 46"
		 "01 54 00 c0 00 00 00 00 61 1a 42"
		 "02 14 00 a0 00 00 00 00 02 00 00"
		 "02 14 00 a1 00 00 00 00 02 00 00"
		 "02 14 00 a2 00 00 00 00 1e 04 3c"
		 "02 14 00 02 00 00 00 00 1c 38 41"
		 "02 54 00 b0 1f 22 3c 01 4f 3b 46");
}
END_TEST

/* Multi-session bits 00: no mode 5 entries; 01: B0 without a next area. */
START_TEST(toc_format_2_of_final_discs)
{
	burn(&b, 0, 300, 0, 1);
	ck_assert_uint_eq(send_in(&b, "43 00 02 00 00 00 01 10 00 00", 4096),
			  GOOD);
	reply_is(&b, "00 2e 01 01"
		 "01 14 00 a0 00 00 00 00 01 00 00"
		 "01 14 00 a1 00 00 00 00 01 00 00"
		 "01 14 00 a2 00 00 00 00 00 06 02"
		 "01 14 00 01 00 00 00 00 00 02 00");
	teardown();
	setup();
	burn(&b, 0, 300, 1, 1);
	ck_assert_uint_eq(send_in(&b, "43 00 02 00 00 00 01 10 00 00", 4096),
			  GOOD);
	ck_assert_uint_eq(b.cmd.moved, 4 + 6 * 11);
	ck_assert_mem_eq(b.data + 4 + 44,
			 "\x01\x54\x00\xb0\xff\xff\xff\x02\x00\x00\x00", 11);
}
END_TEST

/* MMC-6 6.25.3.5: the PMA knows a track as soon as it has ended; it stops at
 * LBA 300 = 00:06:00. */
START_TEST(toc_format_3_lists_the_pma)
{
	ck_assert_uint_eq(write_blocks(&b, 0, 32, 1), GOOD);
	ck_assert_uint_eq(send_in(&b, "43 02 03 00 00 00 00 00 40 00", 64),
			  GOOD);
	reply_is(&b, "00 02 00 00");
	ck_assert_uint_eq(send_cdb(&b, "35 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(send_in(&b, "43 02 03 00 00 00 00 00 40 00", 64),
			  GOOD);
	reply_is(&b, "00 0d 00 00 00 14 00 01 00 06 00 00 00 02 00");
}
END_TEST

START_TEST(atip_of_a_cd_r)
{
	ck_assert_uint_eq(send_in(&b, "43 02 04 00 00 00 00 00 1c 00", 28),
			  GOOD);
	reply_is(&b, "00 1a 00 00 d0 40 88 00 61 1a 42 00"
		 "4f 3b 46 00 00 00 00 00 00 00 00 00 00 00 00 00");
}
END_TEST

START_TEST(atip_of_a_cd_rw)
{
	ck_assert_uint_eq(send_in(&b, "43 02 04 00 00 00 00 00 1c 00", 28),
			  GOOD);
	reply_is(&b, "00 1a 00 00 d2 40 cc 00 61 22 17 00"
		 "4f 3b 46 00 24 1a d8 00 00 00 00 00 00 00 00 00");
}
END_TEST

/* MMC-6 6.24: 0 before there is a complete session, then the block before
 * the lead-out, run-out included. */
START_TEST(capacity_follows_the_last_complete_session)
{
	ck_assert_uint_eq(send_in(&b, "25 00 00 00 00 00 00 00 00 00", 8),
			  GOOD);
	reply_is(&b, "00 00 00 00 00 00 08 00");
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(write_blocks(&b, 11702, 32, 2), GOOD);
	ck_assert_uint_eq(send_in(&b, "25 00 00 00 00 00 00 00 00 00", 8),
			  GOOD);
	reply_is(&b, "00 00 01 2d 00 00 08 00");
}
END_TEST

/* MMC-6 7.5, defaults and changeable bits of the write parameters. */
START_TEST(page_05_in_its_forms)
{
	ck_assert_uint_eq(send_in(&b, "5a 08 85 00 00 00 00 00 3c 00", 60),
			  GOOD);
	reply_is(&b, "00 3a 00 00 00 00 00 00"
		 "05 32 01 04 08 00 00 00 00 00 00 00 00 00 00 96"
		 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		 "00 00 00 00");
	ck_assert_uint_eq(send_in(&b, "5a 08 45 00 00 00 00 00 10 00", 16),
			  GOOD);
	reply_is(&b, "00 3a 00 00 00 00 00 00 05 32 7f ff 0f ff 00 3f");
	ck_assert_uint_eq(select_write(&b, 0x41, 0xc4, 10, 0x20), GOOD);
	ck_assert_uint_eq(send_in(&b, "5a 08 05 00 00 00 00 00 14 00", 20),
			  GOOD);
	reply_is(&b, "00 3a 00 00 00 00 00 00"
		 "05 32 41 c4 0a 00 00 00 20 00 00 00");
	ck_assert_uint_eq(send_in(&b, "5a 08 c5 00 00 00 00 00 3c 00", 60),
			  SENSE(5, 0x39, 0));
	ck_assert_uint_eq(send_in(&b, "5a 08 30 00 00 00 00 00 3c 00", 60),
			  SENSE(5, 0x24, 0));
}
END_TEST

/* MMC-3 5.5.10: 8,467 kB/s reading, 2,048 KiB buffer, writing as the CD-R
 * allows: 8467 7056 4234 2822 1764 706. */
START_TEST(page_2a)
{
	ck_assert_uint_eq(send_in(&b, "5a 08 2a 00 00 00 00 01 00 00", 256),
			  GOOD);
	reply_is(&b, "00 3e 00 00 00 00 00 00"
		 "2a 36 3b 37 f0 01 29 00 21 13 00 00 08 00 21 13"
		 "00 00 21 13 21 13 00 00 00 00 00 00 21 13 00 06"
		 "00 00 21 13 00 00 1b 90 00 00 10 8a 00 00 0b 06"
		 "00 00 06 e4 00 00 02 c2");
}
END_TEST

START_TEST(all_pages_at_once)
{
	static const uint8_t order[] = { 0x01, 0x05, 0x08, 0x0e, 0x2a };
	uint32_t at = 8;
	size_t i;

	ck_assert_uint_eq(send_in(&b, "5a 08 3f 00 00 00 00 04 00 00", 1024),
			  GOOD);
	ck_assert_uint_eq(lathe_get_be16(b.data) + 2u, b.cmd.moved);
	for (i = 0; i < sizeof(order); i++) {
		ck_assert_uint_eq(b.data[at], order[i]);
		at += b.data[at + 1] + 2u;
	}
	ck_assert_uint_eq(at, b.cmd.moved);
}
END_TEST

/* MMC-6 6.8: a list of three speeds (CD-RW up to 10x) behind its head. */
START_TEST(write_speed_descriptors)
{
	ck_assert_uint_eq(send_in(&b, "ac 00 00 00 00 00 00 00 00 00 03 00",
				  8), GOOD);
	reply_is(&b, "00 00 00 24 00 00 00 00");
	ck_assert_uint_eq(send_in(&b, "ac 00 00 00 00 00 00 00 00 02 03 00",
				  40), GOOD);
	reply_is(&b, "00 00 00 24 00 00 00 00"
		 "00 00 00 00 00 05 7d a4 00 00 21 13 00 00 06 e4"
		 "00 00 00 00 00 05 7d a4 00 00 21 13 00 00 02 c2");
}
END_TEST

static void add_all(TCase *t)
{
	tcase_add_test(t, inquiry);
	tcase_add_test(t, configuration_of_a_blank_cd_r);
	tcase_add_test(t, configuration_by_request_type);
	tcase_add_test(t, disc_information_of_a_blank_cd_r);
	tcase_add_test(t, disc_information_of_an_appendable_cd_r);
	tcase_add_test(t, disc_information_of_a_final_cd_r);
	tcase_add_test(t, track_resources);
	tcase_add_test(t, track_information);
	tcase_add_test(t, track_information_while_it_is_written);
	tcase_add_test(t, track_information_of_the_lead_in);
	tcase_add_test(t, final_disc_has_no_invisible_track);
	tcase_add_test(t, toc_format_0);
	tcase_add_test(t, toc_format_1_names_the_last_complete_session);
	tcase_add_test(t, toc_format_2_of_a_disc_that_was_measured);
	tcase_add_test(t, toc_format_2_of_final_discs);
	tcase_add_test(t, toc_format_3_lists_the_pma);
	tcase_add_test(t, atip_of_a_cd_r);
	tcase_add_test(t, capacity_follows_the_last_complete_session);
	tcase_add_test(t, page_05_in_its_forms);
	tcase_add_test(t, page_2a);
	tcase_add_test(t, all_pages_at_once);
}

int main(void)
{
	Suite *s = suite_create("emulated replies");
	TCase *r = tcase_create("CD-R"), *rw = tcase_create("CD-RW");

	tcase_add_checked_fixture(r, setup, teardown);
	tcase_add_checked_fixture(rw, setup_rw, teardown);
	add_all(r);
	tcase_add_test(rw, disc_information_of_a_cd_rw_is_erasable);
	tcase_add_test(rw, atip_of_a_cd_rw);
	tcase_add_test(rw, write_speed_descriptors);
	suite_add_tcase(s, r);
	suite_add_tcase(s, rw);
	return run_suite(s);
}
