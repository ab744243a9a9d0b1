/* SPDX-License-Identifier: MIT */
/*
 * lathe.h - what the libraries of lathe share: error codes, the description of
 * a failure, hooks, the wire to a drive, block devices, byte order. Header
 * only: there is no code of its own behind it.
 *
 * Threads: everything here is a constant or a pure function.
 */
#ifndef LATHE_H
#define LATHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LATHE_VERSION_MAJOR 0
#define LATHE_VERSION_MINOR 1
#define LATHE_VERSION_PATCH 0
#define LATHE_VERSION "0.1.0"

/* A logical block of every medium and volume that lathe writes. */
#define LATHE_BLOCK_BYTES 2048u

/*
 * Results. Every call returns 0 or one of these negative values (or says in
 * its own comment what a positive value means). Values never change once
 * released; new causes get new values, the next ones each.
 *
 * X(code, value, meaning, remedy)
 */
#define LATHE_ERRORS(X)                                                        \
	X(ARG, -1, "an argument is out of its range",                          \
	  "correct the call")                                                  \
	X(MEMORY, -2, "memory ran out",                                        \
	  "free memory and try again")                                         \
	X(STATE, -3, "the call does not fit the object's state",               \
	  "make the calls in the order that the header names")                 \
	X(TRANSPORT, -4, "the command or its answer was lost on the way",      \
	  "check the cable and the drive, then try again")                     \
	X(SENSE, -5, "the drive reported an error",                            \
	  "see the sense data; clean or change the disc")                      \
	X(CORRUPT, -6, "data read are damaged or contradict themselves",       \
	  "check the disc with another drive")                                 \
	X(UNSUPPORTED, -7, "the drive, medium or volume lacks what is needed", \
	  "use another drive, medium or option")                               \
	X(TIMEOUT, -8, "the drive did not become ready in time",               \
	  "reload the disc and try again")                                     \
	X(CANCELLED, -9, "cancelled on request",                               \
	  "start again when wanted")                                           \
	X(IO, -10, "a file could not be read or written",                      \
	  "check the file and its file system")                                \
	X(LIMIT, -11, "a limit of format or configuration is exceeded",        \
	  "shorten, split or leave out what the message names")                \
	X(NOT_FOUND, -12, "there is nothing of that name",                     \
	  "check the spelling")                                                \
	X(EXISTS, -13, "the name exists already",                              \
	  "allow overwriting or choose another name")                          \
	X(NAME, -14, "the name can not be recorded as it is",                  \
	  "rename it or allow names to be mapped")                             \
	X(CHANGED, -15, "a source file changed or could not be read whole",    \
	  "leave the files alone while recording, then record them again")     \
	X(FULL, -16, "the content does not fit",                               \
	  "leave something out or use another disc")                           \
	X(NO_MEDIUM, -17, "there is no disc in the drive",                     \
	  "insert a disc")                                                     \
	X(WRONG_DISC, -18, "this is not the disc that was chosen",             \
	  "insert that disc again, or choose the recorder anew")               \
	X(NOT_BLANK, -19, "the disc is not blank",                             \
	  "insert a blank disc, or blank this one if it is erasable")          \
	X(MEDIUM_TYPE, -20, "this kind of disc can not be used for that",      \
	  "insert a recordable disc that the drive can write")                 \
	X(NO_DEVICE, -21, "the drive is gone",                                 \
	  "connect it again")                                                  \
	X(BUSY, -22, "somebody else uses the drive",                           \
	  "unmount the disc and close the programs that use the drive")        \
	X(DENIED, -23, "no permission to use the drive",                       \
	  "join the group that owns the device, often 'cdrom'")                \
	X(NO_FORMAT, -24, "no format is chosen",                               \
	  "choose a format first")                                             \
	X(NO_RECORDER, -25, "no recorder is chosen",                           \
	  "choose a recorder first")                                           \
	X(EMPTY, -26, "there is nothing to record",                            \
	  "add, remove or rename something first")                             \
	X(VERIFY, -27, "the disc does not hold what was recorded",             \
	  "record again, on another disc if it happens twice")                 \
	X(FOREIGN, -28, "another program wrote this disc",                     \
	  "ask for import if it shall be continued")                           \
	X(NOT_APPENDABLE, -29, "no further session can be recorded",           \
	  "use another disc")                                                  \
	X(NO_VOLUME, -30, "there is no ISO 9660 volume here",                  \
	  "check the disc or image, or name another session")                  \
	X(UNFINISHED, -31, "the last session was cut short",                   \
	  "close it or use another disc")

enum lathe_err {
	LATHE_OK = 0,
#define LATHE_ERR_ENUM(code, value, meaning, remedy) LATHE_ERR_##code = value,
	LATHE_ERRORS(LATHE_ERR_ENUM)
#undef LATHE_ERR_ENUM
};

/* "ARG" for LATHE_ERR_ARG, "OK" for 0, "?" for what is not in the list. */
static inline const char *lathe_err_name(int err)
{
	static const char *const texts[] = {
		"OK",
#define LATHE_ERR_TEXT(code, value, meaning, remedy) #code,
		LATHE_ERRORS(LATHE_ERR_TEXT)
#undef LATHE_ERR_TEXT
	};
	const unsigned i = 0u - (unsigned)err;

	return i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : "?";
}

