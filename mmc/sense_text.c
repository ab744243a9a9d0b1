/* SPDX-License-Identifier: MIT */
/* sense_text.c - commands and sense codes in words, SPC-3 Annex D. */
#include "mmc/mmc_bytes.h"

/*
 * Tables as one string each, which takes half the room of one with pointers:
 * the code's bytes, its text, a zero. The last one is the string's own end.
 */

/* ASC and ASCQ. Ascending, for those who read it. */
static const char code_texts[] =
	"\x02\x00" "no seek complete\0"
	"\x04\x00" "not ready\0"
	"\x04\x01" "becoming ready\0"
	"\x04\x02" "needs to be started\0"
	"\x04\x03" "needs manual help\0"
	"\x04\x04" "format in progress\0"
	"\x04\x07" "operation in progress\0"
	"\x04\x08" "long write in progress\0"
	"\x09\x00" "track following error\0"
	"\x0c\x00" "write error\0"
	"\x0c\x07" "write error, recovery needed\0"
	"\x0c\x09" "write error, loss of streaming\0"
	"\x0c\x0a" "write error, padding blocks added\0"
	"\x11\x00" "unrecovered read error\0"
	"\x11\x05" "uncorrectable read error\0"
	"\x11\x06" "CIRC unrecovered error\0"
	"\x15\x00" "random positioning error\0"
	"\x20\x00" "unknown command\0"
	"\x21\x00" "address out of range\0"
	"\x21\x02" "invalid address for a write\0"
	"\x21\x03" "write across the layer jump\0"
	"\x21\x04" "unaligned write\0"
	"\x24\x00" "invalid field in the command\0"
	"\x26\x00" "invalid field in the parameter list\0"
	"\x27\x00" "write protected\0"
	"\x28\x00" "medium may have changed\0"
	"\x29\x00" "power on or reset\0"
	"\x2a\x00" "parameters changed\0"
	"\x2a\x01" "mode parameters changed\0"
	"\x2c\x00" "command sequence error\0"
	"\x2c\x03" "programme area is not empty\0"
	"\x2c\x04" "programme area is empty\0"
	"\x2e\x00" "insufficient time for the operation\0"
	"\x30\x00" "incompatible medium\0"
	"\x30\x01" "medium of unknown format\0"
	"\x30\x02" "medium of incompatible format\0"
	"\x30\x05" "medium can not be written, incompatible format\0"
	"\x31\x00" "medium format corrupted\0"
	"\x31\x01" "format failed\0"
	"\x3a\x00" "no medium\0"
	"\x3a\x01" "no medium, tray closed\0"
	"\x3a\x02" "no medium, tray open\0"
	"\x3e\x00" "not yet self-configured\0"
	"\x51\x00" "erase failure\0"
	"\x53\x02" "removal of the medium is prevented\0"
	"\x55\x00" "system resource failure\0"
	"\x57\x00" "table of contents can not be read\0"
	"\x5a\x01" "operator asks for removal\0"
	"\x63\x00" "end of user area\0"
	"\x63\x01" "packet does not fit\0"
	"\x64\x00" "illegal mode for this track\0"
	"\x64\x01" "invalid packet size\0"
	"\x6f\x00" "copy protection\0"
	"\x72\x00" "session fixation error\0"
	"\x72\x01" "error writing the lead-in\0"
	"\x72\x02" "error writing the lead-out\0"
	"\x72\x03" "incomplete track in the session\0"
	"\x72\x04" "empty or partly written reserved track\0"
	"\x72\x05" "no more track reservations\0"
	"\x73\x00" "CD control error\0"
	"\x73\x01" "power calibration area almost full\0"
	"\x73\x02" "power calibration area is full\0"
	"\x73\x03" "power calibration error\0"
	"\x73\x04" "programme memory area update failure\0"
	"\x73\x05" "programme memory area is full\0"
	"\x73\x06" "programme memory area almost full\0"
	"\x73\x10" "current power calibration area almost full\0"
	"\x73\x11" "current power calibration area is full\0";

/* Operation codes. */
static const char command_names[] =
	"\x00" "TEST UNIT READY\0"
	"\x03" "REQUEST SENSE\0"
	"\x04" "FORMAT UNIT\0"
	"\x12" "INQUIRY\0"
	"\x1b" "START STOP UNIT\0"
	"\x1e" "PREVENT ALLOW MEDIUM REMOVAL\0"
	"\x23" "READ FORMAT CAPACITIES\0"
	"\x25" "READ CAPACITY\0"
	"\x28" "READ(10)\0"
	"\x2a" "WRITE(10)\0"
	"\x2e" "WRITE AND VERIFY(10)\0"
	"\x2f" "VERIFY(10)\0"
	"\x35" "SYNCHRONIZE CACHE\0"
	"\x43" "READ TOC/PMA/ATIP\0"
	"\x46" "GET CONFIGURATION\0"
	"\x4a" "GET EVENT STATUS NOTIFICATION\0"
	"\x51" "READ DISC INFORMATION\0"
	"\x52" "READ TRACK INFORMATION\0"
	"\x53" "RESERVE TRACK\0"
	"\x54" "SEND OPC INFORMATION\0"
	"\x55" "MODE SELECT(10)\0"
	"\x5a" "MODE SENSE(10)\0"
	"\x5b" "CLOSE TRACK/SESSION\0"
	"\x5d" "SEND CUE SHEET\0"
	"\xa1" "BLANK\0"
	"\xa8" "READ(12)\0"
	"\xaa" "WRITE(12)\0"
	"\xac" "GET PERFORMANCE\0"
	"\xad" "READ DISC STRUCTURE\0"
	"\xb6" "SET STREAMING\0"
	"\xbb" "SET CD SPEED\0"
	"\xbd" "MECHANISM STATUS\0"
	"\xbe" "READ CD\0"
	"\xbf" "SEND DISC STRUCTURE\0";

/* Sense keys, without a code: they come in their order. */
static const char key_texts[] =
	"no sense\0"
	"recovered error\0"
	"not ready\0"
	"medium error\0"
	"hardware error\0"
	"illegal request\0"
	"unit attention\0"
	"data protected\0"
	"blank check\0"
	"vendor specific error\0"
	"copy aborted\0"
	"command aborted\0"
	"equal\0"
	"volume overflow\0"
	"miscompare\0"
	"completed\0";

/* The text behind the 'n' bytes of 'code', or NULL. */
static const char *find(const char *table, size_t size, const uint8_t *code,
			size_t n)
{
	const char *end = table + size - 1;

	while (table < end) {
		if (memcmp(table, code, n) == 0)
			return table + n;
		table += n + strlen(table + n) + 1;
	}
	return NULL;
}

const char *lathe_mmc_sense_text(uint8_t key, uint8_t asc, uint8_t ascq)
{
	const uint8_t code[2] = { asc, ascq };
	const char *text =
		find(code_texts, sizeof(code_texts), code, sizeof(code));

	if (text)
		return text;
	text = key_texts;
	for (key &= 0x0f; key > 0; key--)
		text += strlen(text) + 1;
	return text;
}

const char *lathe_mmc_command_name(uint8_t opcode)
{
	const char *name =
		find(command_names, sizeof(command_names), &opcode, 1);

	return name ? name : "command";
}
