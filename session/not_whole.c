/* SPDX-License-Identifier: MIT */
/*
 * not_whole.c - which files of a session are not whole on the disc, and why.
 * Each is told about once. Files are found by the extent that they share
 * with their further names.
 */
#include "session/burn_internal.h"

#include <stdio.h>

static bool get_bit(const uint8_t *bits, uint32_t i)
{
	return bits[i / 8] >> i % 8 & 1;
}

static void set_bit(uint8_t *bits, uint32_t i)
{
	bits[i / 8] = (uint8_t)(bits[i / 8] | 1u << i % 8);
}

void lathep_session_burn_mark_bad(struct lathep_session_burn *burn,
				  uint32_t group)
{
	if (group < burn->groups_room)
		set_bit(burn->group_bad, group);
}

static bool is_bad(const struct lathep_session_burn *burn, uint32_t group)
{
	return group >= burn->groups_room || get_bit(burn->group_bad, group);
}

static void tell(struct lathep_session_burn *burn, uint32_t extent,
		 uint32_t node, uint64_t offset, int err, const char *text)
{
	if (extent < burn->extents) {
		if (get_bit(burn->extent_bad, extent))
			return;
		set_bit(burn->extent_bad, extent);
	}
	burn->report->files_not_whole++;
	if (burn->options->not_whole)
		burn->options->not_whole(burn->options->not_whole_ctx, node,
					 offset, err, text);
}

/* The number of the extent that begins at 'first'; extents are in the order
 * of their addresses. */
static uint32_t extent_at(const struct lathep_session_burn *burn,
			  uint32_t first)
{
	uint32_t low = 0, high = burn->extents;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2, node, at;
		uint64_t bytes;

		if (!lathe_iso9660_plan_nth_extent(burn->plan, mid, &node, &at,
						   &bytes) ||
		    at > first)
			high = mid;
		else if (at < first)
			low = mid + 1;
		else
			return mid;
	}
	return UINT32_MAX;
}

void lathep_session_burn_source_failed(struct lathep_session_burn *burn,
				       uint32_t node, uint64_t offset, int err,
				       const char *text)
{
	uint32_t first, extent = UINT32_MAX;
	uint64_t bytes;

	burn->source_failed = true;
	if (!lathe_iso9660_plan_extent(burn->plan, node, &first, &bytes))
		extent = extent_at(burn, first);
	tell(burn, extent, node, offset, err, text);
}

/* The first block of [first, end) in a group that is bad; UINT32_MAX: none. */
static uint32_t first_bad(const struct lathep_session_burn *burn,
			  uint32_t first, uint32_t end)
{
	uint32_t group;

	for (group = first / LATHEP_SESSION_GROUP;
	     group <= (end - 1) / LATHEP_SESSION_GROUP; group++) {
		if (!is_bad(burn, group))
			continue;
		if (group * LATHEP_SESSION_GROUP > first)
			return group * LATHEP_SESSION_GROUP;
		return first;
	}
	return UINT32_MAX;
}

static void judge_extent(struct lathep_session_burn *burn, uint32_t i,
			 uint32_t node, uint32_t first, uint32_t end)
{
	char text[80];
	uint32_t bad;

	if (end > burn->content) {
		snprintf(text, sizeof(text),
			 "the session ends before it does");
		bad = burn->content > first ? burn->content : first;
	} else {
		bad = first_bad(burn, first, end);
		if (bad == UINT32_MAX)
			return;
		snprintf(text, sizeof(text),
			 "it does not read back as it was sent, near LBA %lu",
			 (unsigned long)burn->image.start + bad);
	}
	tell(burn, i, node, (uint64_t)(bad - first) * LATHE_BLOCK_BYTES,
	     LATHE_ERR_VERIFY, text);
}

void lathep_session_burn_list_bad(struct lathep_session_burn *burn)
{
	uint32_t i, node, first;
	uint64_t bytes, blocks;

	for (i = 0; burn->plan &&
		    lathe_iso9660_plan_nth_extent(burn->plan, i, &node, &first,
						  &bytes); i++) {
		blocks = (bytes + LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES;
		if (blocks)
			judge_extent(burn, i, node, first,
				     first + (uint32_t)blocks);
	}
}
