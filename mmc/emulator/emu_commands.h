/* SPDX-License-Identifier: MIT */
/* emu_commands.h - a command on its way through host and drive: its handler,
 * its reply, its sense data; what several handlers ask for. */
#ifndef LATHEP_EMULATOR_COMMANDS_H
#define LATHEP_EMULATOR_COMMANDS_H

#include "mmc/emulator/emu_drive.h"

/* The host's view: filter, size limit, junk, faults; node as in the door's
 * protocol, 0 sg, 1 sr, 2 sr read-only. */
int lathep_emu_host(struct lathe_emulator *e, struct lathe_cmd *c,
		    uint8_t node);
void lathep_emu_log(struct lathe_emulator *e, const struct lathe_cmd *c);

/* The core: one command, in the drive. Fills in status, sense and moved. */
void lathep_emu_command(struct lathe_emulator *e, struct lathe_cmd *c);

/* Hand 'len' bytes over, as far as asked for. Always GOOD. */
uint32_t lathep_emu_reply(struct lathe_cmd *c, const uint8_t *from,
			  uint32_t len, uint32_t allocation);
/* Sense data in the form the drive uses. Returns the length. */
uint8_t lathep_emu_sense(const struct lathe_emulator *e, uint32_t sense,
			 bool descriptor, uint8_t out[LATHE_SENSE_MAX]);
void lathep_emu_check(struct lathe_emulator *e, struct lathe_cmd *c,
		      uint32_t sense);

/* LBA to 00, M, S, F as READ TOC and READ DISC INFORMATION give it. */
void lathep_emu_put_msf(uint8_t out[4], uint32_t lba);

/* Handlers: sense code, 0 for GOOD. One file each family. */
#define EMU_HANDLER(name)                                                      \
	uint32_t lathep_emu_##name(struct lathe_emulator *e,                   \
				   struct lathe_cmd *c)
EMU_HANDLER(inquiry);
EMU_HANDLER(request_sense);
EMU_HANDLER(start_stop);
EMU_HANDLER(prevent);
EMU_HANDLER(events);
EMU_HANDLER(mechanism_status);
EMU_HANDLER(configuration);
EMU_HANDLER(mode_sense);
EMU_HANDLER(mode_select);
EMU_HANDLER(disc_information);
EMU_HANDLER(track_information);
EMU_HANDLER(toc);
EMU_HANDLER(format_capacities);
EMU_HANDLER(capacity_reply);
EMU_HANDLER(disc_structure);
EMU_HANDLER(send_structure);
EMU_HANDLER(read);
EMU_HANDLER(read_cd);
EMU_HANDLER(verify);
EMU_HANDLER(write);
EMU_HANDLER(write_verify);
EMU_HANDLER(sync_cache);
EMU_HANDLER(close);
EMU_HANDLER(blank);
EMU_HANDLER(format);
EMU_HANDLER(reserve);
EMU_HANDLER(cue_sheet);
EMU_HANDLER(opc);
EMU_HANDLER(buffer_capacity);
EMU_HANDLER(set_speed);
EMU_HANDLER(set_streaming);
EMU_HANDLER(performance);

/* Odd drives: what comes instead of a command, and what becomes of its
 * outcome. */
uint32_t lathep_emu_odd_before(struct lathe_emulator *e, struct lathe_cmd *c);
uint32_t lathep_emu_odd_behind(struct lathe_emulator *e, struct lathe_cmd *c,
			       uint32_t sense);

/* The range of a READ, WRITE or VERIFY; false for other commands. */
bool lathep_emu_cdb_range(const uint8_t *cdb, uint32_t *lba, uint32_t *count);

/* Blocks as READ gives them, into 'out' unless that is NULL; *done is how many
 * were good before the one that sense and information tell of. */
uint32_t lathep_emu_read_blocks(struct lathe_emulator *e, uint32_t lba,
				uint32_t count, uint8_t *out, uint32_t *done);
/* The time that reading takes. */
void lathep_emu_read_time(struct lathe_emulator *e, uint32_t count);

/* Speeds at which the disc can be written, fastest first, at most
 * EMU_SPEEDS_MAX; returns how many. */
#define EMU_SPEEDS_MAX 8u
uint32_t lathep_emu_write_speeds(const struct lathe_emulator *e,
				 uint32_t out[EMU_SPEEDS_MAX]);
uint32_t lathep_emu_read_kb_max(const struct lathe_emulator *e);

/* WRITE(12) may ask for a stream, as feature 0107h announces it. */
bool lathep_emu_streams(const struct lathe_emulator *e);

/* READ FORMAT CAPACITIES has formats to offer. */
bool lathep_emu_formattable(const struct emu_disc *disc);
/* Whether FORMAT UNIT can make this format of the disc, among those that READ
 * FORMAT CAPACITIES offers; *blocks FFFFFFFFh becomes what it stands for. */
bool lathep_emu_format_fits(const struct lathe_emulator *e, uint8_t type,
			    uint8_t subtype, uint32_t *blocks);

#endif
