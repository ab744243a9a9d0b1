/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_transfer_commands.h - moving blocks: capacity, reading, writing,
 * verifying and flushing.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_TRANSFER_COMMANDS_H
#define LATHE_MMC_TRANSFER_COMMANDS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- data --------------------------------------------------------------- */

/* READ CAPACITY, MMC-6. Reply of 8 bytes. */
int lathe_mmc_encode_read_capacity(uint8_t *cdb, size_t room);

struct lathe_mmc_capacity {
	uint32_t last_lba;	/* 0 also on a disc without readable block */
	uint32_t block_bytes;
};

int lathe_mmc_parse_capacity(const uint8_t *data, size_t len,
			     struct lathe_mmc_capacity *out);

/*
 * READ(10) and WRITE(10), MMC-6. 'blocks' is 0 to 65535 (0 moves nothing).
 * An LBA of the CD's pre-gap is given as two's complement. 'fua': past the
 * drive's cache.
 */
int lathe_mmc_encode_read_10(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool fua);
int lathe_mmc_encode_write_10(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool fua);

/*
 * READ(12) and WRITE(12), MMC-6, with the streaming bit or without; 'blocks'
 * is any number.
 */
int lathe_mmc_encode_read_12(uint8_t *cdb, size_t room, uint32_t lba,
			     uint32_t blocks, bool streaming);
int lathe_mmc_encode_write_12(uint8_t *cdb, size_t room, uint32_t lba,
			      uint32_t blocks, bool streaming);

/* WRITE AND VERIFY(10) and VERIFY(10), MMC-6. 'blocks' is 0 to 65535. VERIFY
 * moves no data. */
int lathe_mmc_encode_write_and_verify(uint8_t *cdb, size_t room, uint32_t lba,
				      uint32_t blocks);
int lathe_mmc_encode_verify(uint8_t *cdb, size_t room, uint32_t lba,
			    uint32_t blocks);

/* What READ CD shall accept and deliver, MMC-6. */
enum lathe_mmc_sector_type {
	LATHE_MMC_SECTOR_ANY = 0,
	LATHE_MMC_SECTOR_AUDIO = 1,
	LATHE_MMC_SECTOR_MODE_1 = 2,
	LATHE_MMC_SECTOR_MODE_2 = 3,
	LATHE_MMC_SECTOR_XA_FORM_1 = 4,
	LATHE_MMC_SECTOR_XA_FORM_2 = 5
};

#define LATHE_MMC_READ_CD_USER 0x10u /* the user data alone */
#define LATHE_MMC_READ_CD_RAW 0xf8u  /* all 2352 bytes of a sector */

/* READ CD, MMC-6. 'blocks' is 0 to FFFFFFh, 'parts' is byte 9 of the CDB,
 * 'sub_channel' 0 to 7. An LBA before 0 is given as two's complement. */
int lathe_mmc_encode_read_cd(uint8_t *cdb, size_t room,
			     enum lathe_mmc_sector_type type, uint32_t lba,
			     uint32_t blocks, uint32_t parts,
			     uint32_t sub_channel);

/* SYNCHRONIZE CACHE(10), MMC-6, of everything. */
int lathe_mmc_encode_synchronize_cache(uint8_t *cdb, size_t room, bool immed);

#ifdef __cplusplus
}
#endif

#endif
