/* SPDX-License-Identifier: MIT */
/* Volumes of our own: written, imported, continued, damaged. */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib_disc.h"
#include "tests/suite.h"

static struct disc *disc;
static struct import import;

/* The last three are recorded otherwise in Joliet. */
static const char *const names[] = {
	"readme.txt", "README.TXT", "a", "A", "Ein l\xC3\xA4ngerer Name mit "
	"Leerzeichen.tar.gz", "\xE6\x97\xA5\xE6\x9C\xAC.txt",
	"\xF0\x9F\x98\x80.bin", ".hidden", "trailing.", "con", "a b", "a_b",
	"semi;colon",
	"0123456789012345678901234567890123456789012345678901234567890123456789"
	".text", "0123456789012345678901234567890123456789012345678901234567890"
	"123456780.text"
};
enum { NAMES = sizeof(names) / sizeof(names[0]), KEPT = NAMES - 3 };

static struct lathe_iso9660_tree *new_tree(void)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_tree *tree;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	return tree;
}

static void add_names(struct lathe_iso9660_tree *tree, uint32_t parent,
		      uint32_t first, uint32_t end)
{
	static const uint8_t data[7000];
	uint32_t node, i;

	for (i = first; i < end; i++)
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, parent, names[i],
					 strlen(names[i]), NULL, data,
					 (size_t)i * 400, 0, &node), 0);
}

static struct lathe_iso9660_tree *sample_tree(uint32_t end)
{
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t dir = LATHE_ISO9660_ROOT, i;

	add_names(tree, dir, 0, end);
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(lathe_iso9660_add_directory(
					 tree, dir, i % 2 ? "Directory" : "d",
					 i % 2 ? 9 : 1, NULL, &dir), 0);
		add_names(tree, dir, i, end);
	}
	return tree;
}

static void make(void)
{
	disc = disc_new(1);
	memset(&import, 0, sizeof(import));
}

static void drop(void)
{
	disc_free(disc);
}

static void import_own(uint32_t start)
{
	import_run(&import, disc, start, NULL, 0);
	if (import.err)
		ck_abort_msg("%s",
			     lathe_iso9660_tree_failure(import.tree)->text);
	ck_assert(import.found.own);
}

static char *list_tree(struct lathe_iso9660_tree *tree)
{
	struct import own = { .tree = tree };

	return strdup(import_list(&own));
}

START_TEST(what_was_written_is_imported)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	char *want;

	disc_record(disc, tree, 0, NULL, 0, NULL);
	want = list_tree(tree);
	import_own(0);
	ck_assert_str_eq(import_list(&import), want);
	ck_assert_str_eq(import.found.volume_id, "OWN");
	ck_assert_uint_eq(import.found.hierarchies, 3);
	ck_assert_uint_eq(import.found.self.start, 0);
	ck_assert_uint_eq(import.found.self.blocks, disc->blocks);
	ck_assert_uint_eq(import.found.previous.blocks, 0);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_SINGLE], 0);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_DUPLICATE], 0);
	import_end(&import);
	lathe_iso9660_tree_destroy(tree);
	free(want);
}
END_TEST

/* As deep as limits allow, without Rock Ridge and with it. */
START_TEST(the_deepest_tree_is_imported)
{
	const struct lathe_iso9660_limits limits = { .depth = 20 };
	struct lathe_iso9660_tree_config config = { .size = sizeof(config),
						    .limits = limits };
	struct lathe_iso9660_tree *tree;
	uint32_t at = LATHE_ISO9660_ROOT, count = 0;
	int err;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	do {
		err = lathe_iso9660_add_directory(tree, at, "d", 1, NULL, &at);
	} while (!err && ++count < 30);
	ck_assert_int_eq(err, LATHE_ERR_LIMIT);
	if (_i)
		disc_record_rock_ridge(disc, tree, 0);
	else
		disc_record(disc, tree, 0, NULL, 0, NULL);
	lathe_iso9660_tree_destroy(tree);
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, 0);
	import_end(&import);
}
END_TEST

/* By the names of the primary hierarchy Joliet is joined to it as well. */
START_TEST(names_may_come_from_the_primary)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	uint32_t node;

	disc_record(disc, tree, 0, NULL, 0, NULL);
	import_run(&import, disc, 0, NULL, 1);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_SINGLE], 0);
	ck_assert_int_eq(lathe_iso9660_find(import.tree,
					    "/D/DIRECTORY/README.TXT", &node),
			 0);
	import_end(&import);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* The checksum is taken on the way: no block is asked for twice. */
