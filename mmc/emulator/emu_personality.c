/* SPDX-License-Identifier: MIT */
/* emu_personality.c - the names of other behaviours. What each of them
 * changes stands in the table of rules, emu_rules.c. */
#include <string.h>

#include "mmc/emulator/emu_drive.h"

static const char names[EMU_Q_COUNT][24] = {
	[EMU_Q_TUR_BUSY] = "busy-while-closing",
	[EMU_Q_NWA_150] = "nwa-minus-150",
	[EMU_Q_UNRECORDED_ZEROS] = "unrecorded-zeros",
	[EMU_Q_GAP_UNRECORDED] = "gap-unrecorded",
	[EMU_Q_RUN_OUT_READABLE] = "run-out-readable",
	[EMU_Q_RUN_OUT_COUNTS] = "run-out-counts",
	[EMU_Q_BLOCKING_WRITES] = "blocking-writes",
	[EMU_Q_UNDERRUNS] = "underruns",
	[EMU_Q_NO_RESUME] = "no-resume",
	[EMU_Q_KEEPS_BUFFER] = "reset-keeps-buffer",
	[EMU_Q_SIZE_WITH_RUN_OUT] = "size-with-run-out",
	[EMU_Q_TOC_OF_PMA] = "toc-of-pma",
	[EMU_Q_BLOCK_DESCRIPTOR] = "block-descriptor",
	[EMU_Q_SHORT_PAGE_05] = "short-page-05",
	[EMU_Q_FEW_EVENTS] = "few-events",
	[EMU_Q_NO_EVENTS] = "no-events",
	[EMU_Q_STUCK_EVENT] = "stuck-event",
	[EMU_Q_SLOW_LOAD] = "slow-load",
	[EMU_Q_DUMMY_LIES] = "dummy-lies",
	[EMU_Q_NO_BUFFER_CAPACITY] = "no-buffer-capacity",
	[EMU_Q_NO_OPC] = "no-opc",
	[EMU_Q_NO_SPEED] = "no-speed",
	[EMU_Q_CLOSE_TRACK_FAILS] = "close-track-fails",
	[EMU_Q_ATIP_ZEROS] = "atip-zeros",
	[EMU_Q_NO_LOCK] = "no-lock",
	[EMU_Q_WHOLE_ECC] = "whole-ecc-writes",
	[EMU_Q_SYNC_LINKS] = "sync-costs-link",
	[EMU_Q_PLUS_R_PAGE_05] = "plus-r-heeds-page-05",
	[EMU_Q_TOC_FIXED] = "toc-format-1-fixed",
	[EMU_Q_STOPPED_FORMAT] = "stopped-format-refuses",
	[EMU_Q_SYNC_ENDS] = "sync-ends-at-once",
	[EMU_Q_DL_APPENDS] = "dual-layer-appends",
	[EMU_Q_UNFORMATTED_NOT_READY] = "unformatted-not-ready",
	[EMU_Q_TORN_REFUSES] = "torn-block-refuses",
	[EMU_Q_FORMAT_SURVIVES] = "format-survives-cut",
	[EMU_Q_CLEAN_CUT] = "power-cut-clean",
	[EMU_Q_CUE_RELATIVE] = "cue-sheet-relative",
	[EMU_Q_SPLIT_EMPTY] = "split-empty-only",
	[EMU_Q_NO_QUICK_CERTIFY] = "no-quick-certify",
	[EMU_Q_NO_STREAMING] = "no-streaming",
	[EMU_Q_CD_SPEEDS] = "cd-speeds",
	[EMU_Q_ZERO_SPEEDS] = "zero-speeds",
	[EMU_Q_NO_PERFORMANCE] = "performance-empty",
	[EMU_Q_PERFORMANCE_ONE] = "performance-one",
	[EMU_Q_STREAMING_END] = "streaming-real-end",
	[EMU_Q_STREAMING_REFUSED] = "streaming-refused",
	[EMU_Q_SPEED_ABOVE] = "speed-above-nominal",
	[EMU_Q_SPEED_FORGOTTEN] = "speed-forgotten",
	[EMU_Q_NO_ADIP] = "no-structure-11",
	[EMU_Q_SHORT_0E] = "short-structure-0e",
	[EMU_Q_STREAMING_JUNK] = "streaming-junk",
	[EMU_Q_FIRST_WRITE_WAITS] = "first-write-waits",
	[EMU_Q_CLOSE_REPEATS] = "close-repeats",
	[EMU_Q_CLOSE_EARLY] = "close-returns-early",
	[EMU_Q_CLOSE_BUSY] = "close-says-busy",
	[EMU_Q_FINAL_CLOSED] = "final-refuses-close",
	[EMU_Q_BUFFER_HANGS] = "buffer-query-hangs",
	[EMU_Q_STALE_BUFFER] = "stale-buffer",
	[EMU_Q_OPEN_UNREADABLE] = "open-bd-r-unreadable",
	[EMU_Q_NO_FULL_TOC] = "no-full-toc",
	[EMU_Q_TOC_NO_LEAD_OUT] = "toc-without-lead-out",
	[EMU_Q_OPC_REFUSED] = "opc-refused",
	[EMU_Q_MODE_SENSE_30] = "mode-sense-30-bytes",
	[EMU_Q_ODD_PAGE_05] = "odd-page-05",
	[EMU_Q_ATIP_BCD] = "atip-bcd",
	[EMU_Q_DATA_MODE_F] = "data-mode-f",
	[EMU_Q_FULL_BAD_FIELD] = "full-is-bad-field",
	[EMU_Q_LOAD_NO_MEDIUM] = "load-no-medium",
	[EMU_Q_BREAK_KEEPS_SIZE] = "break-keeps-size",
	[EMU_Q_LINK_SIZE] = "odd-link-size",
	[EMU_Q_DESCRIPTOR_SENSE] = "descriptor-sense",
	[EMU_Q_BARE_SENSE] = "bare-sense",
	[EMU_Q_SHORT_TRACK] = "short-last-track",
	[EMU_Q_FINAL_IS_FULL] = "final-is-full",
	[EMU_Q_BLANK_CUT_SPOILS] = "blank-cut-spoils",
	[EMU_Q_CUT_FLUSHES] = "power-cut-flushes",
	[EMU_Q_CUT_REORDERS] = "power-cut-reorders",
	[EMU_Q_CUT_CLOSES] = "at-once-cut-closes",
	[EMU_Q_OTHER_BORDERS] = "border-zones-alike",
	[EMU_Q_CLUSTER_GAP] = "bd-r-session-gap",
	[EMU_Q_LATE_ERROR_FIRST] = "late-error-of-first",
	[EMU_Q_CLEAN_ERROR] = "write-error-clean",
	[EMU_Q_NO_WRITE_VERIFY] = "no-write-verify",
	[EMU_Q_FINAL_WANTS_SESSION] = "final-wants-session",
	[EMU_Q_GROWING_UNREADABLE] = "growing-unreadable",
	[EMU_Q_HOST_FILTER] = "host-filter",
	[EMU_Q_HOST_FILTER_READ_ONLY] = "host-filter-read-only",
	[EMU_Q_HOST_SWALLOWS] = "host-swallows-attention",
	[EMU_Q_HOST_POLLS] = "host-polls-media",
	[EMU_Q_HOST_CLEAN] = "host-clean-buffers"
};

