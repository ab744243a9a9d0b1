/* SPDX-License-Identifier: MIT */
/*
 * check_verify.c - a volume is read: what is about the disc costs files, what
 * is about the way to it ends the check.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_rig.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An image of two files, "one" of 200 blocks and "two" of one, at the end. */
struct scene {
	struct image image;
	struct model model;
	struct lathe_blocks blocks;
	uint32_t bad_from, bad_to;	/* reading there fails */
	int bad_err;
	uint32_t reads;
	bool beyond;			/* something behind the end was read */
	uint32_t files_at, last;	/* of files: where they begin, what was
					 * read last; */
	bool went_back;			/* what is in front of that was read */

	struct lathe_hooks hooks;
	uint32_t cancel_at_read;	/* 0: never */
	uint64_t done, total;

	uint32_t told;
	char path[32];
	struct lathe_session_check check;
	struct lathe_failure failure;
};

static int read_blocks(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct scene *scene = ctx;

	scene->reads++;
	if (lba >= scene->blocks.end || count > scene->blocks.end - lba) {
		scene->beyond = true;
		return LATHE_ERR_ARG;
	}
	if (lba < scene->bad_to && lba + count > scene->bad_from)
		return scene->bad_err;
	memcpy(out, scene->image.data + (size_t)lba * 2048,
	       (size_t)count * 2048);
	if (scene->files_at && lba >= scene->files_at) {
		scene->went_back = scene->went_back || lba < scene->last;
		scene->last = lba + count;
	}
	return 0;
}

static bool cancelled(void *ctx)
{
	struct scene *scene = ctx;

	return scene->cancel_at_read &&
	       scene->reads >= scene->cancel_at_read;
}

static void progress(void *ctx, const struct lathe_progress *now)
{
	struct scene *scene = ctx;

	scene->done = now->done;
	scene->total = now->total;
}

static void on_bad(void *ctx, const char *path, uint32_t lba, const char *text)
{
	struct scene *scene = ctx;

	(void)lba;
	ck_assert_ptr_nonnull(text);
	scene->told++;
	snprintf(scene->path, sizeof(scene->path), "%.30s", path);
}

static void begin(struct scene *scene, bool own)
{
	memset(scene, 0, sizeof(*scene));
	model_put(&scene->model, "one", 1, 200 * 2048);
	model_put(&scene->model, "two", 2, 1000);
	image_make(&scene->image, &scene->model, 0, 0);
	if (!own)
		image_make_foreign(&scene->image);
	scene->blocks.ctx = scene;
	scene->blocks.read = read_blocks;
	scene->blocks.end = scene->image.blocks;
	scene->hooks.ctx = scene;
	scene->hooks.cancelled = cancelled;
	scene->hooks.progress = progress;
}

static void end(struct scene *scene)
{
	image_free(&scene->image);
	model_free(&scene->model);
}

static int verify(struct scene *scene, enum lathe_session_verify level)
{
	memset(&scene->check, 0x55, sizeof(scene->check));
	memset(&scene->failure, 0x55, sizeof(scene->failure));
	return lathe_session_verify_volume(&scene->blocks, 0, level,
					   &scene->hooks, on_bad, scene,
					   &scene->check, &scene->failure);
}

/* ---- all is well -------------------------------------------------------- */

START_TEST(what_each_level_reads)
{
	static const struct {
		enum lathe_session_verify level;
		uint32_t blocks;
	} levels[] = {
		{ LATHE_SESSION_VERIFY_NONE, 0 },
		{ LATHE_SESSION_VERIFY_STATE, 0 },
		{ LATHE_SESSION_VERIFY_QUICK, 3 },
		{ LATHE_SESSION_VERIFY_FULL, 201 },
	};
	struct scene scene;

	begin(&scene, _i < 4);
	ck_assert_int_eq(verify(&scene, levels[_i % 4].level), 0);
	ck_assert_uint_eq(scene.check.blocks_read, levels[_i % 4].blocks);
	ck_assert_uint_eq(scene.check.files, 2);
	ck_assert_int_eq(scene.check.metadata_own, _i < 4);
	ck_assert_uint_eq(scene.told, 0);
	/* All that was to be read was. */
	ck_assert_uint_eq(scene.done, levels[_i % 4].blocks);
	ck_assert_uint_eq(scene.total, levels[_i % 4].blocks);
	end(&scene);
}
END_TEST

