/* SPDX-License-Identifier: MIT */
/* Joliet identifiers: what is mapped, cut, numbered; reading; order. */
#include <check.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tests/suite.h"

#define J (&lathe_joliet_hierarchy)

static const struct lathe_joliet_options long_names = { .long_names = true };

/* "00 41 00 2e" of "A.", each byte of 'text' a unit. */
static size_t wide(const char *text, uint8_t *out)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		out[2 * i] = 0;
		out[2 * i + 1] = (uint8_t)text[i];
	}
	return 2 * i;
}

static int encode(const void *options, const char *name, bool directory,
		  uint8_t digits, uint32_t number, uint8_t *id,
		  uint32_t *changed)
{
	return J->encode(options, name, strlen(name), directory, digits,
			 number, id, changed);
}

/* 'want' in ASCII. */
static void encodes(const void *options, const char *name, bool directory,
		    uint8_t digits, uint32_t number, const char *want,
		    uint32_t want_changed)
{
	uint8_t id[LATHE_ISO9660_ID_MAX], want_id[512];
	uint32_t changed = 99;
	size_t want_len = wide(want, want_id);
	int len = encode(options, name, directory, digits, number, id,
			 &changed);

	ck_assert_int_eq(len, (int)want_len);
	ck_assert_mem_eq(id, want_id, want_len);
	ck_assert_uint_eq(changed, want_changed);
}

START_TEST(plain_name_is_kept)
{
	encodes(NULL, "readme.txt", false, 0, 0, "readme.txt", 0);
	encodes(NULL, "a", false, 0, 0, "a", 0);
	encodes(NULL, "no version, spaces \"<>|\x7f", false, 0, 0,
		"no version, spaces \"<>|\x7f", 0);
	encodes(NULL, ".hidden", false, 0, 0, ".hidden", 0);
	encodes(NULL, "a.b.c.", true, 0, 0, "a.b.c.", 0);
}
END_TEST

/* Joliet 1.0: 0000h-001Fh, * / : ; ? \ */
START_TEST(forbidden_characters_are_mapped)
{
	static const char forbidden[] = "*/:;?\\\x01\x1f\n\t";
	char name[4] = "aXb";
	size_t i;

	for (i = 0; i < sizeof(forbidden) - 1; i++) {
		name[1] = forbidden[i];
		encodes(NULL, name, false, 0, 0, "a_b",
			LATHE_ISO9660_CHANGE_FORBIDDEN);
	}
	encodes(NULL, "x;1", false, 0, 0, "x_1",
		LATHE_ISO9660_CHANGE_FORBIDDEN);
	encodes(NULL, "?why", false, 0, 0, "_why",
		LATHE_ISO9660_CHANGE_FORBIDDEN);
	encodes(NULL, "?*?", false, 0, 0, "___",
		LATHE_ISO9660_CHANGE_FORBIDDEN);
}
END_TEST

#define X10 "xxxxxxxxxx"
#define X50 X10 X10 X10 X10 X10
#define X60 X50 X10

START_TEST(limit_is_64_units)
{
	encodes(NULL, X60 "1234", false, 0, 0, X60 "1234", 0);
	encodes(NULL, X60 ".txt", false, 0, 0, X60 ".txt", 0);
	encodes(NULL, X60 "12345", false, 0, 0, X60 "1234",
		LATHE_ISO9660_CHANGE_CUT);
	encodes(NULL, X60 "y.txt", false, 0, 0, X60 ".txt",
		LATHE_ISO9660_CHANGE_CUT);
	/* A directory has no extension to keep. */
	encodes(NULL, X60 "y.txt", true, 0, 0, X60 "y.tx",
		LATHE_ISO9660_CHANGE_CUT);
	/* A quarter of the room is an extension, with its stop; more is none:
	 * a sentence after a stop. */
	encodes(NULL, X50 ".0123456789abcde", false, 0, 0,
		X10 X10 X10 X10 "xxxxxxxx.0123456789abcde",
		LATHE_ISO9660_CHANGE_CUT);
	encodes(NULL, X50 ".0123456789abcdef", false, 0, 0,
		X50 ".0123456789abc", LATHE_ISO9660_CHANGE_CUT);
	encodes(NULL, "1." X60 "yyy", false, 0, 0, "1." X60 "yy",
		LATHE_ISO9660_CHANGE_CUT);
}
END_TEST

