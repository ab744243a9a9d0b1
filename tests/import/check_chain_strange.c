/* SPDX-License-Identifier: MIT */
/*
 * Chains that are not as an append leaves them: cut off between its steps,
 * torn, contradicting themselves, on media larger than any memory.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_chain.h"
#include "tests/suite.h"

static struct disc *disc;

static void make(void)
{
	disc = disc_new(400);
}

static void drop(void)
{
	disc_free(disc);
}

/* So many sessions are there; the first is the head's, and as told. */
static void chain_is(uint32_t count, uint32_t start, uint32_t heads, bool own)
{
	struct lathe_iso9660_chain *chain = chain_of(disc);

	count_is(chain, count);
	link_is(chain, 0, start, heads, own, true);
	lathe_iso9660_chain_destroy(chain);
}

/* ---- copies of one head ------------------------------------------------- */

/* The mark is gone: 8.4.32, application use; SPEC.md 1.6. */
static void drop_mark(uint32_t descriptor)
{
	memset(disc_block(disc, descriptor) + 883, 0, 512);
}

/* An append that was cut off behind its first step, once or several times:
 * what the copy holds is in the head as well, and it is one session. */
START_TEST(a_copy_of_the_head_that_is_still_there)
{
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;

	put_own(disc, 0, 0, 0);
	keep_head(disc, 64);
	if (_i)
		keep_head(disc, 128);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 0, 64, true, true);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->moved, 3);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 160, &append), 0);
	ck_assert_uint_eq(append.copy, 0);
	ck_assert_uint_eq(append.start, 160);
	ck_assert_uint_eq(append.previous.start, 64);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* Of a whole set and a damaged one the whole one counts, wherever it is. */
START_TEST(a_damaged_set_beside_a_whole_one)
{
	uint8_t head[3 * 2048];

	put_own(disc, 0, 0, 0);
	memcpy(head, disc_block(disc, 16), sizeof(head));
	if (_i == 0) {
		keep_head(disc, 64);
		drop_mark(16);
		chain_is(1, 0, 64, true);
		return;
	}
	drop_mark(16);
	keep_head(disc, 64);
	if (_i == 1) {
		/* Neither is ours: that which has a checksum. */
		chain_is(1, 0, 64, false);
		return;
	}
	memcpy(disc_block(disc, 16), head, sizeof(head));
	chain_is(1, 0, 0, true);
}
END_TEST

/* Two sets of another program for one root: that in the head counts. */
START_TEST(two_sets_for_one_root)
{
	put_foreign(disc, 0);
	disc_primary(disc, 16, 320, 2048);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	put_foreign(disc, 101);
	disc_primary(disc, 117, 320, 2048);
	dir_begin(disc, 320, 1, 320, 1, false);
	chain_is(1, 0, 0, false);
}
END_TEST

/* ---- what is no session ------------------------------------------------- */

/* 8.4.18: a root that can not be there. */
START_TEST(a_root_that_is_nowhere)
{
	static const uint32_t roots[] = { 0, 16, 400, 0xFFFFFFFF };

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	disc_primary(disc, 116, roots[_i], 2048);
	chain_is(1, 0, 0, false);
}
END_TEST

/* 9.1, 6.8.2.2: what stands at the root has to be one, and to say so. */
START_TEST(a_root_that_is_no_directory)
{
	uint8_t *root;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	put_foreign(disc, 100);
	root = disc_block(disc, 120);
	switch (_i) {
	case 0:
		root[0] = 33;
		break;
	case 1:
		root[32] = 2;
		break;
	case 2:
		root[33] = 1;
		break;
	case 3:
		lathe_put_both32(root + 2, 20);
		break;
	case 4:
		disc->broken = 120;
		break;
	default:
		break;
	}
	if (_i < 5)
		chain_is(1, 0, 0, false);
	else
		chain_is(2, 0, 0, false);
}
END_TEST

/* SPEC.md 5: what the head and the marks lead to is taken. That its root is
 * damaged is to be told by who reads it; an older session in its place would
 * hide the loss. Of sessions of other programs the head alone knows one. */
