/* SPDX-License-Identifier: MIT */
/*
 * What drives say of DVD and BD, as MMC-6 lays it out and as real ones gave it;
 * also cut at every length.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/lib_cut.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* The same for a reply in hexadecimal; without a length field if it has 0
 * bytes. */
static void cut_reply(parser *parse, const char *hex, size_t least, int damage,
		      size_t length_bytes)
{
	uint8_t full[256];
	size_t len = mock_hex(hex, full, sizeof(full));

	cut_everywhere(parse, full, len, least, damage);
	if (length_bytes)
		announce_less(parse, full, len, least, damage, length_bytes);
}

FACE(mechanism_status, lathe_mmc_mechanism, lathe_mmc_parse_mechanism)
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
ENTRY(write_speed_1, lathe_mmc_speed, lathe_mmc_parse_write_speed, 1)

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
	cut_reply(capacity_list, hex, 12, LATHE_ERR_CORRUPT, 4);
	cut_reply(formattable_2, hex, 36, LATHE_ERR_NOT_FOUND, 4);
}
END_TEST

START_TEST(physical_format_of_a_dvd_r)
{
	/* Book 2 (DVD-R), one layer, data from 30000h to 26127Fh; the borders
	 * of a real final disc: out E6130h, next in EF4D0h. */
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
	ck_assert_uint_eq(lathe_mmc_structure_announced(data, 4), 44);
	ck_assert_uint_eq(lathe_mmc_structure_announced(data, 3), 0);
	for (size_t n = 40; n < 44; n++) {
		ck_assert_int_eq(lathe_mmc_parse_dvd_physical(data, n, &out),
				 0);
		ck_assert_uint_eq(out.border_out, 0);
		ck_assert_uint_eq(out.next_border_in, 0);
	}
	/* +R DL: two layers. */
	data[4] = 0xe1;
	data[6] = 0x20;
	ck_assert_int_eq(lathe_mmc_parse_dvd_physical(data, 44, &out), 0);
	ck_assert_uint_eq(out.book, 14);
	ck_assert_uint_eq(out.layers, 2);
	cut_reply(dvd_physical, hex, 20, LATHE_ERR_CORRUPT, 2);
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
	/* A text ends at a zero; DEL is no character. */
	memcpy(data + 4 + 100, "A\x7f\0XYZ", 6);
	ck_assert_int_eq(lathe_mmc_parse_bd_information(data, 116, kind, &id),
			 0);
	ck_assert_str_eq(id.maker, "A?");
	data[4] = 'X';
	ck_assert_int_eq(lathe_mmc_parse_bd_information(data, 116, kind, &id),
			 LATHE_ERR_CORRUPT);
	memcpy(data + 4, "DX", 2);
	ck_assert_int_eq(lathe_mmc_parse_bd_information(data, 116, kind, &id),
			 LATHE_ERR_CORRUPT);
	cut_reply(pre_recorded,
		       "0021 0000 00000000000000000000000000000000 03 "
		       "4d4343203033 00 04 524732302020 0000",
		       35, LATHE_ERR_CORRUPT, 2);
	cut_reply(adip,
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
	cut_reply(bd_spares, hex, 12, LATHE_ERR_CORRUPT, 2);
	cut_reply(layer_break, hex, 12, LATHE_ERR_CORRUPT, 2);
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
	struct lathe_mmc_speed speed;
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
	cut_reply(performance, type_3, 8, LATHE_ERR_CORRUPT, 4);
	cut_reply(write_speed_1, type_3, 40, LATHE_ERR_NOT_FOUND, 4);

	mock_hex(type_0, data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_nominal(data, 40, 1, &nominal), 0);
	ck_assert_uint_eq(nominal.start_lba, 0x100001);
	ck_assert_uint_eq(nominal.start_kb, 14848);
	ck_assert_uint_eq(nominal.end_lba, 0x23053f);
	ck_assert_uint_eq(nominal.end_kb, 22159);
	cut_reply(nominal_1, type_0, 40, LATHE_ERR_NOT_FOUND, 4);

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

START_TEST(state_of_the_mechanism)
{
	uint8_t data[16];
	struct lathe_mmc_mechanism m;

	mock_hex("e3 50 012345 01 0000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_mechanism(data, 8, &m), 0);
	ck_assert(m.fault && m.door_open);
	ck_assert_uint_eq(m.changer_state, 3);
	ck_assert_uint_eq(m.slot, 3);
	ck_assert_uint_eq(m.state, 2);
	ck_assert_uint_eq(m.lba, 0x012345);
	ck_assert_uint_eq(m.slots, 1);
	cut_reply(mechanism_status, "e3 50 012345 01 0000", 8,
		       LATHE_ERR_CORRUPT, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc DVD and BD replies");
	TCase *t = tcase_create("all");

	tcase_add_test(t, format_capacities_of_a_bd_re);
	tcase_add_test(t, physical_format_of_a_dvd_r);
	tcase_add_test(t, makers_of_discs);
	tcase_add_test(t, spares_and_layers);
	tcase_add_test(t, speeds_of_a_drive);
	tcase_add_test(t, state_of_the_mechanism);
	suite_add_tcase(s, t);
	return run_suite(s);
}
