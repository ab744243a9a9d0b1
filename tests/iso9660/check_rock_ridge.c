/* SPDX-License-Identifier: MIT */
/* What stands behind identifiers with Rock Ridge: bytes of SUSP 1.12 (clauses
 * "S") and RRIP 1.12 (clauses "R"). */
#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lathe_iso9660_plan_options
rock_options(const struct lathe_iso9660_rock_ridge_options *rock)
{
	struct lathe_iso9660_plan_options options = plain_options();

	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = rock;
	return options;
}

/* An image at LBA 0 of a tree that is not needed any more. */
static uint8_t *image_of(struct lathe_iso9660_tree *tree,
			 const struct lathe_iso9660_plan_options *options,
			 uint32_t *blocks)
{
	uint8_t *image = make_image(tree, options, 0, blocks);

	lathe_iso9660_tree_destroy(tree);
	return image;
}

static uint32_t root_lba(const uint8_t *image)
{
	return lathe_get_le32(image + 16 * 2048 + 156 + 2);
}

/* The system use of the record of 'id' in the root. */
static const uint8_t *entries_of(const uint8_t *image, const char *id)
{
	uint32_t bytes = lathe_get_le32(image + 16 * 2048 + 156 + 10);
	const uint8_t *record = find_record(image, root_lba(image), bytes, id,
					    strlen(id));

	ck_assert_msg(record != NULL, "%s", id);
	return record + 33 + record[32] + (record[32] % 2 == 0);
}

#define ENTRIES(image, id, ...)                                               \
	do {                                                                  \
		static const uint8_t want_[] = { __VA_ARGS__ };               \
		ck_assert_mem_eq(entries_of(image, id), want_,                \
				 sizeof(want_));                              \
	} while (0)

#define BOTH(x) (x) & 255, (x) >> 8 & 255, (x) >> 16 & 255, (x) >> 24,        \
	(x) >> 24, (x) >> 16 & 255, (x) >> 8 & 255, (x) & 255
#define PX(mode, links, uid, gid) 'P', 'X', 36, 1, BOTH(mode), BOTH(links),   \
	BOTH(uid), BOTH(gid)
#define NEW_YEAR 126, 1, 2, 3, 4, 5, 0
#define TF 'T', 'F', 12, 1, 0x02, NEW_YEAR

static struct lathe_iso9660_tree *new_tree(void)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);

	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, LATHE_ISO9660_ROOT, &new_year), 0);
	return tree;
}

static void set_posix(struct lathe_iso9660_tree *tree, uint32_t node,
		      uint32_t mode, uint32_t uid, uint32_t gid)
{
	struct lathe_iso9660_attributes attr = new_year;

	attr.posix_given = true;
	attr.posix.mode = mode;
	attr.posix.uid = uid;
	attr.posix.gid = gid;
	ck_assert_int_eq(lathe_iso9660_set_attributes(tree, node, &attr), 0);
}

static uint32_t add_symlink(struct lathe_iso9660_tree *tree, const char *name,
			    const char *text, uint32_t content)
{
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_symlink(
				 tree, LATHE_ISO9660_ROOT, name, strlen(name),
				 &new_year, text, strlen(text), content, 0,
				 &node), 0);
	return node;
}

/* ---- records ------------------------------------------------------------ */

