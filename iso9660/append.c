/* SPDX-License-Identifier: MIT */
/*
 * Where one more session of an image file or an overwritable medium goes, and
 * what its head looks like.
 */
#include <string.h>

#include "iso9660/chain_internal.h"

#define MKI 0x4D4B4920u /* "MKI " */

/* ---- how many descriptors fit at LBA 16 --------------------------------- */

static void lower(uint32_t *least, uint32_t lba)
{
	if (lba > LATHEP_ISO9660_DESCRIPTORS && lba < *least)
		*least = lba;
}

/* Lower 'least' to what a descriptor leads to: path tables (8.4.14 to
 * 8.4.17), root directory, the catalog of "El Torito" (its 4.0, Figure 7). */
static void lower_to_extents(const uint8_t *descriptor, uint32_t *least)
{
	if (descriptor[0] == 0) {
		lower(least, lathe_get_le32(descriptor + 71));
		return;
	}
	lower(least, lathe_get_le32(descriptor + 140));
	lower(least, lathe_get_le32(descriptor + 144));
	lower(least, lathe_get_be32(descriptor + 148));
	lower(least, lathe_get_be32(descriptor + 152));
	lower(least, lathe_get_le32(descriptor + 158));
}

/* Behind the terminator nothing is of use to anybody: zeros, the block in which
 * mkisofs leaves its name, or libisofs its checksum of what is replaced. */
static bool is_free(const uint8_t *block)
{
	uint32_t i;

	if (lathe_get_be32(block) == MKI || lathe_iso9660_is_tag(block))
		return true;
	for (i = 0; i < LATHE_BLOCK_BYTES; i++)
		if (block[i])
			return false;
	return true;
}

bool lathe_iso9660_is_tag(const uint8_t *block)
{
	return memcmp(block, "libisofs_", 9) == 0;
}

/* Block 'i' of those from LBA 16 on, if it is there. */
static bool get_block(const struct lathe_iso9660_chain *chain, uint32_t i)
{
	const struct lathe_blocks *blocks = chain->blocks;
	uint32_t lba = LATHEP_ISO9660_DESCRIPTORS + i;

	return lba < blocks->end &&
	       blocks->read(blocks->ctx, lba, 1, chain->buffer) == 0;
}

/* The descriptors 16 blocks behind 'heads', and what they lead to. */
static uint32_t read_set(const struct lathe_iso9660_chain *chain,
			 uint32_t heads, uint32_t *least)
{
	const uint8_t *block = chain->buffer;
	uint32_t i;

	for (i = 0; i < LATHE_ISO9660_HEAD_BLOCKS; i++) {
		if (!get_block(chain, heads + i) ||
		    !lathep_iso9660_is_descriptor(block))
			return i;
		if (block[0] == 255)
			return i + 1;
		lower_to_extents(block, least);
	}
	return i;
}

/* What must have been head once: a head that was torn says too little. */
static uint32_t known_room(const struct lathe_iso9660_chain *chain)
{
	const struct lathe_iso9660_link *first = &chain->link[0], *link;
	uint32_t i, room = 0;

	if (first->start < LATHEP_ISO9660_GRID)
		return first->moved;
	if (first->found.own)
		return LATHE_ISO9660_HEAD_BLOCKS;
	for (i = 0; i < chain->count; i++) {
		link = &chain->link[i];
		if (link->found.descriptors > room &&
		    link->found.descriptors <= LATHE_ISO9660_HEAD_BLOCKS)
			room = link->found.descriptors;
	}
	return room;
}

static uint32_t room_at_head(const struct lathe_iso9660_chain *chain)
{
	uint32_t least = LATHEP_ISO9660_GRID, room, known;

	room = read_set(chain, 0, &least);
	known = known_room(chain);
	if (known > room)
		room = known;
	/* What the session at LBA 0 leads to, if its descriptors are no longer
	 * the head. */
	if (chain->link[0].moved)
		read_set(chain, chain->link[0].heads, &least);
	while (LATHEP_ISO9660_DESCRIPTORS + room < least &&
	       get_block(chain, room) && is_free(chain->buffer))
		room++;
	return room;
}

/* ---- the place ---------------------------------------------------------- */

int lathe_iso9660_chain_append(const struct lathe_iso9660_chain *chain,
			       uint32_t end, struct lathe_iso9660_append *out)
{
	const struct lathe_iso9660_link *newest = NULL;
	bool only_in_head = false;
	uint32_t i;

	for (i = 0; i < chain->count; i++) {
		newest = &chain->link[i];
		if (newest->end > end)
			end = newest->end;
		/* Its descriptors stand at LBA 16 alone. */
		only_in_head |= newest->start == 0 && newest->heads == 0;
	}
	if (!newest)
		return LATHE_ERR_NO_VOLUME;
	if (end > UINT32_MAX - 4 * LATHEP_ISO9660_GRID)
		return LATHE_ERR_LIMIT;
	end += LATHEP_ISO9660_GRID - 1;
	end -= end % LATHEP_ISO9660_GRID;
	memset(out, 0, sizeof(*out));
	if (only_in_head) {
		out->copy = end;
		end += LATHE_ISO9660_COPY_BLOCKS;
	}
	out->start = end;
	out->previous.start = newest->start;
	out->previous.blocks = newest->end - newest->start;
	if (newest->start == 0) {
		/* The mark leads to the copy, whose own mark tells the rest. */
		out->previous.start = newest->heads ? newest->heads
						    : out->copy;
		out->previous.blocks = LATHE_ISO9660_COPY_BLOCKS;
	}
	out->room = room_at_head(chain);
	return 0;
}

/* ---- the head ----------------------------------------------------------- */

static void put(uint8_t *out, uint32_t *at, const uint8_t *block)
{
	memcpy(out + (size_t)*at * LATHE_BLOCK_BYTES, block,
	       LATHE_BLOCK_BYTES);
	++*at;
}

int lathe_iso9660_head_make(const uint8_t *own, uint32_t own_count,
			    const uint8_t *old, uint32_t old_count,
			    uint32_t room, uint8_t *out, uint32_t *dropped)
{
	uint32_t i, at = 0;

	if (room > LATHE_ISO9660_HEAD_BLOCKS)
		room = LATHE_ISO9660_HEAD_BLOCKS;
	if (own_count == 0 || own_count > room)
		return LATHE_ERR_LIMIT;
	*dropped = 0;
	put(out, &at, own);
	for (i = 0; i < old_count; i++) {
		const uint8_t *d = old + (size_t)i * LATHE_BLOCK_BYTES;

		if (!lathep_iso9660_is_descriptor(d) || d[0] != 0)
			continue;
		if (at + own_count - 1 < room)
			put(out, &at, d);
		else
			++*dropped;
	}
	for (i = 1; i < own_count; i++)
		put(out, &at, own + (size_t)i * LATHE_BLOCK_BYTES);
	return (int)at;
}
