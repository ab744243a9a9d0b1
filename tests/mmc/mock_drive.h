/* SPDX-License-Identifier: MIT */
/*
 * mock_drive.h - a drive that follows a script: it expects exactly the
 * commands that a test wrote down, in hexadecimal, and gives the answers that
 * stand beside them. Any other command fails the test.
 */
#ifndef MOCK_DRIVE_H
#define MOCK_DRIVE_H

#include "mmc/lathe_mmc.h"

struct mock_step {
	uint8_t cdb[16];
	size_t cdb_len;
	uint8_t reply[512];
	size_t reply_len;	/* moved when it is data for us */
	uint8_t sent[512];	/* expected parameter list */
	size_t sent_len;	/* 0: not compared */
	bool has_moved;
	uint32_t moved;		/* in place of what would be natural */
	uint8_t status, cause;
	uint8_t sense[LATHE_SENSE_MAX];
	size_t sense_len;	/* as the transport says, even if more */
};

#define MOCK_STEPS 256

struct mock_drive {
	struct mock_step steps[MOCK_STEPS];
	size_t count, at;
	uint64_t clock_ms;
	uint32_t slept_ms;	/* in all */
	uint32_t cancel_at;	/* answer to 'cancelled' from this step on */
	uint32_t largest;	/* bytes of the largest command */
	uint32_t progress_calls, last_progress;
	uint32_t warnings;
	char last_warning[LATHE_FAILURE_TEXT];
	struct lathe_mmc_config config;
	struct lathe_mmc mmc;
};

/* A new drive object on an empty script. */
struct mock_drive *mock_new(void);
/* The whole script was played; frees. */
void mock_done(struct mock_drive *m);

/* GOOD; data for us are all zero, data to the drive all taken. */
void mock_good(struct mock_drive *m, const char *cdb);
/* GOOD with these bytes, cut at the length that is asked for. */
void mock_reply(struct mock_drive *m, const char *cdb, const char *bytes);
/* GOOD, and the parameter list has to be this. */
void mock_sent(struct mock_drive *m, const char *cdb, const char *bytes);
/* CHECK CONDITION with fixed sense data, current or deferred. */
void mock_sense(struct mock_drive *m, const char *cdb, unsigned key,
		unsigned asc, unsigned ascq);
void mock_deferred(struct mock_drive *m, const char *cdb, unsigned key,
		   unsigned asc, unsigned ascq);
/* These bytes, of which the transport says that they are 'said' ones. */
void mock_sense_bytes(struct mock_drive *m, const char *cdb, const char *bytes,
		      size_t said);
/* With an LBA in the information field. */
void mock_deferred_at(struct mock_drive *m, const char *cdb, unsigned key,
		      unsigned asc, unsigned ascq, uint32_t lba);
/* With progress. */
void mock_busy(struct mock_drive *m, const char *cdb, unsigned progress);
/* GOOD, but only so many bytes moved. */
void mock_short(struct mock_drive *m, const char *cdb, uint32_t moved);
/* Another SAM status without sense. */
void mock_status(struct mock_drive *m, const char *cdb, uint8_t status);
/* No status at all. */
void mock_cause(struct mock_drive *m, const char *cdb, uint8_t cause);

/* Commands that many tests need. */
#define TUR "00 00 00 00 00 00"
#define DISC_INFO "51 00 00 00 00 00 00 00 22 00"
#define TRACK_FF "52 01 00 00 00 ff 00 00 24 00"
#define SYNC "35 00 00 00 00 00 00 00 00 00"
#define CLOSE "5b 01 02 00 00 00 00 00 00 00"
#define SENSE_05_FIRST "5a 08 05 00 00 00 00 00 1e 00"
#define SENSE_05 "5a 08 05 00 00 00 00 00 3c 00"
#define SELECT_05 "55 10 00 00 00 00 00 00 3c 00"
#define SENSE_2A "5a 08 2a 00 00 00 00 00 1e 00"

