/* SPDX-License-Identifier: MIT */
/* The sort that all orders are made by: stable, whatever runs there are. */
#include <check.h>
#include <stdlib.h>

#include "iso9660/iso9660_internal.h"
#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

/* Elements are places in 'key'; many have the same one. */
static uint32_t *key;

static int by_key(const void *ctx, uint32_t x, uint32_t y)
{
	const uint32_t *keys = ctx;

	return (keys[x] > keys[y]) - (keys[x] < keys[y]);
}

/* Element 'i' of 'count' in several kinds of disorder. */
static uint32_t kind_of_key(int kind, uint32_t i, uint32_t count,
			    uint64_t *state)
{
	switch (kind) {
	case 0:			/* in order, with equal ones */
		return i / 3;
	case 1:			/* falling, with equal ones */
		return (count - i) / 3;
	case 2:			/* runs of two, each below the last */
		return 2 * (count - i) + 5 * (i % 2);
	case 3:			/* runs of 32 */
		return i % 32;
	case 4:			/* up and down again */
		return i < count / 2 ? i : count - i;
	case 5:			/* few keys */
		return (uint32_t)(next_random(state) % 7);
	default:
		return (uint32_t)next_random(state);
	}
}
#define KINDS 7

START_TEST(sorted_and_stable)
{
	static const uint32_t counts[] = { 0, 1, 2, 3, 64, 65, 1000, 20000 };
	uint64_t state = 11;
	uint32_t c, i, *a, *scratch;

	for (c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
		uint32_t count = counts[c];

		key = malloc((count + 1) * sizeof(*key));
		a = malloc((count + 1) * sizeof(*a));
		scratch = malloc((count + 1) * sizeof(*scratch));
		for (i = 0; i < count; i++) {
			key[i] = kind_of_key(_i, i, count, &state);
			a[i] = i;
		}
		lathep_iso9660_sort(a, count, scratch, by_key, key);
		for (i = 1; i < count; i++)
			ck_assert(key[a[i - 1]] < key[a[i]] ||
				  (key[a[i - 1]] == key[a[i]] &&
				   a[i - 1] < a[i]));
		free(key);
		free(a);
		free(scratch);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sort");
	TCase *tc = tcase_create("sort");

	tcase_add_loop_test(tc, sorted_and_stable, 0, KINDS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
