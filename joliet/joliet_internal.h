/* SPDX-License-Identifier: MIT */
/*
 * joliet_internal.h - what the files of this library share.
 */
#ifndef LATHE_JOLIET_INTERNAL_H
#define LATHE_JOLIET_INTERNAL_H

#include "joliet/lathe_joliet.h"

#define LATHEP_JOLIET_UNITS 64u	     /* of a name, Joliet 1.0 */
#define LATHEP_JOLIET_LONG_UNITS 103u /* the room beside 14 bytes of XA */

/* Of a unit or of a code point, of which U+2D800 is no surrogate. */
static inline bool lathep_joliet_high(uint32_t point)
{
	return point >> 10 == 0xD800u >> 10;
}

static inline bool lathep_joliet_low(uint32_t point)
{
	return point >> 10 == 0xDC00u >> 10;
}

/* A code point as UTF-8, surrogates included; 'out' has room for 4 bytes.
 * Returns the bytes. */
unsigned lathep_joliet_put_utf8(uint32_t point, uint8_t *out);

/* A code point as UTF-16BE, surrogates included; 'out' has room for 4 bytes.
 * And the reverse, of the first of 'bytes', 2 at least: halves that belong
 * together are one. Return the bytes. */
unsigned lathep_joliet_put_utf16(uint32_t point, uint8_t *out);
unsigned lathep_joliet_get_utf16(const uint8_t *in, size_t bytes,
				 uint32_t *point);

/* Itself for an ASCII character that may stand in a name, else 0. */
extern const char lathep_joliet_ascii[129];

/* May this unit stand in a name? Joliet 1.0 bars 0000h to 001Fh and six
 * characters. */
bool lathep_joliet_allowed(uint32_t unit);

/* hierarchy.c's callbacks that live in files of their own. */
bool lathep_joliet_recognise(const uint8_t descriptor[2048]);
void lathep_joliet_describe(const void *options,
			    const struct lathe_iso9660_volume *volume,
			    uint8_t descriptor[2048]);
void lathep_joliet_volume_id(const uint8_t descriptor[2048], char *out);
int lathep_joliet_encode(const void *options, const char *name, size_t len,
			 bool directory, uint8_t digits, uint32_t number,
			 uint8_t *id, uint32_t *changed);

#endif
