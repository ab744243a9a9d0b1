/* SPDX-License-Identifier: MIT */
/*
 * encode.c - a name as a Joliet identifier.
 *
 * The same bytes for the same arguments for ever: what a later session
 * derives again must be what an earlier one recorded.
 */
#include "joliet/joliet_internal.h"

#include <string.h>

/* A name in units, mapped to what may be recorded. */
struct units {
	uint8_t unit[2 * LATHE_ISO9660_NAME_MAX]; /* as they are recorded */
	unsigned count;
	unsigned stem;		/* units before the extension with its dot */
};

static uint16_t unit_at(const struct units *name, unsigned i)
{
	return lathe_get_be16(name->unit + 2 * i);
}

#define NONE_8 "\0\0\0\0\0\0\0\0"
const char lathep_joliet_ascii[129] =
	NONE_8 NONE_8 NONE_8 NONE_8
	" !\"#$%&'()\0+,-.\0" "0123456789\0\0<=>\0"
	"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\0]^_"
	"`abcdefghijklmnopqrstuvwxyz{|}~\177";

bool lathep_joliet_allowed(uint32_t unit)
{
	return unit >= 0x80 || lathep_joliet_ascii[unit];
}

static unsigned most_units(const void *options)
{
	const struct lathe_joliet_options *o = options;

	return o && o->long_names ? LATHEP_JOLIET_LONG_UNITS
				  : LATHEP_JOLIET_UNITS;
}

/*
 * A code point of two or three bytes whose lead is 'c', the rest at 'p'.
 * Returns its bytes, or 0: not well formed, a surrogate, or longer.
 */
static unsigned short_sequence(uint32_t c, const uint8_t *p, size_t left,
			       uint32_t *unit)
{
	if (left >= 1 && c >= 0xC2 && c < 0xE0 && (p[0] & 0xC0) == 0x80) {
		*unit = (c & 0x1F) << 6 | (p[0] & 0x3Fu);
		return 2;
	}
	if (left < 2 || c < 0xE0 || c >= 0xF0 || (p[0] & 0xC0) != 0x80 ||
	    (p[1] & 0xC0) != 0x80)
		return 0;
	*unit = (c & 0x0F) << 12 | (p[0] & 0x3Fu) << 6 | (p[1] & 0x3Fu);
	return *unit < 0x800 || (*unit & 0xF800u) == 0xD800u ? 0 : 3;
}

/*
 * The common case in one go: one unit for each character, nothing forbidden,
 * and all of it fits. Returns the bytes, or 0 for "look closer".
 */
static int encode_plain(const char *name, size_t len, unsigned most,
			uint8_t *id)
{
	const uint8_t *p = (const uint8_t *)name, *end = p + len;
	uint8_t *out = id, *full = id + 2 * most;
	unsigned taken;
	uint32_t c;

	for (; p < end && out < full; out += 2) {
		c = *p++;
		if (c < 0x80) {
			if (!lathep_joliet_ascii[c])
				return 0;
			out[0] = 0;
			out[1] = (uint8_t)c;
			continue;
		}
		taken = short_sequence(c, p, (size_t)(end - p), &c);
		if (taken == 0)
			return 0;
		p += taken - 1;
		lathe_put_be16(out, (uint16_t)c);
	}
	return p == end ? (int)(out - id) : 0;
}

static int map_units(const char *name, size_t len, struct units *out,
		     uint32_t *changed)
{
	int bytes = lathe_joliet_utf16_from_utf8(name, len, out->unit,
						 sizeof(out->unit));
	unsigned i;

	if (bytes <= 0)
		return LATHE_ERR_NAME;
	out->count = (unsigned)bytes / 2;
	for (i = 0; i < out->count; i++) {
		if (lathep_joliet_allowed(unit_at(out, i)))
			continue;
		*changed |= LATHE_ISO9660_CHANGE_FORBIDDEN;
		lathe_put_be16(out->unit + 2 * i, '_');
	}
	return 0;
}

/*
 * Where the extension begins. What is longer than a quarter of the room is
 * no extension but a sentence with a stop in it; a directory has none, and a
 * dot in front hides a file.
 */
static unsigned find_stem(const struct units *name, bool directory,
			  unsigned most)
{
	unsigned i;

	if (directory)
		return name->count;
	for (i = name->count; i-- > 1;)
		if (unit_at(name, i) == '.')
			return name->count - i <= most / 4 ? i : name->count;
	return name->count;
}

/* At most 'room' units of the stem, never half of a pair: of the least room
 * there is, extension and number leave a part. */
static unsigned cut_stem(const struct units *name, unsigned room)
{
	if (name->stem <= room)
		return name->stem;
	return room - (lathep_joliet_high(unit_at(name, room - 1)) &&
		       lathep_joliet_low(unit_at(name, room)));
}

static void put_number(uint32_t number, unsigned digits, uint8_t *out)
{
	unsigned i;

	for (i = digits; i-- > 0; number /= 10)
		lathe_put_be16(out + 2 * i, (uint16_t)('0' + number % 10));
}

int lathep_joliet_encode(const void *options, const char *name, size_t len,
			 bool directory, uint8_t digits, uint32_t number,
			 uint8_t *id, uint32_t *changed)
{
	unsigned most = most_units(options), stem, extension;
	struct units units;
	int err;

	*changed = digits ? LATHE_ISO9660_CHANGE_CLASH : 0;
	if (len > LATHE_ISO9660_NAME_MAX || digits > 10)
		return LATHE_ERR_NAME;
	if (digits == 0) {
		err = encode_plain(name, len, most, id);
		if (err > 0)
			return err;
	}
	err = map_units(name, len, &units, changed);
	if (err)
		return err;
	units.stem = find_stem(&units, directory, most);
	extension = units.count - units.stem;
	stem = cut_stem(&units, most - extension - digits);
	if (stem < units.stem)
		*changed |= LATHE_ISO9660_CHANGE_CUT;

	memcpy(id, units.unit, 2 * stem);
	id += 2 * stem;
	put_number(number, digits, id);
	memcpy(id + 2 * digits, units.unit + 2 * units.stem, 2 * extension);
	return (int)(2 * (stem + digits + extension));
}
