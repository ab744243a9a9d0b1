/* SPDX-License-Identifier: MIT */
/* Names of host files that are others in the tree: which of them are none,
 * what becomes of links through them, and what is asked by which name. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

/*
 * "1": as long as a name may be; "2": longer, so that nothing is written;
 * "none": refused; "zero": nothing; "short.<...>": "s"; "long": a hundred
 * bytes; "bad": no UTF-8.
 */
static int change_name(void *ctx, const char *name, size_t len, bool directory,
		       char *out)
{
	(void)ctx;
	(void)directory;
	if (len == 1 && name[0] == '1') {
		memset(out, 'm', LATHE_ISO9660_NAME_MAX);
		return LATHE_ISO9660_NAME_MAX;
	}
	if (len == 1 && name[0] == '2')
		return LATHE_ISO9660_NAME_MAX + 1;
	if (len == 4 && memcmp(name, "none", 4) == 0)
		return LATHE_ERR_NAME;
	if (len == 4 && memcmp(name, "zero", 4) == 0)
		return 0;
	if (len == 3 && memcmp(name, "bad", 3) == 0) {
		out[0] = '\xff';
		return 1;
	}
	if (len > 6 && memcmp(name, "short.", 6) == 0) {
		out[0] = 's';
		return 1;
	}
	if (len == 4 && memcmp(name, "long", 4) == 0) {
		memset(out, 'l', 100);
		return 100;
	}
	memcpy(out, name, len);
	return (int)len;
}

static void setup(void)
{
	update_setup();
	config.name = change_name;
	new_host();
}

/* ---- names -------------------------------------------------------------- */

START_TEST(which_names_are_none)
{
	char want[LATHE_ISO9660_NAME_MAX + 16];

	put("in/1", "x");
	put("in/2", "x");
	put("in/bad", "x");
	put("in/none", "x");
	put("in/short.\xff", "x");
	put("in/zero", "x");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(told, "name:in/2 name:in/bad name:in/none "
			       "name:in/zero ");
	want[0] = '/';
	memset(want + 1, 'm', LATHE_ISO9660_NAME_MAX);
	strcpy(want + 1 + LATHE_ISO9660_NAME_MAX, "+1 /s+1 ");
	ck_assert_str_eq(dump(), want);
}
END_TEST

/* The path is where it would be in the tree. */
static bool is_s(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	(void)directory;
	return strcmp(path, "/s") == 0;
}

START_TEST(what_is_excluded_goes_by_the_name_in_the_tree)
{
	config.excluded = is_s;
	new_host();
	put("in/short.name", "x");
	put("in/s2", "x");
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/s2+1 ");
}
END_TEST

/* Hard links keep the name by which their file is found here, whichever of
 * them is left. */
START_TEST(the_name_that_is_left_finds_its_file)
{
	struct lathe_iso9660_plan_options options = plain_options();
	static const char *const names[] = { "s", "sub/s" };
	uint32_t node, blocks;
	uint8_t *image;

	mkdir("in/sub", 0755);
	put("in/short.first", "content");
	ck_assert_int_eq(link("in/short.first", "in/sub/short.second"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/s+7 /sub/ /sub/s+@7 ");
	ck_assert_int_eq(lathe_iso9660_find(tree, names[_i], &node), 0);
	ck_assert_int_eq(lathe_iso9660_remove(tree, node), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048, "content", 7);
	free(image);
}
END_TEST

/* ---- texts of links ----------------------------------------------------- */

static void text_becomes(const char *before, const char *after)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	unlink("in/link");
	/* XFS has room for 1024 bytes. */
	if (symlink(before, "in/link") && errno == ENAMETOOLONG)
		return;
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_int_eq(lathe_iso9660_find(tree, "link", &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_uint_eq(entry.symlink_len, strlen(after));
	ck_assert_mem_eq(entry.symlink, after, entry.symlink_len);
}

/* All names of a text are changed, or none: half of it would lead astray. */
START_TEST(texts_with_names_that_have_no_form)
{
	static const char *const stay[] = {
		"short.a/none/b", "short.a/zero", "short.a/2/short.b",
		"short.a/bad", "zero/short.a"
	};
	char deep[4096], name[1024];
	size_t used, i;

	text_becomes("short.a", "s");
	text_becomes("/short.a//../short.b/", "/s//../s/");
	for (i = 0; i < sizeof(stay) / sizeof(stay[0]); i++)
		text_becomes(stay[i], stay[i]);
	/* A name that is none here either. */
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	snprintf(deep, sizeof(deep), "short.a/%s", name);
	text_becomes(deep, deep);
	/* Forty are 4040 bytes, and room for 55 more. */
	for (used = 0; used < 40 * 5; used += 5)
		memcpy(deep + used, "long/", 5);
	memset(name, 'e', 56);
	memcpy(deep + used, name, 56);
	deep[used + 56] = 0;
	text_becomes(deep, deep);
	deep[used + 55] = 0;
	unlink("in/link");
	if (symlink(deep, "in/link") && errno == ENAMETOOLONG)
		return;
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_ptr_nonnull(strstr(dump(), "lll/eee"));
}
END_TEST

/* A link's own name is another one as well. */
START_TEST(names_of_links)
{
	put("in/a", "1");
	ck_assert_int_eq(symlink("a", "in/short.link"), 0);
	ck_assert_int_eq(symlink("a", "in/zlink"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/a+1 /s>a+1 /zlink>a+1 ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names of host files in the tree");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, setup, update_teardown);
	tcase_add_test(tc, which_names_are_none);
	tcase_add_test(tc, what_is_excluded_goes_by_the_name_in_the_tree);
	tcase_add_loop_test(tc, the_name_that_is_left_finds_its_file, 0, 2);
	tcase_add_test(tc, texts_with_names_that_have_no_form);
	tcase_add_test(tc, names_of_links);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
