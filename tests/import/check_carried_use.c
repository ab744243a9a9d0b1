/* SPDX-License-Identifier: MIT */
/* Volumes of other programs in a session of ours that has Rock Ridge: what
 * they named and said stays, wherever our own entries have to go. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_volume.h"
#include "tests/suite.h"

#define LATER 224u	/* where our session begins */
#define MUCH_LATER 320u	/* and one more */

static struct lathe_iso9660_rock_ridge_options rock;

/* A plan of what was imported, with Joliet beside it or without. */
static struct lathe_iso9660_plan *plan_later(bool with_joliet)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use,
		.use_count = with_joliet, .pad_blocks = 2,
		.system_use = &lathe_iso9660_rock_ridge,
		.system_use_options = &rock
	};
	struct lathe_iso9660_plan *plan;

	ck_assert_int_eq(lathe_iso9660_plan_create(import.tree, &options,
						   &plan), 0);
	return plan;
}

static void record_at(uint32_t start, bool with_joliet)
{
	struct lathe_iso9660_plan *plan = plan_later(with_joliet);

	disc_resize(disc, start + lathe_iso9660_plan_blocks(plan));
	disc_put(disc, plan, start);
}

static void record_later(bool with_joliet)
{
	record_at(LATER, with_joliet);
}

static void carry(void)
{
	import_good(&import, disc, 0);
	record_later(false);
	import_end(&import);
}

/* Record number 'i' of the directory at 'lba', the dots counted; all of them
 * lie in its first block. */
static const uint8_t *record(uint32_t lba, uint32_t i)
{
	const uint8_t *p = disc_block(disc, lba);

	for (; i > 0; i--)
		p += p[0];
	return p;
}

static uint32_t root_at(uint32_t start)
{
	return lathe_get_le32(disc_block(disc, start + 16) + 158);
}

static uint32_t later_root(void)
{
	return root_at(LATER);
}

/* The directory that record 'i' of the one at 'lba' is of. */
static uint32_t into(uint32_t lba, uint32_t i)
{
	const uint8_t *p = record(lba, i);

	ck_assert_uint_eq(p[25] & DIRECTORY, DIRECTORY);
	return lathe_get_le32(p + 2);
}

static void id_is(uint32_t lba, uint32_t i, const char *id)
{
	const uint8_t *p = record(lba, i);

	ck_assert_uint_eq(p[32], strlen(id));
	ck_assert_mem_eq(p + 33, id, p[32]);
}

/* Its system use field, 9.1.13, without continuation areas. */
static const uint8_t *use_of(const uint8_t *p, uint32_t *len)
{
	uint32_t at = 33u + p[32] + (p[32] % 2 == 0);

	*len = p[0] > at ? p[0] - at : 0;
	return p + at;
}

static bool has_entry(const uint8_t *p, const char *signature)
{
	uint32_t len;
	const uint8_t *at = use_of(p, &len);

	for (; len >= 4; len -= at[2], at += at[2])
		if (memcmp(at, signature, 2) == 0)
			return true;
	return false;
}

/* The CE among 'len' bytes of entries, or NULL. */
static const uint8_t *find_ce(const uint8_t *at, uint32_t len)
{
	for (; len >= 4; len -= at[2], at += at[2]) {
		ck_assert_uint_ge(at[2], 4);
		ck_assert_uint_le(at[2], len);
		if (memcmp(at, "CE\x1c\1", 4) == 0)
			return at;
	}
	return NULL;
}

/* The area that a CE leads to, SUSP 5.1: in one block. */
static const uint8_t *area_of(const uint8_t *link, uint32_t *len)
{
	ck_assert_ptr_nonnull(link);
	*len = lathe_get_le32(link + 20);
	ck_assert_uint_le(lathe_get_le32(link + 12) + *len, 2048);
	return disc_block(disc, lathe_get_le32(link + 4)) +
	       lathe_get_le32(link + 12);
}

static struct dir plain(struct dir *dir, const char *id, uint32_t lba)
{
	dir_add(dir, id, lba, 2048, DIRECTORY);
	return dir_begin(disc, lba, 1, dir->lba, dir->blocks, dir->wide);
}

/* ---- names -------------------------------------------------------------- */

/* Joliet has no room for what tells these names apart, and gives one of them
 * a number; when that plan is gone both have the identifiers that they had on
 * the disc, which no name of theirs leads to. */
