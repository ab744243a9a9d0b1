/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/lib_cut.h"

void cut_everywhere(parser *parse, const uint8_t *full, size_t len,
		    size_t least, int damage)
{
	uint8_t out[OUT_ROOM], untouched[OUT_ROOM];

	memset(untouched, 0x5c, sizeof(untouched));
	for (size_t n = 0; n <= len; n++) {
		uint8_t *data = malloc(n ? n : 1);

		memcpy(data, full, n);
		memset(out, 0x5c, sizeof(out));
		if (n < least) {
			ck_assert_int_eq(parse(data, n, out), damage);
			ck_assert_mem_eq(out, untouched, sizeof(out));
		} else {
			ck_assert_int_eq(parse(data, n, out), 0);
		}
		free(data);
	}
}

void announce_less(parser *parse, const uint8_t *full, size_t len,
		   size_t least, int damage, size_t length_bytes)
{
	uint8_t out[OUT_ROOM];

	ck_assert_uint_lt(len, 256);
	for (size_t n = length_bytes; n <= len; n++) {
		uint8_t *data = malloc(len);

		memcpy(data, full, len);
		memset(data, 0, length_bytes);
		data[length_bytes - 1] = (uint8_t)(n - length_bytes);
		ck_assert_int_eq(parse(data, len, out), n < least ? damage : 0);
		free(data);
	}
}
