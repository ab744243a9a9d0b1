/* SPDX-License-Identifier: MIT */
/*
 * Which directory of ISO 9660 is which of another hierarchy: a table of ours
 * among the metadata. Nothing in the standards ties them together, and names
 * and files do not always tell: folders that hold only folders, whose names
 * became equal in ISO 9660. An importer has to know, so that no identifier of
 * an earlier session passes to another directory.
 *
 * For each directory of ISO 9660, in the order of its path table, four bytes
 * little endian: the number in the other hierarchy's path table, from 1; 0
 * where it has none. The rest of the last block is zeros.
 */
#include <string.h>

#include "iso9660/plan_internal.h"

#define NUMBERS (LATHE_BLOCK_BYTES / 4)

static uint64_t measure(struct lathe_iso9660_plan *plan,
			const struct lathep_iso9660_region *region)
{
	(void)region;
	return lathep_iso9660_blocks((uint64_t)plan->laid[0].dirs.used * 4);
}

static uint32_t number_of(const struct lathe_iso9660_plan *plan, uint32_t h,
			  uint32_t dir)
{
	const struct lathep_iso9660_laid *laid = &plan->laid[h];
	const struct lathep_iso9660_dir *d =
		lathep_iso9660_at(&plan->laid[0].dirs, dir);
	const struct lathep_iso9660_node *node =
		lathep_iso9660_node(plan->tree, d->node);
	uint32_t place = lathep_iso9660_u32(&laid->place, node->u.folder.dir);

	return place == LATHEP_ISO9660_NO_PLACE ? 0 : place + 1;
}

static void encode(const struct lathe_iso9660_image *image,
		   const struct lathep_iso9660_region *region, uint32_t i,
		   uint8_t *out)
{
	const struct lathe_iso9660_plan *plan = image->plan;
	uint32_t left = plan->laid[0].dirs.used - i * NUMBERS, n;

	memset(out, 0, LATHE_BLOCK_BYTES);
	for (n = 0; n < NUMBERS && n < left; n++)
		lathe_put_le32(out + 4 * n,
			       number_of(plan, region->h, i * NUMBERS + n));
}

const struct lathep_iso9660_provider lathep_iso9660_directory_map = {
	.measure = measure,
	.encode = encode
};