START_TEST(each_block_is_read_once)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	uint32_t metadata, i;

	disc_record(disc, tree, 0, NULL, 0, &metadata);
	disc->times = calloc(disc->blocks, sizeof(*disc->times));
	disc->reads = 0;
	import_own(0);
	for (i = 16; i < metadata; i++)
		ck_assert_uint_ge(disc->times[i], 1);
	for (i = 0; i < disc->blocks; i++)
		ck_assert_msg(disc->times[i] <= 2, "block %u: %u times", i,
			      disc->times[i]);
	ck_assert_uint_le(disc->reads, 12);
	import_end(&import);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* ---- continued ---------------------------------------------------------- */

/* All identifiers of a hierarchy, as "path;path" of raw bytes in hex, read by
 * hand: descriptor at 'lba'. */
static void raw_ids(uint32_t lba, uint32_t bytes, char *path, char *out,
		    size_t room)
{
	uint32_t at = 0, i;
	const uint8_t *p;
	size_t len = strlen(path);

	while (at < bytes) {
		p = disc->data + (size_t)lba * 2048 + at;
		if (p[0] == 0) {
			at += 2048 - at % 2048;
			continue;
		}
		at += p[0];
		if (p[32] == 1 && p[33] <= 1)
			continue;
		sprintf(path + len, "/");
		for (i = 0; i < p[32]; i++)
			sprintf(path + len + 1 + 2 * i, "%02x", p[33 + i]);
		ck_assert_uint_lt(strlen(out) + strlen(path) + 2, room);
		strcat(out, path);
		strcat(out, "\n");
		if (p[25] & 2)
			raw_ids(lathe_get_le32(p + 2), lathe_get_le32(p + 10),
				path, out, room);
		path[len] = '\0';
	}
}

static char *all_ids(uint32_t descriptor)
{
	static char path[1 << 14];
	char *out = calloc(1, 1 << 20);
	const uint8_t *d = disc_block(disc, descriptor);

	path[0] = '\0';
	raw_ids(lathe_get_le32(d + 158), lathe_get_le32(d + 166), path, out,
		1 << 20);
	return out;
}

/* Each line of 'part' is one of 'whole'. */
static void holds_all(const char *whole, const char *part)
{
	const char *end;
	char *line;

	for (; (end = strchr(part, '\n')) != NULL; part = end + 1) {
		line = strndup(part, (size_t)(end - part) + 1);
		ck_assert_msg(strstr(whole, line) != NULL, "gone: %s", line);
		free(line);
	}
}

struct extents {
	struct lathe_iso9660_tree *old;
	uint32_t compared;
};

static int same_extent(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct extents *x = ctx;
	struct lathe_iso9660_entry old;
	char path[1 << 14];
	uint32_t node;

	lathe_iso9660_path(import.tree, e->node, path, sizeof(path));
	if (e->kind == LATHE_ISO9660_DIRECTORY ||
	    lathe_iso9660_find(x->old, path, &node) != 0)
		return 0;
	ck_assert_int_eq(lathe_iso9660_get(x->old, node, &old), 0);
	if (!old.imported)
		return 0;
	ck_assert_uint_eq(old.size, e->size);
	if (e->size)
		ck_assert_uint_eq(old.lba, e->lba);
	x->compared++;
	return 0;
}

/* Sessions one after the other: what was there keeps its identifiers in both
 * hierarchies, and its extents, whatever clashing names are added. */