START_TEST(a_root_that_is_damaged)
{
	static const uint32_t starts[] = { 32, 112, 208 };
	const bool own = _i < 3;
	struct lathe_iso9660_chain *chain;
	uint32_t i;

	for (i = 0; i < 3; i++) {
		if (own) {
			put_own(disc, starts[i], i ? starts[i - 1] : 0, i * 15);
			continue;
		}
		put_foreign(disc, starts[i]);
		lathe_put_both32(disc_block(disc, starts[i] + 16) + 80, 30);
	}
	make_head(disc, 208);
	i = own ? starts[_i] : 208;
	disc->broken = lathe_get_le32(disc_block(disc, i + 16) + 158);
	chain = chain_of(disc);
	count_is(chain, 3);
	for (i = 0; i < 3; i++)
		link_is(chain, i, starts[i], starts[i], own, i == 2);
	ck_assert(!own || !lathe_iso9660_chain_gap(chain));
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* SPEC.md 5: the newest session's own descriptor can not be read. The head
 * stands for it, and the mark there leads on; with a boot record between the
 * descriptors (1) the head is not what stood there, and is left at LBA 0, as
 * with a root that is elsewhere, maybe in front of what this file holds (2). A
 * head without a size of the volume (8.4.8) has that of the mark (3). */
START_TEST(a_descriptor_that_is_damaged)
{
	static const uint32_t starts[] = { 32, 112, 208 };
	bool stands_in = _i == 0 || _i == 3;
	const struct lathe_iso9660_link *link;
	struct lathe_iso9660_chain *chain;
	struct lathe_iso9660_append place;
	uint32_t i;

	for (i = 0; i < 3; i++)
		put_own(disc, starts[i], i ? starts[i - 1] : 0, i * 15);
	make_head(disc, 208);
	if (_i == 1) {
		memmove(disc_block(disc, 18), disc_block(disc, 17), 2 * 2048);
		memcpy(disc_block(disc, 17), "\0CD001\1", 7);
	}
	i = lathe_get_le32(disc_block(disc, 16) + 158);
	if (_i == 2)
		memset(disc_block(disc, i), 0, 2048);
	if (_i == 3)
		memset(disc_block(disc, 16) + 80, 0, 8);
	disc->broken = 208 + 16;
	chain = chain_of(disc);
	count_is(chain, 3);
	link_is(chain, 0, 32, 32, true, false);
	link_is(chain, 1, 112, 112, true, false);
	link_is(chain, 2, stands_in ? 208 : 0, 0, true, true);
	link = lathe_iso9660_chain_link(chain, 2);
	ck_assert_uint_eq(link->moved, stands_in ? 3 : 0);
	if (stands_in)
		ck_assert_uint_eq(link->end, 208 + link->found.self.blocks);
	ck_assert(!lathe_iso9660_chain_gap(chain));
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &place), 0);
	if (stands_in)
		ck_assert_uint_eq(place.previous.start, 208);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* 7.3.3 records an address twice; some writers left one half zero, in the
 * descriptor (8.4.18) and in the root's own record. */
START_TEST(an_address_in_one_half)
{
	struct lathe_iso9660_chain *chain;
	uint32_t half = _i % 2 ? 4 : 0, start = _i / 2 ? 64 : 0;

	put_foreign(disc, start);
	memset(disc_block(disc, start + 16) + 158 + half, 0, 4);
	memset(disc_block(disc, start + 20) + 2 + half, 0, 4);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, start, start, false, start == 0);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* Descriptors of one session at another one's place. */
START_TEST(an_own_descriptor_elsewhere)
{
	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	put_own(disc, 192, 0, 0);
	memcpy(disc_block(disc, 116), disc_block(disc, 208), 2048);
	chain_is(2, 0, 0, false);
}
END_TEST

/* What was copied from a disc into a file was made for where it stood there:
 * its root lies as far behind its descriptors, but not where they say. */
START_TEST(a_session_in_a_file_of_its_own)
{
	struct lathe_iso9660_chain *chain;
	const uint32_t at = 300, blocks = 100;

	if (_i)
		put_own(disc, at, 0, 0);
	else
		put_foreign(disc, at);
	memmove(disc->data, disc_block(disc, at), blocks * 2048);
	disc_resize(disc, blocks);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 0, 0, false, true);
	ck_assert_uint_le(lathe_iso9660_chain_link(chain, 0)->end, blocks);
	lathe_iso9660_chain_destroy(chain);
	/* Nothing is made up where there is no root at all. */
	memset(disc_block(disc, 19), 0, (blocks - 19) * 2048);
	chain = chain_of(disc);
	count_is(chain, 0);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* A head whose session was written over by something else: its root may still
 * be whole, so it stands for itself. */
