/* SPDX-License-Identifier: MIT */
/*
 * check_looking.c - whoever is called back looks at the tree: all becomes as
 * it would without that.
 */
#define _XOPEN_SOURCE 700
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/source.h"
#include "tests/suite.h"

/* ---- who looks ---------------------------------------------------------- */

static bool looks;
static uint32_t looked;

static int look_at(void *ctx, const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_entry again;
	uint32_t lba, child;
	uint64_t bytes;
	char path[256];

	(void)ctx;
	ck_assert_int_eq(lathe_iso9660_get(tree, entry->node, &again), 0);
	ck_assert_uint_eq(again.parent, entry->parent);
	ck_assert_uint_gt(lathe_iso9660_path(tree, entry->node, path,
					     sizeof(path)), 0);
	ck_assert_int_eq(lathe_iso9660_section(tree, entry->node, 0, &lba,
					       &bytes),
			 entry->sections ? 0 : LATHE_ERR_NOT_FOUND);
	if (entry->node == LATHE_ISO9660_ROOT)
		return 0;
	ck_assert_int_eq(lathe_iso9660_find_child(tree, entry->parent,
						  entry->name,
						  entry->name_len, &child), 0);
	ck_assert_uint_eq(child, entry->node);
	return 0;
}

/* Walks put a tree in order, searches make a table of it. */
static void look(const char *path)
{
	struct lathe_iso9660_counts count;
	uint32_t node;

	if (!looks)
		return;
	looked++;
	lathe_iso9660_count(tree, &count);
	if (looked % 2)
		ck_assert_int_eq(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT,
						    look_at, NULL), 0);
	lathe_iso9660_find(tree, path, &node);
	lathe_iso9660_changed(tree);
}

/* ---- files of this host ------------------------------------------------- */

static void make_files(void)
{
	char path[64];
	unsigned i;

	ck_assert_int_eq(mkdir("in/sub", 0755), 0);
	ck_assert_int_eq(mkdir("in/sub/far", 0755), 0);
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "in/%s%u",
			 i % 3 == 0 ? "" : i % 3 == 1 ? "sub/" : "sub/far/",
			 i * 37 % 40);
		put(path, &"content"[i % 7]);
	}
	ck_assert_int_eq(link("in/0", "in/sub/same"), 0);
	ck_assert_int_eq(symlink("../0", "in/sub/link"), 0);
	ck_assert_int_eq(symlink("nothing", "in/dangling"), 0);
	ck_assert_int_eq(symlink("..", "in/sub/up"), 0);
	ck_assert_int_eq(mkfifo("in/pipe", 0644), 0);
	put("in/\xff", "no name");
	age_all("in");
}

static void skip(void *ctx, enum lathe_iso9660_skipped why, const char *path,
		 int sys_errno)
{
	size_t used = strlen(told);

	(void)ctx;
	(void)sys_errno;
	look(path + 2);
	snprintf(told + used, sizeof(told) - used, "%d:%s ", why, path);
}

static bool exclude(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	(void)directory;
	look(path);
	return strstr(path, "13") != NULL;
}

static int name_it(void *ctx, const char *name, size_t len, bool directory,
		   char *out)
{
	(void)ctx;
	(void)directory;
	look("sub/far");
	memcpy(out, name, len);
	if (name[0] == '2')
		out[0] = 'z';
	return (int)len;
}

static bool is_output(void *ctx, uint64_t dev, uint64_t ino)
{
	(void)ctx;
	(void)dev;
	(void)ino;
	look("sub");
	return false;
}

/* What is there at first, then other content beside it. */
static void change_files(void)
{
	put("in/0", "other content");
	put("in/sub/new", "new");
	unlink("in/sub/1");
	unlink("in/3");
	ck_assert_int_eq(mkdir("in/3", 0755), 0);
	put("in/3/deep", "deep");
	age("in/0", 1000000007);
}

static char *add_and_dump(uint32_t flags, uint32_t threads, bool with)
{
	char *made;

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(NULL, 1);
	config.threads = threads;
	new_host();
	looks = with;
	told[0] = 0;
	ck_assert_int_eq(add("before", "in/sub", 0), 0);
	ck_assert_int_eq(add(NULL, "in", flags), 0);
	if (flags)
		ck_assert_int_eq(finish(), 0);
	looks = false;
	made = malloc(sizeof(text) + sizeof(told));
	ck_assert_ptr_nonnull(made);
	sprintf(made, "%s\n%s", dump(), told);
	return made;
}

static const uint32_t flags[] = { 0, LATHE_ISO9660_UPDATE,
				  LATHE_ISO9660_MIRROR,
				  LATHE_ISO9660_UPDATE | LATHE_ISO9660_MIRROR };

START_TEST(whoever_is_asked_about_files_looks)
{
	char *without, *with;

	config.excluded = exclude;
	config.skipped = skip;
	config.name = name_it;
	config.output = is_output;
	config.symlinks = (enum lathe_iso9660_host_links)(_i / 4 % 4);
	make_files();
	without = add_and_dump(flags[_i % 4], 0, false);
	looked = 0;
	with = add_and_dump(flags[_i % 4], _i < 16 ? 0 : 3, true);
	ck_assert_uint_gt(looked, 40);
	ck_assert_str_eq(with, without);
	free(without);
	free(with);
}
END_TEST

