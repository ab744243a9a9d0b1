/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it, and WTF-8 for names that were UTF-16 once. */
#include "iso9660/iso9660_internal.h"

/* The code point at s and its length, or -1. */
static int32_t decode(const uint8_t *s, size_t len, size_t *used)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c = s[0];
	size_t n = c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3
			: c < 0xf8 ? 4 : 0;
	size_t i;

	if (n == 0 || n > len)
		return -1;
	if (n > 1)
		c &= 0x7fu >> n;
	for (i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff)
		return -1;
	*used = n;
	return (int32_t)c;
}

bool lathep_iso9660_utf8_valid(const char *s, size_t len, bool surrogates)
{
	const uint8_t *p = (const uint8_t *)s;
	bool high = false;
	size_t used;
	int32_t c;

	for (; len; len -= used, p += used) {
		/* Eight ASCII characters at a time. */
		while (len >= 8 && !(lathe_get_le64(p) &
				     UINT64_C(0x8080808080808080))) {
			p += 8;
			len -= 8;
			high = false;
		}
		if (len == 0)
			break;
		if (*p < 0x80) {
			used = 1;
			high = false;
			continue;
		}
		c = decode(p, len, &used);
		if (c < 0)
			return false;
		if (c >= 0xd800 && c <= 0xdfff) {
			/* A pair of them has a form of four bytes. */
			if (!surrogates || (high && c >= 0xdc00))
				return false;
			high = c < 0xdc00;
		} else {
			high = false;
		}
	}
	return true;
}

size_t lathep_iso9660_utf8_length(const char *s, size_t len)
{
	size_t used;

	return decode((const uint8_t *)s, len, &used) < 0 ? 1 : used;
}

/* All bytes but those that go on with a code point: 80h to BFh. */
size_t lathep_iso9660_utf8_count(const char *s, size_t len)
{
	const uint64_t each = UINT64_C(0x0101010101010101);
	const uint8_t *p = (const uint8_t *)s;
	size_t count = len;
	uint64_t x;

	for (; len >= 8; len -= 8, p += 8) {
		x = lathe_get_le64(p);
		x = x >> 7 & ~x >> 6 & each;
		count -= (size_t)(x * each >> 56);
	}
	for (; len; len--, p++)
		count -= (*p & 0xc0) == 0x80;
	return count;
}
