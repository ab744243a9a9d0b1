/* SPDX-License-Identifier: MIT */
/* What SUSP 1.12 and RRIP 1.12 say in hand-made volumes, and what only looks
 * as if it said something. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "iso9660/system_use_internal.h"
#include "lib_disc.h"
#include "tests/suite.h"

enum { ROOT = 20, JROOT = 24, SUB = 26, AREA = 40, DATA = 100, END = 200 };

enum {
	HALVES = LATHE_ISO9660_ODD_HALVES,
	RECORD = LATHE_ISO9660_ODD_RECORD,
	NAME = LATHE_ISO9660_ODD_NAME,
	SINGLE = LATHE_ISO9660_ODD_SINGLE,
	USE = LATHE_ISO9660_ODD_SYSTEM_USE
};

static struct disc *disc;
static struct dir root, joliet;
static struct import import;

/* ---- entries, byte by byte ---------------------------------------------- */

static uint8_t use[2048];
static uint32_t used;

static void put(const void *bytes, uint32_t len)
{
	memcpy(use + used, bytes, len);
	used += len;
}

static void put_both32(uint32_t v)
{
	uint8_t b[8] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 24), (uint8_t)(v >> 24),
			 (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	put(b, 8);
}

static void head(const char *signature, uint32_t len)
{
	uint8_t h[4] = { (uint8_t)signature[0], (uint8_t)signature[1],
			 (uint8_t)len, 1 };

	put(h, 4);
}

/* RRIP 4.1.1, of 36 or 44 bytes. */
static void px(uint32_t mode, uint32_t uid, uint32_t gid, uint32_t len)
{
	head("PX", len);
	put_both32(mode);
	put_both32(1);
	put_both32(uid);
	put_both32(gid);
	if (len == 44)
		put_both32(77);
}

/* 4.1.4, 4.1.3, 4.1.6: a byte of flags, then what they tell of. */
static void flagged(const char *signature, uint8_t flags, const void *bytes,
		    uint32_t len)
{
	head(signature, 5 + len);
	put(&flags, 1);
	put(bytes, len);
}

static void nm(uint8_t flags, const char *text)
{
	flagged("NM", flags, text, (uint32_t)strlen(text));
}

static void numbers(const char *signature, uint32_t a, uint32_t b)
{
	head(signature, 20);
	put_both32(a);
	put_both32(b);
}

/* SUSP 5.1 */
static void ce(uint32_t lba, uint32_t offset, uint32_t len)
{
	head("CE", 28);
	put_both32(lba);
	put_both32(offset);
	put_both32(len);
}

static void attach(struct dir *dir, uint8_t *record)
{
	dir_use(dir, record, use, used);
	used = 0;
}

/* What was put goes to a continuation area. */
static void area(uint32_t lba, uint32_t offset)
{
	ck_assert_uint_le(offset + used, 2048);
	memcpy(disc_block(disc, lba) + offset, use, used);
	used = 0;
}

static const uint8_t SP[7] = { 'S', 'P', 7, 1, 0xBE, 0xEF, 0 };

/* ---- volumes ------------------------------------------------------------ */

/* A root whose own record has what was put. */
static void begin_root(void)
{
	uint8_t *self;

	root = (struct dir){ disc, ROOT, 2, 0, false };
	memset(disc_block(disc, ROOT), 0, 4096);
	self = dir_add_raw(&root, "\0", 1, ROOT, 4096, DIRECTORY);
	attach(&root, self);
	dir_add_raw(&root, "\1", 1, ROOT, 4096, DIRECTORY);
}

static void make(void)
{
	disc = disc_new(END);
	disc_primary(disc, 16, ROOT, 4096);
	disc_terminator(disc, 17);
	used = 0;
	put(SP, 7);
	begin_root();
	memset(&import, 0, sizeof(import));
}

static void drop(void)
{
	disc_free(disc);
}

static void with_joliet(void)
{
	disc_joliet(disc, 17, JROOT, 4096);
	disc_terminator(disc, 18);
	joliet = dir_begin(disc, JROOT, 2, JROOT, 2, true);
}

/* A file "A.;1" of 10 bytes with what was put. */
static void file(void)
{
	attach(&root, dir_add(&root, "A.;1", DATA, 10, 0));
}

/* An empty one, as links and devices are. */
static void bare(void)
{
	attach(&root, dir_add(&root, "A.;1", 0, 0, 0));
}

static const uint8_t *foreign(const char *path, bool self, uint32_t *bytes)
{
	return lathep_iso9660_foreign(
		import.tree, lathep_iso9660_node(import.tree,
						 import_entry(&import, path).node),
		self, bytes);
}

