/* SPDX-License-Identifier: MIT */
/*
 * tool_burn_bench.c - small burns on the emulated recorder, per CPU second:
 * a blank CD-R restored from a snapshot, 20 files with 64 KiB in all, choose,
 * plan, track at once, close, read everything back. One line:
 * burns_per_cpu_second N
 */
#include "mmc/emulator/lathe_emulator.h"
#include "session/lathe_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILES 20
#define BYTES (65536u / FILES)
#define AT_LEAST_SECONDS 2.0

static uint8_t data[FILES][BYTES];

static int stage(struct lathe_session_master *master)
{
	struct lathe_iso9660_tree *tree;
	uint32_t i, node, folder;
	char name[32];
	int err;

	err = lathe_session_edit(master, &tree);
	if (!err)
		err = lathe_iso9660_add_directory(tree, LATHE_ISO9660_ROOT,
						  "folder", 6, NULL, &folder);
	for (i = 0; i < FILES && !err; i++) {
		int len = snprintf(name, sizeof(name), "file number %u.dat",
				   (unsigned)i);

		err = lathe_iso9660_add_memory(
			tree, i % 2 ? folder : LATHE_ISO9660_ROOT, name,
			(size_t)len, NULL, data[i], BYTES, 0, &node);
	}
	return err ? err : lathe_session_commit(master);
}

static int burn(struct lathe_mmc *mmc)
{
	struct lathe_session_config config = { .size = sizeof(config),
					       .map_names = true };
	struct lathe_session_record_options options = {
		.size = sizeof(options), .verify = LATHE_SESSION_VERIFY_FULL
	};
	struct lathe_session_report report;
	struct lathe_session_master *master;
	int err;

	err = lathe_session_master_create(&config, &master);
	if (err)
		return err;
	err = lathe_session_set_format(master, LATHE_SESSION_FORMAT_JOLIET);
	if (!err)
		err = lathe_session_set_recorder(master, mmc);
	if (!err)
		err = stage(master);
	if (!err)
		err = lathe_session_record(master, &options, &report);
	if (!err && (!report.verified ||
		     report.end != LATHE_SESSION_END_APPENDABLE))
		err = LATHE_ERR_VERIFY;
	lathe_session_master_destroy(master);
	return err;
}

/* One burn on a copy of the blank disc. */
static int round_of(struct lathe_emulator *emulator,
		    struct lathe_emulator_store *blank)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = emulator,
		.execute = lathe_emulator_execute,
		.now_ms = lathe_emulator_now_ms,
		.sleep_ms = lathe_emulator_sleep_ms,
	};
	struct lathe_emulator_store *store;
	struct lathe_mmc mmc;
	int err;

	err = lathe_emulator_store_snapshot(blank, &store);
	if (err)
		return err;
	lathe_emulator_insert(emulator, store);
	err = lathe_mmc_init(&mmc, &config);
	if (!err)
		err = burn(&mmc);
	lathe_emulator_insert(emulator, NULL);
	lathe_emulator_store_close(store);
	return err;
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

int main(void)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *blank;
	struct lathe_emulator *emulator;
	unsigned burns = 0;
	double began, spent;
	uint32_t i;
	int err;

	for (i = 0; i < sizeof(data); i++)
		data[i / BYTES][i % BYTES] = (uint8_t)(i * 2654435761u >> 13);
	err = lathe_emulator_store_memory(&hooks, LATHE_EMULATOR_CD_R_80,
					  &blank);
	if (!err)
		err = lathe_emulator_create(&config, &emulator);
	for (i = 0; i < 20 && !err; i++)	/* warm up */
		err = round_of(emulator, blank);
	began = cpu_seconds();
	do {
		for (i = 0; i < 20 && !err; i++, burns++)
			err = round_of(emulator, blank);
		spent = cpu_seconds() - began;
	} while (!err && spent < AT_LEAST_SECONDS);
	if (err) {
		printf("burn: %s\n", lathe_err_name(err));
		return 1;
	}
	printf("burns_per_cpu_second %.0f\n", burns / spent);
	lathe_emulator_destroy(emulator);
	lathe_emulator_store_close(blank);
	return 0;
}
