/* SPDX-License-Identifier: MIT */
/* performance.c - GET PERFORMANCE and SET STREAMING, MMC-6. */
#include "mmc/mmc_bytes.h"

enum { HEADER = 8, DESCRIPTOR = 16, SECOND_MS = 1000 };

int lathe_mmc_encode_get_performance(uint8_t *cdb, size_t room,
				     enum lathe_mmc_performance what,
				     uint32_t most)
{
	/* Tolerance 10b, write bit 2; type 3 has neither. */
	static const uint8_t byte_1[3] = { 0x10, 0x14, 0x00 };
	int len;

	if ((unsigned)what > LATHE_MMC_WRITE_SPEEDS || most > 0xffff)
		return LATHE_ERR_ARG;
	len = lathep_mmc_cdb_12(cdb, room, LATHE_MMC_GET_PERFORMANCE,
				byte_1[what], 0, most);
	if (len > 0 && what == LATHE_MMC_WRITE_SPEEDS)
		cdb[10] = 3;
	return len;
}

int lathe_mmc_parse_performance(const uint8_t *data, size_t len,
				struct lathe_mmc_performance_list *out)
{
	if (len < HEADER || lathep_mmc_announced32(data) < HEADER)
		return LATHE_ERR_CORRUPT;
	out->announced = lathep_mmc_announced32(data);
	out->entries =
		(uint32_t)((lathep_mmc_min(len, out->announced) - HEADER) /
			   DESCRIPTOR);
	return 0;
}

static const uint8_t *descriptor(const uint8_t *data, size_t len,
				 uint32_t index)
{
	struct lathe_mmc_performance_list list;

	if (lathe_mmc_parse_performance(data, len, &list) != 0 ||
	    index >= list.entries)
		return NULL;
	return data + HEADER + (size_t)index * DESCRIPTOR;
}

int lathe_mmc_parse_nominal(const uint8_t *data, size_t len, uint32_t index,
			    struct lathe_mmc_nominal *out)
{
	const uint8_t *d = descriptor(data, len, index);

	if (!d)
		return LATHE_ERR_NOT_FOUND;
	out->start_lba = lathe_get_be32(d);
	out->start_kb = lathe_get_be32(d + 4);
	out->end_lba = lathe_get_be32(d + 8);
	out->end_kb = lathe_get_be32(d + 12);
	return 0;
}

int lathe_mmc_parse_write_speed(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_speed *out)
{
	const uint8_t *d = descriptor(data, len, index);

	if (!d)
		return LATHE_ERR_NOT_FOUND;
	out->rotation = (d[0] >> 3) & 0x03;
	out->exact = (d[0] & 0x02) != 0;
	out->end_lba = lathe_get_be32(d + 4);
	out->read_kb = lathe_get_be32(d + 8);
	out->write_kb = lathe_get_be32(d + 12);
	return 0;
}

int lathe_mmc_encode_set_streaming(uint8_t *cdb, size_t room)
{
	int len = lathep_mmc_cdb_12(cdb, room, LATHE_MMC_SET_STREAMING, 0, 0,
				    0);

	if (len > 0)
		cdb[10] = LATHE_MMC_STREAMING_BYTES;
	return len;
}

int lathe_mmc_build_streaming(const struct lathe_mmc_streaming *in,
			      uint8_t *out, size_t room)
{
	if (room < LATHE_MMC_STREAMING_BYTES)
		return LATHE_ERR_ARG;
	memset(out, 0, LATHE_MMC_STREAMING_BYTES);
	out[0] = in->defaults ? 0x04 : 0;
	lathe_put_be32(out + 8, in->end_lba);
	lathe_put_be32(out + 12, in->read_kb);
	lathe_put_be32(out + 16, SECOND_MS);
	lathe_put_be32(out + 20, in->write_kb);
	lathe_put_be32(out + 24, SECOND_MS);
	return 0;
}
