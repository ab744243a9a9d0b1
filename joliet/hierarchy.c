/* SPDX-License-Identifier: MIT */
/*
 * hierarchy.c - Joliet as a table for the writer and the importer: reading
 * identifiers, and their order.
 */
#include "joliet/joliet_internal.h"

#include <string.h>

/* An identifier without its version: Joliet 1.0 keeps ECMA-119 7.5.1, but
 * nearly nobody records one. */
struct parts {
	unsigned units;
	uint32_t version;	/* 0: none */
};

static struct parts split_version(const uint8_t *id, unsigned id_len)
{
	struct parts p = { id_len / 2, 0 };
	unsigned at = p.units, digits;
	uint32_t version = 0, scale = 1;
	uint16_t c;

	/* 7.5.1: 1 to 32767, so five digits at most. */
	for (digits = 0; at > 0 && digits <= 5; digits++) {
		c = lathe_get_be16(id + 2 * (--at));
		if (c == ';' && digits > 0) {
			p.units = at;
			p.version = version;
			break;
		}
		if (c < '0' || c > '9')
			break;
		version += scale * (c - '0');
		scale *= 10;
	}
	return p;
}

static int decode(const uint8_t *id, uint8_t id_len, bool directory,
		  char *name)
{
	unsigned units = id_len / 2u;
	int len;

	/* An odd byte at the end is no half of anything: dropped. */
	if (!directory)
		units = split_version(id, id_len).units;
	len = lathe_joliet_utf8_from_utf16(id, 2 * units, name,
					   LATHE_ISO9660_NAME_MAX);
	return len > 0 ? len : LATHE_ERR_CORRUPT;
}

/* Four units of ASCII that may stand in a name; false if they are not. */
static bool take_four(const uint8_t *id, uint8_t *out)
{
	const char *ascii = lathep_joliet_ascii;

	if (lathe_get_le64(id) & UINT64_C(0x80ff80ff80ff80ff))
		return false;
	out[0] = (uint8_t)ascii[id[1]];
	out[1] = (uint8_t)ascii[id[3]];
	out[2] = (uint8_t)ascii[id[5]];
	out[3] = (uint8_t)ascii[id[7]];
	return (out[0] != 0) & (out[1] != 0) & (out[2] != 0) & (out[3] != 0);
}

/* Units that stand for themselves, at most as many as a name of either length
 * has; a version is none of them, as ";" may not stand in a name. */
static int decode_plain(const uint8_t *id, uint8_t id_len, char *name)
{
	uint8_t *out = (uint8_t *)name;
	const uint8_t *end = id + id_len;
	uint32_t c;

	if (id_len % 2 || id_len > 2 * LATHEP_JOLIET_UNITS)
		return 0;
	while (id < end) {
		if (end - id >= 8 && take_four(id, out)) {
			id += 8;
			out += 4;
			continue;
		}
		c = lathe_get_be16(id);
		if (!lathep_joliet_allowed(c) || c >> 11 == 0xD800u >> 11)
			return 0;
		id += 2;
		out += lathep_joliet_put_utf8(c, out);
	}
	/* "." and ".." are nobody's name. */
	return name[0] == '.' && id_len <= 4 ? 0
					     : (int)(out - (uint8_t *)name);
}

static uint8_t significant(const uint8_t *id, uint8_t id_len)
{
	unsigned units = split_version(id, id_len).units;

	return units < id_len / 2u ? (uint8_t)(2 * units) : id_len;
}

static int sign(int difference)
{
	return (difference > 0) - (difference < 0);
}

/*
 * The order of records. Units are compared as numbers, the shorter
 * identifier padded with 0000h (Joliet 1.0 in place of ECMA-119 9.3 a);
 * names hold any number of dots, so name and extension are not told apart.
 * Then the higher version comes first (9.3 c). Identifiers that differ are
 * never equal.
 */
static int compare(const uint8_t *a, uint8_t a_len, const uint8_t *b,
		   uint8_t b_len)
{
	struct parts pa = split_version(a, a_len);
	struct parts pb = split_version(b, b_len);
	unsigned common = pa.units < pb.units ? pa.units : pb.units;
	int order;

	/* Big endian units compare like their bytes. */
	order = memcmp(a, b, 2 * (size_t)common);
	if (order)
		return sign(order);
	/* Padding is the smallest unit there is; a name that goes on with
	 * 0000h itself still has to differ from one that ends. */
	if (pa.units != pb.units)
		return pa.units < pb.units ? -1 : 1;
	if (pa.version != pb.version)
		return pa.version > pb.version ? -1 : 1;
	if (a_len != b_len)
		return a_len < b_len ? -1 : 1;
	return sign(memcmp(a, b, a_len));
}

