/* SPDX-License-Identifier: MIT */
/*
 * lib_cut.h - a parser gets its reply cut at every length, in memory that ends
 * exactly there, so that a look too far is caught; or whole, with a length
 * field that announces less.
 */
#ifndef LIB_CUT_H
#define LIB_CUT_H

#include <stddef.h>
#include <stdint.h>

/* A parser behind a common face; the result goes to OUT_ROOM bytes. */
typedef int parser(const uint8_t *data, size_t len, void *out);

#define OUT_ROOM 512

#define FACE(name, type, call)                                      \
	static int name(const uint8_t *data, size_t len, void *out) \
	{                                                           \
		return call(data, len, (struct type *)out);         \
	}

/* The same for entry 'index' of a list. */
#define ENTRY(name, type, call, index)                               \
	static int name(const uint8_t *data, size_t len, void *out)  \
	{                                                            \
		return call(data, len, index, (struct type *)out);   \
	}

/* Fewer than 'least' bytes are 'damage' and leave *out alone, 'least' and more
 * are fine. */
void cut_everywhere(parser *parse, const uint8_t *full, size_t len,
		    size_t least, int damage);
/* The same with the bytes there, but not announced: the reply begins with the
 * number of those behind it, in 'length_bytes' bytes. */
void announce_less(parser *parse, const uint8_t *full, size_t len,
		   size_t least, int damage, size_t length_bytes);

#endif
