/* SPDX-License-Identifier: MIT */
/* Host files against what a volume holds, one thing at a time: which
 * attribute differs, which stays, what is of the same size and yet another
 * file. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/sysmacros.h>	/* makedev */
#endif

#include "tests/iso9660/lib_update.h"
#include "tests/suite.h"

static struct lathe_iso9660_entry entry_of(const char *path)
{
	struct lathe_iso9660_entry entry;
	uint32_t node = 0;

	ck_assert_msg(lathe_iso9660_find(tree, path, &node) == 0, "%s", path);
	ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
	return entry;
}

static void posix_is(const char *path, uint32_t mode, uint32_t uid,
		     uint32_t gid)
{
	struct lathe_iso9660_entry entry = entry_of(path);

	ck_assert(entry.posix_given);
	ck_assert_uint_eq(entry.posix.mode, mode);
	ck_assert_uint_eq(entry.posix.uid, uid);
	ck_assert_uint_eq(entry.posix.gid, gid);
}

/* ---- attributes --------------------------------------------------------- */

/* On the disc "a" is hidden, has a mode and an owner that are not the host's,
 * and further dates. */
static void record_attributes(void)
{
	struct lathe_iso9660_attributes attr = {
		.date = { 101, 9, 9, 1, 46, 40, 0 },	/* as age() says */
		.hidden = true,
		.posix_given = true, .posix = { 0640, 7, 8 },
		.accessed = { 101, 1, 2, 3, 4, 5, 0 },
		.changed = { 101, 2, 3, 4, 5, 6, 0 }
	};
	static const struct lathe_iso9660_rock_ridge_options keep = {
		.keep_modes = true, .keep_owner = true, .all_times = true
	};

	record_three();
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, entry_of("a").node, &attr), 0);
	record_with(&keep);
	posix_is("a", 0640, 7, 8);
}

static void rest_stays(void)
{
	struct lathe_iso9660_entry entry = entry_of("a");

	ck_assert(entry.imported);
	ck_assert(entry.hidden);
	ck_assert_mem_eq(entry.accessed, "\145\1\2\3\4\5", 7);
	ck_assert_mem_eq(entry.changed, "\145\2\3\4\5\6", 7);
	expect(0, 0, 0, 1);
}

static void compare(bool modes, bool owner)
{
	config.compare_modes = modes;
	config.compare_owner = owner;
	new_host();
	update(0);
}

START_TEST(modes_alone_are_compared)
{
	record_attributes();
	/* With the bit that stands above those of permissions. */
	ck_assert_int_eq(chmod("in/a", 04640), 0);
	compare(true, false);
	posix_is("a", 04640, 7, 8);
	rest_stays();
}
END_TEST

START_TEST(owners_alone_are_compared)
{
	record_attributes();
	compare(false, true);
	posix_is("a", 0640, (uint32_t)getuid(), (uint32_t)getgid());
	rest_stays();
}
END_TEST

