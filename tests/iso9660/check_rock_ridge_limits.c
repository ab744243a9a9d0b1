/* SPDX-License-Identifier: MIT */
/* Rock Ridge at the edges of what a record, a name, a level holds: SUSP 1.12
 * ("S"), RRIP 1.12 ("R"), and SPEC 1.9. */
#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct lathe_iso9660_rock_ridge_options rock;
static struct lathe_iso9660_plan_options options;
static struct lathe_iso9660_tree *tree;
static uint8_t *image;
static uint32_t blocks;

static void begin(void)
{
	memset(&rock, 0, sizeof(rock));
	options = plain_options();
	options.system_use = &lathe_iso9660_rock_ridge;
	options.system_use_options = &rock;
	tree = make_tree(NULL, 1);
	image = NULL;
}

static void done(void)
{
	free(image);
	lathe_iso9660_tree_destroy(tree);
}

static void record(void)
{
	image = make_image(tree, &options, 0, &blocks);
}

/* A record of the directory at 'lba'. */
static const uint8_t *record_in(uint32_t lba, const char *id)
{
	const uint8_t *r = find_record(image, lba,
				       lathe_get_le32(image + lba * 2048 + 10),
				       id, strlen(id));

	ck_assert_msg(r != NULL, "%s", id);
	return r;
}

/* The root's, behind 20 blocks. Its system use. */
static const uint8_t *use_of(const char *id)
{
	const uint8_t *r = record_in(20, id);

	return r + 33 + r[32] + (r[32] % 2 == 0);
}

static uint32_t add(const char *name, const struct lathe_iso9660_attributes *a)
{
	uint32_t node;

	ck_assert_int_eq(lathe_iso9660_add_memory(tree, 1, name, strlen(name),
						  a, "x", 1, 0, &node), 0);
	return node;
}

/* ---- PX, TF ------------------------------------------------------------- */

/* R4.1.1: whoever may execute a file, all may. */
START_TEST(somebody_may_execute)
{
	static const uint32_t modes[4] = { 0640, 0740, 0650, 0641 };
	struct lathe_iso9660_attributes attr = new_year;
	char name[2] = "a", id[] = "A.;1";
	uint32_t i;

	attr.posix_given = true;
	for (i = 0; i < 4; i++, name[0]++) {
		attr.posix.mode = modes[i];
		add(name, &attr);
	}
	record();
	for (i = 0; i < 4; i++, id[0]++)
		ck_assert_uint_eq(lathe_get_le32(use_of(id) + 4),
				  i ? 0100555 : 0100444);
}
END_TEST

/* R4.1.1: a symbolic link has one name, however many its content has. */
START_TEST(link_has_one_name)
{
	uint32_t f = add("f", &new_year), node;

	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "g", 1, &new_year, f,
						0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_link(tree, 1, "h", 1, &new_year, f,
						0, &node), 0);
	ck_assert_int_eq(lathe_iso9660_add_symlink(tree, 1, "l", 1, &new_year,
						   "f", 1, f, 0, &node), 0);
	record();
	ck_assert_uint_eq(lathe_get_le32(use_of("G.;1") + 12), 3);
	ck_assert_uint_eq(lathe_get_le32(use_of("L.;1") + 12), 1);
}
END_TEST

/* R4.1.6: bit 1 modification, bit 2 access, bit 3 attributes; only those that
 * are given, in the order of their bits. */
