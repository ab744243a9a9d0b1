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
	size_t reply_len;  /* moved when it is data for us */
	uint8_t sent[512]; /* expected parameter list */
	size_t sent_len;   /* 0: not compared */
	bool has_moved;
	uint32_t moved; /* in place of what would be natural */
	uint8_t status, cause;
	uint8_t sense[32];
	size_t sense_len;
};

#define MOCK_STEPS 256

struct mock_drive {
	struct mock_step steps[MOCK_STEPS];
	size_t count, at;
	uint64_t clock_ms;
	uint32_t slept_ms;  /* in all */
	uint32_t cancel_at; /* answer to 'cancelled' from this step on */
	uint32_t largest;   /* bytes of the largest command */
	uint32_t progress_calls, last_progress;
	uint32_t warnings;
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

/* Bytes from hexadecimal digits, spaces ignored. */
size_t mock_hex(const char *text, uint8_t *out, size_t room);

#endif
