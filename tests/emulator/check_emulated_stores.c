/* SPDX-License-Identifier: MIT */
/* Stores: snapshots, discs in files, their locks, and what a killed process
 * leaves behind. */
#define _POSIX_C_SOURCE 200809L
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/emulator/lib_files.h"
#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

static struct bench b;
static struct disc_files files;

static void new_disc(enum lathe_emulator_media media)
{
	files_create_disc(&files, media);
	files_open(&b, &files);
}

static void file_is(const char *name, const char *want)
{
	char got[4096];
	FILE *f = fopen(name, "rb");
	size_t n;

	ck_assert_ptr_nonnull(f);
	n = fread(got, 1, sizeof(got) - 1, f);
	fclose(f);
	got[n] = '\0';
	ck_assert_str_eq(got, want);
}

static void peek_is(struct lathe_emulator_store *store, uint32_t lba,
		    uint8_t tag)
{
	uint8_t want[2048], got[2048];

	make_block(want, lba, tag);
	ck_assert_int_eq(lathe_emulator_store_peek(store, lba, got),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(got, want, 2048);
}

/* ---- media -------------------------------------------------------------- */

START_TEST(media_have_names)
{
	enum lathe_emulator_media media;

	ck_assert_str_eq(lathe_emulator_media_name(LATHE_EMULATOR_CD_R_74),
			 "cd-r-74");
	ck_assert_ptr_null(lathe_emulator_media_name(
				   LATHE_EMULATOR_MEDIA_COUNT));
	ck_assert_int_eq(lathe_emulator_media_find("cd-rw", &media), 0);
	ck_assert_int_eq(media, LATHE_EMULATOR_CD_RW);
	ck_assert_int_eq(lathe_emulator_media_find("dvd-rw-ow", &media), 0);
	ck_assert_int_eq(media, LATHE_EMULATOR_DVD_RW_OW);
	ck_assert_int_eq(lathe_emulator_media_find("md", &media),
			 LATHE_ERR_NOT_FOUND);
}
END_TEST

/* ---- memory ------------------------------------------------------------- */

START_TEST(snapshot_and_original_go_their_own_ways)
{
	struct lathe_emulator_store *copy, *second;
	struct lathe_emulator_disc state;

	bench_open(&b, LATHE_EMULATOR_CD_RW, NULL, NULL);
	burn(&b, 0, 300, 3, 1);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &copy), 0);
	ck_assert_int_eq(lathe_emulator_store_snapshot(copy, &second), 0);
	burn(&b, 11702, 320, 3, 2);
	IS(send_cdb(&b, "a1 00 00 00 00 00 00 00 00 00 00 00"), GOOD);
	burn(&b, 0, 300, 3, 3);
	peek_is(b.disc, 0, 3);
	lathe_emulator_store_state(copy, &state);
	ck_assert_uint_eq(state.sessions, 1);
	ck_assert_uint_eq(state.next_writable, 11702);
	peek_is(copy, 0, 1);
	peek_is(copy, 299, 1);
	lathe_emulator_insert(b.drive, copy);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	burn(&b, 11702, 300, 0, 4);
	lathe_emulator_insert(b.drive, b.disc);
	lathe_emulator_store_close(copy);
	peek_is(second, 299, 1);
	lathe_emulator_store_state(second, &state);
	ck_assert(state.appendable && state.sessions == 1);
	lathe_emulator_store_close(second);
	bench_close(&b);
}
END_TEST

/* A write into a shared chunk keeps its other blocks. */
START_TEST(shared_chunks_are_copied_whole)
{
	struct lathe_emulator_store *copy;

	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	write_run(&b, 0, 40, 1);
	lathe_emulator_sleep_ms(b.drive, 5000);
	IS(send_cdb(&b, READY), GOOD);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &copy), 0);
	write_run(&b, 40, 10, 2);
	IS(send_cdb(&b, SYNC), GOOD);
	lathe_emulator_insert(b.drive, copy);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	write_run(&b, 40, 10, 3);
	IS(send_cdb(&b, SYNC), GOOD);
	peek_is(b.disc, 33, 1);
	peek_is(b.disc, 45, 2);
	peek_is(copy, 33, 1);
	peek_is(copy, 45, 3);
	lathe_emulator_insert(b.drive, b.disc);
	lathe_emulator_store_close(copy);
	bench_close(&b);
}
END_TEST