START_TEST(some_times_are_given)
{
	struct lathe_iso9660_attributes attr = { .date = { 0 } };
	static const uint8_t accessed[7] = { 120, 2, 3, 4, 5, 6, 0 };
	static const uint8_t changed[7] = { 121, 3, 4, 5, 6, 7, 4 };

	rock.all_times = true;
	memcpy(attr.changed, changed, 7);
	add("c", &attr);
	memcpy(attr.accessed, accessed, 7);
	add("b", &attr);
	memset(attr.changed, 0, 7);
	memcpy(attr.date, changed, 7);
	add("a", &attr);
	record();
	ck_assert_mem_eq(use_of("A.;1") + 36,
			 "TF\x13\1\6\171\3\4\5\6\7\4\170\2\3\4\5\6\0", 19);
	ck_assert_mem_eq(use_of("B.;1") + 36,
			 "TF\x13\1\14\170\2\3\4\5\6\0\171\3\4\5\6\7\4", 19);
	ck_assert_mem_eq(use_of("C.;1") + 36, "TF\x0c\1\10\171\3\4\5\6\7\4",
			 12);
}
END_TEST

/* ---- NM ----------------------------------------------------------------- */

/* What the only name of the folder that has more than 255 bytes became. */
static char cut[256];

static void note_cut(void *ctx, const struct lathe_iso9660_renamed *what)
{
	(void)ctx;
	if (!what->system_use)
		return;
	memcpy(cut, what->id, what->id_len);
	cut[what->id_len] = 0;
}

static void cut_is(uint32_t len, const char *end, uint32_t kept,
		   const char *kept_end)
{
	char name[400];

	done();
	begin();
	memset(name, 'n', sizeof(name));
	strcpy(name + len - strlen(end), end);
	*cut = 0;
	options.renamed = note_cut;
	add(name, &new_year);
	record();
	ck_assert_uint_eq(strlen(cut), kept);
	if (kept == 0)
		return;
	/* "~" and 13 characters of the hash in front of the end. */
	kept -= (uint32_t)strlen(kept_end);
	ck_assert_str_eq(cut + kept, kept_end);
	ck_assert_int_eq(cut[kept - 14], '~');
	ck_assert_uint_eq(strspn(cut, "n"), kept - 14);
	ck_assert_uint_eq(strspn(cut + kept - 13,
				 "0123456789abcdefghijklmnopqrstuv"), 13);
}

/* SPEC 1.9: 250 bytes, the end with the first dot among the last 15. */
START_TEST(names_of_256_bytes)
{
	cut_is(255, "", 0, "");
	cut_is(256, "", 250, "");
	cut_is(300, ".tar.gz", 250, ".tar.gz");
	cut_is(300, ".tar.12345678901234", 250, ".12345678901234");
	cut_is(300, ".123456789012345", 250, "");
}
END_TEST

/* ---- SL ----------------------------------------------------------------- */

/* R4.1.3: one component of dots alone, on its way over several entries and
 * areas (S5.1), never is "." or "..". */
static void dots(uint32_t from, uint32_t to)
{
	static char text[4096];
	char name[16], id[24];
	uint32_t len, node;

	memset(text, '.', sizeof(text));
	for (len = from; len < to; len++) {
		sprintf(name, "l%04u", len);
		ck_assert_int_eq(lathe_iso9660_add_symlink(
					 tree, 1, name, 5, &new_year, text,
					 len, 0, 0, &node), 0);
	}
	record();
	for (len = from; len < to; len++) {
		const uint8_t *p, *end, *ce = NULL;
		uint32_t got = 0, left = 0;
		bool more = true;

		sprintf(id, "L%04u.;1", len);
		p = use_of(id);
		end = record_in(20, id);
		end += end[0];
		for (;;) {
			if (end - p < 4 || p[0] == 0) {
				if (!ce)
					break;
				p = image + lathe_get_le32(ce + 4) * 2048 +
				    lathe_get_le32(ce + 12);
				left = lathe_get_le32(ce + 20);
				ck_assert_uint_le(lathe_get_le32(ce + 12) +
							  left, 2048);
				end = p + left;
				ce = NULL;
				continue;
			}
			if (memcmp(p, "CE", 2) == 0)
				ce = p;
			if (memcmp(p, "SL", 2) == 0) {
				/* One component, which goes on or not. */
				ck_assert_uint_eq(p[2], 7u + p[6]);
				ck_assert_uint_eq(p[4], p[5]);
				ck_assert(more);
				more = p[5] == 1;
				got += p[6];
			}
			p += p[2];
		}
		ck_assert(!more);
		ck_assert_uint_eq(got, len);
	}
}

