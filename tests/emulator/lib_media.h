/* SPDX-License-Identifier: MIT */
/* lib_media.h - what tests of DVD and BD media have in common. Bytes are
 * written out; nothing here knows more than the commands' layout. */
#ifndef LATHE_TEST_EMULATOR_MEDIA_H
#define LATHE_TEST_EMULATOR_MEDIA_H

#include "tests/emulator/lib_rules.h"

#define READ_CAPACITY "25 00 00 00 00 00 00 00 00 00"
#define MINIMAL_BLANK "a1 01 00 00 00 00 00 00 00 00 00 00"
#define FULL_BLANK "a1 00 00 00 00 00 00 00 00 00 00 00"

/* Page 05h for incremental writing in packets of 16 blocks, or for a disc at
 * once; 'multi' is the multi-session field. */
uint32_t select_incremental(struct bench *b, uint8_t multi);
uint32_t select_at_once(struct bench *b, uint8_t multi);

/* CLOSE TRACK/SESSION with function 'function', and a track for 1. */
uint32_t close_function(struct bench *b, uint8_t function, uint16_t track);

/* RESERVE TRACK by size, or by the address that splits what is left. */
uint32_t reserve_size(struct bench *b, uint32_t blocks);
uint32_t reserve_split(struct bench *b, uint32_t lba);

/* FORMAT UNIT, without IMMED: type << 2 | sub-type, size, parameter. */
uint32_t format(struct bench *b, uint8_t type_byte, uint32_t blocks,
		uint32_t parameter);

/* READ TRACK INFORMATION by number; the reply is in b->data. */
uint32_t read_track(struct bench *b, uint32_t number);
/* Its NWA, or UINT32_MAX without one. */
uint32_t nwa_of(struct bench *b, uint32_t number);

/* Byte 2 of READ DISC INFORMATION, all of which is in b->data. */
uint8_t disc_status(struct bench *b);
/* What READ CAPACITY answers, plus 1; 0 stays 0. */
uint32_t capacity(struct bench *b);

/* The drive then tells of its reset, which is over behind this. */
void cut_power(struct bench *b);

struct lathe_emulator_disc state_of(struct bench *b);
void block_is(struct bench *b, uint32_t lba, uint8_t tag);
void zeros_at(struct bench *b, uint32_t lba);

#endif
