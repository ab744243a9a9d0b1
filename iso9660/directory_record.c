/* SPDX-License-Identifier: MIT */
/* One directory record without its system use, ECMA-119 9.1: counted and
 * written by one function, so that a directory can not be measured otherwise
 * than it is recorded. */
#include <string.h>

#include "iso9660/plan_internal.h"

uint32_t lathep_iso9660_emit_record(const struct lathep_iso9660_record *record,
				    uint8_t *out)
{
	/* 9.1.12: a pad byte behind an identifier of even length. */
	uint32_t pad = record->id_len % 2 == 0;
	uint32_t len = 33u + record->id_len + pad;

	if (!out)
		return len;
	out[0] = (uint8_t)len;
	out[1] = record->xar;
	lathe_put_both32(out + 2, record->lba);
	lathe_put_both32(out + 10, record->bytes);
	memcpy(out + 18, record->date, 7);
	out[25] = record->flags;
	/* 9.1.7, 9.1.8: nothing is interleaved. */
	out[26] = out[27] = 0;
	lathe_put_both16(out + 28, 1);
	out[32] = record->id_len;
	if (record->id != out + 33)
		memcpy(out + 33, record->id, record->id_len);
	if (pad)
		out[33 + record->id_len] = 0;
	return len;
}
