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

/* ---- GET CONFIGURATION, MMC-6 ------------------------------------------- */

enum lathe_mmc_configuration_scope {
	LATHE_MMC_FEATURES_ALL = 0,
	LATHE_MMC_FEATURES_CURRENT = 1,
	LATHE_MMC_FEATURES_ONE = 2
};

/* 'start' is the first feature wanted, 0 to 65535; 'alloc' 0 to 65535. */
int lathe_mmc_encode_get_configuration(uint8_t *cdb, size_t room,
				       enum lathe_mmc_configuration_scope scope,
				       uint32_t start, uint32_t alloc);

#define LATHE_MMC_CONFIGURATION_HEADER_BYTES 8u

enum lathe_mmc_profile {
	LATHE_MMC_PROFILE_NONE = 0x0000,
	LATHE_MMC_PROFILE_CD_ROM = 0x0008,
	LATHE_MMC_PROFILE_CD_R = 0x0009,
	LATHE_MMC_PROFILE_CD_RW = 0x000a,
	LATHE_MMC_PROFILE_DVD_ROM = 0x0010,
	LATHE_MMC_PROFILE_DVD_R = 0x0011,	/* sequential */
	LATHE_MMC_PROFILE_DVD_RAM = 0x0012,
	LATHE_MMC_PROFILE_DVD_RW_OVERWRITE = 0x0013, /* restricted overwrite */
	LATHE_MMC_PROFILE_DVD_RW = 0x0014,	/* sequential */
	LATHE_MMC_PROFILE_DVD_R_DL = 0x0015,	/* sequential */
	LATHE_MMC_PROFILE_DVD_R_DL_JUMP = 0x0016,
	LATHE_MMC_PROFILE_DVD_PLUS_RW = 0x001a,
	LATHE_MMC_PROFILE_DVD_PLUS_R = 0x001b,
	LATHE_MMC_PROFILE_DVD_PLUS_R_DL = 0x002b,
	LATHE_MMC_PROFILE_BD_ROM = 0x0040,
	LATHE_MMC_PROFILE_BD_R = 0x0041,	/* sequential */
	LATHE_MMC_PROFILE_BD_R_RANDOM = 0x0042,	/* random recording */
	LATHE_MMC_PROFILE_BD_RE = 0x0043
};

struct lathe_mmc_configuration {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint16_t profile;	/* the current one; 0 without medium */
};

int lathe_mmc_parse_configuration(const uint8_t *data, size_t len,
				  struct lathe_mmc_configuration *out);

enum lathe_mmc_feature_code {
	LATHE_MMC_FEATURE_PROFILE_LIST = 0x0000,
	LATHE_MMC_FEATURE_CORE = 0x0001,
	LATHE_MMC_FEATURE_REMOVABLE = 0x0003,
	LATHE_MMC_FEATURE_RANDOM_READABLE = 0x0010,
	LATHE_MMC_FEATURE_RANDOM_WRITABLE = 0x0020,
	LATHE_MMC_FEATURE_INCREMENTAL = 0x0021,
	LATHE_MMC_FEATURE_FORMATTABLE = 0x0023,
	LATHE_MMC_FEATURE_DEFECTS = 0x0024,	/* defect management */
	LATHE_MMC_FEATURE_RESTRICTED_OVERWRITE = 0x0026,
	LATHE_MMC_FEATURE_DVD_PLUS_RW = 0x002a,
	LATHE_MMC_FEATURE_DVD_PLUS_R = 0x002b,
	LATHE_MMC_FEATURE_RIGID_OVERWRITE = 0x002c,
	LATHE_MMC_FEATURE_CD_TAO = 0x002d,
	LATHE_MMC_FEATURE_CD_MASTERING = 0x002e,
	LATHE_MMC_FEATURE_DVD_R_WRITE = 0x002f,
	LATHE_MMC_FEATURE_BD_R_POW = 0x0038,	/* pseudo-overwrite */
	LATHE_MMC_FEATURE_DVD_PLUS_RW_DL = 0x003a,
	LATHE_MMC_FEATURE_DVD_PLUS_R_DL = 0x003b,
	LATHE_MMC_FEATURE_BD_WRITE = 0x0041,
	LATHE_MMC_FEATURE_STREAMING = 0x0107
};

