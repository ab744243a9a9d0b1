/* SPDX-License-Identifier: MIT */
/* Folders whose files several threads look at: all is as with one. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

/* Below what wakes helpers, at it, around one and two windows of names. */
static const unsigned counts[] = { 31, 32, 33, 1023, 1024, 1025, 2500 };
static const uint32_t threads[] = { 0, 1, 3, 16, UINT32_MAX };

#define COUNTS (sizeof(counts) / sizeof(counts[0]))
#define THREADS (sizeof(threads) / sizeof(threads[0]))

static void setup(void)
{
	update_setup();
	config.symlinks = LATHE_ISO9660_LINKS_CONTENT;
}

static const char *name_of(unsigned i)
{
	static char name[32];

	snprintf(name, sizeof(name), "in/%05u", i);
	return name;
}

/* Number i has i % 19 bytes; some are folders, some lead nowhere. Files of one
 * size are names of one, as making thousands of files takes its time. */
static bool is_folder(unsigned i)
{
	return i % 101 == 5;
}

static bool is_dangling(unsigned i)
{
	return i % 97 == 13;
}

static void make_one(unsigned i)
{
	char of_size[16];

	snprintf(of_size, sizeof(of_size), "size%u", i % 19);
	if (i < 19)
		put(of_size, &"123456789012345678"[18 - i]);
	if (is_folder(i))
		ck_assert_int_eq(mkdir(name_of(i), 0755), 0);
	else if (is_dangling(i))
		ck_assert_int_eq(symlink("/nothing/at/all", name_of(i)), 0);
	else
		ck_assert_int_eq(link(of_size, name_of(i)), 0);
}

static void make_files(unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		make_one(i);
}

/* What is in the tree, against what was made. */
static void look_for_files(unsigned count)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (is_dangling(i) && !is_folder(i)) {
			ck_assert_int_eq(lathe_iso9660_find(
						 tree, name_of(i) + 3, &node),
					 LATHE_ERR_NOT_FOUND);
			continue;
		}
		ck_assert_int_eq(lathe_iso9660_find(tree, name_of(i) + 3,
						    &node), 0);
		ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
		ck_assert_int_eq(entry.kind, is_folder(i)
						     ? LATHE_ISO9660_DIRECTORY
						     : LATHE_ISO9660_FILE);
		if (!is_folder(i))
			ck_assert_uint_eq(entry.size, i % 19);
	}
}

START_TEST(as_with_one_thread)
{
	unsigned count = counts[_i];
	char first[sizeof(told)] = "";
	uint32_t i;

	make_files(count);
	for (i = 0; i < THREADS; i++) {
		lathe_iso9660_tree_destroy(tree);
		tree = make_tree(NULL, 1);
		config.threads = threads[i];
		new_host();
		told[0] = 0;
		ck_assert_int_eq(add(NULL, "in", 0), 0);
		look_for_files(count);
		if (i == 0)
			strcpy(first, told);
		ck_assert_str_eq(told, first);
	}
	ck_assert_ptr_nonnull(strstr(first, "dangling:in/00013 "));
}
END_TEST

/* Asked about the first one, the rest goes away. */
static bool remove_rest(void *ctx, const char *path, bool directory)
{
	unsigned i;

	(void)path;
	(void)directory;
	for (i = 1; i < 500 && *(bool *)ctx; i++)
		unlink(name_of(i));
	*(bool *)ctx = false;
	return false;
}

static unsigned count_told(const char *what)
{
	const char *at = told;
	unsigned n = 0;

	while ((at = strstr(at, what)) != NULL) {
		at++;
		n++;
	}
	return n;
}

/* Each is there, or it is told why not. */
START_TEST(files_that_go_away)
{
	struct lathe_iso9660_counts count;
	bool armed = true;
	unsigned i;

	put("one", "");
	for (i = 0; i < 500; i++)
		ck_assert_int_eq(link("one", name_of(i)), 0);
	config.threads = threads[_i];
	config.excluded = remove_rest;
	config.excluded_ctx = &armed;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	lathe_iso9660_count(tree, &count);
	if (threads[_i] == 0)
		ck_assert_uint_eq(count.files, 1);
	/* 'told' has room for some 180 of them. */
	if (count.files > 400)
		ck_assert_uint_eq(count.files + count_told("unreadable:in/"),
				  500);
	else
		ck_assert_uint_ge(count_told("unreadable:in/"), 90);
}
END_TEST

static bool after_some(void *ctx)
{
	return ++*(unsigned *)ctx > 3;
}

START_TEST(cancelled)
{
	struct lathe_hooks hooks = config.hooks;
	unsigned asked = 0;

	make_files(2500);
	config.threads = threads[_i];
	config.hooks = (struct lathe_hooks){ .ctx = &asked,
					     .cancelled = after_some };
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_CANCELLED);
	ck_assert_str_eq(dump(), "");
	config.hooks = hooks;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	look_for_files(2500);
}
END_TEST

