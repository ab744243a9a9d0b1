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

int lathe_mmc_encode_write_and_verify(uint8_t *cdb, size_t room, uint32_t lba,
				      uint32_t blocks)
{
	return encode_transfer(cdb, room, LATHE_MMC_WRITE_AND_VERIFY, lba,
			       blocks, false);
}

int lathe_mmc_encode_verify(uint8_t *cdb, size_t room, uint32_t lba,
			    uint32_t blocks)
{
	return encode_transfer(cdb, room, LATHE_MMC_VERIFY, lba, blocks, false);
}

static int encode_streaming(uint8_t *cdb, size_t room,
			    enum lathe_mmc_opcode opcode, uint32_t lba,
			    uint32_t blocks, bool streaming)
{
	if (!lathep_mmc_cdb(cdb, room, 12, opcode))
		return LATHE_ERR_ARG;
	lathe_put_be32(cdb + 2, lba);
	lathe_put_be32(cdb + 6, blocks);
	cdb[10] = streaming ? 0x80 : 0;
	return 12;
}

int lathe_mmc_encode_read_12(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool streaming)
{
	return encode_streaming(cdb, room, LATHE_MMC_READ_12, lba, blocks,
				streaming);
}

int lathe_mmc_encode_write_12(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool streaming)
{
	return encode_streaming(cdb, room, LATHE_MMC_WRITE_12, lba, blocks,
				streaming);
}

int lathe_mmc_encode_read_cd(uint8_t *cdb, size_t room,
			     enum lathe_mmc_sector_type type, uint32_t lba,
			     uint32_t blocks, uint32_t parts,
			     uint32_t sub_channel)
{
	if ((unsigned)type > LATHE_MMC_SECTOR_XA_FORM_2 || blocks > 0xffffff ||
	    parts > 0xff || sub_channel > 7 ||
	    !lathep_mmc_cdb(cdb, room, 12, LATHE_MMC_READ_CD))
		return LATHE_ERR_ARG;
	cdb[1] = (uint8_t)(type << 2);
	lathe_put_be32(cdb + 2, lba);
	lathe_put_be24(cdb + 6, blocks);
	cdb[9] = (uint8_t)parts;
	cdb[10] = (uint8_t)sub_channel;
	return 12;
}

int lathe_mmc_encode_synchronize_cache(uint8_t *cdb, size_t room, bool immed)
{
	if (!lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_SYNCHRONIZE_CACHE))
		return LATHE_ERR_ARG;
	cdb[1] = immed ? 0x02 : 0;
	return 10;
}