/* What the error means, as half a sentence in English. */
static inline const char *lathe_err_meaning(int err)
{
	static const char *const texts[] = {
		"done",
#define LATHE_ERR_TEXT(code, value, meaning, remedy) meaning,
		LATHE_ERRORS(LATHE_ERR_TEXT)
#undef LATHE_ERR_TEXT
	};
	const unsigned i = 0u - (unsigned)err;

	return i < sizeof(texts) / sizeof(texts[0]) ? texts[i]
						    : "unknown error";
}

/* What a user can do about it, as half a sentence in English. */
static inline const char *lathe_err_remedy(int err)
{
	static const char *const texts[] = {
		"",
#define LATHE_ERR_TEXT(code, value, meaning, remedy) remedy,
		LATHE_ERRORS(LATHE_ERR_TEXT)
#undef LATHE_ERR_TEXT
	};
	const unsigned i = 0u - (unsigned)err;

	return i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : "";
}

/* ---- the wire to a drive ------------------------------------------------ */

/* What became of a command between here and the drive. */
enum lathe_cause {
	LATHE_CAUSE_OK,
	LATHE_CAUSE_REFUSED,	/* not allowed to this user; nothing was sent */
	LATHE_CAUSE_TOO_LARGE,	/* needs smaller commands; nothing was sent */
	LATHE_CAUSE_TIMED_OUT,	/* the drive now counts as reset */
	LATHE_CAUSE_GONE,	/* no drive answers any more */
	LATHE_CAUSE_RESET	/* the drive was reset: its state is lost */
};

#define LATHE_SENSE_MAX 64u

/* One SCSI command, in flight. The caller owns all of it. */
struct lathe_cmd {
	uint8_t cdb[16];
	uint8_t cdb_len;	/* 6, 10, 12 or 16 bytes */
	bool to_drive;		/* direction, where data_len is not 0 */
	uint8_t *data;		/* a transport only reads it when to_drive */
	uint32_t data_len;	/* bytes; equal to what the CDB announces */
	uint32_t timeout_ms;	/* never 0 */

	/* Filled in by the transport. */
	uint8_t status;		/* SAM status byte; 0 is GOOD */
	uint8_t sense_len;	/* 0: the drive sent no sense data */
	uint8_t sense[LATHE_SENSE_MAX];
	uint32_t moved;		/* bytes really transferred, at most data_len */
	uint8_t cause;		/* enum lathe_cause */
	uint16_t host_status;	/* as the system gave it, for the report */
	uint16_t driver_status;	/* likewise */
	int sys_errno;		/* likewise; 0 if none */
};

/*
 * Run one command, once: a transport never retries. Returns 0 when a SCSI
 * status came back, whatever it says; else LATHE_ERR_TRANSPORT, and
 * cmd->cause tells why. An in-process recorder has the same signature, so
 * that it can be handed over as a transport.
 */
typedef int lathe_execute_fn(void *ctx, struct lathe_cmd *cmd);

/* ---- what went wrong ---------------------------------------------------- */

#define LATHE_FAILURE_TEXT 256u

/*
 * The whole cause of the last error of an object. Filled in by the call that
 * failed, valid until the object's next call. 'text' says what, where and why
 * in one line of UTF-8 without a final stop; lathe_err_remedy() what to do.
 * Names that the host or a caller's source gave stand there as they came, and
 * what is too long is cut.
 */
struct lathe_failure {
	int err;	/* enum lathe_err, 0 if the last call succeeded */

	/* Where a SCSI command is behind it; else 'scsi' is false. */
	bool scsi;
	bool has_lba;		/* 'lba' is known */
	bool deferred;		/* the sense belongs to an earlier command */
	uint8_t opcode;
	uint8_t status;		/* SAM status */
	uint8_t key, asc, ascq;	/* 0 without sense data */
	uint8_t cause;		/* enum lathe_cause */
	uint32_t lba;
	int sys_errno;		/* 0 if none */

	char text[LATHE_FAILURE_TEXT];
};

/* ---- hooks -------------------------------------------------------------- */

enum lathe_log_level {
	LATHE_LOG_DEBUG,
	LATHE_LOG_INFO,
	LATHE_LOG_WARNING	/* worth showing to a user */
};

enum lathe_phase {
	LATHE_PHASE_INSPECTING,
	LATHE_PHASE_IMPORTING,	/* done and total in blocks */
	LATHE_PHASE_PLANNING,
	LATHE_PHASE_PREPARING,	/* calibration, speed, write mode */
	LATHE_PHASE_WRITING,	/* done and total in blocks */
	LATHE_PHASE_CLOSING,
	LATHE_PHASE_VERIFYING,	/* done and total in blocks */
	LATHE_PHASE_BLANKING	/* done and total in 1/65536 */
};