START_TEST(long_limit_is_103_units)
{
	encodes(&long_names, X50 X50 "123", false, 0, 0, X50 X50 "123", 0);
	encodes(&long_names, X50 X50 "1234", false, 0, 0, X50 X50 "123",
		LATHE_ISO9660_CHANGE_CUT);
	encodes(&long_names, X50 X50 ".html", false, 0, 0,
		X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.html",
		LATHE_ISO9660_CHANGE_CUT);
}
END_TEST

START_TEST(clash_is_numbered_before_the_extension)
{
	encodes(NULL, "a*.txt", false, 1, 7, "a_7.txt",
		LATHE_ISO9660_CHANGE_CLASH | LATHE_ISO9660_CHANGE_FORBIDDEN);
	encodes(NULL, "a.txt", false, 3, 7, "a007.txt",
		LATHE_ISO9660_CHANGE_CLASH);
	encodes(NULL, "a.d", true, 1, 2, "a.d2", LATHE_ISO9660_CHANGE_CLASH);
	encodes(NULL, ".profile", false, 1, 2, ".profile2",
		LATHE_ISO9660_CHANGE_CLASH);
	encodes(NULL, X60 ".txt", false, 3, 42, X50 "xxxxxxx042.txt",
		LATHE_ISO9660_CHANGE_CLASH | LATHE_ISO9660_CHANGE_CUT);
	encodes(NULL, "a.txt", false, 4, 7098, "a7098.txt",
		LATHE_ISO9660_CHANGE_CLASH);
}
END_TEST

/* 63 units, then a pair: the pair does not fit, and half of it is nothing. */
START_TEST(pair_is_never_halved)
{
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changed;
	int len;

	len = encode(NULL, X60 "abc\xf0\x9f\x98\x80", false, 0, 0, id,
		     &changed);
	ck_assert_int_eq(len, 126);
	ck_assert_uint_eq(changed, LATHE_ISO9660_CHANGE_CUT);
	len = encode(NULL, X60 "ab\xf0\x9f\x98\x80", false, 0, 0, id,
		     &changed);
	ck_assert_int_eq(len, 128);
	ck_assert_uint_eq(changed, 0);
	ck_assert_mem_eq(id + 124, "\xd8\x3d\xde\x00", 4);
	/* An unpaired one may be the last. */
	len = encode(NULL, X60 "abc\xed\xa0\xbd!", false, 0, 0, id, &changed);
	ck_assert_int_eq(len, 128);
	ck_assert_mem_eq(id + 126, "\xd8\x3d", 2);
}
END_TEST

/* What only looks like half of a pair cuts nothing off. */
START_TEST(a_low_surrogate_alone_is_no_half)
{
	encodes(NULL, X60 "1234\xED\xB0\x80", false, 0, 0, X60 "1234",
		LATHE_ISO9660_CHANGE_CUT);
}
END_TEST

START_TEST(name_without_a_form_is_refused)
{
	static char huge[LATHE_ISO9660_NAME_MAX + 2];
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changed;
	size_t i;

	memset(huge, 'a', sizeof(huge) - 1);
	ck_assert_int_eq(encode(NULL, "", false, 0, 0, id, &changed),
			 LATHE_ERR_NAME);
	ck_assert_int_eq(encode(NULL, "\xff", false, 0, 0, id, &changed),
			 LATHE_ERR_NAME);
	ck_assert_int_eq(encode(NULL, huge, false, 0, 0, id, &changed),
			 LATHE_ERR_NAME);
	huge[LATHE_ISO9660_NAME_MAX] = '\0';
	ck_assert_int_eq(encode(NULL, huge, false, 0, 0, id, &changed), 128);
	huge[LATHE_ISO9660_NAME_MAX] = 'a';
	/* Of units it would not be too many. */
	for (i = 0; i < sizeof(huge) - 1; i++)
		huge[i] = i % 2 ? '\xA9' : '\xC3';
	huge[sizeof(huge) - 2] = 'a';
	ck_assert_int_eq(encode(NULL, huge, false, 0, 0, id, &changed),
			 LATHE_ERR_NAME);
	/* A number of 32 bits has ten digits. */
	ck_assert_int_eq(encode(NULL, "a", false, 10, UINT32_MAX, id,
				&changed), 22);
	ck_assert_int_eq(encode(NULL, "a", false, 11, 0, id, &changed),
			 LATHE_ERR_NAME);
}
END_TEST

