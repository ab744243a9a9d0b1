/* SPDX-License-Identifier: MIT */
/* UTF-8 and UTF-16BE: every code point, every malformed form. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tests/suite.h"

/* Pairs written out by hand: The Unicode Standard, tables 3-5 and 3-6. */
static const struct {
	const char *utf8;
	size_t utf8_len;
	const char *utf16;
	size_t utf16_len;
} pairs[] = {
	{ "", 0, "", 0 },
	{ "A", 1, "\x00\x41", 2 },
	{ "\x00", 1, "\x00\x00", 2 },
	{ "\x7f", 1, "\x00\x7f", 2 },
	{ "\xc2\x80", 2, "\x00\x80", 2 },
	{ "\xc3\xa4", 2, "\x00\xe4", 2 },
	{ "\xdf\xbf", 2, "\x07\xff", 2 },
	{ "\xe0\xa0\x80", 3, "\x08\x00", 2 },
	{ "\xe4\xb8\xad", 3, "\x4e\x2d", 2 },
	{ "\xed\x9f\xbf", 3, "\xd7\xff", 2 },
	{ "\xee\x80\x80", 3, "\xe0\x00", 2 },
	{ "\xef\xbf\xbf", 3, "\xff\xff", 2 },
	{ "\xf0\x90\x80\x80", 4, "\xd8\x00\xdc\x00", 4 },
	{ "\xf0\x9f\x98\x80", 4, "\xd8\x3d\xde\x00", 4 },
	{ "\xf4\x8f\xbf\xbf", 4, "\xdb\xff\xdf\xff", 4 },
	/* Unpaired surrogates, as WTF-8. */
	{ "\xed\xa0\x80", 3, "\xd8\x00", 2 },
	{ "\xed\xbf\xbf", 3, "\xdf\xff", 2 },
	{ "\xed\xb8\x80\xed\xa0\xbd", 6, "\xde\x00\xd8\x3d", 4 },
	{ "A\xed\xb0\x80", 4, "\x00\x41\xdc\x00", 4 },
	{ "\xed\xb0\x80\xed\xb0\x80", 6, "\xdc\x00\xdc\x00", 4 },
	{ "\xed\xa0\xbd\xf0\x9f\x98\x80", 7,
	  "\xd8\x3d\xd8\x3d\xde\x00", 6 },
	/* U+2D800 and U+2DC00 end in the digits of surrogates. */
	{ "\xf0\xad\xa0\x80\xf0\xad\xb0\x80", 8,
	  "\xd8\x76\xdc\x00\xd8\x77\xdc\x00", 8 },
	{ "\xed\xa0\xbd\xf0\xad\xb0\x80", 7,
	  "\xd8\x3d\xd8\x77\xdc\x00", 6 },
};

START_TEST(pair_converts_both_ways)
{
	uint8_t units[16];
	char bytes[16];
	int got;

	got = lathe_joliet_utf16_from_utf8(pairs[_i].utf8, pairs[_i].utf8_len,
					   units, sizeof(units));
	ck_assert_int_eq(got, (int)pairs[_i].utf16_len);
	if (got)
		ck_assert_mem_eq(units, pairs[_i].utf16, (size_t)got);
	got = lathe_joliet_utf8_from_utf16((const uint8_t *)pairs[_i].utf16,
					   pairs[_i].utf16_len, bytes,
					   sizeof(bytes));
	ck_assert_int_eq(got, (int)pairs[_i].utf8_len);
	if (got)
		ck_assert_mem_eq(bytes, pairs[_i].utf8, (size_t)got);
}
END_TEST

/* One byte less room is refused, and not written to. */
START_TEST(pair_needs_its_room)
{
	uint8_t *units;
	char *bytes;

	if (pairs[_i].utf8_len == 0)
		return;
	units = malloc(pairs[_i].utf16_len - 1);
	bytes = malloc(pairs[_i].utf8_len);
	ck_assert_int_eq(lathe_joliet_utf16_from_utf8(pairs[_i].utf8,
						      pairs[_i].utf8_len, units,
						      pairs[_i].utf16_len - 1),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(
				 (const uint8_t *)pairs[_i].utf16,
				 pairs[_i].utf16_len, bytes,
				 pairs[_i].utf8_len - 1),
			 LATHE_ERR_LIMIT);
	free(units);
	free(bytes);
}
END_TEST