/* Names as units, for the few that need it. */
struct unit_walk {
	const uint8_t *p, *end;
	uint32_t low;		/* second half of a pair, or 0 */
};

/* The next unit; false at the end, and at malformed bytes. */
static bool next_unit(struct unit_walk *walk, uint32_t *unit)
{
	unsigned taken;

	if (walk->low) {
		*unit = walk->low;
		walk->low = 0;
		return true;
	}
	if (walk->p == walk->end)
		return false;
	taken = lathe_iso9660_next_utf8(walk->p,
					(size_t)(walk->end - walk->p), unit);
	if (taken == 0)
		return false;
	walk->p += taken;
	if (*unit >= 0x10000) {
		walk->low = 0xDC00u | (*unit & 0x3FFu);
		*unit = 0xD800u | (*unit - 0x10000) >> 10;
	}
	return true;
}

static int compare_units(struct unit_walk a, struct unit_walk b)
{
	uint32_t x = 0, y = 0;
	bool more_a, more_b;

	do {
		more_a = next_unit(&a, &x);
		more_b = next_unit(&b, &y);
	} while (more_a && more_b && x == y);
	if (!more_a || !more_b)
		return (int)more_a - (int)more_b;
	return x < y ? -1 : 1;
}

/*
 * The order of UTF-16 units seen in UTF-8: byte order, but for what lies
 * above FFFFh (lead bytes F0h and up). Its surrogates sort below the units
 * E000h to FFFFh, which begin with EEh or EFh, and among the unpaired ones,
 * which begin with EDh.
 */
static int compare_names(const char *a, size_t a_len, const char *b,
			 size_t b_len)
{
	const uint8_t *x = (const uint8_t *)a, *y = (const uint8_t *)b;
	size_t common = a_len < b_len ? a_len : b_len, i;
	struct unit_walk walk_a, walk_b;

	for (i = 0; i < common && x[i] == y[i]; i++)
		;
	if (i == common)
		return (a_len > b_len) - (a_len < b_len);
	/* Only one of the two may be F0h or more: inside a sequence bytes
	 * are below C0h, and equal leads do not get here. */
	if ((x[i] < 0xF0) == (y[i] < 0xF0))
		return x[i] < y[i] ? -1 : 1;
	walk_a = (struct unit_walk){ x + i, x + a_len, 0 };
	walk_b = (struct unit_walk){ y + i, y + b_len, 0 };
	return compare_units(walk_a, walk_b);
}

/* One unit for each character of up to three bytes, as long as all have room
 * in names of either length. */
static uint8_t length(const void *options, const char *name, size_t len,
		      bool directory)
{
	const uint8_t *p = (const uint8_t *)name;
	size_t units = 0, i;

	(void)options;
	(void)directory;
	if (len > 3 * (size_t)LATHEP_JOLIET_UNITS)
		return 0;
	for (i = 0; i < len; i++)
		units += p[i] >= 0xF0 ? 2 : (p[i] & 0xC0) != 0x80;
	return units <= LATHEP_JOLIET_UNITS ? (uint8_t)(2 * units) : 0;
}

/* Short names of ASCII keep what they begin with. */
static int order(const void *options, const char *a, size_t a_len,
		 const char *b, size_t b_len)
{
	size_t least = a_len < b_len ? a_len : b_len, i;
	uint8_t x, y;

	(void)options;
	if (least > LATHEP_JOLIET_UNITS / 2)
		least = LATHEP_JOLIET_UNITS / 2;
	for (i = 0; i < least && a[i] == b[i]; i++)
		;
	if (i == least)
		return 0;
	x = (uint8_t)a[i];
	y = (uint8_t)b[i];
	if (x >= 0x80 || y >= 0x80 || !lathep_joliet_allowed(x) ||
	    !lathep_joliet_allowed(y))
		return 0;
	return (int)x - (int)y;
}

const struct lathe_iso9660_hierarchy lathe_joliet_hierarchy = {
	.name = "Joliet",
	.recognise = lathep_joliet_recognise,
	.describe = lathep_joliet_describe,
	.volume_id = lathep_joliet_volume_id,
	.decode = decode,
	.encode = lathep_joliet_encode,
	.compare = compare,
	.compare_names = compare_names,
	.reserved = NULL,	/* names of DOS devices: the primary's care */
	.significant = significant,
	.length = length,
	.order = order,
	.decode_plain = decode_plain,
};