/* However many there are, and in whatever order directories have them. */
START_TEST(files_are_read_in_the_order_of_their_addresses)
{
	uint32_t i, size, blocks = 0, ends = 0, count = 2 + (uint32_t)_i;
	struct scene scene;
	char name[16];

	begin(&scene, true);
	image_free(&scene.image);
	model_free(&scene.model);
	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%u", i * 37 % 101);
		size = 2048 * (1 + i * 7 % 5);
		model_put(&scene.model, name, i, size);
		blocks += size / 2048;
		ends += size > 2048 ? 2 : 1;
	}
	image_make(&scene.image, &scene.model, 0, 0);
	scene.blocks.end = scene.image.blocks;
	scene.files_at = scene.image.blocks - blocks;
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL), 0);
	ck_assert(!scene.went_back);
	ck_assert_uint_eq(scene.last, scene.image.blocks);
	ck_assert_uint_eq(scene.check.files, count);
	ck_assert_uint_eq(scene.check.blocks_read, blocks);
	/* Of each one its ends. */
	scene.last = 0;
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_QUICK), 0);
	ck_assert(!scene.went_back);
	ck_assert_uint_eq(scene.last, scene.image.blocks);
	ck_assert_uint_eq(scene.check.blocks_read, ends);
	ck_assert_uint_eq(scene.total, ends);
	end(&scene);
}
END_TEST

/* Nothing of them is read, but they count. */
START_TEST(empty_files)
{
	struct scene scene;

	begin(&scene, _i % 2 == 0);
	image_free(&scene.image);
	model_free(&scene.model);
	model_put(&scene.model, "empty", 0, 0);
	model_put(&scene.model, "void", 0, 0);
	image_make(&scene.image, &scene.model, 0, 0);
	if (_i % 2)
		image_make_foreign(&scene.image);
	scene.blocks.end = scene.image.blocks;
	ck_assert_int_eq(verify(&scene, _i / 2 ? LATHE_SESSION_VERIFY_QUICK :
						 LATHE_SESSION_VERIFY_FULL),
			 0);
	ck_assert_uint_eq(scene.check.files, 2);
	ck_assert_uint_eq(scene.check.blocks_read, 0);
	ck_assert_uint_eq(scene.told, 0);
	end(&scene);
}
END_TEST

/* ---- what can not be read ----------------------------------------------- */

static const struct {
	int err;
	bool of_the_disc;
} errors[] = {
	{ LATHE_ERR_SENSE, true },
	{ LATHE_ERR_CORRUPT, true },
	{ LATHE_ERR_ARG, true },
	{ LATHE_ERR_IO, true },
	{ LATHE_ERR_TRANSPORT, false },
	{ LATHE_ERR_NO_DEVICE, false },
	{ LATHE_ERR_MEMORY, false },
};

/* 130 blocks of a file: it is told once, and does not count as read. */
START_TEST(a_file_can_not_be_read)
{
	struct scene scene;
	uint32_t first;
	int err;

	begin(&scene, true);
	first = scene.image.blocks - 201;
	scene.bad_from = first + 64;
	scene.bad_to = first + 192;
	scene.bad_err = errors[_i].err;
	err = verify(&scene, LATHE_SESSION_VERIFY_FULL);
	if (!errors[_i].of_the_disc) {
		ck_assert_int_eq(err, errors[_i].err);
		ck_assert_int_eq(scene.failure.err, err);
		ck_assert_uint_eq(scene.told, 0);
	} else {
		ck_assert_int_eq(err, LATHE_ERR_VERIFY);
		ck_assert_int_eq(scene.failure.err, err);
		ck_assert_uint_eq(scene.told, 1);
		ck_assert_uint_eq(scene.check.files_bad, 1);
		ck_assert_str_eq(scene.path, "/one");
		ck_assert_uint_eq(scene.check.blocks_read, 201 - 128);
		ck_assert_uint_eq(scene.done, 201);
	}
	end(&scene);
}
END_TEST