/* S5.3: SP is first; S5.5, R4.3: ER, which the record has no room for. */
START_TEST(root_says_that_rock_ridge_is_used)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	uint32_t blocks;
	uint8_t *image = image_of(new_tree(), &options, &blocks);
	/* 16 + 2 + two path tables: the root is block 20, its area 21. */
	static const uint8_t self[] = {
		118, 0, BOTH(20), BOTH(2048), NEW_YEAR, 2, 0, 0, 1, 0, 0, 1,
		1, 0,
		'S', 'P', 7, 1, 0xbe, 0xef, 0,
		PX(0040555, 2, 0, 0), TF,
		'C', 'E', 28, 1, BOTH(21), BOTH(0), BOTH(237), 0
	};
	static const uint8_t parent[] = {
		82, 0, BOTH(20), BOTH(2048), NEW_YEAR, 2, 0, 0, 1, 0, 0, 1,
		1, 1, PX(0040555, 2, 0, 0), TF
	};
	static const char er[] =
		"ER\xed\1\x0a\x54\x87\1RRIP_1991A"
		"THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR "
		"POSIX FILE SYSTEM SEMANTICS"
		"PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  "
		"SEE PUBLISHER IDENTIFIER IN PRIMARY VOLUME DESCRIPTOR FOR "
		"CONTACT INFORMATION.";

	ck_assert_uint_eq(blocks, 22);
	ck_assert_uint_eq(sizeof(self), 118);
	ck_assert_mem_eq(image + 20 * 2048, self, sizeof(self));
	ck_assert_mem_eq(image + 20 * 2048 + sizeof(self), parent,
			 sizeof(parent));
	ck_assert_uint_eq(sizeof(er) - 1, 237);
	ck_assert_mem_eq(image + 21 * 2048, er, sizeof(er) - 1);
	ck_assert_uint_eq(image[21 * 2048 + 237], 0);
	free(image);
}
END_TEST

/* R4.1.1, R4.1.4, R4.1.6. */
START_TEST(files_have_permissions_dates_and_names)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks;
	uint8_t *image;

	set_posix(tree, add_text(tree, "Read me.txt", "x"), 0640, 7, 8);
	set_posix(tree, add_text(tree, "run", "x"), 0710, 7, 8);
	add_text(tree, "plain", "x");
	set_posix(tree, add_dir(tree, "d"), 0700, 7, 8);
	add_dir(tree, "d/e");
	image = image_of(tree, &options, &blocks);
	ENTRIES(image, "READ_ME.TXT;1", PX(0100444, 1, 0, 0), TF,
		'N', 'M', 16, 1, 0,
		'R', 'e', 'a', 'd', ' ', 'm', 'e', '.', 't', 'x', 't');
	ENTRIES(image, "RUN.;1", PX(0100555, 1, 0, 0), TF,
		'N', 'M', 8, 1, 0, 'r', 'u', 'n');
	ENTRIES(image, "PLAIN.;1", PX(0100444, 1, 0, 0), TF);
	/* A directory in it: 2 + 1 links. */
	ENTRIES(image, "D", PX(0040555, 3, 0, 0), TF, 'N', 'M', 6, 1, 0, 'd');
	free(image);
}
END_TEST

START_TEST(modes_owners_and_times_are_kept_on_request)
{
	struct lathe_iso9660_rock_ridge_options rock = {
		.keep_modes = true, .keep_owner = true, .all_times = true
	};
	struct lathe_iso9660_plan_options options = rock_options(&rock);
	struct lathe_iso9660_tree *tree = new_tree();
	struct lathe_iso9660_attributes attr = {
		.date = { NEW_YEAR }, .posix_given = true,
		.posix = { 04751, 1000, 70000 },
		.accessed = { 126, 2, 3, 4, 5, 6, 4 },
		.changed = { 126, 3, 4, 5, 6, 7, 0 }
	};
	uint32_t blocks, node;
	uint8_t *image;

	ck_assert_int_eq(lathe_iso9660_add_memory(
				 tree, LATHE_ISO9660_ROOT, "f", 1, &attr, "x",
				 1, 0, &node), 0);
	image = image_of(tree, &options, &blocks);
	/* R4.1.6: bits and stamps in order, modification, access, change. */
	ENTRIES(image, "F.;1", PX(0104751, 1, 1000, 70000),
		'T', 'F', 26, 1, 0x0e, NEW_YEAR, 126, 2, 3, 4, 5, 6, 4,
		126, 3, 4, 5, 6, 7, 0, 'N', 'M', 6, 1, 0, 'f');
	free(image);
}
END_TEST

