/* SPDX-License-Identifier: MIT */
/*
 * readme_main.c - runs the examples of README.md: records the folder twice on
 * a CD-R that exists in memory, and looks at the disc itself whether both
 * sessions and the folder's contents are there; makes an image of the folder;
 * opens something that is no drive.
 */
#define _POSIX_C_SOURCE 200809L /* fileno */

#include "mmc/emulator/lathe_emulator.h"
#include "mmc/lathe_mmc.h"

#include <stdio.h>
#include <string.h>

int record_folder(struct lathe_mmc *drive, const char *folder);
int open_drive(struct lathe_mmc_sgio *node, const char *path,
	       struct lathe_mmc *drive);
int write_image(const char *folder, int fd);

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

/* Some block of the image begins with 'text', and there is a descriptor of
 * Joliet. */
static int image_of(const char *folder, const char *text, const char *path)
{
	FILE *file = fopen(path, "w+b");
	char block[LATHE_BLOCK_BYTES];
	bool volume = false, found = false;
	int err = file ? write_image(folder, fileno(file)) : LATHE_ERR_IO;

	if (err) {
		if (file)
			fclose(file);
		return failed("write_image", err);
	}
	rewind(file);
	while (fread(block, sizeof(block), 1, file) == 1) {
		volume = volume || memcmp(block, "\2CD001\1", 7) == 0;
		found = found || memcmp(block, text, strlen(text)) == 0;
	}
	fclose(file);
	if (!volume || !found)
		return failed("the image is not as it should be", 0);
	return 0;
}

static int no_drive(void)
{
	struct lathe_mmc_sgio node;
	struct lathe_mmc drive;
	int err = open_drive(&node, "/dev/null", &drive);

	return err == LATHE_ERR_UNSUPPORTED ? 0 : failed("open_drive", err);
}

static int on_disc(const char *folder, const char *text)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *store;
	struct lathe_emulator *recorder;
	int err, status;

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
	status = record_twice(store, recorder, folder, text);
	lathe_emulator_insert(recorder, NULL);
	lathe_emulator_destroy(recorder);
	lathe_emulator_store_close(store);
	return status;
}

int main(int argc, char **argv)
{
	int status;

	if (argc != 4)
		return 2;
	status = on_disc(argv[1], argv[2]);
	if (status == 0)
		status = image_of(argv[1], argv[2], argv[3]);
	return status ? status : no_drive();
}
