/* SPDX-License-Identifier: MIT */
/* sense_data.c - sense data in fixed and descriptor format, SPC-3 4.5. */
#include "mmc/mmc_bytes.h"

/* The sense-key specific bytes tell progress with these keys only. */
static bool key_has_progress(uint8_t key)
{
	return key == LATHE_MMC_KEY_NO_SENSE || key == LATHE_MMC_KEY_NOT_READY;
}

static void set_progress(struct lathe_mmc_sense *s, const uint8_t *specific)
{
	if (!(specific[0] & 0x80) || !key_has_progress(s->key))
		return;
	s->has_progress = true;
	s->progress = lathe_get_be16(specific + 1);
}

/* SPC-3 4.5.3. */
static void parse_fixed(const uint8_t *d, size_t len, struct lathe_mmc_sense *s)
{
	s->key = d[2] & 0x0f;
	if (len >= 7 && (d[0] & 0x80)) {
		s->has_information = true;
		s->information = lathe_get_be32(d + 3);
	}
	s->asc = len > 12 ? d[12] : 0;
	s->ascq = len > 13 ? d[13] : 0;
	if (len >= 18)
		set_progress(s, d + 15);
}

/* SPC-3 4.5.2; a descriptor is type, additional length, body. */
static void parse_descriptors(const uint8_t *d, size_t len,
			      struct lathe_mmc_sense *s)
{
	size_t at = 8;

	s->descriptor = true;
	s->key = d[1] & 0x0f;
	s->asc = d[2];
	s->ascq = d[3];
	while (at + 2 <= len && at + 2 + d[at + 1] <= len) {
		const uint8_t *e = d + at;

		if (e[0] == 0x00 && e[1] >= 10 && (e[2] & 0x80)) {
			s->has_information = true;
			s->information = lathe_get_be64(e + 4);
		} else if (e[0] == 0x02 && e[1] >= 6) {
			set_progress(s, e + 4);
		}
		at += 2u + e[1];
	}
}

int lathe_mmc_parse_sense(const uint8_t *data, size_t len,
			  struct lathe_mmc_sense *out)
{
	struct lathe_mmc_sense s = { 0 };
	uint8_t code;

	if (len < 3)
		return LATHE_ERR_CORRUPT;
	code = data[0] & 0x7f;
	if (code < 0x70 || code > 0x73 || (code >= 0x72 && len < 4))
		return LATHE_ERR_CORRUPT;
	/* Additional sense length, in both formats. */
	if (len >= 8)
		len = lathep_mmc_min(len, data[7] + 8u);
	s.deferred = code & 1;
	if (code <= 0x71)
		parse_fixed(data, len, &s);
	else
		parse_descriptors(data, len, &s);
	*out = s;
	return 0;
}
