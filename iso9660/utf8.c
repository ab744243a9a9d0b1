/* SPDX-License-Identifier: MIT */
/* UTF-8 as RFC 3629 has it, and WTF-8 for names that were UTF-16 once. */
#include "iso9660/iso9660_internal.h"

/* Bytes of a sequence that begins so; 0: none does. */
static unsigned sequence_length(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xC2)
		return 0;	/* a continuation, or overlong */
	if (lead < 0xE0)
		return 2;
	if (lead < 0xF0)
		return 3;
	return lead < 0xF5 ? 4 : 0;
}

unsigned lathe_iso9660_next_utf8(const uint8_t *in, size_t len,
				 uint32_t *point)
{
	/* Less would be an overlong form. */
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned n = sequence_length(in[0]), i;
	uint32_t c = in[0];

	if (n == 0 || n > len)
		return 0;
	if (n > 1)
		c &= 0x7Fu >> n;
	for (i = 1; i < n; i++) {
		if ((in[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (in[i] & 0x3F);
	}
	if (c < least[n] || c > 0x10FFFF)
		return 0;
	*point = c;
	return n;
}

bool lathep_iso9660_utf8_valid(const char *s, size_t len, bool surrogates)
{
	const uint8_t *p = (const uint8_t *)s;
	bool high = false;
	unsigned used;
	uint32_t c;

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
		used = lathe_iso9660_next_utf8(p, len, &c);
		if (used == 0)
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
	uint32_t point;
	unsigned n = lathe_iso9660_next_utf8((const uint8_t *)s, len, &point);

	return n ? n : 1;
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
