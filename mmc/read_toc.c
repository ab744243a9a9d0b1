/* SPDX-License-Identifier: MIT */
/* read_toc.c - READ TOC/PMA/ATIP and its four replies, MMC-6. */
#include "mmc/mmc_bytes.h"

enum { TOC_HEADER = 4, TRACK_ENTRY = 8, FULL_ENTRY = 11 };

int lathe_mmc_encode_read_toc(uint8_t *cdb, size_t room,
			      enum lathe_mmc_toc_format format, bool msf,
			      uint32_t number, uint32_t alloc)
{
	int len;

	if (format != LATHE_MMC_TOC_TRACKS &&
	    format != LATHE_MMC_TOC_SESSIONS && format != LATHE_MMC_TOC_FULL &&
	    format != LATHE_MMC_TOC_ATIP)
		return LATHE_ERR_ARG;
	if (number > 0xff)
		return LATHE_ERR_ARG;
	len = lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_TOC, msf ? 0x02 : 0,
				(uint32_t)format << 24, alloc);
	if (len > 0)
		cdb[6] = (uint8_t)number;
	return len;
}

int lathe_mmc_parse_toc(const uint8_t *data, size_t len,
			enum lathe_mmc_toc_format format,
			struct lathe_mmc_toc *out)
{
	size_t usable = lathep_mmc_usable16(data, len);
	size_t entry = format == LATHE_MMC_TOC_FULL ? FULL_ENTRY : TRACK_ENTRY;

	if (usable < TOC_HEADER)
		return LATHE_ERR_CORRUPT;
	out->announced = (size_t)lathe_get_be16(data) + 2;
	out->first = data[2];
	out->last = data[3];
	out->entries = (uint32_t)((usable - TOC_HEADER) / entry);
	return 0;
}

/* The bytes of entry 'index', or NULL. */
static const uint8_t *entry_at(const uint8_t *data, size_t len, size_t entry,
			       uint32_t index)
{
	size_t usable = lathep_mmc_usable16(data, len);

	if (usable < TOC_HEADER || index >= (usable - TOC_HEADER) / entry)
		return NULL;
	return data + TOC_HEADER + index * entry;
}

int lathe_mmc_parse_toc_track(const uint8_t *data, size_t len, uint32_t index,
			      struct lathe_mmc_toc_track *out)
{
	const uint8_t *e = entry_at(data, len, TRACK_ENTRY, index);

	if (!e)
		return LATHE_ERR_NOT_FOUND;
	out->adr = e[1] >> 4;
	out->control = e[1] & 0x0f;
	out->number = e[2];
	out->data = (e[1] & 0x04) != 0;
	out->start = lathe_get_be32(e + 4);
	return 0;
}

int lathe_mmc_parse_full_toc_entry(const uint8_t *data, size_t len,
				   uint32_t index,
				   struct lathe_mmc_full_toc_entry *out)
{
	const uint8_t *e = entry_at(data, len, FULL_ENTRY, index);

	if (!e)
		return LATHE_ERR_NOT_FOUND;
	out->session = e[0];
	out->adr = e[1] >> 4;
	out->control = e[1] & 0x0f;
	out->tno = e[2];
	out->point = e[3];
	out->min = e[4];
	out->sec = e[5];
	out->frame = e[6];
	out->zero = e[7];
	out->pmin = e[8];
	out->psec = e[9];
	out->pframe = e[10];
	return 0;
}

int lathe_mmc_parse_atip(const uint8_t *data, size_t len,
			 struct lathe_mmc_atip *out)
{
	size_t usable = lathep_mmc_usable16(data, len);

	/* Up to the last possible start of the lead-out. */
	if (usable < 15)
		return LATHE_ERR_CORRUPT;
	out->writing_power = (data[4] >> 4) & 0x07;
	out->reference_speed = data[4] & 0x07;
	out->unrestricted = (data[5] & 0x40) != 0;
	out->rewritable = (data[6] & 0x40) != 0;
	out->sub_type = (data[6] >> 3) & 0x07;
	memcpy(out->lead_in, data + 8, 3);
	memcpy(out->last_lead_out, data + 12, 3);
	return 0;
}

int32_t lathe_mmc_msf_to_lba(uint8_t min, uint8_t sec, uint8_t frame)
{
	int32_t time = ((int32_t)min * 60 + sec) * 75 + frame;

	return min >= 90 ? time - 450150 : time - 150;
}
