/* SPDX-License-Identifier: MIT */
/* format_commands.c - READ FORMAT CAPACITIES and FORMAT UNIT, MMC-6. */
#include "mmc/mmc_bytes.h"

enum { LIST_HEADER = 4, CAPACITY = 8 };

int lathe_mmc_encode_read_format_capacities(uint8_t *cdb, size_t room,
					    uint32_t alloc)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_FORMAT_CAPACITIES, 0,
				 0, alloc);
}

/* The length field is one byte and counts what follows the header. */
static size_t usable(const uint8_t *data, size_t len)
{
	return len < LIST_HEADER
		       ? 0
		       : lathep_mmc_min(len, (size_t)data[3] + LIST_HEADER);
}

int lathe_mmc_parse_format_capacities(const uint8_t *d, size_t len,
				      struct lathe_mmc_format_capacities *out)
{
	size_t n = usable(d, len);

	if (n < LATHE_MMC_CAPACITIES_HEADER_BYTES)
		return LATHE_ERR_CORRUPT;
	out->announced = (size_t)d[3] + LIST_HEADER;
	out->listed = (uint32_t)((n - LATHE_MMC_CAPACITIES_HEADER_BYTES) /
				 CAPACITY);
	out->blocks = lathe_get_be32(d + 4);
	out->state = d[8] & 0x03;
	return 0;
}

int lathe_mmc_parse_formattable(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_formattable *out)
{
	struct lathe_mmc_format_capacities all;
	const uint8_t *d;

	if (lathe_mmc_parse_format_capacities(data, len, &all) != 0 ||
	    index >= all.listed)
		return LATHE_ERR_NOT_FOUND;
	d = data + LATHE_MMC_CAPACITIES_HEADER_BYTES + index * CAPACITY;
	out->blocks = lathe_get_be32(d);
	out->type = d[4] >> 2;
	out->parameter = lathe_get_be24(d + 5);
	return 0;
}

int lathe_mmc_encode_format_unit(uint8_t *cdb, size_t room, bool cmplist)
{
	int len = lathep_mmc_cdb_6(cdb, room, LATHE_MMC_FORMAT_UNIT);

	/* FmtData, format code 001b. */
	if (len > 0)
		cdb[1] = cmplist ? 0x19 : 0x11;
	return len;
}

int lathe_mmc_build_format(const struct lathe_mmc_format_list *in, uint8_t *out,
			   size_t room)
{
	if (room < LATHE_MMC_FORMAT_LIST_BYTES || in->what.type > 0x3f ||
	    in->sub_type > 3 || in->what.parameter > 0xffffff)
		return LATHE_ERR_ARG;
	out[0] = 0;
	out[1] = (uint8_t)(0x80 | /* FOV: the bits beside it count */
			   (in->no_certification ? 0x20 : 0) |
			   (in->immed ? 0x02 : 0));
	lathe_put_be16(out + 2, CAPACITY);
	lathe_put_be32(out + 4, in->what.blocks);
	out[8] = (uint8_t)(in->what.type << 2 | in->sub_type);
	lathe_put_be24(out + 9, in->what.parameter);
	return 0;
}