#define TRACK(n) "52 01 00 00 00 " n " 00 00 24 00"
#define TRACK_1 TRACK("01")
#define TRACK_2 TRACK("02")
#define TRACK_3 TRACK("03")
#define INQUIRY "12 00 00 00 24 00"
#define REQUEST_SENSE "03 00 00 00 12 00"
#define CONFIG_HEAD "46 00 00 00 00 00 00 00 08 00"
#define FULL_TOC_HEAD "43 02 02 00 00 00 01 00 04 00"
#define TOC_HEAD "43 00 01 00 00 00 00 00 04 00"
#define TOC "43 00 01 00 00 00 00 00 0c 00"
#define CAPACITY "25 00 00 00 00 00 00 00 00 00"
#define FORMAT "04 11 00 00 00 00"
#define FORMAT_KEEPING "04 19 00 00 00 00"
#define CAPACITIES_HEAD "23 00 00 00 00 00 00 00 0c 00"
#define STREAMING "b6 00 00 00 00 00 00 00 00 00 1c 00"
#define WRITE_0_16 "2a 00 00 00 00 00 00 00 10 00"
#define READ_0_4 "28 00 00 00 00 00 00 00 04 00"
#define SPEED_MAX "bb 00 ff ff ff ff 00 00 00 00 00 00"
#define OPC "54 01 00 00 00 00 00 00 00 00"
#define BLANK_QUICK "a1 11 00 00 00 00 00 00 00 00 00 00"
#define EJECT "1b 00 00 00 02 00"
#define PREVENT "1e 00 00 00 01 00"
#define ALLOW "1e 00 00 00 00 00"

/* A disc information with its status, last session's state, sessions and
 * last track; one OPC entry. */
void mock_disc_info(struct mock_drive *m, unsigned status, unsigned state,
		    unsigned sessions, unsigned track);
/* The invisible track 'number' with this next writable address. */
void mock_track(struct mock_drive *m, const char *cdb, unsigned number,
		uint32_t start, uint32_t next_writable, uint32_t free_blocks);
/* MODE SENSE of page 05h, all zero or with bytes 2 to 8 as given, and the
 * MODE SELECT that is expected behind it, bytes 2 to 8. */
void mock_write_page(struct mock_drive *m, const char *now, const char *want);
/* The last step's answer, changed in one byte; as a disc information of an
 * erasable medium. */
void mock_spoil(struct mock_drive *m, size_t offset, uint8_t value);
void mock_erasable(struct mock_drive *m);
/* A drive that writes at 4x. */
void mock_speed_page(struct mock_drive *m);

/* The drive is ready, and has these features: descriptors, in hexadecimal. */
void mock_described(struct mock_drive *m, const char *profile,
		    const char *descriptors);
/* Its profile, and the features TAO and restricted overwrite, current or not;
 * all that is asked before the disc information of a disc that is writable. */
void mock_features(struct mock_drive *m, const char *profile, bool records,
		   bool packets);
void mock_look(struct mock_drive *m, const char *profile);

/* A blank CD-R as lathe_mmc_read_medium() tells it. */
struct lathe_mmc_medium mock_blank_medium(void);
/* A final CD-RW of one session. */
struct lathe_mmc_medium mock_rewritable(void);
/* A CD-R of one session, in mode 2, that goes on at LBA 12010. */
struct lathe_mmc_medium mock_one_session(void);
/* Begin a track on the blank one, at LBA 0, appendable, at full speed. */
void mock_begin(struct mock_drive *m);

/* DVD and BD: a medium of this profile, as lathe_mmc_read_medium() would tell
 * it; one that is blank. */
struct lathe_mmc_medium mock_medium(unsigned profile, enum lathe_mmc_kind kind,
				    enum lathe_mmc_status status);
struct lathe_mmc_medium mock_blank(unsigned profile, enum lathe_mmc_kind kind);
struct lathe_mmc_medium mock_dvd_plus_rw(enum lathe_mmc_status status);
struct lathe_mmc_medium mock_dvd_rw_overwrite(void);
/* Disc information of a DVD+RW with its background format's state. */
void mock_background(struct mock_drive *m, unsigned state);
/* The drive's own speed is asked for, and a mode page that tells one. */
void mock_speed(struct mock_drive *m);
/* What polling asks once a command is carried out. */
void mock_polled(struct mock_drive *m, unsigned status, unsigned state);
/* Begin a track, which plays all of the script, and starts at 'want'. */
void mock_begin_on(struct mock_drive *m, const struct lathe_mmc_medium *medium,
		   const struct lathe_mmc_recording *how, uint32_t want);
/* A track that is refused before anything is sent. */
void mock_refused(const struct lathe_mmc_medium *medium,
		  const struct lathe_mmc_recording *how, int want);
void mock_read_medium(struct mock_drive *m, struct lathe_mmc_medium *out);
/* What the engine says of its last command. */
const struct lathe_failure *mock_failure(struct mock_drive *m);
/* No error, and all of the script was played. */
void mock_ok(struct mock_drive *m, int err);

/* Bytes from hexadecimal digits, spaces ignored. */
size_t mock_hex(const char *text, uint8_t *out, size_t room);

#endif
