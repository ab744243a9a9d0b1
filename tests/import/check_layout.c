/* SPDX-License-Identifier: MIT */
/*
 * Folders of an own volume that nobody changes are recorded as they were read:
 * a plan does not look at their files. What it makes of them must be what it
 * makes of the same folders when it does look.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib_disc.h"
#include "tests/suite.h"

enum { FILES = 300 };

/* Order in the two hierarchies, lengths, sizes: what may differ in a folder.
 * Numbers keep names apart; "%c" is a letter whose case goes by the number. */
static const struct {
	const char *folder, *name;
	uint32_t files, bytes;
} folders[] = {
	{ "EVEN", "FILE_%04u.DATA", FILES, 3000 },
	{ "EMPTY", "e%03u", 9, 0 },
	{ "SOME_EMPTY", "E%03u", 60, 2 },
	{ "LONG", "%03u, a name that ISO 9660 has no room for.text", 120, 9 },
	{ "CASES", "%c%03u.c", 90, 100 },
	{ "CLASHING", "a name that is cut away in front of its number %u",
	  40, 5000 },
	{ "BEYOND", "\xF0\x9F\x98\x80 %u", 30, 1 },
	{ "FEW", "f%u", 3, 700 },
	{ "NONE", "", 0, 0 },
	{ "WITH_FOLDERS", "f%03u", 20, 70 }
};

enum { FOLDERS = sizeof(folders) / sizeof(folders[0]) };

static struct lathe_iso9660_tree *tree;
static struct disc *disc;

static uint32_t add_file(struct lathe_iso9660_tree *to, uint32_t folder,
			 const char *name, uint32_t bytes, uint32_t flags)
{
	static const uint8_t data[8192];
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_memory(to, folder, name,
						  strlen(name), NULL, data,
						  bytes, flags, &node), 0);
	return node;
}

static uint32_t add_folder(struct lathe_iso9660_tree *to, uint32_t folder,
			   const char *name)
{
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_directory(to, folder, name,
						     strlen(name), NULL,
						     &node), 0);
	return node;
}

static void fill(uint32_t f)
{
	uint32_t folder = add_folder(tree, LATHE_ISO9660_ROOT,
				     folders[f].folder), i;
	char name[100];

	for (i = 0; i < folders[f].files; i++) {
		if (strstr(folders[f].name, "%c"))
			snprintf(name, sizeof(name), folders[f].name,
				 i % 2 ? 'x' : 'X', (unsigned)(i / 2));
		else
			snprintf(name, sizeof(name), folders[f].name,
				 (unsigned)i);
		add_file(tree, folder, name,
			 folders[f].bytes ? i % folders[f].bytes : 0, 0);
	}
	if (strcmp(folders[f].folder, "WITH_FOLDERS") == 0)
		add_folder(tree, add_folder(tree, folder, "G"), "H");
}

static void make(void)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_attributes hidden = { .hidden = true };
	uint32_t i, node;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	for (i = 0; i < FOLDERS; i++)
		fill(i);
	ck_assert_int_eq(lathe_iso9660_find(tree, "/EVEN/FILE_0007.DATA",
					    &node), 0);
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &hidden),
			 0);
	disc = disc_new(1);
}

static void drop(void)
{
	lathe_iso9660_tree_destroy(tree);
	disc_free(disc);
}

/* ---- what is done to the imported tree ---------------------------------- */

static uint32_t find(struct lathe_iso9660_tree *in, const char *path)
{
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_find(in, path, &node), 0);
	return node;
}

