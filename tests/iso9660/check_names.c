/* SPDX-License-Identifier: MIT */
/* Names and identifiers of ISO 9660: levels, clashes, and back. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static const struct lathe_iso9660_primary_options level_1 = {
	.level = LATHE_ISO9660_LEVEL_1
};
static const struct lathe_iso9660_primary_options relaxed = {
	.level = LATHE_ISO9660_RELAXED
};
static const struct lathe_iso9660_primary_options no_version = {
	.omit_version = true
};

static char text[1 << 20];

#define FORBIDDEN LATHE_ISO9660_CHANGE_FORBIDDEN
#define CUT LATHE_ISO9660_CHANGE_CUT
#define CASE LATHE_ISO9660_CHANGE_CASE

struct row {
	const struct lathe_iso9660_primary_options *options;
	const char *name;
	bool directory;
	const char *id;
	uint32_t changes;
};

/* 7.5.1, 7.6.3, 10.1, 10.2 */
static const struct row rows[] = {
	{ NULL, "README", false, "README.;1", 0 },
	{ NULL, "A.B", false, "A.B;1", 0 },
	{ NULL, "readme.txt", false, "README.TXT;1", CASE },
	{ NULL, "readme.txt", true, "README_TXT", CASE | FORBIDDEN },
	{ NULL, "a.b.c", false, "A_B.C;1", CASE | FORBIDDEN },
	{ NULL, ".profile", false, "_PROFILE.;1", CASE | FORBIDDEN },
	{ NULL, ".a.b", false, "_A.B;1", CASE | FORBIDDEN },
	{ NULL, "...", false, "__.;1", FORBIDDEN },
	/* reads back without its dot */
	{ NULL, "x.", false, "X.;1", CASE | FORBIDDEN },
	{ &relaxed, "x.", false, "x.;1", FORBIDDEN },
	/* A reader that drops the last dot must not see "..". */
	{ &relaxed, "...", false, "___;1", FORBIDDEN },
	{ &relaxed, "...", true, "___", FORBIDDEN },
	{ &relaxed, "....", true, "____", FORBIDDEN },
	{ &relaxed, "..a", true, "..a", 0 },
	{ NULL, "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", false, "___.;1",
	  FORBIDDEN },
	{ NULL, "a;1", false, "A_1.;1", CASE | FORBIDDEN },
	/* 30 characters of name and extension */
	{ NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.1234", false,
	  "ABCDEFGHIJKLMNOPQRSTUVWXYZ.1234;1", 0 },
	{ NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ5.1234", false,
	  "ABCDEFGHIJKLMNOPQRSTUVWXYZ.1234;1", CUT },
	{ NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345", false,
	  "ABCDEFGHIJKLMNOPQRSTUVWXYZ1234.;1", CUT },
	{ NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345", true,
	  "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345", 0 },
	{ NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456", true,
	  "ABCDEFGHIJKLMNOPQRSTUVWXYZ12345", CUT },
	{ NULL, "A.BCDEFGHIJKLMNOPQRSTUVWXYZ1234567890", false,
	  "A.BCDEFGHIJKLMNOPQRSTUVWXYZ1234;1", CUT },
	{ NULL, "ABCDEFGHIJKLMNOPQRST.UVWXYZ1234567890", false,
	  "ABCDEFGHIJKLMNO.UVWXYZ123456789;1", CUT },
	{ &no_version, "A", false, "A.", 0 },
	{ &level_1, "COMMAND.COM", false, "COMMAND.COM;1", 0 },
	{ &level_1, "LONGNAME1.HTML", false, "LONGNAME.HTM;1", CUT },
	{ &level_1, "LONGFOLDER", true, "LONGFOLD", CUT },
	{ &level_1, "A.B", true, "A_B", FORBIDDEN },
	{ &relaxed, "Read me.tar.gz", false, "Read_me.tar.gz;1", FORBIDDEN },
	{ &relaxed, "README", false, "README;1", 0 },
	{ &relaxed, "a+b~c", false, "a+b~c;1", 0 },
	{ &relaxed, "dir.d", true, "dir.d", 0 },
	/* 37 code points of 38 bytes */
	{ &relaxed, "abcdefghijklmnopqrstuvwxyz0123456789\xc3\xa9", true,
	  "abcdefghijklmnopqrstuvwxyz0123456789_", FORBIDDEN },
	/* 37 with version and dot */
	{ &relaxed, "abcdefghijklmnopqrstuvwxyz1234567.890", false,
	  "abcdefghijklmnopqrstuvwxyz12345.890;1", CUT }
};

