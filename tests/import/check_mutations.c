/* SPDX-License-Identifier: MIT */
/*
 * Damaged volumes, tens of thousands of them: whatever the bytes say, an
 * import ends with an error and an empty tree, or with a tree in which all
 * is as promised, and which can be recorded again. Seeded: the same ones in
 * each run. LATHE_IMAGES names image files to damage as well; LATHE_SEED,
 * LATHE_MUTATIONS and LATHE_SECONDS (for each image) say which and how many.
 */
#define _POSIX_C_SOURCE 200809L

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib_disc.h"
#include "tests/suite.h"

static uint64_t state = 1;

static uint32_t below(uint32_t n)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((state >> 33) % n);
}

static uint32_t number_of(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);

	return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

/* ---- what must hold ----------------------------------------------------- */

struct walk {
	struct lathe_iso9660_tree *tree;
	const struct disc *disc;
	uint32_t visited;
};

static int check_entry(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct walk *walk = ctx;
	uint64_t bytes, sum = 0;
	uint32_t lba, i, found;

	walk->visited++;
	if (e->node == LATHE_ISO9660_ROOT)
		return 0;
	ck_assert_uint_ge(e->name_len, 1);
	ck_assert_uint_le(e->name_len, LATHE_ISO9660_NAME_MAX);
	ck_assert_ptr_null(memchr(e->name, '/', e->name_len));
	ck_assert_ptr_null(memchr(e->name, '\0', e->name_len));
	ck_assert(!(e->name_len == 1 && e->name[0] == '.'));
	ck_assert(!(e->name_len == 2 && memcmp(e->name, "..", 2) == 0));
	/* Found by its name: no other has it. */
	ck_assert_int_eq(lathe_iso9660_find_child(walk->tree, e->parent,
						  e->name, e->name_len,
						  &found), 0);
	ck_assert_uint_eq(found, e->node);
	if (e->kind == LATHE_ISO9660_DIRECTORY || e->size == 0)
		return 0;
	ck_assert_uint_ge(e->sections, 1);
	for (i = 0; i < e->sections; i++) {
		ck_assert_int_eq(lathe_iso9660_section(walk->tree, e->node, i,
						       &lba, &bytes), 0);
		ck_assert(bytes == 0 ||
			  (uint64_t)lba + (bytes + 2047) / 2048 <=
				  walk->disc->blocks);
		sum += bytes;
	}
	ck_assert_uint_eq(sum, e->size);
	return 0;
}

/* A session over the imported tree can be planned, and its metadata made. */
static void check_plan(struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_plan_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
	};
	struct lathe_iso9660_image image;
	struct lathe_iso9660_plan *plan;
	int err = lathe_iso9660_plan_create(tree, &options, &plan);

	if (err) {
		ck_assert_int_eq(err, LATHE_ERR_LIMIT);
		return;
	}
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 100000), 0);
	lathe_iso9660_plan_destroy(plan);
}

static void check_import(struct disc *disc)
{
	static const struct lathe_iso9660_limits limits = {
		.nodes = 3000, .depth = 20, .name_bytes = 300000,
		.sections = 50,
	};
	struct import import = { 0 };
	struct walk walk = { .disc = disc };
	struct lathe_iso9660_counts count;

	disc->blocks_read = 0;
	import_run(&import, disc, 0, &limits, below(3));
	walk.tree = import.tree;
	ck_assert_int_eq(lathe_iso9660_walk(import.tree, LATHE_ISO9660_ROOT,
					    check_entry, &walk), 0);
	lathe_iso9660_count(import.tree, &count);
	ck_assert_uint_eq(walk.visited, count.directories + count.files);
	if (import.err)
		ck_assert_uint_eq(walk.visited, 1);
	else if (below(4) == 0)
		check_plan(import.tree);
	/* Three hierarchies' worth of reading, and what is read ahead. */
	ck_assert_uint_le(disc->blocks_read,
			  8 * (uint64_t)disc->blocks + 4096);
	ck_assert_uint_le(import.peak, 8u << 20);
	import_end(&import);
}

/* ---- damage ------------------------------------------------------------- */

static const uint32_t edges[] = { 0, 1, 2, 16, 20, 33, 34, 127, 128, 254, 255,
	2047, 2048, 2049, 4096, 0x7FFFFFFF, 0x80000000, 0xFFFFF800, 0xFFFFFFFF };

/* What was there, so that the next damage begins from a whole image. */
struct undo {
	size_t at, len;
	uint8_t bytes[64];
};

/* A byte that is not zero, or one near it: that is where numbers and names
 * are. 'meta' bytes at the front hold them. */
