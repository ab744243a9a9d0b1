/* SPDX-License-Identifier: MIT */
/*
 * head.c - blocks 0 to 31 of a medium without a table of contents: readers
 * look at the descriptors there, which are those of the newest session.
 */
#include "session/session_internal.h"

#include <string.h>

#define SYSTEM_AREA 16u		/* blocks, ECMA-119 6.2.1 */
#define SET_BYTES ((size_t)LATHE_ISO9660_HEAD_BLOCKS * LATHE_BLOCK_BYTES)

static uint8_t *block_of(uint8_t *blocks, uint32_t i)
{
	return blocks + (size_t)i * LATHE_BLOCK_BYTES;
}

/* ECMA-119 8.1: "CD001" in each; type 255 ends the set. */
uint32_t lathep_session_count_set(const uint8_t *set)
{
	uint32_t i;

	for (i = 0; i < LATHE_ISO9660_HEAD_BLOCKS; i++) {
		const uint8_t *d = set + (size_t)i * LATHE_BLOCK_BYTES;

		if (memcmp(d + 1, "CD001", 5) != 0)
			return i;
		if (d[0] == 255)
			return i + 1;
	}
	return i;
}

/* Blocks that can not be read become zeros; false: some could not. */
static bool read_what_is_there(const struct lathe_blocks *blocks, uint32_t lba,
			       uint32_t count, uint8_t *out)
{
	bool whole = true;
	uint32_t i;

	memset(out, 0, (size_t)count * LATHE_BLOCK_BYTES);
	if (lba < blocks->end && count <= blocks->end - lba &&
	    !blocks->read(blocks->ctx, lba, count, out))
		return true;
	for (i = 0; i < count; i++) {
		if (lba + i < blocks->end &&
		    !blocks->read(blocks->ctx, lba + i, 1, block_of(out, i)))
			continue;
		memset(block_of(out, i), 0, LATHE_BLOCK_BYTES);
		whole = false;
	}
	return whole;
}

int lathep_session_make_head(const struct lathe_hooks *hooks,
			     const uint8_t *own, uint32_t own_count,
			     uint32_t room, uint8_t *head, uint32_t *dropped)
{
	uint8_t *old = lathep_session_alloc(hooks, SET_BYTES);
	int made;

	if (!old)
		return LATHE_ERR_MEMORY;
	memcpy(old, block_of(head, SYSTEM_AREA), SET_BYTES);
	made = lathe_iso9660_head_make(own, own_count, old,
				       lathep_session_count_set(old), room,
				       block_of(head, SYSTEM_AREA), dropped);
	lathep_session_free(hooks, old, SET_BYTES);
	return made < 0 ? made : 0;
}

void lathep_session_read_head(const struct lathe_blocks *blocks, uint8_t *head)
{
	read_what_is_there(blocks, 0, LATHEP_SESSION_HEAD, head);
}

int lathe_session_head(const struct lathe_blocks *blocks,
		       const struct lathe_hooks *hooks,
		       const struct lathe_iso9660_link *newest, uint32_t room,
		       uint8_t *head, bool *agrees)
{
	uint32_t dropped, count = newest->found.descriptors;
	size_t bytes = LATHEP_SESSION_HEAD_BYTES + SET_BYTES;
	uint8_t *is, *own;
	int err = 0;

	if (count > LATHE_ISO9660_HEAD_BLOCKS)
		return LATHE_ERR_LIMIT;
	is = lathep_session_alloc(hooks, bytes);
	if (!is)
		return LATHE_ERR_MEMORY;
	own = is + LATHEP_SESSION_HEAD_BYTES;
	*agrees = read_what_is_there(blocks, 0, LATHEP_SESSION_HEAD, is);
	memcpy(head, is, LATHEP_SESSION_HEAD_BYTES);
	/* Descriptors that stand nowhere else are the head. */
	if (newest->start || newest->moved) {
		err = blocks->read(blocks->ctx, newest->heads + SYSTEM_AREA,
				   count, own);
		if (!err)
			err = lathep_session_make_head(hooks, own, count, room,
						       head, &dropped);
	} else {
		*agrees = true;
	}
	if (!err && memcmp(head, is, LATHEP_SESSION_HEAD_BYTES) != 0)
		*agrees = false;
	lathep_session_free(hooks, is, bytes);
	return err;
}

int lathep_session_head_agrees(const struct lathe_blocks *blocks,
			       const struct lathe_hooks *hooks,
			       const struct lathe_iso9660_link *newest,
			       uint32_t room, bool *agrees)
{
	uint8_t *head;
	int err;

	/* Other programs change single fields of their copy. */
	if (!newest->found.own) {
		*agrees = newest->head;
		return 0;
	}
	head = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	if (!head)
		return LATHE_ERR_MEMORY;
	err = lathe_session_head(blocks, hooks, newest, room, head, agrees);
	lathep_session_free(hooks, head, LATHEP_SESSION_HEAD_BYTES);
	return err;
}
