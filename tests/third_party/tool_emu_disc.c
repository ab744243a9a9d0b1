/* SPDX-License-Identifier: MIT */
/*
 * tool_emu_disc.c - what an emulated disc really holds, for the scripts of
 * this folder: taken from the store, not by commands to a drive.
 *
 *	tool_emu_disc state FILE	a line for the disc, one for each track
 *	tool_emu_disc personalities	the names, one a line
 */
#include "mmc/emulator/lathe_emulator.h"

#include <stdio.h>
#include <string.h>

static const char *kind_of(const struct lathe_emulator_disc *disc)
{
	if (disc->blank)
		return "blank";
	if (disc->appendable)
		return "appendable";
	return disc->final ? "final" : "other";
}

static void print_state(struct lathe_emulator_store *store)
{
	struct lathe_emulator_track track;
	struct lathe_emulator_disc disc;
	uint32_t number;

	lathe_emulator_store_state(store, &disc);
	printf("disc %s sessions %u tracks %u open %d next %u free %u "
	       "limit %u\n",
	       kind_of(&disc), (unsigned)disc.sessions, (unsigned)disc.tracks,
	       disc.track_open, (unsigned)disc.next_writable,
	       (unsigned)disc.free_blocks, (unsigned)disc.lead_out_limit);
	for (number = 1; !lathe_emulator_store_track(store, number, &track);
	     number++)
		printf("track %u session %u start %u blocks %u mode %u\n",
		       (unsigned)number, (unsigned)track.session,
		       (unsigned)track.start, (unsigned)track.blocks,
		       (unsigned)track.mode);
}

static int state(const char *path)
{
	const struct lathe_hooks hooks = { 0 };
	struct lathe_emulator_store *store;
	int err = lathe_emulator_store_open(&hooks, path, &store);

	if (err) {
		fprintf(stderr, "%s: %s\n", path, lathe_err_meaning(err));
		return 1;
	}
	print_state(store);
	lathe_emulator_store_close(store);
	return 0;
}

/* Each rule that real drives keep in different ways has one. */
static int personalities(void)
{
	struct lathe_emulator_rule_row rule;
	uint32_t i;

	for (i = 0; lathe_emulator_rule(i, &rule); i++)
		if (rule.personality)
			printf("%s\n", rule.personality);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "state") == 0)
		return state(argv[2]);
	if (argc == 2 && strcmp(argv[1], "personalities") == 0)
		return personalities();
	fprintf(stderr, "usage: see the head of the source\n");
	return 2;
}
