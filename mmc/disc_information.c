/* SPDX-License-Identifier: MIT */
/* disc_information.c - READ DISC and READ TRACK INFORMATION, events; MMC-6. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_read_disc_info(uint8_t *cdb, size_t room, uint32_t alloc)
{
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_DISC_INFO, 0, 0,
				 alloc);
}

int lathe_mmc_parse_disc_info(const uint8_t *d, size_t len,
			      struct lathe_mmc_disc_info *out)
{
	size_t usable = lathep_mmc_usable16(d, len);

	/* Bits 7 to 5 of byte 2: other data types are other structures. */
	if (usable < 24 || d[2] >> 5 != 0)
		return LATHE_ERR_CORRUPT;

	out->erasable = (d[2] & 0x10) != 0;
	out->session_state = (d[2] >> 2) & 0x03;
	out->disc_status = d[2] & 0x03;
	out->first_track = d[3];
	out->sessions = (uint16_t)(d[9] << 8 | d[4]);
	out->last_session_first_track = (uint16_t)(d[10] << 8 | d[5]);
	out->last_session_last_track = (uint16_t)(d[11] << 8 | d[6]);
	out->has_disc_id = (d[7] & 0x80) != 0;
	out->background_format = d[7] & 0x03;
	out->disc_type = d[8];
	out->disc_id = lathe_get_be32(d + 12);
	out->last_lead_in = lathe_get_be32(d + 16);
	out->last_lead_out = lathe_get_be32(d + 20);
	out->opc_entries = usable > 33 ? d[33] : 0;
	return 0;
}

int lathe_mmc_encode_read_track_info(uint8_t *cdb, size_t room,
				     enum lathe_mmc_track_address by,
				     uint32_t number, uint32_t alloc)
{
	if ((unsigned)by > LATHE_MMC_BY_SESSION)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_READ_TRACK_INFO,
				 (unsigned)by, number, alloc);
}

int lathe_mmc_parse_track_info(const uint8_t *d, size_t len,
			       struct lathe_mmc_track_info *out)
{
	size_t usable = lathep_mmc_usable16(d, len);

	if (usable < 28)
		return LATHE_ERR_CORRUPT;

	out->track = d[2];
	out->session = d[3];
	if (usable > 33) {
		out->track = (uint16_t)(d[32] << 8 | d[2]);
		out->session = (uint16_t)(d[33] << 8 | d[3]);
	}
	out->damaged = (d[5] & 0x20) != 0;
	out->copy = (d[5] & 0x10) != 0;
	out->track_mode = d[5] & 0x0f;
	out->reserved = (d[6] & 0x80) != 0;
	out->blank = (d[6] & 0x40) != 0;
	out->packet = (d[6] & 0x20) != 0;
	out->fixed_packet = (d[6] & 0x10) != 0;
	out->data_mode = d[6] & 0x0f;
	out->has_next_writable = (d[7] & 0x01) != 0;
	out->has_last_recorded = (d[7] & 0x02) != 0 && usable >= 32;
	out->start = lathe_get_be32(d + 8);
	out->next_writable = lathe_get_be32(d + 12);
	out->free_blocks = lathe_get_be32(d + 16);
	out->packet_blocks = lathe_get_be32(d + 20);
	out->size_blocks = lathe_get_be32(d + 24);
	out->last_recorded = usable >= 32 ? lathe_get_be32(d + 28) : 0;
	return 0;
}

int lathe_mmc_encode_get_event_status(uint8_t *cdb, size_t room,
				      uint32_t classes, uint32_t alloc)
{
	if (classes == 0 || classes > 0xff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_GET_EVENT_STATUS, 0x01,
				 classes << 8, alloc);
}

int lathe_mmc_parse_event(const uint8_t *d, size_t len,
			  struct lathe_mmc_event *out)
{
	size_t usable = lathep_mmc_usable16(d, len);
	bool none;

	if (usable < 4)
		return LATHE_ERR_CORRUPT;
	none = (d[2] & 0x80) != 0;
	if (!none && usable < 8)
		return LATHE_ERR_CORRUPT;

	memset(out, 0, sizeof(*out));
	out->class_code = d[2] & 0x07;
	out->supported = d[3];
	out->none = none;
	if (none)
		return 0;
	out->code = d[4] & 0x0f;
	out->none = out->code == 0;
	if (out->class_code == 4) {
		out->medium_present = (d[5] & 0x02) != 0;
		out->tray_open = (d[5] & 0x01) != 0;
	} else if (out->class_code == 6) {
		out->busy = d[5] & 0x0f;
		out->busy_ms = lathe_get_be16(d + 6) * 100u;
	}
	return 0;
}
