/* SPDX-License-Identifier: MIT */
/* emu_rules_drive.c - the table of rules, part 3: what the drive tells of its
 * discs, speeds and streams, and the habits of odd drives. The words for
 * sources are those of emu_rules.c. */
#include "mmc/emulator/emu_rules.h"

static const struct emu_rule rows[] = {
	/* Features and structures */
	{ "feature.current", "Profile and current features are those of the "
	     "disc in its state", "MMC-6 5.3", NONE },
	{ "feature.incremental", "Feature 0021h is current with DVD-R and "
	     "-RW, not with a DVD-RW that was blanked minimally",
	     "engines", NONE },
	{ "feature.link-size", "Feature 0021h lists a link size of 16",
	     "engines", EMU_Q_LINK_SIZE },
	{ "feature.streaming", "Feature 0107h announces streams with "
	     "DVD-RAM, BD-R and BD-RE", "engines", EMU_Q_NO_STREAMING },
	{ "structure.list", "Structure FFh lists the others; with DVD-R and "
	     "-RW it is refused with 5/24/00", "measured", NONE },
	{ "structure.adip", "Structure 11h names the maker of a DVD+R or "
	     "+RW", "MMC-6 6.22", EMU_Q_NO_ADIP },
	{ "structure.lead-in", "Structure 10h of a DVD-R or -RW names the "
	     "extra border zone of the lead-in, as 00h does before there is a "
	     "border", "manual", NONE },
	{ "structure.border", "Structure 00h names the end of the last "
	     "session's data, its border-out and the next border-in; a final "
	     "disc keeps them", "measured", NONE },
	{ "structure.pre-recorded", "Structure 0Eh names the maker of a "
	     "DVD-R or -RW", "MMC-6 6.22", EMU_Q_SHORT_0E },
	{ "structure.layer-break", "The layer break of a DVD+R DL can be "
	     "set once before the first WRITE, else 5/2C/00",
	     "MMC-6 6.36", NONE },
	{ "structure.layer-size", "The disc then holds twice what layer 0 "
	     "does", "assumed", EMU_Q_BREAK_KEEPS_SIZE },
	{ "capacity.formats", "READ FORMAT CAPACITIES lists what FORMAT "
	     "UNIT takes; all else is 5/26/00", "measured", NONE },
	{ "capacity.quick-certify", "A BD-RE can be certified quickly: 30h, "
	     "sub-type 3", "MMC-6 5.3.13", EMU_Q_NO_QUICK_CERTIFY },

	/* Speeds and streams */
	{ "speed.medium", "Page 2Ah and GET PERFORMANCE list the speeds of "
	     "the medium", "MMC-6 6.8", EMU_Q_CD_SPEEDS },
	{ "speed.values", "They do so in kB/s", "MMC-6 6.8",
	     EMU_Q_ZERO_SPEEDS },
	{ "speed.performance", "GET PERFORMANCE has descriptors to give",
	     "MMC-6 6.8", EMU_Q_NO_PERFORMANCE },
	{ "speed.length", "Its length tells of all of them, even if none is "
	     "asked for", "MMC-6 6.8", EMU_Q_PERFORMANCE_ONE },
	{ "speed.end", "SET STREAMING takes an end behind the disc's",
	     "assumed", EMU_Q_STREAMING_END },
	{ "speed.plus-rw", "SET STREAMING is taken with a DVD+RW",
	     "MMC-6 6.39", EMU_Q_STREAMING_REFUSED },
	{ "speed.nominal", "SET CD SPEED takes the speeds that are listed",
	     "MMC-6 6.37", EMU_Q_SPEED_ABOVE },
	{ "speed.outlives", "A speed that was set outlives a change of the "
	     "medium", "engines", EMU_Q_SPEED_FORGOTTEN },
	{ "stream.checked", "Where defects are managed a WRITE takes twice "
	     "its time; WRITE(12) can ask for a stream, which does not",
	     "engines", NONE },
	{ "stream.announced", "WRITE(12) that asks for a stream where feature "
	     "0107h announces none is refused with 5/24/00", "MMC-6 6.47",
	     NONE },
	{ "stream.pieces", "A stream may come in any pieces", "assumed",
	     EMU_Q_STREAMING_JUNK },
	{ "stream.verify", "WRITE AND VERIFY is for media written at random "
	     "and for BD-R, else 5/30/00", "assumed", EMU_Q_NO_WRITE_VERIFY },

	/* What odd drives do otherwise */
	{ "odd.first-write", "A ready drive takes the first WRITE",
	     "MMC-6 6.45", EMU_Q_FIRST_WRITE_WAITS },
	{ "odd.close-once", "CLOSE SESSION is heeded when first sent",
	     "MMC-6 6.3", EMU_Q_CLOSE_REPEATS },
	{ "odd.close-waits", "CLOSE without IMMED is answered at its end; "
	     "not with 6/2E/00 before", "MMC-6 6.3", EMU_Q_CLOSE_EARLY },
	{ "odd.close-good", "CLOSE with IMMED is GOOD once it is begun; "
	     "2/04/08 means that it is not", "MMC-6 6.3", EMU_Q_CLOSE_BUSY },
	{ "odd.close-final", "CLOSE SESSION of a final disc is GOOD and does "
	     "nothing, not 5/30/05", "assumed", EMU_Q_FINAL_CLOSED },
	{ "odd.buffer-query", "READ BUFFER CAPACITY can be sent at any "
	     "time", "MMC-6 6.14", EMU_Q_BUFFER_HANGS },
	{ "odd.buffer-fresh", "Its reply is up to date", "MMC-6 6.14",
	     EMU_Q_STALE_BUFFER },
	{ "odd.open-bd-r", "Blocks of an open session can be read from a "
	     "BD-R", "assumed", EMU_Q_OPEN_UNREADABLE },
	{ "odd.full-toc", "READ TOC has format 2", "MMC-6 6.25",
	     EMU_Q_NO_FULL_TOC },
	{ "odd.lead-out", "The TOC ends with the lead-out", "MMC-6 6.25",
	     EMU_Q_TOC_NO_LEAD_OUT },
	{ "odd.opc", "SEND OPC INFORMATION calibrates", "MMC-6 6.35",
	     EMU_Q_OPC_REFUSED },
	{ "odd.mode-sense", "MODE SENSE is answered at any length",
	     "SPC-4 6.12", EMU_Q_MODE_SENSE_30 },
	{ "odd.page-05", "Page 05h holds legal values from the start",
	     "MMC-6 7.5", EMU_Q_ODD_PAGE_05 },
	{ "odd.atip", "Times of the ATIP are binary", "MMC-6 6.25.3.6",
	     EMU_Q_ATIP_BCD },
	{ "odd.data-mode", "Tracks tell their data mode", "MMC-6 6.26",
	     EMU_Q_DATA_MODE_F },
	{ "odd.full", "A full disc answers WRITE with 5/63/00",
	     "MMC-6 6.45", EMU_Q_FULL_BAD_FIELD },
	{ "odd.loading", "A disc that is being loaded becomes ready, "
	     "2/04/01", "MMC-6 6.42", EMU_Q_LOAD_NO_MEDIUM }
};

const struct emu_rule *lathep_emu_drive_rules(uint32_t *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