START_TEST(identifiers_outlive_a_plan)
{
	char name[81];
	uint32_t i;

	for (i = 0; i < 2; i++) {
		snprintf(name, sizeof(name), "%079u%u", 0u, i);
		nm(0, name);
		attach(&root, dir_add(&root, i ? "TWO.;1" : "ONE.;1", DATA + i,
				      10, 0));
	}
	import_good(&import, disc, 0);
	for (i = 0; i < 2; i++)
		lathe_iso9660_plan_destroy(plan_later(true));
	record_later(false);
	import_end(&import);
	id_is(later_root(), 2, "ONE.;1");
	id_is(later_root(), 3, "TWO.;1");
}
END_TEST

/* A file of the root in both hierarchies, by its extent the same. */
static void in_both(uint32_t i, const char *id, const char *name,
		    const char *joliet_id)
{
	nm(0, name);
	attach(&root, dir_add(&root, id, DATA + i, 10, 0));
	dir_add(&joliet, joliet_id, DATA + i, 10, 0);
}

/* 9.3: records are in the order of the identifiers that they have, which need
 * not be that of the names; and a new name goes out of their way. */
START_TEST(joliet_has_names_of_its_own)
{
	uint32_t at, node;

	with_joliet();
	in_both(1, "A.;1", "a", "y");
	in_both(0, "B.;1", "b", "x");
	import_good(&import, disc, 0);
	import_entry(&import, "/a");
	record_later(true);
	at = lathe_get_le32(disc_block(disc, LATER + 17) + 158);
	ck_assert_mem_eq(record(at, 2) + 32, "\2\0x", 3);
	ck_assert_mem_eq(record(at, 3) + 32, "\2\0y", 3);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 import.tree, LATHE_ISO9660_ROOT, "x", 1, NULL,
				 "new", 3, 0, &node), 0);
	record_later(true);
	import_end(&import);
	at = lathe_get_le32(disc_block(disc, LATER + 17) + 158);
	ck_assert_mem_eq(record(at, 2) + 32, "\2\0x", 3);
	ck_assert_uint_eq(lathe_get_le32(record(at, 2) + 2), DATA);
	ck_assert_mem_eq(record(at, 3) + 32, "\10\0x\0000\0000\0000", 9);
	ck_assert_mem_eq(record(at, 4) + 32, "\2\0y", 3);
}
END_TEST

static void nobody_tells(void *ctx, const struct lathe_iso9660_renamed *what)
{
	(void)ctx;
	ck_abort_msg("%.*s", what->id_len, (const char *)what->id);
}

/* What is on the disc is not asked for its names any more, neither to be told
 * nor to be refused. */
START_TEST(old_names_are_neither_told_nor_refused)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.strict = 3, .renamed = nobody_tells
	};
	struct lathe_iso9660_plan *plan;
	uint32_t node;

	with_joliet();
	in_both(0, "A.;1", "a longer name", "another");
	in_both(1, "B.;1", "b", "b");
	import_good(&import, disc, 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(import.tree, &options,
						   &plan), 0);
	lathe_iso9660_plan_destroy(plan);
	ck_assert_int_eq(lathe_iso9660_add_memory(
				 import.tree, LATHE_ISO9660_ROOT, "n e w", 5,
				 NULL, "new", 3, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_plan_create(import.tree, &options,
						   &plan), LATHE_ERR_NAME);
	import_end(&import);
}
END_TEST

/* What moves may have had any identifier where it was: in its new place it
 * meets others. RRIP 4.1.5. */
START_TEST(directories_of_one_identifier_move)
{
	struct dir deep[8];
	uint32_t i, moved;
	char ids[2] = "A";

	deep[0] = root;
	for (i = 1; i < 7; i++) {
		deep[i] = plain(&deep[i - 1], ids, 30 + i);
		ids[0]++;
	}
	for (i = 0; i < 2; i++) {
		deep[7] = plain(&deep[6], i ? "H" : "G", 40 + i);
		plain(&deep[7], "SAME", 50 + i);
	}
	rock.relocate = true;
	carry();
	id_is(later_root(), 3, "RR_MOVED");
	moved = into(later_root(), 3);
	id_is(moved, 2, "SAME");
	id_is(moved, 3, "SAME000");
	ck_assert_uint_eq(record(moved, 4)[0], 0);
	import_good(&import, disc, LATER);
	import_entry(&import, "/A/B/C/D/E/F/G/SAME");
	import_entry(&import, "/A/B/C/D/E/F/H/SAME");
	import_end(&import);
}
END_TEST

/* ---- entries of others -------------------------------------------------- */

/* SUSP 4: what stands behind a directory's name in the one above it tells of
 * that record alone: neither "." nor ".." below has it. */