const char *lathep_emu_quirk_name(enum emu_quirk q)
{
	return names[q];
}

static bool is_named(const char *p, size_t len, const char *name)
{
	return strlen(name) == len && !memcmp(p, name, len);
}

/* "name=123" with the given name. */
static bool setting(const char *p, size_t len, const char *name, uint32_t *out)
{
	size_t n = strlen(name), i;
	uint64_t value = 0;

	if (len < n + 2 || len > n + 10 || memcmp(p, name, n) != 0 ||
	    p[n] != '=')
		return false;
	for (i = n + 1; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(p[i] - '0');
	}
	*out = (uint32_t)value;
	return value > 0 && value < 0x40000000u;
}

static bool apply(struct lathe_emulator *e, const char *p, size_t len)
{
	uint32_t i, value;

	if (setting(p, len, "host-max-transfer", &value)) {
		e->max_transfer = value;
		return true;
	}
	if (setting(p, len, "buffer-kib", &value)) {
		e->buffer_blocks = value / 2 ? value / 2 : 1;
		return true;
	}
	if (setting(p, len, "load-ms", &value)) {
		e->load_time_us = value * (uint64_t)1000u;
		return true;
	}
	for (i = 0; i < EMU_Q_COUNT; i++)
		if (is_named(p, len, names[i])) {
			e->quirks[i / 64] |= (uint64_t)1 << i % 64;
			return true;
		}
	return false;
}

int lathep_emu_parse_personality(struct lathe_emulator *e, const char *text)
{
	size_t len;

	while (text && *text) {
		len = strcspn(text, ", ");
		if (len && !apply(e, text, len))
			return LATHE_ERR_ARG;
		text += len;
		if (*text)
			text++;
	}
	return 0;
}