/* R4.1.3: components; flags 08h root, 04h "..", 02h ".". */
START_TEST(symbolic_links_are_components)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks;
	uint8_t *image;

	add_symlink(tree, "a", "/usr/.", 0);
	add_symlink(tree, "b", "../x/..y", 0);
	add_symlink(tree, "c", "/", 0);
	add_symlink(tree, "d", "p//q/", 0);
	image = image_of(tree, &options, &blocks);
	ENTRIES(image, "A.;1", PX(0120777, 1, 0, 0), TF,
		'N', 'M', 6, 1, 0, 'a',
		'S', 'L', 14, 1, 0, 8, 0, 0, 3, 'u', 's', 'r', 2, 0);
	ENTRIES(image, "B.;1", PX(0120777, 1, 0, 0), TF,
		'N', 'M', 6, 1, 0, 'b',
		'S', 'L', 15, 1, 0, 4, 0, 0, 1, 'x', 0, 3, '.', '.', 'y');
	ENTRIES(image, "C.;1", PX(0120777, 1, 0, 0), TF,
		'N', 'M', 6, 1, 0, 'c', 'S', 'L', 7, 1, 0, 8, 0);
	/* An empty component is what two slashes, or the last one, mean. */
	ENTRIES(image, "D.;1", PX(0120777, 1, 0, 0), TF,
		'N', 'M', 6, 1, 0, 'd',
		'S', 'L', 15, 1, 0, 0, 1, 'p', 0, 0, 0, 1, 'q', 0, 0);
	/* No bytes of their own; all lie in the volume. */
	ck_assert_uint_eq(lathe_get_le32(entries_of(image, "A.;1") - 38 + 10),
			  0);
	ck_assert_uint_lt(lathe_get_le32(entries_of(image, "A.;1") - 38 + 2),
			  blocks);
	free(image);
}
END_TEST

/* R4.1.2. */
START_TEST(devices_have_their_numbers)
{
	static const struct {
		const char *name;
		uint32_t type;
	} rows[] = { { "c", 0020000 }, { "b", 0060000 }, { "p", 0010000 },
		     { "s", 0140000 } };
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks, node, i;
	uint8_t *image;

	for (i = 0; i < 4; i++)
		ck_assert_int_eq(lathe_iso9660_add_special(
					 tree, LATHE_ISO9660_ROOT,
					 rows[i].name, 1, &new_year,
					 rows[i].type, 8, 300, 0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_special(
				 tree, LATHE_ISO9660_ROOT, "r", 1, NULL,
				 0100000, 0, 0, 0, &node), LATHE_ERR_ARG);
	image = image_of(tree, &options, &blocks);
	ENTRIES(image, "C.;1", PX(0020444, 1, 0, 0), TF,
		'P', 'N', 20, 1, BOTH(8), BOTH(300), 'N', 'M', 6, 1, 0, 'c');
	ENTRIES(image, "B.;1", PX(0060444, 1, 0, 0), TF, 'P', 'N');
	ENTRIES(image, "P.;1", PX(0010444, 1, 0, 0), TF, 'N', 'M');
	ENTRIES(image, "S.;1", PX(0140444, 1, 0, 0), TF, 'N', 'M');
	free(image);
}
END_TEST

/* ---- continuation areas, S5.1 ------------------------------------------- */

/*
 * 254 bytes, 33 and 7 of "A.NNN;1", 36 + 12 of PX and TF leave 166: 161 bytes
 * of a name fit, and 28 less as soon as they do not.
 */
START_TEST(long_names_go_on_in_an_area)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	char name[256];
	uint32_t blocks;
	const uint8_t *p;
	uint8_t *image;

	options.primary = &level_1;
	memset(name, 'n', sizeof(name));
	name[161] = 0;
	memcpy(name, "a.", 2);
	add_text(tree, name, "x");
	name[161] = 'n';
	name[162] = 0;
	memcpy(name, "b.", 2);
	add_text(tree, name, "x");
	image = image_of(tree, &options, &blocks);
	p = entries_of(image, "A.NNN;1") + 48;
	ck_assert_mem_eq(p, "NM\xa6\1\0a.nnn", 10);
	p = entries_of(image, "B.NNN;1") + 48;
	ck_assert_mem_eq(p, "NM\x8a\1\1b.nnn", 10);
	ck_assert_mem_eq(p + 138, "CE\x1c\1", 4);
	/* Behind the root's ER. */
	ck_assert_uint_eq(lathe_get_le32(p + 138 + 4), root_lba(image) + 1);
	ck_assert_uint_eq(lathe_get_be32(p + 138 + 16), 237);
	ck_assert_uint_eq(lathe_get_le32(p + 138 + 20), 5 + 162 - 133);
	ck_assert_mem_eq(image + (root_lba(image) + 1) * 2048 + 237,
			 "NM\x22\1\0nnn", 8);
	free(image);
}
END_TEST