static void change(struct lathe_iso9660_tree *in, int which)
{
	struct lathe_iso9660_attributes attr = { .date = { 99, 1, 2, 3, 4, 5 },
						 .hidden = true };
	uint32_t even = find(in, "/EVEN");
	struct lathe_iso9660_savepoint save;

	ck_assert_int_eq(lathe_iso9660_save(in, &save), 0);
	switch (which) {
	case 0:
		add_file(in, LATHE_ISO9660_ROOT, "new", 5000, 0);
		break;
	case 1:
		add_file(in, even, "FILE_0100.DATB", 1, 0);
		break;
	case 2:
		add_file(in, even, "FILE_0100.DATA", 1, LATHE_ISO9660_REPLACE);
		break;
	case 3:
		lathe_iso9660_remove(in, find(in, "/EVEN/FILE_0000.DATA"));
		break;
	case 4:
		lathe_iso9660_remove(in, find(in, "/EVEN/FILE_0299.DATA"));
		lathe_iso9660_remove(in, find(in, "/SOME_EMPTY/E000"));
		break;
	case 5:
		lathe_iso9660_rename(in, find(in, "/EVEN/FILE_0003.DATA"),
				     even, "Z", 1);
		break;
	case 6:
		lathe_iso9660_rename(in, find(in, "/EVEN/FILE_0003.DATA"),
				     find(in, "/CASES"), "Z", 1);
		break;
	case 7:
		add_file(in, even, "Y", 1, 0);
		lathe_iso9660_remove(in, find(in, "/LONG"));
		lathe_iso9660_rollback(in, &save);
		break;
	case 8:
		lathe_iso9660_remove(in, find(in, "/EVEN/FILE_0003.DATA"));
		lathe_iso9660_set_attributes(in, even, &attr);
		lathe_iso9660_rollback(in, &save);
		break;
	case 9:
		lathe_iso9660_set_attributes(
			in, find(in, "/EVEN/FILE_0003.DATA"), &attr);
		lathe_iso9660_set_attributes(in, even, &attr);
		break;
	case 10:
		lathe_iso9660_rename(in, even, find(in, "/WITH_FOLDERS/G"),
				     "EVEN", 4);
		break;
	case 11:
		add_folder(in, even, "folder");
		break;
	default:
		break;
	}
}

enum { CHANGES = 13 };

/* Something came, and left again. */
static void touch_all(struct lathe_iso9660_tree *in)
{
	uint32_t i, node;
	char path[40];

	for (i = 0; i < FOLDERS; i++) {
		snprintf(path, sizeof(path), "/%s", folders[i].folder);
		if (lathe_iso9660_find(in, path, &node) != 0)
			node = find(in, "/WITH_FOLDERS/G/EVEN");
		lathe_iso9660_remove(in, add_file(in, node, "touched", 1, 0));
	}
}

/* ---- what comes of it --------------------------------------------------- */

struct how {
	bool joliet, level_1, rock_ridge, later_rock_ridge;
	uint32_t names_from;
};

static const struct how ways[] = {
	{ .joliet = true },
	{ .joliet = false },
	{ .joliet = true, .level_1 = true },
	{ .joliet = true, .rock_ridge = true },
	{ .joliet = true, .later_rock_ridge = true },
	{ .joliet = true, .names_from = 1 }
};

enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

static struct lathe_iso9660_plan *make_plan(struct lathe_iso9660_tree *of,
					    const struct how *how, bool later)
{
	struct lathe_iso9660_primary_options level = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use,
		.use_count = how->joliet, .pad_blocks = 2,
		.primary = how->level_1 && later ? &level : NULL
	};
	struct lathe_iso9660_plan *plan;

	if (how->rock_ridge || (how->later_rock_ridge && later))
		options.system_use = &lathe_iso9660_rock_ridge;
	ck_assert_int_eq(lathe_iso9660_plan_create(of, &options, &plan), 0);
	return plan;
}

/* The next session, in memory. */
static struct disc *next_session(const struct how *how, int which, bool touch)
{
	struct import import;
	struct lathe_iso9660_plan *plan;
	struct disc *next;

	memset(&import, 0, sizeof(import));
	import_run(&import, disc, 0, NULL, how->names_from);
	ck_assert_int_eq(import.err, 0);
	ck_assert(import.found.own);
	change(import.tree, which);
	if (touch)
		touch_all(import.tree);
	plan = make_plan(import.tree, how, true);
	next = disc_new(disc->blocks + lathe_iso9660_plan_blocks(plan));
	disc_put(next, plan, disc->blocks);
	import_end(&import);
	return next;
}

START_TEST(folders_that_stay_are_recorded_as_if_looked_at)
{
	const struct how *how = &ways[_i / CHANGES];
	struct lathe_iso9660_plan *plan = make_plan(tree, how, false);
	struct disc *kept, *looked_at;

	disc_resize(disc, lathe_iso9660_plan_blocks(plan));
	disc_put(disc, plan, 0);
	kept = next_session(how, _i % CHANGES, false);
	looked_at = next_session(how, _i % CHANGES, true);
	ck_assert_uint_eq(kept->blocks, looked_at->blocks);
	ck_assert(memcmp(kept->data, looked_at->data,
			 (size_t)kept->blocks * LATHE_BLOCK_BYTES) == 0);
	disc_free(kept);
	disc_free(looked_at);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("layout");
	TCase *tc = tcase_create("layout");

	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, folders_that_stay_are_recorded_as_if_looked_at,
			    0, WAYS * CHANGES);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