START_TEST(later_sessions_keep_what_was_there)
{
	struct lathe_iso9660_tree *tree = sample_tree(NAMES);
	struct lathe_iso9660_session previous = { 0, 0 };
	uint32_t start = 0, next, session, node;
	char *iso = NULL, *joliet = NULL, *want, name[40];
	struct extents x = { 0 };
	struct import continued = { 0 };

	disc_record(disc, tree, 0, NULL, 0, NULL);
	lathe_iso9660_tree_destroy(tree);
	iso = all_ids(16);
	joliet = all_ids(17);
	for (session = 2; session < 8; session++) {
		char *iso_now, *joliet_now;

		import_run(&continued, disc, start, NULL, 0);
		ck_assert_int_eq(continued.err, 0);
		ck_assert(continued.found.own);
		tree = continued.tree;
		previous = continued.found.self;
		/* Sorts first, and maps to what is taken. */
		snprintf(name, sizeof(name), "A-_%u", session);
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), NULL, "new", 3, 0,
					 &node), 0);
		snprintf(name, sizeof(name), "re adme%u.txt", session);
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, LATHE_ISO9660_ROOT, name,
					 strlen(name), NULL, "new", 3, 0,
					 &node), 0);
		next = start + previous.blocks + 7;
		disc_record(disc, tree, next, &previous, 3, NULL);
		start = next;
		want = list_tree(tree);
		iso_now = all_ids(start + 16);
		joliet_now = all_ids(start + 17);
		holds_all(iso_now, iso);
		holds_all(joliet_now, joliet);
		free(iso);
		free(joliet);
		iso = iso_now;
		joliet = joliet_now;
		x.old = tree;
		import_own(start);
		ck_assert_str_eq(import_list(&import), want);
		ck_assert_uint_eq(import.found.previous.start, previous.start);
		ck_assert_uint_eq(import.found.previous.blocks,
				  previous.blocks);
		ck_assert_int_eq(lathe_iso9660_walk(import.tree,
						    LATHE_ISO9660_ROOT,
						    same_extent, &x), 0);
		import_end(&import);
		import_end(&continued);
		free(want);
	}
	ck_assert_uint_gt(x.compared, 6 * 100);
	free(iso);
	free(joliet);
}
END_TEST

/* A volume may say that it is longer than the disc it was found on; what was
 * appended to it there names what lies before it, or nothing. */
START_TEST(previous_session_ends_before_this_one)
{
	static const struct {
		struct lathe_iso9660_session given, recorded;
	} cases[] = {
		{ { 0, 64 }, { 0, 64 } },
		{ { 0, 1317 }, { 0, 64 } },
		{ { 10, UINT32_MAX }, { 10, 54 } },
		{ { 64, 1 }, { 0, 0 } },
		{ { UINT32_MAX, UINT32_MAX }, { 0, 0 } },
	};
	struct lathe_iso9660_tree *tree = sample_tree(3);

	disc_record(disc, tree, 64, &cases[_i].given, 0, NULL);
	lathe_iso9660_tree_destroy(tree);
	import_own(64);
	ck_assert_uint_eq(import.found.previous.start,
			  cases[_i].recorded.start);
	ck_assert_uint_eq(import.found.previous.blocks,
			  cases[_i].recorded.blocks);
	import_end(&import);
}
END_TEST

/* A foreign disc with a file in one hierarchy only stays so, and a session of
 * ours over it is no contradiction. */
START_TEST(foreign_oddities_do_not_make_our_session_corrupt)
{
	struct lathe_iso9660_tree *tree;
	struct dir dir;
	char *want;

	disc_resize(disc, 200);
	disc_primary(disc, 16, 20, 2048);
	disc_joliet(disc, 17, 21, 2048);
	disc_terminator(disc, 18);
	dir = dir_begin(disc, 20, 1, 20, 1, false);
	dir_add(&dir, "BOTH.TXT;1", 100, 10, 0);
	dir_add(&dir, "DOUBLE.TXT;1", 101, 10, 0);
	dir_add(&dir, "DOUBLE.TXT;1", 102, 10, 0);
	dir_add(&dir, "ISOONLY.TXT;1", 103, 10, 0);
	dir_add(&dir, "LOST.TXT;1", 5000, 10, 0);
	dir_add(&dir, "..;1", 104, 10, 0);
	dir = dir_begin(disc, 21, 1, 21, 1, true);
	dir_add(&dir, "both.txt;1", 100, 10, 0);
	dir_add(&dir, "double.txt", 101, 10, 0);
	dir_add(&dir, "double.txt", 102, 10, 0);
	dir_add(&dir, "joliet/only", 105, 10, 0);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert(!import.found.own);
	ck_assert_str_eq(import_list(&import),
			 "/ISOONLY.TXT 10, /___1 10, /both.txt 10, "
			 "/double.txt 10, /double_2.txt 10, /joliet_only 10");
	tree = import.tree;
	want = list_tree(tree);
	disc_record(disc, tree, 300, NULL, 0, NULL);
	lathe_iso9660_tree_destroy(tree);
	import_own(300);
	ck_assert_str_eq(import_list(&import), want);
	free(want);
	import_end(&import);
}
END_TEST

