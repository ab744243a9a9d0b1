/* SPDX-License-Identifier: MIT */
/* The store that keeps digests: what it gives back, and what it notices. */
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"
#include "tests/suite.h"

static struct bench b;
static uint32_t asked;

/* Makes blocks of tag 1 again, but those of LBA 500 to 509 wrongly. */
static int source(void *ctx, uint32_t lba, uint8_t *out)
{
	(void)ctx;
	asked++;
	make_block(out, lba, 1);
	if (lba >= 500 && lba < 510)
		out[2047] ^= 1;
	return 0;
}

static void open_with(uint32_t keep, bool with_source)
{
	struct lathe_emulator_digest options;

	bench_open(&b, LATHE_EMULATOR_CD_RW, NULL, NULL);
	lathe_emulator_insert(b.drive, NULL);
	lathe_emulator_store_close(b.disc);
	memset(&options, 0, sizeof(options));
	options.size = sizeof(options);
	options.keep_blocks = keep;
	options.source = with_source ? source : NULL;
	ck_assert_int_eq(lathe_emulator_store_digest(
				 NULL, LATHE_EMULATOR_CD_RW, &options,
				 &b.disc), 0);
	lathe_emulator_insert(b.drive, b.disc);
	IS(send_cdb(&b, READY), SENSE(6, 0x28, 0));
	asked = 0;
}

static enum lathe_emulator_block peek(uint32_t lba)
{
	uint8_t block[2048];

	return lathe_emulator_store_peek(b.disc, lba, block);
}

START_TEST(the_head_of_a_run_is_kept)
{
	uint8_t block[2048];

	open_with(40, false);
	burn(&b, 0, 600, 3, 1);
	block_is(&b, 0, 1);
	block_is(&b, 39, 1);
	IS(read_blocks(&b, 40, 1), SENSE(3, 0x11, 0x05));
	ck_assert_int_eq(peek(39), LATHE_EMULATOR_BLOCK_DATA);
	ck_assert_int_eq(peek(40), LATHE_EMULATOR_BLOCK_DIGEST);
	ck_assert_int_eq(peek(600), LATHE_EMULATOR_BLOCK_GAP);
	/* A second session is a run of its own; block 12,042 of the disc lies
	 * 40 blocks behind its start. */
	burn(&b, 12002, 600, 3, 1);
	block_is(&b, 12041, 1);
	IS(read_blocks(&b, 12042, 1), SENSE(3, 0x11, 0x05));
	make_block(block, 12042, 1);
	ck_assert(lathe_emulator_store_holds(b.disc, 12042, block));
	bench_close(&b);
}
END_TEST

/* Padding up to 300 blocks is zeros, of which nothing need be kept; so are
 * zeros that were written. */
START_TEST(zeros_can_be_read)
{
	static const uint8_t zeros[4096];
	uint32_t i;

	open_with(1, false);
	IS(select_write(&b, 0x41, 0xc4, 8, 0), GOOD);
	IS(write_blocks(&b, 0, 1, 1), GOOD);
	IS(send_out(&b, "2a 00 00 00 00 01 00 00 02 00", zeros, 4096), GOOD);
	IS(send_cdb(&b, SYNC), GOOD);
	IS(send_cdb(&b, CLOSE_SESSION), GOOD);
	for (i = 1; i < 300; i++) {
		IS(read_blocks(&b, i, 1), GOOD);
		ck_assert_mem_eq(b.data, zeros, 2048);
		ck_assert(lathe_emulator_store_holds(b.disc, i, zeros));
	}
	ck_assert(!lathe_emulator_store_holds(b.disc, 0, zeros));
	ck_assert(!lathe_emulator_store_holds(b.disc, 300, zeros));
	bench_close(&b);
}
END_TEST

START_TEST(a_source_makes_blocks_again)
{
	open_with(1, true);
	burn(&b, 0, 600, 3, 1);
	block_is(&b, 0, 1);
	ck_assert_uint_eq(asked, 0);
	block_is(&b, 1, 1);
	block_is(&b, 499, 1);
	ck_assert_uint_eq(asked, 2);
	/* It does not know these. */
	IS(read_blocks(&b, 505, 1), SENSE(3, 0x11, 0x05));
	ck_assert_int_eq(peek(505), LATHE_EMULATOR_BLOCK_DIGEST);
	bench_close(&b);
}
END_TEST