START_TEST(a_head_whose_session_is_another)
{
	struct lathe_iso9660_chain *chain;

	put_own(disc, 192, 0, 0);
	make_head(disc, 192);
	disc_primary(disc, 208, 300, 2048);
	dir_begin(disc, 300, 1, 300, 1, false);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 0, 0, true, true);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* SPEC.md 1.6: a mark that names a place behind the end of a disc that was cut
 * or copied in part; nothing is asked for there. */
START_TEST(a_head_whose_session_is_behind_the_end)
{
	struct disc *whole = disc_new(600);
	struct lathe_iso9660_chain *chain;

	put_own(whole, 512, 0, 0);
	memcpy(disc_block(disc, 16), disc_block(whole, 528), 3 * 2048);
	lathe_put_both32(disc_block(disc, 16) + 158, 300);
	dir_begin(disc, 300, 1, 300, 1, false);
	chain = chain_of(disc);
	count_is(chain, 1);
	ck_assert(lathe_iso9660_chain_link(chain, 0)->head);
	lathe_iso9660_chain_destroy(chain);
	disc_free(whole);
}
END_TEST

/* 8.4.12: blocks of 512 bytes, which nobody here reads. What stands behind is
 * found all the same. */
START_TEST(a_head_that_is_refused)
{
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	memcpy(disc_block(disc, 16) + 128, "\0\2\2\0", 4);
	put_foreign(disc, 100);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 100, 100, false, false);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* 6.8.2, SPEC.md 5: what is recorded later lies behind; a root in front of
 * those of earlier sessions is nobody's. */
START_TEST(roots_in_the_other_order)
{
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	put_foreign(disc, 100);
	put_foreign(disc, 200);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	disc_primary(disc, 116, 300, 2048);
	lathe_put_both32(disc_block(disc, 116) + 80, 130);
	dir_begin(disc, 300, 1, 300, 1, false);
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 0, 0, false, true);
	link_is(chain, 1, 200, 200, false, false);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* SPEC.md 5: never inside of a volume that is known, whichever led to it; the
 * block behind it is searched. */
START_TEST(an_image_inside_of_the_newest_session)
{
	struct lathe_iso9660_chain *chain;

	put_own(disc, 32, 0, 0);
	put_foreign(disc, 112);
	lathe_put_both32(disc_block(disc, 128) + 80, 100);
	put_foreign(disc, 160);
	lathe_put_both32(disc_block(disc, 176) + 80, 30);
	put_foreign(disc, 212);
	make_head(disc, 112);
	chain = chain_of(disc);
	count_is(chain, 3);
	link_is(chain, 0, 32, 32, true, false);
	link_is(chain, 1, 112, 112, false, true);
	link_is(chain, 2, 212, 212, false, false);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* SPEC.md 5: a copy of the head ends the way, since nothing is in front of
 * LBA 0. What stands in the first volume is a file of it. */
START_TEST(an_image_inside_of_the_first_session)
{
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 90);
	put_foreign(disc, 48);
	lathe_put_both32(disc_block(disc, 64) + 80, 30);
	keep_head(disc, 96);
	put_own(disc, 128, 96, 32);
	make_head(disc, 128);
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 0, 96, false, false);
	link_is(chain, 1, 128, 128, true, true);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* SPEC.md 5: at most 16 descriptors are kept, and as many are. */
START_TEST(a_copy_of_sixteen_blocks)
{
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 60);
	ck_assert_int_eq(lathe_iso9660_head_copy(disc_block(disc, 16), 16, 64,
						 disc_block(disc, 64)), 0);
	put_own(disc, 96, 64, 32);
	make_head(disc, 96);
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 0, 64, false, false);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->moved, 16);
	lathe_iso9660_chain_destroy(chain);
	/* Of more, whatever the checksum is, there is none. */
	lathe_put_le32(disc_block(disc, 64) + 24, 17);
	lathe_put_le32(disc_block(disc, 64) + 28,
		       lathe_iso9660_crc32c(0, disc_block(disc, 80),
					    17 * 2048));
	chain = chain_of(disc);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->moved, 0);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

