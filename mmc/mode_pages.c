/* SPDX-License-Identifier: MIT */
/* mode_pages.c - MODE SENSE/SELECT(10), pages 05h and 2Ah. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_mode_sense_10(uint8_t *cdb, size_t room, uint32_t page,
				   uint32_t alloc)
{
	if (page > 0x3f)
		return LATHE_ERR_ARG;
	/* DBD: no block descriptors */
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_MODE_SENSE_10, 0x08,
				 page << 24, alloc);
}

int lathe_mmc_encode_mode_select_10(uint8_t *cdb, size_t room, uint32_t len)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_MODE_SELECT_10,
				 0x10 /* PF: page format */, 0, len);
}

size_t lathe_mmc_mode_announced(const uint8_t *data, size_t len)
{
	return len < LATHE_MMC_MODE_HEADER_BYTES
		       ? 0
		       : (size_t)lathe_get_be16(data) + 2;
}

int lathe_mmc_parse_mode_10(const uint8_t *data, size_t len, uint32_t page,
			    struct lathe_mmc_mode *out)
{
	size_t usable = lathep_mmc_usable16(data, len), at, page_len;

	if (usable < LATHE_MMC_MODE_HEADER_BYTES)
		return LATHE_ERR_CORRUPT;
	at = LATHE_MMC_MODE_HEADER_BYTES + (size_t)lathe_get_be16(data + 6);
	if (at == (size_t)lathe_get_be16(data) + 2)
		return LATHE_ERR_NOT_FOUND; /* announced without a page */
	if (at + 2 > usable)
		return LATHE_ERR_CORRUPT;
	/* Bit 6 announces a sub-page, whose length field lies elsewhere. */
	if ((data[at] & 0x7f) != page)
		return LATHE_ERR_NOT_FOUND;
	page_len = data[at + 1] + 2u;
	if (usable - at < page_len)
		return LATHE_ERR_CORRUPT;

	out->announced = (size_t)lathe_get_be16(data) + 2;
	out->page = at;
	out->page_len = page_len;
	return 0;
}

/* ---- page 05h ----------------------------------------------------------- */

enum {
	WRITE_PAGE_MIN = 9,    /* up to the session format */
	WRITE_PAGE_KNOWN = 52, /* from there on vendor specific */
	PAGE_MAX = 257
};

int lathe_mmc_parse_write_parameters(const uint8_t *p, size_t len,
				     struct lathe_mmc_write_parameters *out)
{
	if (len < WRITE_PAGE_MIN)
		return LATHE_ERR_CORRUPT;

	out->buffer_underrun_free = (p[2] & 0x40) != 0;
	out->has_link_size = (p[2] & 0x20) != 0;
	out->test_write = (p[2] & 0x10) != 0;
	out->write_type = (enum lathe_mmc_write_type)(p[2] & 0x0f);
	out->multi_session = p[3] >> 6;
	out->fixed_packet = (p[3] & 0x20) != 0;
	out->track_mode = p[3] & 0x0f;
	out->block_type = p[4] & 0x0f;
	out->link_size = p[5];
	out->session_format = p[8];
	out->packet_blocks = len >= 14 ? lathe_get_be32(p + 10) : 0;
	out->audio_pause = len >= 16 ? lathe_get_be16(p + 14) : 0;
	return 0;
}

int lathe_mmc_build_write_parameters(
	const struct lathe_mmc_write_parameters *in, uint8_t *page, size_t len)
{
	uint8_t p[WRITE_PAGE_KNOWN] = { 0 };

	if (len < WRITE_PAGE_MIN || len > PAGE_MAX ||
	    (unsigned)in->write_type > 15 || in->multi_session > 3 ||
	    in->track_mode > 15 || in->block_type > 15)
		return LATHE_ERR_ARG;

	p[0] = LATHE_MMC_PAGE_WRITE_PARAMETERS;
	p[1] = (uint8_t)(len - 2);
	p[2] = (uint8_t)((in->buffer_underrun_free ? 0x40 : 0) |
			 (in->has_link_size ? 0x20 : 0) |
			 (in->test_write ? 0x10 : 0) | (int)in->write_type);
	p[3] = (uint8_t)(in->multi_session << 6 |
			 (in->fixed_packet ? 0x20 : 0) | in->track_mode);
	p[4] = in->block_type;
	p[5] = in->link_size;
	p[8] = in->session_format;
	lathe_put_be32(p + 10, in->packet_blocks);
	lathe_put_be16(p + 14, in->audio_pause);
	memcpy(page, p, lathep_mmc_min(len, sizeof(p)));
	return 0;
}

/* ---- page 2Ah ----------------------------------------------------------- */

static uint32_t speed_at(const uint8_t *p, size_t len, size_t offset)
{
	return offset + 2 <= len ? lathe_get_be16(p + offset) : 0;
}

int lathe_mmc_parse_capabilities(const uint8_t *p, size_t len,
				 struct lathe_mmc_capabilities *out)
{
	if (len < 14)
		return LATHE_ERR_CORRUPT;

	out->reads_cd_r = (p[2] & 0x01) != 0;
	out->reads_cd_rw = (p[2] & 0x02) != 0;
	out->writes_cd_r = (p[3] & 0x01) != 0;
	out->writes_cd_rw = (p[3] & 0x02) != 0;
	out->test_write = (p[3] & 0x04) != 0;
	out->writes_dvd_r = (p[3] & 0x10) != 0;
	out->writes_dvd_ram = (p[3] & 0x20) != 0;
	out->buffer_underrun_free = (p[4] & 0x80) != 0;
	out->can_lock = (p[6] & 0x01) != 0;
	out->locked = (p[6] & 0x02) != 0;
	out->can_eject = (p[6] & 0x08) != 0;
	out->loader = p[6] >> 5;
	out->max_read_kb = speed_at(p, len, 8);
	out->buffer_bytes = lathe_get_be16(p + 12) * 1024u;
	out->read_kb = speed_at(p, len, 14);
	out->max_write_kb = speed_at(p, len, 18);
	/* MMC-3 moved the current write speed behind the old place. */
	out->write_kb = speed_at(p, len, 28);
	if (out->write_kb == 0)
		out->write_kb = speed_at(p, len, 20);
	return 0;
}
