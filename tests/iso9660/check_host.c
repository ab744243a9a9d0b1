/* SPDX-License-Identifier: MIT */
/* Files of this host: what is added, and what is left out. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

static void setup(void)
{
	update_setup();
	config.posix = false;
	config.symlinks = LATHE_ISO9660_LINKS_CONTENT;
	new_host();
}

START_TEST(folder_with_all_below)
{
	struct timespec times[2] = { { 0, 0 }, { 951782399, 0 } };
	struct lathe_iso9660_entry entry;
	uint32_t node;

	/* 2000-02-28 23:59:59 GMT, a day before a leap day */
	static const uint8_t date[7] = { 100, 2, 28, 23, 59, 59, 0 };

	mkdir("in/sub", 0755);
	mkdir("in/empty", 0755);
	put("in/sub/b", "bb");
	put("in/a", "hello");
	ck_assert_int_eq(utimensat(AT_FDCWD, "in/a", times, 0), 0);
	ck_assert_int_eq(add("x", "in", 0), 0);
	ck_assert_int_eq(add(NULL, "in/sub", 0), 0);
	ck_assert_int_eq(add("one", "in/a", 0), 0);
	ck_assert_str_eq(dump(), "/b+2 /one+5 /x/ /x/a+5 /x/empty/ /x/sub/ "
				 "/x/sub/b+2 ");
	ck_assert_int_eq(lathe_iso9660_find(tree, "x/a", &node), 0);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	ck_assert_uint_eq(entry.size, 5);
	ck_assert_mem_eq(entry.date, date, 7);
	ck_assert_str_eq(told, "");
}
END_TEST

/* The days around leap days, and the years that a record can hold. */
START_TEST(dates_of_files)
{
	static const struct {
		time_t time;
		uint8_t date[7];
	} cases[] = {
		{ 0, { 70, 1, 1, 0, 0, 0, 0 } },
		{ -1, { 69, 12, 31, 23, 59, 59, 0 } },
		{ 951868800, { 100, 3, 1, 0, 0, 0, 0 } },
		{ 951782400, { 100, 2, 29, 0, 0, 0, 0 } },
		{ 1709251199, { 124, 2, 29, 23, 59, 59, 0 } },
		{ 4107542399, { 200, 2, 28, 23, 59, 59, 0 } },
		{ 4107542400, { 200, 3, 1, 0, 0, 0, 0 } },
		{ 5869583999, { 255, 12, 31, 23, 59, 59, 0 } },
		{ 5869584000, { 0, 0, 0, 0, 0, 0, 0 } },
		{ -2208988801, { 0, 0, 0, 0, 0, 0, 0 } }
	};
	struct lathe_iso9660_entry entry;
	uint32_t i, node;
	char name[8];

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct timespec times[2] = { { 0, 0 },
					     { cases[i].time, 0 } };
		struct stat st;

		put("in/f", "x");
		utimensat(AT_FDCWD, "in/f", times, 0);
		stat("in/f", &st);
		if (st.st_mtime != cases[i].time)
			continue;	/* not every file system can */
		snprintf(name, sizeof(name), "f%u", i);
		ck_assert_int_eq(add(name, "in/f", 0), 0);
		lathe_iso9660_find(tree, name, &node);
		lathe_iso9660_get(tree, node, &entry);
		ck_assert_mem_eq(entry.date, cases[i].date, 7);
	}
}
END_TEST

