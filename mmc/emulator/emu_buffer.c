/* SPDX-License-Identifier: MIT */
/* emu_buffer.c - READ BUFFER CAPACITY and SEND OPC INFORMATION; MMC-6 6.14,
 * 6.35. */
#include "mmc/emulator/emu_commands.h"

#define CALIBRATION_US 2500000u

uint32_t lathep_emu_buffer_capacity(struct lathe_emulator *e,
				    struct lathe_cmd *c)
{
	uint32_t unit = c->cdb[1] & 1 ? 1 : LATHE_BLOCK_BYTES;
	uint32_t used = emu_disc(e)->buffered;
	uint8_t reply[12] = { 0 };

	if (used > e->buffer_blocks)
		used = e->buffer_blocks;
	reply[1] = 10;
	reply[3] = c->cdb[1] & 1;
	lathe_put_be32(reply + 4, e->buffer_blocks * unit);
	lathe_put_be32(reply + 8, (e->buffer_blocks - used) * unit);
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 7));
}

uint32_t lathep_emu_opc(struct lathe_emulator *e, struct lathe_cmd *c)
{
	if (emu_disc(e)->final)
		return EMU_CANNOT_WRITE;
	if (!(c->cdb[1] & 1)) {
		/* Values from the host are taken, and not needed. */
		if (c->to_drive)
			c->moved = c->data_len;
		return EMU_GOOD;
	}
	lathep_emu_advance(e, CALIBRATION_US);
	return EMU_GOOD;
}