/* SPEC.md 1.9: a link's record has the address of its content. Files that
 * Joliet alone has are not taken for that, even if their name is what becomes
 * of the link's there. */
START_TEST(a_file_of_joliet_alone_is_no_link)
{
	static const struct {
		const char *only, *link;
	} cases[] = {
		{ "zebra.bin", "aga:" }, { "again", "aga:" },
		{ "aga", "aga:" }, { "again.bin", "again:.bin" },
		{ "a longer name 2", "a longer name:" },
		{ "b", ":" }, { "other", "?other" }, { "aga_", "aga:" },
		{ "aga_ ", "aga:" }, { "aga_2", "aga:" }
	};
	struct lathe_iso9660_attributes attr = {
		.date = { 120, 2, 3, 4, 5, 6, 0 } /* as dir_add() has it */
	};
	/* With content, at the disc's first block even; without. */
	static const struct {
		uint32_t lba, bytes;
	} places[] = { { 105, 10 }, { 0, 10 }, { 105, 0 } };
	const char *only = cases[_i % 10].only, *link = cases[_i % 10].link;
	uint32_t bytes = places[_i / 10].bytes;
	struct lathe_iso9660_entry entry;
	struct lathe_iso9660_tree *tree;
	struct dir dir;
	uint32_t node, i;
	char path[64];
	int round;

	disc_resize(disc, 200);
	disc_primary(disc, 16, 20, 2048);
	disc_joliet(disc, 17, 21, 2048);
	disc_terminator(disc, 18);
	dir_begin(disc, 20, 1, 20, 1, false);
	dir = dir_begin(disc, 21, 1, 21, 1, true);
	dir_add(&dir, only, places[_i / 10].lba, bytes, 0);
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	tree = import.tree;
	/* Those that lead nowhere, and so are not in Joliet; one that is. */
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "q:%u", i);
		ck_assert_int_eq(lathe_iso9660_add_symlink(
					 tree, LATHE_ISO9660_ROOT,
					 i ? path : link,
					 strlen(i ? path : link), &attr,
					 "none", 4, 0, 0, &node), 0);
	}
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "file", 4, &attr,
				 "text", 4, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, "shows*it", 8,
				 &attr, "file", 4, node, 0, &node), 0);
	for (round = 1; round <= 3; round++) {
		disc_record_rock_ridge(disc, tree, 300 * (uint32_t)round);
		lathe_iso9660_tree_destroy(tree);
		import_own(300 * (uint32_t)round);
		tree = import.tree;
		snprintf(path, sizeof(path), "/%s", only);
		entry = import_entry(&import, path);
		ck_assert_int_eq((int)entry.kind, LATHE_ISO9660_FILE);
		ck_assert_uint_eq(entry.size, bytes);
		snprintf(path, sizeof(path), "/%s", link);
		entry = import_entry(&import, path);
		ck_assert_int_eq((int)entry.kind, LATHE_ISO9660_SYMLINK);
		ck_assert_uint_eq(entry.present, 1);
		entry = import_entry(&import, "/shows*it");
		ck_assert_int_eq((int)entry.kind, LATHE_ISO9660_SYMLINK);
		ck_assert_uint_eq(entry.present, 3);
	}
	import_end(&import);
}
END_TEST

/* Links whose names become the same in Joliet, but for a number, or for the
 * end that is cut off: each is found again. Of some nothing is left that a
 * reader could tell them by but where their content is. */
