/* SPDX-License-Identifier: MIT */
/*
 * The commands that DVD and BD need beside those of CD, and what is sent with
 * them, byte for byte as MMC-6 lays them out.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* ---- CDBs --------------------------------------------------------------- */

#define CASE(name, call)                           \
	static int name(uint8_t *cdb, size_t room) \
	{                                          \
		return call;                       \
	}

CASE(format, lathe_mmc_encode_format_unit(cdb, room, false))
CASE(format_keep, lathe_mmc_encode_format_unit(cdb, room, true))
CASE(capacities, lathe_mmc_encode_read_format_capacities(cdb, room, 0x010c))
CASE(read_12, lathe_mmc_encode_read_12(cdb, room, 0x01020304, 0x05060708, 0))
CASE(write_12, lathe_mmc_encode_write_12(cdb, room, 0x20, 32, false))
CASE(stream, lathe_mmc_encode_write_12(cdb, room, 0x00b87400, 32, true))
CASE(write_verify,
     lathe_mmc_encode_write_and_verify(cdb, room, 0x00010203, 16))
CASE(verify, lathe_mmc_encode_verify(cdb, room, 0x00010203, 0x0405))
CASE(split, lathe_mmc_encode_split_track(cdb, room, 0x00123450))
CASE(cue, lathe_mmc_encode_send_cue_sheet(cdb, room, 0x010220))
CASE(stop_format,
     lathe_mmc_encode_close(cdb, room, true, LATHE_MMC_STOP_FORMAT, 0))
CASE(read_speed, lathe_mmc_encode_get_performance(
			 cdb, room, LATHE_MMC_PERFORMANCE_READ, 4))
CASE(write_speed, lathe_mmc_encode_get_performance(
			  cdb, room, LATHE_MMC_PERFORMANCE_WRITE, 0x0102))
CASE(speeds,
     lathe_mmc_encode_get_performance(cdb, room, LATHE_MMC_WRITE_SPEEDS, 1))
CASE(all_speeds, lathe_mmc_encode_get_performance(
			 cdb, room, LATHE_MMC_WRITE_SPEEDS, 0xffff))
CASE(physical,
     lathe_mmc_encode_read_disc_structure(cdb, room, LATHE_MMC_STRUCTURE_DVD,
					  LATHE_MMC_STRUCTURE_PHYSICAL, 4))
CASE(spares,
     lathe_mmc_encode_read_disc_structure(cdb, room, LATHE_MMC_STRUCTURE_BD,
					  LATHE_MMC_STRUCTURE_BD_SPARES,
					  0x0104))
CASE(send_break,
     lathe_mmc_encode_send_disc_structure(cdb, room,
					  LATHE_MMC_STRUCTURE_LAYER_BREAK, 12))
CASE(streaming, lathe_mmc_encode_set_streaming(cdb, room))
CASE(mechanism, lathe_mmc_encode_mechanism_status(cdb, room, 8))
CASE(read_cd_user,
     lathe_mmc_encode_read_cd(cdb, room, LATHE_MMC_SECTOR_MODE_1, 0x10, 1,
			      LATHE_MMC_READ_CD_USER, 0))
CASE(read_cd_raw,
     lathe_mmc_encode_read_cd(cdb, room, LATHE_MMC_SECTOR_AUDIO,
			      (uint32_t)-150, 0x010203, LATHE_MMC_READ_CD_RAW,
			      1))
CASE(read_cd_xa,
     lathe_mmc_encode_read_cd(cdb, room, LATHE_MMC_SECTOR_XA_FORM_2, 0, 1,
			      LATHE_MMC_READ_CD_USER, 7))