/* One half of an owner is enough; only the superuser can give files away. */
START_TEST(half_an_owner_is_a_difference)
{
	if (geteuid() != 0)
		return;
	record_three();
	compare(false, true);
	ck_assert(!lathe_iso9660_changed(tree));
	ck_assert_int_eq(chown("in/a", _i ? 0 : 5, _i ? 5 : 0), 0);
	age("in/a", 1000000000);
	update(0);
	expect(0, 0, 0, 1);
	posix_is("a", 0644, _i ? 0 : 5, _i ? 5 : 0);
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* 9.1.5: of dates with a zone the seconds count as well. */
START_TEST(seconds_of_a_date_with_a_zone)
{
	struct lathe_iso9660_attributes attr = {
		/* 2001-09-09 01:46:40 GMT, or a second later */
		.date = { 101, 9, 9, 2, 46, (uint8_t)(40 + _i), 4 }
	};

	record_three();
	ck_assert_int_eq(lathe_iso9660_set_attributes(
				 tree, entry_of("a").node, &attr), 0);
	update(0);
	ck_assert_uint_eq(totals.replaced, (uint32_t)_i);
}
END_TEST

START_TEST(times_of_access_and_change)
{
	struct lathe_iso9660_entry entry;
	struct timespec times[2] = { { .tv_sec = 86400 * 365 },
				     { .tv_sec = 1000000000 } };

	put("in/a", "1");
	config.all_times = true;
	new_host();
	ck_assert_int_eq(utimensat(AT_FDCWD, "in/a", times, 0), 0);
	ck_assert_int_eq(add("a", "in/a", 0), 0);
	entry = entry_of("a");
	ck_assert_mem_eq(entry.accessed, "\107\1\1\0\0\0", 7);
	ck_assert_mem_eq(entry.date, "\145\11\11\1\56\50", 7);
	/* Whenever that was: not in those years. */
	ck_assert_uint_gt(entry.changed[0], 110);
}
END_TEST

/* Without LATHE_ISO9660_UPDATE directories of a disc keep what they have; of
 * several sources the first says what the root is. */
START_TEST(directories_of_a_disc_stay)
{
	static const uint8_t date[7] = { 101, 9, 9, 1, 46, 40, 0 };

	record_three();
	ck_assert_mem_eq(entry_of("/").date, date, 7);
	chmod("in/sub", 0700);
	age("in/sub", 1000000007);
	age("in", 1000000007);
	ck_assert_int_eq(add(NULL, "in", LATHE_ISO9660_REPLACE), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_mem_eq(entry_of("/").date, date, 7);
	ck_assert_mem_eq(entry_of("sub").date, date, 7);
	posix_is("sub", 0755, (uint32_t)getuid(), (uint32_t)getgid());
}
END_TEST

START_TEST(root_is_as_the_first_source)
{
	uint8_t date[7] = { 101, 9, 9, 1, 46, 45, 0 };

	record_three();
	mkdir("in2", 0755);
	put("in2/new", "x");
	age("in2", 1000000005);
	age("in", 1000000007);
	ck_assert_int_eq(add(NULL, "in2", UPDATE), 0);
	ck_assert_int_eq(add(NULL, "in", UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_mem_eq(entry_of("/").date, date, 7);
	/* Of those that come together. */
	age("in2", 1000000009);
	ck_assert_int_eq(add(NULL, "in2", UPDATE), 0);
	ck_assert_int_eq(finish(), 0);
	date[5] = 49;
	ck_assert_mem_eq(entry_of("/").date, date, 7);
}
END_TEST

/* Where those of the host are not wanted, the disc's stay. */
START_TEST(modes_of_a_disc_stay)
{
	static const uint8_t date[7] = { 101, 9, 9, 1, 46, 47, 0 };

	record_three();
	config.posix = false;
	new_host();
	put("in/new", "x");
	chmod("in/sub", 0700);
	age("in/sub", 1000000007);
	update(0);
	ck_assert_mem_eq(entry_of("sub").date, date, 7);
	posix_is("sub", 0755, (uint32_t)getuid(), (uint32_t)getgid());
	ck_assert(!entry_of("new").posix_given);
}
END_TEST

/* ---- of the same size, and yet another ---------------------------------- */

/* What others see of a link is the file as it is now, and a link to another
 * place is another link. */
START_TEST(links_to_files_of_the_same_size)
{
	record_three();
	ck_assert_int_eq(symlink("a", "in/to_a"), 0);
	ck_assert_int_eq(symlink("nix", "in/to_nix"), 0);
	update(0);
	record();
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 /to_a>a=1 "
				 "/to_nix>nix=0 ");
	put("in/a", "2");
	age("in/a", 1000000005);
	unlink("in/to_nix");
	ck_assert_int_eq(symlink("xin", "in/to_nix"), 0);
	update(0);
	expect(0, 3, 0, 0);
	ck_assert_str_eq(dump(), "/a+1 /sub/ /sub/b=2 /sub/c=3 /to_a>a+1 "
				 "/to_nix>xin+0 ");
	record();
	ck_assert_uint_eq(entry_of("to_a").lba, entry_of("a").lba);
}
END_TEST

static void make_socket(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(name.sun_path, path);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&name, sizeof(name)), 0);
	close(fd);
}

/* RRIP 4.1.1: a pipe is 010000, a socket 140000. */
START_TEST(pipes_and_sockets)
{
	config.specials = true;
	new_host();
	ck_assert_int_eq(mkfifo("in/p", 0600), 0);
	make_socket("in/s");
	age_all("in");
	update(0);
	ck_assert_str_eq(dump(), "/p!10000 /s!140000 ");
	record();
	update(0);
	ck_assert(!lathe_iso9660_changed(tree));
	unlink("in/p");
	make_socket("in/p");
	update(0);
	ck_assert_str_eq(dump(), "/p!140000 /s!140000 ");
	expect(0, 1, 0, 0);
}
END_TEST

#ifdef __linux__
/* RRIP 4.1.2: a number that fits the old form, 12 and 8 bits, is recorded in
 * that, others as major and minor: found again are both. */
START_TEST(numbers_of_devices)
{
	static const uint32_t numbers[][2] = {
		{ 1, 3 }, { 0xfff, 0xff }, { 8, 256 }, { 8, 0 }
	};
	struct lathe_iso9660_entry entry;
	uint32_t i;

	config.specials = true;
	new_host();
	for (i = 0; i < 4; i++) {
		unlink("in/d");
		if (mknod("in/d", S_IFCHR | 0600,
			  makedev(numbers[i][0], numbers[i][1])) != 0)
			return;	/* not everybody may */
		age_all("in");
		update(0);
		expect(i == 0, i > 0, 0, 0);
		record();
		entry = entry_of("d");
		ck_assert_uint_eq(entry.type, 0020000);
		ck_assert_uint_eq(entry.dev_high, numbers[i][0]);
		ck_assert_uint_eq(entry.dev_low, numbers[i][1]);
		update(0);
		ck_assert(!lathe_iso9660_changed(tree));
	}
}
END_TEST
#endif

/* ---- what is in the way ------------------------------------------------- */

/* A directory on the way to a target stays, though no source has it; what
 * else is in it goes. */
START_TEST(the_way_to_a_target_stays)
{
	record_three();
	mkdir("in2", 0755);
	put("in2/new", "new");
	ck_assert_int_eq(lathe_iso9660_host_add(
				 host, tree, entry_of("sub").node, "x", "in2",
				 UPDATE | MIRROR), 0);
	if (_i) {
		unlink("in/sub/b");
		unlink("in/sub/c");
		rmdir("in/sub");
	}
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_str_eq(dump(), _i ? "/a=1 /sub/ /sub/x/ /sub/x/new+3 "
				    : "/a=1 /sub/ /sub/b=2 /sub/c=3 /sub/x/ "
				      "/sub/x/new+3 ");
	/* x and new; b and c */
	expect(2, 0, _i ? 2 : 0, 0);
	/* "a", the root, and what is in "sub" with itself */
	ck_assert_uint_eq(totals.kept, _i ? 2 : 5);
}
END_TEST

/* Names can be read and files can not: nobody knows what has become of them,
 * so they stay; and one that its owner alone may read is not for others. */
START_TEST(what_can_not_be_seen_is_not_removed)
{
	if (geteuid() != 0)
		return;
	record_three();
	chmod("in/a", 0400);
	age("in/a", 1000000003);
	chmod("in/sub", 0444);
	chmod(".", 0755);
	if (seteuid(65534) != 0)
		return;
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:in/a unreadable:in/sub/b "
			       "unreadable:in/sub/c ");
	ck_assert_str_eq(dump(), "/a=1 /sub/ /sub/b=2 /sub/c=3 ");
}
END_TEST