START_TEST(preferred_identifiers)
{
	const struct row *row = &rows[_i];
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changes;
	int len = lathe_iso9660_primary.encode(row->options, row->name,
					       strlen(row->name),
					       row->directory, 0, 0, id,
					       &changes);

	ck_assert_int_eq(len, (int)strlen(row->id));
	ck_assert_msg(memcmp(id, row->id, (size_t)len) == 0, "%s: %.*s",
		      row->name, len, (char *)id);
	ck_assert_uint_eq(changes, row->changes);
}
END_TEST

static void expect_number_of(const void *options, const char *name,
			     bool directory, uint8_t digits, uint32_t number,
			     const char *id)
{
	uint8_t out[LATHE_ISO9660_ID_MAX];
	uint32_t changes;
	int len = lathe_iso9660_primary.encode(options, name, strlen(name),
					       directory, digits, number, out,
					       &changes);

	ck_assert_int_eq(len, (int)strlen(id));
	ck_assert_mem_eq(out, id, (size_t)len);
	ck_assert_uint_ne(changes & LATHE_ISO9660_CHANGE_CLASH, 0);
}

static void expect_number(const void *options, const char *name, uint8_t digits,
			  uint32_t number, const char *id)
{
	expect_number_of(options, name, false, digits, number, id);
}

START_TEST(numbered_identifiers)
{
	expect_number(NULL, "A.TXT", 3, 7, "A007.TXT;1");
	expect_number(NULL, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.1234", 3, 42,
		      "ABCDEFGHIJKLMNOPQRSTUVW042.1234;1");
	/* 30 characters, however short the stem is */
	expect_number(NULL, "A.BCDEFGHIJKLMNOPQRSTUVWXYZ1234", 6, 12,
		      "000012.BCDEFGHIJKLMNOPQRSTUVWXY;1");
	expect_number(&level_1, "LONGNAME.TXT", 3, 999, "LONGN999.TXT;1");
	expect_number(&level_1, "LONGNAME.TXT", 7, 1234567,
		      "L1234567.TXT;1");
}
END_TEST

/* Relaxed identifiers keep all dots, and DOS finds a device in front of the
 * first one: the number has to go there. */
START_TEST(numbered_devices)
{
	expect_number(&relaxed, "aux.tar.gz", 3, 0, "aux000.tar.gz;1");
	expect_number(&relaxed, "COM1", 3, 0, "COM1000;1");
	expect_number(&relaxed, "lpt9.tar.gz", 3, 0, "lpt9000.tar.gz;1");
	expect_number(&relaxed, "COM10.tar.gz", 3, 0, "COM10.tar000.gz;1");
	expect_number_of(&relaxed, "con.d", true, 3, 12, "con012.d");
	expect_number_of(&relaxed, "cone.d", true, 3, 12, "cone.d012");
	expect_number_of(&relaxed, "nul.abcdefghijklmnopqrstuvwxyz01234567890",
			 true, 3, 0, "000.abcdefghijklmnopqrstuvwxyz0123456");
	expect_number_of(NULL, "CON", true, 3, 1, "CON001");
}
END_TEST

/* The version goes, and the dot of a file without an extension. */
START_TEST(identifiers_as_names)
{
	static const struct {
		const char *id, *name;	/* NULL: corrupt */
		bool directory;
	} cases[] = {
		{ "README.;1", "README", false }, { "A.B;32767", "A.B", false },
		{ "A.B", "A.B", false },	  { "A;B", "A;B", false },
		{ "DIR", "DIR", true },		  { "D.I", "D.I", true },
		{ ";1", NULL, false },		  { ".;1", NULL, false },
		{ "..;1", NULL, false },	  { "A/B;1", NULL, false },
		{ "..", NULL, true },
		/* bytes of some 8-bit code page */
		{ "\xe4.X;1", "\xc3\xa4.X", false },
		{ "\xc3\xa4.;1", "\xc3\xa4", false }
	};
	char name[LATHE_ISO9660_NAME_MAX];
	uint32_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int len = lathe_iso9660_primary.decode(
			(const uint8_t *)cases[i].id,
			(uint8_t)strlen(cases[i].id), cases[i].directory,
			name);

		if (!cases[i].name) {
			ck_assert_int_eq(len, LATHE_ERR_CORRUPT);
			continue;
		}
		ck_assert_int_eq(len, (int)strlen(cases[i].name));
		ck_assert_mem_eq(name, cases[i].name, (size_t)len);
	}
}
END_TEST

