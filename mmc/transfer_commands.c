/* SPDX-License-Identifier: MIT */
/* transfer_commands.c - commands that move blocks: capacity, READ, WRITE. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_read_capacity(uint8_t *cdb, size_t room)
{
	if (!lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_READ_CAPACITY))
		return LATHE_ERR_ARG;
	return 10;
}

int lathe_mmc_parse_capacity(const uint8_t *data, size_t len,
			     struct lathe_mmc_capacity *out)
{
	if (len < 8)
		return LATHE_ERR_CORRUPT;
	out->last_lba = lathe_get_be32(data);
	out->block_bytes = lathe_get_be32(data + 4);
	return 0;
}

static int encode_transfer(uint8_t *cdb, size_t room,
			   enum lathe_mmc_opcode opcode, uint32_t lba,
			   uint32_t blocks, bool fua)
{
	if (blocks > 0xffff || !lathep_mmc_cdb(cdb, room, 10, opcode))
		return LATHE_ERR_ARG;
	cdb[1] = fua ? 0x08 : 0;
	lathe_put_be32(cdb + 2, lba);
	lathe_put_be16(cdb + 7, (uint16_t)blocks);
	return 10;
}

int lathe_mmc_encode_read_10(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool fua)
{
	return encode_transfer(cdb, room, LATHE_MMC_READ_10, lba, blocks, fua);
}

int lathe_mmc_encode_write_10(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool fua)
{
	return encode_transfer(cdb, room, LATHE_MMC_WRITE_10, lba, blocks, fua);
}

int lathe_mmc_encode_synchronize_cache(uint8_t *cdb, size_t room, bool immed)
{
	if (!lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_SYNCHRONIZE_CACHE))
		return LATHE_ERR_ARG;
	cdb[1] = immed ? 0x02 : 0;
	return 10;
}