START_TEST(nothing_at_all)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .use_count = LATHE_ISO9660_HIERARCHIES
	};
	struct lathe_iso9660_chain *chain;

	disc->source.end = 0;
	chain = chain_of(disc);
	count_is(chain, 0);
	lathe_iso9660_chain_destroy(chain);
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), LATHE_ERR_ARG);
}
END_TEST

/* ---- errors ------------------------------------------------------------- */

/* Seventeen sessions that have to be searched for, more than there is room
 * for at first. Each read says once that there is no memory, each allocation
 * fails once. */
START_TEST(memory_runs_out_in_a_search)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1
	};
	struct import heap = { .allocations = 0 };
	struct lathe_iso9660_chain *chain;
	uint64_t reads, allocations, i;
	int err, failed = 0;

	disc_resize(disc, 17 * 22);
	for (i = 0; i < 17; i++) {
		put_foreign(disc, (uint32_t)i * 22);
		lathe_put_both32(disc_block(disc, (uint32_t)i * 22 + 16) + 80,
				 (uint32_t)i * 22 + 22);
	}
	options.hooks = import_hooks(&heap);
	disc->reads = 0;
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), 0);
	count_is(chain, 17);
	lathe_iso9660_chain_destroy(chain);
	reads = disc->reads;
	allocations = heap.allocations;
	ck_assert_uint_ge(allocations, 4);
	for (i = 1; i <= reads + allocations; i++) {
		heap.allocations = disc->reads = 0;
		heap.fail_at = i > reads ? i - reads : 0;
		disc->fail_at = i > reads ? 0 : (uint32_t)i;
		disc->fail_with = LATHE_ERR_MEMORY;
		err = lathe_iso9660_chain_read(&disc->source, &options,
					       &chain);
		ck_assert(err == LATHE_ERR_MEMORY || (err == 0 && i <= reads));
		if (err == 0)
			lathe_iso9660_chain_destroy(chain);
		failed += err != 0;
		ck_assert_uint_eq(heap.live, 0);
	}
	ck_assert_uint_ge((uint64_t)failed, allocations + 17);
}
END_TEST

/* ---- large media -------------------------------------------------------- */

/* Blocks of zeros, but for those of 'disc', which stand at 'at' as well. */
struct large {
	struct disc *disc;
	uint32_t at;
	uint32_t reads;
};

static int read_large(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct large *large = ctx;
	uint32_t end = large->disc->blocks;

	large->reads++;
	for (; count > 0; count--, lba++, out += 2048) {
		memset(out, 0, 2048);
		if (lba < end)
			memcpy(out, disc_block(large->disc, lba), 2048);
		else if (lba >= large->at && lba - large->at < end)
			memcpy(out, disc_block(large->disc, lba - large->at),
			       2048);
	}
	return 0;
}

static uint32_t data_of_large(void *ctx, uint32_t lba)
{
	const struct large *large = ctx;
	uint32_t end = large->disc->blocks;

	if (lba < end || (lba >= large->at && lba - large->at < end))
		return lba;
	return lba < large->at ? large->at : 3000000;
}

static struct lathe_iso9660_chain *
chain_of_large(struct large *large, uint32_t end, uint32_t search_blocks)
{
	struct lathe_blocks blocks = {
		.ctx = large, .read = read_large, .end = end
	};
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.next_data = large->at && !search_blocks ? data_of_large : NULL,
		.ctx = large, .search_blocks = search_blocks
	};
	struct lathe_iso9660_chain *chain;

	ck_assert_int_eq(lathe_iso9660_chain_read(&blocks, &options, &chain),
			 0);
	return chain;
}

