/* SPDX-License-Identifier: MIT */
/* disc_structure.c - READ and SEND DISC STRUCTURE, MMC-6. */
#include "mmc/mmc_bytes.h"

enum { HEADER = 4 };

int lathe_mmc_encode_read_disc_structure(uint8_t *cdb, size_t room,
					 enum lathe_mmc_structure_media media,
					 uint32_t format, uint32_t alloc)
{
	if ((unsigned)media > LATHE_MMC_STRUCTURE_BD || format > 0xff ||
	    alloc > 0xffff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_12(cdb, room, LATHE_MMC_READ_DISC_STRUCTURE,
				 (unsigned)media, 0, format << 16 | alloc);
}

int lathe_mmc_encode_send_disc_structure(uint8_t *cdb, size_t room,
					 uint32_t format, uint32_t len)
{
	if (format > 0xff || len > 0xffff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_12(cdb, room, LATHE_MMC_SEND_DISC_STRUCTURE, 0, 0,
				 format << 16 | len);
}

size_t lathe_mmc_structure_announced(const uint8_t *data, size_t len)
{
	return len < HEADER ? 0 : (size_t)lathe_get_be16(data) + 2;
}

/* The structure itself, if at least 'least' bytes of it came; else NULL. */
static const uint8_t *payload(const uint8_t *data, size_t len, size_t least,
			      size_t *got)
{
	size_t n = lathep_mmc_usable16(data, len);

	if (n < HEADER + least)
		return NULL;
	*got = n - HEADER;
	return data + HEADER;
}

int lathe_mmc_parse_dvd_physical(const uint8_t *data, size_t len,
				 struct lathe_mmc_dvd_physical *out)
{
	size_t got;
	const uint8_t *p = payload(data, len, 16, &got);

	if (!p)
		return LATHE_ERR_CORRUPT;
	out->book = p[0] >> 4;
	out->layers = (uint8_t)(((p[2] >> 5) & 0x03) + 1);
	out->first_sector = lathe_get_be24(p + 5);
	out->last_sector = lathe_get_be24(p + 9);
	out->layer_0_end = lathe_get_be24(p + 13);
	out->border_out = got >= 40 ? lathe_get_be32(p + 32) : 0;
	out->next_border_in = got >= 40 ? lathe_get_be32(p + 36) : 0;
	return 0;
}

/* ---- who made it -------------------------------------------------------- */

/* Printable ASCII up to a zero, without trailing blanks. */
static size_t take_text(char *out, const uint8_t *text, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len && text[i] != 0; i++) {
		out[i] = (char)(text[i] >= 0x20 && text[i] < 0x7f ? text[i]
								  : '?');
		if (text[i] != ' ')
			used = i + 1;
	}
	out[used] = '\0';
	return used;
}

/* Two fields of six bytes, each announced by the byte in front of it. */
int lathe_mmc_parse_pre_recorded(const uint8_t *data, size_t len,
				 struct lathe_mmc_media_id *out)
{
	uint8_t text[12];
	size_t got;
	const uint8_t *p = payload(data, len, 31, &got);

	if (!p)
		return LATHE_ERR_CORRUPT;
	memset(out, 0, sizeof(*out));
	if (p[16] != 3 || p[24] != 4)
		return 0;
	memcpy(text, p + 17, 6);
	memcpy(text + 6, p + 25, 6);
	take_text(out->maker, text, sizeof(text));
	return 0;
}

int lathe_mmc_parse_adip(const uint8_t *data, size_t len,
			 struct lathe_mmc_media_id *out)
{
	size_t got;
	const uint8_t *p = payload(data, len, 30, &got);

	if (!p)
		return LATHE_ERR_CORRUPT;
	take_text(out->maker, p + 19, 8);
	take_text(out->type, p + 27, 3);
	return 0;
}

int lathe_mmc_parse_bd_information(const uint8_t *data, size_t len,
				   char kind[4], struct lathe_mmc_media_id *out)
{
	size_t got;
	const uint8_t *p = payload(data, len, 109, &got);

	if (!p || p[0] != 'D' || p[1] != 'I')
		return LATHE_ERR_CORRUPT;
	take_text(kind, p + 8, 3);
	take_text(out->maker, p + 100, 6);
	take_text(out->type, p + 106, 3);
	return 0;
}

/* ---- spare areas, layers ------------------------------------------------ */

int lathe_mmc_parse_bd_spares(const uint8_t *data, size_t len,
			      struct lathe_mmc_bd_spares *out)
{
	size_t got;
	const uint8_t *p = payload(data, len, 8, &got);

	if (!p)
		return LATHE_ERR_CORRUPT;
	out->free_blocks = lathe_get_be32(p);
	out->all_blocks = lathe_get_be32(p + 4);
	return 0;
}

int lathe_mmc_parse_layer_break(const uint8_t *data, size_t len,
				struct lathe_mmc_layer_break *out)
{
	size_t got;
	const uint8_t *p = payload(data, len, 8, &got);

	if (!p)
		return LATHE_ERR_CORRUPT;
	out->fixed = (p[0] & 0x80) != 0;
	out->layer_0_blocks = lathe_get_be32(p + 4);
	return 0;
}

int lathe_mmc_build_layer_break(uint32_t layer_0_blocks, uint8_t *out,
				size_t room)
{
	if (room < LATHE_MMC_LAYER_BREAK_BYTES)
		return LATHE_ERR_ARG;
	memset(out, 0, LATHE_MMC_LAYER_BREAK_BYTES);
	lathe_put_be16(out, LATHE_MMC_LAYER_BREAK_BYTES - 2);
	lathe_put_be32(out + 8, layer_0_blocks);
	return 0;
}
