/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_media.h"

static uint32_t select_page(struct bench *b, uint8_t byte2, uint8_t byte3)
{
	uint8_t list[60] = { 0 };

	list[8] = 0x05;
	list[9] = 0x32;
	list[10] = byte2;
	list[11] = byte3;
	list[12] = 0x08;
	list[13] = 0x10;	/* link size */
	list[21] = 0x10;	/* packet size */
	return send_out(b, "55 10 00 00 00 00 00 00 3c 00", list,
			sizeof(list));
}

uint32_t select_incremental(struct bench *b, uint8_t multi)
{
	return select_page(b, 0x60, (uint8_t)(multi << 6 | 0x25));
}

uint32_t select_at_once(struct bench *b, uint8_t multi)
{
	return select_page(b, 0x42, (uint8_t)(multi << 6 | 0x05));
}

uint32_t close_function(struct bench *b, uint8_t function, uint16_t track)
{
	char cdb[64];

	snprintf(cdb, sizeof(cdb), "5b 00 %02x 00 %02x %02x 00 00 00 00",
		 function, track >> 8, track & 255u);
	return send_cdb(b, cdb);
}

uint32_t reserve_size(struct bench *b, uint32_t blocks)
{
	char cdb[64];

	snprintf(cdb, sizeof(cdb), "53 00 00 00 00 %02x %02x %02x %02x 00",
		 (unsigned)(blocks >> 24), (unsigned)(blocks >> 16 & 255),
		 (unsigned)(blocks >> 8 & 255), (unsigned)(blocks & 255));
	return send_cdb(b, cdb);
}

uint32_t reserve_split(struct bench *b, uint32_t lba)
{
	char cdb[64];

	snprintf(cdb, sizeof(cdb), "53 01 %02x %02x %02x %02x 00 00 00 00",
		 (unsigned)(lba >> 24), (unsigned)(lba >> 16 & 255),
		 (unsigned)(lba >> 8 & 255), (unsigned)(lba & 255));
	return send_cdb(b, cdb);
}

uint32_t format(struct bench *b, uint8_t type_byte, uint32_t blocks,
		uint32_t parameter)
{
	uint8_t list[12] = { 0, 0x80, 0, 8 };

	lathe_put_be32(list + 4, blocks);
	list[8] = type_byte;
	list[9] = (uint8_t)(parameter >> 16);
	list[10] = (uint8_t)(parameter >> 8);
	list[11] = (uint8_t)parameter;
	return send_out(b, "04 11 00 00 00 00", list, sizeof(list));
}

uint32_t read_track(struct bench *b, uint32_t number)
{
	char cdb[64];
	uint32_t result;

	snprintf(cdb, sizeof(cdb), "52 01 00 00 %02x %02x 00 00 24 00",
		 (unsigned)(number >> 8 & 255), (unsigned)(number & 255));
	result = send_in(b, cdb, 36);
	if (result == GOOD)
		ck_assert_uint_eq(b->cmd.moved, 36);
	return result;
}

uint32_t nwa_of(struct bench *b, uint32_t number)
{
	ck_assert_uint_eq(read_track(b, number), GOOD);
	return b->data[7] & 1 ? lathe_get_be32(b->data + 12) : UINT32_MAX;
}

uint8_t disc_status(struct bench *b)
{
	ck_assert_uint_eq(send_in(b, DISC_INFORMATION, 34), GOOD);
	ck_assert_uint_eq(b->cmd.moved, 34);
	return b->data[2];
}

uint32_t capacity(struct bench *b)
{
	uint32_t last;

	ck_assert_uint_eq(send_in(b, READ_CAPACITY, 8), GOOD);
	ck_assert_uint_eq(lathe_get_be32(b->data + 4), 2048);
	last = lathe_get_be32(b->data);
	return last ? last + 1 : 0;
}

void cut_power(struct bench *b)
{
	lathe_emulator_power_cut(b->drive);
	ck_assert_uint_eq(send_cdb(b, READY), SENSE(6, 0x29, 0));
}

struct lathe_emulator_disc state_of(struct bench *b)
{
	struct lathe_emulator_disc state;

	lathe_emulator_store_state(b->disc, &state);
	return state;
}

void block_is(struct bench *b, uint32_t lba, uint8_t tag)
{
	uint8_t want[2048];

	make_block(want, lba, tag);
	ck_assert_uint_eq(read_blocks(b, lba, 1), GOOD);
	ck_assert_mem_eq(b->data, want, 2048);
}

void zeros_at(struct bench *b, uint32_t lba)
{
	static const uint8_t zeros[2048];

	ck_assert_uint_eq(read_blocks(b, lba, 1), GOOD);
	ck_assert_mem_eq(b->data, zeros, 2048);
}