START_TEST(what_plain_volumes_can_not_hold)
{
	mkdir("in/folder", 0755);
	put("in/folder/file", "in the tree");
	put("outside", "not in the tree");
	ck_assert_int_eq(mkfifo("in/pipe", 0644), 0);
	put("in/bad\xff", "x");
	ck_assert_int_eq(symlink("folder/file", "in/to_file"), 0);
	ck_assert_int_eq(symlink("to_file", "in/to_link"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out1"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out2"), 0);
	ck_assert_int_eq(symlink("folder", "in/to_folder"), 0);
	ck_assert_int_eq(symlink("nothing", "in/to_nothing"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	ck_assert_int_eq(symlink("pipe", "in/to_pipe"), 0);
	ck_assert_int_eq(symlink(".", "in/folder/self"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/folder/ /folder/file+11 /out1+15 "
				 "/out2+@15 /to_file+@11 /to_link+@11 ");
	ck_assert_str_eq(told, "name:in/bad\xff dangling:in/loop "
			       "special:in/pipe directory:in/to_folder "
			       "dangling:in/to_nothing special:in/to_pipe "
			       "directory:in/folder/self ");
}
END_TEST

/* The image itself lies among the files that go into it. */
static struct stat output;

static bool is_output(void *ctx, uint64_t dev, uint64_t ino)
{
	(void)ctx;
	return dev == (uint64_t)output.st_dev && ino == (uint64_t)output.st_ino;
}

START_TEST(what_is_written_is_left_out)
{
	uint32_t i;

	put("in/a", "1");
	put("in/image", "old");
	mkdir("in/sub", 0755);
	ck_assert_int_eq(link("in/image", "in/sub/hard"), 0);
	ck_assert_int_eq(symlink("image", "in/to_image"), 0);
	ck_assert_int_eq(stat("in/image", &output), 0);
	config.output = is_output;
	for (i = 0; i < 3; i++) {
		config.symlinks = (enum lathe_iso9660_host_links)i;
		new_host();
		told[0] = 0;
		lathe_iso9660_tree_destroy(tree);
		tree = make_tree(NULL, 1);
		ck_assert_int_eq(add(NULL, "in", 0), 0);
		ck_assert_str_eq(told, "output:in/image output:in/to_image "
				       "output:in/sub/hard ");
		ck_assert_str_eq(dump(), i == LATHE_ISO9660_LINKS_RECORD
						 ? "/a+1 /sub/ "
						   "/to_image>image+0 "
						 : "/a+1 /sub/ ");
	}
	ck_assert_int_eq(add("x", "in/to_image", 0), LATHE_ERR_ARG);
	ck_assert_str_eq(lathe_iso9660_host_failure(host)->text,
			 "in/to_image: is to be written");
}
END_TEST

static bool begins_with_bad(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	(void)directory;
	return strncmp(path, "/x/bad", 6) == 0;
}

START_TEST(names_that_have_no_form_in_the_tree_can_be_left_out)
{
	config.excluded = begins_with_bad;
	new_host();
	put("in/bad\xff", "x");
	put("in/worse\xff", "x");
	mkdir("in/badder\xff", 0755);
	ck_assert_int_eq(add("x", "in/", 0), 0);
	ck_assert_str_eq(told, "name:in/worse\xff ");
	ck_assert_str_eq(dump(), "/x/ ");
}
END_TEST

/* What was made on the way gets its attributes when it comes itself. */
START_TEST(directories_are_what_is_put_there)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	mkdir("in/a", 0755);
	put("in/a/b", "1");
	age_all("in");
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT,
						     "in", 2, NULL, &node), 0);
	ck_assert_int_eq(lathe_iso9660_host_add(host, tree, node, "x", "in/a",
						0), 0);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.date[1], 0);
	ck_assert_int_eq(add("in", "in", 0), 0);
	lathe_iso9660_get(tree, node, &entry);
	/* 10^9 seconds: 2001-09-09 01:46:40 */
	ck_assert_mem_eq(entry.date, "\x65\x09\x09\x01\x2e\x28\x00", 7);
	ck_assert_str_eq(dump(), "/in/ /in/a/ /in/a/b+1 /in/x/ /in/x/b+1 ");
	/* Of several sources the first one counts, or the last one. */
	mkdir("other", 0755);
	age("other", 1000000001);
	ck_assert_int_eq(add("in", "other", 0), 0);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.date[5], 40);
	ck_assert_int_eq(add("in", "other", LATHE_ISO9660_REPLACE), 0);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.date[5], 41);
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_int_eq(add(NULL, "other", 0), 0);
	lathe_iso9660_get(tree, LATHE_ISO9660_ROOT, &entry);
	ck_assert_uint_eq(entry.date[5], 40);
	ck_assert_int_eq(add(NULL, "other", LATHE_ISO9660_REPLACE), 0);
	lathe_iso9660_get(tree, LATHE_ISO9660_ROOT, &entry);
	ck_assert_uint_eq(entry.date[5], 41);
}
END_TEST