/* The first block of the file, or the last one. */
START_TEST(an_end_of_a_file_can_not_be_read)
{
	struct scene scene;
	int err;

	begin(&scene, true);
	scene.bad_from = scene.image.blocks - (_i % 2 ? 2 : 201);
	scene.bad_to = scene.bad_from + 1;
	scene.bad_err = errors[_i / 2].err;
	err = verify(&scene, LATHE_SESSION_VERIFY_QUICK);
	if (!errors[_i / 2].of_the_disc) {
		ck_assert_int_eq(err, errors[_i / 2].err);
		ck_assert_uint_eq(scene.told, 0);
	} else {
		ck_assert_int_eq(err, LATHE_ERR_VERIFY);
		ck_assert_uint_eq(scene.told, 1);
		ck_assert_str_eq(scene.path, "/one");
		ck_assert_uint_eq(scene.check.blocks_read, 2);
	}
	end(&scene);
}
END_TEST

START_TEST(the_descriptors_can_not_be_read)
{
	struct scene scene;
	int err;

	begin(&scene, true);
	scene.bad_from = 16;
	scene.bad_to = 19;
	scene.bad_err = errors[_i].err;
	err = verify(&scene, LATHE_SESSION_VERIFY_FULL);
	if (errors[_i].of_the_disc) {
		ck_assert_int_eq(err, LATHE_ERR_VERIFY);
		ck_assert_int_eq(scene.failure.err, err);
		ck_assert_uint_eq(scene.told, 1);
		ck_assert_str_eq(scene.path, "/");
		/* Who does not want to know why need not. */
		ck_assert_int_eq(lathe_session_verify_volume(
					 &scene.blocks, 0,
					 LATHE_SESSION_VERIFY_FULL, NULL, NULL,
					 NULL, &scene.check, NULL), err);
	} else {
		ck_assert_int_eq(err, errors[_i].err);
		ck_assert_uint_eq(scene.told, 0);
	}
	end(&scene);
}
END_TEST

/* Of an image that was cut, ours or not, the files that end behind it are
 * named; nothing is read there. */
START_TEST(an_image_was_cut)
{
	struct scene scene;
	bool own = _i % 2;
	uint32_t cut = _i < 2 ? 1 : 50;

	begin(&scene, own);
	scene.blocks.end = scene.image.blocks - cut;
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_VERIFY);
	ck_assert_uint_eq(scene.told, cut == 1 ? 1 : 2);
	ck_assert_uint_eq(scene.check.files_bad, scene.told);
	ck_assert_str_eq(scene.path, "/two");
	ck_assert_uint_eq(scene.check.blocks_read, cut == 1 ? 200 : 0);
	ck_assert(!scene.beyond);
	end(&scene);
}
END_TEST

/* ---- directories of another program that are damaged --------------------- */

/* ECMA-119 9.1: the record of the file with so many bytes, in the root of the
 * 'number'-th descriptor; its address is at byte 158 there (8.4.18). */
static uint8_t *record_of(struct scene *scene, uint32_t number, uint32_t bytes)
{
	const uint8_t *d = scene->image.data + (16 + number) * 2048;
	uint8_t *at = scene->image.data +
		      (size_t)lathe_get_le32(d + 158) * 2048;

	while (at[0] && lathe_get_le32(at + 10) != bytes)
		at += at[0];
	ck_assert_uint_ne(at[0], 0);
	return at;
}

