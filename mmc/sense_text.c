/* SPDX-License-Identifier: MIT */
/* sense_text.c - commands and sense codes in words, SPC-3 Annex D. */
#include "mmc/mmc_bytes.h"

struct code_text {
	uint16_t code; /* ASC << 8 | ASCQ */
	const char *text;
};

/* Ascending, for those who read it. */
static const struct code_text code_texts[] = {
	{ 0x0200, "no seek complete" },
	{ 0x0400, "not ready" },
	{ 0x0401, "becoming ready" },
	{ 0x0402, "needs to be started" },
	{ 0x0403, "needs manual help" },
	{ 0x0404, "format in progress" },
	{ 0x0407, "operation in progress" },
	{ 0x0408, "long write in progress" },
	{ 0x0900, "track following error" },
	{ 0x0c00, "write error" },
	{ 0x0c07, "write error, recovery needed" },
	{ 0x0c09, "write error, loss of streaming" },
	{ 0x0c0a, "write error, padding blocks added" },
	{ 0x1100, "unrecovered read error" },
	{ 0x1105, "uncorrectable read error" },
	{ 0x1106, "CIRC unrecovered error" },
	{ 0x1500, "random positioning error" },
	{ 0x2000, "unknown command" },
	{ 0x2100, "address out of range" },
	{ 0x2102, "invalid address for a write" },
	{ 0x2103, "write across the layer jump" },
	{ 0x2104, "unaligned write" },
	{ 0x2400, "invalid field in the command" },
	{ 0x2600, "invalid field in the parameter list" },
	{ 0x2700, "write protected" },
	{ 0x2800, "medium may have changed" },
	{ 0x2900, "power on or reset" },
	{ 0x2a00, "parameters changed" },
	{ 0x2a01, "mode parameters changed" },
	{ 0x2c00, "command sequence error" },
	{ 0x2c03, "programme area is not empty" },
	{ 0x2c04, "programme area is empty" },
	{ 0x2e00, "insufficient time for the operation" },
	{ 0x3000, "incompatible medium" },
	{ 0x3001, "medium of unknown format" },
	{ 0x3002, "medium of incompatible format" },
	{ 0x3005, "medium can not be written, incompatible format" },
	{ 0x3100, "medium format corrupted" },
	{ 0x3101, "format failed" },
	{ 0x3a00, "no medium" },
	{ 0x3a01, "no medium, tray closed" },
	{ 0x3a02, "no medium, tray open" },
	{ 0x3e00, "not yet self-configured" },
	{ 0x5100, "erase failure" },
	{ 0x5302, "removal of the medium is prevented" },
	{ 0x5500, "system resource failure" },
	{ 0x5700, "table of contents can not be read" },
	{ 0x5a01, "operator asks for removal" },
	{ 0x6300, "end of user area" },
	{ 0x6301, "packet does not fit" },
	{ 0x6400, "illegal mode for this track" },
	{ 0x6401, "invalid packet size" },
	{ 0x6f00, "copy protection" },
	{ 0x7200, "session fixation error" },
	{ 0x7201, "error writing the lead-in" },
	{ 0x7202, "error writing the lead-out" },
	{ 0x7203, "incomplete track in the session" },
	{ 0x7204, "empty or partly written reserved track" },
	{ 0x7205, "no more track reservations" },
	{ 0x7300, "CD control error" },
	{ 0x7301, "power calibration area almost full" },
	{ 0x7302, "power calibration area is full" },
	{ 0x7303, "power calibration error" },
	{ 0x7304, "programme memory area update failure" },
	{ 0x7305, "programme memory area is full" },
	{ 0x7306, "programme memory area almost full" },
	{ 0x7310, "current power calibration area almost full" },
	{ 0x7311, "current power calibration area is full" },
};

static const char *const key_texts[16] = {
	"no sense",       "recovered error",
	"not ready",      "medium error",
	"hardware error", "illegal request",
	"unit attention", "data protected",
	"blank check",    "vendor specific error",
	"copy aborted",   "command aborted",
	"equal",          "volume overflow",
	"miscompare",     "completed",
};

const char *lathe_mmc_sense_text(uint8_t key, uint8_t asc, uint8_t ascq)
{
	uint16_t code = (uint16_t)(asc << 8 | ascq);

	for (size_t i = 0; i < sizeof(code_texts) / sizeof(*code_texts); i++)
		if (code_texts[i].code == code)
			return code_texts[i].text;
	return key_texts[key & 0x0f];
}

const char *lathe_mmc_command_name(uint8_t opcode)
{
	switch (opcode) {
	case LATHE_MMC_TEST_UNIT_READY:
		return "TEST UNIT READY";
	case LATHE_MMC_REQUEST_SENSE:
		return "REQUEST SENSE";
	case LATHE_MMC_INQUIRY:
		return "INQUIRY";
	case LATHE_MMC_START_STOP_UNIT:
		return "START STOP UNIT";
	case LATHE_MMC_PREVENT_ALLOW:
		return "PREVENT ALLOW MEDIUM REMOVAL";
	case LATHE_MMC_READ_CAPACITY:
		return "READ CAPACITY";
	case LATHE_MMC_READ_10:
		return "READ(10)";
	case LATHE_MMC_WRITE_10:
		return "WRITE(10)";
	case LATHE_MMC_SYNCHRONIZE_CACHE:
		return "SYNCHRONIZE CACHE";
	case LATHE_MMC_READ_TOC:
		return "READ TOC/PMA/ATIP";
	case LATHE_MMC_GET_CONFIGURATION:
		return "GET CONFIGURATION";
	case LATHE_MMC_GET_EVENT_STATUS:
		return "GET EVENT STATUS NOTIFICATION";
	case LATHE_MMC_READ_DISC_INFO:
		return "READ DISC INFORMATION";
	case LATHE_MMC_READ_TRACK_INFO:
		return "READ TRACK INFORMATION";
	case LATHE_MMC_RESERVE_TRACK:
		return "RESERVE TRACK";
	case LATHE_MMC_SEND_OPC:
		return "SEND OPC INFORMATION";
	case LATHE_MMC_MODE_SELECT_10:
		return "MODE SELECT(10)";
	case LATHE_MMC_MODE_SENSE_10:
		return "MODE SENSE(10)";
	case LATHE_MMC_CLOSE_TRACK_SESSION:
		return "CLOSE TRACK/SESSION";
	case LATHE_MMC_BLANK_COMMAND:
		return "BLANK";
	case LATHE_MMC_SET_CD_SPEED:
		return "SET CD SPEED";
	default:
		return "command";
	}
}