START_TEST(dots_in_a_long_component)
{
	dots(3 + 200u * (uint32_t)_i, 203 + 200u * (uint32_t)_i);
}
END_TEST

/* ---- relocation --------------------------------------------------------- */

/* R4.1.5, 6.8.2.1: what moved is at level 3, and what lies in it counts from
 * there: of a chain of directories the eighth and the 14th move. */
START_TEST(levels_are_counted_anew)
{
	char path[40] = "a", ids[16];
	uint32_t i;

	rock.relocate = true;
	for (i = 1; i < 13; i++)
		sprintf(path + 2 * i - 1, "/%c", 'a' + (int)i);
	add_dir(tree, path);
	record();
	list_ids(image, lathe_get_le32(record_in(20, "RR_MOVED") + 2), 2048,
		 ids, sizeof(ids));
	ck_assert_str_eq(ids, "H");
	free(image);
	strcat(path, "/n");
	add_dir(tree, path);
	record();
	list_ids(image, lathe_get_le32(record_in(20, "RR_MOVED") + 2), 2048,
		 ids, sizeof(ids));
	ck_assert_str_eq(ids, "H N");
}
END_TEST

START_TEST(many_directories_move)
{
	static char ids[4096];
	char path[40];
	uint32_t i, moved, bytes;

	rock.relocate = true;
	for (i = 0; i < 600; i++) {
		sprintf(path, "a/b/c/d/e/f/g/%03u", i);
		add_dir(tree, path);
	}
	record();
	moved = lathe_get_le32(record_in(20, "RR_MOVED") + 2);
	bytes = lathe_get_le32(image + moved * 2048 + 10);
	list_ids(image, moved, bytes, ids, sizeof(ids));
	for (i = 0; i < 600; i++) {
		sprintf(path, "%03u", i);
		ck_assert_mem_eq(ids + 4 * i, path, 3);
	}
	ck_assert_uint_eq(strlen(ids), 600 * 4 - 1);
}
END_TEST

/* The directory for what moves is one more in the root than the tree has
 * there. */
START_TEST(root_of_256)
{
	static char ids[4096], want[4096];
	char name[16];
	uint32_t i;

	rock.relocate = true;
	add_dir(tree, "a/b/c/d/e/f/g/h");
	strcpy(want, "A");
	for (i = 0; i < 255; i++) {
		sprintf(name, "f%03u", i);
		add(name, &new_year);
		sprintf(want + strlen(want), " F%03u.;1", i);
	}
	strcat(want, " RR_MOVED");
	record();
	list_root(image, ids, sizeof(ids));
	ck_assert_str_eq(ids, want);
}
END_TEST

/* Whoever wants no name changed speaks of those of the tree. */
START_TEST(strict_names_of_moved_directories)
{
	rock.relocate = true;
	options.strict = 1;
	add_dir(tree, "A/B/C/D/E/F/G/H");
	record();
	record_in(20, "RR_MOVED");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("limits of Rock Ridge");
	TCase *tc = tcase_create("limits");

	tcase_add_checked_fixture(tc, begin, done);
	tcase_add_test(tc, somebody_may_execute);
	tcase_add_test(tc, link_has_one_name);
	tcase_add_test(tc, some_times_are_given);
	tcase_add_test(tc, names_of_256_bytes);
	tcase_add_loop_test(tc, dots_in_a_long_component, 0, 11);
	tcase_add_test(tc, levels_are_counted_anew);
	tcase_add_test(tc, many_directories_move);
	tcase_add_test(tc, root_of_256);
	tcase_add_test(tc, strict_names_of_moved_directories);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
