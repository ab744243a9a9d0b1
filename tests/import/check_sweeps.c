/* SPDX-License-Identifier: MIT */
/*
 * An import that is stopped in the middle: each allocation fails, each read
 * fails, once or from there on; from each time on that somebody is asked the
 * answer is to stop. It ends with the error that it was, nothing is left of it,
 * and the same tree takes the same volume when all is well again.
 *
 * The volumes are as large as it takes for every kind of thing that memory is
 * wanted for to be what a piece of it (64 KiB and more) is wanted for; where
 * pieces end is shifted by the length of one name.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_volume.h"
#include "tests/suite.h"

/* ---- the sweep ---------------------------------------------------------- */

static uint32_t start, names_from, pad;
static char *list;
static uint32_t odd[16];

static void run(void)
{
	import_run(&import, disc, start, NULL, names_from);
}

static void is_whole(void)
{
	ck_assert_int_eq(import.err, 0);
	ck_assert_str_eq(import_list(&import), list);
	ck_assert_mem_eq(import.odd, odd, sizeof(odd));
}

static void in_peace(void)
{
	import.fail_at = import.cancel_at = 0;
	import.fail_on = false;
	disc->fail_at = 0;
	disc->reads = 0;
}

/* What was given has happened; 'least' times an error came of it so far. */
static void judge(int want, uint32_t *errors)
{
	in_peace();
	if (import.err) {
		ck_assert_int_eq(import.err, want);
		++*errors;
		if (!import.tree)
			return;
		memset(import.odd, 0, sizeof(import.odd));
		import_again(&import, disc, start, names_from);
	}
	is_whole();
	import_end(&import);
}

static void sweep(void)
{
	uint64_t allocations, asked, reads, at;
	uint32_t stopped = 0, failed = 0, cancelled = 0;
	int on;

	in_peace();
	run();
	ck_assert_msg(import.err == 0, "%s",
		      lathe_iso9660_tree_failure(import.tree)->text);
	list = strdup(import_list(&import));
	memcpy(odd, import.odd, sizeof(odd));
	allocations = import.allocations;
	asked = import.asked;
	reads = disc->reads;
	import_end(&import);
	for (on = 0; on < 2; on++) {
		for (at = 1; at <= allocations; at++) {
			import.fail_at = at;
			import.fail_on = on;
			run();
			judge(LATHE_ERR_MEMORY, &stopped);
		}
		for (at = 1; at <= reads; at++) {
			disc->fail_at = (uint32_t)at;
			disc->fail_on = on;
			disc->fail_with = LATHE_ERR_TRANSPORT;
			disc->reads = 0;
			run();
			judge(LATHE_ERR_TRANSPORT, &failed);
		}
	}
	/* What was read ahead may be done without. */
	ck_assert_uint_gt(stopped, 0);
	ck_assert_uint_ge(failed, reads);
	for (at = 1; at <= asked; at++) {
		import.cancel_at = at;
		run();
		judge(LATHE_ERR_CANCELLED, &cancelled);
	}
	ck_assert_uint_eq(cancelled, asked);
	free(list);
}

/* ---- volumes ------------------------------------------------------------ */

/* With roots of that many blocks; Joliet where it has any. */
static void volume(bool rock_ridge, uint32_t blocks, uint32_t wide_blocks)
{
	uint32_t wide = ROOT + blocks;
	char name[128];

	disc = disc_new(wide + wide_blocks + 4000);
	disc_primary(disc, 16, ROOT, blocks * 2048);
	disc_terminator(disc, 17);
	root = dir_begin(disc, ROOT, blocks, ROOT, blocks, false);
	if (rock_ridge) {
		root.at = 0;
		dir_use(&root, dir_add_raw(&root, "\0", 1, ROOT, blocks * 2048,
					   DIRECTORY), SP, 7);
		dir_add_raw(&root, "\1", 1, ROOT, blocks * 2048, DIRECTORY);
	}
	if (wide_blocks) {
		disc_joliet(disc, 17, wide, wide_blocks * 2048);
		disc_terminator(disc, 18);
		joliet = dir_begin(disc, wide, wide_blocks, wide, wide_blocks,
				   true);
	}
	memset(&import, 0, sizeof(import));
	start = names_from = used = 0;
	memset(name, '0', pad);
	memcpy(name + pad, ".;1", 4);
	dir_add(&root, name, DATA, 9, 0);
}

/* Behind all directories. */
static uint32_t data(uint32_t i)
{
	return disc->blocks - 4000 + i;
}