/* Every room from none to more than is needed; four units at once, and what
 * is behind them. */
START_TEST(room_that_ends_anywhere)
{
	static const uint8_t in[18] = { 0, 'a', 0, 'b', 0, 'c', 0, 'd', 0, 'e',
					0, 'f', 0, 'g', 0, 'h', 0, 'i' };
	size_t room;
	char *out;
	int got;

	for (room = 0; room < 12; room++) {
		out = malloc(room + 1);
		got = lathe_joliet_utf8_from_utf16(in, sizeof(in), out, room);
		if (room < 9) {
			ck_assert_int_eq(got, LATHE_ERR_LIMIT);
		} else {
			ck_assert_int_eq(got, 9);
			ck_assert_mem_eq(out, "abcdefghi", 9);
		}
		free(out);
	}
}
END_TEST

/* And neither does one need more than what it has. */
START_TEST(pair_has_its_room)
{
	uint8_t units[16];
	char bytes[16];

	ck_assert_int_eq(lathe_joliet_utf16_from_utf8(pairs[_i].utf8,
						      pairs[_i].utf8_len, units,
						      pairs[_i].utf16_len),
			 (int)pairs[_i].utf16_len);
	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(
				 (const uint8_t *)pairs[_i].utf16,
				 pairs[_i].utf16_len, bytes,
				 pairs[_i].utf8_len),
			 (int)pairs[_i].utf8_len);
}
END_TEST

/* What stands behind the end is no other half. */
START_TEST(half_at_the_end_stays_half)
{
	static const uint8_t in[6] = { 0, 'A', 0xD8, 0x3D, 0xDE, 0x00 };
	char out[8];

	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(in, 4, out, 8), 4);
	ck_assert_mem_eq(out, "A\xed\xa0\xbd", 4);
	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(in + 2, 2, out, 8), 3);
	ck_assert_mem_eq(out, "\xed\xa0\xbd", 3);
}
END_TEST

/* Four units that are looked at together: each bit that ASCII has not, in each
 * of them. */
START_TEST(one_of_four_units_is_not_ascii)
{
	static const char *const utf8[9] = {
		"\xc2\x80", "\xc4\x80", "\xc8\x80", "\xd0\x80",
		"\xe0\xa0\x80", "\xe1\x80\x80", "\xe2\x80\x80",
		"\xe4\x80\x80", "\xe8\x80\x80"
	};
	uint8_t in[8] = { 0, 'a', 0, 'a', 0, 'a', 0, 'a' };
	char out[16], want[16] = "";
	uint32_t unit = 0x80u << _i % 9;
	int at = _i / 9, i, len;

	in[2 * at] = (uint8_t)(unit >> 8);
	in[2 * at + 1] = (uint8_t)unit;
	for (i = 0; i < 4; i++)
		strcat(want, i == at ? utf8[_i % 9] : "a");
	len = lathe_joliet_utf8_from_utf16(in, 8, out, sizeof(out));
	ck_assert_int_eq(len, (int)strlen(want));
	ck_assert_mem_eq(out, want, strlen(want));
	len = lathe_joliet_hierarchy.decode_plain(in, 8, out);
	ck_assert_int_eq(len, (int)strlen(want));
	ck_assert_mem_eq(out, want, strlen(want));
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} malformed[] = {
	{ "\x80", 1 },			/* a continuation alone */
	{ "\xbf", 1 },
	{ "A\x80", 2 },
	{ "\xc0\x80", 2 },		/* overlong */
	{ "\xc1\xbf", 2 },
	{ "\xe0\x80\x80", 3 },
	{ "\xe0\x9f\xbf", 3 },
	{ "\xf0\x80\x80\x80", 4 },
	{ "\xf0\x8f\xbf\xbf", 4 },
	{ "\xf4\x90\x80\x80", 4 },	/* above 10FFFFh */
	{ "\xf5\x80\x80\x80", 4 },
	{ "\xff", 1 },
	{ "\xfe", 1 },
	{ "\xc2", 1 },			/* cut short */
	{ "\xe4\xb8", 2 },
	{ "\xf0\x9f\x98", 3 },
	{ "\xc2\x41", 2 },		/* no continuation where one is due */
	{ "\xe4\xb8\xc0", 3 },
	{ "\xf0\x9f\x41\x80", 4 },
	{ "\xed\xa0\xbd\xed\xb8\x80", 6 }, /* a pair in two halves */
};

