/* SPDX-License-Identifier: MIT */
/* The supplementary volume descriptor of Joliet. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tests/suite.h"

#define J (&lathe_joliet_hierarchy)

/* ECMA-119 8.5 and Joliet 1.0: the part that makes it one. */
static void fill(uint8_t d[2048], uint8_t level)
{
	memset(d, 0, 2048);
	memcpy(d, "\x02" "CD001\x01\x00", 8);
	memcpy(d + 88, "\x25\x2f", 2);
	d[90] = level;
}

START_TEST(levels_are_recognised)
{
	uint8_t d[2048];

	fill(d, 0x40);
	ck_assert(J->recognise(d));
	fill(d, 0x43);
	ck_assert(J->recognise(d));
	fill(d, 0x45);
	ck_assert(J->recognise(d));
}
END_TEST

START_TEST(others_are_not)
{
	uint8_t d[2048];

	fill(d, 0x41);
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[0] = 1;			/* primary */
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[6] = 2;			/* enhanced, 8.5.2 */
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[7] = 1;			/* not registered, 8.5.3 */
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[88] = 0;
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[89] = 0x28;			/* "%(E": another set */
	ck_assert(!J->recognise(d));
	fill(d, 0x45);
	d[5] = '2';
	ck_assert(!J->recognise(d));
}
END_TEST

static void ascii_at(const uint8_t *field, size_t units, const char *want)
{
	size_t i, len = strlen(want);

	for (i = 0; i < units; i++) {
		ck_assert_uint_eq(field[2 * i], 0);
		ck_assert_uint_eq(field[2 * i + 1],
				  i < len ? (uint8_t)want[i] : 0x20);
	}
}

START_TEST(fields_are_where_the_standard_says)
{
	struct lathe_iso9660_volume volume = {
		.volume_id = "Label 1",
		.system_id = "SYS",
		.volume_set_id = "set",
		.publisher = "pub; yes",
		.preparer = "prep",
		.application = "app",
		.copyright_file = "c.txt",
		.abstract_file = "a.txt",
		.bibliographic_file = "b.txt",
	};
	uint8_t d[2048];

	memset(d, 0xEE, sizeof(d));
	J->describe(NULL, &volume, d);
	/* Type 2, "CD001", version 1, volume flags 0: 8.5.1 to 8.5.3. */
	ck_assert_mem_eq(d, "\x02\x43\x44\x30\x30\x31\x01\x00", 8);
	ascii_at(d + 8, 16, "SYS");		/* BP 9, 8.5.4 */
	ascii_at(d + 40, 16, "Label 1");	/* BP 41, 8.5.5 */
	ck_assert_mem_eq(d + 88, "\x25\x2f\x45\0\0\0\0\0\0\0\0\0\0\0\0\0"
				 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32);
	ascii_at(d + 190, 64, "set");		/* BP 191, 8.5.13 */
	ascii_at(d + 318, 64, "pub; yes");	/* BP 319 */
	ascii_at(d + 446, 64, "prep");
	ascii_at(d + 574, 64, "app");
	ascii_at(d + 702, 18, "c.txt");		/* 37 bytes each: */
	ck_assert_uint_eq(d[738], 0);
	ascii_at(d + 739, 18, "a.txt");
	ck_assert_uint_eq(d[775], 0);
	ascii_at(d + 776, 18, "b.txt");
	ck_assert_uint_eq(d[812], 0);
	/* Numbers, the root record, dates: not its business. */
	ck_assert_uint_eq(d[80], 0xEE);
	ck_assert_uint_eq(d[156], 0xEE);
	ck_assert_uint_eq(d[189], 0xEE);
	ck_assert(J->recognise(d));
}
END_TEST

/* 8.5.5: 16 units, of which the last ones may be a pair; a control character
 * is no a1-character (7.4.1). */
START_TEST(fields_are_filled_to_their_end)
{
	struct lathe_iso9660_volume volume = {
		.volume_id = "0123456789abcdefg",
		.system_id = "0123456789abcd\xF0\x90\x80\x80",
		.publisher = "a\x1f" "b",
		.copyright_file = "0123456789abcdefgh",
	};
	uint8_t d[2048];

	memset(d, 0xEE, sizeof(d));
	J->describe(NULL, &volume, d);
	ascii_at(d + 40, 16, "0123456789abcdef");
	ascii_at(d + 8, 14, "0123456789abcd");
	ck_assert_mem_eq(d + 36, "\xD8\x00\xDC\x00", 4);
	ascii_at(d + 318, 64, "a_b");
	ascii_at(d + 702, 18, "0123456789abcdefgh");
	ck_assert_uint_eq(d[738], 0);
}
END_TEST

START_TEST(absent_texts_are_blank)
{
	struct lathe_iso9660_volume volume = { 0 };
	uint8_t d[2048];

	memset(d, 0, sizeof(d));
	J->describe(NULL, &volume, d);
	ascii_at(d + 40, 16, "");
	ascii_at(d + 776, 18, "");
}
END_TEST

START_TEST(label_is_cut_and_mapped)
{
	struct lathe_iso9660_volume volume = {
		/* 15 units and a pair: the pair does not fit. */
		.volume_id = "a/b*c:d;e?f\\ghi\xf0\x9f\x98\x80",
		.publisher = "x\xff\x01y",
	};
	uint8_t d[2048];

	J->describe(NULL, &volume, d);
	ascii_at(d + 40, 16, "a_b_c_d_e_f_ghi");
	ascii_at(d + 318, 64, "x__y");
	/* Where it fits, it is two units. */
	volume.volume_id = "smile \xf0\x9f\x98\x80";
	J->describe(NULL, &volume, d);
	ascii_at(d + 40, 6, "smile ");
	ck_assert_mem_eq(d + 52, "\xd8\x3d\xde\x00\0 \0 ", 8);
}
END_TEST

static void label_is(const char *units, size_t bytes, const char *want)
{
	char label[129];
	uint8_t d[2048];
	size_t i;

	fill(d, 0x45);
	for (i = 0; i < 32; i += 2)
		memcpy(d + 40 + i, "\0 ", 2);
	memcpy(d + 40, units, bytes);
	memset(label, 'x', sizeof(label));
	J->volume_id(d, label);
	ck_assert_str_eq(label, want);
}

START_TEST(label_is_read_back)
{
	label_is("", 0, "");
	label_is("\0L\0a\0 \0b", 8, "La b");
	label_is("\0L\0\0\0\0\0\0", 8, "L");
	label_is("\x4e\x2d\xd8\x3d\xde\x00", 6, "\xe4\xb8\xad\xf0\x9f\x98\x80");
	/* Half a pair is shown as U+FFFD. */
	label_is("\xd8\x3d\0x", 4, "\xef\xbf\xbdx");
	label_is("\xde\x00\0x", 4, "\xef\xbf\xbdx");
	label_is("\0a\0\0\0b", 6, "a\xef\xbf\xbd" "b");
	label_is("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		 "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		 "\xff\xff\xff\xff", 32,
		 "\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf"
		 "\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf"
		 "\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf"
		 "\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf\xef\xbf\xbf");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("Joliet descriptor");
	TCase *tc = tcase_create("descriptor");

	tcase_add_test(tc, levels_are_recognised);
	tcase_add_test(tc, others_are_not);
	tcase_add_test(tc, fields_are_where_the_standard_says);
	tcase_add_test(tc, fields_are_filled_to_their_end);
	tcase_add_test(tc, absent_texts_are_blank);
	tcase_add_test(tc, label_is_cut_and_mapped);
	tcase_add_test(tc, label_is_read_back);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
