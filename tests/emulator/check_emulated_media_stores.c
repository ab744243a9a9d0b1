/* SPDX-License-Identifier: MIT */
/* Discs of every medium in memory and in files: what is written to them is
 * there when they are opened again, whoever was killed in between. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/emulator/lib_files.h"
#include "tests/emulator/lib_media.h"
#include "tests/suite.h"

static struct bench b;
static struct disc_files files;

/* Whatever the medium needs before it takes data. */
static void prepare(enum lathe_emulator_media media)
{
	switch (media) {
	case LATHE_EMULATOR_DVD_R:
	case LATHE_EMULATOR_DVD_R_DL:
	case LATHE_EMULATOR_DVD_RW:
		IS(select_incremental(&b, 3), GOOD);
		break;
	case LATHE_EMULATOR_DVD_PLUS_RW:
		IS(format(&b, 0x26 << 2, 0xffffffff, 0), GOOD);
		break;
	case LATHE_EMULATOR_BD_RE:
		IS(format(&b, 0x31 << 2, 12219392, 0), GOOD);
		break;
	case LATHE_EMULATOR_BD_RE_DL:
		IS(format(&b, 0x31 << 2, 24438784, 0), GOOD);
		break;
	default:
		break;
	}
}

static void three_hundred_blocks(uint8_t tag)
{
	write_run(&b, 0, 320, tag);
	IS(send_cdb(&b, SYNC), GOOD);
}

START_TEST(every_medium_lives_in_files)
{
	enum lathe_emulator_media media = (enum lathe_emulator_media)_i;
	static char text[4096];
	uint32_t lba;

	files_create_disc(&files, media);
	files_open(&b, &files);
	ck_assert_int_eq(state_of(&b).media, media);
	ck_assert(state_of(&b).blank);
	prepare(media);
	three_hundred_blocks(1);
	close_function(&b, 1, 1);
	close_function(&b, 2, 0);
	lathe_emulator_insert(b.drive, NULL);
	snprintf(text, sizeof(text), "%s", lathe_emulator_store_text(b.disc));
	bench_close(&b);
	files_open(&b, &files);
	ck_assert_str_eq(lathe_emulator_store_text(b.disc), text);
	ck_assert(!state_of(&b).blank);
	for (lba = 0; lba < 320; lba += 29)
		block_is(&b, lba, 1);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

START_TEST(every_medium_has_snapshots)
{
	struct lathe_emulator_store *before, *within, *original;

	bench_open(&b, (enum lathe_emulator_media)_i, NULL, NULL);
	original = b.disc;
	prepare((enum lathe_emulator_media)_i);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &before), 0);
	three_hundred_blocks(1);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &within), 0);
	block_is(&b, 319, 1);
	/* The older one takes the same blocks once more. */
	b.disc = before;
	lathe_emulator_insert(b.drive, before);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	three_hundred_blocks(2);
	block_is(&b, 319, 2);
	b.disc = within;
	lathe_emulator_insert(b.drive, within);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	block_is(&b, 319, 1);
	lathe_emulator_insert(b.drive, original);
	lathe_emulator_store_close(before);
	lathe_emulator_store_close(within);
	b.disc = original;
	bench_close(&b);
}
END_TEST

/* A small disc of its kind is full where it should be. */
START_TEST(every_medium_can_be_small)
{
	enum lathe_emulator_media media = (enum lathe_emulator_media)_i;
	uint32_t result;

	bench_open(&b, media, NULL, NULL);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 640), 0);
	ck_assert_uint_eq(state_of(&b).lead_out_limit, 640);
	if (media == LATHE_EMULATOR_BD_RE || media == LATHE_EMULATOR_BD_RE_DL)
		IS(format(&b, 0x31 << 2, 640, 0), GOOD);
	else
		prepare(media);
	write_run(&b, 0, 640, 1);
	result = write_blocks(&b, 640, 16, 1);
	ck_assert(result == SENSE(5, 0x63, 0) || result == SENSE(5, 0x21, 0));
	block_is(&b, 639, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 600),
			 LATHE_ERR_STATE);
	bench_close(&b);
}
END_TEST

/* ---- killed ------------------------------------------------------------- */

