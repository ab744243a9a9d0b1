/* SPDX-License-Identifier: MIT */
/*
 * descriptor.c - the supplementary volume descriptor that heads a Joliet
 * hierarchy (ECMA-119 8.5, Joliet 1.0).
 */
#include "joliet/joliet_internal.h"

#include <string.h>

/* A text of an SVD: where, how many units, and whether it is a file name or
 * a label (d1-characters), which may not hold what names may not. */
struct field {
	uint16_t offset;
	uint8_t units;
	bool name;
};

/* In the order of struct lathe_iso9660_volume, ECMA-119 8.5.4 to 8.5.20. */
enum {
	SYSTEM_ID,
	VOLUME_ID,
	VOLUME_SET_ID,
	PUBLISHER,
	PREPARER,
	APPLICATION,
	COPYRIGHT_FILE,
	ABSTRACT_FILE,
	BIBLIOGRAPHIC_FILE,
	FIELDS
};

static const struct field fields[FIELDS] = {
	[SYSTEM_ID] = { 8, 16, false },
	[VOLUME_ID] = { 40, 16, true },
	[VOLUME_SET_ID] = { 190, 64, true },
	[PUBLISHER] = { 318, 64, false },
	[PREPARER] = { 446, 64, false },
	[APPLICATION] = { 574, 64, false },
	/* 37 bytes: 18 units and a byte 00h. */
	[COPYRIGHT_FILE] = { 702, 18, true },
	[ABSTRACT_FILE] = { 739, 18, true },
	[BIBLIOGRAPHIC_FILE] = { 776, 18, true },
};

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

/* As much of 'text' as fits, the rest blanks (00 20h). Malformed bytes are
 * replaced one by one: a label never stops a recording. */
static void put_text(uint8_t *out, const struct field *field, const char *text)
{
	const uint8_t *p = (const uint8_t *)(text ? text : "");
	size_t left = strlen((const char *)p);
	unsigned used = 0, taken, need;
	uint32_t c;

	while (left > 0) {
		taken = lathep_joliet_next_utf8(p, left, &c);
		if (taken == 0) {
			taken = 1;
			c = '_';
		}
		need = c < 0x10000 ? 1 : 2;
		if (field->units - used < need)
			break;
		if (need == 2) {
			c -= 0x10000;
			lathe_put_be16(out + 2 * used++,
				       (uint16_t)(0xD800u | c >> 10));
			c = 0xDC00u | (c & 0x3FFu);
		}
		lathe_put_be16(out + 2 * used++, field_unit(c, field->name));
		p += taken;
		left -= taken;
	}
	while (used < field->units)
		lathe_put_be16(out + 2 * used++, ' ');
}

void lathep_joliet_describe(const void *options,
			    const struct lathe_iso9660_volume *volume,
			    uint8_t descriptor[2048])
{
	const char *text[FIELDS] = {
		[SYSTEM_ID] = volume->system_id,
		[VOLUME_ID] = volume->volume_id,
		[VOLUME_SET_ID] = volume->volume_set_id,
		[PUBLISHER] = volume->publisher,
		[PREPARER] = volume->preparer,
		[APPLICATION] = volume->application,
		[COPYRIGHT_FILE] = volume->copyright_file,
		[ABSTRACT_FILE] = volume->abstract_file,
		[BIBLIOGRAPHIC_FILE] = volume->bibliographic_file,
	};
	unsigned i;

	(void)options;
	descriptor[0] = 2;
	memcpy(descriptor + 1, "CD001", 5);
	descriptor[6] = 1;
	descriptor[7] = 0;
	memset(descriptor + ESCAPE, 0, 32);
	descriptor[ESCAPE] = 0x25;
	descriptor[ESCAPE + 1] = 0x2F;
	descriptor[ESCAPE + 2] = ESCAPE_LEVEL_3;
	for (i = 0; i < FIELDS; i++)
		put_text(descriptor + fields[i].offset, &fields[i], text[i]);
	/* The odd byte behind 18 units. */
	descriptor[702 + 36] = 0;
	descriptor[739 + 36] = 0;
	descriptor[776 + 36] = 0;
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
	const uint8_t *text = descriptor + fields[VOLUME_ID].offset;
	unsigned units = text_units(text, fields[VOLUME_ID].units), i;
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
