/* SPDX-License-Identifier: MIT */
/*
 * Copies of heads. The descriptors of a session that begins at LBA 0 give
 * their place to those of later ones; where they are kept is told apart from
 * a file that is an image itself by what stands in front of them.
 */
#include <string.h>

#include "iso9660/chain_internal.h"

#define COPY_VERSION 1u

static const uint8_t magic[16] = { 'L', 'A', 'T', 'H', 'E', ' ', 'H', 'E',
				   'A', 'D', ' ', 'C', 'O', 'P', 'Y', 0 };

int lathe_iso9660_head_copy(const uint8_t *descriptors, uint32_t count,
			    uint32_t at, uint8_t *out)
{
	uint8_t *set = out + LATHEP_ISO9660_DESCRIPTORS * LATHE_BLOCK_BYTES;

	if (count == 0 || count > LATHE_ISO9660_COPY_BLOCKS -
					  LATHEP_ISO9660_DESCRIPTORS)
		return LATHE_ERR_ARG;
	memset(out, 0, (size_t)LATHE_ISO9660_COPY_BLOCKS * LATHE_BLOCK_BYTES);
	memcpy(set, descriptors, (size_t)count * LATHE_BLOCK_BYTES);
	memcpy(out, magic, sizeof(magic));
	lathe_put_le32(out + 16, COPY_VERSION);
	lathe_put_le32(out + 20, at);
	lathe_put_le32(out + 24, count);
	lathe_put_le32(out + 28,
		       lathe_iso9660_crc32c(0, set,
					    (size_t)count * LATHE_BLOCK_BYTES));
	return 0;
}

uint32_t lathep_iso9660_head_copied(const struct lathe_blocks *blocks,
				    uint32_t at, uint8_t *buffer)
{
	uint32_t count, wanted, i, crc = 0;

	if (at == 0 || at >= blocks->end ||
	    blocks->end - at < LATHE_ISO9660_COPY_BLOCKS ||
	    blocks->read(blocks->ctx, at, 1, buffer) ||
	    memcmp(buffer, magic, sizeof(magic)) != 0 ||
	    lathe_get_le32(buffer + 16) != COPY_VERSION ||
	    lathe_get_le32(buffer + 20) != at)
		return 0;
	count = lathe_get_le32(buffer + 24);
	wanted = lathe_get_le32(buffer + 28);
	if (count > LATHE_ISO9660_COPY_BLOCKS - LATHEP_ISO9660_DESCRIPTORS)
		return 0;
	for (i = 0; i < count; i++) {
		if (blocks->read(blocks->ctx,
				 at + LATHEP_ISO9660_DESCRIPTORS + i, 1,
				 buffer))
			return 0;
		crc = lathe_iso9660_crc32c(crc, buffer, LATHE_BLOCK_BYTES);
	}
	return crc == wanted ? count : 0;
}

/* ---- a session as it was recorded --------------------------------------- */

/* Descriptor 'i' of those that were moved. Where the head stands in for a
 * session, the boot records (8.2: type 0) in it are another one's. */
static int read_moved(const struct lathe_iso9660_view *view, uint32_t i,
		      uint8_t *out)
{
	uint32_t at = view->heads + LATHEP_ISO9660_DESCRIPTORS;
	int err;

	/* A copy, which is behind the head, has those of its own. */
	if (view->heads)
		at += i;
	do
		err = view->under.read(view->under.ctx, at++, 1, out);
	while (!err && at < LATHEP_ISO9660_GRID && (!out[0] || i-- > 0));
	return err;
}

/* In front of what was moved, that, and behind it: a head that can not be
 * read does not matter. */
static int read_view(void *ctx, uint32_t lba, uint32_t count, uint8_t *out)
{
	const struct lathe_iso9660_view *view = ctx;
	uint32_t first = view->start + LATHEP_ISO9660_DESCRIPTORS, part;
	int err = 0;

	for (; count > 0 && !err; count -= part) {
		part = lba < first ? first - lba : count;
		if (part > count)
			part = count;
		if (lba - first >= view->moved) {
			err = view->under.read(view->under.ctx, lba, part, out);
		} else {
			part = 1;
			err = read_moved(view, lba - first, out);
		}
		lba += part;
		out += (size_t)part * LATHE_BLOCK_BYTES;
	}
	return err;
}

void lathe_iso9660_view_init(struct lathe_iso9660_view *view,
			     const struct lathe_blocks *blocks,
			     const struct lathe_iso9660_link *link)
{
	view->under = *blocks;
	view->blocks.ctx = view;
	view->blocks.read = read_view;
	view->blocks.end = view->under.end;
	view->start = link->start;
	view->heads = link->heads;
	view->moved = link->moved;
}