/* Chunks are used again without being cleared: what is not written in them
 * are zeros all the same. */
START_TEST(recycled_memory_shows_nothing_old)
{
	struct lathe_emulator_store *used;
	uint8_t zeros[2048] = { 0 }, got[2048];

	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &used), 0);
	lathe_emulator_insert(b.drive, used);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	burn(&b, 0, 320, 3, 1);
	lathe_emulator_insert(b.drive, b.disc);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	lathe_emulator_store_close(used);
	burn(&b, 0, 4, 3, 2);
	IS(read_blocks(&b, 0, 8), GOOD);
	ck_assert_uint_eq(b.data[0], 2);
	ck_assert_mem_eq(b.data + 4 * 2048, zeros, 2048);
	ck_assert_mem_eq(b.data + 7 * 2048, zeros, 2048);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 4, got),
			 LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_mem_eq(got, zeros, 2048);
	bench_close(&b);
}
END_TEST

START_TEST(judges_see_zones_and_state)
{
	struct lathe_emulator_track track;
	uint8_t block[2048];

	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 0, block),
			 LATHE_EMULATOR_BLOCK_UNRECORDED);
	burn(&b, 0, 300, 3, 1);
	IS(write_blocks(&b, 11702, 32, 2), GOOD);
	/* In the buffer only. */
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 11733, block),
			 LATHE_EMULATOR_BLOCK_UNRECORDED);
	lathe_emulator_sleep_ms(b.drive, 1000);
	peek_is(b.disc, 11733, 2);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 300, block),
			 LATHE_EMULATOR_BLOCK_GAP);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 11701, block),
			 LATHE_EMULATOR_BLOCK_GAP);
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 11734, block),
			 LATHE_EMULATOR_BLOCK_UNRECORDED);
	ck_assert_int_eq(lathe_emulator_store_track(b.disc, 1, &track), 0);
	ck_assert_uint_eq(track.session, 1);
	ck_assert_uint_eq(track.blocks, 300);
	ck_assert_uint_eq(track.mode, 1);
	ck_assert_int_eq(lathe_emulator_store_track(b.disc, 2, &track),
			 LATHE_ERR_NOT_FOUND);
	ck_assert_int_eq(lathe_emulator_store_track(b.disc, 0, &track),
			 LATHE_ERR_NOT_FOUND);
	bench_close(&b);
}
END_TEST

/* A disc of 20,000 blocks takes a first session and is then nearly full. */
START_TEST(disc_can_be_made_small)
{
	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 0),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 359846),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 20000), 0);
	ck_assert_uint_eq(free_blocks(&b), 20000);
	burn(&b, 0, 300, 3, 1);
	ck_assert_uint_eq(free_blocks(&b), 20000 - 11702);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 30000),
			 LATHE_ERR_STATE);
	/* Behind the second session nothing is left: 20,000 - 12,000. */
	burn(&b, 11702, 1098 + 300, 3, 2);
	ck_assert_uint_eq(next_writable(&b), UINT32_MAX);
	ck_assert_uint_eq(free_blocks(&b), 0);
	/* 20,000 is 00:04:28:50 as MSF, with 150 blocks of pre-gap. */
	IS(send_in(&b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b.data[2], 0x01);
	ck_assert_mem_eq(b.data + 20, "\x00\x04\x1c\x32", 4);
	bench_close(&b);
}
END_TEST

/* The run-out of a disc so small can lie nowhere. */
START_TEST(nothing_fits_on_the_smallest_disc)
{
	bench_open(&b, LATHE_EMULATOR_CD_R_80,
		   "run-out-counts,short-last-track", NULL);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 1), 0);
	IS(write_blocks(&b, 0, 1, 1), SENSE(5, 0x63, 0));
	bench_close(&b);
}
END_TEST

/* ---- files -------------------------------------------------------------- */

static const char appendable_text[] =
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus appendable\n"
	"track 1 session 1 state complete start 0 blocks 300 reserved 0 "
	"mode 1 format 0 damaged 0\n"
	"session 1 first 1 last 1 multi 3 format 0 lead-out 302\n"
	"written 0000000000\n";

