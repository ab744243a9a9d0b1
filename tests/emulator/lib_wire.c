/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/emulator/lib_wire.h"

static uint32_t bytes_of(const char *hex, uint8_t *out, uint32_t max)
{
	uint32_t n = 0;
	unsigned value;
	int used;

	while (sscanf(hex, " %2x%n", &value, &used) == 1) {
		ck_assert_uint_lt(n, max);
		out[n++] = (uint8_t)value;
		hex += used;
	}
	while (*hex == ' ')
		hex++;
	ck_assert_msg(!*hex, "not hexadecimal: %s", hex);
	return n;
}

static uint32_t run(struct bench *b)
{
	const struct lathe_cmd *c = &b->cmd;
	int err = lathe_emulator_execute(b->drive, &b->cmd);

	ck_assert_uint_le(c->moved, c->data_len);
	if (err) {
		ck_assert_int_eq(err, LATHE_ERR_TRANSPORT);
		return TRANSPORT(c->cause);
	}
	if (c->status == 0x08)
		return STATUS_BUSY;
	if (!c->status) {
		ck_assert_uint_eq(c->sense_len, 0);
		return GOOD;
	}
	ck_assert_uint_eq(c->status, 0x02);
	if ((c->sense[0] & 0x7f) >= 0x72)
		return SENSE(c->sense[1] & 15, c->sense[2], c->sense[3]);
	ck_assert_uint_ge(c->sense_len, 14);
	return SENSE(c->sense[2] & 15, c->sense[12], c->sense[13]);
}

static void prepare(struct bench *b, const char *hex)
{
	memset(&b->cmd, 0, sizeof(b->cmd));
	b->cmd.cdb_len = (uint8_t)bytes_of(hex, b->cmd.cdb, 16);
	b->cmd.timeout_ms = 20000000;
	b->cmd.data = b->data;
}

uint32_t send_cdb(struct bench *b, const char *hex)
{
	prepare(b, hex);
	return run(b);
}

uint32_t send_in(struct bench *b, const char *hex, uint32_t in)
{
	prepare(b, hex);
	ck_assert_uint_le(in, sizeof(b->data));
	b->cmd.data_len = in;
	return run(b);
}

uint32_t send_out(struct bench *b, const char *hex, const void *out,
		  uint32_t len)
{
	prepare(b, hex);
	ck_assert_uint_le(len, sizeof(b->data));
	if (len)
		memcpy(b->data, out, len);
	b->cmd.to_drive = true;
	b->cmd.data_len = len;
	return run(b);
}

void reply_is(const struct bench *b, const char *hex)
{
	uint8_t want[4096];
	uint32_t n = bytes_of(hex, want, sizeof(want)), i;

	ck_assert_uint_eq(b->cmd.moved, n);
	for (i = 0; i < n; i++)
		ck_assert_msg(b->data[i] == want[i],
			      "byte %u is %02x, not %02x", i, b->data[i],
			      want[i]);
}

void make_block(uint8_t *out, uint32_t lba, uint8_t tag)
{
	uint32_t i, x = lba * 2654435761u + tag;

	for (i = 0; i < 2048; i += 4) {
		x = x * 1664525u + 1013904223u;
		memcpy(out + i, &x, 4);
	}
	out[0] = tag;
}

uint32_t write_blocks(struct bench *b, uint32_t lba, uint32_t count,
		      uint8_t tag)
{
	uint32_t i;

	prepare(b, "2a 00 00 00 00 00 00 00 00 00");
	ck_assert_uint_le(count, 32);
	lathe_put_be32(b->cmd.cdb + 2, lba);
	lathe_put_be16(b->cmd.cdb + 7, (uint16_t)count);
	for (i = 0; i < count; i++)
		make_block(b->data + 2048u * i, lba + i, tag);
	b->cmd.to_drive = true;
	b->cmd.data_len = count * 2048u;
	return run(b);
}

uint32_t read_blocks(struct bench *b, uint32_t lba, uint32_t count)
{
	prepare(b, "28 00 00 00 00 00 00 00 00 00");
	ck_assert_uint_le(count, 32);
	lathe_put_be32(b->cmd.cdb + 2, lba);
	lathe_put_be16(b->cmd.cdb + 7, (uint16_t)count);
	b->cmd.data_len = count * 2048u;
	return run(b);
}

void write_run(struct bench *b, uint32_t lba, uint32_t blocks, uint8_t tag)
{
	uint32_t n, result, waits = 0;

	while (blocks) {
		n = blocks < 32 ? blocks : 32;
		result = write_blocks(b, lba, n, tag);
		if (result == SENSE(2, 0x04, 0x08)) {
			ck_assert_uint_lt(waits++, 100000);
			lathe_emulator_sleep_ms(b->drive, 20);
			continue;
		}
		ck_assert_uint_eq(result, GOOD);
		lba += n;
		blocks -= n;
	}
}

uint32_t select_write(struct bench *b, uint8_t byte2, uint8_t byte3,
		      uint8_t block_type, uint8_t format)
{
	uint8_t list[60] = { 0 };

	list[8] = 0x05;
	list[9] = 0x32;
	list[10] = byte2;
	list[11] = byte3;
	list[12] = block_type;
	list[16] = format;
	list[23] = 150;
	return send_out(b, "55 10 00 00 00 00 00 00 3c 00", list,
			sizeof(list));
}

void burn(struct bench *b, uint32_t lba, uint32_t blocks, uint8_t multi,
	  uint8_t tag)
{
	ck_assert_uint_eq(select_write(b, 0x41, (uint8_t)(multi << 6 | 4), 8,
				       0), GOOD);
	write_run(b, lba, blocks, tag);
	ck_assert_uint_eq(send_cdb(b, "35 00 00 00 00 00 00 00 00 00"), GOOD);
	ck_assert_uint_eq(send_cdb(b, "5b 00 02 00 00 00 00 00 00 00"), GOOD);
}

uint32_t next_writable(struct bench *b)
{
	if (send_in(b, "52 01 00 00 00 ff 00 00 24 00", 36) != GOOD)
		return UINT32_MAX;
	ck_assert_uint_eq(b->cmd.moved, 36);
	return b->data[7] & 1 ? lathe_get_be32(b->data + 12) : UINT32_MAX;
}

uint32_t free_blocks(struct bench *b)
{
	ck_assert_uint_eq(send_in(b, "52 01 00 00 00 ff 00 00 24 00", 36),
			  GOOD);
	return lathe_get_be32(b->data + 16);
}

void bench_drive(struct bench *b, struct lathe_emulator_store *disc,
		 const char *personality)
{
	struct lathe_emulator_config config;

	memset(b, 0, sizeof(*b));
	memset(&config, 0, sizeof(config));
	config.size = sizeof(config);
	config.personality = personality;
	b->disc = disc;
	ck_assert_int_eq(lathe_emulator_create(&config, &b->drive), 0);
	lathe_emulator_insert(b->drive, disc);
	ck_assert_uint_eq(send_cdb(b, "00 00 00 00 00 00"), SENSE(6, 0x28, 0));
}

void bench_open(struct bench *b, enum lathe_emulator_media media,
		const char *personality, const char *faults)
{
	struct lathe_emulator_store *disc;

	ck_assert_int_eq(lathe_emulator_store_memory(NULL, media, &disc), 0);
	bench_drive(b, disc, personality);
	ck_assert_int_eq(lathe_emulator_set_faults(b->drive, faults), 0);
}

void bench_close(struct bench *b)
{
	lathe_emulator_destroy(b->drive);
	lathe_emulator_store_close(b->disc);
}
