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

/*
 * Whole CDBs as most commands have them, zeros elsewhere; see cdb.c. They
 * return their length, or LATHE_ERR_ARG: no room, or 'at_7' above 16 bits.
 * Of ten bytes: byte 1, a number in bytes 2 to 5, one in 7 and 8.
 */
int lathep_mmc_cdb_6(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode);
int lathep_mmc_cdb_10(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode,
		      unsigned byte_1, uint32_t at_2, uint32_t at_7);
/* Of twelve bytes: byte 1, numbers in bytes 2 to 5 and 6 to 9. */
int lathep_mmc_cdb_12(uint8_t *cdb, size_t room, enum lathe_mmc_opcode opcode,
		      unsigned byte_1, uint32_t at_2, uint32_t at_6);

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

/* All of a reply whose length has 32 bits, clipped. */
static inline size_t lathep_mmc_announced32(const uint8_t *data)
{
	uint32_t n = lathe_get_be32(data);

	return n > UINT32_MAX - 4 ? UINT32_MAX : n + 4;
}

#endif
