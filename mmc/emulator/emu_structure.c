/* SPDX-License-Identifier: MIT */
/* emu_structure.c - READ DISC STRUCTURE, MMC-6 6.22. */
#include "mmc/emulator/emulator_internal.h"

/* These structures are of DVD and BD. */
uint32_t lathep_emu_disc_structure(struct lathe_emulator *e,
				   struct lathe_cmd *c)
{
	(void)e;
	(void)c;
	return EMU_BAD_FIELD;
}