/* ---- names and attributes ----------------------------------------------- */

START_TEST(name_mode_owner_and_dates)
{
	/* 4.1.6, 0Eh: modification, access, change of attributes. */
	static const uint8_t dates[21] = {
		100, 1, 2, 3, 4, 5, 0xF0, 101, 2, 3, 4, 5, 6, 8,
		102, 3, 4, 5, 6, 7, 0
	};
	struct lathe_iso9660_entry e;

	nm(0, "A name of its own");
	px(0104755, 1000, 100000, _i ? 44 : 36);
	flagged("TF", 0x0E, dates, 21);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A name of its own 10");
	e = import_entry(&import, "/A name of its own");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_FILE);
	ck_assert(e.posix_given);
	ck_assert_uint_eq(e.posix.mode, 04755);
	ck_assert_uint_eq(e.posix.uid, 1000);
	ck_assert_uint_eq(e.posix.gid, 100000);
	ck_assert_mem_eq(e.date, dates, 7);
	ck_assert_mem_eq(e.accessed, dates + 7, 7);
	ck_assert_mem_eq(e.changed, dates + 14, 7);
	ck_assert(import.found.system_use);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(dates_of_the_long_form)
{
	/* 82h: modification, 17 bytes; ECMA-119 8.4.26.1. */
	static const char *const dates[] = {
		"2020020304050600\x04", "1855010101010100", "2x20020304050600",
		"202002030405 600", "2156010101010100", ":020020304050600",
		"2020020304050:00", "20:0020304050600"
	};
	static const uint8_t want[8][7] = {
		{ 120, 2, 3, 4, 5, 6, 4 },
		/* What 9.1.5 can not say: the date of the record. */
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
		{ 120, 2, 3, 4, 5, 6, 0 },
	};

	flagged("TF", 0x82, dates[_i], 17);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").date, want[_i], 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_end(&import);
}
END_TEST

START_TEST(change_of_attributes_alone)
{
	flagged("TF", 0x08, "\x64\1\1\1\1\1\0", 7);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").changed, "\x64\1\1\1\1\1\0", 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_end(&import);
}
END_TEST

