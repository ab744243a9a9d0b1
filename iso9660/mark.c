/* SPDX-License-Identifier: MIT */
/* The mark by which a volume of ours is known again: see the header. */
#include <string.h>

#include "iso9660/mark_internal.h"

extern inline uint32_t
lathep_iso9660_map_blocks(const struct lathep_iso9660_mark *mark);

static const uint8_t magic[8] = { 'L', 'A', 'T', 'H', 'E', 0, 0, 0 };

/* Where the numbers behind the version go, in the order of the disc. */
#define AT(member) (uint8_t)offsetof(struct lathep_iso9660_mark, member)
#define FIRST_NUMBER 12u
static const uint8_t numbers[] = {
	AT(self.start),	    AT(self.blocks),	 AT(metadata),
	AT(previous.start), AT(previous.blocks), AT(hierarchies),
	AT(root[0].lba),    AT(root[0].bytes),	 AT(root[1].lba),
	AT(root[1].bytes),  AT(root[2].lba),	 AT(root[2].bytes),
	AT(root[3].lba),    AT(root[3].bytes),	 AT(crc),
	AT(directories),    AT(map[1]),		 AT(map[2]),
	AT(map[3])
};

_Static_assert(LATHE_ISO9660_HIERARCHIES == 4, "roots and maps above");

void lathep_iso9660_mark_write(uint8_t pvd[2048],
			       const struct lathep_iso9660_mark *mark)
{
	uint8_t *p = pvd + LATHEP_ISO9660_MARK_OFFSET;
	uint32_t i, number;

	memset(p, 0, 512);
	memcpy(p, magic, sizeof(magic));
	lathe_put_le32(p + 8, LATHEP_ISO9660_MARK_VERSION);
	for (i = 0; i < sizeof(numbers); i++) {
		memcpy(&number, (const uint8_t *)mark + numbers[i], 4);
		lathe_put_le32(p + FIRST_NUMBER + 4 * i, number);
	}
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
	uint32_t i, number;

	memset(mark, 0, sizeof(*mark));
	if (memcmp(p, magic, sizeof(magic)) != 0 ||
	    lathe_get_le32(p + 8) != LATHEP_ISO9660_MARK_VERSION)
		return false;
	for (i = 0; i < sizeof(numbers); i++) {
		number = lathe_get_le32(p + FIRST_NUMBER + 4 * i);
		memcpy((uint8_t *)mark + numbers[i], &number, 4);
	}
	return plausible(mark);
}
