/* SPDX-License-Identifier: MIT */
/*
 * head.c - blocks 0 to 31 of a medium without a table of contents: readers
 * look at the descriptors there, which are those of the newest session.
 */
#include "session/session_internal.h"

#include <string.h>

#define SAVED_AT 32u		/* byte of the copy's first block: how many
				 * blocks are kept in front of it; checksum */
#define BOOT_AT 17u		/* "El Torito", 2.0 */
#define BOOT 0x00434430u	/* 8.2: type 0, "CD001" */
#define SET_BYTES ((size_t)LATHE_ISO9660_HEAD_BLOCKS * LATHE_BLOCK_BYTES)

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

/* Blocks that can not be read come from 'saved', or are zeros; false: some
 * could not. */
static bool read_what_is_there(const struct lathe_blocks *blocks,
			       const uint8_t *saved, uint8_t *out)
{
	bool whole = true;
	uint32_t i;

	if (blocks->end >= LATHEP_SESSION_HEAD &&
	    !blocks->read(blocks->ctx, 0, LATHEP_SESSION_HEAD, out))
		return true;
	for (i = 0; i < LATHEP_SESSION_HEAD; i++) {
		uint8_t *block = out + (size_t)i * LATHE_BLOCK_BYTES;

		if (i < blocks->end && !blocks->read(blocks->ctx, i, 1, block))
			continue;
		if (saved)
			memcpy(block, saved + (size_t)i * LATHE_BLOCK_BYTES,
			       LATHE_BLOCK_BYTES);
		else
			memset(block, 0, LATHE_BLOCK_BYTES);
		whole = false;
	}
	return whole;
}

/* What was kept in front of the copy at 'copied', if its checksum is right. */
static bool read_saved(const struct lathe_blocks *blocks, uint32_t copied,
		       uint8_t *out)
{
	uint32_t wanted;

	if (copied < LATHEP_SESSION_HEAD ||
	    blocks->read(blocks->ctx, copied, 1, out) ||
	    lathe_get_le32(out + SAVED_AT) != LATHEP_SESSION_HEAD)
		return false;
	wanted = lathe_get_le32(out + SAVED_AT + 4);
	return !blocks->read(blocks->ctx, copied - LATHEP_SESSION_HEAD,
			     LATHEP_SESSION_HEAD, out) &&
	       lathe_iso9660_crc32c(0, out, LATHEP_SESSION_HEAD_BYTES) ==
		       wanted;
}

void lathep_session_mark_saved(const uint8_t *head, uint8_t *copy)
{
	lathe_put_le32(copy + SAVED_AT, LATHEP_SESSION_HEAD);
	lathe_put_le32(copy + SAVED_AT + 4,
		       lathe_iso9660_crc32c(0, head,
					    LATHEP_SESSION_HEAD_BYTES));
}

int lathep_session_read_head(const struct lathe_blocks *blocks,
			     const struct lathe_hooks *hooks, uint32_t copied,
			     uint8_t *head, bool *whole)
{
	uint8_t *saved, *boot = head + (size_t)BOOT_AT * LATHE_BLOCK_BYTES;

	*whole = read_what_is_there(blocks, NULL, head);
	if (*whole || !copied)
		return 0;
	saved = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	if (!saved)
		return LATHE_ERR_MEMORY;
	if (read_saved(blocks, copied, saved))
		read_what_is_there(blocks, saved, head);
	else if (!boot[1] &&
		 !blocks->read(blocks->ctx, copied + BOOT_AT, 1, saved) &&
		 lathe_get_be32(saved) == BOOT)
		memcpy(boot, saved, LATHE_BLOCK_BYTES);
	lathep_session_free(hooks, saved, LATHEP_SESSION_HEAD_BYTES);
	return 0;
}

