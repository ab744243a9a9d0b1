/* SPDX-License-Identifier: MIT */
/* emu_rules_media.c - the table of rules, part 2: CD sessions written at once,
 * DVD and BD media. The words for sources are those of emu_rules.c. */
#include "mmc/emulator/emu_rules.h"

static const struct emu_rule rows[] = {
	/* CD, session at once */
	{ "at-once.cue", "It begins with a cue sheet, or WRITE is 5/2C/00; "
	     "the sheet's tracks have 300 blocks or more of mode 1, else "
	     "5/26/00", "MMC-6 6.33", NONE },
	{ "at-once.address", "Blocks are sent from the first pause on, LBA "
	     "-150, or from LBA 0 where the drive makes it; without a break",
	     "MMC-6 6.33", NONE },
	{ "at-once.end", "SYNCHRONIZE CACHE behind the last block closes "
	     "the session as page 05h says; there is no run-out",
	     "engines", NONE },
	{ "at-once.tracks", "Pauses between tracks are sent, and can not be "
	     "read", "MMC-6 6.33", NONE },
	{ "at-once.early", "SYNCHRONIZE CACHE in the middle ends it: "
	     "nothing more can be written or closed", "engines", NONE },
	{ "at-once.cut", "So does a power cut", "assumed", EMU_Q_CUT_CLOSES },
	{ "at-once.appended", "The times of a later session's sheet are "
	     "those of the disc", "assumed", EMU_Q_CUE_RELATIVE },
	{ "at-once.test", "A test write leaves the disc as it was",
	     "MMC-6 7.5", NONE },

	/* DVD-R, DVD-RW in sequence */
	{ "dvd-r.page", "WRITE under a page 05h that is neither incremental "
	     "nor at once, or not that of the track, is refused with 5/64/00",
	     "MMC-6 7.5", NONE },
	{ "dvd-r.packet", "Fixed packets have 16 blocks: other lengths are "
	     "refused with 5/64/01", "MMC-6 7.5", NONE },
	{ "dvd-r.link-size", "A link size that feature 0021h does not list is "
	     "refused with 5/64/00", "MMC-6 7.5", NONE },
	{ "dvd-r.numbers", "The invisible track has the last track's "
	     "number; FFh is refused with 5/24/00", "manual", NONE },
	{ "dvd-r.bits", "READ TRACK INFORMATION tells a track's state by "
	     "RT, blank and packet bits", "manual", NONE },
	{ "dvd-r.sync", "SYNCHRONIZE CACHE fills up the ECC block, ends no "
	     "incremental track and costs no link", "assumed",
	     EMU_Q_SYNC_LINKS },
	{ "dvd-r.close", "A session takes ended tracks only: open ones are "
	     "5/72/03, reserved ones 5/72/04; page 05h decides whether "
	     "it is the last", "manual", NONE },
	{ "dvd-r.zones", "Between sessions lie 28,672 blocks, later 6,144, "
	     "and 37,888 further outside", "measured", NONE },
	{ "dvd-r.zones-outside", "The other border zones: 7,680, and 47,104 "
	     "or 9,216 near the rim", "assumed", EMU_Q_OTHER_BORDERS },
	{ "dvd-r.at-once", "A disc at once takes a blank disc, a "
	     "reservation of the exact size and a last WRITE that may be "
	     "short; SYNCHRONIZE CACHE makes it final", "MMC-6 6.31", NONE },
	{ "dvd-r.at-once-flush", "SYNCHRONIZE CACHE before the last block "
	     "only flushes", "assumed", EMU_Q_SYNC_ENDS },
	{ "dvd-r.at-once-cut", "What was written at once can not go on "
	     "after an interruption", "manual", NONE },
	{ "dvd-r.minimal", "A DVD-RW that was blanked minimally can only be "
	     "written at once", "engines", NONE },
	{ "dvd-r.layers", "The first session of a DVD-R DL is its last, "
	     "whatever page 05h says", "assumed", EMU_Q_DL_APPENDS },
	{ "dvd-r.told", "READ TOC tells of two sessions at most, the first "
	     "and the last", "engines", NONE },
	{ "dvd-r.radius", "A final close lasts as if data reached 380,000 "
	     "blocks", "manual", NONE },
	{ "dvd-r.reserve", "Two tracks can be reserved at a time, in whole "
	     "ECC blocks; one more is 5/72/05", "MMC-6 4.3.5", NONE },
	{ "dvd-r.test", "A test write, incremental or at once, changes "
	     "nothing", "MMC-6 7.5", NONE },

	/* DVD+R */
	{ "dvd-plus-r.page", "Page 05h is taken and means nothing",
	     "MMC-6 7.5", EMU_Q_PLUS_R_PAGE_05 },
	{ "dvd-plus-r.alignment", "WRITE may have any length, also on BD-R; "
	     "SYNCHRONIZE CACHE fills up the ECC block", "assumed",
	     EMU_Q_WHOLE_ECC },
	{ "dvd-plus-r.invisible", "Track FFh is the invisible or the "
	     "incomplete one", "manual", NONE },
	{ "dvd-plus-r.bits", "RT says that a track has a size of its own, "
	     "as a complete one has", "measured", NONE },
	{ "dvd-plus-r.fragments", "At its close a session's fragments "
	     "become one track", "manual", NONE },
	{ "dvd-plus-r.reserve", "A track is reserved by its size or by the "
	     "address of the next one; a session has 16, then 5/72/05",
	     "manual", NONE },
	{ "dvd-plus-r.reserved-close", "A session with a reserved track, "
	     "empty or not, is refused with 5/72/04; closing it pads",
	     "manual", NONE },
	{ "dvd-plus-r.split", "A track that has blocks can be split behind "
	     "them; both go on", "assumed", EMU_Q_SPLIT_EMPTY },
	{ "dvd-plus-r.functions", "CLOSE 010b leaves the disc appendable, "
	     "101b and 110b (two layers: 100b and 101b) make it final",
	     "engines", NONE },
	{ "dvd-plus-r.finalised", "These make it final, also a BD-R, behind "
	     "a session that is closed already: nothing is recorded", "assumed",
	     EMU_Q_FINAL_WANTS_SESSION },
	{ "dvd-plus-r.zones", "Between sessions lie 2,048 blocks",
	     "measured", NONE },
	{ "dvd-plus-r.layers", "A DL disc becomes final by itself when its "
	     "first session ends within 30 mm, or with less than 65 ECC "
	     "blocks left", "manual", NONE },
	{ "dvd-plus-r.sessions", "There are 153 sessions at most, 127 on "
	     "two layers; the last one is final", "manual", NONE },
	{ "dvd-plus-r.told", "READ TOC is made up from the sessions; format "
	     "1 names the last complete one", "engines", EMU_Q_TOC_FIXED },

	/* BD-R */
	{ "bd-r.first-write", "The first WRITE formats for writing in "
	     "sequence, without spares", "engines", NONE },
	{ "bd-r.zones", "The next session begins at the next cluster of 32 "
	     "blocks", "assumed", EMU_Q_CLUSTER_GAP },
	{ "bd-r.functions", "CLOSE 010b leaves the disc appendable, 110b "
	     "makes it final", "engines", NONE },
	{ "bd-r.spares", "FORMAT UNIT 00h or 32h, before anything is "
	     "written, sets spares aside; the empty disc is appendable then",
	     "engines", NONE },
	{ "bd-r.overwrite", "With pseudo-overwrite, blocks can be written "
	     "again as long as spares last; nothing can be closed",
	     "engines", NONE },

	/* DVD+RW, DVD-RAM, BD-RE */
	{ "random.answers", "One session of one track as large as the "
	     "format, without a next writable address; formatted DVD+RW and "
	     "DVD-RW call themselves final, DVD-RAM and BD-RE other",
	     "measured", NONE },
	{ "random.unformatted", "WRITE before the first format is 5/30/05",
	     "assumed", EMU_Q_UNFORMATTED_NOT_READY },
	{ "random.anywhere", "WRITE goes anywhere in what is formatted, "
	     "else 5/21/00", "MMC-6 6.45", NONE },
	{ "random.scattered", "The order of WRITEs does not matter",
	     "MMC-6 6.45", NONE },
	{ "random.unwritten", "Blocks never written read as zeros, on BD-RE "
	     "and ahead of a background format as 8/00/00", "assumed",
	     EMU_Q_UNRECORDED_ZEROS },
	{ "random.buffer", "What is not synchronised keeps its old content "
	     "in a power cut; the ECC block in work reads as 3/11/05 until "
	     "written again", "assumed", EMU_Q_CUT_REORDERS },
	{ "random.heal", "Writing a part of a torn ECC block heals that "
	     "part",
	     "assumed", EMU_Q_TORN_REFUSES },
	{ "random.waits", "A full buffer delays the answer, never 2/04/08",
	     "manual", NONE },
	{ "random.late-error", "A write error that is told late is of the "
	     "WRITE taken last; what was synchronized is safe", "assumed",
	     EMU_Q_LATE_ERROR_FIRST },
	{ "random.no-close", "DVD-RAM and BD-RE know no CLOSE, RESERVE "
	     "TRACK or BLANK", "MMC-6 6.3", NONE },

	/* FORMAT UNIT */
	{ "format.background", "DVD+RW is formatted in the background: it "
	     "can be used meanwhile, and an event tells the end",
	     "MMC-6 6.5", NONE },
	{ "format.stop", "CLOSE 000b and 010b stop it, 011b brings it to "
	     "its end; the next WRITE or FORMAT UNIT goes on with it",
	     "engines", EMU_Q_STOPPED_FORMAT },
	{ "format.busy", "Other formats answer all else with 2/04/04 and "
	     "their progress", "MMC-6 6.5", NONE },
	{ "format.types", "Types and sizes that READ FORMAT CAPACITIES does "
	     "not offer are refused with 5/26/00", "MMC-6 6.5", NONE },
	{ "format.forgets", "A new format loses what was written",
	     "MMC-6 6.5", NONE },
	{ "format.cut", "A format that is interrupted leaves an unformatted "
	     "disc; in the background it only stops", "assumed",
	     EMU_Q_FORMAT_SURVIVES },

	/* DVD-RW, restricted overwrite */
	{ "restricted.packets", "WRITE takes whole ECC blocks, else 5/64/01",
	     "MMC-6 4.3.6", NONE },
	{ "restricted.grow", "After a quick format (15h) the disc grows at "
	     "its end, without holes and without overwriting: 5/21/02",
	     "engines", NONE },
	{ "restricted.end", "CLOSE 010b ends that: the disc can be "
	     "overwritten, and no longer grows", "engines", NONE },
	{ "restricted.read", "Until then it can be read", "assumed",
	     EMU_Q_GROWING_UNREADABLE },
	{ "restricted.again", "A quick grow (13h) opens its end again",
	     "engines", NONE },
	{ "restricted.full", "A full format makes all of it writable",
	     "MMC-6 6.5", NONE },
	{ "restricted.blank", "BLANK brings it back to writing in sequence",
	     "MMC-6 6.2", NONE },

	/* Damage on DVD and BD */
	{ "torn.power", "A power cut tears the whole ECC block in work, 16 "
	     "blocks on DVD, 32 on BD; it counts as used", "assumed",
	     EMU_Q_CLEAN_CUT },
	{ "torn.error", "So does a write error", "assumed", EMU_Q_CLEAN_ERROR }
};

const struct emu_rule *lathep_emu_media_rules(uint32_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