START_TEST(block_n_lies_at_byte_2048_n)
{
	uint8_t want[2048], got[2048];
	struct stat st;
	int fd;

	new_disc(LATHE_EMULATOR_CD_R_80);
	burn(&b, 0, 20, 3, 1);
	burn(&b, 11702, 310, 3, 2);
	bench_close(&b);
	fd = open(files.path, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_size, (11702 + 310) * 2048);
	/* The gap and the padding are holes. */
	ck_assert_int_lt(st.st_blocks, 400 * 4);
	make_block(want, 11703, 2);
	ck_assert_int_eq(pread(fd, got, 2048, 11703 * 2048), 2048);
	ck_assert_mem_eq(got, want, 2048);
	memset(want, 0, 2048);
	ck_assert_int_eq(pread(fd, got, 2048, 20 * 2048), 2048);
	ck_assert_mem_eq(got, want, 2048);
	close(fd);
	files_open(&b, &files);
	ck_assert_uint_eq(next_writable(&b), 12012 + 6902);
	IS(read_blocks(&b, 11702, 1), GOOD);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

START_TEST(state_is_text)
{
	new_disc(LATHE_EMULATOR_CD_R_80);
	file_is(files.state_path, "lathe-disc 1\nmedium cd-r-80\nlimit 359845\n"
		"status blank\nwritten 0000000000\n");
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 359844), 0);
	file_is(files.state_path, "lathe-disc 1\nmedium cd-r-80\nlimit 359844\n"
		"status blank\nwritten 0000000000\n");
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 359845), 0);
	burn(&b, 0, 300, 3, 1);
	ck_assert_str_eq(lathe_emulator_store_text(b.disc), appendable_text);
	file_is(files.state_path, appendable_text);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* Nobody records audio here; who wants it on a disc says so in its text. */
START_TEST(track_of_mode_0_is_audio)
{
	static const char text[] =
		"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus appendable\n"
		"track 1 session 1 state complete start 0 blocks 300 reserved 0 "
		"mode 0 format 0 damaged 0\n"
		"track 2 session 1 state complete start 452 blocks 300 "
		"reserved 0 mode 1 format 0 damaged 0\n"
		"session 1 first 1 last 2 multi 3 format 0 lead-out 754\n"
		"written 0000000000\n";
	FILE *f;

	files_create_disc(&files, LATHE_EMULATOR_CD_R_80);
	f = fopen(files.state_path, "wb");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(truncate(files.path, 752 * 2048), 0);
	files_open(&b, &files);
	/* MMC-6 6.15: 5/64/00; its control nibble is 0, its data mode none. */
	IS(read_blocks(&b, 0, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(&b, 299, 1), SENSE(5, 0x64, 0));
	IS(read_blocks(&b, 452, 1), GOOD);
	IS(send_in(&b, TRACK_1, 36), GOOD);
	ck_assert_uint_eq(b.data[5] & 15, 0);
	ck_assert_uint_eq(b.data[6] & 15, 15);
	/* READ TOC: ADR 1 and CONTROL in byte 1 of an entry of 8 bytes. */
	IS(send_in(&b, "43 00 00 00 00 00 00 00 1c 00", 28), GOOD);
	ck_assert_uint_eq(b.data[4 + 1], 0x10);
	ck_assert_uint_eq(b.data[12 + 1], 0x14);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

START_TEST(looking_at_a_disc_leaves_its_files_alone)
{
	struct stat before, after;

	new_disc(LATHE_EMULATOR_CD_R_80);
	burn(&b, 0, 300, 3, 1);
	bench_close(&b);
	ck_assert_int_eq(stat(files.state_path, &before), 0);
	files_open(&b, &files);
	IS(read_blocks(&b, 0, 1), GOOD);
	bench_close(&b);
	ck_assert_int_eq(stat(files.state_path, &after), 0);
	ck_assert(before.st_ino == after.st_ino);
	files_remove(&files);
}
END_TEST

START_TEST(one_user_at_a_time)
{
	struct lathe_emulator_store *other = NULL;

	new_disc(LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, files.path, &other),
			 LATHE_ERR_BUSY);
	ck_assert_int_eq(lathe_emulator_store_create(
				 NULL, files.path, LATHE_EMULATOR_CD_RW),
			 LATHE_ERR_EXISTS);
	ck_assert_int_eq(lathe_emulator_store_snapshot(b.disc, &other),
			 LATHE_ERR_UNSUPPORTED);
	bench_close(&b);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, files.path, &other),
			 0);
	lathe_emulator_store_close(other);
	unlink(files.path);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, files.path, &other),
			 LATHE_ERR_NOT_FOUND);
	/* The state alone is in the way of a new disc, and stays. */
	ck_assert_int_eq(lathe_emulator_store_create(
				 NULL, files.path, LATHE_EMULATOR_CD_RW),
			 LATHE_ERR_EXISTS);
	ck_assert_int_eq(access(files.path, F_OK), -1);
	files_remove(&files);
}
END_TEST

