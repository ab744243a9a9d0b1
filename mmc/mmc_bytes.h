/* SPDX-License-Identifier: MIT */
/* mmc_bytes.h - small helpers of the encoders and parsers. */
#ifndef LATHEP_MMC_BYTES_H
#define LATHEP_MMC_BYTES_H

#include <string.h>

#include "lathe.h"
#include "mmc/lathe_mmc_commands.h"

static inline size_t lathep_mmc_min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Begin a CDB: all zero but the operation code. False: no room. */
static inline bool lathep_mmc_cdb(uint8_t *cdb, size_t room, size_t len,
				  enum lathe_mmc_opcode opcode)
{
	if (room < len)
		return false;
	memset(cdb, 0, len);
	cdb[0] = (uint8_t)opcode;
	return true;
}

/*
 * What may be looked at of a reply that starts with a 16-bit length which
 * does not count itself: neither more than came nor more than it announces.
 */
static inline size_t lathep_mmc_usable16(const uint8_t *data, size_t len)
{
	if (len < 2)
		return 0;
	return lathep_mmc_min(len, (size_t)lathe_get_be16(data) + 2);
}

#endif