static const struct {
	int line;
	int (*encode)(uint8_t *, size_t);
	const char *want;
} cdbs[] = {
	/* FmtData bit 4, CmpList bit 3, format code 001b */
	{ __LINE__, format, "04 11 00 00 00 00" },
	{ __LINE__, format_keep, "04 19 00 00 00 00" },
	{ __LINE__, capacities, "23 00 00 00 00 00 00 01 0c 00" },
	/* Blocks in bytes 6 to 9, streaming bit 7 of byte 10 */
	{ __LINE__, read_12, "a8 00 01 02 03 04 05 06 07 08 00 00" },
	{ __LINE__, write_12, "aa 00 00 00 00 20 00 00 00 20 00 00" },
	{ __LINE__, stream, "aa 00 00 b8 74 00 00 00 00 20 80 00" },
	{ __LINE__, write_verify, "2e 00 00 01 02 03 00 00 10 00" },
	{ __LINE__, verify, "2f 00 00 01 02 03 00 04 05 00" },
	/* ARSV bit 0 of byte 1, the LBA in bytes 2 to 5 */
	{ __LINE__, split, "53 01 00 12 34 50 00 00 00 00" },
	{ __LINE__, cue, "5d 00 00 00 00 00 01 02 20 00" },
	{ __LINE__, stop_format, "5b 01 00 00 00 00 00 00 00 00" },
	/* Tolerance 10b in bits 4 and 3, write bit 2; the type in byte 10 */
	{ __LINE__, read_speed, "ac 10 00 00 00 00 00 00 00 04 00 00" },
	{ __LINE__, write_speed, "ac 14 00 00 00 00 00 00 01 02 00 00" },
	{ __LINE__, speeds, "ac 00 00 00 00 00 00 00 00 01 03 00" },
	{ __LINE__, all_speeds, "ac 00 00 00 00 00 00 00 ff ff 03 00" },
	/* Media in byte 1, format in byte 7 */
	{ __LINE__, physical, "ad 00 00 00 00 00 00 00 00 04 00 00" },
	{ __LINE__, spares, "ad 01 00 00 00 00 00 0a 01 04 00 00" },
	{ __LINE__, send_break, "bf 00 00 00 00 00 00 20 00 0c 00 00" },
	{ __LINE__, streaming, "b6 00 00 00 00 00 00 00 00 00 1c 00" },
	{ __LINE__, mechanism, "bd 00 00 00 00 00 00 00 00 08 00 00" },
	/* Sector type in bits 4 to 2 */
	{ __LINE__, read_cd_user, "be 08 00 00 00 10 00 00 01 10 00 00" },
	{ __LINE__, read_cd_xa, "be 14 00 00 00 00 00 00 01 10 07 00" },
	{ __LINE__, read_cd_raw, "be 04 ff ff ff 6a 01 02 03 f8 01 00" },
};

START_TEST(commands_are_encoded_as_the_standard_lays_them_out)
{
	uint8_t want[16], *cdb;
	size_t len = mock_hex(cdbs[_i].want, want, sizeof(want));

	cdb = malloc(len);
	memset(cdb, 0xee, len);
	ck_assert_msg(cdbs[_i].encode(cdb, len) == (int)len, "line %d: length",
		      cdbs[_i].line);
	ck_assert_msg(memcmp(cdb, want, len) == 0, "line %d: bytes",
		      cdbs[_i].line);
	/* One byte less: refused, and nothing is written. */
	memset(cdb, 0xee, len);
	ck_assert_int_eq(cdbs[_i].encode(cdb, len - 1), LATHE_ERR_ARG);
	for (size_t i = 0; i < len; i++)
		ck_assert_uint_eq(cdb[i], 0xee);
	free(cdb);
}
END_TEST

START_TEST(values_that_do_not_fit_are_refused)
{
	uint8_t c[12];
	size_t n = sizeof(c);
	const int results[] = {
		lathe_mmc_encode_read_format_capacities(c, n, 65536),
		lathe_mmc_encode_write_and_verify(c, n, 0, 65536),
		lathe_mmc_encode_verify(c, n, 0, 65536),
		lathe_mmc_encode_send_cue_sheet(c, n, 0x1000000),
		lathe_mmc_encode_get_performance(
			c, n, (enum lathe_mmc_performance)3, 1),
		lathe_mmc_encode_get_performance(c, n, LATHE_MMC_WRITE_SPEEDS,
						 65536),
		lathe_mmc_encode_read_disc_structure(
			c, n, (enum lathe_mmc_structure_media)2, 0, 4),
		lathe_mmc_encode_read_disc_structure(
			c, n, LATHE_MMC_STRUCTURE_BD, 256, 4),
		lathe_mmc_encode_read_disc_structure(
			c, n, LATHE_MMC_STRUCTURE_BD, 0, 65536),
		lathe_mmc_encode_send_disc_structure(c, n, 256, 4),
		lathe_mmc_encode_send_disc_structure(c, n, 32, 65536),
		lathe_mmc_encode_mechanism_status(c, n, 65536),
		lathe_mmc_encode_read_cd(
			c, n, (enum lathe_mmc_sector_type)6, 0, 1, 16, 0),
		lathe_mmc_encode_read_cd(c, n, LATHE_MMC_SECTOR_ANY, 0,
					 0x1000000, 16, 0),
		lathe_mmc_encode_read_cd(c, n, LATHE_MMC_SECTOR_ANY, 0, 1, 256,
					 0),
		lathe_mmc_encode_read_cd(c, n, LATHE_MMC_SECTOR_ANY, 0, 1, 16,
					 8),
	};

	for (size_t i = 0; i < sizeof(results) / sizeof(*results); i++)
		ck_assert_msg(results[i] == LATHE_ERR_ARG, "case %zu", i);
}
END_TEST

/* ---- parameter lists ---------------------------------------------------- */

static void check_list(const uint8_t *got, const char *want_hex)
{
	uint8_t want[64];
	size_t len = mock_hex(want_hex, want, sizeof(want));

	ck_assert_mem_eq(got, want, len);
}