/* RFC 3629: cut short, not continued, overlong, paired surrogates. */
START_TEST(malformed_name_has_no_form)
{
	static const char *const malformed[] = {
		"a\xc3", "a\xc3(", "\xc1\xbf", "\x80", ("\xbf" "a"),
		"\xe4", "\xe4\xb8", "\xe4(\xad", "\xe4\xb8(", "\xe0\x9f\xbf",
		"\xed\xa0\xbd\xed\xb8\x80", "\xf0\x9f\x98", "\xf0\x9f\x98(",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80"
	};
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changed;
	size_t i;

	for (i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++)
		ck_assert_msg(encode(NULL, malformed[i], false, 0, 0, id,
				     &changed) == LATHE_ERR_NAME, "%zu", i);
}
END_TEST

static void decodes(const char *text, bool directory, const char *want)
{
	char name[LATHE_ISO9660_NAME_MAX];
	uint8_t id[256];
	size_t len = wide(text, id);
	int got = J->decode(id, (uint8_t)len, directory, name);

	ck_assert_int_eq(got, (int)strlen(want));
	ck_assert_mem_eq(name, want, strlen(want));
}

START_TEST(version_is_dropped)
{
	decodes("readme.txt;1", false, "readme.txt");
	decodes("readme.txt;32767", false, "readme.txt");
	decodes("readme.txt;10", false, "readme.txt");
	decodes("readme.txt;1;2", false, "readme.txt;1");
	decodes("readme.txt;-1", false, "readme.txt;-1");
	decodes("readme.txt", false, "readme.txt");
	decodes("a;b", false, "a;b");
	decodes("a;", false, "a;");
	decodes("a;1x", false, "a;1x");
	decodes("a;123456", false, "a;123456");
	decodes("12345", false, "12345");
	decodes("a.;1", false, "a.");
	decodes("dir;1", true, "dir;1");
}
END_TEST

/* What of it is the name's: all that is not a version. */
START_TEST(version_says_nothing_of_a_name)
{
	ck_assert_uint_eq(J->significant((const uint8_t *)"\0a\0b\0;\0001",
					 8), 4);
	ck_assert_uint_eq(J->significant((const uint8_t *)"\0a\0b\0c", 6),
			  6);
	ck_assert_uint_eq(J->significant((const uint8_t *)"\0a\0b\0", 5), 5);
}
END_TEST