START_TEST(entries_stand_where_they_stood)
{
	struct dir sub;
	uint32_t at, below;

	put("ZY\5\1a", 5);
	sub = plain(&root, "D", 30);
	attach(&root, disc_block(disc, ROOT) + 41 + 34);
	plain(&sub, "E", 31);
	carry();
	at = later_root();
	ck_assert(has_entry(record(at, 2), "ZY"));
	ck_assert(!has_entry(record(at, 0), "ZY"));
	below = into(at, 2);
	ck_assert(!has_entry(record(below, 0), "ZY"));
	ck_assert(!has_entry(record(below, 1), "ZY"));
	ck_assert(!has_entry(record(below, 2), "ZY"));
	below = into(below, 2);
	ck_assert(!has_entry(record(below, 1), "ZY"));
	/* 4.1.1: they do have what ours begin with. */
	ck_assert(has_entry(record(below, 1), "PX"));
}
END_TEST

/* ---- room --------------------------------------------------------------- */

static void long_id(char *id, uint32_t len)
{
	memset(id, 'X', len);
	id[0] = 'A' + (char)(len % 26);
	memcpy(id + len - 3, ".;1", 4);
}

/* 9.1: a record has 254 bytes at most, 33 in front of its identifier. Beside
 * one of 193 there is room for a CE, 28 bytes, and nothing else; beside one of
 * 195 for nothing. */
START_TEST(room_for_ce_alone)
{
	char id[200];
	const uint8_t *p, *use_at;
	uint32_t len;

	long_id(id, 193);
	dir_add(&root, id, DATA, 10, 0);
	long_id(id, 195);
	dir_add(&root, id, DATA + 1, 10, 0);
	carry();
	p = record(later_root(), 2);
	ck_assert_uint_eq(p[32], 193);
	ck_assert_uint_eq(p[0], 254);
	use_at = use_of(p, &len);
	ck_assert_uint_eq(len, 28);
	ck_assert_mem_eq(area_of(find_ce(use_at, len), &len), "PX\x24\1", 4);
	p = record(later_root(), 3);
	ck_assert_uint_eq(p[32], 195);
	ck_assert_uint_eq(p[0], 228);
	ck_assert_uint_eq(p[228], 0);
}
END_TEST

/* A block that such records fill leaves none of what they have no room for
 * behind it. */
START_TEST(no_room_at_the_end_of_a_block)
{
	struct lathe_iso9660_cursor *cursor;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_plan *plan;
	uint8_t block[2048 + 512];
	char id[200];
	uint32_t i, k;

	long_id(id, 195);
	for (i = 0; i < 8; i++) {
		id[1] = 'A' + (char)i;
		dir_add(&root, id, DATA + i, 10, 0);
	}
	import_good(&import, disc, 0);
	plan = plan_later(false);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	memset(block, 0xA5, sizeof(block));
	for (i = 0; i < lathe_iso9660_plan_metadata(plan); i++) {
		ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, i, 1,
							   block), 0);
		for (k = 2048; k < sizeof(block); k++)
			ck_assert_uint_eq(block[k], 0xA5);
	}
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	import_end(&import);
}
END_TEST

/* A folder of a session of ours in which nothing changed needs more blocks than
 * it had, since its records have more in them now. */
START_TEST(room_for_the_records_of_a_folder_that_stays)
{
	struct dir sub = plain(&root, "D", 30);
	char id[16], path[16];
	uint32_t i, at;

	for (i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "F%02u.;1", (unsigned)i);
		dir_add(&sub, id, DATA + i, 10, 0);
	}
	import_good(&import, disc, 0);
	disc_record(disc, import.tree, LATER, NULL, 0, NULL);
	import_end(&import);
	ck_assert_uint_eq(lathe_get_le32(record(later_root(), 2) + 10), 2048);
	import_good(&import, disc, LATER);
	record_at(MUCH_LATER, true);
	import_end(&import);
	at = root_at(MUCH_LATER);
	/* Two of 70, the first block's, and 40 of 40 + 36 + 12 + 8 bytes: of
	 * these 19 fit behind the dots, 21 in the next. */
	ck_assert_uint_eq(lathe_get_le32(record(at, 2) + 10), 4096);
	at = into(at, 2);
	id_is(at, 2, "F00.;1");
	id_is(at + 1, 0, "F19.;1");
	import_good(&import, disc, MUCH_LATER);
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "/D/F%02u", (unsigned)i);
		ck_assert_uint_eq(import_entry(&import, path).lba, DATA + i);
	}
	import_end(&import);
}
END_TEST