/* Nobody knows what is behind a link into a folder that none may search, or
 * what will be behind one that leads nowhere. */
START_TEST(what_links_lead_to_and_can_not_be_seen_is_not_removed)
{
	if (geteuid() != 0)
		return;
	config.symlinks = _i ? LATHE_ISO9660_LINKS_FOLLOW
			     : LATHE_ISO9660_LINKS_CONTENT;
	new_host();
	mkdir("locked", 0755);
	put("locked/f", "1");
	mkdir("locked/d", 0755);
	put("locked/d/inner", "22");
	put("gone", "333");
	ck_assert_int_eq(symlink("../locked/f", "in/f"), 0);
	ck_assert_int_eq(symlink("../locked/d", "in/d"), 0);
	ck_assert_int_eq(symlink("../gone", "in/gone"), 0);
	age_all(".");
	update(0);
	record();
	ck_assert_str_eq(dump(), _i ? "/d/ /d/inner=2 /f=1 /gone=3 "
				    : "/f=1 /gone=3 ");
	unlink("gone");
	chmod("locked", 0);
	chmod(".", 0755);
	told[0] = 0;
	if (seteuid(65534) != 0)
		return;
	ck_assert_int_eq(add(NULL, "in", UPDATE | MIRROR), 0);
	ck_assert_int_eq(finish(), 0);
	ck_assert_int_eq(seteuid(0), 0);
	ck_assert_str_eq(told, "unreadable:in/d unreadable:in/f "
			       "dangling:in/gone ");
	ck_assert_str_eq(dump(), _i ? "/d/ /d/inner=2 /f=1 /gone=3 "
				    : "/f=1 /gone=3 ");
}
END_TEST

