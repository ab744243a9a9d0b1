/* SPDX-License-Identifier: MIT */
/* unit_commands.c - commands that any unit knows: readiness, identity, tray. */
#include "mmc/mmc_bytes.h"

int lathe_mmc_encode_test_unit_ready(uint8_t *cdb, size_t room)
{
	return lathep_mmc_cdb_6(cdb, room, LATHE_MMC_TEST_UNIT_READY);
}

int lathe_mmc_encode_request_sense(uint8_t *cdb, size_t room, bool descriptor,
				   uint32_t alloc)
{
	int len = alloc > 0xff ? LATHE_ERR_ARG :
		  lathep_mmc_cdb_6(cdb, room, LATHE_MMC_REQUEST_SENSE);

	if (len < 0)
		return len;
	cdb[1] = descriptor;
	cdb[4] = (uint8_t)alloc;
	return len;
}

int lathe_mmc_encode_inquiry(uint8_t *cdb, size_t room, uint32_t alloc)
{
	int len = alloc > 0xffff ? LATHE_ERR_ARG :
		  lathep_mmc_cdb_6(cdb, room, LATHE_MMC_INQUIRY);

	if (len > 0)
		lathe_put_be16(cdb + 3, (uint16_t)alloc);
	return len;
}

/* A padded field of printable characters as a string. */
static void copy_text(char *out, const uint8_t *field, size_t len)
{
	size_t used = 0;

	for (size_t i = 0; i < len; i++) {
		uint8_t c = field[i];

		out[i] = (char)(c >= 0x20 && c <= 0x7e ? c : '?');
		if (c != ' ' && c != 0)
			used = i + 1;
	}
	out[used] = '\0';
}

int lathe_mmc_parse_inquiry(const uint8_t *data, size_t len,
			    struct lathe_mmc_inquiry *out)
{
	/* Byte 4 counts what follows it, SPC-3 6.4.2. */
	if (len < LATHE_MMC_INQUIRY_BYTES ||
	    data[4] + 5u < LATHE_MMC_INQUIRY_BYTES)
		return LATHE_ERR_CORRUPT;

	out->device_type = data[0] & 0x1f;
	out->removable = (data[1] & 0x80) != 0;
	out->version = data[2];
	out->format = data[3] & 0x0f;
	copy_text(out->vendor, data + 8, 8);
	copy_text(out->product, data + 16, 16);
	copy_text(out->revision, data + 32, 4);
	return 0;
}

int lathe_mmc_encode_start_stop(uint8_t *cdb, size_t room, bool immed,
				enum lathe_mmc_start_stop action)
{
	int len = (unsigned)action > LATHE_MMC_LOAD ? LATHE_ERR_ARG :
		  lathep_mmc_cdb_6(cdb, room, LATHE_MMC_START_STOP_UNIT);

	if (len < 0)
		return len;
	cdb[1] = immed;
	cdb[4] = (uint8_t)action;
	return len;
}

int lathe_mmc_encode_prevent_allow(uint8_t *cdb, size_t room, bool prevent)
{
	int len = lathep_mmc_cdb_6(cdb, room, LATHE_MMC_PREVENT_ALLOW);

	if (len > 0)
		cdb[4] = prevent;
	return len;
}

int lathe_mmc_encode_set_cd_speed(uint8_t *cdb, size_t room, uint32_t read_kb,
				  uint32_t write_kb)
{
	if (read_kb > 0xffff || write_kb > 0xffff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_12(cdb, room, LATHE_MMC_SET_CD_SPEED, 0,
				 read_kb << 16 | write_kb, 0);
}

int lathe_mmc_encode_mechanism_status(uint8_t *cdb, size_t room, uint32_t alloc)
{
	if (alloc > 0xffff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_12(cdb, room, LATHE_MMC_MECHANISM_STATUS, 0, 0,
				 alloc);
}

int lathe_mmc_parse_mechanism(const uint8_t *d, size_t len,
			      struct lathe_mmc_mechanism *out)
{
	if (len < 8)
		return LATHE_ERR_CORRUPT;
	out->fault = (d[0] & 0x80) != 0;
	out->changer_state = (d[0] >> 5) & 0x03;
	out->slot = d[0] & 0x1f;
	out->state = d[1] >> 5;
	out->door_open = (d[1] & 0x10) != 0;
	out->lba = lathe_get_be24(d + 2);
	out->slots = d[5];
	return 0;
}