/*
 * Of a name that has more than 253 bytes in all Linux shows the first NM and
 * no other: it is as long as one can be (R4.1.4: 250 bytes), in an area. A
 * shorter name still begins in the record.
 */
START_TEST(the_longest_names_begin_in_an_area)
{
	static const uint32_t lens[] = { 253, 254, 255 };
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	char name[256];
	const uint8_t *area, *p;
	uint32_t blocks;
	uint8_t *image;
	size_t i;

	options.primary = &level_1;
	for (i = 0; i < 3; i++) {
		memset(name, 'n', sizeof(name));
		memcpy(name, "a.", 2);
		name[0] = (char)('a' + i);
		name[lens[i]] = 0;
		add_text(tree, name, "x");
	}
	image = image_of(tree, &options, &blocks);
	area = image + (root_lba(image) + 1) * 2048;
	p = entries_of(image, "A.NNN;1") + 48;
	ck_assert_mem_eq(p, "NM\x8a\1\1a.nnn", 10);
	ck_assert_mem_eq(p + 138, "CE\x1c\1", 4);
	p = entries_of(image, "B.NNN;1") + 48;
	ck_assert_mem_eq(p, "CE\x1c\1", 4);
	/* Behind the root's ER and the rest of the first name. */
	ck_assert_uint_eq(lathe_get_le32(p + 12), 237 + 5 + 253 - 133);
	ck_assert_uint_eq(lathe_get_le32(p + 20), 255 + 5 + 4);
	ck_assert_mem_eq(area + 362, "NM\xff\1\1b.nnn", 10);
	ck_assert_mem_eq(area + 362 + 255, "NM\x09\1\0nnnn", 9);
	p = entries_of(image, "C.NNN;1") + 48;
	ck_assert_mem_eq(p, "CE\x1c\1", 4);
	ck_assert_uint_eq(lathe_get_le32(p + 12), 362 + 264);
	ck_assert_uint_eq(lathe_get_le32(p + 20), 255 + 5 + 5);
	ck_assert_mem_eq(area + 626, "NM\xff\1\1c.nnn", 10);
	ck_assert_mem_eq(area + 626 + 255, "NM\x0a\1\0nnnnn", 10);
	free(image);
}
END_TEST

/* Each directory has areas of its own, from the first byte of the block behind
 * it on. Blocks: 20 the root, 21 its ER, 22 P, 24 Q, 26 and 27 the files. */
START_TEST(areas_belong_to_one_directory)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	static const struct lathe_iso9660_primary_options level_1 = {
		.level = LATHE_ISO9660_LEVEL_1
	};
	char name[256];
	uint32_t blocks, dir;
	const uint8_t *p;
	uint8_t *image;

	options.primary = &level_1;
	memset(name, 'n', sizeof(name));
	memcpy(name, "p/b.", 4);
	name[2 + 162] = 0;
	add_text(tree, name, "x");
	name[0] = 'q';
	add_text(tree, name, "x");
	image = image_of(tree, &options, &blocks);
	ck_assert_uint_eq(blocks, 28);
	for (dir = 22; dir <= 24; dir += 2) {
		p = find_record(image, dir, 2048, "B.NNN;1", 7);
		ck_assert_ptr_nonnull(p);
		p += 40 + 48 + 138;
		ck_assert_mem_eq(p, "CE\x1c\1", 4);
		ck_assert_uint_eq(lathe_get_le32(p + 4), dir + 1);
		ck_assert_uint_eq(lathe_get_le32(p + 12), 0);
		ck_assert_mem_eq(image + (dir + 1) * 2048,
				 "NM\x22\1\0nnn", 8);
	}
	free(image);
}
END_TEST