START_TEST(identifier_without_a_name_is_corrupt)
{
	char name[LATHE_ISO9660_NAME_MAX];

	ck_assert_int_eq(J->decode((const uint8_t *)"\x02", 1, false, name),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(J->decode((const uint8_t *)"\0;\0001", 4, false, name),
			 LATHE_ERR_CORRUPT);
}
END_TEST

START_TEST(odd_byte_is_dropped)
{
	char name[LATHE_ISO9660_NAME_MAX];

	ck_assert_int_eq(J->decode((const uint8_t *)"\0a\0b\0", 5, false, name),
			 2);
	ck_assert_mem_eq(name, "ab", 2);
	/* No unit at all. */
	ck_assert_int_eq(J->decode((const uint8_t *)"", 0, false, name),
			 LATHE_ERR_CORRUPT);
}
END_TEST

/* The longest identifier: 110 units of three bytes each. */
START_TEST(longest_identifier_has_room)
{
	char name[LATHE_ISO9660_NAME_MAX];
	uint8_t id[LATHE_ISO9660_ID_MAX];

	memset(id, 0xFF, sizeof(id));
	ck_assert_int_eq(J->decode(id, sizeof(id), false, name), 330);
}
END_TEST

/* Ascending; units as numbers, the shorter first, higher versions first. */
static const struct {
	const char *bytes;
	uint8_t len;
} ordered[] = {
	{ "\0 ", 2 },
	{ "\0-", 2 },
	{ "\0A", 2 },
	{ "\0A", 3 },	/* half a unit behind it */
	{ "\0A\1", 3 },
	{ "\0A\0-\0B", 6 },
	{ "\0A\0.\0B\0;\0002\0001", 12 },
	{ "\0A\0.\0B\0;\0001\0002", 12 },
	{ "\0A\0.\0B\0;\0001\0000", 12 },
	{ "\0A\0.\0B\0;\0009", 10 },
	{ "\0A\0.\0B\0;\0002", 10 },
	{ "\0A\0.\0B\0;\0001", 10 },
	{ "\0A\0.\0B", 6 },
	{ "\0A\0.\0B\0.\0C", 10 },
	{ "\0A\0A", 4 },
	{ "\0a", 2 },
	{ "\0a\0a", 4 },
	{ "\0\xe4", 2 },
	{ "\x01\x00", 2 },
	{ "\x7f\xff", 2 },
	{ "\x80\x00", 2 },
	{ "\xd8\x3d", 2 },
	{ "\xd8\x3d\xde\x00", 4 },
	{ "\xe0\x00", 2 },
	{ "\xff\xff", 2 },
};

START_TEST(order_is_that_of_units)
{
	size_t i, j, n = sizeof(ordered) / sizeof(ordered[0]);
	int got;

	for (i = 0; i < n; i++) {
		for (j = 0; j < n; j++) {
			got = J->compare((const uint8_t *)ordered[i].bytes,
					 ordered[i].len,
					 (const uint8_t *)ordered[j].bytes,
					 ordered[j].len);
			ck_assert_msg((got > 0) - (got < 0) ==
					      (i > j) - (i < j),
				      "%zu and %zu", i, j);
		}
	}
}
END_TEST

/* Deciding on UTF-8 gives what deciding on the identifiers gives. */
START_TEST(order_of_names_is_that_of_identifiers)
{
	static const uint32_t points[] = { 0x20, 0x41, 0x7F, 0x80, 0x7FF, 0x800,
		0x2EFF, 0xD7FF, 0xD800, 0xD83D, 0xDBFF, 0xDC00, 0xDFFF, 0xE000,
		0xEFFF, 0xF000, 0xFFFF, 0x10000, 0x1F600, 0x1F601, 0x2F600,
		0x10FFFF };
	enum { N = sizeof(points) / sizeof(points[0]) };
	static struct {
		char name[8];
		int len, id_len;
		uint8_t id[LATHE_ISO9660_ID_MAX];
	} names[N * N + N];
	size_t count = 0, i, j;
	uint8_t units[8], *u;
	uint32_t changed, c;
	int a, b;

	for (i = 0; i < N; i++) {
		for (j = 0; j <= N; j++) {
			u = units;
			for (a = 0; a < (j < N ? 2 : 1); a++) {
				c = points[a ? j : i];
				if (c >= 0x10000) {
					lathe_put_be16(u, (uint16_t)(0xD800 +
						((c - 0x10000) >> 10)));
					u += 2;
					c = 0xDC00 | (c & 0x3FF);
				}
				lathe_put_be16(u, (uint16_t)c);
				u += 2;
			}
			names[count].len = lathe_joliet_utf8_from_utf16(
				units, (size_t)(u - units), names[count].name,
				sizeof(names[count].name));
			names[count].id_len = J->encode(
				NULL, names[count].name,
				(size_t)names[count].len, false, 0, 0,
				names[count].id, &changed);
			ck_assert_uint_eq(changed, 0);
			count++;
		}
	}
	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++) {
			a = J->compare(names[i].id, (uint8_t)names[i].id_len,
				       names[j].id, (uint8_t)names[j].id_len);
			b = J->compare_names(names[i].name,
					     (size_t)names[i].len,
					     names[j].name,
					     (size_t)names[j].len);
			if ((a > 0) - (a < 0) != (b > 0) - (b < 0))
				ck_abort_msg("%zu %zu: %d %d", i, j, a, b);
		}
	}
}
END_TEST

