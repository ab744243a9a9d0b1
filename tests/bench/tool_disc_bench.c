/* SPDX-License-Identifier: MIT */
/*
 * tool_disc_bench.c - a whole BD-R on the emulated recorder, in WRITEs of 64
 * KiB: recorder, store of digests and the engine's runner together, without
 * the sources of an image. Every block is another one; the disc is judged by
 * what the store holds. The best of three, in one line: bd_cpu_seconds S
 * blocks N commands N
 */
#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CHUNK 32u

static uint8_t data[CHUNK * LATHE_BLOCK_BYTES];

/* Each block carries its number; the rest stays as it is. */
static void stamp(uint8_t *blocks, uint32_t lba, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++)
		lathe_put_be32(blocks + i * LATHE_BLOCK_BYTES, lba + i);
}

static int write_all(struct lathe_mmc *mmc, uint32_t lba, uint32_t end)
{
	int err = 0;

	for (; lba < end && !err; lba += CHUNK) {
		stamp(data, lba, CHUNK);
		err = lathe_mmc_write(mmc, lba, CHUNK, data);
	}
	return err;
}

static int burn(struct lathe_mmc *mmc, uint32_t *blocks)
{
	struct lathe_mmc_recording recording = { .track_blocks = 0 };
	struct lathe_mmc_medium medium;
	uint32_t start;
	int err;

	err = lathe_mmc_wait_ready(mmc, 60000);
	if (!err)
		err = lathe_mmc_read_medium(mmc, &medium);
	if (!err)
		err = lathe_mmc_begin_track(mmc, &medium, &recording, &start);
	if (err)
		return err;
	*blocks = medium.free_blocks;
	err = write_all(mmc, start, start + *blocks);
	if (!err)
		err = lathe_mmc_end_track(mmc);
	return err ? err : lathe_mmc_close_session(mmc, &medium, true);
}

/* A block in each of 1,000 places, and its neighbour's content, which it must
 * not have. */
static int judge(struct lathe_emulator_store *disc, uint32_t blocks)
{
	uint32_t i;

	for (i = 0; i < 1000; i++) {
		uint32_t lba = (uint32_t)((uint64_t)blocks * i / 1000);
		uint8_t *block = data + lba % CHUNK * LATHE_BLOCK_BYTES;

		stamp(block, lba, 1);
		if (!lathe_emulator_store_holds(disc, lba, block))
			return LATHE_ERR_VERIFY;
		stamp(block, lba + 1, 1);
		if (lathe_emulator_store_holds(disc, lba, block))
			return LATHE_ERR_VERIFY;
	}
	return 0;
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static int round_of(struct lathe_emulator *emulator, double *seconds,
		    uint32_t *blocks)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = emulator,
		.execute = lathe_emulator_execute,
		.now_ms = lathe_emulator_now_ms,
		.sleep_ms = lathe_emulator_sleep_ms,
	};
	struct lathe_emulator_store *disc;
	struct lathe_mmc mmc;
	double began = cpu_seconds();
	int err;

	err = lathe_emulator_store_digest(NULL, LATHE_EMULATOR_BD_R, NULL,
					  &disc);
	if (err)
		return err;
	lathe_emulator_insert(emulator, disc);
	err = lathe_mmc_init(&mmc, &config);
	if (!err)
		err = burn(&mmc, blocks);
	*seconds = cpu_seconds() - began;
	lathe_emulator_insert(emulator, NULL);
	if (!err)
		err = judge(disc, *blocks);
	lathe_emulator_store_close(disc);
	return err;
}

int main(void)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	struct lathe_emulator *emulator;
	double best = 0, seconds = 0;
	uint32_t i, blocks = 0, commands = 0;
	int err;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 2654435761u >> 13);
	err = lathe_emulator_create(&config, &emulator);
	for (i = 0; i < 3 && !err; i++) {
		commands = lathe_emulator_commands(emulator);
		err = round_of(emulator, &seconds, &blocks);
		commands = lathe_emulator_commands(emulator) - commands;
		if (!i || seconds < best)
			best = seconds;
	}
	if (err) {
		printf("burn: %s\n", lathe_err_name(err));
		return 1;
	}
	printf("bd_cpu_seconds %.2f blocks %lu commands %lu\n", best,
	       (unsigned long)blocks, (unsigned long)commands);
	lathe_emulator_destroy(emulator);
	return 0;
}