int lathep_session_make_head(const struct lathe_hooks *hooks,
			     const uint8_t *own, uint32_t own_count,
			     uint32_t start, uint32_t blocks, uint32_t room,
			     uint8_t *head, uint32_t *dropped)
{
	uint8_t *old = lathep_session_alloc(hooks, SET_BYTES), *block;
	uint32_t size;
	int made, i;

	if (!old)
		return LATHE_ERR_MEMORY;
	memcpy(old, lathep_session_set(head), SET_BYTES);
	made = lathe_iso9660_head_make(own, own_count, old,
				       lathep_session_count_set(old), room,
				       lathep_session_set(head), dropped);
	for (i = 0; made >= 0 && (uint32_t)i < room; i++) {
		block = lathep_session_set(head) +
			(size_t)i * LATHE_BLOCK_BYTES;
		size = lathe_get_le32(block + 80);
		if (i >= made) {
			if (lathe_iso9660_is_tag(block))
				memset(block, 0, LATHE_BLOCK_BYTES);
		} else if (block[0] - 1u < 2 && size <= blocks) {
			/* 8.4.8, counted from its start: for those who read
			 * from LBA 0 its files would be out of it. */
			lathe_put_both32(block + 80, start + size);
		}
	}
	lathep_session_free(hooks, old, SET_BYTES);
	return made < 0 ? made : 0;
}

int lathep_session_head(const struct lathe_blocks *blocks,
			const struct lathe_hooks *hooks,
			const struct lathep_session_grown *grown, uint8_t *head,
			bool *agrees)
{
	const struct lathe_iso9660_link *newest = &grown->newest;
	uint32_t dropped, count = newest->found.descriptors;
	uint32_t blocks_of = newest->start;
	uint8_t *own, *set;
	int err;

	if (count > LATHE_ISO9660_HEAD_BLOCKS)
		return LATHE_ERR_LIMIT;
	own = lathep_session_alloc(hooks, 2 * SET_BYTES);
	if (!own)
		return LATHE_ERR_MEMORY;
	set = own + SET_BYTES;
	err = lathep_session_read_head(blocks, hooks, grown->copied, head,
				       agrees);
	memcpy(set, lathep_session_set(head), SET_BYTES);
	/* Descriptors that stand nowhere else are the head. */
	if (!newest->heads) {
		*agrees = true;
	} else if (!err) {
		err = blocks->read(blocks->ctx,
				   newest->heads + LATHEP_SESSION_SYSTEM_AREA,
				   count, own);
		if (!err && lathe_get_le32(set + 80) ==
				    newest->start + lathe_get_le32(own + 80))
			blocks_of = UINT32_MAX; /* as who recorded it knew */
		if (!err)
			err = lathep_session_make_head(hooks, own, count,
						       newest->start, blocks_of,
						       grown->place.room, head,
						       &dropped);
	}
	if (memcmp(set, lathep_session_set(head), SET_BYTES) != 0)
		*agrees = false;
	lathep_session_free(hooks, own, 2 * SET_BYTES);
	return err;
}

int lathe_session_head(const struct lathe_blocks *blocks,
		       const struct lathe_hooks *hooks,
		       const struct lathe_iso9660_chain *chain, uint8_t *head,
		       bool *agrees)
{
	struct {
		struct lathep_session_grown grown;
		uint8_t head[LATHEP_SESSION_HEAD_BYTES];
	} *room;
	bool agree;
	int err;

	hooks = lathep_session_hooks(hooks);
	room = lathep_session_alloc(hooks, sizeof(*room));
	if (!room)
		return LATHE_ERR_MEMORY;
	err = lathep_session_take_links(chain, 0, &room->grown);
	if (!err)
		err = lathep_session_head(blocks, hooks, &room->grown,
					  room->head, &agree);
	if (!err) {
		memcpy(head, room->head, sizeof(room->head));
		*agrees = agree;
	}
	lathep_session_free(hooks, room, sizeof(*room));
	return err;
}

int lathep_session_head_agrees(const struct lathe_blocks *blocks,
			       const struct lathe_hooks *hooks,
			       const struct lathep_session_grown *grown,
			       bool *agrees)
{
	uint8_t *head;
	int err;

	/* Other programs change single fields of their copy. */
	if (!grown->newest.found.own) {
		*agrees = grown->newest.head;
		return 0;
	}
	head = lathep_session_alloc(hooks, LATHEP_SESSION_HEAD_BYTES);
	if (!head)
		return LATHE_ERR_MEMORY;
	err = lathep_session_head(blocks, hooks, grown, head, agrees);
	lathep_session_free(hooks, head, LATHEP_SESSION_HEAD_BYTES);
	return err;
}