static int order(const char *a, const char *b)
{
	int x = lathe_iso9660_primary.compare(
		(const uint8_t *)a, (uint8_t)strlen(a), (const uint8_t *)b,
		(uint8_t)strlen(b));
	int y = lathe_iso9660_primary.compare(
		(const uint8_t *)b, (uint8_t)strlen(b), (const uint8_t *)a,
		(uint8_t)strlen(a));

	ck_assert((x < 0) == (y > 0) && (x == 0) == (y == 0));
	return (x > 0) - (x < 0);
}

/* 9.3, from low to high. The version counts down, as a number. */
START_TEST(order_of_identifiers)
{
	static const char *const up[] = {
		"A", "A.!;1", "A.B;10", "A.B;9", "A.B;1", "A.B!;1", "A.BC;1",
		"A!.B;1", "A-.B;1", "A0.B;1", "AA.A;1", "AA.B", "B.;1"
	};
	uint32_t i, j, n = sizeof(up) / sizeof(up[0]);

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++)
			ck_assert_msg(order(up[i], up[j]) ==
					      (i > j) - (i < j),
				      "%s and %s", up[i], up[j]);
}
END_TEST

/* ---- clashes ------------------------------------------------------------ */

static void expect_root(struct lathe_iso9660_tree *tree,
			const struct lathe_iso9660_primary_options *options,
			const char *want)
{
	struct lathe_iso9660_plan_options o = plain_options();
	uint32_t blocks;
	uint8_t *image;

	o.primary = options;
	image = make_image(tree, &o, 0, &blocks);
	list_root(image, text, sizeof(text));
	ck_assert_str_eq(text, want);
	free(image);
}

/* A number that a name of its own has is passed by. */
START_TEST(clashing_names_are_numbered)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);

	add_text(tree, "LONGN001.TXT", "x");
	add_text(tree, "longname c.txt", "x");
	add_text(tree, "longname b.txt", "x");
	add_text(tree, "longname a.txt", "x");
	add_dir(tree, "longname");
	add_text(tree, "LongName", "x");
	expect_root(tree, &level_1,
		    "LONGN000 LONGN000.TXT;1 LONGN001.TXT;1 LONGN002.TXT;1 "
		    "LONGNAME.;1 LONGNAME.TXT;1");
	/* The plan's identifiers went with it: the same again. */
	expect_root(tree, &level_1,
		    "LONGN000 LONGN000.TXT;1 LONGN001.TXT;1 LONGN002.TXT;1 "
		    "LONGNAME.;1 LONGNAME.TXT;1");
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Who has an identifier for a name keeps it, also where another one, which
 * comes first, would become the same. */
START_TEST(names_as_they_are_come_first)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options o = joliet_options();
	const uint8_t *plain, *numbered;
	uint32_t blocks, root;
	uint8_t *image;

	add_text(tree, "a*", "1");
	add_text(tree, "a_", "22");
	image = make_image(tree, &o, 0, &blocks);
	root = lathe_get_le32(image + 17 * 2048 + 158);
	plain = find_record(image, root, 2048, "\0a\0_", 4);
	numbered = find_record(image, root, 2048, "\0a\0_\0000\0000\0000",
			       10);
	ck_assert_ptr_nonnull(plain);
	ck_assert_ptr_nonnull(numbered);
	ck_assert_uint_eq(lathe_get_le32(plain + 10), 2);
	ck_assert_uint_eq(lathe_get_le32(numbered + 10), 1);
	free(image);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

