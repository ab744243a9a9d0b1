/* SPDX-License-Identifier: MIT */
/* Directories that lie elsewhere than they belong (RRIP 4.1.5), and symbolic
 * links whose content only Joliet knows. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/reader_internal.h"
#include "lib_volume.h"
#include "tests/suite.h"

enum {
	LOOP = LATHE_ISO9660_ODD_LOOP,
	SINGLE = LATHE_ISO9660_ODD_SINGLE
};

/* RRIP 4.1.4 behind the record added last. */
static void name(struct dir *dir, uint8_t *record, const char *text)
{
	uint8_t nm[256] = { 'N', 'M', (uint8_t)(5 + strlen(text)), 1, 0 };

	memcpy(nm + 5, text, strlen(text));
	dir_use(dir, record, nm, nm[2]);
}

/* 4.1.5.1: a record that stands for the directory at 'lba'. */
static uint8_t *link_to(struct dir *dir, const char *id, const char *text,
			uint32_t lba)
{
	uint8_t *p = dir_add(dir, id, 0, 0, 0);
	uint8_t cl[12] = { 'C', 'L', 12, 1, (uint8_t)lba, 0, 0, 0, 0, 0, 0,
			   (uint8_t)lba };

	if (text)
		name(dir, p, text);
	dir_use(dir, p, cl, 12);
	return p;
}

/* A directory that was moved here: 4.1.5.3. */
static struct dir moved(struct dir *dir, const char *id, uint32_t lba)
{
	struct dir sub = dir_begin(disc, lba, 1, dir->lba, 1, false);

	dir_use(dir, dir_add(dir, id, lba, 2048, DIRECTORY), "RE\4\1", 4);
	return sub;
}

static struct dir plain(struct dir *dir, const char *id, uint32_t lba)
{
	dir_add(dir, id, lba, 2048, DIRECTORY);
	return dir_begin(disc, lba, 1, dir->lba, dir->blocks, dir->wide);
}

/* The identifier that stays with a node of ISO 9660; NULL: none does. */
static void id_is(const char *path, const char *want)
{
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t node = import_entry(&import, path).node;
	int len = lathep_iso9660_pinned_id(
		import.tree, lathep_iso9660_node(import.tree, node), 0, id);

	ck_assert_int_eq(len, want ? (int)strlen(want) : 0);
	if (want)
		ck_assert_mem_eq(id, want, (size_t)len);
}

/* ---- relocated directories ---------------------------------------------- */

START_TEST(directories_come_home)
{
	struct dir a = plain(&root, "A", 30), sub, rr;
	struct lathe_iso9660_entry e;

	link_to(&a, "DEEP", "deep one", 33);
	/* With RE itself or without. */
	rr = _i ? moved(&root, "RR_MOVED", 32) : plain(&root, "RR_MOVED", 32);
	sub = moved(&rr, "DEEP000", 33);
	dir_add(&sub, "F.;1", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/deep one/, "
				     "/A/deep one/F 10");
	e = import_entry(&import, "/A/deep one");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_DIRECTORY);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(links_stand_before_or_behind)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "ONE", 33);
	moved(&rr, "TWO", 31);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", NULL, 33);
	link_to(&a, "TWO.;1", "two", 31);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/ONE/, /A/two/");
	id_is("/A/ONE", "ONE");
	/* 7.6.3: no directory's, which has no version. */
	id_is("/A/two", NULL);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* One relocated directory in another. */
START_TEST(links_within_what_was_moved)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a, one;

	one = moved(&rr, "ONE", 33);
	moved(&rr, "TWO", 31);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", NULL, 33);
	link_to(&one, "TWO", NULL, 31);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/ONE/, /A/ONE/TWO/");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(what_else_is_there_stays)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "LOST", 34);
	moved(&rr, "ONE", 33);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", NULL, 33);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/ONE/, /RR_MOVED/, "
				     "/RR_MOVED/LOST/");
	import_end(&import);
}
END_TEST