static size_t pick(const struct disc *disc, size_t meta)
{
	size_t first = 16 * 2048, at = 0;
	int tries;

	for (tries = 0; tries < 64; tries++) {
		at = first + below((uint32_t)(meta - first));
		if (disc->data[at])
			break;
	}
	return at;
}

static void damage(struct disc *disc, size_t meta, struct undo *undo)
{
	size_t at = pick(disc, meta);
	uint32_t value = edges[below(sizeof(edges) / sizeof(edges[0]))];
	size_t from;

	undo->len = 1 + below(sizeof(undo->bytes));
	if (undo->len > meta - at)
		undo->len = meta - at;
	undo->at = at;
	memcpy(undo->bytes, disc->data + at, undo->len);
	switch (below(6)) {
	case 0:
		disc->data[at] ^= (uint8_t)(1u << below(8));
		break;
	case 1:
		disc->data[at] = (uint8_t)value;
		break;
	case 2:		/* a number in both byte orders, 7.3.3 */
		if (undo->len >= 8) {
			lathe_put_le32(disc->data + at, value);
			lathe_put_be32(disc->data + at + 4, value);
		}
		break;
	case 3:		/* one that could be */
		if (undo->len >= 8) {
			value = below(disc->blocks);
			lathe_put_le32(disc->data + at, value);
			lathe_put_be32(disc->data + at + 4, value);
		}
		break;
	case 4:		/* bytes from elsewhere */
		from = pick(disc, meta);
		if (from + undo->len <= meta)
			memmove(disc->data + at, disc->data + from, undo->len);
		break;
	default:
		disc->data[at] = (uint8_t)below(256);
	}
}

/* Lengths, addresses and names in records: find one by its fixed bytes. */
static size_t pick_record(const struct disc *disc, size_t meta)
{
	size_t first = 19 * 2048, at, tries;

	for (tries = 0; tries < 4096; tries++) {
		at = first + below((uint32_t)(meta - first));
		if (at + 34 < meta && disc->data[at] >= 34 &&
		    disc->data[at + 28] == 1 && disc->data[at + 31] == 1)
			return at;
	}
	return first;
}

static void damage_record(struct disc *disc, size_t meta, struct undo *undo)
{
	static const uint8_t fields[] = { 0, 1, 2, 10, 25, 26, 27, 32, 33 };
	size_t at = pick_record(disc, meta);
	uint8_t field = fields[below(sizeof(fields))];
	uint32_t value = below(2) ? below(disc->blocks)
		: edges[below(sizeof(edges) / sizeof(edges[0]))];

	undo->at = at;
	undo->len = meta - at < 64 ? meta - at : 64;
	memcpy(undo->bytes, disc->data + at, undo->len);
	if (undo->len < 42)
		return;
	if (field == 2 || field == 10) {
		if (field == 10 && below(2))
			value *= 2048;
		lathe_put_le32(disc->data + at + field, value);
		lathe_put_be32(disc->data + at + field + 4, value);
	} else {
		disc->data[at + field] = (uint8_t)(below(2) ? value
							    : below(256));
	}
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 'meta': bytes at the front worth damaging. */
static void campaign(struct disc *disc, size_t meta, uint32_t count)
{
	struct undo undo[4];
	double end = seconds() + number_of("LATHE_SECONDS", 4);
	uint32_t i, hits, j;

	count = number_of("LATHE_MUTATIONS", count);

	check_import(disc);
	for (i = 0; i < count && seconds() < end; i++) {
		hits = 1 + below(4);
		for (j = 0; j < hits; j++) {
			if (below(2))
				damage(disc, meta, &undo[j]);
			else
				damage_record(disc, meta, &undo[j]);
		}
		check_import(disc);
		while (j-- > 0)
			memcpy(disc->data + undo[j].at, undo[j].bytes,
			       undo[j].len);
	}
	check_import(disc);
}

/* ---- the volumes -------------------------------------------------------- */

/* All kinds of records, joined in all ways; no mark, so no checksum. */
static struct disc *foreign_disc(void)
{
	struct disc *disc = disc_new(400);
	struct dir iso, wide, a, b;
	char name[24];
	uint32_t i;

	disc_primary(disc, 16, 24, 4 * 2048);
	disc_joliet(disc, 17, 28, 4 * 2048);
	disc_terminator(disc, 18);
	iso = dir_begin(disc, 24, 4, 24, 4, false);
	wide = dir_begin(disc, 28, 4, 28, 4, true);
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "FILE%u.TXT;1", i);
		dir_add(&iso, name, 100 + i / 2, i % 3 ? 100 * i : 0, 0);
		snprintf(name, sizeof(name), "file %u.txt", 19 - i);
		dir_add(&wide, name, 100 + (19 - i) / 2,
			(19 - i) % 3 ? 100 * (19 - i) : 0, 0);
	}
	for (i = 0; i < 3; i++) {
		dir_add(&iso, "BIG.;1", 200 + i, 2048, i < 2 ? MORE : 0);
		dir_add(&wide, "big one", 200 + i, 2048, i < 2 ? MORE : 0);
	}
	dir_add(&iso, "WOVEN.;1", 300, 8192, 0)[26] = 1;
	dir_add(&iso, "XAR.;1", 310, 99, HIDDEN)[1] = 1;
	dir_add(&iso, "FORK.;1", 320, 99, ASSOCIATED);
	for (i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "DIR%u", i);
		dir_add(&iso, name, 40 + i, 2048, DIRECTORY);
		a = dir_begin(disc, 40 + i, 1, 24, 4, false);
		dir_add(&a, "INNER.;1", 130 + i, 50, 0);
		dir_add(&a, "D", 50 + i, 2048, DIRECTORY);
		dir_begin(disc, 50 + i, 1, 40 + i, 1, false);
		snprintf(name, sizeof(name), "other name %u", 3 - i);
		dir_add(&wide, name, 60 + i, 2048, DIRECTORY);
		b = dir_begin(disc, 60 + i, 1, 28, 4, true);
		dir_add(&b, "inner;1", 130 + i, 50, 0);
		dir_add(&b, "d", 70 + i, 2048, DIRECTORY);
		dir_begin(disc, 70 + i, 1, 60 + i, 1, true);
	}
	return disc;
}