/* An entry of others; many, the last one of 5 bytes. */
static void put_other(uint32_t bytes)
{
	uint8_t entry[255];

	memset(entry, 'o', sizeof(entry));
	memcpy(entry, "ZY\0\1", 4);
	entry[2] = (uint8_t)bytes;
	put(entry, bytes);
}

static void put_others(uint32_t bytes)
{
	uint32_t n;

	for (bytes -= 5; bytes; bytes -= n) {
		n = bytes <= 255 ? bytes : bytes < 260 ? 250 : 255;
		put_other(n);
	}
	put_other(5);
}

/* SUSP 5.1: an area does not cross a block. One that fills a block is not
 * divided; of one byte more the first part ends with a CE of its own. It
 * begins behind the directory. */
START_TEST(area_of_a_block)
{
	struct dir sub = plain(&root, "D", 30);
	const uint8_t *p, *link;
	uint32_t len, others = 2048 - 255 + (uint32_t)_i, all = 0, areas = 0;

	put_others(others);
	area(DATA + 20, 0);
	ce(DATA + 20, 0, others);
	put_other(150);
	attach(&sub, dir_add(&sub, "A.;1", DATA, 10, 0));
	carry();
	p = use_of(record(into(later_root(), 2), 2), &len);
	link = find_ce(p, len);
	ck_assert_ptr_nonnull(link);
	ck_assert_uint_eq(lathe_get_le32(link + 4), into(later_root(), 2) + 1);
	ck_assert_uint_eq(lathe_get_le32(link + 12), 0);
	for (; link; areas++) {
		p = area_of(link, &len);
		link = find_ce(p, len);
		all += len - (link ? 28 : 0);
	}
	ck_assert_uint_eq(all, others + 150);
	ck_assert_uint_eq(areas, _i > 105 ? 2 : 1);
}
END_TEST

/* Attributes of files go far beyond a block, as an access control list with
 * extended attributes does: all of them, or they are another thing. */
#define MANY 192u

static void expect_many(uint32_t start)
{
	const uint8_t *p;
	uint32_t bytes, i;

	import_good(&import, disc, start);
	p = lathe_iso9660_foreign_use(import.tree,
				      import_entry(&import, "/A").node,
				      &bytes);
	ck_assert_uint_eq(bytes, MANY * 255);
	for (i = 0; i < MANY; i++, p += 255) {
		ck_assert_mem_eq(p, "ZY\xFF\1", 4);
		ck_assert_uint_eq(p[4], i);
		ck_assert_uint_eq(p[254], 255 - i);
	}
}

START_TEST(entries_of_many_areas)
{
	uint8_t entry[255] = { 'Z', 'Y', 255, 1 };
	uint32_t i, at = DATA + 20;

	ce(at, 0, 7 * 255 + 28);
	attach(&root, dir_add(&root, "A.;1", DATA, 10, 0));
	for (i = 0; i < MANY; i++) {
		entry[4] = (uint8_t)i;
		entry[254] = (uint8_t)(255 - i);
		put(entry, 255);
		if (i % 7 < 6)
			continue;
		ce(at + 1, 0, i + 8 < MANY ? 7 * 255 + 28 : MANY % 7 * 255);
		area(at++, 0);
	}
	area(at, 0);
	expect_many(0);
	record_later(true);
	import_end(&import);
	expect_many(LATER);
	record_at(MUCH_LATER, true);
	import_end(&import);
	expect_many(MUCH_LATER);
	import_end(&import);
}
END_TEST

static void begin(void)
{
	make_rock_ridge();
	memset(&rock, 0, sizeof(rock));
}

int main(void)
{
	Suite *suite = suite_create("carried over with Rock Ridge");
	TCase *tc = tcase_create("system use");

	tcase_add_checked_fixture(tc, begin, drop_volume);
	tcase_add_test(tc, identifiers_outlive_a_plan);
	tcase_add_test(tc, joliet_has_names_of_its_own);
	tcase_add_test(tc, old_names_are_neither_told_nor_refused);
	tcase_add_test(tc, directories_of_one_identifier_move);
	tcase_add_test(tc, entries_stand_where_they_stood);
	tcase_add_test(tc, room_for_ce_alone);
	tcase_add_test(tc, no_room_at_the_end_of_a_block);
	tcase_add_test(tc, room_for_the_records_of_a_folder_that_stays);
	tcase_add_loop_test(tc, area_of_a_block, 104, 108);
	tcase_add_test(tc, entries_of_many_areas);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