START_TEST(nothing_is_reserved)
{
	ck_assert(!J->reserved);
	ck_assert_str_eq(J->name, "Joliet");
}
END_TEST

/* What 'decode_plain' takes, 'decode' reads the same, and 'encode' records in
 * the same units; all else it leaves to them. */
#define WIDE_8 "\0a\0b\0c\0d\0e\0f\0g\0h"

START_TEST(plain_identifiers_say_all_of_a_name)
{
	static const struct {
		const char *id;
		uint8_t len;
		bool plain;
	} rows[] = {
		{ "\0a", 2, true },
		{ "\0a\0.\0b\0c\0d", 10, true },
		{ "\0\xE4\x65\xE5\0 \0x", 8, true },
		{ "\0.\0a\0b", 6, true },
		{ "\0.", 2, false },
		{ "\0.\0.", 4, false },
		{ "\0a\0;\0" "1", 6, false },
		{ "\0/\0a\0b\0c\0d", 10, false },
		{ "\0a\0/\0b\0c\0d", 10, false },
		{ "\0a\0b\0/\0c\0d", 10, false },
		{ "\0a\0b\0c\0/\0d", 10, false },
		{ "\0a\0\x1F", 4, false },
		{ "\xD8\x3D\xDE\0", 4, false },
		{ "\0a\0", 3, false },
		{ "\0a\0b", 3, false },
		{ WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8,
		  128, true },
		{ WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8 WIDE_8
		  "\0a", 130, false }
	};
	char name[LATHE_ISO9660_NAME_MAX], other[LATHE_ISO9660_NAME_MAX];
	const uint8_t *id = (const uint8_t *)rows[_i].id;
	uint8_t again[LATHE_ISO9660_ID_MAX];
	uint32_t changed;
	int len = J->decode_plain(id, rows[_i].len, name);

	ck_assert_int_eq(len > 0, rows[_i].plain);
	if (len <= 0)
		return;
	ck_assert_int_eq(J->decode(id, rows[_i].len, false, other), len);
	ck_assert_mem_eq(name, other, (size_t)len);
	ck_assert_int_eq(J->encode(NULL, name, (size_t)len, false, 0, 0,
				   again, &changed), rows[_i].len);
	ck_assert_mem_eq(again, id, rows[_i].len);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("Joliet identifiers");
	TCase *tc = tcase_create("identifiers");

	tcase_add_test(tc, plain_name_is_kept);
	tcase_add_test(tc, forbidden_characters_are_mapped);
	tcase_add_test(tc, limit_is_64_units);
	tcase_add_test(tc, long_limit_is_103_units);
	tcase_add_test(tc, clash_is_numbered_before_the_extension);
	tcase_add_test(tc, pair_is_never_halved);
	tcase_add_test(tc, a_low_surrogate_alone_is_no_half);
	tcase_add_test(tc, name_without_a_form_is_refused);
	tcase_add_test(tc, malformed_name_has_no_form);
	tcase_add_test(tc, version_is_dropped);
	tcase_add_test(tc, version_says_nothing_of_a_name);
	tcase_add_test(tc, identifier_without_a_name_is_corrupt);
	tcase_add_test(tc, odd_byte_is_dropped);
	tcase_add_test(tc, longest_identifier_has_room);
	tcase_add_test(tc, order_is_that_of_units);
	tcase_add_test(tc, order_of_names_is_that_of_identifiers);
	tcase_add_test(tc, nothing_is_reserved);
	tcase_add_loop_test(tc, plain_identifiers_say_all_of_a_name, 0, 17);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