/* Somebody put it into another directory; that one is not ours to drop. */
START_TEST(where_it_was_need_not_be_the_root)
{
	struct dir b = plain(&root, "B", 30), c, a;

	c = plain(&b, "C", 34);
	moved(&c, "ONE", 33);
	a = plain(&root, "A", 32);
	link_to(&a, "O\1NE", "one", 33);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/one/, /B/, /B/C/");
	import_end(&import);
}
END_TEST

START_TEST(nothing_is_moved_without_links)
{
	struct dir rr = plain(&root, "RR_MOVED", 30);

	moved(&rr, "ONE", 33);
	ck_assert_str_eq(import_good(&import, disc, 0), "/RR_MOVED/, /RR_MOVED/ONE/");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* To nowhere, to the root, to its own folder, to a directory that was never
 * moved, to what another link led to. */
START_TEST(links_that_are_wrong)
{
	static const uint32_t to[] = { 99, ROOT, 32, 35, 33 };
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "ONE", 33);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", NULL, 33);
	link_to(&a, "WRONG", NULL, to[_i]);
	plain(&root, "Z", 35);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/ONE/, /Z/");
	import_only_odd(&import, LOOP, 1);
	import_end(&import);
}
END_TEST

/* To what is not there, though something was moved to behind it. */
START_TEST(link_to_nothing_moves_nothing)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "ONE", 33);
	a = plain(&root, "A", 32);
	link_to(&a, "WRONG", NULL, 31);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A/, /RR_MOVED/, /RR_MOVED/ONE/");
	import_only_odd(&import, LOOP, 1);
	import_end(&import);
}
END_TEST

/* A directory that is to be put into itself, or into what is below it. */
START_TEST(links_that_make_a_loop)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), one, two, in;

	one = moved(&rr, "ONE", 33);
	two = moved(&rr, "TWO", 34);
	in = plain(&one, "IN", 35);
	if (_i == 0) {
		link_to(&in, "ONE", NULL, 33);
	} else {
		link_to(&in, "TWO", NULL, 34);
		link_to(&two, "ONE", NULL, 33);
	}
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i ? "/RR_MOVED/, /RR_MOVED/TWO/, "
			      "/RR_MOVED/TWO/ONE/, /RR_MOVED/TWO/ONE/IN/"
			    : "/RR_MOVED/, /RR_MOVED/ONE/, "
			      "/RR_MOVED/ONE/IN/, /RR_MOVED/TWO/");
	import_only_odd(&import, LOOP, 1);
	import_end(&import);
}
END_TEST

/* CL and RE in one record: the link counts, RE says nothing of a file. */
START_TEST(link_that_says_it_was_moved)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "ONE", 33);
	a = plain(&root, "A", 32);
	dir_use(&a, link_to(&a, "ONE", NULL, 33), "RE\4\1", 4);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/ONE/");
	import_end(&import);
}
END_TEST

/* The name of a link that is none: it is replaced, and not recorded again. */
START_TEST(link_whose_identifier_is_no_name)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a;

	moved(&rr, "ONE", 33);
	a = plain(&root, "A", 32);
	link_to(&a, "O/E", NULL, 33);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/O_E/");
	id_is("/A/O_E", NULL);
	import_end(&import);
}
END_TEST

/* A link where directories may not be any deeper; and one in a directory that
 * came home to such a place, and has more in it than fits there. */
START_TEST(links_at_the_limit_of_depth)
{
	struct lathe_iso9660_limits limits = { .depth = 5 };
	struct dir rr = plain(&root, "RR_MOVED", 30), a, b, c, d, one, in;

	one = moved(&rr, "ONE", 33);
	moved(&rr, "TWO", 34);
	a = plain(&root, "A", 31);
	b = plain(&a, "B", 32);
	c = plain(&b, "C", 36);
	if (_i) {
		in = plain(&one, "IN", 35);
		in = plain(&in, "IT", 37);
		link_to(&c, "ONE", NULL, 33);
		link_to(&in, "TWO", NULL, 34);
	} else {
		d = plain(&c, "D", 38);
		link_to(&d, "ONE", NULL, 33);
	}
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits.depth = 8;
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_str_eq(import_list(&import),
			 _i ? "/A/, /A/B/, /A/B/C/, /A/B/C/ONE/, "
			      "/A/B/C/ONE/IN/, /A/B/C/ONE/IN/IT/, "
			      "/A/B/C/ONE/IN/IT/TWO/"
			    : "/A/, /A/B/, /A/B/C/, /A/B/C/D/, "
			      "/A/B/C/D/ONE/, /RR_MOVED/, /RR_MOVED/TWO/");
	import_end(&import);
}
END_TEST