/* Bit 0 is the creation: passed by, but counted. */
START_TEST(dates_fewer_than_announced)
{
	flagged("TF", 0x07, "\x64\1\1\1\1\1\0\x65\2\2\2\2\2\0\x66\3", 16);
	file();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(import_entry(&import, "/A").date, "\x65\2\2\2\2\2\0", 7);
	ck_assert_mem_eq(import_entry(&import, "/A").accessed, "\0\0\0\0\0\0\0", 7);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(root_has_attributes_of_its_own)
{
	put(SP, 7);
	px(040755, 5, 6, 36);
	begin_root();
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/").posix.mode, 0755);
	ck_assert_uint_eq(import_entry(&import, "/").posix.gid, 6);
	import_end(&import);
}
END_TEST

START_TEST(name_in_several_parts)
{
	nm(1, "first ");
	nm(1, "second ");
	nm(0, "third");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/first second third 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(second_name_is_told)
{
	nm(0, "first");
	nm(0, "second");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/first 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* CURRENT and PARENT say what "." and ".." are; a name beside them counts. */
START_TEST(flags_of_names)
{
	nm(2, "");
	file();
	nm(2, "named");
	attach(&root, dir_add(&root, "B.;1", DATA, 10, 0));
	nm(4, "");
	attach(&root, dir_add(&root, "C.;1", DATA, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10, /C 10, /named 10");
	import_end(&import);
}
END_TEST

START_TEST(name_that_leads_elsewhere)
{
	static const char *const names[] = { "..", ".", "../x", "a/b" };
	static const char *const want[] = {
		"/_. 10", "/_ 10", "/.._x 10", "/a_b 10"
	};

	nm(0, names[_i]);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), want[_i]);
	import_only_odd(&import, NAME, 1);
	import_end(&import);
}
END_TEST

START_TEST(name_that_is_too_long)
{
	char text[240];
	int i;

	memset(text, 'n', sizeof(text));
	text[239] = '\0';
	ce(AREA, 0, 6 * 244);
	file();
	for (i = 0; i < 6; i++)
		nm(i < 5, text);
	area(AREA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* Old discs have names in some set of 8 bits: nothing is lost, and nothing
 * becomes the same. */
START_TEST(names_that_are_no_utf8)
{
	nm(0, "caf\xE9");
	file();
	nm(0, "caf\xE8");
	attach(&root, dir_add(&root, "B.;1", DATA + 1, 10, 0));
	nm(0, "\xC3\xA9\xFF");
	attach(&root, dir_add(&root, "C.;1", DATA + 2, 10, 0));
	/* Halves of a surrogate pair, which is no UTF-8 in any form. */
	nm(0, "\xED\xA0\x80\xED\xB0\x80");
	attach(&root, dir_add(&root, "D.;1", DATA + 3, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/caf\xC3\xA8 10, /caf\xC3\xA9 10, "
			 "/\xC3\xA9\xC3\xBF 10, "
			 "/\xC3\xAD\xC2\xA0\xC2\x80\xC3\xAD\xC2\xB0\xC2\x80 "
			 "10");
	import_only_odd(&import, NAME, 4);
	import_end(&import);
}
END_TEST

/* Each byte may become two. */
START_TEST(name_that_is_no_utf8_and_too_long)
{
	char text[231];
	int i;

	memset(text, 0xFF, sizeof(text));
	text[230] = '\0';
	ce(AREA, 0, 4 * 235);
	file();
	for (i = 0; i < 4; i++)
		nm(i < 3, text);
	area(AREA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10");
	import_only_odd(&import, NAME, 1);
	import_end(&import);
}
END_TEST

START_TEST(better_names_of_joliet_are_taken)
{
	nm(0, "caf\xE9.txt");
	attach(&root, dir_add(&root, "CAF_.TXT;1", DATA, 10, 0));
	px(0100444, 0, 0, 36);
	attach(&root, dir_add(&root, "LONG_NAM.TXT;1", DATA + 1, 10, 0));
	px(040555, 0, 0, 36);
	attach(&root, dir_add(&root, "SUB", SUB, 2048, DIRECTORY));
	dir_begin(disc, SUB, 1, ROOT, 2, false);
	with_joliet();
	dir_begin(disc, SUB + 1, 1, JROOT, 2, true);
	dir_add_raw(&joliet, "\0c\0a\0f\0\xE9\0.\0t\0x\0t", 16, DATA, 10, 0);
	dir_add(&joliet, "long name.txt", DATA + 1, 10, 0);
	dir_add(&joliet, "Sub", SUB + 1, 2048, DIRECTORY);
	ck_assert_str_eq(import_good(&import, disc, 0), "/Sub/, /caf\xC3\xA9.txt 10, "
				     "/long name.txt 10");
	ck_assert_uint_eq(import_entry(&import, "/long name.txt").present, 3);
	ck_assert_uint_eq(import.odd[SINGLE], 0);
	import_end(&import);
}
END_TEST

START_TEST(names_are_joliets_if_that_is_asked_for)
{
	nm(0, "name of Rock Ridge");
	file();
	with_joliet();
	dir_add(&joliet, "name of Joliet", DATA, 10, 0);
	import_run(&import, disc, 0, NULL, 2);
	ck_assert_str_eq(import_list(&import), "/name of Joliet 10");
	ck_assert_uint_eq(import_entry(&import, "/name of Joliet").present, 3);
	import_end(&import);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name of Rock Ridge 10");
	import_end(&import);
}
END_TEST

/* 9.1.6: an associated file has the name of the other. */
START_TEST(associated_files_have_their_prefix)
{
	nm(0, "both");
	attach(&root, dir_add(&root, "A.;1", DATA, 10, ASSOCIATED));
	nm(0, "both");
	attach(&root, dir_add(&root, "A.;1", DATA + 1, 20, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/._both 10, /both 20");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* The first record of a file says it for all its sections. */
START_TEST(sections_have_the_name_of_the_first)
{
	nm(0, "sections");
	attach(&root, dir_add(&root, "A.;1", DATA, 2048, MORE));
	nm(0, "another");
	attach(&root, dir_add(&root, "A.;1", DATA + 5, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/sections 2058");
	import_end(&import);
}
END_TEST

/* ---- links and devices -------------------------------------------------- */

static void only_link(const char *want)
{
	struct lathe_iso9660_entry e;

	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_SYMLINK);
	ck_assert_uint_eq(e.symlink_len, strlen(want));
	ck_assert_mem_eq(e.symlink, want, e.symlink_len);
	ck_assert_uint_eq(e.size, 0);
	ck_assert_uint_eq(e.present, 1);
}

/* 4.1.3.1: flags, length, bytes of each component. */
START_TEST(links)
{
	static const struct {
		const char *parts;
		uint32_t len;
		const char *want;
	} ways[] = {
		{ "\0\1a", 3, "a" },
		{ "\0\1a\0\2bc", 7, "a/bc" },
		{ "\x08\0\0\3usr\0\3lib", 12, "/usr/lib" },
		{ "\x04\0\x04\0\2\0\0\1x", 9, "../.././x" },
		{ "\1\2ab\0\2cd\0\1e", 11, "abcd/e" },
		{ "\x08\0", 2, "/" },
		/* As a//b is recorded by others. */
		{ "\0\1a\x08\0\0\1b", 8, "a//b" },
		{ "\2\0", 2, "." },
	};

	px(0120777, 0, 0, 36);
	flagged("SL", 0, ways[_i].parts, ways[_i].len);
	bare();
	only_link(ways[_i].want);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(link_in_several_entries)
{
	px(0120777, 0, 0, 36);
	flagged("SL", 1, "\0\1a\1\2bb", 7);
	flagged("SL", 0, "\0\1b\0\1c", 6);
	bare();
	only_link("a/bbb/c");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(second_link_is_told)
{
	px(0120777, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	flagged("SL", 0, "\0\1b", 3);
	bare();
	only_link("a");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* Told once for what is wrong, and once for the link that leads nowhere. */
START_TEST(link_that_is_none)
{
	static const struct {
		const char *parts;
		uint32_t len, told;
	} ways[] = {
		{ "", 0, 1 },		/* no component */
		{ "\0\2a", 3, 3 },	/* longer than the entry */
		{ "\0\1a\0", 4, 3 },	/* half a component */
		{ "\0\3a\0b", 5, 2 },	/* a byte 00h in it */
	};

	px(0120777, 0, 0, 36);
	flagged("SL", 0, ways[_i].parts, ways[_i].len);
	bare();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_FILE);
	import_only_odd(&import, USE, ways[_i].told);
	import_end(&import);
}
END_TEST

START_TEST(link_that_is_too_long)
{
	char part[250];
	int i;

	memset(part, 'x', sizeof(part));
	part[0] = 0;
	part[1] = (char)(248);
	px(0120777, 0, 0, 36);
	ce(AREA, 0, 7 * 255 + 32);
	bare();
	for (i = 0; i < 8; i++)
		flagged("SL", 1, part, 250);
	used -= 8 * 255 - 7 * 255;
	ce(AREA + 1, 0, 8 * 255);
	area(AREA, 0);
	/* Seven in the first area and eight in the second still fit, three
	 * more in a third do not: 18 times 248 and what is between them are
	 * more than 4095. */
	memcpy(disc_block(disc, AREA) + 7 * 255 + 28, "ST\4\1", 4);
	for (i = 0; i < 8; i++)
		flagged("SL", 1, part, 250);
	area(AREA + 1, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").symlink_len, 15 * 249 - 1);
	import_end(&import);

	disc_block(disc, AREA + 1)[7 * 255] = 'C';
	ce(AREA + 2, 0, 3 * 255);
	memcpy(disc_block(disc, AREA + 1) + 7 * 255, use, used);
	used = 0;
	memcpy(disc_block(disc, AREA + 1) + 7 * 255 + 28, "ST\4\1", 4);
	for (i = 0; i < 3; i++)
		flagged("SL", i < 2, part, 250);
	area(AREA + 2, 0);
	import_good(&import, disc, 0);
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_FILE);
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

START_TEST(link_of_a_plain_file_is_ignored)
{
	px(0100644, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	file();
	import_good(&import, disc, 0);
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_FILE);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(devices_pipes_and_sockets)
{
	static const uint32_t type[] = { 0020000, 0060000, 0010000, 0140000 };
	struct lathe_iso9660_entry e;

	px(type[_i] | 0640, 0, 0, 36);
	if (_i < 2)
		numbers("PN", 8, 17);
	bare();
	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_int_eq(e.kind, LATHE_ISO9660_SPECIAL);
	ck_assert_uint_eq(e.type, type[_i]);
	ck_assert_uint_eq(e.dev_high, _i < 2 ? 8 : 0);
	ck_assert_uint_eq(e.dev_low, _i < 2 ? 17 : 0);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Both numbers in the low half, 8 bits each and then the rest. */
START_TEST(devices_of_other_writers)
{
	static const uint32_t low[] = { 0x0441, 0x41, 0x11112C70 };
	static const uint32_t want[][2] = { { 4, 0x41 }, { 0, 0x41 },
					    { 300, 70000 } };
	struct lathe_iso9660_entry e;

	px(020600, 0, 0, 36);
	numbers("PN", 0, low[_i]);
	bare();
	import_good(&import, disc, 0);
	e = import_entry(&import, "/A");
	ck_assert_uint_eq(e.dev_high, want[_i][0]);
	ck_assert_uint_eq(e.dev_low, want[_i][1]);
	import_end(&import);
}
END_TEST

START_TEST(device_without_number_and_with_content)
{
	px(020600, 0, 0, 36);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert_int_eq(import_entry(&import, "/A").kind, LATHE_ISO9660_SPECIAL);
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

START_TEST(type_that_contradicts_the_record)
{
	px(_i ? 0100644 : 0120777, 0, 0, 36);
	attach(&root, dir_add(&root, "D", SUB, 2048, DIRECTORY));
	dir_begin(disc, SUB, 1, ROOT, 2, false);
	px(_i ? 040755 : 0110000, 0, 0, 36);
	file();
	/* No type at all is taken as what the record says. */
	px(0444, 0, 0, 36);
	attach(&root, dir_add(&root, "B.;1", DATA, 10, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10, /B 10, /D/");
	import_only_odd(&import, USE, 2);
	import_end(&import);
}
END_TEST

/* ---- SUSP --------------------------------------------------------------- */

START_TEST(without_sp_nothing_is_read)
{
	static const uint8_t wrong[2][7] = {
		{ 'S', 'P', 7, 1, 0xBE, 0xEE, 0 },
		{ 'S', 'P', 6, 1, 0xBE, 0xEF, 0 },
	};

	if (_i < 2)
		put(wrong[_i], 7);
	else if (_i == 2)
		put(SP, 6);
	begin_root();
	nm(0, "name");
	px(0120777, 0, 0, 36);
	flagged("SL", 0, "\0\1a", 3);
	bare();
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 0");
	ck_assert(!import.found.system_use);
	ck_assert(!import_entry(&import, "/A").posix_given);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* SUSP 5.3: the bytes to be skipped are those of CD-XA. */
START_TEST(entries_behind_xa)
{
	static const uint8_t xa[14] = { 0, 0, 0, 0, 0x0D, 0x55, 'X', 'A' };

	put(xa, 14);
	put(SP, 6);
	put("\16", 1);
	px(040700, 0, 0, 36);
	begin_root();
	put(xa, 14);
	nm(0, "behind");
	file();
	put(xa, 14);
	attach(&root, dir_add(&root, "B.;1", DATA, 1, 0));
	put(xa, 9);
	attach(&root, dir_add(&root, "C.;1", DATA, 2, 0));
	ck_assert_str_eq(import_good(&import, disc, 0), "/B 1, /C 2, /behind 10");
	ck_assert_uint_eq(import_entry(&import, "/").posix.mode, 0700);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(entries_go_on_elsewhere)
{
	ce(AREA, 2000, 48);
	nm(1, "one ");	/* still counts, behind CE */
	file();
	nm(1, "two ");
	ce(AREA + 9, 7, 12);
	area(AREA, 2000);
	nm(0, "three");
	put("\0\0", 2);
	area(AREA + 9, 7);
	ck_assert_str_eq(import_good(&import, disc, 0), "/one two three 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(one_area_for_many_records)
{
	int i;
	char id[8] = "A0.;1";

	px(0100711, 3, 3, 36);
	area(AREA, 0);
	for (i = 0; i < 10; i++) {
		ce(AREA, 0, 36);
		id[1] = (char)('0' + i);
		attach(&root, dir_add(&root, id, DATA, 1, 0));
	}
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A9").posix.mode, 0711);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* Areas that can not be, and what is still read of them. */
START_TEST(areas_that_are_wrong)
{
	static const struct {
		uint32_t lba, offset, bytes;
		const char *want;
	} ways[] = {
		{ END, 0, 40, "/A 10" },
		{ 0xFFFFFFFF, 0, 40, "/A 10" },
		{ AREA, 2048, 40, "/A 10" },
		{ AREA, 0xFFFFFFFF, 40, "/A 10" },
		{ AREA, 2000, 0xFFFFFFFF, "/name 10" },
		{ AREA, 2000, 49, "/name 10" },
	};

	ce(ways[_i].lba, ways[_i].offset, ways[_i].bytes);
	file();
	nm(0, "name");
	area(AREA, 2000);
	ck_assert_str_eq(import_good(&import, disc, 0), ways[_i].want);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(empty_area)
{
	ce(AREA, 0, 0);
	nm(0, "name");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(areas_that_lead_to_themselves)
{
	/* To itself; to what holds it; around; to a part of it. */
	static const uint32_t to[][3] = { { AREA, 100, 28 }, { AREA, 0, 200 },
					  { AREA, 127, 1 } };

	ce(AREA, 100, 28);
	nm(0, "name");
	file();
	ce(to[_i][0], to[_i][1], to[_i][2]);
	area(AREA, 100);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

START_TEST(areas_beside_each_other_are_well)
{
	ce(AREA, 100, 28);
	nm(1, "na");
	file();
	ce(AREA, _i ? 128 : 93, 7);
	area(AREA, 100);
	nm(0, "me");
	area(AREA, _i ? 128 : 93);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(chain_of_areas_has_an_end)
{
	int i;

	ce(AREA, 0, 35);
	nm(1, "n");
	file();
	for (i = 0; i < 40; i++) {
		nm(1, "n");
		ce(AREA, (uint32_t)(34 * (i + 1)), 34);
		area(AREA, (uint32_t)(34 * i));
	}
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, 0);
	/* In the record and in 32 areas; the first overlapped the second. */
	ck_assert_uint_ge(import.odd[USE], 1);
	ck_assert_uint_le(import.odd[USE], 2);
	import_end(&import);

	memset(disc_block(disc, AREA), 0, 2048);
	for (i = 0; i < 40; i++) {
		nm(1, "n");
		ce(AREA, (uint32_t)(40 * (i + 1)), 34);
		area(AREA, (uint32_t)(40 * i));
	}
	ck_assert_str_eq(import_good(&import, disc, 0), "/nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* However many records lead to areas: a disc is read about three times. */
START_TEST(areas_cost_no_more_than_the_disc)
{
	struct lathe_iso9660_limits limits = { 0 };
	char id[16];
	struct dir many;
	int i, k;

	disc_resize(disc, 4000);
	disc_primary(disc, 16, 1000, 256 * 2048);
	disc_terminator(disc, 17);
	many = (struct dir){ disc, 1000, 256, 0, false };
	put(SP, 7);
	attach(&many, dir_add_raw(&many, "\0", 1, 1000, 256 * 2048,
				  DIRECTORY));
	dir_add_raw(&many, "\1", 1, 1000, 256 * 2048, DIRECTORY);
	/* 6000 records, each with 30 areas far from each other. */
	for (i = 0; i < 6000; i++) {
		snprintf(id, sizeof(id), "%04d.;1", i);
		ce(2000, 0, 28);
		attach(&many, dir_add(&many, id, 0, 0, 0));
	}
	for (k = 0; k < 30; k++) {
		ce(2000 + (uint32_t)(k + 1) * 60, 0, 28);
		area(2000 + (uint32_t)k * 60, 0);
	}
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, 0);
	ck_assert_uint_le(disc->blocks_read, 4000 * 4);
	ck_assert_uint_ge(import.odd[USE], 1);
	import_end(&import);
}
END_TEST

START_TEST(entries_that_are_wrong)
{
	static const struct {
		const char *bytes;
		uint32_t len, told;
		const char *want;
	} ways[] = {
		{ "NM\5\1\0ST\4\1NM\7\1\0zz", 16, 0, "/A 10" },
		{ "PD\4\1NM\7\1\0aa", 11, 0, "/aa 10" },
		{ "SP\7\1\xBE\xEF\7NM\7\1\0aa", 14, 0, "/aa 10" },
		{ "RR\5\1\x81NM\7\1\0aa", 12, 0, "/aa 10" },
		{ "\0\0\0\0NM\7\1\0aa", 11, 0, "/A 10" },
		{ "NM\3\1\0aa", 7, 1, "/A 10" },
		{ "NM\0\1\0aa", 7, 1, "/A 10" },
		{ "NM\10\1\0aa", 7, 1, "/A 10" },
		{ "NM\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "PX\x20\1aaaaaaaaaaaaaaaaaaaaaaaaaaaaNM\7\1\0aa", 39, 1,
		  "/aa 10" },
		{ "CE\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "CL\4\1NM\7\1\0aa", 11, 1, "/aa 10" },
		{ "NM\7\1\0aax\0\0", 10, 0, "/aa 10" },
		{ "ES\4\1NM\7\1\0aa", 11, 0, "/aa 10" },
		{ "ER\7\1\1\1\1NM\7\1\0aa", 14, 1, "/aa 10" },
		{ "ER\10\1\1\1\1\1NM\7\1\0aa", 15, 1, "/aa 10" },
	};

	put(ways[_i].bytes, ways[_i].len);
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), ways[_i].want);
	import_only_odd(&import, ways[_i].told ? USE : -1, ways[_i].told);
	import_end(&import);
}
END_TEST

START_TEST(two_areas_named_in_one)
{
	ce(AREA, 0, 9);
	ce(AREA, 100, 9);
	file();
	nm(0, "name");
	area(AREA, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/name 10");
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

/* ECMA-119 7.3.3: the little-endian half is what counts. */
START_TEST(numbers_that_differ_in_their_halves)
{
	if (_i) {
		px(0100711, 1, 2, 36);
		use[8] ^= 1;
	} else {
		ce(AREA, 0, 36);
		use[8] ^= 1;
	}
	file();
	px(0100711, 1, 2, 36);
	area(AREA, 0);
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").posix.mode, 0711);
	import_only_odd(&import, HALVES, 1);
	import_end(&import);
}
END_TEST

START_TEST(area_that_can_not_be_read)
{
	disc_resize(disc, 1000);
	ce(900, 0, 36);
	file();
	disc->broken = 900;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_IO);
	import_end(&import);
	/* What is read ahead may be broken. */
	disc->broken = 901;
	import_good(&import, disc, 0);
	import_end(&import);
}
END_TEST

/* ---- what others wrote -------------------------------------------------- */

START_TEST(unknown_entries_are_kept)
{
	static const char acl[] = "AL\x0B\1\0\1\2\3\4\5\6";
	uint32_t bytes;
	const uint8_t *kept;

	put(acl, 11);
	nm(0, "name");
	ce(AREA, 0, 15);
	file();
	put("ZF\4\1", 4);
	put(acl, 11);
	area(AREA, 0);
	import_good(&import, disc, 0);
	kept = foreign("/name", false, &bytes);
	ck_assert_uint_eq(bytes, 26);
	ck_assert_mem_eq(kept, "AL\x0B\1\0\1\2\3\4\5\6ZF\4\1"
			       "AL\x0B\1\0\1\2\3\4\5\6", 26);
	foreign("/name", true, &bytes);
	ck_assert_uint_eq(bytes, 0);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* A directory has two records, each with its own. */
START_TEST(entries_of_a_directory_itself_are_kept_apart)
{
	struct dir sub = { disc, SUB, 1, 0, false };
	uint32_t bytes;

	put("XX\5\1p", 5);
	attach(&root, dir_add(&root, "D", SUB, 2048, DIRECTORY));
	put("XX\5\1s", 5);
	attach(&sub, dir_add_raw(&sub, "\0", 1, SUB, 2048, DIRECTORY));
	put("XX\5\1u", 5);
	attach(&sub, dir_add_raw(&sub, "\1", 1, ROOT, 4096, DIRECTORY));
	import_good(&import, disc, 0);
	ck_assert_mem_eq(foreign("/D", false, &bytes), "XX\5\1p", 5);
	ck_assert_uint_eq(bytes, 5);
	ck_assert_mem_eq(foreign("/D", true, &bytes), "XX\5\1s", 5);
	ck_assert_uint_eq(bytes, 5);
	import_end(&import);
}
END_TEST

/* SUSP 5.5: ours is written anew, in whatever edition it was. */
START_TEST(extensions_of_others_are_kept)
{
	static const char *const ours[] = { "RRIP_1991A", "IEEE_P1282",
					    "IEEE_1282" };
	uint8_t er[4] = { (uint8_t)strlen(ours[_i]), 0, 0, 1 };
	uint32_t bytes;

	put(SP, 7);
	head("ER", 8u + er[0]);
	put(er, 4);
	put(ours[_i], er[0]);
	put("ER\x12\1\x0A\0\0\1AAIP_0200x", 18);
	begin_root();
	import_good(&import, disc, 0);
	ck_assert_mem_eq(foreign("/", true, &bytes),
			 "ER\x12\1\x0A\0\0\1AAIP_0200x", 18);
	ck_assert_uint_eq(bytes, 18);
	import_end(&import);
}
END_TEST

/* SUSP 5.6: behind ES 1 the same two letters mean something else. */
START_TEST(entries_of_another_extension)
{
	uint32_t bytes;

	put("ES\5\1\1", 5);
	nm(0, "no");
	put("ES\5\1\0", 5);
	nm(0, "yes");
	file();
	ck_assert_str_eq(import_good(&import, disc, 0), "/yes 10");
	ck_assert_mem_eq(foreign("/yes", false, &bytes),
			 "ES\5\1\1NM\7\1\0noES\5\1\0", 17);
	ck_assert_uint_eq(bytes, 17);
	import_end(&import);
}
END_TEST

START_TEST(more_unknown_entries_than_are_kept)
{
	uint8_t big[250] = { 'X', 'Y', 250, 1 };
	uint32_t bytes;
	int i;

	ce(AREA, 0, 8 * 250 + 28);
	file();
	for (i = 0; i < 8; i++)
		put(big, 250);
	ce(AREA + 1, 0, 8 * 250 + 28);
	area(AREA, 0);
	for (i = 0; i < 8; i++)
		put(big, 250);
	ce(AREA + 2, 0, 500);
	area(AREA + 1, 0);
	import_good(&import, disc, 0);
	foreign("/A", false, &bytes);
	ck_assert_uint_eq(bytes, 4000);
	import_end(&import);
	put(big, 250);
	put(big, 250);
	area(AREA + 2, 0);
	import_good(&import, disc, 0);
	foreign("/A", false, &bytes);
	ck_assert_uint_eq(bytes, 0);
	import_only_odd(&import, USE, 1);
	import_end(&import);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rock ridge");
	TCase *tc = tcase_create("names");

	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, name_mode_owner_and_dates, 0, 2);
	tcase_add_loop_test(tc, dates_of_the_long_form, 0, 8);
	tcase_add_test(tc, change_of_attributes_alone);
	tcase_add_test(tc, dates_fewer_than_announced);
	tcase_add_test(tc, root_has_attributes_of_its_own);
	tcase_add_test(tc, name_in_several_parts);
	tcase_add_test(tc, second_name_is_told);
	tcase_add_test(tc, flags_of_names);
	tcase_add_loop_test(tc, name_that_leads_elsewhere, 0, 4);
	tcase_add_test(tc, name_that_is_too_long);
	tcase_add_test(tc, names_that_are_no_utf8);
	tcase_add_test(tc, name_that_is_no_utf8_and_too_long);
	tcase_add_test(tc, better_names_of_joliet_are_taken);
	tcase_add_test(tc, names_are_joliets_if_that_is_asked_for);
	tcase_add_test(tc, associated_files_have_their_prefix);
	tcase_add_test(tc, sections_have_the_name_of_the_first);
	suite_add_tcase(suite, tc);

	tc = tcase_create("links and devices");
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, links, 0, 8);
	tcase_add_test(tc, link_in_several_entries);
	tcase_add_test(tc, second_link_is_told);
	tcase_add_loop_test(tc, link_that_is_none, 0, 4);
	tcase_add_test(tc, link_that_is_too_long);
	tcase_add_test(tc, link_of_a_plain_file_is_ignored);
	tcase_add_loop_test(tc, devices_pipes_and_sockets, 0, 4);
	tcase_add_loop_test(tc, devices_of_other_writers, 0, 3);
	tcase_add_test(tc, device_without_number_and_with_content);
	tcase_add_loop_test(tc, type_that_contradicts_the_record, 0, 2);
	suite_add_tcase(suite, tc);

	tc = tcase_create("system use");
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, without_sp_nothing_is_read, 0, 4);
	tcase_add_test(tc, entries_behind_xa);
	tcase_add_test(tc, entries_go_on_elsewhere);
	tcase_add_test(tc, one_area_for_many_records);
	tcase_add_loop_test(tc, areas_that_are_wrong, 0, 6);
	tcase_add_test(tc, empty_area);
	tcase_add_loop_test(tc, areas_that_lead_to_themselves, 0, 3);
	tcase_add_loop_test(tc, areas_beside_each_other_are_well, 0, 2);
	tcase_add_test(tc, chain_of_areas_has_an_end);
	tcase_add_test(tc, areas_cost_no_more_than_the_disc);
	tcase_add_loop_test(tc, entries_that_are_wrong, 0, 16);
	tcase_add_test(tc, two_areas_named_in_one);
	tcase_add_loop_test(tc, numbers_that_differ_in_their_halves, 0, 2);
	tcase_add_test(tc, area_that_can_not_be_read);
	suite_add_tcase(suite, tc);

	tc = tcase_create("of others");
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_test(tc, unknown_entries_are_kept);
	tcase_add_test(tc, entries_of_a_directory_itself_are_kept_apart);
	tcase_add_loop_test(tc, extensions_of_others_are_kept, 0, 3);
	tcase_add_test(tc, entries_of_another_extension);
	tcase_add_test(tc, more_unknown_entries_than_are_kept);
	suite_add_tcase(suite, tc);

	return run_suite(suite);
}
