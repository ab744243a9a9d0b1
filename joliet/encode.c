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
	uint16_t unit[LATHE_ISO9660_NAME_MAX];
	unsigned count;
	unsigned stem;		/* units before the extension with its dot */
};

bool lathep_joliet_allowed(uint32_t unit)
{
	switch (unit) {
	case '*':
	case '/':
	case ':':
	case ';':
	case '?':
	case '\\':
		return false;
	default:
		return unit >= 0x20;
	}
}

static unsigned most_units(const void *options)
{
	const struct lathe_joliet_options *o = options;

	return o && o->long_names ? LATHEP_JOLIET_LONG_UNITS
				  : LATHEP_JOLIET_UNITS;
}

/*
 * The common case in one go: plain ASCII that fits. Returns the bytes, or 0
 * for "look closer".
 */
static int encode_ascii(const char *name, size_t len, unsigned most,
			uint8_t *id)
{
	size_t i;
	uint8_t c;

	if (len > most)
		return 0;
	for (i = 0; i < len; i++) {
		c = (uint8_t)name[i];
		if (c >= 0x80 || !lathep_joliet_allowed(c))
			return 0;
		id[2 * i] = 0;
		id[2 * i + 1] = c;
	}
	return (int)(2 * len);
}

static int map_units(const char *name, size_t len, struct units *out,
		     uint32_t *changed)
{
	/* Each unit takes the place of its own two bytes. */
	uint8_t *wide = (uint8_t *)out->unit;
	int bytes, i;
	uint16_t c;

	bytes = lathe_joliet_utf16_from_utf8(name, len, wide,
					     sizeof(out->unit));
	if (bytes <= 0)
		return LATHE_ERR_NAME;
	out->count = (unsigned)bytes / 2;
	for (i = 0; i < bytes; i += 2) {
		c = lathe_get_be16(wide + i);
		if (!lathep_joliet_allowed(c)) {
			*changed |= LATHE_ISO9660_CHANGE_FORBIDDEN;
			c = '_';
		}
		out->unit[i / 2] = c;
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
		if (name->unit[i] == '.')
			return name->count - i <= most / 4 ? i : name->count;
	return name->count;
}

/* At most 'room' units of the stem, never half of a pair. */
static unsigned cut_stem(const struct units *name, unsigned room)
{
	if (name->stem <= room)
		return name->stem;
	if (room > 0 && lathep_joliet_high(name->unit[room - 1]) &&
	    lathep_joliet_low(name->unit[room]))
		room--;
	return room;
}

static unsigned put_units(const uint16_t *unit, unsigned count, uint8_t *out)
{
	unsigned i;

	for (i = 0; i < count; i++)
		lathe_put_be16(out + 2 * i, unit[i]);
	return 2 * count;
}

static unsigned put_number(uint32_t number, unsigned digits, uint8_t *out)
{
	unsigned i;

	for (i = digits; i-- > 0; number /= 10)
		lathe_put_be16(out + 2 * i, (uint16_t)('0' + number % 10));
	return 2 * digits;
}

int lathep_joliet_encode(const void *options, const char *name, size_t len,
			 bool directory, uint8_t digits, uint32_t number,
			 uint8_t *id, uint32_t *changed)
{
	unsigned most = most_units(options), stem, extension, bytes;
	struct units units;
	int err;

	*changed = digits ? LATHE_ISO9660_CHANGE_CLASH : 0;
	if (len == 0 || len > LATHE_ISO9660_NAME_MAX || digits > 10)
		return LATHE_ERR_NAME;
	if (digits == 0) {
		err = encode_ascii(name, len, most, id);
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

	bytes = put_units(units.unit, stem, id);
	bytes += put_number(number, digits, id + bytes);
	bytes += put_units(units.unit + units.stem, extension, id + bytes);
	return (int)bytes;
}