/* Write block after block until killed; after each SYNC one byte goes to
 * 'told'. */
static void write_until_killed(enum lathe_emulator_media media, int told)
{
	uint32_t lba;

	files_open(&b, &files);
	prepare(media);
	for (lba = 0;; lba += 32) {
		write_run(&b, lba, 32, 1);
		if (lba % 160 == 128) {
			IS(send_cdb(&b, SYNC), GOOD);
			if (write(told, "", 1) != 1)
				_exit(1);
		}
	}
}

/* What was synchronised before the process was killed is on the disc. */
START_TEST(killed_while_it_writes)
{
	enum lathe_emulator_media media = (enum lathe_emulator_media)_i;
	uint32_t synced = 0, lba;
	int told[2], status;
	char byte;
	pid_t pid;

	if (media < LATHE_EMULATOR_DVD_R)
		return;	/* SYNC ends a track: see the other stores' tests */
	files_create_disc(&files, media);
	ck_assert_int_eq(pipe(told), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid)
		write_until_killed(media, told[1]);
	close(told[1]);
	while (synced < 5 && read(told[0], &byte, 1) == 1)
		synced++;
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	while (read(told[0], &byte, 1) == 1)
		synced++;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	ck_assert_uint_ge(synced, 5);
	close(told[0]);
	files_open(&b, &files);
	for (lba = 0; lba < synced * 160; lba += 16)
		block_is(&b, lba, 1);
	bench_close(&b);
	unlink(files.state_path);
	snprintf(files.state_path, sizeof(files.state_path), "%s.disc~",
		 files.path);
	files_remove(&files);
}
END_TEST

/* ---- many sessions ------------------------------------------------------ */

/* Numbers beyond 255 have a second byte each. */
START_TEST(three_hundred_sessions_of_bd_r)
{
	static char text[131072];
	uint32_t i;

	files_create_disc(&files, LATHE_EMULATOR_BD_R);
	files_open(&b, &files);
	for (i = 1; i <= 300; i++) {
		IS(write_blocks(&b, (i - 1) * 32, 32, 1), GOOD);
		IS(send_cdb(&b, SYNC), GOOD);
		IS(close_function(&b, 1, (uint16_t)i), GOOD);
		IS(close_function(&b, 2, 0), GOOD);
	}
	ck_assert_uint_eq(disc_status(&b), 0x01);
	reply_is(&b, "00 20 01 01 2d 2d 2d 20 00 01 01 01 00 00 00 00 "
		     "ff ff ff ff ff ff ff ff 00 00 00 00 00 00 00 00 00 00");
	ck_assert_uint_eq(nwa_of(&b, 301), 9600);
	ck_assert_uint_eq(b.data[2], 0x2d);
	ck_assert_uint_eq(b.data[3], 0x2d);
	ck_assert_uint_eq(b.data[32], 1);
	ck_assert_uint_eq(b.data[33], 1);
	/* In the table of contents there are names for 169. */
	IS(send_in(&b, "43 00 00 00 00 00 00 10 00 00", 4096), GOOD);
	ck_assert_uint_eq(b.data[3], 0xa9);
	ck_assert_uint_eq(b.cmd.moved, 4 + 170 * 8);
	IS(send_in(&b, "43 00 02 00 00 00 00 20 00 00", 8192), GOOD);
	lathe_emulator_insert(b.drive, NULL);
	snprintf(text, sizeof(text), "%s", lathe_emulator_store_text(b.disc));
	bench_close(&b);
	files_open(&b, &files);
	ck_assert_str_eq(lathe_emulator_store_text(b.disc), text);
	ck_assert_uint_eq(state_of(&b).sessions, 300);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated media in stores");
	TCase *t = tcase_create("stores");
	const int all = LATHE_EMULATOR_MEDIA_COUNT;

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, every_medium_lives_in_files, 0, all);
	tcase_add_loop_test(t, every_medium_has_snapshots, 0, all);
	tcase_add_loop_test(t, every_medium_can_be_small, 0, all);
	tcase_add_loop_test(t, killed_while_it_writes, 0, all);
	tcase_add_test(t, three_hundred_sessions_of_bd_r);
	suite_add_tcase(s, t);
	return run_suite(s);
}