/* What is wrong with each: see its first difference to a good text. */
static const char *const damaged_texts[] = {
	"", "lathe-disc 2\n", "lathe-disc 1\nmedium cd-q\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"written 0000000000\nmore\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 99999999\nstatus blank\n"
	"written 0000000000\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"track 2 session 1 state complete start 0 blocks 300 reserved 0 "
	"mode 1 format 0 damaged 0\nwritten 0000000000\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"session 1 first 1 last 1 multi 3 format 0 lead-out 302\n"
	"written 0000000000\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"track 1 session 1 state complete start 0 blocks 300 reserved 0 "
	"mode 1 format 0 damaged 0\n"
	"session 1 first 1 last 1 multi 3 format 0 lead-out 303\n"
	"written 0000000000\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"track 1 session 1 state open start 0 blocks 0 reserved 0 "
	"mode 1 format 0 damaged 0\n"
	"track 2 session 1 state open start 900 blocks 0 reserved 0 "
	"mode 1 format 0 damaged 0\nwritten 0000000000\n",
	"lathe-disc 1\nmedium cd-r-80\nlimit 359845\nstatus blank\n"
	"track 1 session 1 state complete start 0 blocks 3000000000 "
	"reserved 0 mode 1 format 0 damaged 0\nwritten 0000000000\n"
};

START_TEST(damaged_state_is_refused)
{
	struct lathe_emulator_store *store;
	FILE *f;

	new_disc(LATHE_EMULATOR_CD_R_80);
	bench_close(&b);
	f = fopen(files.state_path, "wb");
	fputs(damaged_texts[_i], f);
	fclose(f);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, files.path, &store),
			 LATHE_ERR_CORRUPT);
	files_remove(&files);
}
END_TEST

static void copy_file(const char *from, const char *to)
{
	char bytes[4096];
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	size_t n;

	ck_assert_ptr_nonnull(in);
	ck_assert_ptr_nonnull(out);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		ck_assert_uint_eq(fwrite(bytes, 1, n, out), n);
	fclose(in);
	ck_assert_int_eq(fclose(out), 0);
}

/* What a process leaves that is killed now can be opened, with so many blocks
 * of its track. */
static void is_left_open(uint32_t written)
{
	struct lathe_emulator_store *store;
	struct lathe_emulator_disc state;
	struct disc_files copy;
	char line[64];

	files_create(&copy);
	copy_file(files.path, copy.path);
	copy_file(files.state_path, copy.state_path);
	ck_assert_int_eq(lathe_emulator_store_open(NULL, copy.path, &store),
			 0);
	lathe_emulator_store_state(store, &state);
	ck_assert(state.track_open);
	snprintf(line, sizeof(line), "written %010u\n", (unsigned)written);
	ck_assert_ptr_nonnull(strstr(lathe_emulator_store_text(store), line));
	lathe_emulator_store_close(store);
	files_remove(&copy);
}

