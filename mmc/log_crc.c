/* SPDX-License-Identifier: MIT */
/* log_crc.c - CRC-32C, the Castagnoli polynomial in reflected form. */
#include "mmc/mmc_internal.h"

/* The CRC of four bits each: small beats fast here. */
static const uint32_t nibbles[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
	0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

uint32_t lathep_mmc_crc32c(const uint8_t *data, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc = crc >> 4 ^ nibbles[(crc ^ data[i]) & 0x0f];
		crc = crc >> 4 ^ nibbles[(crc ^ data[i] >> 4) & 0x0f];
	}
	return ~crc;
}