/* Byte 3 of a record: where its extent begins. */
static void leads_nowhere(struct scene *scene, uint32_t bytes)
{
	uint32_t i;

	for (i = 0; i < 2; i++)
		lathe_put_both32(record_of(scene, i, bytes) + 2, 0x7fffffff);
}

/* It is a directory (byte 26, bit 1), behind what there is of the image, and
 * within what the volume says to be (8.4.8). */
static void is_missing_directory(struct scene *scene, uint32_t bytes)
{
	uint32_t i, end = scene->image.blocks;

	for (i = 0; i < 2; i++) {
		uint8_t *record = record_of(scene, i, bytes);

		lathe_put_both32(scene->image.data + (16 + i) * 2048 + 80,
				 end + 100);
		lathe_put_both32(record + 2, end + 50);
		lathe_put_both32(record + 10, 2048);
		record[25] |= 2;
	}
}

static void expect_lost(struct scene *scene)
{
	ck_assert_int_eq(verify(scene, LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_VERIFY);
	ck_assert_int_eq(scene->failure.err, LATHE_ERR_VERIFY);
	ck_assert_uint_ge(scene->told, 1);
	ck_assert_str_eq(scene->path, "/");
	ck_assert_uint_eq(scene->check.files_bad, 0);
	ck_assert(!scene->beyond);
}

/* Each is told, and what is left is read. */
START_TEST(what_a_damaged_directory_loses)
{
	struct scene scene;
	uint32_t lost[3];

	begin(&scene, false);
	leads_nowhere(&scene, 1000);
	expect_lost(&scene);
	ck_assert_uint_eq(scene.check.files, 1);
	ck_assert_uint_eq(scene.check.blocks_read, 200);
	lost[0] = scene.check.entries_lost;
	ck_assert_uint_ge(lost[0], 1);
	end(&scene);

	begin(&scene, false);
	is_missing_directory(&scene, 1000);
	expect_lost(&scene);
	ck_assert_uint_eq(scene.check.files, 1);
	ck_assert_uint_eq(scene.check.blocks_read, 200);
	lost[1] = scene.check.entries_lost;
	ck_assert_uint_ge(lost[1], 1);
	end(&scene);

	/* None is counted twice. */
	begin(&scene, false);
	leads_nowhere(&scene, 200 * 2048);
	is_missing_directory(&scene, 1000);
	expect_lost(&scene);
	ck_assert_uint_eq(scene.check.files, 0);
	ck_assert_uint_eq(scene.check.blocks_read, 0);
	lost[2] = scene.check.entries_lost;
	ck_assert_uint_eq(lost[2], lost[0] + lost[1]);
	end(&scene);
}
END_TEST

/* Interleaved as ECMA-119 6.4.3 has it, units of 50 blocks (byte 27 of the
 * record) and gaps of 50 (byte 28): "two" lies in the gap of "one". */
static void interleave(struct scene *scene)
{
	uint32_t i, lba = lathe_get_le32(record_of(scene, 0, 200 * 2048) + 2);

	for (i = 0; i < 2; i++) {
		uint8_t *one = record_of(scene, i, 200 * 2048);

		lathe_put_both32(one + 10, 100 * 2048);
		one[26] = one[27] = 50;
		lathe_put_both32(record_of(scene, i, 1000) + 2, lba + 60);
	}
	scene->bad_from = lba;
}

/* Each is told once, whatever lies between its sections; they are read in the
 * order of the disc. */
START_TEST(sections_with_another_file_between)
{
	struct scene scene;

	begin(&scene, false);
	interleave(&scene);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL), 0);
	ck_assert_uint_eq(scene.check.blocks_read, 101);
	ck_assert_uint_eq(scene.check.files, 2);

	scene.bad_to = UINT32_MAX;
	scene.bad_err = LATHE_ERR_IO;
	ck_assert_int_eq(verify(&scene, _i ? LATHE_SESSION_VERIFY_QUICK :
					     LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_VERIFY);
	ck_assert_uint_eq(scene.told, 2);
	ck_assert_uint_eq(scene.check.files_bad, 2);
	ck_assert_str_eq(scene.path, "/two");
	end(&scene);
}
END_TEST

