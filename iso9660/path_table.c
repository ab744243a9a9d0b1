/* SPDX-License-Identifier: MIT */
/* Path tables, ECMA-119 6.9 and 9.4: type L and type M of each hierarchy. */
#include <string.h>

#include "iso9660/plan_internal.h"

#define RECORD_MAX (8u + LATHE_ISO9660_ID_MAX + 1u)

/* The root's identifier is one byte 00h. */
static uint8_t identifier(const struct lathe_iso9660_plan *plan, uint32_t h,
			  uint32_t dir, uint8_t *id)
{
	const struct lathep_iso9660_dir *d =
		lathep_iso9660_at(&plan->laid[h].dirs, dir);

	if (dir == 0) {
		id[0] = 0;
		return 1;
	}
	return lathep_iso9660_identifier(
		plan, h, lathep_iso9660_node(plan->tree, d->named), id);
}

int lathep_iso9660_lay_path_table(struct lathe_iso9660_plan *plan, uint32_t h)
{
	struct lathep_iso9660_laid *laid = &plan->laid[h];
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint64_t bytes = 0;
	uint32_t i;

	for (i = 0; i < laid->dirs.used; i++) {
		uint32_t len = identifier(plan, h, i, id);
		uint64_t block = (uint64_t)laid->path_blocks.used *
				 LATHE_BLOCK_BYTES;

		len = 8 + len + len % 2;
		if (block < bytes + len) {
			struct lathep_iso9660_path_block *p =
				lathep_iso9660_store_add(&laid->path_blocks);

			if (!p)
				return LATHE_ERR_MEMORY;
			p->dir = i;
			p->skip = (uint32_t)(block - bytes);
		}
		bytes += len;
	}
	/* 8.4.13: its size has 32 bits. */
	if (bytes > UINT32_MAX)
		return lathep_iso9660_fail(&plan->tree->failure,
					   LATHE_ERR_LIMIT,
					   "too many directories for a path "
					   "table");
	laid->path_bytes = bytes;
	return 0;
}

static uint64_t measure(struct lathe_iso9660_plan *plan,
			const struct lathep_iso9660_region *region)
{
	return lathep_iso9660_blocks(plan->laid[region->h].path_bytes);
}

/* 9.4; parents are numbered from 1. */
static uint32_t write_record(const struct lathe_iso9660_image *image,
			     uint32_t h, uint32_t dir, bool big, uint8_t *out)
{
	const struct lathep_iso9660_laid *laid = &image->plan->laid[h];
	const struct lathep_iso9660_dir *d =
		lathep_iso9660_at(&laid->dirs, dir);
	uint32_t lba = image->start + laid->first + d->first_block;
	uint8_t len = identifier(image->plan, h, dir, out + 8);

	out[0] = len;
	out[1] = 0;
	if (big) {
		lathe_put_be32(out + 2, lba);
		lathe_put_be16(out + 6, (uint16_t)(d->parent + 1));
	} else {
		lathe_put_le32(out + 2, lba);
		lathe_put_le16(out + 6, (uint16_t)(d->parent + 1));
	}
	if (len % 2)
		out[8 + len] = 0;
	return 8u + len + len % 2;
}

static void encode(const struct lathe_iso9660_image *image,
		   const struct lathep_iso9660_region *region, uint32_t i,
		   uint8_t *out)
{
	const bool big = region->provider == &lathep_iso9660_path_table_m;
	const struct lathep_iso9660_laid *laid =
		&image->plan->laid[region->h];
	const struct lathep_iso9660_path_block *block =
		lathep_iso9660_at(&laid->path_blocks, i);
	uint32_t dir = block->dir, skip = block->skip, used = 0;
	uint8_t record[RECORD_MAX];

	for (; dir < laid->dirs.used && used < LATHE_BLOCK_BYTES; dir++) {
		uint32_t len = write_record(image, region->h, dir, big,
					    record) - skip;

		if (len > LATHE_BLOCK_BYTES - used)
			len = LATHE_BLOCK_BYTES - used;
		memcpy(out + used, record + skip, len);
		used += len;
		skip = 0;
	}
	memset(out + used, 0, LATHE_BLOCK_BYTES - used);
}

const struct lathep_iso9660_provider lathep_iso9660_path_table_l = {
	.measure = measure,
	.encode = encode
};

const struct lathep_iso9660_provider lathep_iso9660_path_table_m = {
	.measure = measure,
	.encode = encode
};
