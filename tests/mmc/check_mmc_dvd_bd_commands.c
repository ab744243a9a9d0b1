/* SPDX-License-Identifier: MIT */
/*
 * The commands that DVD and BD need beside those of CD, byte for byte as MMC-6
 * lays them out, and the answers of real drives.
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
CASE(physical,
     lathe_mmc_encode_read_disc_structure(cdb, room, LATHE_MMC_STRUCTURE_DVD,
					  LATHE_MMC_STRUCTURE_PHYSICAL, 4))
CASE(spares,
     lathe_mmc_encode_read_disc_structure(cdb, room, LATHE_MMC_STRUCTURE_BD,
					  LATHE_MMC_STRUCTURE_BD_SPARES, 0x0104))
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
CASE(track_resources,
     lathe_mmc_encode_read_disc_resources(cdb, room, LATHE_MMC_TRACK_RESOURCES,
					  12))
CASE(pow_resources,
     lathe_mmc_encode_read_disc_resources(cdb, room, LATHE_MMC_POW_RESOURCES,
					  16))

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
	/* Media in byte 1, format in byte 7 */
	{ __LINE__, physical, "ad 00 00 00 00 00 00 00 00 04 00 00" },
	{ __LINE__, spares, "ad 01 00 00 00 00 00 0a 01 04 00 00" },
	{ __LINE__, send_break, "bf 00 00 00 00 00 00 20 00 0c 00 00" },
	{ __LINE__, streaming, "b6 00 00 00 00 00 00 00 00 00 1c 00" },
	{ __LINE__, mechanism, "bd 00 00 00 00 00 00 00 00 08 00 00" },
	/* Sector type in bits 4 to 2 */
	{ __LINE__, read_cd_user, "be 08 00 00 00 10 00 00 01 10 00 00" },
	{ __LINE__, read_cd_raw, "be 04 ff ff ff 6a 01 02 03 f8 01 00" },
	{ __LINE__, track_resources, "51 01 00 00 00 00 00 00 0c 00" },
	{ __LINE__, pow_resources, "51 02 00 00 00 00 00 00 10 00" },
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
		lathe_mmc_encode_read_disc_resources(
			c, n, (enum lathe_mmc_disc_resources)0, 12),
		lathe_mmc_encode_read_disc_resources(
			c, n, (enum lathe_mmc_disc_resources)3, 12),
		lathe_mmc_encode_read_disc_resources(
			c, n, LATHE_MMC_POW_RESOURCES, 65536),
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
	struct lathe_mmc_format f = { .what = { 0x00b87400, 0x30, 0x001000 },
				      .immed = true };
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

/* ---- replies ------------------------------------------------------------ */

/* A parser behind a common face; the result goes to scratch. */
typedef int parser(const uint8_t *data, size_t len, void *out);

/* Fewer than 'least' bytes are damage and leave *out alone, in memory that
 * ends exactly there; so are bytes that are not announced. */
static void cut_everywhere(parser *parse, const char *hex, size_t least,
			   int damage, size_t length_bytes)
{
	uint8_t full[256], out[256], untouched[256];
	size_t len = mock_hex(hex, full, sizeof(full));

	memset(untouched, 0x5c, sizeof(untouched));
	for (size_t n = 0; n <= len; n++) {
		uint8_t *data = malloc(n ? n : 1);

		memcpy(data, full, n);
		memset(out, 0x5c, sizeof(out));
		if (n < least) {
			ck_assert_int_eq(parse(data, n, out), damage);
			ck_assert_mem_eq(out, untouched, sizeof(out));
		} else {
			ck_assert_int_eq(parse(data, n, out), 0);
		}
		free(data);
	}
	for (size_t n = length_bytes; length_bytes && n <= len; n++) {
		memset(full, 0, length_bytes);
		full[length_bytes - 1] = (uint8_t)(n - length_bytes);
		ck_assert_int_eq(parse(full, len, out), n < least ? damage : 0);
	}
}

#define FACE(name, type, call)                                      \
	static int name(const uint8_t *data, size_t len, void *out) \
	{                                                           \
		return call(data, len, (struct type *)out);         \
	}