/* Holes are not read, whatever the step of the search. */
START_TEST(holes_are_skipped)
{
	struct large large = { disc, 2000000, 0 };
	struct lathe_iso9660_chain *chain;

	disc_resize(disc, 300);
	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	if (_i) {
		/* The head's own session is further on; nothing leads to it
		 * but its root. */
		put_foreign(disc, 112);
		make_head(disc, 112);
	}
	chain = chain_of_large(&large, 3000000, 0);
	count_is(chain, 1);
	ck_assert_uint_lt(large.reads, 200);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* On a drive the search ends some way behind what it found last. */
START_TEST(a_search_may_have_an_end)
{
	struct large large = { disc, 0, 0 };
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	put_foreign(disc, 100);
	put_foreign(disc, 300);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	lathe_put_both32(disc_block(disc, 116) + 80, 130);
	chain = chain_of_large(&large, 3000000, 100);
	/* The third one is more than 100 blocks behind the second. */
	count_is(chain, 2);
	link_is(chain, 1, 100, 100, false, false);
	ck_assert_uint_lt(large.reads, 200);
	lathe_iso9660_chain_destroy(chain);
	chain = chain_of_large(&large, 3000000, 200);
	count_is(chain, 3);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* Or where the first session is, wherever that may be. */
START_TEST(a_search_up_to_the_first_session)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .search_blocks = 50,
		.to_first = _i != 0
	};
	struct lathe_iso9660_chain *chain;

	disc_resize(disc, 1000);
	put_foreign(disc, 300);
	put_foreign(disc, 900);
	lathe_put_both32(disc_block(disc, 316) + 80, 330);
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), 0);
	count_is(chain, _i ? 1 : 0);
	if (_i)
		link_is(chain, 0, 300, 300, false, false);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* What is beside a block that can not be read is found all the same. */
START_TEST(a_session_beside_a_broken_block)
{
	struct lathe_iso9660_chain *chain;

	disc_resize(disc, 1000);
	put_foreign(disc, 300);
	disc->broken = 300 + (_i ? 17 : 15);
	chain = chain_of(disc);
	count_is(chain, _i ? 0 : 1);
	lathe_iso9660_chain_destroy(chain);
	disc->broken = 300 + 18;
	chain = chain_of(disc);
	count_is(chain, 1);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* Addresses end before 2^32, and so do the steps of a search. */
START_TEST(a_volume_up_to_the_last_block)
{
	struct large large = { disc, 0, 0 };
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, UINT32_MAX);
	chain = chain_of_large(&large, UINT32_MAX, 0);
	count_is(chain, 1);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->end, UINT32_MAX);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* A root far away from every descriptor: looked for in front of it, but not
 * for ever. */
START_TEST(a_root_far_behind_its_descriptors)
{
	struct large large = { disc, 0, 0 };
	struct lathe_iso9660_chain *chain;

	disc_primary(disc, 16, 2000000, 2048);
	lathe_put_both32(disc_block(disc, 16) + 80, 3000000);
	chain = chain_of_large(&large, 3000000, 0);
	count_is(chain, 1);
	link_is(chain, 0, 0, 0, false, true);
	ck_assert_uint_lt(large.reads, 5000);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

/* ---- the copy of a disc grew -------------------------------------------- */

/* SPEC.md 5: on the disc the second session's mark led to LBA 0; the head is
 * kept in front of the third one, or behind all, or lost. */
static void grow_copy(uint32_t second, uint32_t kept)
{
	put_own(disc, 0, 0, 0);
	put_own(disc, second, 0, 40);
	if (kept)
		keep_head(disc, kept);
	put_own(disc, 288, second, 40);
	make_head(disc, 288);
}

START_TEST(the_first_session_of_a_copy_that_grew)
{
	static const struct {
		uint32_t second, kept;
		bool first;
	} copies[] = {
		{ 192, 256, true },	/* in front of the third */
		{ 200, 256, true },	/* a disc knows no multiples */
		{ 192, 160, true },	/* in front of the second */
		{ 32, 256, true },
		{ 192, 352, true },	/* behind all of them */
		{ 200, 352, true },
		{ 32, 0, false },
		{ 192, 0, false }
	};
	const uint32_t second = copies[_i / 2].second;
	const uint32_t kept = copies[_i / 2].kept;
	const uint32_t before = copies[_i / 2].first ? 1 : 0;
	/* A drive searches the next blocks alone. */
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.search_blocks = _i % 2 ? 64 : 0
	};
	struct lathe_iso9660_chain *chain;

	grow_copy(second, kept);
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), 0);
	count_is(chain, 2 + before);
	if (before)
		link_is(chain, 0, 0, kept, true, false);
	link_is(chain, before, second, second, true, false);
	link_is(chain, before + 1, 288, 288, true, true);
	ck_assert_int_eq(lathe_iso9660_chain_gap(chain), !before);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