/* 7.3.3: the other half of a number is another one. No file is lost. */
START_TEST(what_is_odd_and_loses_nothing)
{
	struct scene scene;

	begin(&scene, false);
	record_of(&scene, 0, 1000)[9] ^= 1;
	record_of(&scene, 1, 1000)[9] ^= 1;
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL), 0);
	ck_assert_uint_eq(scene.check.entries_lost, 0);
	ck_assert_uint_eq(scene.check.files, 2);
	ck_assert_uint_eq(scene.check.blocks_read, 201);
	ck_assert_uint_eq(scene.told, 0);
	end(&scene);
}
END_TEST

struct memory {
	uint32_t asked, fails_at;
	int64_t live;
};

static void *some_memory(void *ctx, void *p, size_t old_bytes,
			 size_t new_bytes)
{
	struct memory *memory = ctx;

	if (new_bytes > old_bytes && ++memory->asked == memory->fails_at)
		return NULL;
	memory->live += (int64_t)new_bytes - (int64_t)old_bytes;
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

START_TEST(memory_runs_out_in_a_damaged_volume)
{
	struct memory memory = { 0 };
	struct scene scene;
	int err = LATHE_ERR_MEMORY;

	begin(&scene, false);
	is_missing_directory(&scene, 1000);
	scene.hooks = (struct lathe_hooks){ .ctx = &memory,
					    .realloc = some_memory };
	while (err == LATHE_ERR_MEMORY) {
		memory.fails_at++;
		memory.asked = 0;
		err = lathe_session_verify_volume(
			&scene.blocks, 0, LATHE_SESSION_VERIFY_FULL,
			&scene.hooks, NULL, NULL, &scene.check,
			&scene.failure);
		ck_assert_int_eq(memory.live, 0);
	}
	/* It is told as that each time, not as damage. */
	ck_assert_int_eq(err, LATHE_ERR_VERIFY);
	ck_assert_uint_lt(memory.asked, memory.fails_at);
	ck_assert_uint_gt(memory.fails_at, 5);
	end(&scene);
}
END_TEST

START_TEST(it_is_stopped)
{
	struct scene scene;

	begin(&scene, true);
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_STATE), 0);
	scene.cancel_at_read = 2 * scene.reads + 1;
	ck_assert_int_eq(verify(&scene, LATHE_SESSION_VERIFY_FULL),
			 LATHE_ERR_CANCELLED);
	ck_assert_uint_lt(scene.check.blocks_read, 201);
	ck_assert_uint_eq(scene.told, 0);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: verifying volumes");
	TCase *tc = tcase_create("verify");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, what_each_level_reads, 0, 8);
	tcase_add_loop_test(
		tc, files_are_read_in_the_order_of_their_addresses, 0, 60);
	tcase_add_loop_test(tc, empty_files, 0, 4);
	tcase_add_loop_test(tc, a_file_can_not_be_read, 0,
			    sizeof(errors) / sizeof(errors[0]));
	tcase_add_loop_test(tc, an_end_of_a_file_can_not_be_read, 0,
			    2 * sizeof(errors) / sizeof(errors[0]));
	tcase_add_loop_test(tc, the_descriptors_can_not_be_read, 0,
			    sizeof(errors) / sizeof(errors[0]));
	tcase_add_loop_test(tc, an_image_was_cut, 0, 4);
	tcase_add_loop_test(tc, sections_with_another_file_between, 0, 2);
	tcase_add_test(tc, what_a_damaged_directory_loses);
	tcase_add_test(tc, what_is_odd_and_loses_nothing);
	tcase_add_test(tc, memory_runs_out_in_a_damaged_volume);
	tcase_add_test(tc, it_is_stopped);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
