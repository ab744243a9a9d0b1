/* SPDX-License-Identifier: MIT */
/*
 * utf16.c - UTF-8 to UTF-16BE and back.
 *
 * A codec of its own, since names must not depend on what a C library's
 * iconv finds on the machine: a static program in a bare root has no
 * conversion tables. Units are kept whatever they are: an unpaired surrogate,
 * which old writers of UCS-2 leave behind when they cut a name, becomes three
 * bytes (WTF-8) and comes back as it was.
 */
#include "joliet/joliet_internal.h"

#include <limits.h>

unsigned lathep_joliet_put_utf8(uint32_t c, uint8_t *out)
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xC0u | c >> 6);
		out[1] = (uint8_t)(0x80u | (c & 0x3Fu));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xE0u | c >> 12);
		out[1] = (uint8_t)(0x80u | (c >> 6 & 0x3Fu));
		out[2] = (uint8_t)(0x80u | (c & 0x3Fu));
		return 3;
	}
	out[0] = (uint8_t)(0xF0u | c >> 18);
	out[1] = (uint8_t)(0x80u | (c >> 12 & 0x3Fu));
	out[2] = (uint8_t)(0x80u | (c >> 6 & 0x3Fu));
	out[3] = (uint8_t)(0x80u | (c & 0x3Fu));
	return 4;
}

unsigned lathep_joliet_put_utf16(uint32_t c, uint8_t *out)
{
	if (c < 0x10000) {
		lathe_put_be16(out, (uint16_t)c);
		return 2;
	}
	c -= 0x10000;
	lathe_put_be16(out, (uint16_t)(0xD800u | c >> 10));
	lathe_put_be16(out + 2, (uint16_t)(0xDC00u | (c & 0x3FFu)));
	return 4;
}

unsigned lathep_joliet_get_utf16(const uint8_t *in, size_t bytes, uint32_t *c)
{
	uint32_t next;

	*c = lathe_get_be16(in);
	if (!lathep_joliet_high(*c) || bytes < 4)
		return 2;
	next = lathe_get_be16(in + 2);
	if (!lathep_joliet_low(next))
		return 2;
	*c = 0x10000u + ((*c & 0x3FFu) << 10) + (next & 0x3FFu);
	return 4;
}

int lathe_joliet_utf16_from_utf8(const char *in, size_t len, uint8_t *out,
				 size_t room_bytes)
{
	const uint8_t *p = (const uint8_t *)in, *end = p + len;
	size_t used = 0;
	bool after_high = false; /* which came as three bytes of its own */
	uint32_t c;
	unsigned taken;

	if (room_bytes > INT_MAX)
		room_bytes = INT_MAX;
	for (; p < end; p += taken) {
		taken = lathe_iso9660_next_utf8(p, (size_t)(end - p), &c);
		if (taken == 0)
			return LATHE_ERR_NAME;
		/* Two halves in six bytes are a second form of what has one
		 * in four: two names would meet in one identifier. */
		if (after_high && lathep_joliet_low(c))
			return LATHE_ERR_NAME;
		after_high = lathep_joliet_high(c);
		if (room_bytes - used < (c < 0x10000 ? 2u : 4u))
			return LATHE_ERR_LIMIT;
		used += lathep_joliet_put_utf16(c, out + used);
	}
	return (int)used;
}

/* Four units that are all ASCII; false if they are not. */
static bool take_four(const uint8_t *in, char *out)
{
	uint64_t x = lathe_get_le64(in);

	if (x & UINT64_C(0x80ff80ff80ff80ff))
		return false;
	x >>= 8;
	x = (x | x >> 8) & UINT64_C(0x0000ffff0000ffff);
	lathe_put_le32((uint8_t *)out, (uint32_t)(x | x >> 16));
	return true;
}

int lathe_joliet_utf8_from_utf16(const uint8_t *in, size_t bytes, char *out,
				 size_t room)
{
	uint8_t four[4];
	size_t used = 0, at;
	unsigned taken, length, i;
	uint32_t c;

	if (bytes % 2)
		return LATHE_ERR_NAME;
	if (room > INT_MAX)
		room = INT_MAX;
	for (at = 0; at < bytes; at += taken) {
		while (bytes - at >= 8 && room - used >= 4 &&
		       take_four(in + at, out + used)) {
			at += 8;
			used += 4;
		}
		if (at == bytes)
			break;
		taken = lathep_joliet_get_utf16(in + at, bytes - at, &c);
		length = lathep_joliet_put_utf8(c, four);
		if (room - used < length)
			return LATHE_ERR_LIMIT;
		for (i = 0; i < length; i++)
			out[used++] = (char)four[i];
	}
	return (int)used;
}
