/* SPDX-License-Identifier: MIT */
/* emu_recording.h - how blocks get onto the disc, what ends tracks and
 * sessions, what breaks them. */
#ifndef LATHEP_EMULATOR_RECORDING_H
#define LATHEP_EMULATOR_RECORDING_H

#include "mmc/emulator/emu_commands.h"

#define EMU_BUS_BLOCK_US 14u	/* 150 MB/s */

/* WRITE: page 05h as it sees it, and its parts beside emu_write.c. */
bool lathep_emu_test_writing(const struct lathe_emulator *e);
uint8_t lathep_emu_page_mode(const struct lathe_emulator *e);
enum emu_track_type lathep_emu_page_track(const struct lathe_emulator *e);
uint32_t lathep_emu_final_sense(const struct lathe_emulator *e);
uint32_t lathep_emu_make_room(struct lathe_emulator *e, uint32_t count);
uint32_t lathep_emu_store_blocks(struct lathe_emulator *e, uint32_t lba,
				 uint32_t count, const uint8_t *data);
uint32_t lathep_emu_write_session(struct lathe_emulator *e,
				  struct lathe_cmd *c, uint32_t lba,
				  uint32_t count);
uint32_t lathep_emu_overwrite(struct lathe_emulator *e, struct lathe_cmd *c,
			      uint32_t lba, uint32_t count);
uint32_t lathep_emu_replace(struct lathe_emulator *e, struct lathe_cmd *c,
			    uint32_t lba, uint32_t count);
/* A reserved track behind all others, without blocks. */
void lathep_emu_new_track(struct lathe_emulator *e, uint32_t start,
			  uint32_t reserved);
void lathep_emu_suspend_track(struct lathe_emulator *e);
void lathep_emu_flush_track(struct lathe_emulator *e, uint32_t number);
void lathep_emu_spoil_track(struct lathe_emulator *e);
void lathep_emu_overwrite_error(struct lathe_emulator *e, struct lathe_cmd *c,
				bool now);
void lathep_emu_lose_buffer(struct lathe_emulator *e);
void lathep_emu_lose_pending(struct lathe_emulator *e);
void lathep_emu_drop_pending(struct lathe_emulator *e);
void lathep_emu_commit(struct lathe_emulator *e, uint32_t blocks);
uint32_t lathep_emu_sync_session(struct lathe_emulator *e, bool immediate);
void lathep_emu_end_cut_session(struct lathe_emulator *e);
/* The zones behind a session are not those that most drives make. */
bool lathep_emu_other_zones(const struct lathe_emulator *e);

/* Ends of what the handlers above start. */
void lathep_emu_finish_flush(struct lathe_emulator *e);
void lathep_emu_finish_track(struct lathe_emulator *e, uint32_t number);
uint64_t lathep_emu_finish_track_us(const struct lathe_emulator *e,
				    uint32_t number);
void lathep_emu_finish_session(struct lathe_emulator *e, uint8_t multi);
void lathep_emu_finish_blank(struct lathe_emulator *e, uint8_t type);
void lathep_emu_cut_blank(struct lathe_emulator *e, uint8_t type);
void lathep_emu_finish_format(struct lathe_emulator *e,
			      const struct emu_job *job);

#endif
