/* SPDX-License-Identifier: MIT */
/* lib_wire.h - raw commands for the emulator's tests, and discs to try them
 * on. Nothing here knows a command's meaning: bytes go in, bytes come out. */
#ifndef LATHE_TEST_EMULATOR_WIRE_H
#define LATHE_TEST_EMULATOR_WIRE_H

#include "mmc/emulator/lathe_emulator.h"

/* Sense as one number, key, ASC, ASCQ; status BUSY and failures of the
 * transport lie above that. */
#define GOOD 0u
#define SENSE(key, asc, ascq)                                                  \
	((uint32_t)(key) << 16 | (uint32_t)(asc) << 8 | (uint32_t)(ascq))
#define STATUS_BUSY 0x8000000u
#define TRANSPORT(cause) (0x10000000u | (uint32_t)(cause))

struct bench {
	struct lathe_emulator *drive;
	struct lathe_emulator_store *disc;
	struct lathe_cmd cmd;	/* the last one, with its outcome */
	uint8_t data[65536];	/* what came back */
};

/* A drive with that disc, ready: its unit attention is over. */
void bench_drive(struct bench *b, struct lathe_emulator_store *disc,
		 const char *personality);
/* With a blank disc in memory. */
void bench_open(struct bench *b, enum lathe_emulator_media media,
		const char *personality, const char *faults);
/* Drive and disc. */
void bench_close(struct bench *b);

/* Send 'hex' ("43 02 00 ..."): no data, 'in' bytes wanted, or 'out' bytes
 * sent. The result is GOOD, SENSE(), STATUS_BUSY or TRANSPORT(). */
uint32_t send_cdb(struct bench *b, const char *hex);
uint32_t send_in(struct bench *b, const char *hex, uint32_t in);
uint32_t send_out(struct bench *b, const char *hex, const void *out,
		  uint32_t len);

/* The reply's bytes are exactly 'hex'; fails the test otherwise. */
void reply_is(const struct bench *b, const char *hex);

/* WRITE(10) of 'count' blocks (at most 32), each filled with tag, LBA and a
 * pattern that follows from both. */
uint32_t write_blocks(struct bench *b, uint32_t lba, uint32_t count,
		      uint8_t tag);
void make_block(uint8_t *out, uint32_t lba, uint8_t tag);
uint32_t read_blocks(struct bench *b, uint32_t lba, uint32_t count);

/* WRITE 'blocks' blocks from 'lba' on, waiting where the drive asks for it. */
void write_run(struct bench *b, uint32_t lba, uint32_t blocks, uint8_t tag);

/* MODE SELECT of page 05h: write type byte, track mode byte, block type,
 * session format. */
uint32_t select_write(struct bench *b, uint8_t byte2, uint8_t byte3,
		      uint8_t block_type, uint8_t format);

/* Record a session of one track: page 05h for TAO and multi-session bits
 * 'multi', 'blocks' blocks at 'lba', SYNCHRONIZE CACHE, CLOSE SESSION. */
void burn(struct bench *b, uint32_t lba, uint32_t blocks, uint8_t multi,
	  uint8_t tag);

/* From READ TRACK INFORMATION of track FFh; UINT32_MAX when there is none. */
uint32_t next_writable(struct bench *b);
uint32_t free_blocks(struct bench *b);

#endif
