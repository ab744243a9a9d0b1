/* SPDX-License-Identifier: MIT */
/* Where one more session of an image file goes, and how much of its head may
 * be written: nothing that an older session leads to is touched. */
#include <check.h>
#include <string.h>

#include "lib_chain.h"
#include "tests/suite.h"

static struct disc *disc;
static struct lathe_iso9660_chain *chain;
static struct lathe_iso9660_append append;

static void begin(void)
{
	disc = disc_new(400);
	chain = NULL;
}

static void done(void)
{
	lathe_iso9660_chain_destroy(chain);
	disc_free(disc);
}

static uint32_t room(void)
{
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	return append.room;
}

static void put_kind(uint8_t *at, uint8_t type)
{
	memset(at, 0, 2048);
	at[0] = type;
	memcpy(at + 1, "CD001\1", 6);
}

/* ---- the head ----------------------------------------------------------- */

/* 8.4.15 to 8.4.18: path tables, each of which may be the only one in front;
 * 8.4.19 and 9.1.3, the root. Type L is recorded in the order of 7.3.1, type M
 * in that of 7.3.2. */
START_TEST(room_ends_at_any_extent)
{
	static const struct {
		uint32_t offset;
		bool big_endian;
	} field[] = {
		{ 140, false }, { 144, false }, { 148, true }, { 152, true },
		{ 158, false }
	};
	uint8_t *p;

	put_foreign(disc, 0);
	chain = chain_of(disc);
	p = disc_block(disc, 16) + field[_i].offset;
	ck_assert_uint_eq(room(), 4);	/* its root is at 20 */
	p[field[_i].big_endian ? 3 : 0] = 19;
	ck_assert_uint_eq(room(), 3);
	p[field[_i].big_endian ? 3 : 0] = 18;
	ck_assert_uint_eq(room(), 2);
}
END_TEST

/* "El Torito" 4.0, Figure 7: the catalog's address is at 47h. */
START_TEST(room_ends_at_a_catalog)
{
	put_foreign(disc, 0);
	put_kind(disc_block(disc, 17), 0);
	disc_terminator(disc, 18);
	chain = chain_of(disc);
	ck_assert_uint_eq(room(), 4);
	disc_block(disc, 17)[0x47] = 19;
	ck_assert_uint_eq(room(), 3);
}
END_TEST

/* 8.3.4: what some programs leave in a terminator leads nowhere, neither in
 * the head nor in a copy of it. */
START_TEST(a_terminator_leads_nowhere)
{
	put_foreign(disc, 0);
	lathe_put_le32(disc_block(disc, 17) + 140, 18);
	chain = chain_of(disc);
	ck_assert_uint_eq(room(), 4);
	lathe_iso9660_chain_destroy(chain);
	keep_head(disc, 64);
	put_own(disc, 96, 64, 32);
	make_head(disc, 96);
	chain = chain_of(disc);
	count_is(chain, 2);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 0)->moved, 3);
	ck_assert_uint_eq(room(), 4);
}
END_TEST

/* All of a block that is written over has to be zero. */
START_TEST(what_is_not_zero_is_not_free)
{
	put_foreign(disc, 0);
	disc_block(disc, 19)[_i ? 2047 : 0] = 1;
	chain = chain_of(disc);
	ck_assert_uint_eq(room(), 3);
}
END_TEST

/* 16 descriptors are all that the head has room for, however many more there
 * are and whatever ends them. */
START_TEST(a_head_without_end)
{
	uint32_t i;

	disc_primary(disc, 16, 40, 2048);
	dir_begin(disc, 40, 1, 40, 1, false);
	for (i = 17; i < 34; i++)
		put_kind(disc_block(disc, i), 2);
	chain = chain_of(disc);
	ck_assert_uint_eq(room(), 16);
}
END_TEST

/* What the first session's own descriptors lead to, which are kept. */
START_TEST(room_ends_at_what_was_kept)
{
	put_foreign(disc, 0);
	lathe_put_le32(disc_block(disc, 16) + 140, 19);
	keep_head(disc, 64);
	put_own(disc, 96, 64, 32);
	make_head(disc, 96);
	chain = chain_of(disc);
	count_is(chain, 2);
	ck_assert_uint_eq(room(), 3);
}
END_TEST

/* What was the head of the session with the most descriptors had room there,
 * even if nothing of it can be known again. */
START_TEST(room_of_a_head_that_was_torn)
{
	put_foreign(disc, 32);
	put_kind(disc_block(disc, 49), 0);
	disc_terminator(disc, 50);
	lathe_put_both32(disc_block(disc, 48) + 80, 30);
	put_foreign(disc, 112);
	make_head(disc, 112);
	chain = chain_of(disc);
	count_is(chain, 2);
	link_is(chain, 0, 32, 32, false, false);
	memset(disc_block(disc, 16), 0x5A, 16 * 2048);
	ck_assert_uint_eq(room(), 3);
}
END_TEST