/* All entries of a record, areas followed; text of its link is put together
 * as R4.1.3 says. Returns the areas. */
static uint32_t join_link(const uint8_t *image, const uint8_t *p,
			  uint32_t room, char *out)
{
	uint32_t areas = 0, at = 0, n = 0, i, to = 0, from, ce = 0;
	bool slash = false;

	for (;;) {
		if (room - at < 4 || p[at + 2] < 4) {
			if (!ce)
				break;
			from = lathe_get_le32(image + ce + 12);
			room = lathe_get_le32(image + ce + 20);
			ck_assert_uint_le(from + room, 2048);
			/* No area is met twice. */
			to = lathe_get_le32(image + ce + 4) * 2048 + from;
			ck_assert_uint_gt(to, ce);
			p = image + to;
			at = 0;
			ce = 0;
			areas++;
			continue;
		}
		ck_assert_uint_le(p[at + 2], room - at);
		if (memcmp(p + at, "CE", 2) == 0)
			ce = (uint32_t)(p + at - image);
		for (i = 5; memcmp(p + at, "SL", 2) == 0 && i < p[at + 2];
		     i += 2u + p[at + i + 1]) {
			const uint8_t *c = p + at + i;

			if (slash)
				out[n++] = '/';
			if (c[0] & 2)
				out[n++] = '.';
			if (c[0] & 4)
				n += (uint32_t)sprintf(out + n, "..");
			if (c[0] & 8)
				out[n++] = '/';
			memcpy(out + n, c + 2, c[1]);
			n += c[1];
			slash = !(c[0] & 9);
		}
		at += p[at + 2];
	}
	out[n] = 0;
	return areas;
}

/* Every length of a link, whatever it is made of, is as it was; areas stay
 * within their blocks. */
START_TEST(links_of_any_length_are_whole)
{
	static const char *const parts[] = { "abc/", "a/", "../", "x",
					     "/home/..", "a_longer_name/" };
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks, i, k, len = 1, areas;
	char text[4][4096], got[4096], name[8], id[12];
	const uint8_t *p;
	uint8_t *image;

	for (k = 0; k < 4; k++) {
		len = (uint32_t[]){ 4095, 3000, 1000, 333 }[k] - (uint32_t)_i;
		for (i = 0; i < len; i++)
			text[k][i] = parts[_i % 6][i % strlen(parts[_i % 6])];
		text[k][len] = 0;
		sprintf(name, "l%u", k);
		add_symlink(tree, name, text[k], 0);
	}
	image = image_of(tree, &options, &blocks);
	for (k = 0; k < 4; k++) {
		sprintf(id, "L%u.;1", k);
		p = entries_of(image, id);
		areas = join_link(image, p, 254 - 38, got);
		ck_assert_str_eq(got, text[k]);
		if (k == 0)
			ck_assert_uint_ge(areas, 2);
	}
	free(image);
}
END_TEST

/* Areas of many records, and records of many blocks: each block alone is what
 * it is among the others. */
START_TEST(each_block_of_areas_is_made_alone)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	char name[300], text[4096];
	uint32_t blocks, i, k;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_image image;
	struct lathe_iso9660_cursor *cursor;
	uint8_t *whole, block[2048];

	memset(text, 'y', sizeof(text));
	for (i = 0; i < 900; i++) {
		/* Some need an area, most do not. */
		int n = sprintf(name, "d%u/n%04u", i % 3, i);
		uint32_t len = i % 7 == 0 ? 100 + i % 150 : 20;

		memset(name + n, 'z', len);
		name[(uint32_t)n + len] = 0;
		add_text(tree, name, "x");
	}
	for (i = 0; i < 5; i++) {
		text[4000 - i] = 0;
		sprintf(name, "l%u", i);
		add_symlink(tree, name, text, 0);
	}
	plan = make_plan(tree, &options);
	whole = read_image(plan, 0, &blocks);
	ck_assert_int_eq(lathe_iso9660_image_init(&image, plan, 0), 0);
	ck_assert_int_eq(lathe_iso9660_cursor_create(&image, NULL, NULL,
						     &cursor), 0);
	for (i = 0; i < blocks; i++) {
		k = blocks - 1 - i;
		ck_assert_int_eq(lathe_iso9660_cursor_read(cursor, k, 1,
							   block), 0);
		ck_assert_mem_eq(block, whole + (size_t)k * 2048, 2048);
	}
	lathe_iso9660_cursor_destroy(cursor);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	free(whole);
}
END_TEST

