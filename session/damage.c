/* SPDX-License-Identifier: MIT */
/*
 * damage.c - a volume that is not whole: where it says that it ends, and what
 * of it is lost.
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
