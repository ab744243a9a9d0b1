/* SPDX-License-Identifier: MIT */
/*
 * Sessions without a table of contents: found by their marks, by copies of
 * heads and by a search; and where the next one goes. SPEC.md, 5.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/import/lib_chain.h"
#include "tests/suite.h"

START_TEST(nothing_is_found_where_nothing_is)
{
	struct lathe_iso9660_append append;
	uint32_t blocks;

	for (blocks = 1; blocks < 40; blocks++) {
		struct disc *disc = disc_new(blocks);
		struct lathe_iso9660_chain *chain = chain_of(disc);

		count_is(chain, 0);
		ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append),
				 LATHE_ERR_NO_VOLUME);
		lathe_iso9660_chain_destroy(chain);
		disc_free(disc);
	}
	lathe_iso9660_chain_destroy(NULL);
}
END_TEST

START_TEST(marks_lead_back_to_block_32)
{
	struct disc *disc = disc_new(400);
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;

	put_own(disc, 32, 0, 0);
	put_own(disc, 96, 32, 30);
	put_own(disc, 192, 96, 30);
	make_head(disc, 192);
	chain = chain_of(disc);
	count_is(chain, 3);
	link_is(chain, 0, 32, 32, true, false);
	link_is(chain, 1, 96, 96, true, false);
	link_is(chain, 2, 192, 192, true, true);
	ck_assert(!lathe_iso9660_chain_gap(chain));
	/* Only the head, the sessions and what is behind them are read. */
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 301, &append), 0);
	ck_assert_uint_eq(append.copy, 0);
	ck_assert_uint_eq(append.start, 320);
	ck_assert_uint_eq(append.previous.start, 192);
	ck_assert_uint_eq(append.room, 16);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

START_TEST(a_copy_keeps_the_head_of_block_0)
{
	struct disc *disc = disc_new(300);
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;
	struct lathe_iso9660_view view;
	uint8_t old[3 * 2048], now[4 * 2048];
	uint32_t first_end;

	put_own(disc, 0, 0, 0);
	memcpy(old, disc_block(disc, 16), sizeof(old));
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 0, 0, true, true);
	first_end = lathe_iso9660_chain_link(chain, 0)->end;
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 33, &append), 0);
	ck_assert_uint_eq(append.copy, 64);
	ck_assert_uint_eq(append.start, 96);
	ck_assert_uint_eq(append.previous.start, 64);
	ck_assert_uint_eq(append.previous.blocks, 32);
	ck_assert_uint_eq(append.room, 3);
	lathe_iso9660_chain_destroy(chain);

	keep_head(disc, 64);
	put_own(disc, 96, 64, 32);
	make_head(disc, 96);
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 0, 64, true, false);
	link_is(chain, 1, 96, 96, true, true);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->moved, 3);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->end, first_end);

	/* Seen through it, the first session is as it was. */
	lathe_iso9660_view_init(&view, &disc->source,
				lathe_iso9660_chain_link(chain, 0));
	ck_assert_int_eq(view.blocks.read(view.blocks.ctx, 15, 4, now), 0);
	ck_assert_mem_eq(now, disc_block(disc, 15), 2048);
	ck_assert_mem_eq(now + 2048, old, sizeof(old));
	ck_assert_int_eq(view.blocks.read(view.blocks.ctx, 19, 1, now), 0);
	ck_assert_mem_eq(now, disc_block(disc, 19), 2048);

	/* One copy is enough. */
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.copy, 0);
	ck_assert_uint_eq(append.previous.start, 96);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* SPEC.md 5; the checksum is that of RFC 3720 B.4's examples: 32 bytes of
 * zeros give 8A9136AAh. */
