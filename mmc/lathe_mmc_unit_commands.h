/* SPDX-License-Identifier: MIT */
/*
 * lathe_mmc_unit_commands.h - what any unit is asked: sense data, identity, the
 * tray, and what happened to it.
 *
 * Part of lathe_mmc_commands.h, which says what holds for all of it.
 */
#ifndef LATHE_MMC_UNIT_COMMANDS_H
#define LATHE_MMC_UNIT_COMMANDS_H

#include "lathe.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- sense data, SPC-3 4.5 ---------------------------------------------- */

enum lathe_mmc_key {
	LATHE_MMC_KEY_NO_SENSE = 0x0,
	LATHE_MMC_KEY_RECOVERED = 0x1,
	LATHE_MMC_KEY_NOT_READY = 0x2,
	LATHE_MMC_KEY_MEDIUM = 0x3,
	LATHE_MMC_KEY_HARDWARE = 0x4,
	LATHE_MMC_KEY_ILLEGAL_REQUEST = 0x5,
	LATHE_MMC_KEY_UNIT_ATTENTION = 0x6,
	LATHE_MMC_KEY_DATA_PROTECT = 0x7,
	LATHE_MMC_KEY_BLANK_CHECK = 0x8,
	LATHE_MMC_KEY_ABORTED = 0xb
};

struct lathe_mmc_sense {
	bool deferred;		/* belongs to an earlier command */
	bool descriptor;	/* came in descriptor format */
	uint8_t key, asc, ascq;
	bool has_information;	/* fixed: VALID; descriptor type 00h */
	uint64_t information;	/* on READ and WRITE an LBA */
	bool has_progress;	/* SKSV with key 0 or 2 */
	uint16_t progress;	/* of 65536 */
};

/*
 * Fixed (70h, 71h) and descriptor format (72h, 73h). Additional sense bytes
 * that did not come count as 0. LATHE_ERR_CORRUPT: another response code, or
 * no sense key.
 */
int lathe_mmc_parse_sense(const uint8_t *data, size_t len,
			  struct lathe_mmc_sense *out);

/* "write error" for 0C/00; what the key means where the code is not known. */
const char *lathe_mmc_sense_text(uint8_t key, uint8_t asc, uint8_t ascq);

/* ---- any unit ----------------------------------------------------------- */

/* TEST UNIT READY, SPC-3. No data. */
int lathe_mmc_encode_test_unit_ready(uint8_t *cdb, size_t room);

/* REQUEST SENSE, SPC-3. 'alloc' is 0 to 255; the reply is sense data. */
int lathe_mmc_encode_request_sense(uint8_t *cdb, size_t room, bool descriptor,
				   uint32_t alloc);

/* INQUIRY, SPC-3, standard data. 'alloc' is 0 to 65535. */
int lathe_mmc_encode_inquiry(uint8_t *cdb, size_t room, uint32_t alloc);

#define LATHE_MMC_INQUIRY_BYTES 36u

/* Texts without padding; bytes outside 20h to 7Eh come as '?'. */
struct lathe_mmc_inquiry {
	uint8_t device_type;
	bool removable;
	uint8_t version;
	uint8_t format;
	char vendor[9], product[17], revision[5];
};

int lathe_mmc_parse_inquiry(const uint8_t *data, size_t len,
			    struct lathe_mmc_inquiry *out);

enum lathe_mmc_start_stop {
	LATHE_MMC_STOP = 0,
	LATHE_MMC_START = 1,
	LATHE_MMC_EJECT = 2,
	LATHE_MMC_LOAD = 3
};

/* START STOP UNIT, MMC-6. 'immed' returns before it is done. */
int lathe_mmc_encode_start_stop(uint8_t *cdb, size_t room, bool immed,
				enum lathe_mmc_start_stop action);

/* PREVENT ALLOW MEDIUM REMOVAL, MMC-6; the persistent bit is never set. */
int lathe_mmc_encode_prevent_allow(uint8_t *cdb, size_t room, bool prevent);

/* MECHANISM STATUS, MMC-6, which many systems keep from ordinary users. 'alloc'
 * is 0 to 65535. */
int lathe_mmc_encode_mechanism_status(uint8_t *cdb, size_t room,
				      uint32_t alloc);

struct lathe_mmc_mechanism {
	bool fault, door_open;
	uint8_t changer_state, slot, state;
	uint32_t lba;
	uint8_t slots;
};

int lathe_mmc_parse_mechanism(const uint8_t *data, size_t len,
			      struct lathe_mmc_mechanism *out);

/* ---- GET EVENT STATUS NOTIFICATION, MMC-6 ------------------------------- */

#define LATHE_MMC_EVENTS_MEDIA 0x10u /* bits of 'classes' */
#define LATHE_MMC_EVENTS_BUSY 0x40u

/* Always polled. 'classes' is 1 to 255, 'alloc' 0 to 65535. */
int lathe_mmc_encode_get_event_status(uint8_t *cdb, size_t room,
				      uint32_t classes, uint32_t alloc);

struct lathe_mmc_event {
	bool none;		/* NEA, or an event code of 0 */
	uint8_t class_code;	/* 4 media, 6 device busy */
	uint8_t supported;	/* classes, one bit each */
	uint8_t code;
	/* Class 4. */
	bool medium_present, tray_open;
	/* Class 6. */
	uint8_t busy;
	uint32_t busy_ms;
};

int lathe_mmc_parse_event(const uint8_t *data, size_t len,
			  struct lathe_mmc_event *out);

#ifdef __cplusplus
}
#endif

#endif