/* Every bit of a block, one by one, and words that change places. */
START_TEST(a_digest_notices_any_bit)
{
	uint8_t block[2048], word[8];
	uint32_t i;

	open_with(1, false);
	burn(&b, 0, 300, 3, 1);
	make_block(block, 7, 1);
	ck_assert(lathe_emulator_store_holds(b.disc, 7, block));
	for (i = 0; i < 2048 * 8; i++) {
		block[i / 8] ^= (uint8_t)(1u << i % 8);
		ck_assert(!lathe_emulator_store_holds(b.disc, 7, block));
		block[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (i = 8; i < 2048; i += 8) {
		memcpy(word, block, 8);
		memcpy(block, block + i, 8);
		memcpy(block + i, word, 8);
		ck_assert(!lathe_emulator_store_holds(b.disc, 7, block));
		memcpy(block + i, block, 8);
		memcpy(block, word, 8);
	}
	ck_assert(lathe_emulator_store_holds(b.disc, 7, block));
	bench_close(&b);
}
END_TEST

START_TEST(blanking_forgets)
{
	uint8_t block[2048];

	open_with(10, true);
	burn(&b, 0, 300, 3, 1);
	IS(send_cdb(&b, "a1 00 00 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_int_eq(peek(0), LATHE_EMULATOR_BLOCK_UNRECORDED);
	burn(&b, 0, 300, 3, 2);
	make_block(block, 100, 1);
	ck_assert(!lathe_emulator_store_holds(b.disc, 100, block));
	make_block(block, 100, 2);
	ck_assert(lathe_emulator_store_holds(b.disc, 100, block));
	block_is(&b, 9, 2);
	bench_close(&b);
}
END_TEST

START_TEST(other_stores_answer_judges_alike)
{
	uint8_t block[2048];

	bench_open(&b, LATHE_EMULATOR_CD_R_80, NULL, NULL);
	burn(&b, 0, 300, 3, 1);
	make_block(block, 100, 1);
	ck_assert(lathe_emulator_store_holds(b.disc, 100, block));
	block[5] ^= 1;
	ck_assert(!lathe_emulator_store_holds(b.disc, 100, block));
	ck_assert(!lathe_emulator_store_holds(b.disc, 301, block));
	bench_close(&b);
}
END_TEST

START_TEST(arguments_and_snapshots)
{
	struct lathe_emulator_digest options = { 0, 0, NULL, NULL };
	struct lathe_emulator_store *disc, *copy;

	ck_assert_int_eq(lathe_emulator_store_digest(
				 NULL, LATHE_EMULATOR_CD_R_80, &options,
				 &disc), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_emulator_store_digest(
				 NULL, LATHE_EMULATOR_MEDIA_COUNT, NULL,
				 &disc), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_emulator_store_digest(
				 NULL, LATHE_EMULATOR_CD_R_80, NULL, &disc),
			 0);
	ck_assert_int_eq(lathe_emulator_store_snapshot(disc, &copy),
			 LATHE_ERR_UNSUPPORTED);
	lathe_emulator_store_close(disc);
}
END_TEST

/* Memory runs out at each point in turn: an error, and nothing is lost. */
struct counted {
	long left;
	size_t bytes;
};

static void *counting(void *ctx, void *p, size_t old, size_t new)
{
	struct counted *c = ctx;
	void *q;

	if (new && c->left-- <= 0)
		return NULL;
	c->bytes += new - old;
	if (!new) {
		free(p);
		return NULL;
	}
	q = realloc(p, new);
	ck_assert_ptr_nonnull(q);
	return q;
}

START_TEST(memory_runs_out)
{
	struct counted c = { 0, 0 };
	struct lathe_hooks hooks;
	struct lathe_emulator_store *disc;
	long n;
	int err = LATHE_ERR_MEMORY;

	memset(&hooks, 0, sizeof(hooks));
	hooks.ctx = &c;
	hooks.realloc = counting;
	for (n = 0; err; n++) {
		c.left = n;
		err = lathe_emulator_store_digest(
			&hooks, LATHE_EMULATOR_CD_R_80, NULL, &disc);
		ck_assert(!err || err == LATHE_ERR_MEMORY);
		if (!err)
			lathe_emulator_store_close(disc);
		ck_assert_uint_eq(c.bytes, 0);
	}
	ck_assert_int_gt(n, 2);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("emulated digests");
	TCase *t = tcase_create("digests");

	tcase_add_test(t, the_head_of_a_run_is_kept);
	tcase_add_test(t, zeros_can_be_read);
	tcase_add_test(t, a_source_makes_blocks_again);
	tcase_add_test(t, a_digest_notices_any_bit);
	tcase_add_test(t, blanking_forgets);
	tcase_add_test(t, other_stores_answer_judges_alike);
	tcase_add_test(t, arguments_and_snapshots);
	tcase_add_test(t, memory_runs_out);
	suite_add_tcase(s, t);
	return run_suite(s);
}