static char *update_and_dump(uint32_t how, bool with)
{
	char *made;

	looks = with;
	told[0] = 0;
	ck_assert_int_eq(add(NULL, "in", how | LATHE_ISO9660_REPLACE), 0);
	if (how)
		ck_assert_int_eq(finish(), 0);
	looks = false;
	made = malloc(sizeof(text) + sizeof(told));
	ck_assert_ptr_nonnull(made);
	sprintf(made, "%s\n%s", dump(), told);
	return made;
}

START_TEST(whoever_is_asked_about_an_update_looks)
{
	uint32_t how = _i % 2 ? UPDATE : UPDATE | MIRROR;
	struct lathe_iso9660_savepoint point;
	char *without, *with;

	config.excluded = exclude;
	config.skipped = skip;
	config.threads = _i < 2 ? 0 : 3;
	new_host();
	make_files();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	record();
	change_files();
	ck_assert_int_eq(lathe_iso9660_save(tree, &point), 0);
	without = update_and_dump(how, false);
	lathe_iso9660_rollback(tree, &point);
	ck_assert_int_eq(lathe_iso9660_host_finish(host, NULL, NULL), 0);
	looked = 0;
	with = update_and_dump(how, true);
	ck_assert_uint_gt(looked, 40);
	ck_assert_str_eq(with, without);
	free(without);
	free(with);
}
END_TEST

/* ---- plans, sources ----------------------------------------------------- */

static void renamed(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct lathe_iso9660_entry entry;

	(void)ctx;
	ck_assert_int_eq(lathe_iso9660_get(tree, what->node, &entry), 0);
	look("folder/b");
}

static int check(void *ctx, uint64_t file, const char *name, size_t len)
{
	(void)ctx;
	(void)name;
	(void)len;
	look("folder");
	return file % 2 ? LATHE_ERR_CHANGED : 0;
}

static void differs(void *ctx, uint32_t node, int err, const char *why)
{
	struct lathe_iso9660_entry entry;

	(void)ctx;
	ck_assert_int_eq(err, LATHE_ERR_CHANGED);
	ck_assert_ptr_nonnull(why);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	look("folder/a");
}

static void add_odd_names(void)
{
	static const struct lathe_iso9660_source source = {
		.open = made_open, .read_at = made_zeros, .close = made_close,
		.check = check
	};
	static const char *const names[] = { "z long name of a file", "A", "a",
					     "file one", "file_one", "Q" };
	uint32_t folder = add_dir(tree, "folder"), parent, node, i;

	for (i = 0; i < 24; i++) {
		char name[64];
		int len = snprintf(name, sizeof(name), "%s%u", names[i % 6],
				   i * 5 % 24);

		parent = i % 2 ? folder : LATHE_ISO9660_ROOT;
		ck_assert_int_eq(lathe_iso9660_add_file(
					 tree, parent, name, (size_t)len, NULL,
					 &source, i, 100 * i, 0, &node), 0);
	}
}

static uint8_t *image_of(bool with, uint32_t *blocks)
{
	struct lathe_iso9660_plan_options options = joliet_options();

	lathe_iso9660_tree_destroy(tree);
	tree = make_tree(NULL, 1);
	add_odd_names();
	looks = with;
	options.renamed = renamed;
	ck_assert_int_eq(lathe_iso9660_check_sources(tree, differs, NULL),
			 LATHE_ERR_CHANGED);
	return make_image(tree, &options, 0, blocks);
}

START_TEST(whoever_is_told_of_names_and_sources_looks)
{
	uint32_t blocks, same;
	uint8_t *without = image_of(false, &blocks), *with;

	looked = 0;
	with = image_of(true, &same);
	ck_assert_uint_gt(looked, 40);
	ck_assert_uint_eq(same, blocks);
	ck_assert_mem_eq(with, without, (size_t)blocks * 2048);
	free(without);
	free(with);
}
END_TEST

/* A visitor looks beside the walk. */
static int visit(void *ctx, const struct lathe_iso9660_entry *entry)
{
	uint32_t node;

	++*(uint32_t *)ctx;
	looked = 1;
	look("folder/b");
	ck_assert_int_eq(look_at(NULL, entry), 0);
	return lathe_iso9660_find(tree, "folder", &node);
}

START_TEST(whoever_visits_looks)
{
	struct lathe_iso9660_counts counts;
	uint32_t visited = 0;

	add_odd_names();
	looks = true;
	ck_assert_int_eq(lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, visit,
					    &visited), 0);
	lathe_iso9660_count(tree, &counts);
	ck_assert_uint_eq(visited, counts.directories + counts.files);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("looking at a tree meanwhile");
	TCase *tc = tcase_create("looking");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_loop_test(tc, whoever_is_asked_about_files_looks, 0, 32);
	tcase_add_loop_test(tc, whoever_is_asked_about_an_update_looks, 0, 4);
	tcase_add_test(tc, whoever_is_told_of_names_and_sources_looks);
	tcase_add_test(tc, whoever_visits_looks);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
