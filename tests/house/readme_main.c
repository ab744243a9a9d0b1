/* SPDX-License-Identifier: MIT */
/*
 * readme_main.c - runs the example of README.md: records the folder twice on
 * a CD-R that exists in memory, and looks at the disc itself whether both
 * sessions and the folder's contents are there.
 */
#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"

#include <stdio.h>
#include <string.h>

int record_folder(struct lathe_mmc *drive, const char *folder);

static int failed(const char *what, int err)
{
	printf("%s: %s\n", what, lathe_err_name(err));
	return 1;
}

/* Some data block of the disc begins with 'text'. */
static bool holds(struct lathe_emulator_store *store, uint32_t end,
		  const char *text)
{
	uint8_t block[LATHE_BLOCK_BYTES];
	uint32_t lba;

	for (lba = 0; lba < end; lba++)
		if (lathe_emulator_store_peek(store, lba, block) ==
			    LATHE_EMULATOR_BLOCK_DATA &&
		    memcmp(block, text, strlen(text)) == 0)
			return true;
	return false;
}

static int record_twice(struct lathe_emulator_store *store,
			struct lathe_emulator *recorder, const char *folder,
			const char *text)
{
	struct lathe_mmc_config config = {
		.size = sizeof(config),
		.ctx = recorder,
		.execute = lathe_emulator_execute,
		.now_ms = lathe_emulator_now_ms,
		.sleep_ms = lathe_emulator_sleep_ms,
	};
	struct lathe_emulator_disc disc;
	struct lathe_mmc drive;
	uint32_t session;
	int err;

	for (session = 1; session <= 2; session++) {
		err = lathe_mmc_init(&drive, &config);
		if (!err)
			err = record_folder(&drive, folder);
		if (err)
			return failed("record_folder", err);
		lathe_emulator_store_state(store, &disc);
		if (disc.sessions != session || !disc.appendable)
			return failed("the disc is not as it should be", 0);
	}
	if (!holds(store, disc.next_writable, text))
		return failed("the file is not on the disc", 0);
	return 0;
}

int main(int argc, char **argv)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *store;
	struct lathe_emulator *recorder;
	int err, status;

	if (argc != 3)
		return 2;
	err = lathe_emulator_store_memory(&hooks, LATHE_EMULATOR_CD_R_80,
					  &store);
	if (err)
		return failed("store", err);
	err = lathe_emulator_create(&config, &recorder);
	if (err) {
		lathe_emulator_store_close(store);
		return failed("recorder", err);
	}
	lathe_emulator_insert(recorder, store);
	status = record_twice(store, recorder, argv[1], argv[2]);
	lathe_emulator_insert(recorder, NULL);
	lathe_emulator_destroy(recorder);
	lathe_emulator_store_close(store);
	return status;
}