START_TEST(names_of_dos_devices_are_avoided)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);

	add_text(tree, "con", "x");
	add_text(tree, "Aux.h", "x");
	add_text(tree, "lpt1.txt", "x");
	add_text(tree, "com0", "x");
	add_text(tree, "com9", "x");
	add_text(tree, "console", "x");
	add_dir(tree, "nul");
	expect_root(tree, NULL,
		    "AUX000.H;1 COM0.;1 COM9000.;1 CON000.;1 CONSOLE.;1 "
		    "LPT1000.TXT;1 NUL000");
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Three digits are too few for 30,000 names of one form; no two are equal,
 * and time grows with their number alone. */
START_TEST(many_names_of_one_form)
{
	static char seen[10000000 / 8];
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options o = plain_options();
	uint32_t i, blocks, count = 0;
	uint8_t *image;
	char name[64], *id;

	o.primary = &level_1;
	for (i = 0; i < 30000; i++) {
		snprintf(name, sizeof(name), "document number %u.txt", i);
		add_text(tree, name, "");
	}
	image = make_image(tree, &o, 0, &blocks);
	list_root(image, text, sizeof(text));
	for (id = strtok(text, " "); id; id = strtok(NULL, " "), count++) {
		const char *dot = strchr(id, '.'), *digit = dot;
		uint32_t number;

		ck_assert_ptr_nonnull(dot);
		ck_assert_int_le(dot - id, 8);
		while (digit > id && digit[-1] >= '0' && digit[-1] <= '9')
			digit--;
		if (digit == dot) {
			ck_assert_str_eq(id, "DOCUMENT.TXT;1");
			continue;
		}
		ck_assert_mem_eq(id, "DOCUMENT", (size_t)(digit - id));
		number = (uint32_t)strtoul(digit, NULL, 10);
		/* Unequal lengths of digits are unequal stems. */
		number += dot - digit == 3 ? 0 : dot - digit == 4 ? 1000
							 : 100000;
		ck_assert_uint_eq(seen[number / 8] >> number % 8 & 1, 0);
		seen[number / 8] |= (char)(1 << number % 8);
	}
	ck_assert_uint_eq(count, 30000);
	free(image);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

struct renames {
	char log[4096];
};

static void note(void *ctx, const struct lathe_iso9660_renamed *what)
{
	struct renames *r = ctx;
	size_t used = strlen(r->log);

	snprintf(r->log + used, sizeof(r->log) - used, "%u:%u:%.*s ",
		 what->hierarchy, what->changes, what->id_len,
		 (const char *)what->id);
}

START_TEST(changed_names_are_told)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options o = plain_options();
	struct renames r = { "" };
	struct lathe_iso9660_plan *plan;

	add_text(tree, "A.TXT", "x");
	add_text(tree, "a.txt", "x");
	o.renamed = note;
	o.renamed_ctx = &r;
	plan = make_plan(tree, &o);
	ck_assert_str_eq(r.log, "0:12:A000.TXT;1 ");
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

/* Bit 1 of 'strict': Joliet has to record names as they are. */
START_TEST(strict_names_are_refused)
{
	struct lathe_iso9660_tree *tree = make_tree(NULL, 1);
	struct lathe_iso9660_plan_options o = joliet_options();
	struct lathe_iso9660_plan *plan;

	add_text(tree, "fine", "x");
	add_text(tree, "what?", "x");
	o.strict = 2;
	ck_assert_int_eq(lathe_iso9660_plan_create(tree, &o, &plan),
			 LATHE_ERR_NAME);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_tree_failure(tree)->text,
				     "what?"));
	/* The tree is free again. */
	add_text(tree, "other", "x");
	o.strict = 0;
	plan = make_plan(tree, &o);
	lathe_iso9660_plan_destroy(plan);
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names");
	TCase *tc = tcase_create("names");

	tcase_add_loop_test(tc, preferred_identifiers, 0,
			    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, numbered_identifiers);
	tcase_add_test(tc, numbered_devices);
	tcase_add_test(tc, identifiers_as_names);
	tcase_add_test(tc, order_of_identifiers);
	tcase_add_test(tc, clashing_names_are_numbered);
	tcase_add_test(tc, names_as_they_are_come_first);
	tcase_add_test(tc, names_of_dos_devices_are_avoided);
	tcase_add_test(tc, many_names_of_one_form);
	tcase_add_test(tc, changed_names_are_told);
	tcase_add_test(tc, strict_names_are_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