/* Of what is put home the depth counts there. */
START_TEST(depth_is_that_of_the_tree)
{
	struct lathe_iso9660_limits limits = { .depth = _i ? 5 : 4 };
	struct dir rr = plain(&root, "RR_MOVED", 30), a, b, one;

	one = moved(&rr, "ONE", 33);
	plain(&one, "IN", 35);
	a = plain(&root, "A", 32);
	b = plain(&a, "B", 36);
	link_to(&b, "ONE", NULL, 33);
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, _i ? 0 : LATHE_ERR_LIMIT);
	import_end(&import);
	limits.depth = 3;
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
}
END_TEST

/* xorriso records the empty directory in Joliet, too. */
START_TEST(joliet_has_them_where_they_belong)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a, one, ja, jone;

	one = moved(&rr, "ONE", 33);
	dir_add(&one, "F.;1", DATA, 10, 0);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", "One", 33);
	with_joliet();
	ja = plain(&joliet, "A", 40);
	jone = plain(&ja, "One", 41);
	dir_add(&jone, "F", DATA, 10, 0);
	if (_i)
		plain(&joliet, "RR_MOVED", 42);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A/, /A/One/, /A/One/F 10");
	ck_assert_uint_eq(import_entry(&import, "/A/One/F").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/A/One").present, 3);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Where they were something else of that name may be, in Joliet. */
START_TEST(what_joliet_has_where_they_were)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a, one, dir;

	one = moved(&rr, "ONE", 33);
	dir_add(&one, "F.;1", DATA, 10, 0);
	moved(&rr, "TWO", 34);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", "One", 33);
	link_to(&a, "TWO", "Two", 34);
	with_joliet();
	dir = plain(&joliet, "A", 40);
	dir = plain(&dir, "One", 41);
	dir_add(&dir, "F", DATA, 10, 0);
	dir = plain(&joliet, "RR_MOVED", 42);
	dir_add(&dir, "G", DATA + 1, 20, 0);
	dir = plain(&dir, "Two", 43);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A/, /A/One/, /A/One/F 10, /A/Two/, /RR_MOVED/, "
			 "/RR_MOVED/G 20, /RR_MOVED/Two/");
	ck_assert_uint_eq(import_entry(&import, "/A/Two").present, 1);
	ck_assert_uint_eq(import_entry(&import, "/RR_MOVED/Two").present, 2);
	import_only_odd(&import, SINGLE, 3);
	import_end(&import);
}
END_TEST

/* What comes home may find its name taken, though all was in order. */
START_TEST(name_that_is_there_already)
{
	struct dir a = plain(&root, "A", 32), rr = plain(&root, "RR_MOVED", 30);

	moved(&rr, "ONE", 33);
	if (_i) {
		name(&a, dir_add(&a, "F.;1", DATA, 10, 0), "one");
		link_to(&a, "ONE", "one", 33);
	} else {
		dir_add(&a, "ONE.;1", DATA, 10, 0);
		link_to(&a, "ONE", NULL, 33);
	}
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i ? "/A/, /A/one/, /A/one_2 10"
			    : "/A/, /A/ONE/, /A/ONE_2 10");
	import_only_odd(&import, LATHE_ISO9660_ODD_DUPLICATE, 1);
	import_end(&import);
}
END_TEST

