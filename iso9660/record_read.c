/* SPDX-License-Identifier: MIT */
/* Directory records, as they are found: ECMA-119 9.1. */
#include <string.h>

#include "iso9660/reader_internal.h"

#define RECORD_FIXED 33u /* before the identifier */

bool lathep_iso9660_on_disc(uint32_t lba, uint32_t xar, uint64_t bytes,
			    uint32_t end)
{
	uint64_t blocks = bytes / LATHE_BLOCK_BYTES +
			  (bytes % LATHE_BLOCK_BYTES != 0);

	return bytes == 0 || (uint64_t)lba + xar + blocks <= end;
}

uint32_t lathep_iso9660_get_both32(const uint8_t *p)
{
	uint32_t le = lathe_get_le32(p);

	return le ? le : lathe_get_be32(p + 4);
}

/*
 * Two numbers that stand there in both byte orders. Old masterers swapped or
 * forgot one half: a zero is not meant where another number can be.
 */
static void choose_halves(const uint8_t *p, uint32_t xar, uint32_t end,
			  struct lathep_iso9660_record *out)
{
	uint32_t lba[2] = { lathe_get_le32(p + 2), lathe_get_be32(p + 6) };
	uint32_t bytes[2] = { lathe_get_le32(p + 10), lathe_get_be32(p + 14) };
	unsigned i;

	out->lba = lathep_iso9660_get_both32(p + 2);
	out->bytes = bytes[1] ? bytes[0] : 0;
	out->halves = lba[0] != lba[1] || bytes[0] != bytes[1];
	if (!out->halves)
		return;
	for (i = 0; i < 4; i++) {
		if (lba[i & 1] && bytes[i >> 1] &&
		    lathep_iso9660_on_disc(lba[i & 1], xar, bytes[i >> 1],
					   end)) {
			out->lba = lba[i & 1];
			out->bytes = bytes[i >> 1];
			return;
		}
	}
}

int lathep_iso9660_record_parse(const uint8_t *p, size_t left, uint32_t end,
				struct lathep_iso9660_record *out)
{
	uint8_t len = p[0];

	/* An odd length (9.1.1 wants an even one) harms nobody. */
	if (len < RECORD_FIXED + 1 || len > left)
		return LATHE_ERR_CORRUPT;
	if (p[32] == 0 || p[32] > len - RECORD_FIXED)
		return LATHE_ERR_CORRUPT;
	out->record_len = len;
	out->plain = !(p[25] & 0x98u) && p[1] == 0 && p[26] == 0;
	out->xar = p[1];
	memcpy(out->date, p + 18, 7);
	out->flags = p[25];
	out->unit = p[26];
	out->gap = p[27];
	out->id_len = p[32];
	out->id = p + RECORD_FIXED;
	choose_halves(p, out->xar, end, out);
	return 0;
}