START_TEST(links_are_found_under_changed_names)
{
	static const char *const links[] = {
		"a:b", "a*b", "a?b", "l:", "l*.txt", "l?.txt", ":", "*", "?",
		"0123456789012345678901234567890123456789012345678901234567890"
		"12345:.txt",
		"0123456789012345678901234567890123456789012345678901234567890"
		"12345*.txt"
	};
	enum { LINKS = sizeof(links) / sizeof(links[0]), CROWD = 40 };
	struct lathe_iso9660_attributes attr = {
		.date = { 120, 2, 3, 4, 5, 6, 0 }
	};
	struct lathe_iso9660_tree *tree = new_tree();
	struct lathe_iso9660_entry entry;
	uint32_t file, node, i, start;
	char name[64], *want;

	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "file", 4, &attr,
				 "text", 4, 0, &file), 0);
	for (i = 0; i < LINKS + CROWD; i++) {
		/* Of these letters none is one of ASCII. */
		snprintf(name, sizeof(name), "\xE6\x97\xA5%s%.*s",
			 i & 1 ? "\xE6\x9C\xAC:" : ":\xE6\x9C\xAC",
			 i < LINKS ? 0 : (int)(i - LINKS),
			 "****************************************");
		ck_assert_int_eq(lathe_iso9660_add_symlink(
					 tree, LATHE_ISO9660_ROOT,
					 i < LINKS ? links[i] : name,
					 strlen(i < LINKS ? links[i] : name),
					 &attr, "file", 4, file, 0, &node), 0);
	}
	want = list_tree(tree);
	for (start = 0; start < 1200; start += 400) {
		disc_record_rock_ridge(disc, tree, start);
		lathe_iso9660_tree_destroy(tree);
		import_own(start);
		ck_assert_str_eq(import_list(&import), want);
		tree = import.tree;
		for (i = 0; i < LINKS; i++) {
			snprintf(name, sizeof(name), "/%s", links[i]);
			entry = import_entry(&import, i < 9 ? name : "/file");
			ck_assert_uint_eq(entry.present, 3);
		}
	}
	import_end(&import);
	/* A volume that is damaged, here the checksum in its mark, is still
	 * one of ours. */
	disc_block(disc, 816)[951] ^= 1;
	import.damaged = true;
	import_run(&import, disc, 800, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_str_eq(import_list(&import), want);
	free(want);
	import_end(&import);
}
END_TEST

static uint32_t add_dated(struct lathe_iso9660_tree *tree, const char *name,
			  const char *text, uint8_t year)
{
	struct lathe_iso9660_attributes attr = {
		.date = { year, 2, 3, 4, 5, 6, 0 }
	};
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, name, strlen(name),
				 &attr, text, strlen(text), 0, &node), 0);
	return node;
}

static void add_dated_link(struct lathe_iso9660_tree *tree, const char *name,
			   uint32_t target, uint8_t year)
{
	struct lathe_iso9660_attributes attr = {
		.date = { year, 2, 3, 4, 5, 6, 0 }
	};
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, name, strlen(name),
				 &attr, "x", 1, target, 0, &node), 0);
}

/* Identifiers of Joliet's root, 9.1.12, each behind its date, which tells whose
 * it is. To be freed. */
static char *dated_ids(uint32_t start, size_t *len)
{
	const uint8_t *svd = disc_block(disc, start + 17), *p, *end;
	uint32_t blocks = lathe_get_le32(svd + 166) / 2048, i;
	char *out = calloc(1, (size_t)blocks * 2048 * 2);
	size_t used = 0;

	ck_assert_uint_eq(svd[0], 2);
	for (i = 0; i < blocks; i++) {
		p = disc_block(disc, lathe_get_le32(svd + 158) + i);
		for (end = p + 2048; p < end && *p; p += *p) {
			memcpy(out + used, p + 18, 7);
			memcpy(out + used + 7, p + 32, 1u + p[32]);
			used += 8u + p[32];
		}
	}
	*len = used;
	return out;
}

/* The next sessions are what this one is: the same names, and each identifier
 * stays with what it was given to. */
static void stays(struct lathe_iso9660_tree *tree)
{
	char *want = list_tree(tree), *ids = NULL, *now;
	size_t len, ids_len = 0;
	uint32_t start;

	for (start = 400; start < 1600; start += 400) {
		disc_record_rock_ridge(disc, tree, start);
		lathe_iso9660_tree_destroy(tree);
		now = dated_ids(start, &len);
		if (ids) {
			ck_assert_uint_eq(len, ids_len);
			ck_assert_mem_eq(now, ids, len);
		}
		free(ids);
		ids = now;
		ids_len = len;
		import_own(start);
		ck_assert_str_eq(import_list(&import), want);
		tree = import.tree;
	}
	free(ids);
	free(want);
	import_end(&import);
}

/* Of names that become alike in Joliet each keeps its own, though the content
 * is one: by their dates. A link and the file it leads to; links alone. */
