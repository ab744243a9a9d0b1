/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_mode_pages.h - mode pages: the write parameters, and what an old
 * drive says that it can do.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_MODE_PAGES_H
#define LATHE_MMC_MODE_PAGES_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- mode pages, SPC-3 7.4 and MMC-6 ------------------------------------ */

enum lathe_mmc_mode_page {
	LATHE_MMC_PAGE_WRITE_PARAMETERS = 0x05,
	LATHE_MMC_PAGE_CAPABILITIES = 0x2a
};

/* MODE SENSE(10) of current values, DBD set. 'page' is 0 to 3Fh, 'alloc' 0
 * to 65535. */
int lathe_mmc_encode_mode_sense_10(uint8_t *cdb, size_t room, uint32_t page,
				   uint32_t alloc);

/* MODE SELECT(10), page format, not saved. 'len' is 0 to 65535. */
int lathe_mmc_encode_mode_select_10(uint8_t *cdb, size_t room, uint32_t len);

#define LATHE_MMC_MODE_HEADER_BYTES 8u

struct lathe_mmc_mode {
	size_t announced;	/* whole bytes that the drive has */
	size_t page;		/* offset of the page in the reply */
	size_t page_len;	/* of the page with its two first bytes, as the
				 * drive reports it; all of it came */
};

/*
 * Find 'page' in a MODE SENSE(10) reply, behind block descriptors, which old
 * drives send although DBD is set. LATHE_ERR_NOT_FOUND: another page or none;
 * LATHE_ERR_CORRUPT: header, descriptors or page are cut.
 */
int lathe_mmc_parse_mode_10(const uint8_t *data, size_t len, uint32_t page,
			    struct lathe_mmc_mode *out);

/* Bytes that a MODE SENSE(10) reply announces, or 0 if there is no header. */
size_t lathe_mmc_mode_announced(const uint8_t *data, size_t len);

enum lathe_mmc_write_type {
	LATHE_MMC_WRITE_PACKET = 0,
	LATHE_MMC_WRITE_TAO = 1,
	LATHE_MMC_WRITE_SAO = 2
};

/* Write parameters, page 05h. */
struct lathe_mmc_write_parameters {
	bool buffer_underrun_free;
	bool test_write;
	enum lathe_mmc_write_type write_type;
	uint8_t multi_session;	/* 0 final, 1 B0 pointer, 3 next session */
	uint8_t track_mode;	/* 4 data, 5 data incremental, 0 audio */
	uint8_t block_type;	/* 8 mode 1, 10 mode 2 form 1, 0 raw */
	bool has_link_size;
	uint8_t link_size;
	bool fixed_packet;
	uint32_t packet_blocks;
	uint8_t session_format;	/* 00h, 10h CD-I, 20h XA */
	uint16_t audio_pause;	/* 150 */
};

/* 'page' begins with its page code; at least 9 bytes, up to the session
 * format, have to come. */
int lathe_mmc_parse_write_parameters(const uint8_t *page, size_t len,
				     struct lathe_mmc_write_parameters *out);

/*
 * Set every field of a page 05h of 'len' bytes (as the drive reported it, 9
 * at least), MCN, ISRC and sub-header to none; PS is cleared as MODE SELECT
 * asks. Fields behind a short page are left out. LATHE_ERR_ARG: 'len' is
 * below 9 or above 257, or a value does not fit its field; the page is
 * unchanged.
 */
int lathe_mmc_build_write_parameters(
	const struct lathe_mmc_write_parameters *in, uint8_t *page, size_t len);

/* CD/DVD capabilities and mechanical status, page 2Ah (MMC-3, 5.5.10). */
struct lathe_mmc_capabilities {
	bool reads_cd_rw, reads_cd_r;
	bool writes_cd_rw, writes_cd_r, writes_dvd_r, writes_dvd_ram;
	bool test_write, buffer_underrun_free;
	uint8_t loader;		/* 1 tray */
	bool can_eject, can_lock, locked;
	uint32_t buffer_bytes;
	uint32_t read_kb, write_kb;	/* current speeds, kB/s; 0: not told */
	uint32_t max_read_kb, max_write_kb;
};

/* At least 14 bytes, up to the buffer size, have to come; speeds that do not
 * come are 0. */
int lathe_mmc_parse_capabilities(const uint8_t *page, size_t len,
				 struct lathe_mmc_capabilities *out);

#ifdef __cplusplus
}
#endif

#endif
