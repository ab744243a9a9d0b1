/* SPDX-License-Identifier: MIT */
/* Names of other character sets. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "joliet/lathe_joliet.h"
#include "tests/suite.h"

static long live;

static void *counting(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	(void)ctx;
	live += (long)new_bytes - (long)old_bytes;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

/* NULL where the system has no iconv at all. */
static struct lathe_joliet_charset *open_set(const char *name)
{
	struct lathe_hooks hooks = { .realloc = counting };
	struct lathe_joliet_charset *set = NULL;
	int err = lathe_joliet_charset_open(&hooks, name, &set);

	if (err == LATHE_ERR_UNSUPPORTED &&
	    lathe_joliet_charset_open(NULL, "UTF-8", &set) ==
		    LATHE_ERR_UNSUPPORTED)
		return NULL;
	ck_assert_int_eq(err, 0);
	return set;
}

static void gives(struct lathe_joliet_charset *set, const char *in,
		  const char *want)
{
	char out[64];
	int len = lathe_joliet_charset_to_utf8(set, in, strlen(in), out,
					       sizeof(out));

	ck_assert_int_eq(len, (int)strlen(want));
	ck_assert_mem_eq(out, want, (size_t)len);
}

START_TEST(latin_1_becomes_utf_8)
{
	struct lathe_joliet_charset *set = open_set("ISO-8859-1");
	char out[4];

	if (!set)
		return;
	gives(set, "a\xe4", "a\xc3\xa4");
	gives(set, "", "");
	ck_assert_int_eq(lathe_joliet_charset_to_utf8(set, "\xe4\xe4\xe4", 3,
						      out, 4),
			 LATHE_ERR_LIMIT);
	lathe_joliet_charset_close(set);
	ck_assert_int_eq(live, 0);
}
END_TEST

START_TEST(bytes_outside_the_set_are_refused)
{
	struct lathe_joliet_charset *set = open_set("ASCII");
	char out[8];

	if (!set)
		return;
	ck_assert_int_eq(lathe_joliet_charset_to_utf8(set, "a\xe4", 2, out, 8),
			 LATHE_ERR_NAME);
	gives(set, "after", "after");
	lathe_joliet_charset_close(set);
}
END_TEST

/* A set with shift states: each name begins anew. */
START_TEST(shift_state_is_not_carried_over)
{
	struct lathe_joliet_charset *set = NULL;
	char out[8];

	if (lathe_joliet_charset_open(NULL, "ISO-2022-JP", &set) != 0)
		return; /* small systems know few sets */
	gives(set, "\x1b$B$\"", "\xe3\x81\x82");
	gives(set, "$\"", "$\"");
	/* Nor that of a name which ends in the middle of a character. */
	ck_assert_int_eq(lathe_joliet_charset_to_utf8(set, "\x1b$B$", 4, out,
						      sizeof(out)),
			 LATHE_ERR_NAME);
	gives(set, "$\"", "$\"");
	lathe_joliet_charset_close(set);
}
END_TEST

static void *no_memory(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	(void)ctx, (void)p, (void)old_bytes, (void)new_bytes;
	return NULL;
}

START_TEST(opening_without_memory)
{
	struct lathe_hooks hooks = { .realloc = no_memory };
	struct lathe_joliet_charset *set = NULL;
	struct lathe_joliet_charset *any = open_set("UTF-8");

	if (!any)
		return;
	lathe_joliet_charset_close(any);
	ck_assert_int_eq(lathe_joliet_charset_open(&hooks, "UTF-8", &set),
			 LATHE_ERR_MEMORY);
	ck_assert_ptr_null(set);
	ck_assert_int_eq(lathe_joliet_charset_open(NULL, "UTF-8", NULL),
			 LATHE_ERR_ARG);
}
END_TEST

/* 8862h are two characters: there has to be room for both. */
START_TEST(two_characters_need_room)
{
	struct lathe_joliet_charset *set = NULL;
	char out[4];
	size_t room;

	if (lathe_joliet_charset_open(NULL, "BIG5-HKSCS", &set) != 0)
		return; /* small systems know few sets */
	gives(set, "\x88\x66", "\xc3\x8a");
	gives(set, "\x88\x62", "\xc3\x8a\xcc\x84");
	for (room = 0; room < 4; room++)
		ck_assert_int_eq(lathe_joliet_charset_to_utf8(
					 set, "\x88\x62", 2, out, room),
				 LATHE_ERR_LIMIT);
	gives(set, "a", "a");
	lathe_joliet_charset_close(set);
}
END_TEST

/* A letter that an accent behind it would change (CCh, a grave one) is held
 * back to the end: there has to be room for it, too. */
START_TEST(held_back_characters_need_room)
{
	struct lathe_joliet_charset *set = NULL;
	char out[4];

	if (lathe_joliet_charset_open(NULL, "CP1258", &set) != 0)
		return; /* small systems know few sets */
	gives(set, "ba", "ba");
	ck_assert_int_eq(lathe_joliet_charset_to_utf8(set, "ba", 2, out, 1),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_joliet_charset_to_utf8(set, "ba", 2, out, 2),
			 2);
	lathe_joliet_charset_close(set);
}
END_TEST

START_TEST(unknown_set_is_unsupported)
{
	struct lathe_joliet_charset *set = NULL;

	ck_assert_int_eq(lathe_joliet_charset_open(NULL, "no such set", &set),
			 LATHE_ERR_UNSUPPORTED);
	ck_assert_ptr_null(set);
	ck_assert_int_eq(lathe_joliet_charset_open(NULL, NULL, &set),
			 LATHE_ERR_ARG);
	lathe_joliet_charset_close(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("character sets");
	TCase *tc = tcase_create("iconv");

	tcase_add_test(tc, latin_1_becomes_utf_8);
	tcase_add_test(tc, bytes_outside_the_set_are_refused);
	tcase_add_test(tc, shift_state_is_not_carried_over);
	tcase_add_test(tc, opening_without_memory);
	tcase_add_test(tc, two_characters_need_room);
	tcase_add_test(tc, held_back_characters_need_room);
	tcase_add_test(tc, unknown_set_is_unsupported);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