START_TEST(damaged_foreign_volume)
{
	struct disc *disc = foreign_disc();

	state = number_of("LATHE_SEED", 1) * 4 + (uint32_t)_i;
	campaign(disc, 80 * 2048, 6000);
	disc_free(disc);
}
END_TEST

/* Nearly each damage breaks the checksum; without the mark none does. */
START_TEST(damaged_own_volume)
{
	struct lathe_iso9660_tree_config config = { .size = sizeof(config) };
	struct lathe_iso9660_tree *tree;
	struct disc *disc = disc_new(1);
	uint32_t dir = LATHE_ISO9660_ROOT, node, metadata, i;
	char name[80];

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	for (i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "a name %u with \xC3\xA4 and "
			 "%0*u.text", i, (int)(i + 5), i);
		ck_assert_int_eq(lathe_iso9660_add_memory(
					 tree, dir, name, strlen(name), NULL,
					 name, i, 0, &node), 0);
		if (i % 8 == 7)
			ck_assert_int_eq(lathe_iso9660_add_directory(
						 tree, dir, "more", 4, NULL,
						 &dir), 0);
	}
	disc_record(disc, tree, 0, NULL, 0, &metadata);
	lathe_iso9660_tree_destroy(tree);
	if (_i)
		memset(disc_block(disc, 16) + 883, 0, 512);
	state = number_of("LATHE_SEED", 1) * 4 + 2 + (uint32_t)_i;
	campaign(disc, (size_t)metadata * 2048, 4000);
	disc_free(disc);
}
END_TEST

static struct disc *load(const char *path)
{
	struct disc *disc;
	FILE *file = fopen(path, "rb");
	long bytes;

	ck_assert_msg(file != NULL, "%s", path);
	ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
	bytes = ftell(file);
	ck_assert_int_ge(bytes, 20 * 2048);
	rewind(file);
	disc = disc_new((uint32_t)(bytes / 2048));
	ck_assert_uint_eq(fread(disc->data, 2048, disc->blocks, file),
			  disc->blocks);
	fclose(file);
	return disc;
}

/* Images of other writers, made by the script that calls us. */
START_TEST(damaged_images_of_others)
{
	char *paths = getenv("LATHE_IMAGES"), *path, *rest = NULL;
	struct disc *disc;
	size_t meta;

	if (!paths)
		return;
	paths = strdup(paths);
	state = number_of("LATHE_SEED", 1);
	for (path = strtok_r(paths, " ", &rest); path;
	     path = strtok_r(NULL, " ", &rest)) {
		disc = load(path);
		meta = (size_t)(disc->blocks < 120 ? disc->blocks : 120) * 2048;
		campaign(disc, meta, 1500);
		disc_free(disc);
	}
	free(paths);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("damaged volumes");
	TCase *tc = tcase_create("mutations");

	tcase_set_timeout(tc, 3600);
	tcase_add_loop_test(tc, damaged_foreign_volume, 0, 2);
	tcase_add_loop_test(tc, damaged_own_volume, 0, 2);
	tcase_add_test(tc, damaged_images_of_others);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