START_TEST(format_lists)
{
	/* A list that an LG drive accepted for a BD-RE: type 30h with a spare
	 * area size of 1000h, as READ FORMAT CAPACITIES had listed it. */
	struct lathe_mmc_format_list f = {
		.what = { 0x00b87400, 0x30, 0x001000 },
		.immed = true,
	};
	uint8_t *out = malloc(LATHE_MMC_FORMAT_LIST_BYTES);

	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), 0);
	check_list(out, "00 82 00 08 00 b8 74 00 c0 00 10 00");
	/* The same with quick certification, which it refused. */
	f.sub_type = 3;
	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), 0);
	check_list(out, "00 82 00 08 00 b8 74 00 c3 00 10 00");
	/* DCRT is bit 5; without IMMED. */
	f.no_certification = true;
	f.immed = false;
	f.sub_type = 0;
	f.what.type = 0;
	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), 0);
	check_list(out, "00 a0 00 08 00 b8 74 00 00 00 10 00");

	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 11), LATHE_ERR_ARG);
	f.sub_type = 4;
	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), LATHE_ERR_ARG);
	f.sub_type = 0;
	f.what.type = 0x40;
	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), LATHE_ERR_ARG);
	f.what.type = 0;
	f.what.parameter = 0x1000000;
	ck_assert_int_eq(lathe_mmc_build_format(&f, out, 12), LATHE_ERR_ARG);
	free(out);
}
END_TEST

START_TEST(streaming_lists)
{
	struct lathe_mmc_streaming s = { .end_lba = 0x0023053f,
					 .read_kb = 11080,
					 .write_kb = 5540 };
	uint8_t *out = malloc(LATHE_MMC_STREAMING_BYTES);

	/* kB in a second: 1000 ms = 3E8h. */
	ck_assert_int_eq(lathe_mmc_build_streaming(&s, out, 28), 0);
	check_list(out, "00000000 00000000 0023053f 00002b48 000003e8 "
			"000015a4 000003e8");
	s.defaults = true;
	ck_assert_int_eq(lathe_mmc_build_streaming(&s, out, 28), 0);
	ck_assert_uint_eq(out[0], 0x04);
	ck_assert_int_eq(lathe_mmc_build_streaming(&s, out, 27), LATHE_ERR_ARG);
	free(out);
}
END_TEST

START_TEST(cue_sheet_entries)
{
	static const struct {
		struct lathe_mmc_cue cue;
		const char *want;
	} cases[] = {
		/* CTL/ADR, track, index, form, SCMS, M, S, F */
		{ { 0, 0, LATHE_MMC_CUE_DATA_GAP, -150 },
		  "41 00 00 14 00 00 00 00" },
		{ { 1, 0, LATHE_MMC_CUE_DATA, -150 },
		  "41 01 00 10 00 00 00 00" },
		{ { 1, 1, LATHE_MMC_CUE_DATA, 0 }, "41 01 01 10 00 00 02 00" },
		{ { 0xaa, 1, LATHE_MMC_CUE_DATA_GAP, 359845 },
		  "41 aa 01 14 00 4f 3b 46" },
		{ { 0xaa, 1, LATHE_MMC_CUE_DATA_GAP, 404849 },
		  "41 aa 01 14 00 59 3b 4a" },
	};
	struct lathe_mmc_cue bad = { 1, 1, LATHE_MMC_CUE_DATA, -151 };
	uint8_t *out = malloc(LATHE_MMC_CUE_BYTES);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		ck_assert_int_eq(lathe_mmc_build_cue(&cases[i].cue, out, 8),
				 0);
		check_list(out, cases[i].want);
	}
	ck_assert_int_eq(lathe_mmc_build_cue(&cases[0].cue, out, 7),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_build_cue(&bad, out, 8), LATHE_ERR_ARG);
	bad.lba = 404850;
	ck_assert_int_eq(lathe_mmc_build_cue(&bad, out, 8), LATHE_ERR_ARG);
	free(out);
}
END_TEST

START_TEST(layer_break_lists)
{
	struct lathe_mmc_layer_break got;
	uint8_t *out = malloc(LATHE_MMC_LAYER_BREAK_BYTES);

	/* Length 10, four bytes of which bit 7 of the first tells that it is
	 * fixed, the capacity of layer 0. */
	ck_assert_int_eq(lathe_mmc_build_layer_break(0x1fd800, out, 12), 0);
	check_list(out, "000a 0000 00000000 001fd800");
	ck_assert_int_eq(lathe_mmc_build_layer_break(1, out, 11),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_parse_layer_break(out, 12, &got), 0);
	ck_assert_uint_eq(got.layer_0_blocks, 0x1fd800);
	ck_assert(!got.fixed);
	out[4] = 0x80;
	ck_assert_int_eq(lathe_mmc_parse_layer_break(out, 12, &got), 0);
	ck_assert(got.fixed);
	free(out);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc DVD and BD commands");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(
		t, commands_are_encoded_as_the_standard_lays_them_out,
		0, (int)(sizeof(cdbs) / sizeof(*cdbs)));
	tcase_add_test(t, values_that_do_not_fit_are_refused);
	tcase_add_test(t, format_lists);
	tcase_add_test(t, streaming_lists);
	tcase_add_test(t, cue_sheet_entries);
	tcase_add_test(t, layer_break_lists);
	suite_add_tcase(s, t);
	return run_suite(s);
}