static bool stop(void *ctx)
{
	(void)ctx;
	return true;
}

START_TEST(whoever_stops_the_search_of_it)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options), .uses = &joliet_use, .use_count = 1,
		.hooks.cancelled = stop
	};
	struct lathe_iso9660_chain *chain;

	grow_copy(192, 256);
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain),
			 LATHE_ERR_CANCELLED);
}
END_TEST

/* ---- more sessions than anybody has ------------------------------------- */

/* A session at each multiple of 20, with its root at + 18. */
static int read_many(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	struct disc *one = ctx;

	for (; count > 0; count--, lba++, out += 2048) {
		memcpy(out, disc_block(one, lba % 20), 2048);
		if (lba % 20 == 16)
			lathe_put_both32(out + 158, lba + 2);
		else if (lba % 20 == 18)
			lathe_put_both32(out + 2, lba);
	}
	return 0;
}

START_TEST(sessions_are_limited)
{
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options)
	};
	struct lathe_blocks blocks = {
		.ctx = disc, .read = read_many, .end = 20 * 10100
	};
	struct lathe_iso9660_chain *chain;

	disc_primary(disc, 16, 18, 2048);
	dir_begin(disc, 18, 1, 18, 1, false);
	lathe_put_both32(disc_block(disc, 16) + 80, 19);
	ck_assert_int_eq(lathe_iso9660_chain_read(&blocks, &options, &chain),
			 0);
	count_is(chain, 9999);
	link_is(chain, 9998, 20 * 9998, 20 * 9998, false, false);
	lathe_iso9660_chain_destroy(chain);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("strange chains");
	TCase *tc = tcase_create("strange");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, make, drop);
	tcase_add_loop_test(tc, a_copy_of_the_head_that_is_still_there, 0, 2);
	tcase_add_loop_test(tc, a_damaged_set_beside_a_whole_one, 0, 3);
	tcase_add_test(tc, two_sets_for_one_root);
	tcase_add_loop_test(tc, a_root_that_is_nowhere, 0, 4);
	tcase_add_loop_test(tc, a_root_that_is_no_directory, 0, 6);
	tcase_add_loop_test(tc, a_root_that_is_damaged, 0, 4);
	tcase_add_loop_test(tc, a_descriptor_that_is_damaged, 0, 4);
	tcase_add_loop_test(tc, an_address_in_one_half, 0, 4);
	tcase_add_test(tc, an_own_descriptor_elsewhere);
	tcase_add_loop_test(tc, a_session_in_a_file_of_its_own, 0, 2);
	tcase_add_test(tc, a_head_whose_session_is_another);
	tcase_add_test(tc, a_head_whose_session_is_behind_the_end);
	tcase_add_test(tc, a_head_that_is_refused);
	tcase_add_test(tc, roots_in_the_other_order);
	tcase_add_test(tc, an_image_inside_of_the_newest_session);
	tcase_add_test(tc, an_image_inside_of_the_first_session);
	tcase_add_test(tc, a_copy_of_sixteen_blocks);
	tcase_add_test(tc, nothing_at_all);
	tcase_add_test(tc, memory_runs_out_in_a_search);
	tcase_add_loop_test(tc, holes_are_skipped, 0, 2);
	tcase_add_test(tc, a_search_may_have_an_end);
	tcase_add_loop_test(tc, a_search_up_to_the_first_session, 0, 2);
	tcase_add_loop_test(tc, a_session_beside_a_broken_block, 0, 2);
	tcase_add_test(tc, a_volume_up_to_the_last_block);
	tcase_add_test(tc, a_root_far_behind_its_descriptors);
	tcase_add_loop_test(tc, the_first_session_of_a_copy_that_grew, 0, 16);
	tcase_add_test(tc, whoever_stops_the_search_of_it);
	tcase_add_test(tc, sessions_are_limited);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