START_TEST(hard_links_share_an_extent)
{
	struct lathe_iso9660_counts count;

	put("in/a", "12345");
	mkdir("in/sub", 0755);
	ck_assert_int_eq(link("in/a", "in/b"), 0);
	ck_assert_int_eq(link("in/a", "in/sub/c"), 0);
	put("in/d", "12345");
	ck_assert_int_eq(add("one", "in", 0), 0);
	/* Added again they are still the same file. */
	ck_assert_int_eq(add("two", "in/b", 0), 0);
	ck_assert_str_eq(dump(), "/one/ /one/a+5 /one/b+@5 /one/d+5 "
				 "/one/sub/ /one/sub/c+@5 /two+@5 ");
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.new_files, 2);
	ck_assert_uint_eq(count.new_bytes, 10);
}
END_TEST

START_TEST(failed_adding_leaves_no_trace)
{
	put("in/a", "x");
	put("in/b", "x");
	mkdir("in/sub", 0755);
	put("in/sub/c", "x");
	ck_assert_int_eq(add("b", "in/b", 0), 0);
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "in/b"));
	ck_assert_str_eq(dump(), "/b+1 ");
	ck_assert_int_eq(add(NULL, "nowhere", 0), LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(add(NULL, "in/a", 0), LATHE_ERR_ARG);
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_str_eq(dump(), "/a+1 /b+1 /sub/ /sub/c+1 ");
}
END_TEST

/* What is wrong comes last in a message, and must not be cut off. */
START_TEST(what_is_wrong_is_told_of_a_long_path)
{
	char path[480], *at = path;
	uint32_t parent = LATHE_ISO9660_ROOT, node, i;
	const char *why;

	at += sprintf(at, "in");
	for (i = 0; i < 2; i++) {
		*at++ = '/';
		memset(at, 'a' + (int)i, 200);
		at[200] = 0;
		ck_assert_int_eq(mkdir(path, 0755), 0);
		ck_assert_int_eq(lathe_iso9660_add_directory(tree, parent, at,
							     200, NULL,
							     &parent), 0);
		at += 200;
	}
	strcpy(at, "/f");
	put(path, "x");
	ck_assert_int_eq(lathe_iso9660_add_directory(tree, parent, "f", 1, NULL,
						     &node), 0);
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_EXISTS);
	why = lathe_iso9660_host_failure(host)->text;
	ck_assert_int_eq(strncmp(why, "...", 3), 0);
	ck_assert_str_eq(strrchr(why, '/'), "/f: \"f\" exists already, as a "
					    "directory");
}
END_TEST

/* Longer than PATH_MAX; files are found again from folder to folder. */
START_TEST(paths_longer_than_the_system_takes)
{
	static char name[201];
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t depth, blocks;
	uint8_t *image;
	int fd = open("in", O_RDONLY), next;

	memset(name, 'n', 200);
	for (depth = 0; depth < 60; depth++) {
		ck_assert_int_eq(mkdirat(fd, name, 0755), 0);
		next = openat(fd, name, O_RDONLY);
		ck_assert_int_ge(next, 0);
		close(fd);
		fd = next;
	}
	next = openat(fd, "file", O_WRONLY | O_CREAT, 0644);
	ck_assert_int_eq(write(next, "deep down", 9), 9);
	close(next);
	close(fd);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048, "deep down",
			 9);
	free(image);

	/* nftw can not remove it. */
	for (depth = 60; depth > 0; depth--) {
		uint32_t i;

		fd = open("in", O_RDONLY);
		for (i = 1; i < depth; i++) {
			next = openat(fd, name, O_RDONLY);
			close(fd);
			fd = next;
		}
		if (depth == 60) {
			next = openat(fd, name, O_RDONLY);
			unlinkat(next, "file", 0);
			close(next);
		}
		unlinkat(fd, name, AT_REMOVEDIR);
		close(fd);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host files");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, setup, update_teardown);
	tcase_set_timeout(tc, 30);
	tcase_add_test(tc, folder_with_all_below);
	tcase_add_test(tc, dates_of_files);
	tcase_add_test(tc, what_plain_volumes_can_not_hold);
	tcase_add_test(tc, what_is_written_is_left_out);
	tcase_add_test(tc,
		       names_that_have_no_form_in_the_tree_can_be_left_out);
	tcase_add_test(tc, directories_are_what_is_put_there);
	tcase_add_test(tc, hard_links_share_an_extent);
	tcase_add_test(tc, failed_adding_leaves_no_trace);
	tcase_add_test(tc, what_is_wrong_is_told_of_a_long_path);
	tcase_add_test(tc, paths_longer_than_the_system_takes);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
