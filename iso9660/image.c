/* SPDX-License-Identifier: MIT */
/* An image: a plan at an address, and the checksum that its mark holds. */
#include <string.h>

#include "iso9660/plan_internal.h"

void lathep_iso9660_encode_block(const struct lathe_iso9660_image *image,
				 const struct lathep_iso9660_region *region,
				 uint32_t i, uint8_t *out)
{
	if (region->provider->encode)
		region->provider->encode(image, region, i, out);
	else
		memset(out, 0, LATHE_BLOCK_BYTES);
}

/* Over all blocks behind the system area up to the last directory, with the
 * checksum's own field zero. */
static uint32_t metadata_crc(const struct lathe_iso9660_image *image)
{
	const struct lathe_iso9660_plan *plan = image->plan;
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t r, i, crc = 0;

	for (r = 1; r < plan->regions; r++) {
		const struct lathep_iso9660_region *region = &plan->region[r];

		if (region->first >= plan->metadata)
			break;
		for (i = 0; i < region->blocks; i++) {
			lathep_iso9660_encode_block(image, region, i, block);
			crc = lathe_iso9660_crc32c(crc, block, sizeof(block));
		}
	}
	return crc;
}

int lathe_iso9660_image_init(struct lathe_iso9660_image *image,
			     const struct lathe_iso9660_plan *plan,
			     uint32_t start)
{
	struct lathe_iso9660_image made = { plan, start, 0 };

	if (plan->blocks > UINT32_MAX - start)
		return LATHE_ERR_LIMIT;
	made.metadata_crc = metadata_crc(&made);
	*image = made;
	return 0;
}
