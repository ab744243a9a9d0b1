/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/hashes.h"
#include "tools/tool.h"

void hashes_add(struct hashes *hashes, uint64_t hash)
{
	if (hashes->count == hashes->room) {
		hashes->room = hashes->room ? hashes->room * 2 : 1024;
		hashes->hash = must_realloc(
			hashes->hash, hashes->room * sizeof(*hashes->hash));
	}
	hashes->hash[hashes->count++] = hash;
}

static int compare(const void *a, const void *b)
{
	uint64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

void hashes_sort(struct hashes *hashes)
{
	if (hashes->count > 1)
		qsort(hashes->hash, hashes->count, sizeof(*hashes->hash),
		      compare);
}

bool hashes_have(const struct hashes *hashes, uint64_t hash)
{
	return hashes->count > 0 &&
	       bsearch(&hash, hashes->hash, hashes->count, sizeof(hash),
		       compare) != NULL;
}
