/* SPDX-License-Identifier: MIT */
/*
 * emu_rules.c - what the recorder does, where that is known from, and the
 * name of the other behaviour where drives differ or nobody knows. Tests
 * carry these identifiers.
 *
 * DVD and BD media have a table of their own, emu_rules_media.c.
 *
 * Sources: a clause of a standard; "manual" (a maker's command manual);
 * "measured" (a real disc's or drive's answers); "engines" (what recording
 * programs rely on); "assumed" (plausible, never held against a drive).
 */
#include "mmc/emulator/emu_rules.h"

static const struct emu_rule rows[] = {
	/* Replies */
	{ "reply.allocation", "A reply is cut at the allocation length, and "
	     "the residue says so exactly", "SPC-4 4.3.5.6", NONE },
	{ "reply.unknown-opcode", "Unknown opcodes are answered 5/20/00",
	     "SPC-4 4.5.6", NONE },
	{ "reply.attention", "A unit attention comes once, on any command "
	     "but INQUIRY, REQUEST SENSE, GET CONFIGURATION and GET EVENT "
	     "STATUS", "MMC-6 4.1.6.1", NONE },
	{ "reply.sense-form", "Sense data are in fixed form",
	     "SPC-4 4.5.3", EMU_Q_DESCRIPTOR_SENSE },
	{ "reply.sense-detail", "Sense data carry the LBA of a bad block "
	     "and the progress of background work", "SPC-4 4.5.2.4",
	     EMU_Q_BARE_SENSE },
	{ "mode.no-block-descriptor", "MODE SENSE sends no block "
	     "descriptor", "MMC-6 7.2", EMU_Q_BLOCK_DESCRIPTOR },
	{ "mode.page-05-length", "Page 05h has 32h bytes behind its head",
	     "MMC-6 7.5", EMU_Q_SHORT_PAGE_05 },
	{ "mode.mismatch", "A page of another length, a write type or a "
	     "block type that the drive lacks is refused with 5/26/00",
	     "MMC-6 7.5", NONE },
	{ "events.classes", "Operational, power, media and busy events are "
	     "reported", "MMC-6 6.7", EMU_Q_FEW_EVENTS },
	{ "events.present", "GET EVENT STATUS NOTIFICATION exists",
	     "MMC-6 6.7", EMU_Q_NO_EVENTS },
	{ "events.once", "A media event is reported once", "MMC-6 6.7",
	     EMU_Q_STUCK_EVENT },
	{ "atip", "The ATIP tells lead-in, last lead-out and kind",
	     "MMC-6 6.25.3.6", EMU_Q_ATIP_ZEROS },
	{ "toc.sff8020", "The format of READ TOC may stand in bits 7-6 of "
	     "byte 9", "SFF-8020i; used by Linux", NONE },
	{ "toc.complete", "READ TOC describes complete sessions and is "
	     "refused with 5/24/00 before there is one", "assumed",
	     EMU_Q_TOC_OF_PMA },
	{ "toc.format-1", "Format 1 and READ CAPACITY follow the last "
	     "complete session", "MMC-6 6.25.3.3", NONE },
	{ "toc.b0", "B0 gives the next programme area less 150 blocks: "
	     "lead-out + 11,250, later + 6,750", "measured", NONE },

	/* Writing */
	{ "write.nwa", "WRITE goes to the next writable address or is "
	     "refused with 5/21/02", "MMC-6 6.45", NONE },
	{ "write.capacity", "WRITE that reaches over the last possible "
	     "lead-out is refused whole with 5/63/00; an address beyond it "
	     "with 5/21/00", "MMC-6 6.45", NONE },
	{ "write.run-out-limit", "The run-out of the last track may lie "
	     "behind the last possible lead-out", "assumed",
	     EMU_Q_RUN_OUT_COUNTS },
	{ "write.minimum", "A track begins only where its minimum of 300 "
	     "blocks fits, else 5/63/00", "assumed", EMU_Q_SHORT_TRACK },
	{ "write.mode", "WRITE under a page 05h that differs from the open "
	     "track, or that asks for audio by block type or track mode, is "
	     "refused with 5/64/00",
	     "MMC-6 7.5", NONE },
	{ "write.final", "WRITE on a final disc is refused with 5/30/05",
	     "assumed", EMU_Q_FINAL_IS_FULL },
	{ "write.misfit", "A WRITE whose transfer differs from its CDB "
	     "hangs the link: time-out, reset", "measured", NONE },
	{ "write.buffer", "A full buffer is answered with 2/04/08 at once",
	     "manual", EMU_Q_BLOCKING_WRITES },
	{ "write.underrun", "An empty buffer ends nothing, with or without "
	     "underrun protection", "assumed", EMU_Q_UNDERRUNS },
	{ "write.error", "A write error damages the first block of its "
	     "WRITE (deferred: the last one taken); recording may go on "
	     "behind it", "manual", EMU_Q_NO_RESUME },
	{ "write.test", "Test writing moves the address and leaves the disc "
	     "unchanged", "MMC-6 7.5", NONE },
	{ "write.test-status", "Test writing does not show in the disc "
	     "information", "assumed", EMU_Q_DUMMY_LIES },
	{ "write.blank-nwa", "A blank disc begins at address 0", "MMC-6 4.2",
	     EMU_Q_NWA_150 },
	{ "write.status", "The disc leaves 'blank' with its first WRITE",
	     "MMC-6 6.21", NONE },

	/* Tracks and sessions */
	{ "track.sync", "SYNCHRONIZE CACHE ends a track-at-once track",
	     "engines", NONE },
	{ "track.minimum", "Tracks are padded to 300 blocks; 2 run-out "
	     "blocks follow", "MMC-6 4.2.3", NONE },
	{ "track.next", "The next track of a session begins 152 blocks "
	     "behind the data", "MMC-6 4.2.3", NONE },
	{ "track.close-ended", "CLOSE TRACK is GOOD on a track that has "
	     "ended and on the invisible one", "manual",
	     EMU_Q_CLOSE_TRACK_FAILS },
	{ "track.size", "READ TRACK INFORMATION does not count the run-out",
	     "assumed", EMU_Q_SIZE_WITH_RUN_OUT },
	{ "track.reserve", "RESERVE TRACK fixes the size of the next track; "
	     "its end is padded", "MMC-6 6.31", NONE },
	{ "session.open-track", "CLOSE SESSION with an open track is "
	     "5/72/03, with a reserved one 5/72/04", "manual", NONE },
	{ "session.empty", "CLOSE SESSION of an empty session is GOOD and "
	     "does nothing", "manual", NONE },
	{ "session.multi", "Page 05h decides: bits 11b leave the disc "
	     "appendable, all others make it final", "MMC-6 7.5", NONE },
	{ "session.zones", "The next session begins 11,400 blocks behind "
	     "the first lead-out, 6,900 behind later ones", "measured", NONE },
	{ "session.listed", "The session that can be opened is listed as "
	     "empty, with its own track", "MMC-6 6.21", NONE },
	{ "blank.types", "BLANK knows full and minimal, on CD-RW only",
	     "MMC-6 6.2", NONE },
	{ "blank.cut", "A BLANK that is cut short leaves a blank disc",
	     "assumed", EMU_Q_BLANK_CUT_SPOILS },

	/* Time */
	{ "busy.immed", "IMMED returns at once; meanwhile 2/04/07 with "
	     "progress", "MMC-6 4.1.10", NONE },
	{ "busy.tur", "TEST UNIT READY is GOOD while a track or session is "
	     "being closed", "manual", EMU_Q_TUR_BUSY },
	{ "busy.load", "An inserted disc is ready at once", "assumed",
	     EMU_Q_SLOW_LOAD },

	/* Reading */
	{ "read.run-out", "The run-out of a track reads as 5/64/00",
	     "measured", EMU_Q_RUN_OUT_READABLE },
	{ "read.gap", "The gap between two sessions reads as 5/64/00",
	     "assumed", EMU_Q_GAP_UNRECORDED },
	{ "read.unrecorded", "An unrecorded block of an open track reads as "
	     "8/00/00", "MMC-6 6.16", EMU_Q_UNRECORDED_ZEROS },
	{ "read.beyond", "Beyond the capacity, and outside of open tracks, "
	     "5/21/00", "MMC-6 6.16", NONE },

	/* Damage */
	{ "damage.power", "A power cut loses the buffer and damages the "
	     "block in work: 3/11/05 for ever", "assumed", EMU_Q_CUT_FLUSHES },
	{ "damage.reset", "A reset loses the buffer as well", "assumed",
	     EMU_Q_KEEPS_BUFFER },
	{ "damage.resume", "A cut track can be continued at its next "
	     "writable address", "manual", EMU_Q_NO_RESUME },

	/* Optional commands */
	{ "option.buffer", "READ BUFFER CAPACITY exists", "MMC-6 6.14",
	     EMU_Q_NO_BUFFER_CAPACITY },
	{ "option.opc", "SEND OPC INFORMATION exists", "MMC-6 6.35",
	     EMU_Q_NO_OPC },
	{ "option.speed", "SET CD SPEED rounds down to a speed of the drive",
	     "MMC-6 6.37", EMU_Q_NO_SPEED },
	{ "option.lock", "The tray can be locked: eject is then 5/53/02",
	     "MMC-6 6.18", EMU_Q_NO_LOCK },

	/* The host in front of the drive */
	{ "host.filter", "Every command passes", "Linux, sg node",
	     EMU_Q_HOST_FILTER },
	{ "host.read-only", "Every command passes", "Linux, sg node",
	     EMU_Q_HOST_FILTER_READ_ONLY },
	{ "host.attention", "Unit attentions reach the program",
	     "Linux, sg node", EMU_Q_HOST_SWALLOWS },
	{ "host.polling", "Nobody else looks for media events", "assumed",
	     EMU_Q_HOST_POLLS },
	{ "host.junk", "Behind the end of a reply lies junk (A5h)",
	     "measured", EMU_Q_HOST_CLEAN }
};

/* Row 'i' of all parts, or NULL behind the last one. */
static const struct emu_rule *find(uint32_t i)
{
	const uint32_t n = sizeof(rows) / sizeof(rows[0]);
	const struct emu_rule *part;
	uint32_t count;

	if (i < n)
		return &rows[i];
	i -= n;
	part = lathep_emu_media_rules(&count);
	if (i < count)
		return &part[i];
	i -= count;
	part = lathep_emu_drive_rules(&count);
	return i < count ? &part[i] : NULL;
}

bool lathe_emulator_rule(uint32_t i, struct lathe_emulator_rule_row *out)
{
	const struct emu_rule *rule = find(i);

	if (!rule)
		return false;
	out->id = rule->id;
	out->text = rule->text;
	out->source = rule->source;
	out->personality = rule->quirk == NONE
			   ? NULL : lathep_emu_quirk_name(rule->quirk);
	return true;
}
