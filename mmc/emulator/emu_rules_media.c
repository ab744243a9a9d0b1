/* SPDX-License-Identifier: MIT */
/* emu_rules_media.c - the table of rules, part 2: DVD and BD media. The words
 * for sources are those of emu_rules.c. */
#include "mmc/emulator/emulator_internal.h"

#define RULE(id, text, source, quirk) { { id, text, source, NULL }, quirk }
#define NONE EMU_Q_COUNT

static const struct {
	struct lathe_emulator_rule rule;
	enum emu_quirk quirk;
} rows[] = {
	/* DVD-R, DVD-RW in sequence */
	RULE("dvd-r.page", "WRITE under a page 05h that is neither incremental "
	     "nor at once, or not that of the track, is refused with 5/64/00",
	     "MMC-6 7.5", NONE),
	RULE("dvd-r.packet", "Fixed packets have 16 blocks: other lengths are "
	     "refused with 5/64/01", "MMC-6 7.5", NONE),
	RULE("dvd-r.numbers", "The invisible track has the last track's "
	     "number; FFh is refused with 5/24/00", "manual", NONE),
	RULE("dvd-r.bits", "READ TRACK INFORMATION tells a track's state by RT, "
	     "blank and packet bits", "manual", NONE),
	RULE("dvd-r.sync", "SYNCHRONIZE CACHE fills up the ECC block, ends no "
	     "incremental track and costs no link", "assumed",
	     EMU_Q_SYNC_LINKS),
	RULE("dvd-r.close", "A session takes ended tracks only: open ones are "
	     "5/72/03, reserved ones 5/72/04; page 05h decides whether "
	     "it is the last", "manual", NONE),
	RULE("dvd-r.zones", "Between sessions lie 28,672 blocks, later 6,144, "
	     "and 37,888 further outside", "measured", NONE),
	RULE("dvd-r.zones-outside", "The other border zones: 7,680, and 47,104 "
	     "or 9,216 near the rim", "assumed", NONE),
	RULE("dvd-r.at-once", "A disc at once takes a blank disc, a "
	     "reservation of the exact size and a last WRITE that may be "
	     "short; SYNCHRONIZE CACHE makes it final", "MMC-6 6.31", NONE),
	RULE("dvd-r.at-once-flush", "SYNCHRONIZE CACHE before the last block "
	     "only flushes", "assumed", NONE),
	RULE("dvd-r.at-once-cut", "What was written at once can not go on "
	     "after an interruption", "manual", NONE),
	RULE("dvd-r.minimal", "A DVD-RW that was blanked minimally can only be "
	     "written at once", "engines", NONE),
	RULE("dvd-r.layers", "The first session of a DVD-R DL is its last, "
	     "whatever page 05h says", "assumed", NONE),
	RULE("dvd-r.told", "READ TOC tells of two sessions at most, the first "
	     "and the last", "engines", NONE),
	RULE("dvd-r.radius", "A final close lasts as if data reached 380,000 "
	     "blocks", "manual", NONE),
	RULE("dvd-r.reserve", "Two tracks can be reserved at a time, in whole "
	     "ECC blocks; one more is 5/72/05", "MMC-6 4.3.5", NONE),
	RULE("dvd-r.test", "A test write, incremental or at once, changes "
	     "nothing", "MMC-6 7.5", NONE)
};

bool lathep_emu_media_rule(uint32_t i, struct lathe_emulator_rule *out)
{
	if (i >= sizeof(rows) / sizeof(rows[0]))
		return false;
	*out = rows[i].rule;
	if (rows[i].quirk != NONE)
		out->personality = lathep_emu_quirk_name(rows[i].quirk);
	return true;
}