START_TEST(the_bytes_of_a_copy)
{
	static const uint8_t want[28] = {
		'L', 'A', 'T', 'H', 'E', ' ', 'H', 'E', 'A', 'D', ' ', 'C',
		'O', 'P', 'Y', 0, 1, 0, 0, 0, 0x40, 0x42, 0x0F, 0, 2, 0, 0, 0
	};
	uint8_t *out = malloc(32 * 2048), set[2 * 2048];
	uint32_t i, crc;

	for (i = 0; i < sizeof(set); i++)
		set[i] = (uint8_t)(i * 7);
	memset(out, 0xEE, 32 * 2048);
	ck_assert_int_eq(lathe_iso9660_head_copy(set, 2, 1000000, out), 0);
	ck_assert_mem_eq(out, want, sizeof(want));
	/* Bit by bit, polynomial 1EDC6F41h reflected. */
	for (crc = 0xFFFFFFFF, i = 0; i < sizeof(set) * 8; i++) {
		if (i % 8 == 0)
			crc ^= set[i / 8];
		crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
	}
	ck_assert_uint_eq(lathe_get_le32(out + 28), ~crc);
	for (i = 32; i < 16 * 2048; i++)
		ck_assert_uint_eq(out[i], 0);
	ck_assert_mem_eq(out + 16 * 2048, set, sizeof(set));
	for (i = 18 * 2048; i < 32 * 2048; i++)
		ck_assert_uint_eq(out[i], 0);
	ck_assert_int_eq(lathe_iso9660_head_copy(set, 0, 1, out),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_iso9660_head_copy(set, 17, 1, out),
			 LATHE_ERR_ARG);
	free(out);
}
END_TEST

/* Every bit of the copy's first block and of the descriptors counts. */
START_TEST(a_damaged_copy_is_none)
{
	static const uint32_t at[] = { 0, 14, 16, 17, 20, 23, 24, 27, 28, 31,
				       16 * 2048, 16 * 2048 + 900,
				       18 * 2048 + 2047 };
	struct disc *disc = disc_new(200);
	struct lathe_iso9660_chain *chain;
	uint32_t i;

	put_own(disc, 0, 0, 0);
	keep_head(disc, 64);
	put_own(disc, 96, 64, 32);
	make_head(disc, 96);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		uint8_t *p = disc_block(disc, 64) + at[i];

		*p ^= 1;
		chain = chain_of(disc);
		count_is(chain, 1);
		link_is(chain, 0, 96, 96, true, true);
		lathe_iso9660_chain_destroy(chain);
		*p ^= 1;
	}
	/* A file that is such an image itself stands elsewhere. */
	memcpy(disc_block(disc, 160), disc_block(disc, 64), 32 * 2048);
	chain = chain_of(disc);
	count_is(chain, 2);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

