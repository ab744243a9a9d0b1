/* SPDX-License-Identifier: MIT */
/* emu_faults.h - what can go wrong, as a script says it. */
#ifndef LATHEP_EMULATOR_FAULTS_H
#define LATHEP_EMULATOR_FAULTS_H

#include "mmc/emulator/lathe_emulator.h"

enum emu_fault_what {
	EMU_FAULT_SENSE,
	EMU_FAULT_DEFERRED,
	EMU_FAULT_TIMEOUT,
	EMU_FAULT_LOST,
	EMU_FAULT_RESET,
	EMU_FAULT_SHORT,
	EMU_FAULT_GONE,
	EMU_FAULT_REFUSED,
	EMU_FAULT_TOO_LARGE,
	EMU_FAULT_CORRUPT,
	EMU_FAULT_POWER_CUT,
	EMU_FAULT_SWAP,
	EMU_FAULT_EJECT,
	EMU_FAULT_BUSY,
	EMU_FAULT_UNDERRUN,
	EMU_FAULT_STALL,
	EMU_FAULT_RESIDUE
};

struct emu_fault {
	bool has_op, has_lba, has_after, has_time;
	uint8_t op;
	uint16_t byte_mask;	/* bit n: byte[n] must be equal to CDB[n] */
	uint8_t byte[16];
	uint32_t lba, after;
	uint64_t time_us;
	uint32_t count;		/* fires at the count-th match... */
	uint32_t times;		/* ...and as often; 0: from then on always */
	enum emu_fault_what what;
	uint32_t value;		/* sense, bytes, ms */
	uint32_t seen, fired;
};

/* What a fault does to drive and disc, beside a command's own outcome. */
void lathep_emu_happen(struct lathe_emulator *e, enum emu_fault_what what);
void lathep_emu_write_error(struct lathe_emulator *e, struct lathe_cmd *c,
			    bool late);

/* The fault that 'c' meets, or NULL. */
struct emu_fault *lathep_emu_match_fault(struct lathe_emulator *e,
					 const struct lathe_cmd *c);
/* Let faults happen that are due by the clock and need no command. */
void lathep_emu_timed_faults(struct lathe_emulator *e);
uint64_t lathep_emu_next_timed_fault(const struct lathe_emulator *e);

#endif
