/* SPDX-License-Identifier: MIT */
/*
 * tool_emu_server.c - a recorder for the scripts of this folder.
 *
 *	tool_emu_server create MEDIA FILE
 *	tool_emu_server serve FILE SOCKET [LOG [PERSONALITY [FAULTS]]]
 *	tool_emu_server state FILE
 *	tool_emu_server personalities
 *
 * 'serve' ends on SIGTERM; LOG gets a line for each command. 'state' prints
 * what the disc really holds, taken from the store and not by commands: one
 * line for the disc, one for each track.
 */
#define _POSIX_C_SOURCE 200809L
#include "mmc/emulator/lathe_emulator.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static volatile sig_atomic_t terminated;

static void on_signal(int number)
{
	(void)number;
	terminated = 1;
}

static bool stop(void *ctx)
{
	(void)ctx;
	return terminated != 0;
}

static void log_command(void *ctx, const char *text, size_t length)
{
	FILE *log = ctx;

	fwrite(text, 1, length, log);
	fputc('\n', log);
	fflush(log);
}

static int complain(const char *what, int err)
{
	fprintf(stderr, "tool_emu_server: %s: %s\n", what,
		lathe_err_meaning(err));
	return 1;
}

static int create(const char *media_name, const char *path)
{
	const struct lathe_hooks hooks = { 0 };
	enum lathe_emulator_media media;
	int err;

	err = lathe_emulator_media_find(media_name, &media);
	if (!err)
		err = lathe_emulator_store_create(&hooks, path, media);
	return err ? complain(path, err) : 0;
}

static int state(const char *path)
{
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *store;
	struct lathe_emulator_disc disc;
	struct lathe_emulator_track track;
	uint32_t number;
	int err;

	err = lathe_emulator_store_open(&hooks, path, &store);
	if (err)
		return complain(path, err);
	lathe_emulator_store_state(store, &disc);
	printf("disc %s sessions %u tracks %u next %u free %u limit %u\n",
	       disc.blank	? "blank" :
	       disc.appendable	? "appendable" :
	       disc.final	? "final" :
				  "other",
	       (unsigned)disc.sessions, (unsigned)disc.tracks,
	       (unsigned)disc.next_writable, (unsigned)disc.free_blocks,
	       (unsigned)disc.lead_out_limit);
	for (number = 1;
	     !lathe_emulator_store_track(store, number, &track); number++)
		printf("track %u session %u start %u blocks %u mode %u\n",
		       (unsigned)number, (unsigned)track.session,
		       (unsigned)track.start, (unsigned)track.blocks,
		       (unsigned)track.mode);
	lathe_emulator_store_close(store);
	return 0;
}

static int serve_drive(struct lathe_emulator *drive, const char *path,
		       const char *socket_path)
{
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_door door = { 0 };
	struct lathe_emulator_store *store;
	int err;

	err = lathe_emulator_store_open(&hooks, path, &store);
	if (err)
		return complain(path, err);
	lathe_emulator_insert(drive, store);
	door.socket_path = socket_path;
	door.autoload = true;
	door.stop = stop;
	err = lathe_emulator_serve(drive, &door);
	lathe_emulator_insert(drive, NULL);
	lathe_emulator_store_close(store);
	return err ? complain(socket_path, err) : 0;
}

static int serve(int argc, char **argv)
{
	struct lathe_emulator_config config = { .size = sizeof(config) };
	struct sigaction action = { .sa_handler = on_signal };
	struct lathe_emulator *drive;
	FILE *log = NULL;
	int err, status;

	/* Whoever the burner runs as, it may connect. */
	umask(0);
	sigaction(SIGTERM, &action, NULL);
	if (argc > 4 && argv[4][0])
		log = fopen(argv[4], "a");
	if (log) {
		config.command = log_command;
		config.command_ctx = log;
	}
	config.personality = argc > 5 ? argv[5] : NULL;
	config.faults = argc > 6 ? argv[6] : NULL;
	err = lathe_emulator_create(&config, &drive);
	if (err)
		return complain("drive", err);
	status = serve_drive(drive, argv[2], argv[3]);
	lathe_emulator_destroy(drive);
	if (log)
		fclose(log);
	return status;
}

/* Each rule that real drives keep in different ways has one. */
static int personalities(void)
{
	struct lathe_emulator_rule rule;
	uint32_t i;

	for (i = 0; lathe_emulator_rule(i, &rule); i++)
		if (rule.personality)
			printf("%s\n", rule.personality);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "create") == 0)
		return create(argv[2], argv[3]);
	if (argc == 3 && strcmp(argv[1], "state") == 0)
		return state(argv[2]);
	if (argc >= 4 && argc <= 7 && strcmp(argv[1], "serve") == 0)
		return serve(argc, argv);
	if (argc == 2 && strcmp(argv[1], "personalities") == 0)
		return personalities();
	fprintf(stderr, "usage: see the head of the source\n");
	return 2;
}
