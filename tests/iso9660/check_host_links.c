/* SPDX-License-Identifier: MIT */
/* Symbolic and hard links, special files, and names that are others in the
 * tree than here. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

/* ---- links -------------------------------------------------------------- */

START_TEST(a_new_name_of_an_old_file_shares_its_extent)
{
	record_three();
	ck_assert_int_eq(link("in/a", "in/z"), 0);
	ck_assert_int_eq(symlink("sub/c", "in/to_c"), 0);
	age("in/a", 1000000000);
	update(0);
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_c>sub/c=3 /z=@1 ");
}
END_TEST

START_TEST(links_follow_their_files)
{
	put("outside", "12345");
	record_three();
	ck_assert_int_eq(symlink("a", "in/to_a"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out1"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out2"), 0);
	ck_assert_int_eq(symlink("sub", "in/to_sub"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	update(0);
	ck_assert_str_eq(told, "");
	ck_assert_str_eq(dump(), "/a=1 /loop>loop+0 /out1>../outside+5 "
				 "/out2>../outside+5 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_a>a=1 /to_sub>sub+0 ");
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	/* The file is another one: what Joliet shows must be, too. */
	put("in/a", "22");
	put("outside", "1234567");
	unlink("in/to_sub");
	ck_assert_int_eq(symlink("./sub", "in/to_sub"), 0);
	update(0);
	expect(0, 5, 0, 0);
	ck_assert_str_eq(dump(), "/a+2 /loop>loop=0 /out1>../outside+7 "
				 "/out2>../outside+7 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_a>a+2 /to_sub>./sub+0 ");
}
END_TEST

START_TEST(links_are_followed_but_not_in_circles)
{
	config.symlinks = LATHE_ISO9660_LINKS_FOLLOW;
	new_host();
	mkdir("in/sub", 0755);
	mkdir("elsewhere", 0755);
	put("elsewhere/f", "fff");
	ck_assert_int_eq(symlink("../in", "elsewhere/back"), 0);
	ck_assert_int_eq(symlink("..", "in/sub/up"), 0);
	ck_assert_int_eq(symlink("../elsewhere", "in/there"), 0);
	ck_assert_int_eq(symlink("nothing", "in/dangling"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	ck_assert_int_eq(symlink("there/f", "in/to_f"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/sub/ /there/ /there/f+3 /to_f+@3 ");
	ck_assert_str_eq(told, "dangling:in/dangling dangling:in/loop "
			       "loop:in/there/back loop:in/sub/up ");
	config.symlinks = LATHE_ISO9660_LINKS_SKIP;
	new_host();
	told[0] = 0;
	ck_assert_int_eq(add("skip", "in/sub", 0), 0);
	ck_assert_str_eq(told, "link:in/sub/up ");
}
END_TEST

START_TEST(special_files_are_added_on_request)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	config.specials = true;
	new_host();
	ck_assert_int_eq(mkfifo("in/pipe", 0640), 0);
	update(0);
	ck_assert_str_eq(dump(), "/pipe!10000 ");
	ck_assert_int_eq(add("null", "/dev/null", 0), 0);
	lathe_iso9660_find(tree, "null", &node);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.type, 0020000);
	/* Linux, devices.txt: 1 3 char */
	if (access("/proc/self", F_OK) == 0) {
		ck_assert_uint_eq(entry.dev_high, 1);
		ck_assert_uint_eq(entry.dev_low, 3);
	}
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	unlink("in/pipe");
	put("in/pipe", "file");
	update(0);
	ck_assert_str_eq(dump(), "/null!20000 /pipe+4 ");
}
END_TEST

/* ---- names -------------------------------------------------------------- */

/* "x" becomes "y"; names with "!" have none. */
static int change_name(void *ctx, const char *name, size_t len,
		       bool directory, char *out)
{
	size_t i;

	(void)ctx;
	ck_assert(directory == (strcmp(name, "x") == 0 ||
				strncmp(name, "x/", 2) == 0));
	for (i = 0; i < len; i++)
		out[i] = name[i] == 'x' ? 'y' : name[i];
	return memchr(name, '!', len) ? LATHE_ERR_NAME : (int)len;
}

START_TEST(files_are_read_by_their_own_names)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *image;

	config.name = change_name;
	new_host();
	mkdir("in/x", 0755);
	put("in/x/xa", "contents of xa");
	put("in/no!", "");
	ck_assert_int_eq(symlink("x/xa", "in/link"), 0);
	age_all("in");
	update(0);
	ck_assert_str_eq(dump(), "/link>y/ya+14 /y/ /y/ya+14 ");
	ck_assert_str_eq(told, "name:in/no! ");
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048,
			 "contents of xa", 14);
	free(image);
	record();
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	put("in/x/ya", "the same name");
	ck_assert_int_eq(add(NULL, "in", UPDATE), LATHE_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "in/x/ya"));
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_int_eq(add("z", "in", 0), LATHE_ERR_EXISTS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("links and names of host files");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, a_new_name_of_an_old_file_shares_its_extent);
	tcase_add_test(tc, links_follow_their_files);
	tcase_add_test(tc, links_are_followed_but_not_in_circles);
	tcase_add_test(tc, special_files_are_added_on_request);
	tcase_add_test(tc, files_are_read_by_their_own_names);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
