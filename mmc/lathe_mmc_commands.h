/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_commands.h - SCSI/MMC commands as bytes: for each command an
 * encoder of its CDB (and parameter list) and a parser of its reply. Pure
 * functions: no I/O, no state, no allocation.
 *
 * Encoders write a whole CDB to 'cdb', every byte of it, and return its
 * length (6, 10 or 12). LATHE_ERR_ARG: 'room' is shorter than that, or a
 * value does not fit its field; nothing was written.
 *
 * Parsers take the bytes that were really moved ('data', 'len') and look
 * neither past them nor past the length that the reply itself announces.
 * They return 0 or LATHE_ERR_CORRUPT, when the reply ends before its fixed
 * fields; *out is then unchanged. Iterators return LATHE_ERR_NOT_FOUND at
 * the end.
 *
 * Standards: SPC-3 and MMC-6 unless said otherwise. Numbers are big-endian
 * on the wire, LBAs and sizes are blocks of 2048 bytes.
 *
 * Threads: pure functions.
 */
#ifndef LATHE_MMC_COMMANDS_H
#define LATHE_MMC_COMMANDS_H

#include "lathe.h"
#include "mmc/lathe_mmc_unit_commands.h"
#include "mmc/lathe_mmc_transfer_commands.h"
#include "mmc/lathe_mmc_disc_commands.h"
#include "mmc/lathe_mmc_configuration.h"
#include "mmc/lathe_mmc_recording_commands.h"
#include "mmc/lathe_mmc_format_commands.h"
#include "mmc/lathe_mmc_mode_pages.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- operation codes ---------------------------------------------------- */

enum lathe_mmc_opcode {
	LATHE_MMC_TEST_UNIT_READY = 0x00,
	LATHE_MMC_REQUEST_SENSE = 0x03,
	LATHE_MMC_FORMAT_UNIT = 0x04,
	LATHE_MMC_INQUIRY = 0x12,
	LATHE_MMC_START_STOP_UNIT = 0x1b,
	LATHE_MMC_PREVENT_ALLOW = 0x1e,
	LATHE_MMC_READ_FORMAT_CAPACITIES = 0x23,
	LATHE_MMC_READ_CAPACITY = 0x25,
	LATHE_MMC_READ_10 = 0x28,
	LATHE_MMC_WRITE_10 = 0x2a,
	LATHE_MMC_WRITE_AND_VERIFY = 0x2e,
	LATHE_MMC_VERIFY = 0x2f,
	LATHE_MMC_SYNCHRONIZE_CACHE = 0x35,
	LATHE_MMC_READ_TOC = 0x43,
	LATHE_MMC_GET_CONFIGURATION = 0x46,
	LATHE_MMC_GET_EVENT_STATUS = 0x4a,
	LATHE_MMC_READ_DISC_INFO = 0x51,
	LATHE_MMC_READ_TRACK_INFO = 0x52,
	LATHE_MMC_RESERVE_TRACK = 0x53,
	LATHE_MMC_SEND_OPC = 0x54,
	LATHE_MMC_MODE_SELECT_10 = 0x55,
	LATHE_MMC_MODE_SENSE_10 = 0x5a,
	LATHE_MMC_CLOSE_TRACK_SESSION = 0x5b,
	LATHE_MMC_SEND_CUE_SHEET = 0x5d,
	LATHE_MMC_BLANK_COMMAND = 0xa1,
	LATHE_MMC_READ_12 = 0xa8,
	LATHE_MMC_WRITE_12 = 0xaa,
	LATHE_MMC_GET_PERFORMANCE = 0xac,
	LATHE_MMC_READ_DISC_STRUCTURE = 0xad,
	LATHE_MMC_SET_STREAMING = 0xb6,
	LATHE_MMC_SET_CD_SPEED = 0xbb,
	LATHE_MMC_MECHANISM_STATUS = 0xbd,
	LATHE_MMC_READ_CD = 0xbe,
	LATHE_MMC_SEND_DISC_STRUCTURE = 0xbf
};

/* "WRITE(10)" for 2Ah; "command" for an opcode that is not in the list. */
const char *lathe_mmc_command_name(uint8_t opcode);

#ifdef __cplusplus
}
#endif

#endif
