/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_disc_commands.h - what the disc is: its table of contents,
 * sessions, tracks, and the structures that it was made with.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_DISC_COMMANDS_H
#define LATHE_MMC_DISC_COMMANDS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- READ TOC/PMA/ATIP, MMC-6 ------------------------------------------- */

enum lathe_mmc_toc_format {
	LATHE_MMC_TOC_TRACKS = 0,	/* tracks of complete sessions */
	LATHE_MMC_TOC_SESSIONS = 1,	/* where the last one starts */
	LATHE_MMC_TOC_FULL = 2,	/* lead-in entries of all sessions */
	LATHE_MMC_TOC_ATIP = 4      /* what is pressed into a CD-R/-RW */
};

/*
 * 'number' is the first track (format 0) or session (format 2) wanted, 0 to
 * 255. Formats 0, 1, 2 and 4; 'alloc' 0 to 65535.
 */
int lathe_mmc_encode_read_toc(uint8_t *cdb, size_t room,
			      enum lathe_mmc_toc_format format, bool msf,
			      uint32_t number, uint32_t alloc);

#define LATHE_MMC_TOC_LEAD_OUT 0xaau /* as a track number, format 0 */

/* The header of formats 0, 1 and 2. */
struct lathe_mmc_toc {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint8_t first, last;	/* tracks (format 0) or sessions (1, 2) */
	uint32_t entries;	/* complete ones that came: 8 bytes each in
				 * formats 0 and 1, 11 in format 2 */
};

int lathe_mmc_parse_toc(const uint8_t *data, size_t len,
			enum lathe_mmc_toc_format format,
			struct lathe_mmc_toc *out);

/* One entry of formats 0 and 1. */
struct lathe_mmc_toc_track {
	uint8_t adr, control;
	uint8_t number;
	bool data;		/* control bit 2 */
	uint32_t start;		/* LBA, or 00,M,S,F when asked with MSF */
};

/* Entry 'index' from 0. LATHE_ERR_NOT_FOUND: there are not that many. */
int lathe_mmc_parse_toc_track(const uint8_t *data, size_t len, uint32_t index,
			      struct lathe_mmc_toc_track *out);

/* One entry of format 2; the meaning hangs on 'point'. */
struct lathe_mmc_full_toc_entry {
	uint8_t session;
	uint8_t adr, control, tno, point;
	uint8_t min, sec, frame, zero;
	uint8_t pmin, psec, pframe;
};

int lathe_mmc_parse_full_toc_entry(const uint8_t *data, size_t len,
				   uint32_t index,
				   struct lathe_mmc_full_toc_entry *out);

struct lathe_mmc_atip {
	uint8_t writing_power;	/* ITWP */
	uint8_t reference_speed;
	bool unrestricted;	/* URU */
	bool rewritable;	/* CD-RW */
	uint8_t sub_type;
	uint8_t lead_in[3];	/* minute, second, frame */
	uint8_t last_lead_out[3];
};

int lathe_mmc_parse_atip(const uint8_t *data, size_t len,
			 struct lathe_mmc_atip *out);

/* LBA of a time on a CD, MMC-6 "LBA to MSF translation"; minutes from 90 on
 * are the lead-in's. The result is negative before LBA 0. */
int32_t lathe_mmc_msf_to_lba(uint8_t min, uint8_t sec, uint8_t frame);

/* ---- READ DISC INFORMATION, MMC-6 --------------------------------------- */

/* Standard disc information (data type 0). 'alloc' is 0 to 65535. */
int lathe_mmc_encode_read_disc_info(uint8_t *cdb, size_t room, uint32_t alloc);

#define LATHE_MMC_DISC_INFO_BYTES 34u

enum lathe_mmc_disc_status {
	LATHE_MMC_DISC_BLANK = 0,
	LATHE_MMC_DISC_APPENDABLE = 1,
	LATHE_MMC_DISC_FINAL = 2,
	LATHE_MMC_DISC_OTHER = 3
};

enum lathe_mmc_session_state {
	LATHE_MMC_SESSION_EMPTY = 0,
	LATHE_MMC_SESSION_INCOMPLETE = 1,
	LATHE_MMC_SESSION_DAMAGED = 2,
	LATHE_MMC_SESSION_COMPLETE = 3
};

struct lathe_mmc_disc_info {
	bool erasable;
	uint8_t session_state;	/* of the last one */
	uint8_t disc_status;
	uint16_t sessions;	/* counts an empty or open one as well */
	uint16_t first_track;	/* of the disc */
	uint16_t last_session_first_track;
	uint16_t last_session_last_track;	/* the invisible one as well */
	bool has_disc_id;
	uint32_t disc_id;
	uint8_t background_format;
	uint8_t disc_type;	/* 00h, 10h CD-I, 20h XA, FFh undefined */
	uint32_t last_lead_in;	/* CD: 00,M,S,F; FFFFFFFFh: not applicable */
	uint32_t last_lead_out;	/* likewise */
	uint8_t opc_entries;
};

/*
 * At least bytes 0 to 23 have to come; the more significant bytes of session
 * and track numbers and the number of OPC entries are 0 where they do not.
 * LATHE_ERR_CORRUPT also for another data type.
 */
