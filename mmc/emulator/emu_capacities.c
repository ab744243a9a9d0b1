/* SPDX-License-Identifier: MIT */
/* emu_capacities.c - READ FORMAT CAPACITIES, MMC-6 6.23. */
#include "mmc/emulator/emulator_internal.h"

uint32_t lathep_emu_format_capacities(struct lathe_emulator *e,
				      struct lathe_cmd *c)
{
	uint8_t reply[12] = { 0 };
	uint32_t blocks = 0;

	reply[3] = 8;
	reply[8] = 3;		/* no medium, or unknown capacity */
	if (emu_has_disc(e)) {
		blocks = lathep_emu_capacity(emu_disc(e));
		reply[8] = blocks ? 2 : 1;
		if (!blocks)
			blocks = emu_disc(e)->limit;
	}
	lathe_put_be32(reply + 4, blocks);
	lathe_put_be24(reply + 9, LATHE_BLOCK_BYTES);
	return lathep_emu_reply(c, reply, sizeof(reply),
				lathe_get_be16(c->cdb + 7));
}