struct lathe_mmc_feature {
	uint16_t code;
	uint8_t version;
	bool persistent, current;
	const uint8_t *data;	/* into the caller's buffer, behind the four
				 * bytes of the descriptor's own header */
	size_t len;
};

/*
 * The next feature descriptor. *offset is 0 at first and moved on.
 * LATHE_ERR_NOT_FOUND at the end, also where the last descriptor is cut.
 */
int lathe_mmc_next_feature(const uint8_t *data, size_t len, size_t *offset,
			   struct lathe_mmc_feature *out);

/* Profile 'index' of feature 0000h. LATHE_ERR_NOT_FOUND beyond the last. */
int lathe_mmc_parse_feature_profile(const struct lathe_mmc_feature *feature,
				    uint32_t index, uint16_t *profile,
				    bool *current);

/* Feature 0001h: 1 SCSI, 2 ATAPI, 3, 4 and 6 IEEE 1394, 7 SATA, 8 USB. */
int lathe_mmc_parse_feature_core(const struct lathe_mmc_feature *feature,
				 uint32_t *interface_standard);

/* Feature 0003h. */
struct lathe_mmc_feature_removable {
	uint8_t mechanism;	/* 0 caddy, 1 tray, 2 pop-up */
	bool can_eject, can_lock;
};

int lathe_mmc_parse_feature_removable(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_removable *out);

/* Feature 0010h. */
struct lathe_mmc_feature_readable {
	uint32_t block_bytes;
	uint16_t blocking;	/* blocks per unit of the medium */
};

int lathe_mmc_parse_feature_readable(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_readable *out);

/* Feature 0021h. */
struct lathe_mmc_feature_incremental {
	uint16_t block_types;	/* bit n: data block type n */
	bool buffer_underrun_free;
	uint8_t link_sizes;	/* how many */
	uint8_t link_size;	/* 16 where that is listed, else the first, 0
				 * without list */
};

int lathe_mmc_parse_feature_incremental(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_incremental *out);

/* Features 002Dh (TAO), 002Eh (mastering) and 002Fh (DVD-R/-RW write): the
 * fields that they share. */
struct lathe_mmc_feature_writing {
	bool buffer_underrun_free;
	bool test_write;
	bool rewritable;	/* CD-RW or DVD-RW as well */
	uint16_t block_types;	/* 002Dh only */
};

int lathe_mmc_parse_feature_writing(const struct lathe_mmc_feature *feature,
				    struct lathe_mmc_feature_writing *out);

/* Feature 0020h. */
struct lathe_mmc_feature_random {
	uint32_t last_lba, block_bytes;
	uint16_t blocking;	/* blocks per unit of the medium */
};

int lathe_mmc_parse_feature_random(const struct lathe_mmc_feature *feature,
				   struct lathe_mmc_feature_random *out);

/* Feature 0023h: what BD can be formatted to. */
struct lathe_mmc_feature_formattable {
	bool keeps_spares;	/* RENoSA: BD-RE without spare area */
	bool expands;		/* spare area can be expanded */
	bool quick_certifies, certifies;
	bool free_space;	/* FRF: quick reformat of BD-RE */
	bool random;		/* RRM of BD-R */
};

int lathe_mmc_parse_feature_formattable(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_formattable *out);

/* Feature 0024h: whether spare area information can be read (SSA). */
int lathe_mmc_parse_feature_defects(const struct lathe_mmc_feature *feature,
				    bool *spares_told);

/* Features 002Ah, 003Ah (DVD+RW) and 002Bh, 003Bh (DVD+R). */
struct lathe_mmc_feature_plus {
	bool writes;
	bool quick_start, close_only;	/* DVD+RW only */
};

int lathe_mmc_parse_feature_plus(const struct lathe_mmc_feature *feature,
				 struct lathe_mmc_feature_plus *out);

/* Feature 002Ch, DVD-RW restricted overwrite. */
struct lathe_mmc_feature_rigid {
	bool generates_defects, reads_defects;	/* DSDG, DSDR */
	bool intermediate;	/* writes to intermediate sessions */
	bool blanks;
};

int lathe_mmc_parse_feature_rigid(const struct lathe_mmc_feature *feature,
				  struct lathe_mmc_feature_rigid *out);