START_TEST(names_of_one_content_stay)
{
	static const char *const links[] = { "ab*", "ab:", "ab*000?",
					     "ab:000?" };
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t file, i;

	if (_i) {
		add_dated(tree, "ab*", "other", 100);
		file = add_dated(tree, "ab:", "content", 100);
		add_dated(tree, "ab_000_", "third", 100);
		add_dated_link(tree, "ab:000?", file, 101);
	} else {
		file = add_dated(tree, "f", "content", 100);
		for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
			add_dated_link(tree, links[i], file,
				       (uint8_t)(110 + i));
	}
	stays(tree);
}
END_TEST

static void add_crowd(struct lathe_iso9660_tree *tree, uint32_t file,
		      uint32_t odd)
{
	char name[80];
	uint32_t i;

	for (i = odd; i < 180; i += 2) {
		memset(name, 'c', 40);
		memset(name + 40, (int)('a' + i % 10), 30);
		snprintf(name + 70, 8, "%u", i);
		add_dated_link(tree, name, file, (uint8_t)(i + 20));
	}
}

/* More of them than an importer looks at one by one, of names that are alike
 * up to where Joliet cuts them, half of them in a later session. */
START_TEST(many_names_of_one_content_stay)
{
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t file;

	add_crowd(tree, add_dated(tree, "file", "content", 100), 1);
	disc_record_rock_ridge(disc, tree, 0);
	lathe_iso9660_tree_destroy(tree);
	import_own(0);
	tree = import.tree;
	ck_assert_int_eq(lathe_iso9660_find(tree, "file", &file), 0);
	add_crowd(tree, file, 0);
	stays(tree);
}
END_TEST

/* Content of no bytes is content: Joliet has those links, too. Links without
 * content take none of their records, nor the file's. */
START_TEST(links_to_empty_files_stay)
{
	static const char *const links[] = { "l:", "l?", "l*", "plain", ":" };
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t file = add_dated(tree, "empty", "", 100), i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		add_dated_link(tree, links[i], file, 100);
	add_dated_link(tree, "l;", 0, 100);
	add_dated_link(tree, "empty*", 0, 100);
	stays(tree);
}
END_TEST

/* Overwritable media: block 16 holds a copy of the newest descriptors. */
START_TEST(descriptors_may_be_a_copy_at_the_front)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	char *want;

	disc_record(disc, tree, 64, NULL, 0, NULL);
	memcpy(disc_block(disc, 16), disc_block(disc, 80), 4 * 2048);
	want = list_tree(tree);
	import_own(0);
	ck_assert_str_eq(import_list(&import), want);
	ck_assert_uint_eq(import.found.start, 0);
	ck_assert_uint_eq(import.found.self.start, 64);
	import_end(&import);
	/* Damage in the session that it speaks of is noticed from here too. */
	disc_block(disc, 80)[100] ^= 1;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	import_end(&import);
	lathe_iso9660_tree_destroy(tree);
	free(want);
}
END_TEST

/* ---- damaged ------------------------------------------------------------ */

START_TEST(session_that_is_cut_off_is_corrupt)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	uint32_t metadata, end;

	disc_record(disc, tree, 0, NULL, 0, &metadata);
	for (end = metadata - 1; end > 19; end--) {
		disc->source.end = end;
		disc->blocks = end;
		import_run(&import, disc, 0, NULL, 0);
		ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
		import_end(&import);
	}
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* As small as it gets: nine blocks of metadata. */
static uint32_t small_disc(void)
{
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t metadata, node;

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, LATHE_ISO9660_ROOT,
						  "file", 4, NULL, "data", 4,
						  0, &node), 0);
	disc_record(disc, tree, 0, NULL, 0, &metadata);
	lathe_iso9660_tree_destroy(tree);
	return metadata;
}

enum { SLICES = 16 };

/* Every single bit: an error, never a tree. */
START_TEST(each_flipped_bit_is_noticed)
{
	size_t first = 16 * 2048, end = (size_t)small_disc() * 2048, at;
	unsigned bit;

	import_own(0);
	import_end(&import);
	for (at = first + (size_t)_i; at < end; at += SLICES) {
		for (bit = 0; bit < 8; bit++) {
			disc->data[at] ^= (uint8_t)(1u << bit);
			import_run(&import, disc, 0, NULL, 0);
			if (import.err == 0)
				ck_abort_msg("byte %zu, bit %u", at, bit);
			import_end(&import);
			disc->data[at] ^= (uint8_t)(1u << bit);
		}
	}
}
END_TEST

