/* SPDX-License-Identifier: MIT */
/*
 * descriptor.c - the supplementary volume descriptor that heads a Joliet
 * hierarchy (ECMA-119 8.5, Joliet 1.0).
 */
#include "joliet/joliet_internal.h"

#include <string.h>

/* The volume identifier, ECMA-119 8.5.5. */
#define VOLUME_ID 40u
#define VOLUME_ID_UNITS 16u

/* Escape sequences of UCS-2, levels 1 to 3: "%/@", "%/C", "%/E". */
#define ESCAPE 88u
#define ESCAPE_LEVEL_3 0x45u

bool lathep_joliet_recognise(const uint8_t descriptor[2048])
{
	const uint8_t *escape = descriptor + ESCAPE;

	if (descriptor[0] != 2 || memcmp(descriptor + 1, "CD001", 5) != 0 ||
	    descriptor[6] != 1)
		return false;
	/* 8.5.3: bit 0 would say that the sequence is not a registered one. */
	if (descriptor[7] & 1)
		return false;
	return escape[0] == 0x25 && escape[1] == 0x2F &&
	       (escape[2] == 0x40 || escape[2] == 0x43 ||
		escape[2] == ESCAPE_LEVEL_3);
}

static uint16_t field_unit(uint32_t unit, bool name)
{
	if (unit < 0x20 || (name && !lathep_joliet_allowed(unit)))
		return '_';
	return (uint16_t)unit;
}

/* As much of 'text' as fits, the rest blanks (00 20h); an odd byte at the end
 * is 00h. Malformed bytes are replaced one by one: a label never stops a
 * recording. File names and labels (d1-characters) may not hold what names may
 * not. */
static void put_text(uint8_t *out, const struct lathe_iso9660_text *field,
		     const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	bool name = field->characters != LATHE_ISO9660_CHARACTERS_A;
	unsigned units = field->bytes / 2u, used = 0, taken, need;
	size_t left = strlen(text);
	uint32_t c;

	while (left > 0) {
		taken = lathe_iso9660_next_utf8(p, left, &c);
		if (taken == 0) {
			taken = 1;
			c = '_';
		}
		need = c < 0x10000 ? 1 : 2;
		if (units - used < need)
			break;
		if (need == 2) {
			c -= 0x10000;
			lathe_put_be16(out + 2 * used++,
				       (uint16_t)(0xD800u | c >> 10));
			c = 0xDC00u | (c & 0x3FFu);
		}
		lathe_put_be16(out + 2 * used++, field_unit(c, name));
		p += taken;
		left -= taken;
	}
	while (used < units)
		lathe_put_be16(out + 2 * used++, ' ');
	if (field->bytes % 2)
		out[2 * units] = 0;
}

void lathep_joliet_describe(const void *options,
			    const struct lathe_iso9660_volume *volume,
			    uint8_t descriptor[2048])
{
	struct lathe_iso9660_text field;
	const char *text;
	uint32_t i;

	(void)options;
	memcpy(descriptor, "\2CD001\1", 8); /* and flags 00h */
	memset(descriptor + ESCAPE, 0, 32);
	memcpy(descriptor + ESCAPE, "%/E", 3);
	for (i = 0; i < LATHE_ISO9660_TEXTS; i++) {
		text = lathe_iso9660_volume_text(volume, i, &field);
		put_text(descriptor + field.offset, &field, text);
	}
}

/* Units up to the padding: blanks as the specification says, or the zeros
 * of some writers. */
static unsigned text_units(const uint8_t *text, unsigned units)
{
	uint16_t c;

	while (units > 0) {
		c = lathe_get_be16(text + 2 * (units - 1));
		if (c != ' ' && c != 0)
			break;
		units--;
	}
	return units;
}

void lathep_joliet_volume_id(const uint8_t descriptor[2048], char *out)
{
	const uint8_t *text = descriptor + VOLUME_ID;
	unsigned units = text_units(text, VOLUME_ID_UNITS), i;
	size_t used = 0;
	uint32_t c, next;

	for (i = 0; i < units; i++) {
		c = lathe_get_be16(text + 2 * i);
		next = i + 1 < units ? lathe_get_be16(text + 2 * i + 2) : 0;
		if (lathep_joliet_high(c) && lathep_joliet_low(next)) {
			c = 0x10000u + ((c & 0x3FFu) << 10) + (next & 0x3FFu);
			i++;
		} else if (c == 0 || lathep_joliet_high(c) ||
			   lathep_joliet_low(c)) {
			c = 0xFFFD; /* for people to read: never half a pair */
		}
		used += lathep_joliet_put_utf8(c, (uint8_t *)out + used);
	}
	out[used] = '\0';
}