/* Of a first session that was moved it is what was; a first one of ours behind
 * it has left room for all (SPEC.md 5). */
START_TEST(known_room_of_a_head_that_was_torn)
{
	if (_i) {
		put_own(disc, 32, 0, 0);
		put_own(disc, 96, 32, 30);
	} else {
		put_foreign(disc, 0);
		keep_head(disc, 64);
		put_own(disc, 96, 64, 32);
	}
	make_head(disc, 96);
	chain = chain_of(disc);
	count_is(chain, 2);
	memset(disc_block(disc, 16), 0x5A, 16 * 2048);
	ck_assert_uint_eq(room(), _i ? 16 : 3);
}
END_TEST

/* Descriptors may take all the room there is. */
START_TEST(a_head_that_just_fits)
{
	static uint8_t own[3 * 2048], old[3 * 2048], out[16 * 2048];
	uint32_t dropped;

	put_kind(own, 1);
	put_kind(own + 2048, 2);
	put_kind(own + 4096, 255);
	put_kind(old, 1);
	put_kind(old + 2048, 0);
	put_kind(old + 4096, 255);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 3, old, 3, 3, out,
						 &dropped), 3);
	ck_assert_uint_eq(dropped, 1);
	ck_assert_mem_eq(out, own, sizeof(own));
}
END_TEST

/* A head has 16 blocks, whatever room there is, and at least one of its own;
 * a boot record is one wherever it stands. */
START_TEST(a_head_has_its_limits)
{
	static uint8_t own[17 * 2048], old[2 * 2048], out[16 * 2048];
	uint32_t dropped = 77, i;

	for (i = 0; i < 17; i++)
		put_kind(own + i * 2048, i ? 2 : 1);
	put_kind(old, 0);
	put_kind(old + 2048, 255);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 17, old, 2, 20, out,
						 &dropped),
			 LATHE_ERR_LIMIT);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 0, old, 2, 16, out,
						 &dropped),
			 LATHE_ERR_LIMIT);
	ck_assert_uint_eq(dropped, 77);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 16, old, 2, 20, out,
						 &dropped), 16);
	ck_assert_uint_eq(dropped, 1);
	ck_assert_int_eq(lathe_iso9660_head_make(own, 15, old, 2, 20, out,
						 &dropped), 16);
	ck_assert_uint_eq(dropped, 0);
	ck_assert_mem_eq(out, own, 2048);
	ck_assert_mem_eq(out + 2048, old, 2048);
	ck_assert_mem_eq(out + 2 * 2048, own + 2048, 14 * 2048);
}
END_TEST

/* ---- the place ---------------------------------------------------------- */

/* A volume without files, with Joliet, has 26 blocks: the system area, three
 * descriptors, four path tables, the table of directories, two directories.
 * The next one begins at a multiple of 32 behind the last, whatever end is
 * asked for, and leads back to all of it. */
START_TEST(behind_all_sessions)
{
	put_own(disc, 32, 0, 0);
	put_own(disc, 192, 32, 26);
	make_head(disc, 192);
	chain = chain_of(disc);
	count_is(chain, 2);
	ck_assert_uint_eq(lathe_iso9660_chain_link(chain, 1)->end, 218);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 0, &append), 0);
	ck_assert_uint_eq(append.start, 224);
	ck_assert_uint_eq(append.copy, 0);
	ck_assert_uint_eq(append.previous.start, 192);
	ck_assert_uint_eq(append.previous.blocks, 26);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 224, &append), 0);
	ck_assert_uint_eq(append.start, 224);
	ck_assert_int_eq(lathe_iso9660_chain_append(chain, 225, &append), 0);
	ck_assert_uint_eq(append.start, 256);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("place of a session");
	TCase *tc = tcase_create("append");

	tcase_add_checked_fixture(tc, begin, done);
	tcase_add_loop_test(tc, room_ends_at_any_extent, 0, 5);
	tcase_add_test(tc, room_ends_at_a_catalog);
	tcase_add_test(tc, a_terminator_leads_nowhere);
	tcase_add_loop_test(tc, what_is_not_zero_is_not_free, 0, 2);
	tcase_add_test(tc, a_head_without_end);
	tcase_add_test(tc, room_ends_at_what_was_kept);
	tcase_add_test(tc, room_of_a_head_that_was_torn);
	tcase_add_loop_test(tc, known_room_of_a_head_that_was_torn, 0, 2);
	tcase_add_test(tc, a_head_that_just_fits);
	tcase_add_test(tc, a_head_has_its_limits);
	tcase_add_test(tc, behind_all_sessions);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
