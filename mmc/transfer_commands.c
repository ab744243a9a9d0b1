/* SPDX-License-Identifier: MIT */
/* transfer_commands.c - commands that move blocks: capacity, READ, WRITE. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_read_capacity(uint8_t *cdb, size_t room)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_CAPACITY, 0, 0, 0);
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

int lathe_mmc_encode_read_10(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool fua)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_10, fua ? 0x08 : 0,
				 lba, blocks);
}

int lathe_mmc_encode_write_10(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool fua)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_WRITE_10, fua ? 0x08 : 0,
				 lba, blocks);
}

int lathe_mmc_encode_write_and_verify(uint8_t *cdb, size_t room, uint32_t lba,
				      uint32_t blocks)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_WRITE_AND_VERIFY, 0, lba,
				 blocks);
}

int lathe_mmc_encode_verify(uint8_t *cdb, size_t room, uint32_t lba,
			    uint32_t blocks)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_VERIFY, 0, lba,
				 blocks);
}

static int encode_12(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode,
		     uint32_t lba, uint32_t blocks, bool streaming)
{
	int len = lathep_mmc_cdb_12(cdb, room, opcode, 0, lba, blocks);

	if (len > 0 && streaming)
		cdb[10] = 0x80;
	return len;
}

int lathe_mmc_encode_read_12(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool streaming)
{
	return encode_12(cdb, room, LATHE_MMC_READ_12, lba, blocks, streaming);
}

int lathe_mmc_encode_write_12(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool streaming)
{
	return encode_12(cdb, room, LATHE_MMC_WRITE_12, lba, blocks, streaming);
}

int lathe_mmc_encode_read_cd(uint8_t *cdb, size_t room,
			     enum lathe_mmc_sector_type type, uint32_t lba,
			     uint32_t blocks, uint32_t parts,
			     uint32_t sub_channel)
{
	int len;

	if ((unsigned)type > LATHE_MMC_SECTOR_XA_FORM_2 || blocks > 0xffffff ||
	    parts > 0xff || sub_channel > 7)
		return LATHE_ERR_ARG;
	len = lathep_mmc_cdb_12(cdb, room, LATHE_MMC_READ_CD,
				(unsigned)type << 2, lba, blocks << 8 | parts);
	if (len > 0)
		cdb[10] = (uint8_t)sub_channel;
	return len;
}

int lathe_mmc_encode_synchronize_cache(uint8_t *cdb, size_t room, bool immed)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_SYNCHRONIZE_CACHE,
				 immed ? 0x02 : 0, 0, 0);
}