START_TEST(a_gap_in_the_chain_is_told)
{
	struct disc *disc = disc_new(300);
	struct lathe_iso9660_chain *chain;

	put_own(disc, 32, 0, 0);
	put_own(disc, 192, 96, 30);	/* there is nothing at 96 */
	make_head(disc, 192);
	chain = chain_of(disc);
	ck_assert(lathe_iso9660_chain_gap(chain));
	/* What is there is found all the same. */
	count_is(chain, 2);
	link_is(chain, 0, 32, 32, true, false);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/*
 * SPEC.md, 1.6 and 5: on a disc with a table of contents a mark names no
 * session of another program. In the copy of one that got its head anew, or
 * grew, what is in front of such a session is looked for, at every block; a
 * first session at 0 by its copy, in front of the one that took its place or
 * behind all of them (0), before a later one that grew there (1).
 */
START_TEST(a_mark_names_no_session_of_others)
{
	struct disc *disc = disc_new(500);
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 90);
	/* A file of it is an image that tells this very place. */
	put_foreign(disc, 48);
	put_foreign(disc, 101);
	lathe_put_both32(disc_block(disc, 117) + 80, 130);
	put_own(disc, 203, 0, 0);
	keep_head(disc, 320);
	if (_i)
		put_own(disc, 352, 203, 30);
	make_head(disc, _i ? 352 : 203);
	chain = chain_of(disc);
	count_is(chain, _i ? 4 : 3);
	link_is(chain, 0, 0, 320, false, false);
	link_is(chain, 1, 101, 101, false, false);
	link_is(chain, 2, 203, 203, true, !_i);
	if (_i)
		link_is(chain, 3, 352, 352, true, true);
	ck_assert(!lathe_iso9660_chain_gap(chain));
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/*
 * SPEC.md, 5: sessions of other programs in the copy of a disc stand at any
 * block, also where the head is that of the newest (0), or of one of ours
 * behind it (1).
 */
START_TEST(sessions_of_others_at_any_block)
{
	struct disc *disc = disc_new(600);
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 90);
	put_foreign(disc, 101);
	lathe_put_both32(disc_block(disc, 117) + 80, 130);
	put_foreign(disc, 203);
	lathe_put_both32(disc_block(disc, 219) + 80, 230);
	keep_head(disc, 320);
	if (_i) {
		put_own(disc, 352, 203, 27);
		make_head(disc, 352);
	} else {
		memcpy(disc_block(disc, 16), disc_block(disc, 219), 2 * 2048);
	}
	chain = chain_of(disc);
	count_is(chain, _i ? 4 : 3);
	link_is(chain, 0, 0, 320, false, false);
	link_is(chain, 1, 101, 101, false, false);
	link_is(chain, 2, 203, 203, false, !_i);
	if (_i)
		link_is(chain, 3, 352, 352, true, true);
	ck_assert(!lathe_iso9660_chain_gap(chain));
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* The same where that copy lies between sessions of ours, as in the copy of a
 * disc on which such an image was recorded. */
START_TEST(a_first_session_kept_in_between)
{
	struct disc *disc = disc_new(500);
	struct lathe_iso9660_chain *chain;

	put_own(disc, 0, 0, 0);
	put_own(disc, 101, 0, 0);
	keep_head(disc, 192);
	put_own(disc, 333, 101, 28);
	make_head(disc, 333);
	chain = chain_of(disc);
	count_is(chain, 3);
	link_is(chain, 0, 0, 192, true, false);
	link_is(chain, 1, 101, 101, true, false);
	link_is(chain, 2, 333, 333, true, true);
	ck_assert(!lathe_iso9660_chain_gap(chain));
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* Descriptors far in front of their root are looked for at multiples of 16. */
START_TEST(a_root_far_behind_its_descriptors)
{
	struct disc *disc = disc_new(600);
	struct lathe_iso9660_chain *chain;
	const uint32_t start = _i ? 112 : 113;

	disc_primary(disc, start + 16, 400, 2048);
	disc_terminator(disc, start + 17);
	dir_begin(disc, 400, 1, 400, 1, false);
	make_head(disc, start);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, _i ? 112 : 0, _i ? 112 : 0, false, true);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

START_TEST(sessions_of_other_programs_are_searched_for)
{
	struct disc *disc = disc_new(400);
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 32);
	put_foreign(disc, 112);
	put_foreign(disc, 208);
	make_head(disc, 208);
	/* Sizes as some programs count them: from the session's start. */
	lathe_put_both32(disc_block(disc, 48) + 80, 30);
	lathe_put_both32(disc_block(disc, 128) + 80, 30);
	lathe_put_both32(disc_block(disc, 224) + 80, 30);
	chain = chain_of(disc);
	count_is(chain, 3);
	link_is(chain, 0, 32, 32, false, false);
	link_is(chain, 1, 112, 112, false, false);
	link_is(chain, 2, 208, 208, false, true);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 240, &append), 0);
	ck_assert_uint_eq(append.copy, 0);
	ck_assert_uint_eq(append.start, 256);
	ck_assert_uint_eq(append.previous.start, 208);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* A primary descriptor in the data whose root is not behind it, or is none. */
START_TEST(what_is_no_session_is_not_taken_for_one)
{
	struct disc *disc = disc_new(400);
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	lathe_put_both32(disc_block(disc, 16) + 80, 30);
	disc_primary(disc, 116, 20, 2048);
	disc_primary(disc, 216, 300, 2048);
	disc_primary(disc, 250, 399, 2048);
	disc_primary(disc, 399, 398, 2048);
	chain = chain_of(disc);
	count_is(chain, 1);
	link_is(chain, 0, 0, 0, false, true);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* The blocks at 16 that may be written: up to a path table, zeros and the
 * blocks of mkisofs and libisofs are free, anything else is not. */
START_TEST(room_at_the_head)
{
	struct disc *disc = disc_new(100);
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;

	put_foreign(disc, 0);
	chain = chain_of(disc);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 4);	/* its root is at 20 */
	disc_block(disc, 19)[2047] = 1;
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 3);
	memcpy(disc_block(disc, 18), "MKI Sat", 7);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 3);
	memcpy(disc_block(disc, 18), "libisofs_sb", 11);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 3);
	lathe_put_le32(disc_block(disc, 16) + 140, 18);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 2);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, UINT32_MAX,
						    &append),
			 LATHE_ERR_LIMIT);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

/* Nothing behind the disc's end is asked for, where the set of descriptors ends
 * with it or goes on there. */
