/* SPDX-License-Identifier: MIT */
/*
 * check_ahead.c - reading ahead gives what the file gives, errors included.
 */
#include "tests/suite.h"
#include "tools/ahead.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 3000u

static struct file {
	atomic_int inside;	/* who is reading */
	uint32_t bad;		/* a block that can not be read */
	atomic_uint reads, longest;
} file;

static uint8_t byte_of(uint32_t lba)
{
	return (uint8_t)(lba * 31 + lba / 256);
}

static int read_file(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct file *f = ctx;
	uint32_t i;
	int err = 0;

	ck_assert_int_eq(atomic_fetch_add(&f->inside, 1), 0);
	ck_assert_uint_gt(count, 0);
	ck_assert_uint_lt(lba, BLOCKS);
	ck_assert_uint_le(count, BLOCKS - lba);
	for (i = 0; i < count; i++) {
		memset(out + (size_t)i * LATHE_BLOCK_BYTES, byte_of(lba + i),
		       LATHE_BLOCK_BYTES);
		if (lba + i == f->bad)
			err = LATHE_ERR_IO;
	}
	atomic_fetch_add(&f->reads, 1);
	if (count > atomic_load(&f->longest))
		atomic_store(&f->longest, count);
	atomic_fetch_sub(&f->inside, 1);
	return err;
}

static const struct lathe_blocks inner = { &file, read_file, BLOCKS };

static void start(uint32_t bad)
{
	memset(&file, 0, sizeof(file));
	file.bad = bad;
}

/* What comes is what is there; an error comes from who asked for it. */
static void expect(const struct lathe_blocks *blocks, uint32_t lba,
		   uint32_t count)
{
	static uint8_t out[301 * LATHE_BLOCK_BYTES];
	const bool bad = file.bad >= lba && file.bad - lba < count;
	uint8_t wanted[LATHE_BLOCK_BYTES], *p = out;
	uint32_t i;

	memset(out, 0xEE, sizeof(out));
	ck_assert_int_eq(blocks->read(blocks->ctx, lba, count, out),
			 bad ? LATHE_ERR_IO : 0);
	for (i = 0; !bad && i < count; i++, p += LATHE_BLOCK_BYTES) {
		memset(wanted, byte_of(lba + i), sizeof(wanted));
		ck_assert_mem_eq(p, wanted, sizeof(wanted));
	}
	memset(wanted, 0xEE, sizeof(wanted));
	ck_assert_mem_eq(out + (size_t)count * LATHE_BLOCK_BYTES, wanted,
			 sizeof(wanted));
}

/* From the first block to the last in pieces of any size. */
START_TEST(one_piece_after_another)
{
	static const uint32_t pieces[] = { 1, 7, 128, 129, 300 };
	const uint32_t size = pieces[_i];
	struct lathe_blocks blocks;
	struct ahead *ahead;
	uint32_t lba;

	start(UINT32_MAX);
	ahead = ahead_create(&inner, &blocks);
	ck_assert_ptr_nonnull(ahead);
	ck_assert_uint_eq(blocks.end, BLOCKS);
	for (lba = 0; lba < BLOCKS; lba += size)
		expect(&blocks, lba,
		       BLOCKS - lba < size ? BLOCKS - lba : size);
	ahead_destroy(ahead);
	/* Each block once: nothing that was fetched was thrown away. */
	ck_assert_uint_eq(file.reads, (BLOCKS + size - 1) / size);
	ck_assert_uint_le(file.longest, size);
}
END_TEST

/* Here and there, on and back, and over a block that can not be read. */
START_TEST(in_any_order)
{
	uint32_t lba = 0, count = 1, n, seed = (uint32_t)_i * 7919 + 1;
	struct lathe_blocks blocks;
	struct ahead *ahead;

	start(_i % 2 ? UINT32_MAX : 1500);
	ahead = ahead_create(&inner, &blocks);
	for (n = 0; n < 300; n++) {
		seed = seed * 1664525 + 1013904223;
		lba = seed >> 30 ? lba + count : (seed >> 8) % BLOCKS;
		if (lba >= BLOCKS)
			lba = _i % 2 ? 0 : 1490;
		seed = seed * 1664525 + 1013904223;
		if (seed >> 31)
			count = 1 + (seed >> 8) % 140;
		if (count > BLOCKS - lba)
			count = BLOCKS - lba;
		expect(&blocks, lba, count);
	}
	ahead_destroy(ahead);
}
END_TEST

/* Nothing to wait for, and a fetch that nobody comes for. */
START_TEST(ended_at_once)
{
	struct lathe_blocks blocks;
	struct ahead *ahead;

	ahead_destroy(NULL);
	start(UINT32_MAX);
	ahead = ahead_create(&inner, &blocks);
	if (_i)
		expect(&blocks, 0, 128);
	ahead_destroy(ahead);
	ck_assert_uint_le(file.reads, 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tools: reading ahead");
	TCase *tc = tcase_create("ahead");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, one_piece_after_another, 0, 5);
	tcase_add_loop_test(tc, in_any_order, 0, 20);
	tcase_add_loop_test(tc, ended_at_once, 0, 2);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