/* Areas are among the metadata, addresses are absolute: 5.1 names a block of
 * the volume, wherever the session begins. */
START_TEST(areas_follow_the_session)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	struct lathe_iso9660_plan *plan = make_plan(tree, &options);
	uint32_t blocks;
	uint8_t *image = read_image(plan, 50000, &blocks);
	const uint8_t *ce = image + 20 * 2048 + 34 + 7 + 36 + 12;

	ck_assert_uint_eq(lathe_iso9660_plan_metadata(plan), 22);
	ck_assert_mem_eq(ce, "CE", 2);
	ck_assert_uint_eq(lathe_get_le32(ce + 4), 50021);
	ck_assert_uint_eq(lathe_get_be32(ce + 8), 50021);
	/* 8.4.8: what readers compare it with. */
	ck_assert_uint_eq(lathe_get_le32(image + 16 * 2048 + 80), 50022);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
	free(image);
}
END_TEST

/* ---- hierarchies without system use ------------------------------------- */

START_TEST(others_record_content_and_leave_out_the_rest)
{
	struct lathe_iso9660_plan_options options = joliet_options();
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks, node, joliet, file = add_text(tree, "file", "hello");
	struct lathe_iso9660_counts count;
	uint8_t *image;
	char ids[256];

	add_symlink(tree, "alias", "file", file);
	add_symlink(tree, "broken", "nowhere", 0);
	ck_assert_int_eq(lathe_iso9660_add_special(tree, LATHE_ISO9660_ROOT,
						   "pipe", 4, &new_year,
						   0010000, 0, 0, 0, &node),
			 0);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 4);
	ck_assert_uint_eq(count.new_files, 1);
	ck_assert_uint_eq(count.new_bytes, 5);

	image = make_image(tree, &options, 0, &blocks);
	list_ids(image, root_lba(image), 2048, ids, sizeof(ids));
	ck_assert_str_eq(ids, "ALIAS.;1 FILE.;1");
	free(image);

	options.system_use = &lathe_iso9660_rock_ridge;
	image = image_of(tree, &options, &blocks);
	list_ids(image, root_lba(image), 2048, ids, sizeof(ids));
	ck_assert_str_eq(ids, "ALIAS.;1 BROKEN.;1 FILE.;1 PIPE.;1");
	/* One name and a symbolic link: that is one link. */
	ENTRIES(image, "FILE.;1", PX(0100444, 1, 0, 0));
	/* Joliet's root is read from its descriptor, 17. */
	joliet = lathe_get_le32(image + 17 * 2048 + 158);
	ck_assert_ptr_nonnull(find_record(image, joliet, 2048,
					  "\0a\0l\0i\0a\0s", 10));
	ck_assert_ptr_null(find_record(image, joliet, 2048,
				       "\0b\0r\0o\0k\0e\0n", 12));
	ck_assert_ptr_null(find_record(image, joliet, 2048,
				       "\0p\0i\0p\0e", 8));
	free(image);
}
END_TEST