int lathe_mmc_parse_disc_info(const uint8_t *data, size_t len,
			      struct lathe_mmc_disc_info *out);

/* ---- READ TRACK INFORMATION, MMC-6 -------------------------------------- */

enum lathe_mmc_track_address {
	LATHE_MMC_BY_LBA = 0,
	LATHE_MMC_BY_TRACK = 1,
	LATHE_MMC_BY_SESSION = 2
};

#define LATHE_MMC_TRACK_INFO_BYTES 36u
#define LATHE_MMC_INVISIBLE_TRACK 0xffu

/* 'alloc' is 0 to 65535. */
int lathe_mmc_encode_read_track_info(uint8_t *cdb, size_t room,
				     enum lathe_mmc_track_address by,
				     uint32_t number, uint32_t alloc);

struct lathe_mmc_track_info {
	uint16_t track, session;
	bool damaged, copy;
	uint8_t track_mode;	/* Q control; bit 2: data */
	bool reserved, blank, packet, fixed_packet;
	uint8_t data_mode;	/* 1, 2, Fh unknown */
	bool has_next_writable, has_last_recorded;
	uint32_t start, next_writable, free_blocks, packet_blocks, size_blocks;
	uint32_t last_recorded;
};

/* At least bytes 0 to 27, up to the track's size, have to come. */
int lathe_mmc_parse_track_info(const uint8_t *data, size_t len,
			       struct lathe_mmc_track_info *out);

/* ---- disc structures, MMC-6 --------------------------------------------- */

enum lathe_mmc_structure_media {
	LATHE_MMC_STRUCTURE_DVD = 0,
	LATHE_MMC_STRUCTURE_BD = 1
};

enum lathe_mmc_structure {
	LATHE_MMC_STRUCTURE_PHYSICAL = 0x00,	/* BD: disc information */
	LATHE_MMC_STRUCTURE_BD_SPARES = 0x0a,
	LATHE_MMC_STRUCTURE_PRE_RECORDED = 0x0e,	/* DVD-R, DVD-RW */
	LATHE_MMC_STRUCTURE_ADIP = 0x11,	/* DVD+R, DVD+RW */
	LATHE_MMC_STRUCTURE_LAYER_BREAK = 0x20	/* DVD+R DL */
};

/* READ DISC STRUCTURE of layer 0. 'format' is 0 to 255, 'alloc' 0 to 65535.
 * The reply is a header of four bytes and the structure behind it. */
int lathe_mmc_encode_read_disc_structure(uint8_t *cdb, size_t room,
					 enum lathe_mmc_structure_media media,
					 uint32_t format, uint32_t alloc);

/* SEND DISC STRUCTURE of 'len' bytes, 0 to 65535. */
int lathe_mmc_encode_send_disc_structure(uint8_t *cdb, size_t room,
					 uint32_t format, uint32_t len);

/* Whole bytes that the drive has, header too; 0 where no header came. */
size_t lathe_mmc_structure_announced(const uint8_t *data, size_t len);

/* DVD physical format information. */
struct lathe_mmc_dvd_physical {
	uint8_t book;		/* 0 ROM 1 RAM 2 -R 3 -RW 9 +RW Ah +R Dh +RW DL
				 * Eh +R DL */
	uint8_t layers;
	uint32_t first_sector, last_sector, layer_0_end; /* physical numbers */
	/* DVD-R and DVD-RW, 0 where they do not come. */
	uint32_t border_out, next_border_in;
};

int lathe_mmc_parse_dvd_physical(const uint8_t *data, size_t len,
				 struct lathe_mmc_dvd_physical *out);

/* Who made the disc, as it calls itself: printable ASCII, the rest as '?';
 * empty where the disc does not say it. */
struct lathe_mmc_media_id {
	char maker[13], type[4];
};

int lathe_mmc_parse_pre_recorded(const uint8_t *data, size_t len,
				 struct lathe_mmc_media_id *out);
int lathe_mmc_parse_adip(const uint8_t *data, size_t len,
			 struct lathe_mmc_media_id *out);

/* BD disc information. LATHE_ERR_CORRUPT also where it is not marked so. */
int lathe_mmc_parse_bd_information(const uint8_t *data, size_t len,
				   char kind[4],
				   struct lathe_mmc_media_id *out);

struct lathe_mmc_bd_spares {
	uint32_t free_blocks, all_blocks;
};

int lathe_mmc_parse_bd_spares(const uint8_t *data, size_t len,
			      struct lathe_mmc_bd_spares *out);

#define LATHE_MMC_LAYER_BREAK_BYTES 12u

struct lathe_mmc_layer_break {
	bool fixed;		/* it can not be chosen any more */
	uint32_t layer_0_blocks;
};

int lathe_mmc_parse_layer_break(const uint8_t *data, size_t len,
				struct lathe_mmc_layer_break *out);
int lathe_mmc_build_layer_break(uint32_t layer_0_blocks, uint8_t *out,
				size_t room);

#ifdef __cplusplus
}
#endif

#endif
