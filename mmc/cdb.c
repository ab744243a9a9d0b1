/* SPDX-License-Identifier: MIT */
/* cdb.c - what the encoders of all CDBs share. */
#include "mmc/mmc_bytes.h"

static bool begin(uint8_t *cdb, size_t room, size_t len,
		  enum lathe_mmc_opcode opcode)
{
	if (room < len)
		return false;
	memset(cdb, 0, len);
	cdb[0] = (uint8_t)opcode;
	return true;
}

int lathep_mmc_cdb_6(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode)
{
	return begin(cdb, room, 6, opcode) ? 6 : LATHE_ERR_ARG;
}

int lathep_mmc_cdb_10(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode,
		      unsigned byte_1, uint32_t at_2, uint32_t at_7)
{
	if (at_7 > 0xffff || !begin(cdb, room, 10, opcode))
		return LATHE_ERR_ARG;
	cdb[1] = (uint8_t)byte_1;
	lathe_put_be32(cdb + 2, at_2);
	lathe_put_be16(cdb + 7, (uint16_t)at_7);
	return 10;
}

int lathep_mmc_cdb_12(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode,
		      unsigned byte_1, uint32_t at_2, uint32_t at_6)
{
	if (!begin(cdb, room, 12, opcode))
		return LATHE_ERR_ARG;
	cdb[1] = (uint8_t)byte_1;
	lathe_put_be32(cdb + 2, at_2);
	lathe_put_be32(cdb + 6, at_6);
	return 12;
}
