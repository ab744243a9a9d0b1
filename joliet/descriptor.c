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

/* As much of 'text' as fits, the rest blanks (00 20h); an odd byte at the end
 * is 00h. Malformed bytes are replaced one by one: a label never stops a
 * recording. File names and labels (d1-characters) may not hold what names may
 * not. */
static void put_text(uint8_t *out, const struct lathe_iso9660_text *field,
		     const char *text)
{
	const uint8_t *p = (const uint8_t *)text;
	bool name = field->characters != LATHE_ISO9660_CHARACTERS_A;
	unsigned room = field->bytes & ~1u, used = 0, taken;
	size_t left = strlen(text);
	uint32_t c;

	while (left > 0) {
		taken = lathe_iso9660_next_utf8(p, left, &c);
		if (taken == 0 || c < 0x20 ||
		    (name && !lathep_joliet_allowed(c)))
			c = '_';
		if (room - used < (c < 0x10000 ? 2u : 4u))
			break;
		used += lathep_joliet_put_utf16(c, out + used);
		taken += taken == 0;
		p += taken;
		left -= taken;
	}
	for (; used < room; used += 2)
		lathe_put_be16(out + used, ' ');
	if (field->bytes % 2)
		out[room] = 0;
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
	unsigned left = 2 * text_units(text, VOLUME_ID_UNITS), taken;
	size_t used = 0;
	uint32_t c;

	for (; left > 0; left -= taken, text += taken) {
		taken = lathep_joliet_get_utf16(text, left, &c);
		/* For people to read: never half a pair. */
		if (c == 0 || lathep_joliet_high(c) || lathep_joliet_low(c))
			c = 0xFFFD;
		used += lathep_joliet_put_utf8(c, (uint8_t *)out + used);
	}
	out[used] = '\0';
}
