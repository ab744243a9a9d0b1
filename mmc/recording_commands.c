/* SPDX-License-Identifier: MIT */
/* recording_commands.c - commands around a recording, MMC-6: no reply data. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_reserve_track(uint8_t *cdb, size_t room, uint32_t blocks)
{
	if (!lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_RESERVE_TRACK))
		return LATHE_ERR_ARG;
	lathe_put_be32(cdb + 5, blocks);
	return 10;
}

int lathe_mmc_encode_send_opc(uint8_t *cdb, size_t room)
{
	if (!lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_SEND_OPC))
		return LATHE_ERR_ARG;
	cdb[1] = 0x01;
	return 10;
}

int lathe_mmc_encode_close(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_close_function function,
			   uint32_t track)
{
	bool of_track = function == LATHE_MMC_CLOSE_TRACK;

	if (!of_track && function != LATHE_MMC_CLOSE_SESSION &&
	    function != LATHE_MMC_FINALIZE_MINIMUM &&
	    function != LATHE_MMC_FINALIZE)
		return LATHE_ERR_ARG;
	if ((of_track && (track == 0 || track > 0xffff)) ||
	    (!of_track && track != 0) ||
	    !lathep_mmc_cdb(cdb, room, 10, LATHE_MMC_CLOSE_TRACK_SESSION))
		return LATHE_ERR_ARG;
	cdb[1] = immed;
	cdb[2] = (uint8_t)function;
	lathe_put_be16(cdb + 4, (uint16_t)track);
	return 10;
}

int lathe_mmc_encode_blank(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_blank_type type)
{
	if ((type != LATHE_MMC_BLANK_TYPE_FULL &&
	     type != LATHE_MMC_BLANK_TYPE_MINIMAL) ||
	    !lathep_mmc_cdb(cdb, room, 12, LATHE_MMC_BLANK_COMMAND))
		return LATHE_ERR_ARG;
	cdb[1] = (uint8_t)((immed ? 0x10 : 0) | type);
	return 12;
}
