/* SPDX-License-Identifier: MIT */
/* recording_commands.c - commands around a recording, MMC-6: no reply data. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_reserve_track(uint8_t *cdb, size_t room, uint32_t blocks)
{
	int len = lathep_mmc_cdb_10(cdb, room, LATHE_MMC_RESERVE_TRACK, 0, 0,
				    0);

	if (len > 0)
		lathe_put_be32(cdb + 5, blocks);
	return len;
}

int lathe_mmc_encode_split_track(uint8_t *cdb, size_t room, uint32_t lba)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_RESERVE_TRACK,
				 0x01 /* ARSV */, lba, 0);
}

int lathe_mmc_encode_send_opc(uint8_t *cdb, size_t room)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_SEND_OPC, 0x01, 0, 0);
}

int lathe_mmc_encode_close(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_close_function function,
			   uint32_t track)
{
	bool of_track = function == LATHE_MMC_CLOSE_TRACK;

	if (!of_track && function != LATHE_MMC_STOP_FORMAT &&
	    function != LATHE_MMC_CLOSE_SESSION &&
	    function != LATHE_MMC_FINALIZE_MINIMUM &&
	    function != LATHE_MMC_FINALIZE)
		return LATHE_ERR_ARG;
	if (of_track ? track == 0 || track > 0xffff : track != 0)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_CLOSE_TRACK_SESSION,
				 immed, (uint32_t)function << 24 | track, 0);
}

int lathe_mmc_encode_blank(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_blank_type type)
{
	if (type != LATHE_MMC_BLANK_TYPE_FULL &&
	    type != LATHE_MMC_BLANK_TYPE_MINIMAL)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_12(cdb, room, LATHE_MMC_BLANK_COMMAND,
				 (immed ? 0x10u : 0) | (unsigned)type, 0, 0);
}

int lathe_mmc_encode_send_cue_sheet(uint8_t *cdb, size_t room, uint32_t len)
{
	int err = len > 0xffffff ? LATHE_ERR_ARG :
		  lathep_mmc_cdb_10(cdb, room, LATHE_MMC_SEND_CUE_SHEET, 0, 0,
				    0);

	if (err > 0)
		lathe_put_be24(cdb + 6, len);
	return err;
}

int lathe_mmc_build_cue(const struct lathe_mmc_cue *in, uint8_t *out,
			size_t room)
{
	uint32_t time = (uint32_t)(in->lba + 150);

	if (room < LATHE_MMC_CUE_BYTES || in->lba < -150 || in->lba > 404849)
		return LATHE_ERR_ARG;
	out[0] = 0x41; /* data, position */
	out[1] = in->track;
	out[2] = in->index;
	out[3] = (uint8_t)in->form;
	out[4] = 0; /* SCMS: audio only */
	out[5] = (uint8_t)(time / 75 / 60);
	out[6] = (uint8_t)(time / 75 % 60);
	out[7] = (uint8_t)(time % 75);
	return 0;
}