static uint8_t *add(struct dir *dir, const char *format, uint32_t i,
		    uint32_t lba, uint32_t bytes, uint8_t flags)
{
	char name[200];

	snprintf(name, sizeof(name), format, (unsigned)i);
	/* 6.8.1.1: no record crosses a block, with its system use neither. */
	if (dir->at % 2048 > 2048 - 254)
		dir->at += 2048 - dir->at % 2048;
	return dir_add(dir, name, lba, bytes, flags);
}

/* Names that only Joliet knows; the identifiers are kept beside them. */
static void names_of_joliet(const char *id, const char *name)
{
	uint32_t i;

	volume(true, 250, 200);
	for (i = 0; i < 2500; i++) {
		px(0100444, 0, 0, 36);
		attach(&root, add(&root, id, i, data(i), 9, 0));
		add(&joliet, name, i, data(i), 9, 0);
	}
}

static void better_names(void)
{
	names_of_joliet("N%07u.;1", "A name that is long, number %07u");
}

static void shorter_names(void)
{
	names_of_joliet("N%028u.;1", "n%u");
}

/* Several names for each extent. */
static void hard_links(void)
{
	uint32_t i;

	volume(true, 400, 0);
	for (i = 0; i < 9000; i++) {
		px(0100444, 0, 0, 36);
		use[12] = use[19] = 2;
		attach(&root, add(&root, "N%04u", i, data(i / 3), 9, 0));
	}
}

/* Links with a text, links that Joliet has content for, in two sections. */
static void symbolic_links(void)
{
	uint32_t i;

	volume(true, 250, 200);
	for (i = 0; i < 2000; i++) {
		px(0120777, 0, 0, 36);
		flagged("SL", 0, "\0\12abcdefghij", 12);
		attach(&root, add(&root, "N%04u", i, 0, 0, 0));
		add(&joliet, "N%04u", i, data(i), 2048, MORE);
		add(&joliet, "N%04u", i, data(i) + 1, 9, 0);
	}
}

/* Entries of somebody else, as much as all else. */
static void foreign_entries(void)
{
	uint8_t entry[100] = { 'X', 'Y', 100, 1 };
	uint32_t i;

	volume(true, 140, 0);
	for (i = 0; i < 1200; i++) {
		put(entry, 100);
		attach(&root, add(&root, "N%04u", i, data(i), 9, 0));
	}
}

/* Dates of access, and owners of each file alone. */
static void dates_and_owners(void)
{
	uint8_t dates[14] = { 100, 1, 1, 1, 1, 1, 0, 101, 2, 2, 2, 2, 2, 0 };
	uint32_t i;

	volume(true, 250, 0);
	for (i = 0; i < 4000; i++) {
		px(0100644, i, i / 2, 36);
		dates[3] = (uint8_t)(i % 24);
		dates[4] = (uint8_t)(i % 60);
		flagged("TF", 6, dates, 14);
		attach(&root, add(&root, "N%04u", i, data(i % 4000), 9, 0));
	}
}

/* Devices, and files in many sections. */
static void devices_and_sections(void)
{
	uint32_t i, k;

	volume(true, 500, 0);
	for (i = 0; i < 1500; i++) {
		if (i % 2) {
			px(0020600, 0, 0, 36);
			numbers("PN", 8, i);
			attach(&root, add(&root, "N%04u", i, 0, 0, 0));
			continue;
		}
		for (k = 0; k < 8; k++)
			add(&root, "N%04u", i, data(i) + 2 * k, 2048, MORE);
		add(&root, "N%04u", i, data(i) + 2 * k, 9, 0);
	}
}

static void clip(uint32_t lba)
{
	head("CL", 12);
	put((uint8_t[4]){ (uint8_t)lba, (uint8_t)(lba >> 8), 0, 0 }, 4);
	put((uint8_t[4]){ 0, 0, (uint8_t)(lba >> 8), (uint8_t)lba }, 4);
}

/* Directories that lie elsewhere, links to them and to nothing. */
static void relocated_directories(void)
{
	uint32_t i;

	volume(true, 170, 0);
	for (i = 0; i < 1500; i++) {
		char text[120];

		snprintf(text, sizeof(text), "%080u", (unsigned)i);
		nm(0, text);
		clip(i < 20 ? data(i) : 1);
		attach(&root, add(&root, "%070u", i, 0, 0, 0));
		if (i >= 20)
			continue;
		dir_begin(disc, data(i), 1, ROOT, 170, false);
		put("RE\4\1", 4);
		attach(&root, add(&root, "MOVED%02u", i, data(i), 2048,
				  DIRECTORY));
	}
}