#define ENTRY(name, type, call, index)                               \
	static int name(const uint8_t *data, size_t len, void *out)  \
	{                                                            \
		return call(data, len, index, (struct type *)out);   \
	}

FACE(mechanism_status, lathe_mmc_mechanism, lathe_mmc_parse_mechanism)
FACE(tracks, lathe_mmc_track_resources, lathe_mmc_parse_track_resources)
FACE(pseudo, lathe_mmc_pow_resources, lathe_mmc_parse_pow_resources)
FACE(capacity_list, lathe_mmc_format_capacities,
     lathe_mmc_parse_format_capacities)
FACE(dvd_physical, lathe_mmc_dvd_physical, lathe_mmc_parse_dvd_physical)
FACE(pre_recorded, lathe_mmc_media_id, lathe_mmc_parse_pre_recorded)
FACE(adip, lathe_mmc_media_id, lathe_mmc_parse_adip)
FACE(bd_spares, lathe_mmc_bd_spares, lathe_mmc_parse_bd_spares)
FACE(layer_break, lathe_mmc_layer_break, lathe_mmc_parse_layer_break)
FACE(performance, lathe_mmc_performance_list, lathe_mmc_parse_performance)
ENTRY(formattable_2, lathe_mmc_formattable, lathe_mmc_parse_formattable, 2)
ENTRY(nominal_1, lathe_mmc_nominal, lathe_mmc_parse_nominal, 1)
ENTRY(write_speed_1, lathe_mmc_write_speed, lathe_mmc_parse_write_speed, 1)

START_TEST(format_capacities_of_a_bd_re)
{
	/* Unformatted, 12219392 blocks; 00h with default spares, 30h with
	 * more and with less, 31h without. */
	static const char hex[] = "000000 28  00ba7400 01 000800 "
				  "00b47400 00 003000  00b07400 c0 005000 "
				  "00b87400 c0 001000  00ba7400 c4 000800";
	uint8_t data[44];
	struct lathe_mmc_format_capacities out;
	struct lathe_mmc_formattable f;

	ck_assert_uint_eq(mock_hex(hex, data, sizeof(data)), 44);
	ck_assert_int_eq(lathe_mmc_parse_format_capacities(data, 44, &out), 0);
	ck_assert_uint_eq(out.announced, 44);
	ck_assert_uint_eq(out.listed, 4);
	ck_assert_uint_eq(out.blocks, 12219392);
	ck_assert_uint_eq(out.state, LATHE_MMC_FORMAT_NONE);
	ck_assert_int_eq(lathe_mmc_parse_formattable(data, 44, 0, &f), 0);
	ck_assert_uint_eq(f.type, 0x00);
	ck_assert_uint_eq(f.blocks, 11826176);
	ck_assert_uint_eq(f.parameter, 0x003000);
	ck_assert_int_eq(lathe_mmc_parse_formattable(data, 44, 2, &f), 0);
	ck_assert_uint_eq(f.type, 0x30);
	ck_assert_uint_eq(f.blocks, 12088320);
	ck_assert_uint_eq(f.parameter, 0x001000);
	ck_assert_int_eq(lathe_mmc_parse_formattable(data, 44, 3, &f), 0);
	ck_assert_uint_eq(f.type, 0x31);
	ck_assert_int_eq(lathe_mmc_parse_formattable(data, 44, 4, &f),
			 LATHE_ERR_NOT_FOUND);
	cut_everywhere(capacity_list, hex, 12, LATHE_ERR_CORRUPT, 4);
	cut_everywhere(formattable_2, hex, 36, LATHE_ERR_NOT_FOUND, 4);
}
END_TEST