/* An image for block 0 at another one: the link means what it meant. */
START_TEST(volume_that_is_elsewhere)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a, one;

	one = moved(&rr, "ONE", 33);
	dir_add(&one, "F.;1", DATA, 10, 0);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE", "one", 33);
	disc_resize(disc, 2 * END);
	memmove(disc_block(disc, END), disc_block(disc, 0), END * 2048);
	memset(disc_block(disc, 0), 0, END * 2048);
	import_run(&import, disc, END, NULL, 0);
	ck_assert_str_eq(import_list(&import), "/A/, /A/one/, /A/one/F 10");
	ck_assert_uint_eq(import_entry(&import, "/A/one/F").lba, DATA + END);
	import_only_odd(&import, LATHE_ISO9660_ODD_EXTENT, 1);
	import_end(&import);
}
END_TEST

/* Our own session records them where they belong, under the identifier that
 * stood there. */
START_TEST(next_session_has_them_at_home)
{
	struct dir rr = plain(&root, "RR_MOVED", 30), a, one;
	const uint8_t *block;
	uint32_t i, count = 0;

	one = moved(&rr, "ONE000", 33);
	dir_add(&one, "F.;1", DATA, 10, 0);
	a = plain(&root, "A", 32);
	link_to(&a, "ONE_X", "one", 33);
	import_good(&import, disc, 0);
	disc_record(disc, import.tree, END, NULL, 0, NULL);
	import_end(&import);
	for (i = END; i < disc->blocks; i++) {
		block = disc_block(disc, i);
		for (int k = 0; k + 40 < 2048; k++)
			count += memcmp(block + k, "\5ONE_X", 6) == 0 &&
				 block[k - 32 + 25] & DIRECTORY;
	}
	ck_assert_uint_ge(count, 1);
	import_run(&import, disc, END, NULL, 0);
	ck_assert(import.found.own);
	import_end(&import);
}
END_TEST

/* ---- symbolic links and their content ----------------------------------- */

static void symlink_to(const char *id, const char *text, const char *to)
{
	uint8_t *p = dir_add(&root, id, 0, 0, 0);
	uint8_t sl[64] = { 'S', 'L', (uint8_t)(7 + strlen(to)), 1, 0, 0,
			   (uint8_t)strlen(to) };

	memcpy(sl + 7, to, strlen(to));
	name(&root, p, text);
	/* RRIP 4.1.1: 0120777. */
	dir_use(&root, p, "PX\x24\1\xFF\xA1\0\0\0\0\xA1\xFF"
			  "\1\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0", 36);
	dir_use(&root, p, sl, sl[2]);
}