START_TEST(malformed_bytes_are_refused)
{
	char *exact = malloc(malformed[_i].len);
	uint8_t units[16];

	memcpy(exact, malformed[_i].bytes, malformed[_i].len);
	ck_assert_int_eq(lathe_joliet_utf16_from_utf8(exact, malformed[_i].len,
						      units, sizeof(units)),
			 LATHE_ERR_NAME);
	free(exact);
}
END_TEST

/* Room is a bound, not a promise that so much is there. */
START_TEST(room_without_end)
{
	uint8_t units[4];
	char bytes[4];

	ck_assert_int_eq(lathe_joliet_utf16_from_utf8("ab", 2, units,
						      SIZE_MAX), 4);
	ck_assert_mem_eq(units, "\0a\0b", 4);
	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(units, 4, bytes,
						      SIZE_MAX), 2);
	ck_assert_mem_eq(bytes, "ab", 2);
}
END_TEST

START_TEST(odd_byte_count_is_refused)
{
	char out[8];

	ck_assert_int_eq(lathe_joliet_utf8_from_utf16(
				 (const uint8_t *)"\x00\x41\x00", 3, out,
				 sizeof(out)),
			 LATHE_ERR_NAME);
}
END_TEST

/* Each unit alone and each pair of surrogates comes back as it was. */
START_TEST(all_units_survive)
{
	uint8_t in[4], out[4];
	uint32_t c, unit;
	char utf8[8];
	int len;

	for (c = 0; c < 0x110000; c++) {
		unit = c;
		if (c >= 0x10000) {
			unit = 0xD800u + ((c - 0x10000) >> 10);
			in[2] = (uint8_t)(0xDC | (c >> 8 & 3));
			in[3] = (uint8_t)c;
		}
		in[0] = (uint8_t)(unit >> 8);
		in[1] = (uint8_t)unit;
		len = lathe_joliet_utf8_from_utf16(in, c < 0x10000 ? 2 : 4,
						   utf8, sizeof(utf8));
		if (len != (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4))
			ck_abort_msg("U+%X has %d bytes", c, len);
		if (lathe_joliet_utf16_from_utf8(utf8, (size_t)len, out, 4) !=
			    (c < 0x10000 ? 2 : 4) ||
		    memcmp(in, out, c < 0x10000 ? 2 : 4) != 0)
			ck_abort_msg("U+%X does not come back", c);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("UTF-16");
	TCase *tc = tcase_create("codec");

	tcase_add_loop_test(tc, pair_converts_both_ways, 0,
			    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_loop_test(tc, pair_needs_its_room, 0,
			    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_loop_test(tc, pair_has_its_room, 0,
			    sizeof(pairs) / sizeof(pairs[0]));
	tcase_add_test(tc, half_at_the_end_stays_half);
	tcase_add_loop_test(tc, one_of_four_units_is_not_ascii, 0, 4 * 9);
	tcase_add_test(tc, room_that_ends_anywhere);
	tcase_add_loop_test(tc, malformed_bytes_are_refused, 0,
			    sizeof(malformed) / sizeof(malformed[0]));
	tcase_add_test(tc, room_without_end);
	tcase_add_test(tc, odd_byte_count_is_refused);
	tcase_add_test(tc, all_units_survive);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