/* With the n-th request of memory failing, if it comes to that. */
static int add_anew(uint64_t n, bool *failed)
{
	int err;

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(NULL, 1);
	new_host();
	heap.calls = 0;
	heap.fail_at = n;
	err = add(NULL, "in", 0);
	*failed = heap.calls >= n;
	heap.fail_at = 0;
	return err;
}

/* Each request of memory fails once: that for looking ahead harms nobody. */
START_TEST(no_memory)
{
	unsigned harmless = 0;
	bool failed;
	uint64_t n;
	int err;

	make_files(100);
	config.threads = 3;
	for (n = 1, failed = true; failed; n++) {
		err = add_anew(n, &failed);
		if (err) {
			ck_assert_int_eq(err, LATHE_ERR_MEMORY);
			ck_assert_str_eq(dump(), "");
			continue;
		}
		look_for_files(100);
		harmless += failed;
	}
	ck_assert_uint_eq(harmless, 1);
}
END_TEST

/* ---- folders, of which the next is listed ahead ------------------------- */

/* Folders that wake helpers or do not. The list of "in/y" is made ahead of
 * "in/z/q" and "in/z/q/p", which come before it all the same; that of "in/x"
 * needs more room than any before it. */
static void make_folders(void)
{
	static const struct {
		const char *path;
		unsigned files;
	} folders[] = {
		{ "in", 40 }, { "in/x", 500 }, { "in/x/q", 40 },
		{ "in/x/r", 40 }, { "in/x/r/s", 40 }, { "in/x/e", 0 },
		{ "in/y", 200 }, { "in/z", 40 }, { "in/z/q", 3 },
		{ "in/z/q/p", 3 }
	};
	char path[64];
	unsigned f, i;

	for (f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
		if (f > 0)
			ck_assert_int_eq(mkdir(folders[f].path, 0755), 0);
		for (i = 0; i < folders[f].files; i++) {
			snprintf(path, sizeof(path), "%s/%u%c", folders[f].path,
				 i, 'a' + (char)f);
			put(path, &"12345678"[f % 8]);
		}
	}
}

static void add_folders(char *first)
{
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	if (!first[0])
		strcpy(first, dump());
	ck_assert(strcmp(dump(), first) == 0);
}

START_TEST(folders_as_with_one_thread)
{
	static char first[sizeof(text)];
	uint32_t i;

	make_folders();
	for (i = 0; i < THREADS; i++) {
		lathe_iso9660_tree_destroy(tree);
		tree = make_tree(NULL, 1);
		config.threads = threads[i];
		new_host();
		add_folders(first);
	}
		ck_assert_ptr_nonnull(strstr(first, " /x/e/ "));
	ck_assert_ptr_nonnull(strstr(first, " /x/r/s/39e+4 "));
	ck_assert_ptr_nonnull(strstr(first, " /z/q/0i+8 "));
}
END_TEST

/* That the next folder can not be listed yet is none of this one's business:
 * each request of memory fails once, and what comes out is all or nothing. */
START_TEST(no_memory_for_folders)
{
	static char first[sizeof(text)];
	unsigned harmless = 0;
	bool failed = false;
	uint64_t n;
	int err;

	make_folders();
	new_host();
	add_folders(first);
	config.threads = 2;
	for (n = 1; n == 1 || failed; n++) {
		err = add_anew(n, &failed);
		ck_assert(err == 0 || err == LATHE_ERR_MEMORY);
		ck_assert(strcmp(dump(), err ? "" : first) == 0);
		harmless += failed && !err;
	}
	/* Looking ahead, and the second list. */
	ck_assert_uint_ge(harmless, 2);
}
END_TEST

static bool leave_out(void *ctx, const char *path, bool directory)
{
	char name[64];

	(void)directory;
	if (strcmp(path, ctx) != 0)
		return false;
	snprintf(name, sizeof(name), "in%s", path);
	ck_assert_int_eq(rename(name, "elsewhere"), 0);
	return true;
}

/* What is left out goes away just then: nothing of it is listed for another.
 */
START_TEST(folder_that_goes_away)
{
	static char path[] = "/x/r";

	make_folders();
	config.threads = threads[_i];
	config.excluded = leave_out;
	config.excluded_ctx = path;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_ptr_null(strstr(dump(), "/r/"));
	ck_assert_ptr_nonnull(strstr(text, " /x/q/39c+6 "));
	ck_assert_ptr_nonnull(strstr(text, " /y/199g+2 "));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("looking at host files ahead");
	TCase *tc = tcase_create("looking at host files ahead");

	tcase_add_checked_fixture(tc, setup, update_teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, as_with_one_thread, 0, COUNTS);
	tcase_add_loop_test(tc, files_that_go_away, 0, THREADS);
	tcase_add_loop_test(tc, cancelled, 0, THREADS);
	tcase_add_test(tc, no_memory);
	tcase_add_test(tc, folders_as_with_one_thread);
	tcase_add_test(tc, no_memory_for_folders);
	tcase_add_loop_test(tc, folder_that_goes_away, 0, THREADS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