static void only_link(const char *path, const char *to, uint64_t size,
		      uint32_t present)
{
	struct lathe_iso9660_entry e = import_entry(&import, path);

	ck_assert_int_eq(e.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(e.symlink_len, strlen(to));
	ck_assert_mem_eq(e.symlink, to, e.symlink_len);
	ck_assert_uint_eq(e.size, size);
	ck_assert_uint_eq(e.present, present);
}

/* In one order or the other; a name that Joliet can not hold. */
START_TEST(links_get_their_content)
{
	static const char *const names[] = { "link", "a link", "a: link" };
	char id[16] = "a_ link";

	name(&root, dir_add(&root, "FILE.;1", DATA, 10, 0), "file");
	symlink_to("LINK.;1", names[_i], "file");
	with_joliet();
	dir_add(&joliet, _i == 2 ? id : names[_i], DATA, 10, 0);
	dir_add(&joliet, "file", DATA, 10, 0);
	import_good(&import, disc, 0);
	snprintf(id, sizeof(id), "/%s", names[_i]);
	only_link(id, "file", 10, 3);
	ck_assert_uint_eq(import_entry(&import, "/file").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/file").size, 10);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* genisoimage records an empty file; xorriso records none. */
START_TEST(links_without_content)
{
	symlink_to("LINK.;1", "link", "elsewhere");
	with_joliet();
	if (_i)
		dir_add(&joliet, "link", 0, 0, 0);
	import_good(&import, disc, 0);
	only_link("/link", "elsewhere", 0, _i ? 3 : 1);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* What no name speaks for is found by its extent, or stays alone. */
START_TEST(files_beside_links_are_joined_as_elsewhere)
{
	name(&root, dir_add(&root, "FILE.;1", DATA, 10, 0), "file");
	symlink_to("LINK.;1", "link", "file");
	with_joliet();
	dir_add(&joliet, "quite another", DATA, 10, 0);
	dir_add(&joliet, "stranger", DATA + 1, 20, 0);
	dir_add(&joliet, "zero", 0, 0, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/file 10, /link 0, /stranger 20, "
				     "/zero 0");
	only_link("/link", "file", 0, 1);
	ck_assert_uint_eq(import_entry(&import, "/file").present, 3);
	import_only_odd(&import, SINGLE, 2);
	import_end(&import);
}
END_TEST

/* Content in several sections. */
START_TEST(links_get_all_sections)
{
	uint32_t node, lba, first, end;
	uint64_t bytes;

	symlink_to("LINK.;1", _i ? "a: link" : "link", "file");
	with_joliet();
	dir_add(&joliet, _i ? "a_ link" : "link", DATA, 2048, MORE);
	dir_add(&joliet, _i ? "a_ link" : "link", DATA + 5, 10, 0);
	import_good(&import, disc, 0);
	only_link(_i ? "/a: link" : "/link", "file", 2058, 3);
	ck_assert_int_eq(lathe_iso9660_find(import.tree,
					    _i ? "a: link" : "link", &node), 0);
	ck_assert_int_eq(lathe_iso9660_section(import.tree, node, 1, &lba,
					       &bytes), 0);
	ck_assert_uint_eq(lba, DATA + 5);
	/* The link's content is old, too: nothing may be recorded over it. */
	lathe_iso9660_imported_blocks(import.tree, &first, &end);
	ck_assert_uint_eq(first, DATA);
	ck_assert_uint_eq(end, DATA + 6);
	import_end(&import);
}
END_TEST

/* 9.1.2: behind an attribute record. */
START_TEST(content_begins_behind_its_attribute_record)
{
	uint32_t first, end;

	symlink_to("LINK.;1", "link", "file");
	with_joliet();
	dir_add(&joliet, "link", DATA, 10, 0)[1] = 3;
	import_good(&import, disc, 0);
	only_link("/link", "file", 10, 3);
	ck_assert_uint_eq(import_entry(&import, "/link").lba, DATA + 3);
	lathe_iso9660_imported_blocks(import.tree, &first, &end);
	ck_assert_uint_eq(first, DATA);
	ck_assert_uint_eq(end, DATA + 4);
	import_end(&import);
}
END_TEST

/* A link of a name that Joliet can not hold, and a file that is only there:
 * that both are of one date does not make it the link's content. */
START_TEST(dates_speak_for_no_content)
{
	symlink_to("LINK.;1", "a: link", "file");
	with_joliet();
	dir_add(&joliet, "stranger", DATA, 10, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/a: link 0, /stranger 10");
	only_link("/a: link", "file", 0, 1);
	import_only_odd(&import, SINGLE, 1);
	import_end(&import);
}
END_TEST

/* Names of more than 64 units, which Joliet cuts, stay with their files. */
START_TEST(names_that_joliet_cut)
{
	char text[100], cut[100];
	int i;

	memset(text, 'n', 99);
	text[99] = '\0';
	for (i = 0; i < 3; i++) {
		char id[8] = "N0.;1";

		id[1] = text[98] = (char)('0' + i);
		name(&root, dir_add(&root, id, DATA + (uint32_t)i, 10, 0),
		     text);
	}
	with_joliet();
	memset(cut, 'n', 64);
	cut[64] = '\0';
	for (i = 0; i < 3; i++) {
		cut[63] = (char)('2' - i);
		dir_add(&joliet, cut, DATA + (uint32_t)(2 - i), 10, 0);
	}
	import_good(&import, disc, 0);
	for (i = 0; i < 3; i++) {
		char path[120];

		text[98] = (char)('0' + i);
		snprintf(path, sizeof(path), "/%s", text);
		ck_assert_uint_eq(import_entry(&import, path).present, 3);
		ck_assert_uint_eq(import_entry(&import, path).lba, DATA + (uint32_t)i);
	}
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Two names of one extent, alike, in opposite orders; a link whose name is
 * that of a file but for its case. */
START_TEST(equal_names_go_before_equal_extents)
{
	name(&root, dir_add(&root, "README_0.TXT;1", DATA, 10, 0),
	     "readme 13.TXT");
	name(&root, dir_add(&root, "README_1.TXT;1", DATA, 10, 0),
	     "readme 13.TX of session 1");
	symlink_to("Z.;1", "a", "elsewhere");
	name(&root, dir_add(&root, "Z000.;1", DATA + 1, 10, 0), "A");
	with_joliet();
	dir_add(&joliet, "A", DATA + 1, 10, 0);
	dir_add(&joliet, "readme 13.TX of session 1", DATA, 10, 0);
	if (_i)
		dir_add(&joliet, "readme 13.TXT", DATA, 10, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/readme 13.TX of session 1").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/readme 13.TXT").present, _i ? 3 : 1);
	ck_assert_uint_eq(import_entry(&import, "/A").present, 3);
	only_link("/a", "elsewhere", 0, 1);
	import_only_odd(&import, _i ? -1 : SINGLE, _i ? 0 : 1);
	import_end(&import);
}
END_TEST

/* Twenty empty files of one date, in opposite orders. */
START_TEST(empty_files_are_joined_by_their_very_names)
{
	int i;

	for (i = 0; i < 20; i++) {
		char id[8], text[32];

		snprintf(id, sizeof(id), "F%02d.;1", i);
		snprintf(text, sizeof(text), "%02d the same", 19 - i);
		name(&root, dir_add(&root, id, 0, 0, 0), text);
	}
	with_joliet();
	for (i = 0; i < 20; i++) {
		char text[32];

		snprintf(text, sizeof(text), "%02d the same", i);
		dir_add(&joliet, text, 0, 0, 0);
	}
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/07 the same").present, 3);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("relocated directories, links");
	TCase *tc = tcase_create("relocated");

	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_loop_test(tc, directories_come_home, 0, 2);
	tcase_add_test(tc, links_stand_before_or_behind);
	tcase_add_test(tc, links_within_what_was_moved);
	tcase_add_test(tc, what_else_is_there_stays);
	tcase_add_test(tc, where_it_was_need_not_be_the_root);
	tcase_add_test(tc, nothing_is_moved_without_links);
	tcase_add_loop_test(tc, links_that_are_wrong, 0, 5);
	tcase_add_test(tc, link_to_nothing_moves_nothing);
	tcase_add_loop_test(tc, links_that_make_a_loop, 0, 2);
	tcase_add_test(tc, link_that_says_it_was_moved);
	tcase_add_test(tc, link_whose_identifier_is_no_name);
	tcase_add_loop_test(tc, links_at_the_limit_of_depth, 0, 2);
	tcase_add_loop_test(tc, depth_is_that_of_the_tree, 0, 2);
	tcase_add_loop_test(tc, joliet_has_them_where_they_belong, 0, 2);
	tcase_add_test(tc, what_joliet_has_where_they_were);
	tcase_add_loop_test(tc, name_that_is_there_already, 0, 2);
	tcase_add_test(tc, volume_that_is_elsewhere);
	tcase_add_test(tc, next_session_has_them_at_home);
	suite_add_tcase(suite, tc);

	tc = tcase_create("links");
	tcase_add_checked_fixture(tc, make_rock_ridge, drop_volume);
	tcase_add_loop_test(tc, links_get_their_content, 0, 3);
	tcase_add_loop_test(tc, links_without_content, 0, 2);
	tcase_add_test(tc, files_beside_links_are_joined_as_elsewhere);
	tcase_add_loop_test(tc, links_get_all_sections, 0, 2);
	tcase_add_test(tc, content_begins_behind_its_attribute_record);
	tcase_add_test(tc, dates_speak_for_no_content);
	tcase_add_test(tc, names_that_joliet_cut);
	tcase_add_loop_test(tc, equal_names_go_before_equal_extents, 0, 2);
	tcase_add_test(tc, empty_files_are_joined_by_their_very_names);
	suite_add_tcase(suite, tc);

	return run_suite(suite);
}
