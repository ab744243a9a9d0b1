/* SPDX-License-Identifier: MIT */
/* Importing hand-made volumes: records, sections, names, the object. */
#include <check.h>
#include <string.h>

#include "lib_volume.h"
#include "tests/suite.h"

enum {
	RECORD = LATHE_ISO9660_ODD_RECORD,
	EXTENT = LATHE_ISO9660_ODD_EXTENT,
	NAME = LATHE_ISO9660_ODD_NAME,
	DUPLICATE = LATHE_ISO9660_ODD_DUPLICATE
};

/* ---- plain -------------------------------------------------------------- */

/* 9.1.6: in Joliet as in ISO 9660, whichever is read first. */
START_TEST(associated_files_of_both_hierarchies)
{
	with_joliet();
	dir_add(&root, "A.;1", DATA, 10, ASSOCIATED);
	dir_add(&root, "A.;1", DATA + 1, 20, 0);
	dir_add(&joliet, "A", DATA, 10, ASSOCIATED);
	dir_add(&joliet, "A", DATA + 1, 20, 0);
	import_run(&import, disc, 0, NULL, (uint32_t)_i);
	ck_assert_str_eq(import_list(&import), "/._A 10, /A 20");
	ck_assert_uint_eq(import_entry(&import, "/._A").present, 3);
	ck_assert_uint_eq(import_entry(&import, "/A").present, 3);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(files_and_directories)
{
	struct dir sub = dir_begin(disc, 22, 1, ROOT, 2, false);
	struct lathe_iso9660_entry e;

	dir_add(&root, "README.TXT;1", DATA, 5000, 0);
	dir_add(&root, "SUB", 22, 2048, DIRECTORY);
	dir_add(&sub, "A.;1", DATA + 3, 1, 0);
	dir_add(&sub, "EMPTY.;1", 0xFFFFFFF0, 0, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/README.TXT 5000, /SUB/, /SUB/A 1, "
				     "/SUB/EMPTY 0");
	import_only_odd(&import, -1, 0);
	e = import_entry(&import, "/README.TXT");
	ck_assert_uint_eq(e.lba, DATA);
	ck_assert_uint_eq(e.sections, 1);
	ck_assert_uint_eq(e.present, 1);
	ck_assert(e.imported);
	ck_assert(!e.hidden);
	ck_assert_mem_eq(e.date, "\x78\x02\x03\x04\x05\x06\x00", 7);
	import_end(&import);
}
END_TEST

/* 6.8.2.2: its own record is the one in it, in whatever hierarchy there is. */
START_TEST(date_of_the_root)
{
	static const uint8_t zoned[7] = { 99, 12, 31, 23, 59, 59, 0xd8 };
	struct lathe_iso9660_entry e;

	with_joliet();
	memcpy(disc_block(disc, _i ? JROOT : ROOT) + 18, zoned, 7);
	memset(disc_block(disc, _i ? ROOT : JROOT) + 18, 0, 7);
	import_good(&import, disc, 0);
	e = import_entry(&import, "/");
	ck_assert_mem_eq(e.date, zoned, 7);
	ck_assert(!lathe_iso9660_changed(import.tree));
	import_end(&import);
}
END_TEST

START_TEST(counts_are_those_of_the_disc)
{
	struct lathe_iso9660_counts count;

	dir_add(&root, "A.;1", DATA, 5000, 0);
	dir_add(&root, "B.;1", DATA, 5000, 0);
	import_good(&import, disc, 0);
	lathe_iso9660_count(import.tree, &count);
	ck_assert_uint_eq(count.files, 2);
	ck_assert_uint_eq(count.directories, 1);
	ck_assert_uint_eq(count.bytes, 10000);
	ck_assert_uint_eq(count.new_files, 0);
	ck_assert(!lathe_iso9660_changed(import.tree));
	import_end(&import);
}
END_TEST

/* A zero where a record should begin ends the block, not the directory. */
START_TEST(records_go_on_in_the_next_block)
{
	dir_add(&root, "A.;1", DATA, 1, 0);
	root.at = 2048;
	dir_add(&root, "B.;1", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /B 1");
	import_end(&import);
}
END_TEST

/* Some writers give the exact length instead of whole blocks. */
START_TEST(directory_length_need_not_be_whole_blocks)
{
	uint32_t bytes;

	dir_add(&root, "A.;1", DATA, 1, 0);
	dir_add(&root, "B.;1", DATA, 1, 0);
	bytes = root.at;
	dir_add(&root, "C.;1", DATA, 1, 0);
	disc_primary(disc, 16, ROOT, bytes);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /B 1");
	import_end(&import);
}
END_TEST

START_TEST(system_use_of_others_is_ignored)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 1, 0);

	/* 14 bytes of CD-XA, or Rock Ridge, behind the identifier. */
	memcpy(p + p[0], "PX\x24\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	       14);
	p[0] = (uint8_t)(p[0] + 14);
	root.at += 14;
	dir_add(&root, "B.;1", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /B 1");
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

START_TEST(names_without_version_or_with_a_high_one)
{
	dir_add(&root, "A", DATA, 1, 0);
	dir_add(&root, "B.C", DATA, 1, 0);
	dir_add(&root, "D.E;32767", DATA, 1, 0);
	dir_add(&root, "\xC4.TXT;1", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1, /B.C 1, /D.E 1, "
				     "/\xC3\x84.TXT 1");
	import_end(&import);
}
END_TEST

START_TEST(hidden_and_associated_files)
{
	dir_add(&root, "A.;1", DATA, 10, ASSOCIATED);
	dir_add(&root, "A.;1", DATA + 1, 20, 0);
	dir_add(&root, "H.;1", DATA + 2, 30, HIDDEN);
	/* as a session of ours records one under the name it has here */
	dir_add(&root, "._B.;1", DATA + 3, 40, ASSOCIATED);
	ck_assert_str_eq(import_good(&import, disc, 0), "/._A 10, /._B 40, /A 20, /H 30");
	ck_assert(import_entry(&import, "/H").hidden);
	ck_assert(!import_entry(&import, "/A").hidden);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* 9.1.2: the data begin behind the attribute record. */
START_TEST(attribute_record_is_passed_by)
{
	dir_add(&root, "A.;1", DATA, 10, 0)[1] = 3;
	import_good(&import, disc, 0);
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA + 3);
	import_end(&import);
}
END_TEST

/* 6.4.3: units of 2 blocks with gaps of 3 between them. */
START_TEST(interleaved_file_becomes_sections)
{
	uint8_t *p = dir_add(&root, "A.;1", DATA, 5 * 2048 - 7, 0);
	uint32_t node, lba;
	uint64_t bytes;

	p[26] = 2;
	p[27] = 3;
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 10233");
	ck_assert_int_eq(lathe_iso9660_find(import.tree, "A", &node), 0);
	ck_assert_uint_eq(import_entry(&import, "/A").sections, 3);
	ck_assert_int_eq(lathe_iso9660_section(import.tree, node, 1, &lba,
					       &bytes), 0);
	ck_assert_uint_eq(lba, DATA + 5);
	ck_assert_uint_eq(bytes, 4096);
	ck_assert_int_eq(lathe_iso9660_section(import.tree, node, 2, &lba,
					       &bytes), 0);
	ck_assert_uint_eq(lba, DATA + 10);
	ck_assert_uint_eq(bytes, 2041);
	import_end(&import);
}
END_TEST

/* 6.4.3, 9.1.2: where the attribute record is in it is not known, in whatever
 * section of the file. */
START_TEST(interleaved_sections_with_attribute_records)
{
	uint8_t *p[2];

	p[0] = dir_add(&root, "WOVEN.;1", DATA, 4096, MORE);
	p[1] = dir_add(&root, "WOVEN.;1", DATA + 20, 4096, 0);
	p[_i][1] = p[_i][26] = p[_i][27] = 1;
	dir_add(&root, "ZZZ.;1", DATA, 5, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/ZZZ 5");
	import_only_odd(&import, LATHE_ISO9660_ODD_RECORD, 1);
	import_end(&import);
}
END_TEST

/* ---- sections ----------------------------------------------------------- */

/* 9.1.6, 9.1.11: sections of one file have one identifier, all of it, and are
 * of an associated file or of none. What has no last section is left out. */
START_TEST(sections_of_another_file_are_none)
{
	static const struct {
		const char *first, *then, *want;
		uint8_t first_flags, then_flags;
		uint32_t incomplete;
	} cases[] = {
		{ "A.;1", "A.;10", "/A 10", 0, 0, 1 },
		{ "A.;10", "A.;1", "/A 10", 0, 0, 1 },
		{ "A.;1", "B.;1", "/B 10", 0, 0, 1 },
		{ "A.;1", "A.;1", "/A 10", ASSOCIATED, 0, 1 },
		{ "A.;1", "A.;1", "/._A 10", 0, ASSOCIATED, 1 },
		{ "A.;1", "A.;1", "/._A 2058", ASSOCIATED, ASSOCIATED, 0 },
	};

	dir_add(&root, cases[_i].first, DATA, 2048,
		cases[_i].first_flags | MORE);
	dir_add(&root, cases[_i].then, DATA + 9, 10, cases[_i].then_flags);
	ck_assert_str_eq(import_good(&import, disc, 0), cases[_i].want);
	ck_assert_uint_eq(import.odd[LATHE_ISO9660_ODD_RECORD],
			  cases[_i].incomplete);
	import_end(&import);
}
END_TEST

/* Sections may lie in each other, as long as a file is no larger than the
 * disc. */
START_TEST(a_file_as_large_as_the_disc)
{
	uint32_t half = END / 2 * 2048;

	dir_add(&root, "A.;1", DATA, half, MORE);
	dir_add(&root, "A.;1", DATA - (uint32_t)_i, half + (uint32_t)_i, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 _i ? "" : "/A 409600");
	import_only_odd(&import, _i ? LATHE_ISO9660_ODD_EXTENT : -1,
			(uint32_t)_i);
	import_end(&import);
}
END_TEST

START_TEST(sections_are_one_file)
{
	uint32_t node, lba;
	uint64_t bytes;

	dir_add(&root, "A.;1", DATA, 4096, MORE);
	dir_add(&root, "A.;1", DATA + 10, 2048, MORE);
	dir_add(&root, "A.;1", DATA + 2, 100, 0);
	dir_add(&root, "B.;1", DATA, 1, 0);
	dir_add(&root, "C.;1", DATA, 2048, MORE);
	dir_add(&root, "C.;1", DATA + 10, 7, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A 6244, /B 1, /C 2055");
	ck_assert_uint_eq(import_entry(&import, "/A").sections, 3);
	ck_assert_uint_eq(import_entry(&import, "/A").lba, DATA);
	ck_assert_int_eq(lathe_iso9660_find(import.tree, "A", &node), 0);
	ck_assert_int_eq(lathe_iso9660_section(import.tree, node, 1, &lba,
					       &bytes), 0);
	ck_assert_uint_eq(lba, DATA + 10);
	ck_assert_uint_eq(bytes, 2048);
	import_only_odd(&import, -1, 0);
	import_end(&import);
}
END_TEST

/* The chain may go over the end of a block. */
START_TEST(sections_go_over_a_block)
{
	dir_add(&root, "A.;1", DATA, 4096, MORE);
	root.at = 2048;
	dir_add(&root, "A.;1", DATA + 2, 100, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 4196");
	import_end(&import);
}
END_TEST

START_TEST(chain_without_an_end_is_left_out)
{
	dir_add(&root, "A.;1", DATA, 4096, MORE);
	dir_add(&root, "B.;1", DATA, 1, 0);
	dir_add(&root, "C.;1", DATA, 4096, MORE);
	dir_add(&root, "D", 22, 2048, DIRECTORY);
	dir_begin(disc, 22, 1, ROOT, 2, false);
	dir_add(&root, "E.;1", DATA, 2048, MORE);
	ck_assert_str_eq(import_good(&import, disc, 0), "/B 1, /D/");
	import_only_odd(&import, RECORD, 3);
	import_end(&import);
}
END_TEST

START_TEST(sections_are_limited)
{
	struct lathe_iso9660_limits limits = { .sections = 3 };
	int i;

	for (i = 0; i < 3; i++)
		dir_add(&root, "A.;1", DATA, 2048, MORE);
	dir_add(&root, "A.;1", DATA, 1, 0);
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_LIMIT);
	import_end(&import);
	limits.sections = 4;
	import_run(&import, disc, 0, &limits, 0);
	ck_assert_str_eq(import_list(&import), "/A 6145");
	import_end(&import);
}
END_TEST

/* Many sections on one extent: more bytes than the disc has. */
START_TEST(file_larger_than_the_disc_is_left_out)
{
	int i;

	for (i = 0; i < 5; i++)
		dir_add(&root, "A.;1", DATA, 90 * 2048, MORE);
	dir_add(&root, "A.;1", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "");
	import_only_odd(&import, EXTENT, 1);
	import_end(&import);
}
END_TEST

/* ---- names -------------------------------------------------------------- */

START_TEST(names_can_not_lead_out_of_the_tree)
{
	dir_add(&root, "..", DATA, 1, 0);
	dir_add(&root, "../../ETC/PASSWD", DATA, 1, 0);
	dir_add_raw(&root, "A\0B", 3, DATA, 1, 0);
	dir_add(&root, ".", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/AB 1, /_ 1, /__ 1, "
				     "/______ETC_PASSWD 1");
	ck_assert_uint_eq(import.odd[NAME], 4);
	import_end(&import);
}
END_TEST

START_TEST(identifier_without_a_name_gets_one)
{
	dir_add(&root, ";1", DATA, 1, 0);
	ck_assert_str_eq(import_good(&import, disc, 0), "/_1 1");
	import_only_odd(&import, NAME, 1);
	import_end(&import);
}
END_TEST

START_TEST(doubles_are_renamed)
{
	struct dir sub = dir_begin(disc, 22, 1, ROOT, 2, false);

	dir_add(&root, "A.TXT;1", DATA, 1, 0);
	dir_add(&root, "A.TXT;1", DATA, 2, 0);
	dir_add(&root, "A_2.TXT;1", DATA, 3, 0);
	dir_add(&root, "A.TXT;2", DATA, 4, 0);
	dir_add(&root, "D", 22, 2048, DIRECTORY);
	dir_add(&root, "D.;1", DATA, 5, 0);
	dir_add(&sub, "X.;1", DATA, 6, 0);
	ck_assert_str_eq(import_good(&import, disc, 0),
			 "/A.TXT 1, /A_2.TXT 3, /A_3.TXT 2, /A_4.TXT 4, "
			 "/D/, /D/X 6, /D_2 5");
	import_only_odd(&import, DUPLICATE, 3);
	import_end(&import);
}
END_TEST

/* ---- the object --------------------------------------------------------- */

START_TEST(failed_import_leaves_an_empty_tree)
{
	uint32_t node;

	dir_add(&root, "A.;1", DATA, 1, 0);
	dir_add(&root, "SUB", 150, 2048, DIRECTORY);
	dir_begin(disc, 150, 1, ROOT, 2, false);
	disc->broken = 150;
	import_run(&import, disc, 0, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_IO);
	ck_assert_ptr_nonnull(strstr(
		lathe_iso9660_tree_failure(import.tree)->text, "150"));
	ck_assert_int_eq(lathe_iso9660_find(import.tree, "/A", &node),
			 LATHE_ERR_NOT_FOUND);
	ck_assert(!lathe_iso9660_changed(import.tree));
	/* And it can be used. */
	ck_assert_int_eq(lathe_iso9660_add_memory(import.tree,
						  LATHE_ISO9660_ROOT, "a", 1,
						  NULL, "x", 1, 0, &node), 0);
	import_end(&import);
}
END_TEST

/* What was read ahead may be unreadable; what is needed is still read. */
START_TEST(bad_block_behind_a_directory_does_not_matter)
{
	dir_add(&root, "A.;1", DATA, 1, 0);
	disc->broken = ROOT + 3;
	ck_assert_str_eq(import_good(&import, disc, 0), "/A 1");
	import_end(&import);
}
END_TEST

START_TEST(tree_must_be_fresh)
{
	struct lathe_iso9660_import_options options = {
		.size = sizeof(options) };
	uint32_t node;

	import_good(&import, disc, 0);
	ck_assert_int_eq(lathe_iso9660_import(import.tree, &disc->source, 0,
					      &options, NULL), LATHE_ERR_STATE);
	import_end(&import);
	import_run(&import, disc, 50, NULL, 0);
	ck_assert_int_eq(import.err, LATHE_ERR_NO_VOLUME);
	ck_assert_int_eq(lathe_iso9660_add_directory(
				 import.tree, LATHE_ISO9660_ROOT, "d", 1, NULL,
				 &node), 0);
	ck_assert_int_eq(lathe_iso9660_import(import.tree, &disc->source, 0,
					      &options, NULL), LATHE_ERR_STATE);
	import_end(&import);
	import_run(&import, disc, 50, NULL, 0);
	options.size = 3;
	ck_assert_int_eq(lathe_iso9660_import(import.tree, &disc->source, 0,
					      &options, NULL), LATHE_ERR_ARG);
	import_end(&import);
}
END_TEST

/* Memory that runs out at any allocation is an error, and nothing is lost. */
START_TEST(memory_may_run_out_anywhere)
{
	struct dir sub = dir_begin(disc, 22, 1, ROOT, 2, false);
	uint64_t all, i;

	dir_add(&root, "A.;1", DATA, 2048, MORE);
	dir_add(&root, "A.;1", DATA, 2048, 0);
	dir_add(&root, "A.;1", DATA, 1, 0);
	dir_add(&root, "SUB", 22, 2048, DIRECTORY);
	dir_add(&sub, "B.;1", DATA, 1, 0);
	disc_joliet(disc, 17, JROOT, 2048);
	sub = dir_begin(disc, JROOT, 1, JROOT, 1, true);
	dir_add(&sub, "another", 26, 2048, DIRECTORY);
	sub = dir_begin(disc, 26, 1, JROOT, 1, true);
	dir_add(&sub, "b b", DATA, 1, 0);
	dir_add(&sub, "b", DATA, 0, 0);
	import_good(&import, disc, 0);
	all = import.allocations;
	import_end(&import);
	for (i = 1; i <= all; i++) {
		import.fail_at = i;
		import_run(&import, disc, 0, NULL, 0);
		ck_assert(import.err == LATHE_ERR_MEMORY || import.err == 0);
		if (import.tree)
			import_end(&import);
		ck_assert_uint_eq(import.live, 0);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("import");
	TCase *tc = tcase_create("hand-made");

	tcase_add_checked_fixture(tc, make_plain, drop_volume);
	tcase_add_loop_test(tc, associated_files_of_both_hierarchies, 0, 3);
	tcase_add_test(tc, files_and_directories);
	tcase_add_loop_test(tc, date_of_the_root, 0, 2);
	tcase_add_test(tc, counts_are_those_of_the_disc);
	tcase_add_test(tc, records_go_on_in_the_next_block);
	tcase_add_test(tc, directory_length_need_not_be_whole_blocks);
	tcase_add_test(tc, system_use_of_others_is_ignored);
	tcase_add_test(tc, names_without_version_or_with_a_high_one);
	tcase_add_test(tc, hidden_and_associated_files);
	tcase_add_test(tc, attribute_record_is_passed_by);
	tcase_add_test(tc, interleaved_file_becomes_sections);
	tcase_add_loop_test(tc, interleaved_sections_with_attribute_records,
			    0, 2);
	tcase_add_loop_test(tc, sections_of_another_file_are_none, 0, 6);
	tcase_add_loop_test(tc, a_file_as_large_as_the_disc, 0, 2);
	tcase_add_test(tc, sections_are_one_file);
	tcase_add_test(tc, sections_go_over_a_block);
	tcase_add_test(tc, chain_without_an_end_is_left_out);
	tcase_add_test(tc, sections_are_limited);
	tcase_add_test(tc, file_larger_than_the_disc_is_left_out);
	tcase_add_test(tc, names_can_not_lead_out_of_the_tree);
	tcase_add_test(tc, identifier_without_a_name_gets_one);
	tcase_add_test(tc, doubles_are_renamed);
	tcase_add_test(tc, failed_import_leaves_an_empty_tree);
	tcase_add_test(tc, bad_block_behind_a_directory_does_not_matter);
	tcase_add_test(tc, tree_must_be_fresh);
	tcase_add_test(tc, memory_may_run_out_anywhere);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
