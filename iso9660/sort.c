/* SPDX-License-Identifier: MIT */
/*
 * A natural merge sort: what is in order already stays, as imported trees
 * and sorted directory listings are. C's qsort has no context, is not stable
 * and may allocate past the hook.
 */
#include <string.h>

#include "iso9660/iso9660_internal.h"

struct sorter {
	int (*compare)(const void *ctx, uint32_t x, uint32_t y);
	const void *ctx;
};

/* End of the run that begins at 'i'; a strictly falling one is turned. */
static uint32_t find_run(const struct sorter *s, uint32_t *a, uint32_t i,
			 uint32_t count)
{
	uint32_t end = i + 1, low, high, t;
	bool falls = false, next;

	for (; end < count; end++) {
		next = s->compare(s->ctx, a[end - 1], a[end]) > 0;
		if (end == i + 1)
			falls = next;
		if (next != falls)
			break;
	}
	if (!falls)
		return end;
	for (low = i, high = end - 1; low < high; low++, high--) {
		t = a[low];
		a[low] = a[high];
		a[high] = t;
	}
	return end;
}

/* Merge a[from..middle) and a[middle..to); 'scratch' takes the left one. */
static void merge(const struct sorter *s, uint32_t *a, uint32_t from,
		  uint32_t middle, uint32_t to, uint32_t *scratch)
{
	uint32_t left = 0, lefts = middle - from, right = middle, out = from;

	if (s->compare(s->ctx, a[middle - 1], a[middle]) <= 0)
		return;
	memcpy(scratch, a + from, lefts * sizeof(*a));
	while (left < lefts && right < to) {
		if (s->compare(s->ctx, scratch[left], a[right]) <= 0)
			a[out++] = scratch[left++];
		else
			a[out++] = a[right++];
	}
	memcpy(a + out, scratch + left, (lefts - left) * sizeof(*a));
}

/*
 * Runs wait on a stack whose sizes at least double from top to bottom, so
 * that 64 places are more than enough for 2^32 elements.
 */
void lathep_iso9660_sort(uint32_t *a, uint32_t count, uint32_t *scratch,
			 int (*compare)(const void *ctx, uint32_t x,
					uint32_t y),
			 const void *ctx)
{
	struct sorter s = { compare, ctx };
	uint32_t begin[64], depth = 0, at = 0, end;

	while (at < count) {
		end = find_run(&s, a, at, count);
		begin[depth++] = at;
		/* The last run is merged with all that wait. */
		while (depth >= 2 &&
		       (end == count ||
			2 * (uint64_t)(end - begin[depth - 1]) >
				begin[depth - 1] - begin[depth - 2])) {
			merge(&s, a, begin[depth - 2], begin[depth - 1], end,
			      scratch);
			depth--;
		}
		at = end;
	}
}
