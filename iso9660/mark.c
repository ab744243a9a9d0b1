/* SPDX-License-Identifier: MIT */
/* The mark by which a volume of ours is known again: see the header. */
#include <string.h>

#include "iso9660/iso9660_internal.h"

extern inline uint32_t
lathep_iso9660_map_blocks(const struct lathep_iso9660_mark *mark);

static const uint8_t magic[8] = { 'L', 'A', 'T', 'H', 'E', 0, 0, 0 };

void lathep_iso9660_mark_write(uint8_t pvd[2048],
			       const struct lathep_iso9660_mark *mark)
{
	uint8_t *p = pvd + LATHEP_ISO9660_MARK_OFFSET;
	uint32_t h;

	memset(p, 0, 512);
	memcpy(p, magic, sizeof(magic));
	lathe_put_le32(p + 8, LATHEP_ISO9660_MARK_VERSION);
	lathe_put_le32(p + 12, mark->self.start);
	lathe_put_le32(p + 16, mark->self.blocks);
	lathe_put_le32(p + 20, mark->metadata);
	lathe_put_le32(p + 24, mark->previous.start);
	lathe_put_le32(p + 28, mark->previous.blocks);
	lathe_put_le32(p + 32, mark->hierarchies);
	for (h = 0; h < mark->hierarchies; h++) {
		lathe_put_le32(p + 36 + 8 * h, mark->root[h].lba);
		lathe_put_le32(p + 40 + 8 * h, mark->root[h].bytes);
	}
	lathe_put_le32(p + 68, mark->crc);
	lathe_put_le32(p + 72, mark->directories);
	for (h = 1; h < mark->hierarchies; h++)
		lathe_put_le32(p + 72 + 4 * h, mark->map[h]);
}

/* Do 'blocks' at 'lba' lie in the metadata? */
static bool in_metadata(const struct lathep_iso9660_mark *mark, uint32_t lba,
			uint32_t blocks)
{
	return lba >= mark->self.start && blocks > 0 &&
	       (uint64_t)lba + blocks <=
		       (uint64_t)mark->self.start + mark->metadata;
}

/* Numbers that no plan of ours gives. */
static bool plausible(const struct lathep_iso9660_mark *mark)
{
	uint64_t end = (uint64_t)mark->self.start + mark->self.blocks;
	uint32_t h;

	if (mark->hierarchies < 1 ||
	    mark->hierarchies > LATHE_ISO9660_HIERARCHIES ||
	    mark->metadata <= 18 || mark->metadata > mark->self.blocks ||
	    end > UINT32_MAX)
		return false;
	/* A directory is one block at least. */
	if (mark->directories < 1 || mark->directories > mark->metadata)
		return false;
	for (h = 0; h < mark->hierarchies; h++) {
		if (mark->root[h].bytes % LATHE_BLOCK_BYTES != 0 ||
		    !in_metadata(mark, mark->root[h].lba,
				 mark->root[h].bytes / LATHE_BLOCK_BYTES))
			return false;
		if (h && !in_metadata(mark, mark->map[h],
				      lathep_iso9660_map_blocks(mark)))
			return false;
	}
	return mark->previous.blocks == 0 ||
	       (uint64_t)mark->previous.start + mark->previous.blocks <=
		       mark->self.start;
}

bool lathep_iso9660_mark_read(const uint8_t pvd[2048],
			      struct lathep_iso9660_mark *mark)
{
	const uint8_t *p = pvd + LATHEP_ISO9660_MARK_OFFSET;
	uint32_t h;

	memset(mark, 0, sizeof(*mark));
	if (memcmp(p, magic, sizeof(magic)) != 0 ||
	    lathe_get_le32(p + 8) != LATHEP_ISO9660_MARK_VERSION)
		return false;
	mark->self.start = lathe_get_le32(p + 12);
	mark->self.blocks = lathe_get_le32(p + 16);
	mark->metadata = lathe_get_le32(p + 20);
	mark->previous.start = lathe_get_le32(p + 24);
	mark->previous.blocks = lathe_get_le32(p + 28);
	mark->hierarchies = lathe_get_le32(p + 32);
	for (h = 0; h < LATHE_ISO9660_HIERARCHIES; h++) {
		mark->root[h].lba = lathe_get_le32(p + 36 + 8 * h);
		mark->root[h].bytes = lathe_get_le32(p + 40 + 8 * h);
	}
	mark->crc = lathe_get_le32(p + 68);
	mark->directories = lathe_get_le32(p + 72);
	for (h = 1; h < LATHE_ISO9660_HIERARCHIES; h++)
		mark->map[h] = lathe_get_le32(p + 72 + 4 * h);
	return plausible(mark);
}
