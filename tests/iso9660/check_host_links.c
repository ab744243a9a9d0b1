/* SPDX-License-Identifier: MIT */
/* Symbolic and hard links, special files, and names that are others in the
 * tree than here. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

/* ---- links -------------------------------------------------------------- */

START_TEST(a_new_name_of_an_old_file_shares_its_extent)
{
	record_three();
	ck_assert_int_eq(link("in/a", "in/z"), 0);
	ck_assert_int_eq(symlink("sub/c", "in/to_c"), 0);
	age("in/a", 1000000000);
	update(0);
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_c>sub/c=3 /z=@1 ");
}
END_TEST

START_TEST(links_follow_their_files)
{
	put("outside", "12345");
	record_three();
	ck_assert_int_eq(symlink("a", "in/to_a"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out1"), 0);
	ck_assert_int_eq(symlink("../outside", "in/out2"), 0);
	ck_assert_int_eq(symlink("sub", "in/to_sub"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	update(0);
	ck_assert_str_eq(told, "");
	ck_assert_str_eq(dump(), "/a=1 /loop>loop+0 /out1>../outside+5 "
				 "/out2>../outside+5 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_a>a=1 /to_sub>sub+0 ");
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	/* The file is another one: what Joliet shows must be, too. */
	put("in/a", "22");
	put("outside", "1234567");
	unlink("in/to_sub");
	ck_assert_int_eq(symlink("./sub", "in/to_sub"), 0);
	update(0);
	expect(0, 5, 0, 0);
	ck_assert_str_eq(dump(), "/a+2 /loop>loop=0 /out1>../outside+7 "
				 "/out2>../outside+7 /sub/ /sub/b=2 /sub/c=3 "
				 "/to_a>a+2 /to_sub>./sub+0 ");
}
END_TEST

START_TEST(links_are_followed_but_not_in_circles)
{
	config.symlinks = LATHE_ISO9660_LINKS_FOLLOW;
	new_host();
	mkdir("in/sub", 0755);
	mkdir("elsewhere", 0755);
	put("elsewhere/f", "fff");
	ck_assert_int_eq(symlink("../in", "elsewhere/back"), 0);
	ck_assert_int_eq(symlink("..", "in/sub/up"), 0);
	ck_assert_int_eq(symlink("../elsewhere", "in/there"), 0);
	ck_assert_int_eq(symlink("nothing", "in/dangling"), 0);
	ck_assert_int_eq(symlink("loop", "in/loop"), 0);
	ck_assert_int_eq(symlink("there/f", "in/to_f"), 0);
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	ck_assert_str_eq(dump(), "/sub/ /there/ /there/f+3 /to_f+@3 ");
	ck_assert_str_eq(told, "dangling:in/dangling dangling:in/loop "
			       "loop:in/there/back loop:in/sub/up ");
	config.symlinks = LATHE_ISO9660_LINKS_SKIP;
	new_host();
	told[0] = 0;
	ck_assert_int_eq(add("skip", "in/sub", 0), 0);
	ck_assert_str_eq(told, "link:in/sub/up ");
}
END_TEST

START_TEST(special_files_are_added_on_request)
{
	struct lathe_iso9660_entry entry;
	uint32_t node;

	config.specials = true;
	new_host();
	ck_assert_int_eq(mkfifo("in/pipe", 0640), 0);
	update(0);
	ck_assert_str_eq(dump(), "/pipe!10000 ");
	ck_assert_int_eq(add("null", "/dev/null", 0), 0);
	ck_assert_int_eq(add("null", "/dev/null", 0), LATHE_ERR_EXISTS);
	lathe_iso9660_find(tree, "null", &node);
	lathe_iso9660_get(tree, node, &entry);
	ck_assert_uint_eq(entry.type, 0020000);
	/* Linux, devices.txt: 1 3 char */
	if (access("/proc/self", F_OK) == 0) {
		ck_assert_uint_eq(entry.dev_high, 1);
		ck_assert_uint_eq(entry.dev_low, 3);
	}
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	unlink("in/pipe");
	put("in/pipe", "file");
	update(0);
	ck_assert_str_eq(dump(), "/null!20000 /pipe+4 ");
}
END_TEST

/* ---- what links lead to ------------------------------------------------- */

/* Where links are content, a new one to a file that stays shares its extent
 * on the disc. */
START_TEST(content_of_links_is_that_of_the_disc)
{
	config.symlinks = _i ? LATHE_ISO9660_LINKS_FOLLOW
			     : LATHE_ISO9660_LINKS_CONTENT;
	new_host();
	record_three();
	ck_assert_int_eq(symlink("sub/c", "in/l"), 0);
	ck_assert_int_eq(symlink("sub/c", "in/m"), 0);
	update(0);
	ck_assert_str_eq(dump(), "/a=1 /l=@3 /m=@3 /sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* The text of a link through another one stays, what it leads to does not:
 * to a file of the same size, to an empty one, and back. */
START_TEST(links_through_a_link_that_changes)
{
	static const char *const now[] = { "d2", "d3", "d1" };
	struct lathe_iso9660_entry link, file;
	char path[8];
	uint32_t i, node;

	mkdir("in/d1", 0755);
	mkdir("in/d2", 0755);
	mkdir("in/d3", 0755);
	put("in/d1/f", "1");
	put("in/d2/f", "2");
	put("in/d3/f", "");
	ck_assert_int_eq(symlink("d1", "in/now"), 0);
	ck_assert_int_eq(symlink("now/f", "in/l"), 0);
	age_all("in");
	update(0);
	record();
	for (i = 0; i < 3; i++) {
		unlink("in/now");
		ck_assert_int_eq(symlink(now[i], "in/now"), 0);
		update(0);
		expect(0, 2, 0, 0);
		record();
		update(0);
		ck_assert(!lathe_iso9660_changed(tree));
		snprintf(path, sizeof(path), "%s/f", now[i]);
		ck_assert_int_eq(lathe_iso9660_find(tree, "l", &node), 0);
		ck_assert_int_eq(lathe_iso9660_get(tree, node, &link), 0);
		ck_assert_int_eq(lathe_iso9660_find(tree, path, &node), 0);
		ck_assert_int_eq(lathe_iso9660_get(tree, node, &file), 0);
		ck_assert_uint_eq(link.size, file.size);
		ck_assert_uint_eq(link.lba, file.lba);
	}
}
END_TEST

/* One text that begins with another one is another one. */
START_TEST(texts_that_become_longer)
{
	ck_assert_int_eq(symlink("gone", "in/l"), 0);
	age_all("in");
	update(0);
	record();
	unlink("in/l");
	ck_assert_int_eq(symlink("gone_too", "in/l"), 0);
	age_all("in");
	update(0);
	ck_assert_str_eq(dump(), "/l>gone_too+0 ");
	expect(0, 1, 0, 0);
}
END_TEST

/* Of several sources that are merged the first one wins. */
START_TEST(links_of_the_same_name)
{
	mkdir("other", 0755);
	ck_assert_int_eq(symlink("first", "in/l"), 0);
	ck_assert_int_eq(symlink("second", "other/l"), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "other", UPDATE), 0);
	ck_assert_str_eq(dump(), "/l>first+0 ");
	/* And without an update none takes another one's place unasked. */
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(add(NULL, "other", 0), LATHE_ERR_EXISTS);
	ck_assert_str_eq(dump(), "/l>first+0 ");
	ck_assert_int_eq(add(NULL, "other", LATHE_ISO9660_REPLACE), 0);
	ck_assert_str_eq(dump(), "/l>second+0 ");
}
END_TEST

/* What is outside of the tree is in it once, whatever leads to it. */
START_TEST(links_to_the_same_file_outside)
{
	struct lathe_iso9660_counts count;
	char path[16];
	uint32_t i;

	put("outside", "12345");
	for (i = 0; i < 40; i++) {
		snprintf(path, sizeof(path), "in/l%02u", i);
		ck_assert_int_eq(symlink("../outside", path), 0);
	}
	config.symlinks = (enum lathe_iso9660_host_links)_i;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), 0);
	lathe_iso9660_count(tree, &count);
	ck_assert_uint_eq(count.files, 40);
	ck_assert_uint_eq(count.new_bytes, 5);
}
END_TEST

/* A file that may not be read is no content. Where links are recorded a new
 * one needs none; what the disc has stays. */
START_TEST(links_to_what_may_not_be_read)
{
	if (geteuid() != 0)
		return;
	config.symlinks = (enum lathe_iso9660_host_links)_i;
	new_host();
	put("secret", "12345");
	ck_assert_int_eq(symlink("../secret", "in/l"), 0);
	age_all(".");
	update(0);
	record();
	chmod("secret", 0600);
	chmod(".", 0755);
	if (seteuid(65534) != 0)
		return;
	ck_assert_int_eq(add("new", "in", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:in/l unreadable:in/l ");
	ck_assert_str_eq(dump(), _i == LATHE_ISO9660_LINKS_RECORD
					 ? "/l>../secret=5 /new/ "
					   "/new/l>../secret+0 "
					 : "/l=5 /new/ ");
}
END_TEST

/* Each way to lead nowhere: no folder, too long a name, a circle. What they
 * led to may be away for a while. */
START_TEST(links_that_lead_nowhere_are_not_gone)
{
	static const char *const texts[] = { "gone", "file/x", "l", "" };
	char name[301];

	config.symlinks = LATHE_ISO9660_LINKS_CONTENT;
	new_host();
	put("in/file", "1");
	ck_assert_int_eq(symlink("file", "in/l"), 0);
	age_all("in");
	update(0);
	record();
	memset(name, 'n', 300);
	name[300] = 0;
	unlink("in/l");
	ck_assert_int_eq(symlink(_i == 3 ? name : texts[_i], "in/l"), 0);
	update(MIRROR);
	ck_assert_str_eq(told, "dangling:in/l ");
	ck_assert_str_eq(dump(), "/file=1 /l=@1 ");
}
END_TEST

/* ---- trees that changed meanwhile --------------------------------------- */

/* Asked about "z", which comes after the link was seen. */
static bool unlink_link(void *ctx, const char *path, bool directory)
{
	(void)ctx;
	(void)directory;
	if (strcmp(path, "/z") == 0)
		ck_assert_int_eq(unlink("in/l"), 0);
	return false;
}

START_TEST(links_that_go_while_files_are_added)
{
	put("in/f", "1");
	put("in/z", "1");
	ck_assert_int_eq(symlink("f", "in/l"), 0);
	config.symlinks = (enum lathe_iso9660_host_links)_i;
	config.excluded = unlink_link;
	new_host();
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_CHANGED);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "in/l"));
	ck_assert_str_eq(dump(), "");
}
END_TEST

/* A heap that hands out again what it got back last. */
static struct {
	void *p;
	size_t bytes;
} last;

static void *again(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	void *q = last.p;

	(void)ctx;
	if (new_bytes == 0) {
		free(last.p);
		last.p = p;
		last.bytes = old_bytes;
		return NULL;
	}
	if (p || !q || last.bytes != new_bytes)
		return realloc(p, new_bytes);
	last.p = NULL;
	return q;
}

static void new_tree(void)
{
	struct lathe_iso9660_tree_config how = {
		.size = sizeof(how), .hooks = { .realloc = again }
	};

	lathe_iso9660_tree_destroy(tree);
	ck_assert_int_eq(lathe_iso9660_tree_create(&how, &tree), 0);
}

static void add_texts(char first, char end, const char *content)
{
	char name[2] = { first, 0 };

	for (; name[0] < end; name[0]++)
		add_text(tree, name, content);
}

/* Numbers of nodes that were rolled back become those of others. */
START_TEST(content_of_links_is_found_again_after_a_rollback)
{
	struct lathe_iso9660_savepoint save;

	put("outside", "1234567");
	ck_assert_int_eq(symlink("../outside", "in/out"), 0);
	lathe_iso9660_save(tree, &save);
	ck_assert_int_eq(add("z", "in", 0), 0);
	ck_assert_str_eq(dump(), "/z/ /z/out>../outside+7 ");
	lathe_iso9660_rollback(tree, &save);
	add_texts('a', 'f', "other");
	ck_assert_int_eq(add("z", "in", 0), 0);
	ck_assert_str_eq(dump(), "/a+5 /b+5 /c+5 /d+5 /e+5 /z/ "
				 "/z/out>../outside+7 ");
}
END_TEST

/* A tree that has the place in memory of one that is gone. */
START_TEST(nothing_is_known_of_another_tree)
{
	const struct lathe_iso9660_tree *first;
	uint32_t flags = _i ? UPDATE : 0;

	put("in/a", "1");
	put("outside", "1234567");
	ck_assert_int_eq(symlink("../outside", "in/out"), 0);
	new_tree();
	first = tree;
	ck_assert_int_eq(add(NULL, "in", flags), 0);
	ck_assert_str_eq(dump(), "/a+1 /out>../outside+7 ");
	new_tree();
	ck_assert_ptr_eq(tree, first);
	add_texts(_i ? 'a' : 'b', 'f', "other");
	ck_assert_int_eq(add(NULL, "in", flags), 0);
	ck_assert_str_eq(dump(), "/a+1 /b+5 /c+5 /d+5 /e+5 "
				 "/out>../outside+7 ");
	new_tree();
	ck_assert_int_eq(finish(), 0);
	expect(0, 0, 0, 0);
	lathe_iso9660_tree_destroy(tree);
	tree = NULL;
	free(last.p);
	last.p = NULL;
}
END_TEST

/* ... to which somebody else adds first: of the files that were mirrored in
 * the tree that is gone none stands here, and nothing here was. */
START_TEST(another_host_makes_no_tree_a_known_one)
{
	static const struct lathe_iso9660_host_config plain = {
		.size = sizeof(plain)
	};
	const struct lathe_iso9660_tree *first;
	struct lathe_iso9660_host *other;

	put("in/a", "1");
	put("outside", "1234567");
	ck_assert_int_eq(lathe_iso9660_host_create(&plain, &other), 0);
	new_tree();
	first = tree;
	ck_assert_int_eq(add(NULL, "in", MIRROR), 0);
	new_tree();
	ck_assert_ptr_eq(tree, first);
	add_texts('b', 'f', "other");
	ck_assert_int_eq(lathe_iso9660_host_add(other, tree,
						LATHE_ISO9660_ROOT, "out",
						"outside", 0), 0);
	ck_assert_int_eq(add("z", "outside", UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
	expect(1, 0, 0, 0);
	ck_assert_str_eq(dump(), "/b+5 /c+5 /d+5 /e+5 /out+7 /z+7 ");
	lathe_iso9660_tree_destroy(tree);
	tree = NULL;
	lathe_iso9660_host_destroy(other);
	free(last.p);
	last.p = NULL;
}
END_TEST

/* ---- names -------------------------------------------------------------- */

/* "x" becomes "y"; names with "!" have none. */
static int change_name(void *ctx, const char *name, size_t len,
		       bool directory, char *out)
{
	size_t i;

	(void)ctx;
	ck_assert(directory == (strcmp(name, "x") == 0 ||
				strncmp(name, "x/", 2) == 0));
	for (i = 0; i < len; i++)
		out[i] = name[i] == 'x' ? 'y' : name[i];
	return memchr(name, '!', len) ? LATHE_ERR_NAME : (int)len;
}

START_TEST(files_are_read_by_their_own_names)
{
	struct lathe_iso9660_plan_options options = plain_options();
	uint32_t blocks;
	uint8_t *image;

	config.name = change_name;
	new_host();
	mkdir("in/x", 0755);
	put("in/x/xa", "contents of xa");
	put("in/no!", "");
	ck_assert_int_eq(symlink("x/xa", "in/link"), 0);
	age_all("in");
	update(0);
	ck_assert_str_eq(dump(), "/link>y/ya+14 /y/ /y/ya+14 ");
	ck_assert_str_eq(told, "name:in/no! ");
	image = make_image(tree, &options, 0, &blocks);
	ck_assert_mem_eq(image + (size_t)(blocks - 1) * 2048,
			 "contents of xa", 14);
	free(image);
	record();
	update(MIRROR);
	ck_assert(!lathe_iso9660_changed(tree));
	put("in/x/ya", "the same name");
	ck_assert_int_eq(add(NULL, "in", UPDATE), LATHE_ERR_EXISTS);
	ck_assert_ptr_nonnull(strstr(lathe_iso9660_host_failure(host)->text,
				     "in/x/ya"));
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_int_eq(add("z", "in", 0), LATHE_ERR_EXISTS);
	unlink("in/x/ya");
	/* A new link shows the extent that the volume has. */
	ck_assert_int_eq(symlink("x/xa", "in/new"), 0);
	update(0);
	ck_assert_str_eq(dump(), "/link>y/ya=14 /new>y/ya=14 /y/ /y/ya=14 ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("links and names of host files");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, a_new_name_of_an_old_file_shares_its_extent);
	tcase_add_test(tc, links_follow_their_files);
	tcase_add_test(tc, links_are_followed_but_not_in_circles);
	tcase_add_test(tc, special_files_are_added_on_request);
	tcase_add_loop_test(tc, content_of_links_is_that_of_the_disc, 0, 2);
	tcase_add_test(tc, links_through_a_link_that_changes);
	tcase_add_test(tc, texts_that_become_longer);
	tcase_add_test(tc, links_of_the_same_name);
	tcase_add_loop_test(tc, links_to_the_same_file_outside, 0, 3);
	tcase_add_loop_test(tc, links_that_go_while_files_are_added, 0, 2);
	tcase_add_loop_test(tc, links_to_what_may_not_be_read, 0, 3);
	tcase_add_loop_test(tc, links_that_lead_nowhere_are_not_gone, 0, 4);
	tcase_add_test(tc, content_of_links_is_found_again_after_a_rollback);
	tcase_add_loop_test(tc, nothing_is_known_of_another_tree, 0, 2);
	tcase_add_test(tc, another_host_makes_no_tree_a_known_one);
	tcase_add_test(tc, files_are_read_by_their_own_names);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