START_TEST(damage_is_told_where_it_is)
{
	uint32_t metadata = small_disc();

	disc_block(disc, metadata - 1)[60] ^= 1;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	import_end(&import);
	disc_block(disc, metadata - 1)[60] ^= 1;
	disc_block(disc, 16)[883] ^= 1;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
	ck_assert_ptr_nonnull(strstr(
		lathe_iso9660_tree_failure(import.tree)->text, "block 16"));
	import_end(&import);
}
END_TEST

static uint32_t files_left(void)
{
	struct lathe_iso9660_counts count;

	lathe_iso9660_count(import.tree, &count);
	return count.files;
}

/* Each block behind the descriptors lost in turn: a plain import refuses, one
 * that is asked for has what is left. Path tables tell nothing that is not in
 * the directories; of these there are two of each. */
START_TEST(what_is_left_of_a_damaged_volume_is_read)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	uint32_t metadata, lba, files, whole = 0;
	uint8_t lost[2048];

	disc_record(disc, tree, 0, NULL, 0, &metadata);
	import_own(0);
	files = files_left();
	import_end(&import);
	for (lba = 19; lba < metadata; lba++) {
		memcpy(lost, disc_block(disc, lba), sizeof(lost));
		memset(disc_block(disc, lba), 0, sizeof(lost));
		import.damaged = false;
		import_run(&import, disc, 0, NULL, 0);
		ck_assert_int_eq(import.err, LATHE_ERR_CORRUPT);
		import_end(&import);
		import.damaged = true;
		import_run(&import, disc, 0, NULL, 0);
		ck_assert_msg(!import.err, "block %u: %s", lba,
			      lathe_iso9660_tree_failure(import.tree)->text);
		ck_assert(!import.found.own);
		ck_assert_msg(files_left() >= files - 2 * KEPT,
			      "block %u: %u files", lba, files_left());
		whole += files_left() == files;
		import_end(&import);
		memcpy(disc_block(disc, lba), lost, sizeof(lost));
	}
	ck_assert_uint_gt(whole, 0);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* One bit of the mark, which hides nothing. */
START_TEST(a_damaged_mark_hides_nothing)
{
	struct lathe_iso9660_tree *tree = sample_tree(KEPT);
	char *want = list_tree(tree);
	uint32_t metadata;

	disc_record(disc, tree, 0, NULL, 0, &metadata);
	disc_block(disc, 16)[883] ^= 1;
	import.damaged = true;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert(!import.found.own);
	ck_assert_str_eq(import_list(&import), want);
	import_end(&import);
	lathe_iso9660_tree_destroy(tree);
	free(want);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("own volumes");
	TCase *tc = tcase_create("own");

	tcase_set_timeout(tc, 120);
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, what_was_written_is_imported);
	tcase_add_loop_test(tc, the_deepest_tree_is_imported, 0, 2);
	tcase_add_test(tc, names_may_come_from_the_primary);
	tcase_add_test(tc, each_block_is_read_once);
	tcase_add_test(tc, later_sessions_keep_what_was_there);
	tcase_add_loop_test(tc, previous_session_ends_before_this_one, 0, 5);
	tcase_add_test(tc, foreign_oddities_do_not_make_our_session_corrupt);
	tcase_add_loop_test(tc, a_file_of_joliet_alone_is_no_link, 0, 30);
	tcase_add_test(tc, links_are_found_under_changed_names);
	tcase_add_loop_test(tc, names_of_one_content_stay, 0, 2);
	tcase_add_test(tc, many_names_of_one_content_stay);
	tcase_add_test(tc, links_to_empty_files_stay);
	tcase_add_test(tc, descriptors_may_be_a_copy_at_the_front);
	tcase_add_test(tc, session_that_is_cut_off_is_corrupt);
	tcase_add_loop_test(tc, each_flipped_bit_is_noticed, 0, SLICES);
	tcase_add_test(tc, damage_is_told_where_it_is);
	tcase_add_test(tc, what_is_left_of_a_damaged_volume_is_read);
	tcase_add_test(tc, a_damaged_mark_hides_nothing);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