/* The pre-gap is sent by the host, and is in no track. */
START_TEST(killed_process_leaves_a_session_at_once_that_has_begun)
{
	static const uint8_t sheet[32] = {
		0x41, 0x00, 0, 0x14, 0, 0, 0, 0,
		0x41, 0x01, 0, 0x10, 0, 0, 0, 0,
		0x41, 0x01, 1, 0x10, 0, 0, 2, 0,
		0x41, 0xaa, 1, 0x14, 0, 0, 8, 0
	};

	new_disc(LATHE_EMULATOR_CD_R_80);
	IS(select_write(&b, 0x42, 0xc4, 8, 0), GOOD);
	IS(send_out(&b, "5d 00 00 00 00 00 00 00 20 00", sheet, 32), GOOD);
	write_run(&b, 0xffffff6a, 150, 9);
	is_left_open(0);
	IS(write_blocks(&b, 0, 16, 1), GOOD);
	is_left_open(0);
	/* Nothing of what is in the buffer is on the disc. */
	ck_assert_int_eq(lathe_emulator_store_peek(b.disc, 0, b.data),
			 LATHE_EMULATOR_BLOCK_UNRECORDED);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* Its last ECC block ends behind it. */
START_TEST(disc_that_ends_within_an_ecc_block_is_filled)
{
	struct lathe_emulator_disc state;

	new_disc(LATHE_EMULATOR_DVD_PLUS_R);
	ck_assert_int_eq(lathe_emulator_store_set_limit(b.disc, 1000), 0);
	write_run(&b, 0, 1000, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	is_left_open(1000);
	IS(send_cdb(&b, CLOSE_TRACK), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	bench_close(&b);
	files_open(&b, &files);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert_uint_eq(state.sessions, 1);
	ck_assert_uint_eq(state.capacity, 1000);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

START_TEST(blanking_empties_the_file)
{
	struct stat st;

	new_disc(LATHE_EMULATOR_CD_RW);
	burn(&b, 0, 300, 3, 1);
	IS(send_cdb(&b, "a1 00 00 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_int_eq(stat(files.path, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	/* A minimal one leaves old data, which never show through. */
	burn(&b, 0, 300, 3, 1);
	IS(send_cdb(&b, "a1 01 00 00 00 00 00 00 00 00 00 00"), GOOD);
	burn(&b, 0, 10, 3, 2);
	IS(read_blocks(&b, 0, 32), GOOD);
	ck_assert_uint_eq(b.data[0], 2);
	ck_assert_uint_eq(b.data[10 * 2048], 0);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* The state goes first: where that can not be replaced, or a process is killed
 * before the data go too, the disc is what it was, or blank. */
START_TEST(blanking_that_can_not_be_kept_destroys_nothing)
{
	char new_path[320];

	new_disc(LATHE_EMULATOR_CD_RW);
	burn(&b, 0, 300, 3, 1);
	snprintf(new_path, sizeof(new_path), "%s~", files.state_path);
	ck_assert_int_eq(mkdir(new_path, 0700), 0);
	send_cdb(&b, "a1 00 00 00 00 00 00 00 00 00 00 00");
	bench_close(&b);
	ck_assert_int_eq(rmdir(new_path), 0);
	files_open(&b, &files);
	ck_assert_uint_eq(next_writable(&b), 300 + 11402);
	peek_is(b.disc, 0, 1);
	peek_is(b.disc, 299, 1);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* PATH.disc~ can not be made: a full disk says the same. */
static const char *bar_saving(void)
{
	static char new_path[320];

	snprintf(new_path, sizeof(new_path), "%s~", files.state_path);
	ck_assert_int_eq(mkdir(new_path, 0700), 0);
	return new_path;
}

#define INTERNAL SENSE(4, 0x44, 0)

/* The command that changed it fails, all that follow do, and once there is
 * room the next one saves it. */
START_TEST(state_that_can_not_be_saved_is_told)
{
	const char *barred;

	new_disc(LATHE_EMULATOR_CD_RW);
	burn(&b, 0, 300, 3, 1);
	barred = bar_saving();
	IS(send_cdb(&b, "a1 01 00 00 00 00 00 00 00 00 00 00"), INTERNAL);
	IS(send_cdb(&b, READY), INTERNAL);
	IS(send_in(&b, DISC_INFORMATION, 34), INTERNAL);
	IS(send_in(&b, "12 00 00 00 24 00", 36), GOOD);
	ck_assert_int_eq(lathe_emulator_store_save(b.disc), LATHE_ERR_IO);
	ck_assert_int_eq(rmdir(barred), 0);
	IS(send_cdb(&b, READY), GOOD);
	file_is(files.state_path, "lathe-disc 1\nmedium cd-rw\nlimit 359845\n"
		"status blank\nwritten 0000000000\n");
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* So is one that changed behind the command's back. */
START_TEST(close_in_the_background_is_told)
{
	const char *barred;

	new_disc(LATHE_EMULATOR_CD_R_80);
	select_write(&b, 0x41, 0xc4, 8, 0);
	write_run(&b, 0, 300, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	barred = bar_saving();
	IS(send_cdb(&b, "5b 01 02 00 00 00 00 00 00 00"), GOOD);
	lathe_emulator_sleep_ms(b.drive, 600000);
	IS(send_cdb(&b, READY), INTERNAL);
	lathe_emulator_insert(b.drive, NULL);
	ck_assert_int_eq(lathe_emulator_store_save(b.disc), LATHE_ERR_IO);
	ck_assert_int_eq(rmdir(barred), 0);
	ck_assert_int_eq(lathe_emulator_store_save(b.disc), 0);
	ck_assert_str_ne(lathe_emulator_store_text(b.disc), "");
	file_is(files.state_path, lathe_emulator_store_text(b.disc));
	ck_assert_ptr_nonnull(strstr(lathe_emulator_store_text(b.disc),
				     "\nsession 1 "));
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* How far a range has got is not written to a text that has no such range: it
 * would take blocks from another one. */
START_TEST(state_that_is_older_keeps_its_blocks)
{
	const char *barred;
	int i;

	new_disc(LATHE_EMULATOR_DVD_RAM);
	write_run(&b, 0, 64, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	barred = bar_saving();
	IS(write_blocks(&b, 16000, 32, 2), GOOD);
	for (i = 0; i < 200; i++)
		lathe_emulator_sleep_ms(b.drive, 1);
	bench_close(&b);
	ck_assert_int_eq(rmdir(barred), 0);
	files_open(&b, &files);
	peek_is(b.disc, 0, 1);
	peek_is(b.disc, 63, 1);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* Also where the last line says more than those before it. */
START_TEST(looking_at_what_went_on_leaves_its_files_alone)
{
	struct stat before, after;
	const char *barred;

	new_disc(LATHE_EMULATOR_DVD_RAM);
	write_run(&b, 0, 16, 1);
	IS(send_cdb(&b, SYNC), GOOD);
	barred = bar_saving();
	write_run(&b, 16, 16, 1);
	bench_close(&b);
	ck_assert_int_eq(rmdir(barred), 0);
	ck_assert_int_eq(stat(files.state_path, &before), 0);
	files_open(&b, &files);
	IS(read_blocks(&b, 31, 1), GOOD);
	bench_close(&b);
	ck_assert_int_eq(stat(files.state_path, &after), 0);
	ck_assert(before.st_ino == after.st_ino);
	files_remove(&files);
}
END_TEST

/* A burner that writes until it is killed; it says how far it got. */
static void write_until_killed(int said)
{
	uint32_t lba = 11702;
	char byte = 0;

	files_open(&b, &files);
	burn(&b, 0, 300, 3, 1);
	while (lba < 100000) {
		uint32_t result = write_blocks(&b, lba, 32, 2);

		if (result == GOOD)
			lba += 32;
		else
			lathe_emulator_sleep_ms(b.drive, 5);
		if (lba == 11702 + 3200 && write(said, &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

START_TEST(killed_process_leaves_an_interrupted_track_at_worst)
{
	struct lathe_emulator_disc state;
	int said[2], status;
	uint32_t nwa;
	char byte;
	pid_t pid;

	files_create_disc(&files, LATHE_EMULATOR_CD_R_80);
	ck_assert_int_eq(pipe(said), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (!pid)
		write_until_killed(said[1]);
	ck_assert_int_eq(read(said[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	close(said[0]);
	close(said[1]);
	ck_assert(WIFSIGNALED(status));
	files_open(&b, &files);
	lathe_emulator_store_state(b.disc, &state);
	ck_assert_uint_eq(state.sessions, 1);
	ck_assert(state.track_open);
	nwa = next_writable(&b);
	ck_assert_uint_eq(state.next_writable, nwa);
	ck_assert_uint_eq(state.free_blocks, 359845 - nwa);
	/* At most the buffer of 1,024 blocks is lost. */
	ck_assert_uint_ge(nwa, 11702 + 3200 - 1024);
	peek_is(b.disc, 299, 1);
	peek_is(b.disc, nwa - 1, 2);
	/* It can be gone on with, and closed. */
	write_run(&b, nwa, 10, 3);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	ck_assert_uint_eq(next_writable(&b), nwa + 10 + 6902);
	peek_is(b.disc, nwa + 9, 3);
	bench_close(&b);
	files_remove(&files);
}
END_TEST

/* ---- memory that runs out ----------------------------------------------- */

static int allocations_left;
static size_t held;

static void *scarce(void *ctx, void *p, size_t old_bytes, size_t new_bytes)
{
	(void)ctx;
	/* What is freed was there, and what is there has a size. */
	ck_assert((p != NULL) == (old_bytes != 0));
	ck_assert(old_bytes || new_bytes);
	if (!new_bytes) {
		held -= old_bytes;
		free(p);
		return NULL;
	}
	if (allocations_left-- <= 0)
		return NULL;
	held += new_bytes - old_bytes;
	return realloc(p, new_bytes);
}

/* With the n-th allocation failing, a burn ends in an error of the call or
 * of the command, and nothing is leaked. */
START_TEST(memory_may_run_out_anywhere)
{
	struct lathe_hooks hooks;
	struct lathe_emulator_config config;
	int n;

	for (n = 0; n < 40; n++) {
		memset(&hooks, 0, sizeof(hooks));
		hooks.realloc = scarce;
		allocations_left = n;
		held = 0;
		memset(&b, 0, sizeof(b));
		memset(&config, 0, sizeof(config));
		config.size = sizeof(config);
		config.hooks = hooks;
		config.faults = "op=ff busy";
		if (lathe_emulator_store_memory(&hooks, LATHE_EMULATOR_CD_R_80,
						&b.disc) == 0) {
			if (!lathe_emulator_create(&config, &b.drive)) {
				uint32_t lba = 0;

				lathe_emulator_insert(b.drive, b.disc);
				send_cdb(&b, READY);
				while (lba < 320 &&
				       write_blocks(&b, lba, 32, 1) == GOOD)
					lba += 32;
				ck_assert(lba == 320 ||
					  b.cmd.sense[2] == 4);
				lathe_emulator_destroy(b.drive);
			}
			lathe_emulator_store_close(b.disc);
		}
		ck_assert_uint_eq(held, 0);
	}
	ck_assert_int_gt(allocations_left, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated stores");
	TCase *t = tcase_create("memory and files");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, media_have_names);
	tcase_add_test(t, snapshot_and_original_go_their_own_ways);
	tcase_add_test(t, shared_chunks_are_copied_whole);
	tcase_add_test(t, recycled_memory_shows_nothing_old);
	tcase_add_test(t, judges_see_zones_and_state);
	tcase_add_test(t, disc_can_be_made_small);
	tcase_add_test(t, nothing_fits_on_the_smallest_disc);
	tcase_add_test(t, block_n_lies_at_byte_2048_n);
	tcase_add_test(t, state_is_text);
	tcase_add_test(t, track_of_mode_0_is_audio);
	tcase_add_test(t, looking_at_a_disc_leaves_its_files_alone);
	tcase_add_test(t, looking_at_what_went_on_leaves_its_files_alone);
	tcase_add_test(t, one_user_at_a_time);
	tcase_add_loop_test(t, damaged_state_is_refused, 0,
			    sizeof(damaged_texts) / sizeof(damaged_texts[0]));
	tcase_add_test(t,
		       killed_process_leaves_a_session_at_once_that_has_begun);
	tcase_add_test(t, disc_that_ends_within_an_ecc_block_is_filled);
	tcase_add_test(t, blanking_empties_the_file);
	tcase_add_test(t, blanking_that_can_not_be_kept_destroys_nothing);
	tcase_add_test(t, state_that_can_not_be_saved_is_told);
	tcase_add_test(t, close_in_the_background_is_told);
	tcase_add_test(t, state_that_is_older_keeps_its_blocks);
	tcase_add_test(t,
		       killed_process_leaves_an_interrupted_track_at_worst);
	tcase_add_test(t, memory_may_run_out_anywhere);
	suite_add_tcase(s, t);
	return run_suite(s);
}