START_TEST(physical_format_of_a_dvd_r)
{
	/* Book 2 (DVD-R), one layer, data from 30000h to 26127Fh; the borders
	 * of a real disc of two sessions: out E6130h, next in EF4D0h. */
	static const char hex[] =
		"002a 0000 25 0f 02 00 00 030000 00 26127f 00 000000 "
		"00000000 00000000 00000000 00000000 000e6130 000ef4d0";
	uint8_t data[44];
	struct lathe_mmc_dvd_physical out;

	ck_assert_uint_eq(mock_hex(hex, data, sizeof(data)), 44);
	ck_assert_int_eq(lathe_mmc_parse_dvd_physical(data, 44, &out), 0);
	ck_assert_uint_eq(out.book, 2);
	ck_assert_uint_eq(out.layers, 1);
	ck_assert_uint_eq(out.first_sector, 0x30000);
	ck_assert_uint_eq(out.last_sector, 0x26127f);
	ck_assert_uint_eq(out.border_out, 0xe6130);
	ck_assert_uint_eq(out.next_border_in, 0xef4d0);
	ck_assert_int_eq(lathe_mmc_parse_dvd_physical(data, 43, &out), 0);
	ck_assert_uint_eq(out.border_out, 0);
	/* +R DL: two layers. */
	data[4] = 0xe1;
	data[6] = 0x20;
	ck_assert_int_eq(lathe_mmc_parse_dvd_physical(data, 44, &out), 0);
	ck_assert_uint_eq(out.book, 14);
	ck_assert_uint_eq(out.layers, 2);
	cut_everywhere(dvd_physical, hex, 20, LATHE_ERR_CORRUPT, 2);
}
END_TEST

START_TEST(makers_of_discs)
{
	uint8_t data[120] = { 0 };
	struct lathe_mmc_media_id id;
	char kind[4];

	/* DVD-R: fields 3 and 4 of the pre-recorded lead-in. */
	lathe_put_be16(data, 37);
	data[4 + 16] = 3;
	memcpy(data + 4 + 17, "MCC 03", 6);
	data[4 + 24] = 4;
	memcpy(data + 4 + 25, "RG20  ", 6);
	ck_assert_int_eq(lathe_mmc_parse_pre_recorded(data, 39, &id), 0);
	ck_assert_str_eq(id.maker, "MCC 03RG20");
	data[4 + 24] = 5;
	ck_assert_int_eq(lathe_mmc_parse_pre_recorded(data, 39, &id), 0);
	ck_assert_str_eq(id.maker, "");
	/* An LG drive answers with four bytes in all. */
	lathe_put_be16(data, 2);
	ck_assert_int_eq(lathe_mmc_parse_pre_recorded(data, 4, &id),
			 LATHE_ERR_CORRUPT);

	/* DVD+R: ADIP. */
	memset(data, 0, sizeof(data));
	lathe_put_be16(data, 33);
	memcpy(data + 4 + 19, "RICOHJPN", 8);
	memcpy(data + 4 + 27, "R0\x01", 3);
	ck_assert_int_eq(lathe_mmc_parse_adip(data, 35, &id), 0);
	ck_assert_str_eq(id.maker, "RICOHJPN");
	ck_assert_str_eq(id.type, "R0?");

	/* BD: disc information. */
	memset(data, 0, sizeof(data));
	lathe_put_be16(data, 114);
	memcpy(data + 4, "DI", 2);
	memcpy(data + 4 + 8, "BDR", 3);
	memcpy(data + 4 + 100, "CMCMAG", 6);
	memcpy(data + 4 + 106, "BA5", 3);
	ck_assert_int_eq(lathe_mmc_parse_bd_information(data, 116, kind, &id),
			 0);
	ck_assert_str_eq(kind, "BDR");
	ck_assert_str_eq(id.maker, "CMCMAG");
	ck_assert_str_eq(id.type, "BA5");
	for (size_t n = 0; n < 113; n++) {
		uint8_t *cut = malloc(n ? n : 1);

		memcpy(cut, data, n);
		ck_assert_int_eq(
			lathe_mmc_parse_bd_information(cut, n, kind, &id),
			LATHE_ERR_CORRUPT);
		free(cut);
	}
	data[4] = 'X';
	ck_assert_int_eq(lathe_mmc_parse_bd_information(data, 116, kind, &id),
			 LATHE_ERR_CORRUPT);
	cut_everywhere(pre_recorded,
		       "0021 0000 00000000000000000000000000000000 03 "
		       "4d4343203033 00 04 524732302020 0000",
		       35, LATHE_ERR_CORRUPT, 2);
	cut_everywhere(adip,
		       "0020 0000 00000000000000000000000000000000000000 "
		       "5249434f484a504e 523033",
		       34, LATHE_ERR_CORRUPT, 2);
}
END_TEST