/* One name for all; every fourth one with an identifier of its own. */
static void doubles(void)
{
	uint32_t i;

	volume(true, 500, 0);
	for (i = 0; i < 6000; i++) {
		if (i % 4 == 0)
			nm(0, "THE VERY SAME");
		attach(&root, add(&root, i % 4 == 0 ? "N%04u.;1" :
				  "THE_VERY_SAME_FOR_SO_MANY.;1", i,
				  data(i % 4000), 9, 0));
	}
}

/* Identifiers that were not made from the names. */
static void other_identifiers(void)
{
	uint32_t i;

	volume(false, 130, 200);
	for (i = 0; i < 3500; i++) {
		add(&root, "THIS_IS_%04u", i, data(i), 9, 0);
		add(&joliet, "something else %04u", i, data(i), 9, 0);
	}
}

/* Folders whose names say nothing, with files, empty files, directories. */
static void folders(void)
{
	struct dir a, b;
	uint32_t i, k;

	volume(false, 10, 10);
	for (i = 0; i < 40; i++) {
		add(&root, "DIR%05u", i, data(40 * i), 10 * 2048, DIRECTORY);
		add(&joliet, "%02u folder", 39 - i, data(40 * i + 20),
		    10 * 2048, DIRECTORY);
		a = dir_begin(disc, data(40 * i), 10, ROOT, 10, false);
		b = dir_begin(disc, data(40 * i + 20), 10, joliet.lba, 10,
			      true);
		for (k = 0; k < (i ? 5u : 300u); k++) {
			add(&a, "FILE%04u", k, 1000, k % 3 ? i * 5 + k : 0, 0);
			add(&b, "%04u file", k, 1000, k % 3 ? i * 5 + k : 0, 0);
		}
		add(&a, "SUB%02u", i, data(2000 + i), 2048, DIRECTORY);
		add(&b, "%02u below", i, data(2100 + i), 2048, DIRECTORY);
		dir_begin(disc, data(2000 + i), 1, data(40 * i), 10, false);
		dir_begin(disc, data(2100 + i), 1, data(40 * i + 20), 10, true);
	}
}

/* Continuation areas, each far from the next. */
static void areas(void)
{
	uint32_t i;

	volume(true, 10, 10);
	for (i = 0; i < 20; i++) {
		nm(0, "a name in an area");
		use[5 + i % 10] = (uint8_t)('A' + i);
		area(data(i * 150), 0);
		ce(data(i * 150), 0, 22);
		attach(&root, add(&root, "N%04u", i, data(i), 9, 0));
	}
	dir_add(&joliet, "only in Joliet", data(0), 9, 0);
}

/* One of ours, of more metadata than is read at once, with so many folders
 * whose layout is noted that it is what much of the memory is for. */
static void own_volume(void)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_tree *tree;
	uint32_t i, k, dir, node;
	char name[128];

	disc = disc_new(1);
	memset(&import, 0, sizeof(import));
	start = names_from = 0;
	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	memset(name, 'x', pad);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, name, pad, NULL,
				 "data", 4, 0, &node), 0);
	for (i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "%u", (unsigned)i);
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), NULL, &dir), 0);
		for (k = 0; k < 8; k++) {
			name[0] = (char)('a' + k);
			ck_assert_int_eq(lathe_iso9660_add_memory(
						 tree, dir, name, 1, NULL,
						 "data", i % 5, 0, &node), 0);
		}
	}
	disc_record(disc, tree, 0, NULL, 0, NULL);
	lathe_iso9660_tree_destroy(tree);
}

/* The same by the names of the primary hierarchy. */
static void own_volume_by_its_other_names(void)
{
	own_volume();
	names_from = 1;
}

static void (*const volumes[])(void) = {
	better_names, shorter_names, hard_links, symbolic_links,
	foreign_entries, dates_and_owners, devices_and_sections, relocated_directories, doubles,
	other_identifiers, folders, areas, own_volume,
	own_volume_by_its_other_names,
};

enum { PADS = 2 };

START_TEST(stopped)
{
	pad = 1 + 37 * ((uint32_t)_i % PADS);
	volumes[(uint32_t)_i / PADS]();
	sweep();
	disc_free(disc);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("imports that are stopped");
	TCase *tc = tcase_create("stopped");

	tcase_set_timeout(tc, 300);
	tcase_add_loop_test(tc, stopped, 0,
			    PADS * (int)(sizeof(volumes) /
					 sizeof(volumes[0])));
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
