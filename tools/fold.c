/* SPDX-License-Identifier: MIT */
#include "tools/fold.h"

/* Simple case folding (UnicodeData.txt) of the scripts that people use in
 * file names: Latin, Greek, Cyrillic, Armenian. */
static uint32_t fold(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3ab && c != 0x3a2) ||
	    (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if (c >= 0x531 && c <= 0x556)
		return c + 48;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	if ((c >= 0x100 && c <= 0x177 && c != 0x130 && c != 0x131) ||
	    (c >= 0x460 && c <= 0x481) || (c >= 0x48a && c <= 0x4bf) ||
	    (c >= 0x4d0 && c <= 0x52f) || (c >= 0x1e00 && c <= 0x1e95) ||
	    (c >= 0x1ea0 && c <= 0x1eff))
		return c | 1;
	return c;
}

/* One code point of well-formed UTF-8; of anything else a byte. */
static uint32_t next_point(const uint8_t **p, const uint8_t *end)
{
	uint32_t c = *(*p)++;
	int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	if (more == 0 || end - *p < more)
		return c;
	c &= 0x3fu >> more;
	while (more-- > 0)
		c = c << 6 | (*(*p)++ & 0x3fu);
	return c;
}

uint64_t fold_name(uint64_t hash, const char *name, size_t len)
{
	const uint8_t *p = (const uint8_t *)name, *end = p + len;

	while (p < end)
		hash = fold_mix(hash, fold(next_point(&p, end)));
	return hash;
}