START_TEST(room_up_to_the_end)
{
	struct disc *disc = disc_new(18);
	struct lathe_iso9660_append append;
	struct lathe_iso9660_chain *chain;

	disc_primary(disc, 16, 10, 2048);
	dir_begin(disc, 10, 1, 10, 1, false);
	disc_terminator(disc, 17);
	chain = chain_of(disc);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 2);
	disc_block(disc, 17)[0] = 3;
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.room, 2);
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

static void put_kind(uint8_t *at, uint8_t type, uint8_t tag)
{
	memset(at, tag, 2048);
	at[0] = type;
	memcpy(at + 1, "CD001\1", 6);
}

START_TEST(boot_records_stay_in_the_head)
{
	static uint8_t own[3 * 2048], old[5 * 2048], out[16 * 2048];
	uint32_t dropped;

	put_kind(own, 1, 'p');
	put_kind(own + 2048, 2, 's');
	put_kind(own + 4096, 255, 't');
	put_kind(old, 1, 'P');
	put_kind(old + 2048, 0, 'B');
	put_kind(old + 4096, 0, 'C');
	put_kind(old + 6144, 2, 'S');
	put_kind(old + 8192, 255, 'T');
	ck_assert_int_eq(lathe_iso9660_head_make(own, 3, old, 5, 5, out,
						 &dropped), 5);
	ck_assert_uint_eq(dropped, 0);
	ck_assert_mem_eq(out, own, 2048);
	ck_assert_mem_eq(out + 2048, old + 2048, 4096);
	ck_assert_mem_eq(out + 6144, own + 2048, 4096);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 3, old, 5, 4, out,
						 &dropped), 4);
	ck_assert_uint_eq(dropped, 1);
	ck_assert_mem_eq(out + 2048, old + 2048, 2048);
	ck_assert_mem_eq(out + 4096, own + 2048, 4096);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 3, old, 0, 100, out,
						 &dropped), 3);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 3, old, 5, 2, out,
						 &dropped), LATHE_ERR_LIMIT);
}
END_TEST

/* Whichever single block can not be read: no crash, no session twice. */
START_TEST(blocks_that_can_not_be_read)
{
	struct disc *disc = disc_new(250);
	struct lathe_iso9660_chain *chain;
	uint32_t i, broken;

	put_own(disc, 0, 0, 0);
	keep_head(disc, 64);
	put_own(disc, 96, 64, 32);
	put_own(disc, 192, 96, 30);
	make_head(disc, 192);
	for (broken = 1; broken < 250; broken++) {
		disc->broken = broken;
		chain = chain_of(disc);
		ck_assert_uint_le(lathe_iso9660_chain_count(chain), 3);
		for (i = 1; i < lathe_iso9660_chain_count(chain); i++)
			ck_assert_uint_gt(
				lathe_iso9660_chain_link(chain, i)->root,
				lathe_iso9660_chain_link(chain, i - 1)->root);
		/* The head alone is not worth a session. */
		if (broken >= 16 && broken < 19)
			ck_assert_uint_eq(lathe_iso9660_chain_count(chain), 3);
		lathe_iso9660_chain_destroy(chain);
	}
	disc_free(disc);
}
END_TEST

/* Descriptors of the newest session that can not be read stand at LBA 16,
 * too: an older session is not the newest one for that. */
START_TEST(the_newest_session_is_read_from_the_head)
{
	struct disc *disc = disc_new(250);
	const bool own = _i < 3;
	const uint32_t count = own ? 3 : 2;
	const struct lathe_iso9660_link *link;
	struct lathe_iso9660_chain *chain;
	struct lathe_iso9660_view view;
	uint8_t block[2048], wanted[2048];
	uint32_t i;

	put_own(disc, 32, 0, 0);
	if (own)
		put_own(disc, 96, 32, 64);
	else
		put_foreign(disc, 96);
	make_head(disc, 96);
	disc->broken = own ? 112 + (uint32_t)_i : 113;
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 32, 32, true, false);
	link_is(chain, 1, 96, 0, own, true);
	link = lathe_iso9660_chain_link(chain, 1);
	ck_assert_uint_eq(link->moved, count);
	lathe_iso9660_view_init(&view, &disc->source, link);
	for (i = 0; i < count + 2; i++) {
		ck_assert_int_eq(view.blocks.read(view.blocks.ctx, 112 + i, 1,
						  block), 0);
		ck_assert_int_eq(disc->source.read(disc->source.ctx,
						   i < count ? 16 + i : 112 + i,
						   1, wanted), 0);
		ck_assert_mem_eq(block, wanted, 2048);
	}
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}
END_TEST