/* ---- calls that fail ---------------------------------------------------- */

/* What was open of a call that failed is not taken for what comes next. */
START_TEST(folders_of_a_call_that_failed)
{
	put("in/b", "x");
	mkdir("other", 0755);
	put("other/c", "xyz");
	ck_assert_int_eq(add("b", "in/b", 0), 0);
	ck_assert_int_eq(add(NULL, "in", 0), LATHE_ERR_EXISTS);
	ck_assert_int_eq(add(NULL, "other", 0), 0);
	ck_assert_str_eq(dump(), "/b+1 /c+3 ");
}
END_TEST

START_TEST(paths_that_are_none)
{
	static char path[65537];

	put("in/a", "x");
	ck_assert_int_eq(add("x", "in/a/b", 0), LATHE_ERR_NOT_FOUND);
	memset(path, '/', sizeof(path) - 1);
	ck_assert_int_eq(add("x", path, 0), LATHE_ERR_ARG);
	ck_assert_str_eq(lathe_iso9660_host_failure(host)->text,
			 "too long a path");
	ck_assert_str_eq(dump(), "");
}
END_TEST

/* Two names of one file share it, also where each was named. */
START_TEST(named_files_of_several_names)
{
	put("in/a", "12345");
	ck_assert_int_eq(link("in/a", "in/b"), 0);
	ck_assert_int_eq(add("x", "in/a", 0), 0);
	ck_assert_int_eq(add("y", "in/b", 0), 0);
	ck_assert_str_eq(dump(), "/x+5 /y+@5 ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("what updates keep");
	TCase *tc = tcase_create("host files");

	tcase_add_checked_fixture(tc, update_setup, update_teardown);
	tcase_add_test(tc, modes_alone_are_compared);
	tcase_add_test(tc, owners_alone_are_compared);
	tcase_add_loop_test(tc, half_an_owner_is_a_difference, 0, 2);
	tcase_add_loop_test(tc, seconds_of_a_date_with_a_zone, 0, 2);
	tcase_add_test(tc, times_of_access_and_change);
	tcase_add_test(tc, directories_of_a_disc_stay);
	tcase_add_test(tc, root_is_as_the_first_source);
	tcase_add_test(tc, modes_of_a_disc_stay);
	tcase_add_test(tc, links_to_files_of_the_same_size);
	tcase_add_test(tc, pipes_and_sockets);
#ifdef __linux__
	tcase_add_test(tc, numbers_of_devices);
#endif
	tcase_add_loop_test(tc, the_way_to_a_target_stays, 0, 2);
	tcase_add_test(tc, what_can_not_be_seen_is_not_removed);
	tcase_add_loop_test(
		tc, what_links_lead_to_and_can_not_be_seen_is_not_removed, 0,
		2);
	tcase_add_test(tc, folders_of_a_call_that_failed);
	tcase_add_test(tc, paths_that_are_none);
	tcase_add_test(tc, named_files_of_several_names);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