START_TEST(hard_links_are_counted_while_they_live)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks, a = add_text(tree, "a", "hello"), b, c;
	struct lathe_iso9660_savepoint save;
	uint8_t *image;

	ck_assert_int_eq(lathe_iso9660_add_link(tree, LATHE_ISO9660_ROOT, "b",
						1, &new_year, a, 0, &b), 0);
	lathe_iso9660_save(tree, &save);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, LATHE_ISO9660_ROOT, "c",
						1, &new_year, b, 0, &c), 0);
	image = make_image(tree, &options, 0, &blocks);
	ENTRIES(image, "A.;1", PX(0100444, 3, 0, 0));
	ENTRIES(image, "C.;1", PX(0100444, 3, 0, 0));
	free(image);
	ck_assert_int_eq(lathe_iso9660_remove(tree, a), 0);
	image = make_image(tree, &options, 0, &blocks);
	ENTRIES(image, "B.;1", PX(0100444, 2, 0, 0));
	free(image);
	lathe_iso9660_rollback(tree, &save);
	image = image_of(tree, &options, &blocks);
	ENTRIES(image, "A.;1", PX(0100444, 2, 0, 0));
	free(image);
}
END_TEST

/* ---- names that are too long for it ------------------------------------- */

struct cut_names {
	char name[4][256];
	uint32_t count;
};

static void note_cut(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct cut_names *cut = ctx;

	if (!what->system_use)
		return;
	ck_assert_uint_eq(what->hierarchy, 0);
	ck_assert_uint_eq(what->changes, LATHE_ISO9660_CHANGE_CUT);
	memcpy(cut->name[cut->count], what->id, what->id_len);
	cut->name[cut->count++][what->id_len] = 0;
}

START_TEST(names_above_255_bytes_are_cut_and_stay_apart)
{
	struct lathe_iso9660_plan_options options = rock_options(NULL);
	struct lathe_iso9660_tree *tree = new_tree();
	struct cut_names cut = { .count = 0 };
	char name[301];
	uint32_t blocks, i;

	/* U+20AC, three bytes each. */
	for (i = 0; i < 98; i++)
		memcpy(name + 3 * i, "\xe2\x82\xac", 3);
	strcpy(name + 294, "1.txt");
	add_text(tree, name, "x");
	name[294] = '2';
	add_text(tree, name, "x");
	options.renamed = note_cut;
	options.renamed_ctx = &cut;
	free(image_of(tree, &options, &blocks));
	ck_assert_uint_eq(cut.count, 2);
	ck_assert_str_ne(cut.name[0], cut.name[1]);
	for (i = 0; i < 2; i++) {
		size_t len = strlen(cut.name[i]);

		ck_assert_uint_le(len, 255);
		ck_assert_str_eq(cut.name[i] + len - 4, ".txt");
		/* Whole characters, and then the mark of the cut. */
		ck_assert_uint_eq(strspn(cut.name[i], "\xe2\x82\xac") % 3, 0);
		ck_assert_int_eq(cut.name[i][strspn(cut.name[i],
						    "\xe2\x82\xac")], '~');
	}
}
END_TEST

/* ---- directories that lie too deep, R4.1.5 ------------------------------- */

