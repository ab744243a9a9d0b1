/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_recording_commands.h - tracks and sessions: reserving, calibrating,
 * closing, blanking, cue sheets and speeds.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_RECORDING_COMMANDS_H
#define LATHE_MMC_RECORDING_COMMANDS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- recording ---------------------------------------------------------- */

/* RESERVE TRACK, MMC-6, of 'blocks' (the size form), or the track that holds
 * 'lba' cut in two there (the address form, ARSV). */
int lathe_mmc_encode_reserve_track(uint8_t *cdb, size_t room, uint32_t blocks);
int lathe_mmc_encode_split_track(uint8_t *cdb, size_t room, uint32_t lba);

/* SEND OPC INFORMATION, MMC-6, with DoOPC and no parameter list. */
int lathe_mmc_encode_send_opc(uint8_t *cdb, size_t room);

/* CLOSE TRACK/SESSION, MMC-6. */
enum lathe_mmc_close_function {
	LATHE_MMC_STOP_FORMAT = 0,	/* DVD+RW, in the background */
	LATHE_MMC_CLOSE_TRACK = 1,
	LATHE_MMC_CLOSE_SESSION = 2,
	LATHE_MMC_FINALIZE_MINIMUM = 5,	/* DVD+R, at minimum radius */
	LATHE_MMC_FINALIZE = 6          /* DVD+R, BD-R */
};

/* 'track' is 1 to 65535 for CLOSE_TRACK, else 0. */
int lathe_mmc_encode_close(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_close_function function,
			   uint32_t track);

/* BLANK, MMC-6. */
enum lathe_mmc_blank_type {
	LATHE_MMC_BLANK_TYPE_FULL = 0,
	LATHE_MMC_BLANK_TYPE_MINIMAL = 1
};

int lathe_mmc_encode_blank(uint8_t *cdb, size_t room, bool immed,
			   enum lathe_mmc_blank_type type);

#define LATHE_MMC_SPEED_MAXIMUM 0xffffu

/* SET CD SPEED, MMC-6, in kB/s of 1000 bytes, 0 to 65535. */
int lathe_mmc_encode_set_cd_speed(uint8_t *cdb, size_t room, uint32_t read_kb,
				  uint32_t write_kb);

/* ---- session at once, MMC-6 --------------------------------------------- */

/* SEND CUE SHEET of 'len' bytes, 0 to FFFFFFh. */
int lathe_mmc_encode_send_cue_sheet(uint8_t *cdb, size_t room, uint32_t len);

#define LATHE_MMC_CUE_BYTES 8u

enum lathe_mmc_cue_form {
	LATHE_MMC_CUE_DATA = 0x10,	/* mode 1, data from the host */
	LATHE_MMC_CUE_DATA_GAP = 0x14	/* mode 1, made by the drive */
};

/* One point in time of a data track. Lead-in: track 0, index 0; lead-out:
 * track AAh, index 1. */
struct lathe_mmc_cue {
	uint8_t track, index;
	enum lathe_mmc_cue_form form;
	int32_t lba;		/* -150 to 404849 */
};

int lathe_mmc_build_cue(const struct lathe_mmc_cue *in, uint8_t *out,
			size_t room);

/* ---- speeds of DVD and BD, MMC-6 ---------------------------------------- */

enum lathe_mmc_performance {
	LATHE_MMC_PERFORMANCE_READ,	/* type 0, nominal */
	LATHE_MMC_PERFORMANCE_WRITE,	/* likewise */
	LATHE_MMC_WRITE_SPEEDS		/* type 3 */
};

/* GET PERFORMANCE from LBA 0 on. 'most' is the number of descriptors, 0 to
 * 65535. The reply: 8 bytes of header, 16 bytes each. */
int lathe_mmc_encode_get_performance(uint8_t *cdb, size_t room,
				     enum lathe_mmc_performance what,
				     uint32_t most);

struct lathe_mmc_performance_list {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint32_t entries;	/* that came */
};

int lathe_mmc_parse_performance(const uint8_t *data, size_t len,
				struct lathe_mmc_performance_list *out);

/* Type 0: from start_kb at start_lba to end_kb at end_lba, kB of 1000. */
struct lathe_mmc_nominal {
	uint32_t start_lba, start_kb, end_lba, end_kb;
};

/* LATHE_ERR_NOT_FOUND: there are not that many. */
int lathe_mmc_parse_nominal(const uint8_t *data, size_t len, uint32_t index,
			    struct lathe_mmc_nominal *out);

/* Type 3. */
struct lathe_mmc_speed {
	uint8_t rotation;	/* 0 default, 1 CAV */
	bool exact;
	uint32_t end_lba, read_kb, write_kb;
};

int lathe_mmc_parse_write_speed(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_speed *out);

#define LATHE_MMC_STREAMING_BYTES 28u

/* SET STREAMING, type 0, with its parameter list. */
int lathe_mmc_encode_set_streaming(uint8_t *cdb, size_t room);

/* Speeds in kB/s of 1000 bytes; 'defaults' gives the drive its own ones. */
struct lathe_mmc_streaming {
	bool defaults;		/* RDD */
	uint32_t end_lba, read_kb, write_kb;
};

int lathe_mmc_build_streaming(const struct lathe_mmc_streaming *in,
			      uint8_t *out, size_t room);

#ifdef __cplusplus
}
#endif

#endif