struct failing {
	uint32_t left, live;
};

static void *failing_realloc(void *ctx, void *p, size_t old, size_t bytes)
{
	struct failing *failing = ctx;

	(void)old;
	if (bytes == 0) {
		failing->live -= p != NULL;
		free(p);
		return NULL;
	}
	if (failing->left == 0)
		return NULL;
	failing->left--;
	failing->live += p == NULL;
	return realloc(p, bytes);
}

START_TEST(memory_runs_out)
{
	struct failing failing = { 0, 0 };
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options),
		.hooks = { .ctx = &failing, .realloc = failing_realloc },
		.uses = &joliet_use,
		.use_count = 1
	};
	struct lathe_iso9660_chain *chain = NULL;
	struct disc *disc = disc_new(2400);
	uint32_t i, n;
	int err = LATHE_ERR_MEMORY;

	/* More than there is room for at first; or one of which a copy of the
	 * head is all that is left. */
	for (i = 1; i < 40 && !_i; i++)
		put_own(disc, i * 32, i > 1 ? (i - 1) * 32 : 0,
			i > 1 ? 30 : 0);
	if (_i) {
		put_own(disc, 0, 0, 0);
		keep_head(disc, 38 * 32);
	}
	make_head(disc, 39 * 32);
	for (n = 0; err && n < 20; n++) {
		failing.left = n;
		err = lathe_iso9660_chain_read(&disc->source, &options,
					       &chain);
		ck_assert(err == 0 || err == LATHE_ERR_MEMORY);
		ck_assert(err == 0 || failing.live == 0);
	}
	ck_assert_uint_gt(n, 3);
	count_is(chain, _i ? 1 : 39);
	lathe_iso9660_chain_destroy(chain);
	ck_assert_uint_eq(failing.live, 0);
	options.size--;
	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain), LATHE_ERR_ARG);
	disc_free(disc);
}
END_TEST

static bool enough(void *ctx)
{
	const struct disc *disc = ctx;

	return disc->reads >= 5;
}

/* A search through all of a large disc takes long. */
START_TEST(a_search_ends_when_asked)
{
	struct disc *disc = disc_new(20000);
	struct lathe_iso9660_chain_options options = {
		.size = sizeof(options),
		.hooks = { .ctx = disc, .cancelled = enough }
	};
	struct lathe_iso9660_chain *chain = NULL;

	ck_assert_int_eq(lathe_iso9660_chain_read(&disc->source, &options,
						  &chain),
			 LATHE_ERR_CANCELLED);
	ck_assert_ptr_null(chain);
	ck_assert_uint_eq(disc->reads, 5);
	disc_free(disc);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("chain");
	TCase *tcase = tcase_create("chain");

	tcase_add_test(tcase, nothing_is_found_where_nothing_is);
	tcase_add_test(tcase, marks_lead_back_to_block_32);
	tcase_add_test(tcase, a_copy_keeps_the_head_of_block_0);
	tcase_add_test(tcase, the_bytes_of_a_copy);
	tcase_add_test(tcase, a_damaged_copy_is_none);
	tcase_add_test(tcase, a_gap_in_the_chain_is_told);
	tcase_add_loop_test(tcase, a_mark_names_no_session_of_others, 0, 2);
	tcase_add_loop_test(tcase, sessions_of_others_at_any_block, 0, 2);
	tcase_add_test(tcase, a_first_session_kept_in_between);
	tcase_add_loop_test(tcase, a_root_far_behind_its_descriptors, 0, 2);
	tcase_add_test(tcase, sessions_of_other_programs_are_searched_for);
	tcase_add_test(tcase, what_is_no_session_is_not_taken_for_one);
	tcase_add_test(tcase, room_at_the_head);
	tcase_add_test(tcase, room_up_to_the_end);
	tcase_add_test(tcase, boot_records_stay_in_the_head);
	tcase_add_test(tcase, blocks_that_can_not_be_read);
	tcase_add_loop_test(tcase, the_newest_session_is_read_from_the_head,
			    0, 4);
	tcase_add_loop_test(tcase, memory_runs_out, 0, 2);
	tcase_add_test(tcase, a_search_ends_when_asked);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