struct lathe_progress {
	enum lathe_phase phase;
	uint64_t done, total;	/* total 0: not known; one in the end equals
				 * the other only where a header says so */

	/* WRITING: pieces that are read ahead and wait, of how many at most;
	 * buffer_room 0: not known. */
	uint32_t buffer_full, buffer_room;
};

/*
 * What an object needs from its surroundings. Zero every field you do not
 * set; a missing hook means: libc's allocator, no log, no progress, never
 * cancelled. Hooks are called on the caller's thread, inside calls, and must
 * not call the object that called them. An object keeps a copy of this struct;
 * what 'ctx' leads to has to live as long as the object.
 */
struct lathe_hooks {
	void *ctx;	/* handed back to every callback, never read */

	/* One call for all: old_bytes 0 allocates, new_bytes 0 frees (and
	 * returns NULL); never both. old_bytes is what was asked for when the
	 * block was made, the new one is aligned as malloc's are and begins
	 * with what was in the old. On failure NULL; the old block is then
	 * untouched. */
	void *(*realloc)(void *ctx, void *p, size_t old_bytes,
			 size_t new_bytes);

	/* 'id' is stable and machine readable ("mmc.retry"), 'text' one line
	 * of UTF-8 for people. Both are valid during the call only. */
	void (*log)(void *ctx, enum lathe_log_level level, const char *id,
		    const char *text);

	void (*progress)(void *ctx, const struct lathe_progress *progress);

	/* Asked between commands, at points that the headers name. Who says
	 * yes goes on saying it until the call returns: what could not be
	 * read is done without in places, whatever the reason. */
	bool (*cancelled)(void *ctx);
};

/* ---- things that can be read in blocks ---------------------------------- */

/* A disc or an image file, as the reader of volumes sees it. */
struct lathe_blocks {
	void *ctx;

	/* Read 'count' blocks (1 to 128) from 'lba' into 'out'. Returns 0 or
	 * a negative enum lathe_err; partial data are never delivered: what is
	 * in 'out' after an error is not looked at. A read of several blocks
	 * that failed may be tried again block by block. */
	int (*read)(void *ctx, uint32_t lba, uint32_t count, uint8_t *out);

	/* One past the highest readable LBA. Nothing beyond is asked for. */
	uint32_t end;
};

/* ---- byte order --------------------------------------------------------- */

/* Four bytes are one instruction or two in the end, which a compiler that looks
 * for size sees too late to put them in place by itself. */
#if defined(__GNUC__)
#define LATHEP_IN_PLACE static inline __attribute__((always_inline))
#else
#define LATHEP_IN_PLACE static inline
#endif

static inline uint16_t lathe_get_be16(const uint8_t *p)
{
	return (uint16_t)((uint16_t)p[0] << 8 | p[1]);
}

static inline uint32_t lathe_get_be24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

LATHEP_IN_PLACE uint32_t lathe_get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t lathe_get_be64(const uint8_t *p)
{
	return (uint64_t)lathe_get_be32(p) << 32 | lathe_get_be32(p + 4);
}

static inline uint16_t lathe_get_le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | (uint16_t)p[1] << 8);
}

LATHEP_IN_PLACE uint32_t lathe_get_le32(const uint8_t *p)
{
	return (uint32_t)lathe_get_le16(p) |
	       (uint32_t)lathe_get_le16(p + 2) << 16;
}

static inline uint64_t lathe_get_le64(const uint8_t *p)
{
	return (uint64_t)lathe_get_le32(p) |
	       (uint64_t)lathe_get_le32(p + 4) << 32;
}

#undef LATHEP_IN_PLACE

static inline void lathe_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void lathe_put_be24(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 16);
	lathe_put_be16(p + 1, (uint16_t)v);
}

static inline void lathe_put_be32(uint8_t *p, uint32_t v)
{
	lathe_put_be16(p, (uint16_t)(v >> 16));
	lathe_put_be16(p + 2, (uint16_t)v);
}

static inline void lathe_put_be64(uint8_t *p, uint64_t v)
{
	lathe_put_be32(p, (uint32_t)(v >> 32));
	lathe_put_be32(p + 4, (uint32_t)v);
}

static inline void lathe_put_le16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
}

static inline void lathe_put_le32(uint8_t *p, uint32_t v)
{
	lathe_put_le16(p, (uint16_t)v);
	lathe_put_le16(p + 2, (uint16_t)(v >> 16));
}

static inline void lathe_put_le64(uint8_t *p, uint64_t v)
{
	lathe_put_le32(p, (uint32_t)v);
	lathe_put_le32(p + 4, (uint32_t)(v >> 32));
}

/* Both-byte-order numbers, ECMA-119 7.2.3 (4 bytes) and 7.3.3 (8 bytes). */
static inline void lathe_put_both16(uint8_t *p, uint16_t v)
{
	lathe_put_le16(p, v);
	lathe_put_be16(p + 2, v);
}

static inline void lathe_put_both32(uint8_t *p, uint32_t v)
{
	lathe_put_le32(p, v);
	lathe_put_be32(p + 4, v);
}

#ifdef __cplusplus
}
#endif

#endif