START_TEST(spares_and_layers)
{
	static const char hex[] = "000a 0000 00002000 00006000";
	uint8_t data[12];
	struct lathe_mmc_bd_spares out;

	mock_hex(hex, data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_bd_spares(data, 12, &out), 0);
	ck_assert_uint_eq(out.free_blocks, 0x2000);
	ck_assert_uint_eq(out.all_blocks, 0x6000);
	cut_everywhere(bd_spares, hex, 12, LATHE_ERR_CORRUPT, 2);
	cut_everywhere(layer_break, hex, 12, LATHE_ERR_CORRUPT, 2);
}
END_TEST

START_TEST(speeds_of_a_drive)
{
	/* Type 3, DVD+R: 8x and 4x of 1385 kB/s, pure CLV. */
	static const char type_3[] =
		"00000024 00000000 "
		"00 000000 0023053f 00002b48 00002b48 "
		"0a 000000 0023053f 000015a4 000015a4";
	/* Type 0, writing: 6x at the start, 16x at the end. */
	static const char type_0[] =
		"00000024 02000000 "
		"00000000 00002076 00100000 00003a00 "
		"00100001 00003a00 0023053f 0000568f";
	uint8_t data[40];
	struct lathe_mmc_performance_list list;
	struct lathe_mmc_write_speed speed;
	struct lathe_mmc_nominal nominal;

	ck_assert_uint_eq(mock_hex(type_3, data, sizeof(data)), 40);
	ck_assert_int_eq(lathe_mmc_parse_performance(data, 40, &list), 0);
	ck_assert_uint_eq(list.announced, 40);
	ck_assert_uint_eq(list.entries, 2);
	ck_assert_int_eq(lathe_mmc_parse_write_speed(data, 40, 0, &speed), 0);
	ck_assert_uint_eq(speed.write_kb, 11080);
	ck_assert_uint_eq(speed.rotation, 0);
	ck_assert_int_eq(lathe_mmc_parse_write_speed(data, 40, 1, &speed), 0);
	ck_assert_uint_eq(speed.write_kb, 5540);
	ck_assert_uint_eq(speed.end_lba, 0x23053f);
	ck_assert_uint_eq(speed.rotation, 1);
	ck_assert(speed.exact);
	ck_assert_int_eq(lathe_mmc_parse_write_speed(data, 40, 2, &speed),
			 LATHE_ERR_NOT_FOUND);
	cut_everywhere(performance, type_3, 8, LATHE_ERR_CORRUPT, 4);
	cut_everywhere(write_speed_1, type_3, 40, LATHE_ERR_NOT_FOUND, 4);

	mock_hex(type_0, data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_nominal(data, 40, 1, &nominal), 0);
	ck_assert_uint_eq(nominal.start_lba, 0x100001);
	ck_assert_uint_eq(nominal.start_kb, 14848);
	ck_assert_uint_eq(nominal.end_lba, 0x23053f);
	ck_assert_uint_eq(nominal.end_kb, 22159);
	cut_everywhere(nominal_1, type_0, 40, LATHE_ERR_NOT_FOUND, 4);

	/* An empty answer, as one LG drive gives it, and one that claims all
	 * memory. */
	mock_hex("00000004 00000000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_performance(data, 8, &list), 0);
	ck_assert_uint_eq(list.entries, 0);
	memset(data, 0xff, 4);
	ck_assert_int_eq(lathe_mmc_parse_performance(data, 40, &list), 0);
	ck_assert_uint_eq(list.entries, 2);
}
END_TEST

START_TEST(resources_and_mechanism)
{
	uint8_t data[16];
	struct lathe_mmc_track_resources t;
	struct lathe_mmc_pow_resources p;
	struct lathe_mmc_mechanism m;

	/* Type in bits 7 to 5 of byte 2. */
	mock_hex("000a 20 00 0099 0003 0010 0001", data, 12);
	ck_assert_int_eq(lathe_mmc_parse_track_resources(data, 12, &t), 0);
	ck_assert_uint_eq(t.most_tracks, 0x99);
	ck_assert_uint_eq(t.tracks, 3);
	ck_assert_uint_eq(t.most_open, 16);
	ck_assert_uint_eq(t.open, 1);
	ck_assert_int_eq(lathe_mmc_parse_pow_resources(data, 12, &p),
			 LATHE_ERR_CORRUPT);
	mock_hex("000e 40 00 00010000 00020000 00000003", data, 16);
	ck_assert_int_eq(lathe_mmc_parse_pow_resources(data, 16, &p), 0);
	ck_assert_uint_eq(p.replacements, 0x10000);
	ck_assert_uint_eq(p.reallocations, 0x20000);
	ck_assert_uint_eq(p.updates, 3);
	ck_assert_int_eq(lathe_mmc_parse_track_resources(data, 16, &t),
			 LATHE_ERR_CORRUPT);
	cut_everywhere(tracks, "000a 20 00 0099 0003 0010 0001", 12,
		       LATHE_ERR_CORRUPT, 2);
	cut_everywhere(pseudo, "000e 40 00 00010000 00020000 00000003", 16,
		       LATHE_ERR_CORRUPT, 2);

	mock_hex("e3 50 012345 01 0000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_mechanism(data, 8, &m), 0);
	ck_assert(m.fault && m.door_open);
	ck_assert_uint_eq(m.changer_state, 3);
	ck_assert_uint_eq(m.slot, 3);
	ck_assert_uint_eq(m.state, 2);
	ck_assert_uint_eq(m.lba, 0x012345);
	ck_assert_uint_eq(m.slots, 1);
	cut_everywhere(mechanism_status, "e3 50 012345 01 0000", 8,
		       LATHE_ERR_CORRUPT, 0);
}
END_TEST

/* ---- features ----------------------------------------------------------- */

static struct lathe_mmc_feature feature(unsigned code, const uint8_t *data,
					size_t len)
{
	struct lathe_mmc_feature f = { .code = (uint16_t)code,
				       .current = true,
				       .data = data,
				       .len = len };

	return f;
}

START_TEST(features_of_recordable_media)
{
	uint8_t d[20];
	struct lathe_mmc_feature f;
	struct lathe_mmc_feature_random random;
	struct lathe_mmc_feature_formattable formattable;
	struct lathe_mmc_feature_plus plus;
	struct lathe_mmc_feature_rigid rigid;
	struct lathe_mmc_feature_bd_write bd;
	struct lathe_mmc_feature_streaming streaming;
	bool told;

	mock_hex("0023053f 00000800 0010 01 00", d, sizeof(d));
	f = feature(0x20, d, 12);
	ck_assert_int_eq(lathe_mmc_parse_feature_random(&f, &random), 0);
	ck_assert_uint_eq(random.last_lba, 0x23053f);
	ck_assert_uint_eq(random.block_bytes, 2048);
	ck_assert_uint_eq(random.blocking, 16);

	mock_hex("0f 80 0000 01 000000", d, sizeof(d));
	f = feature(0x23, d, 8);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 0);
	ck_assert(formattable.keeps_spares && formattable.expands &&
		  formattable.quick_certifies && formattable.certifies &&
		  formattable.free_space && formattable.random);
	/* As drives before BD have it. */
	f = feature(0x23, d, 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 0);
	ck_assert(!formattable.certifies);

	d[0] = 0x80;
	f = feature(0x24, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_defects(&f, &told), 0);
	ck_assert(told);

	mock_hex("01 03 0000", d, sizeof(d));
	f = feature(0x2a, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(plus.writes && plus.quick_start && plus.close_only);
	f = feature(0x2b, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(plus.writes && !plus.quick_start && !plus.close_only);
	d[0] = 0;
	f = feature(0x3b, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(!plus.writes);

	d[0] = 0x0a;
	f = feature(0x2c, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_rigid(&f, &rigid), 0);
	ck_assert(rigid.generates_defects && !rigid.reads_defects);
	ck_assert(rigid.intermediate && !rigid.blanks);

	mock_hex("01 000000 00000006 00000000 00000006 00000100", d,
		 sizeof(d));
	f = feature(0x41, d, 20);
	ck_assert_int_eq(lathe_mmc_parse_feature_bd_write(&f, &bd), 0);
	ck_assert(bd.verify_can_be_off);
	ck_assert_uint_eq(bd.re_classes[0], 6);
	ck_assert_uint_eq(bd.r_classes[0], 6);
	ck_assert_uint_eq(bd.r_classes[1], 0x100);

	d[0] = 0x1f;
	f = feature(0x107, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_streaming(&f, &streaming), 0);
	ck_assert(streaming.reads_buffer_capacity && streaming.set_cd_speed &&
		  streaming.mode_page_2a && streaming.write_speeds &&
		  streaming.streams);
}
END_TEST

/* The least length of each, in memory that is exactly so long. */
static const struct {
	unsigned code;
	size_t least;
} lengths[] = { { 0x20, 10 }, { 0x24, 1 }, { 0x2a, 2 }, { 0x2b, 1 },
		{ 0x2c, 1 },  { 0x3a, 2 }, { 0x3b, 1 }, { 0x41, 20 },
		{ 0x107, 1 } };

static int parse_any(const struct lathe_mmc_feature *f)
{
	union {
		struct lathe_mmc_feature_random random;
		struct lathe_mmc_feature_plus plus;
		struct lathe_mmc_feature_rigid rigid;
		struct lathe_mmc_feature_bd_write bd;
		struct lathe_mmc_feature_streaming streaming;
		bool told;
	} out;

	switch (f->code) {
	case 0x20:
		return lathe_mmc_parse_feature_random(f, &out.random);
	case 0x24:
		return lathe_mmc_parse_feature_defects(f, &out.told);
	case 0x2c:
		return lathe_mmc_parse_feature_rigid(f, &out.rigid);
	case 0x41:
		return lathe_mmc_parse_feature_bd_write(f, &out.bd);
	case 0x107:
		return lathe_mmc_parse_feature_streaming(f, &out.streaming);
	default:
		return lathe_mmc_parse_feature_plus(f, &out.plus);
	}
}

START_TEST(cut_features_are_damage)
{
	for (size_t n = 0; n <= lengths[_i].least; n++) {
		uint8_t *data = calloc(1, n ? n : 1);
		struct lathe_mmc_feature f =
			feature(lengths[_i].code, data, n);

		ck_assert_int_eq(parse_any(&f), n < lengths[_i].least
							? LATHE_ERR_CORRUPT
							: 0);
		free(data);
	}
}
END_TEST

START_TEST(other_features_are_not_taken_for_these)
{
	uint8_t data[20] = { 0 };
	struct lathe_mmc_feature f = feature(0x2d, data, 20);
	struct lathe_mmc_feature_random random;
	struct lathe_mmc_feature_formattable formattable;
	struct lathe_mmc_feature_plus plus;
	struct lathe_mmc_feature_rigid rigid;
	struct lathe_mmc_feature_bd_write bd;
	struct lathe_mmc_feature_streaming streaming;
	bool told;

	ck_assert_int_eq(lathe_mmc_parse_feature_random(&f, &random),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_defects(&f, &told),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_rigid(&f, &rigid),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_bd_write(&f, &bd),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_streaming(&f, &streaming),
			 LATHE_ERR_CORRUPT);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("mmc DVD and BD commands");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(
		tc, commands_are_encoded_as_the_standard_lays_them_out, 0,
		(int)(sizeof(cdbs) / sizeof(*cdbs)));
	tcase_add_test(tc, values_that_do_not_fit_are_refused);
	tcase_add_test(tc, format_lists);
	tcase_add_test(tc, streaming_lists);
	tcase_add_test(tc, cue_sheet_entries);
	tcase_add_test(tc, layer_break_lists);
	tcase_add_test(tc, format_capacities_of_a_bd_re);
	tcase_add_test(tc, physical_format_of_a_dvd_r);
	tcase_add_test(tc, makers_of_discs);
	tcase_add_test(tc, spares_and_layers);
	tcase_add_test(tc, speeds_of_a_drive);
	tcase_add_test(tc, resources_and_mechanism);
	tcase_add_test(tc, features_of_recordable_media);
	tcase_add_loop_test(tc, cut_features_are_damage, 0,
			    (int)(sizeof(lengths) / sizeof(*lengths)));
	tcase_add_test(tc, other_features_are_not_taken_for_these);
	suite_add_tcase(s, tc);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