/* Level 9 moves: "/" is 1, so the first of /1/2/3/4/5/6/7/8 is "8". */
START_TEST(directories_at_level_nine_move)
{
	struct lathe_iso9660_rock_ridge_options rock = { .relocate = true };
	struct lathe_iso9660_plan_options options = rock_options(&rock);
	struct lathe_iso9660_tree *tree = new_tree();
	uint32_t blocks, before, home, moved, parent, up, i;
	struct lathe_iso9660_plan *plan;
	struct lathe_iso9660_counts count;
	const uint8_t *r;
	uint8_t *image;
	char digit[2] = "1", ids[64];

	add_dir(tree, "1/2/3/4/5/6/7/8/9");
	add_text(tree, "1/2/3/4/5/6/7/8/f", "x");
	lathe_iso9660_count(tree, &count);
	before = count.directories;
	plan = make_plan(tree, &options);
	image = read_image(plan, 0, &blocks);
	list_root(image, ids, sizeof(ids));
	ck_assert_str_eq(ids, "1 RR_MOVED");
	parent = root_lba(image);
	r = find_record(image, parent, 2048, "RR_MOVED", 8);
	home = lathe_get_le32(r + 2);
	ck_assert_mem_eq(r + 42, "PX", 2);
	ck_assert_mem_eq(r + 42 + 36 + 12, "RE\4\1NM\15\1\0rr_moved", 17);
	/* R4.1.5.3: what has RE is not shown, and does not count there. */
	ck_assert_uint_eq(lathe_get_le32(r + 42 + 12), 2);
	ck_assert_uint_eq(lathe_get_le32(image + parent * 2048 + 34 + 7 + 12),
			  3);
	for (i = 1; i < 8; i++, digit[0]++) {
		r = find_record(image, parent, 2048, digit, 1);
		parent = lathe_get_le32(r + 2);
	}
	/* There: a file of no length that says where, and is a directory to
	 * who counts them. */
	ck_assert_uint_eq(lathe_get_le32(image + parent * 2048 + 34 + 12), 3);
	r = find_record(image, parent, 2048, "8", 1);
	ck_assert_uint_eq(r[25], 0);
	ck_assert_uint_eq(lathe_get_le32(r + 10), 0);
	ck_assert_uint_lt(lathe_get_le32(r + 2), blocks);
	ck_assert_uint_eq(lathe_get_le32(r + 34 + 4), 0040555);
	ck_assert_uint_eq(lathe_get_le32(r + 34 + 12), 3);
	ck_assert_mem_eq(r + 34 + 48, "CL\14\1", 4);
	moved = lathe_get_le32(r + 34 + 48 + 4);
	/* Here: itself. */
	r = find_record(image, home, 2048, "8", 1);
	ck_assert_uint_eq(r[25], 2);
	ck_assert_uint_eq(lathe_get_le32(r + 2), moved);
	ck_assert_mem_eq(r + 34 + 48, "RE\4\1NM\6\1\0008", 10);
	list_ids(image, moved, 2048, ids, sizeof(ids));
	ck_assert_str_eq(ids, "9 F.;1");
	/* Its parent by 9.1 and by PL. */
	r = image + moved * 2048 + image[moved * 2048];
	ck_assert_uint_eq(lathe_get_le32(r + 2), home);
	up = lathe_get_le32(r + 34 + 48 + 4);
	ck_assert_mem_eq(r + 34 + 48, "PL\14\1", 4);
	ck_assert_uint_eq(up, parent);
	free(image);
	lathe_iso9660_plan_destroy(plan);

	/* Nothing of it stays in the tree. */
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.directories, before);
	options.system_use_options = NULL;
	image = image_of(tree, &options, &blocks);
	list_root(image, ids, sizeof(ids));
	ck_assert_str_eq(ids, "1");
	free(image);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("Rock Ridge");
	TCase *records = tcase_create("records");
	TCase *areas = tcase_create("areas");
	TCase *trees = tcase_create("trees");

	tcase_add_test(records, root_says_that_rock_ridge_is_used);
	tcase_add_test(records, files_have_permissions_dates_and_names);
	tcase_add_test(records, modes_owners_and_times_are_kept_on_request);
	tcase_add_test(records, symbolic_links_are_components);
	tcase_add_test(records, devices_have_their_numbers);
	tcase_add_test(areas, long_names_go_on_in_an_area);
	tcase_add_test(areas, the_longest_names_begin_in_an_area);
	tcase_add_test(areas, areas_belong_to_one_directory);
	tcase_add_loop_test(areas, links_of_any_length_are_whole, 0, 60);
	tcase_add_test(areas, each_block_of_areas_is_made_alone);
	tcase_add_test(areas, areas_follow_the_session);
	tcase_add_test(trees, others_record_content_and_leave_out_the_rest);
	tcase_add_test(trees, hard_links_are_counted_while_they_live);
	tcase_add_test(trees, names_above_255_bytes_are_cut_and_stay_apart);
	tcase_add_test(trees, directories_at_level_nine_move);
	suite_add_tcase(s, records);
	suite_add_tcase(s, areas);
	suite_add_tcase(s, trees);
	return s;
}

int main(void)
{
	return run_suite(suite());
}