/* Feature 0041h: bit n of a class: that version of the specification. */
struct lathe_mmc_feature_bd_write {
	bool verify_can_be_off;	/* SVNR */
	uint32_t re_classes[2], r_classes[2];
};

int lathe_mmc_parse_feature_bd_write(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_bd_write *out);

/* Feature 0107h. */
struct lathe_mmc_feature_streaming {
	bool reads_buffer_capacity;	/* RBCB */
	bool set_cd_speed, mode_page_2a, write_speeds, streams;
};

int lathe_mmc_parse_feature_streaming(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_streaming *out);

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

enum lathe_mmc_disc_resources {
	LATHE_MMC_TRACK_RESOURCES = 1,
	LATHE_MMC_POW_RESOURCES = 2	/* of a BD-R with pseudo-overwrite */
};

/* The other data types. 'alloc' is 0 to 65535. */
int lathe_mmc_encode_read_disc_resources(uint8_t *cdb, size_t room,
					 enum lathe_mmc_disc_resources type,
					 uint32_t alloc);

struct lathe_mmc_track_resources {
	uint16_t most_tracks, tracks;	/* possible and there */
	uint16_t most_open, open;	/* that may be, and are appendable */
};

/* LATHE_ERR_CORRUPT also for another data type. */
int lathe_mmc_parse_track_resources(const uint8_t *data, size_t len,
				    struct lathe_mmc_track_resources *out);

struct lathe_mmc_pow_resources {
	uint32_t replacements, reallocations, updates; /* that remain */
};

int lathe_mmc_parse_pow_resources(const uint8_t *data, size_t len,
				  struct lathe_mmc_pow_resources *out);

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

/* ---- formatting, MMC-6 -------------------------------------------------- */

/* READ FORMAT CAPACITIES. 'alloc' is 0 to 65535. */
int lathe_mmc_encode_read_format_capacities(uint8_t *cdb, size_t room,
					    uint32_t alloc);

#define LATHE_MMC_CAPACITIES_HEADER_BYTES 12u /* with the current capacity */

enum lathe_mmc_format_state {
	LATHE_MMC_FORMAT_NONE = 1,	/* 'blocks' is what it may hold */
	LATHE_MMC_FORMAT_DONE = 2,	/* 'blocks' is what it holds */
	LATHE_MMC_FORMAT_UNKNOWN = 3	/* no medium, or in between */
};

struct lathe_mmc_format_capacities {
	size_t announced;	/* whole bytes that the drive has, header too */
	uint32_t listed;	/* formattable capacities that came */
	uint32_t blocks;
	uint8_t state;		/* enum lathe_mmc_format_state, or 0 */
};

/* LATHE_ERR_CORRUPT: not even the current capacity came. */
int lathe_mmc_parse_format_capacities(const uint8_t *data, size_t len,
				      struct lathe_mmc_format_capacities *out);

struct lathe_mmc_formattable {
	uint32_t blocks;
	uint8_t type;		/* 00h, 01h, 10h, ... 32h: six bits */
	uint32_t parameter;	/* 24 bits */
};

/* Capacity 'index' from 0. LATHE_ERR_NOT_FOUND: there are not that many. */
int lathe_mmc_parse_formattable(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_formattable *out);

/* FORMAT UNIT with a parameter list. 'cmplist' as MMC-6 says. */
int lathe_mmc_encode_format_unit(uint8_t *cdb, size_t room, bool cmplist);

#define LATHE_MMC_FORMAT_LIST_BYTES 12u

struct lathe_mmc_format {
	struct lathe_mmc_formattable what;
	uint8_t sub_type;	/* 0 to 3 */
	bool no_certification;	/* DCRT */
	bool immed;
};

/* The parameter list, 'room' at least LATHE_MMC_FORMAT_LIST_BYTES. */
int lathe_mmc_build_format(const struct lathe_mmc_format *in, uint8_t *out,
			   size_t room);

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
struct lathe_mmc_write_speed {
	uint8_t rotation;	/* 0 default, 1 CAV */
	bool exact;
	uint32_t end_lba, read_kb, write_kb;
};

int lathe_mmc_parse_write_speed(const uint8_t *data, size_t len, uint32_t index,
				struct lathe_mmc_write_speed *out);

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

/* CD/DVD capabilities and mechanical status, page 2Ah (MMC-3 Annex). */
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
