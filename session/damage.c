/* SPDX-License-Identifier: MIT */
/*
 * damage.c - where a volume and what is behind it say that they end, and what
 * is lost of one that is not whole.
 */
#include "session/session_internal.h"

#include <string.h>

/* Blocks. A foreign volume that claims more than any disc has is not
 * believed. */
#define CLAIM_MOST (1u << 26)

uint32_t lathe_session_claimed_end(const struct lathe_iso9660_found *found,
				   uint32_t start)
{
	uint32_t blocks = found->volume_blocks;

	if (found->own)
		blocks = found->self.blocks;
	else if (blocks > CLAIM_MOST)
		return 0;
	else if (blocks > start)
		return blocks;
	return blocks <= UINT32_MAX - start ? start + blocks : 0;
}

/* Four entries of 16 bytes: status, which boot code does not have by chance in
 * all of them, start and sectors. */
uint32_t lathe_session_partitions_end(const uint8_t *block, uint32_t end)
{
	const uint8_t *entry = block + 446, *signature = block + 510;
	uint32_t most = 0;
	uint64_t last;

	if (signature[0] != 0x55 || signature[1] != 0xAA)
		return 0;
	for (; entry < signature; entry += 16) {
		last = ((uint64_t)lathe_get_le32(entry + 8) +
			lathe_get_le32(entry + 12) + 3) / 4;
		if (entry[0] & 0x7F)
			return 0;
		if (lathe_get_le32(entry + 12) && last > most && last <= end)
			most = (uint32_t)last;
	}
	return most;
}

bool lathe_session_is_loss(enum lathe_iso9660_oddity what, uint32_t lba,
			   uint32_t start, const char *text)
{
	static const char lost[] = "left out";
	size_t len = strlen(text), n = sizeof(lost) - 1;

	return (what == LATHE_ISO9660_ODD_EXTENT ||
		what == LATHE_ISO9660_ODD_RECORD ||
		what == LATHE_ISO9660_ODD_LOOP) &&
	       lba != start + 16 && len >= n &&
	       memcmp(text + len - n, lost, n) == 0;
}
