/* SPDX-License-Identifier: MIT */
/* Memory that a thread makes ready: nobody can tell, but by the time. */
#include "iso9660/lathe_iso9660.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "tests/suite.h"

#define PIECE ((size_t)512 << 10) /* what a large tree asks for at once */

static struct lathe_iso9660_host_memory *memory;

static void open_memory(void)
{
	ck_assert_int_eq(lathe_iso9660_host_memory_create(&memory), 0);
}

static void close_memory(void)
{
	lathe_iso9660_host_memory_destroy(memory);
}

static uint8_t *take(size_t bytes)
{
	uint8_t *p = lathe_iso9660_host_realloc(memory, NULL, 0, bytes);

	ck_assert_ptr_nonnull(p);
	return p;
}

static void give(uint8_t *p, size_t bytes)
{
	ck_assert_ptr_null(lathe_iso9660_host_realloc(memory, p, bytes, 0));
}

static bool all_are(const uint8_t *p, size_t bytes, uint8_t value)
{
	return p[0] == value && memcmp(p, p + 1, bytes - 1) == 0;
}

START_TEST(what_is_written_at_once_stays)
{
	uint8_t *piece[64];
	uint8_t i;

	for (i = 0; i < 64; i++) {
		piece[i] = take(PIECE);
		memset(piece[i], i + 1, PIECE);
	}
	for (i = 0; i < 64; i++) {
		ck_assert(all_are(piece[i], PIECE, (uint8_t)(i + 1)));
		give(piece[i], PIECE);
	}
}
END_TEST

/* Perhaps the thread has just begun with it. What lies there next is touched
 * by nobody else. */
START_TEST(a_piece_goes_at_any_moment)
{
	uint8_t *p;
	int i, wait;

	for (i = 0; i < 2000; i++) {
		p = take(PIECE);
		for (wait = 0; wait < i % 50; wait++)
			p[wait * 4096] = 1;
		give(p, PIECE);
	}
}
END_TEST

START_TEST(contents_move_with_what_grows_and_shrinks)
{
	static const size_t sizes[] = { 100, PIECE, PIECE + 1, 2 * PIECE,
					PIECE, 4096 };
	uint8_t *p = take(sizes[0]);
	size_t i;

	memset(p, 7, sizes[0]);
	for (i = 1; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		p = lathe_iso9660_host_realloc(memory, p, sizes[i - 1],
					       sizes[i]);
		ck_assert_ptr_nonnull(p);
		ck_assert(all_are(p, 100, 7));
	}
	give(p, sizes[i - 1]);
}
END_TEST

static void *take_and_give(void *value)
{
	uint8_t *p;
	int i;

	for (i = 0; i < 200; i++) {
		p = take(PIECE);
		memset(p, *(const uint8_t *)value, PIECE);
		ck_assert(all_are(p, PIECE, *(const uint8_t *)value));
		give(p, PIECE);
	}
	return NULL;
}

START_TEST(several_threads_share_it)
{
	uint8_t value[3] = { 1, 2, 3 };
	pthread_t thread[3];
	int i;

	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL,
						take_and_give, &value[i]), 0);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(pthread_join(thread[i], NULL), 0);
}
END_TEST

START_TEST(a_large_tree_lies_in_it)
{
	struct lathe_iso9660_tree_config config = {
		.size = sizeof(config),
		.hooks = { .ctx = memory,
			   .realloc = lathe_iso9660_host_realloc }
	};
	struct lathe_iso9660_tree *tree;
	struct lathe_iso9660_entry entry;
	char name[40];
	uint32_t i, node;
	int len;

	ck_assert_int_eq(lathe_iso9660_tree_create(&config, &tree), 0);
	for (i = 0; i < 50000; i++) {
		len = snprintf(name, sizeof(name), "a file with number %u",
			       (unsigned)i);
		ck_assert_int_eq(lathe_iso9660_add_memory(
			tree, LATHE_ISO9660_ROOT, name, (size_t)len, NULL, "x",
			1, 0, &node), 0);
	}
	for (i = 0; i < 50000; i += 7) {
		len = snprintf(name, sizeof(name), "a file with number %u",
			       (unsigned)i);
		ck_assert_int_eq(lathe_iso9660_find(tree, name, &node), 0);
		ck_assert_int_eq(lathe_iso9660_get(tree, node, &entry), 0);
		ck_assert_uint_eq(entry.size, 1);
	}
	lathe_iso9660_tree_destroy(tree);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iso9660: memory of the host");
	TCase *tc = tcase_create("memory");

	tcase_add_checked_fixture(tc, open_memory, close_memory);
	tcase_add_test(tc, what_is_written_at_once_stays);
	tcase_add_test(tc, a_piece_goes_at_any_moment);
	tcase_add_test(tc, contents_move_with_what_grows_and_shrinks);
	tcase_add_test(tc, several_threads_share_it);
	tcase_add_test(tc, a_large_tree_lies_in_it);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
