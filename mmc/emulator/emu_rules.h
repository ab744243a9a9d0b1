/* SPDX-License-Identifier: MIT */
/* emu_rules.h - the table of rules is in parts, a file each. */
#ifndef LATHEP_EMULATOR_RULES_H
#define LATHEP_EMULATOR_RULES_H

#include "mmc/emulator/emu_personality.h"

struct emu_rule {
	const char *id, *text, *source;
	enum emu_quirk quirk;	/* the other behaviour, or NONE */
};

/* For the tables. */
#define NONE EMU_Q_COUNT

/* Rows of a part, and how many. */
const struct emu_rule *lathep_emu_media_rules(uint32_t *count);
const struct emu_rule *lathep_emu_drive_rules(uint32_t *count);

#endif
