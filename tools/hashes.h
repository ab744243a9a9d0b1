/* SPDX-License-Identifier: MIT */
/* A set of 64-bit hashes: put in one by one, sorted once, then looked at. */
#ifndef LATHE_TOOL_HASHES_H
#define LATHE_TOOL_HASHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty one; 'hash' is to be freed. */
struct hashes {
	uint64_t *hash;
	size_t count, room;
};

void hashes_add(struct hashes *hashes, uint64_t hash);
void hashes_sort(struct hashes *hashes);
/* Sorted, is this one among them? */
bool hashes_have(const struct hashes *hashes, uint64_t hash);

#endif
