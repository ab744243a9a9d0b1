/* SPDX-License-Identifier: MIT */
/*
 * lathe drives: which recorders are here, and what is in them. Linux names
 * them in /sys; without that, the usual device nodes are tried.
 */
#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/lathe_session.h"
#include "tools/drive.h"
#include "tools/json.h"
#include "tools/options.h"

#define NODES_MAX 64u
#define NODE_ROOM 300u
#define TYPE_CD 5 /* peripheral device type, SPC-3 6.4.2 */

struct nodes {
	char path[NODES_MAX][NODE_ROOM];
	unsigned count;
};

struct drives {
	bool json, verbose;
};

static const struct option options[] = { { 0, "json", OPTION_FLAG,
					   offsetof(struct drives, json), NULL,
					   "one JSON object a line" },
					 OPTION_VERBOSE(struct drives),
					 OPTION_END };

/* ---- finding them ------------------------------------------------------- */

static void add_node(struct nodes *nodes, const char *name)
{
	char *path;

	if (nodes->count == NODES_MAX)
		return;
	path = nodes->path[nodes->count];
	snprintf(path, NODE_ROOM, "/dev/%s", name);
	if (access(path, F_OK) == 0)
		nodes->count++;
}

/* A generic node counts where its device has no sr node. */
static bool lonely_cd(const char *name)
{
	char path[NODE_ROOM + 64];
	FILE *file;
	int type = -1;

	snprintf(path, sizeof(path), "/sys/class/scsi_generic/%s/device/block",
		 name);
	if (access(path, F_OK) == 0)
		return false;
	snprintf(path, sizeof(path), "/sys/class/scsi_generic/%s/device/type",
		 name);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%d", &type) != 1)
		type = -1;
	fclose(file);
	return type == TYPE_CD;
}

/* False: there is no such directory. */
static bool scan(struct nodes *nodes, const char *folder, const char *prefix,
		 bool (*wanted)(const char *name))
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;

	if (!dir)
		return false;
	for (entry = readdir(dir); entry; entry = readdir(dir))
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 &&
		    (!wanted || wanted(entry->d_name)))
			add_node(nodes, entry->d_name);
	closedir(dir);
	return true;
}

static void guess(struct nodes *nodes)
{
	char name[8];
	int i;

	for (i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "sr%d", i);
		add_node(nodes, name);
	}
}

static int compare(const void *a, const void *b)
{
	size_t x = strlen(a), y = strlen(b);

	/* sr10 behind sr9 */
	return x != y ? (x < y ? -1 : 1) : strcmp(a, b);
}

static void find_nodes(struct nodes *nodes)
{
	nodes->count = 0;
	if (!scan(nodes, "/sys/class/block", "sr", NULL))
		guess(nodes);
	scan(nodes, "/sys/class/scsi_generic", "sg", lonely_cd);
	qsort(nodes->path, nodes->count, sizeof(nodes->path[0]), compare);
}

/* ---- showing them ------------------------------------------------------- */

static void show_text(const char *node, const struct lathe_mmc_drive *drive,
		      const struct lathe_mmc_medium *medium)
{
	printf("%-10s %-8s %-16s %-4s  ", node, drive->vendor, drive->product,
	       drive->revision);
	if (medium->kind == LATHE_MMC_KIND_NONE)
		puts("no disc");
	else
		printf("%s, %s, %s\n", lathe_mmc_kind_name(medium->kind),
		       lathe_mmc_status_name(medium->status),
		       counted(medium->sessions, "session", "sessions").text);
}

static void show_json(const char *node, const struct lathe_mmc_drive *drive,
		      const struct lathe_mmc_medium *medium)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "device", node);
	json_text(&json, "vendor", drive->vendor);
	json_text(&json, "product", drive->product);
	json_text(&json, "revision", drive->revision);
	json_text(&json, "kind", lathe_mmc_kind_name(medium->kind));
	json_text(&json, "status", lathe_mmc_status_name(medium->status));
	json_number(&json, "sessions", medium->sessions);
	json_object_end(&json);
	json_line(&json);
}

static int show(struct tool *tool, const char *node, bool as_json)
{
	struct drive_options drive_options = { .device = node };
	struct lathe_mmc_medium medium;
	struct lathe_mmc_drive inquiry;
	struct drive drive;
	int status, err;

	status = drive_open(tool, &drive_options, DRIVE_READ, &drive);
	if (status)
		return status;
	err = lathe_mmc_read_drive(&drive.mmc, &inquiry);
	if (err == 0)
		err = lathe_mmc_read_medium(&drive.mmc, &medium);
	if (err)
		status = drive_complain(tool, &drive, err);
	else if (as_json)
		show_json(node, &inquiry, &medium);
	else
		show_text(node, &inquiry, &medium);
	return drive_close(&drive, status);
}

static int show_all(struct tool *tool, const struct nodes *nodes, bool as_json)
{
	int status = STATUS_OK, one;
	unsigned i;

	if (nodes->count == 0)
		return complain_why(tool, LATHE_ERR_NO_DEVICE,
				    "connect one, or make one with lathe emu "
				    "create FILE",
				    "no recorder is here");
	for (i = 0; i < nodes->count; i++) {
		one = show(tool, nodes->path[i], as_json);
		status = status ? status : one;
	}
	return finish_output(tool, status);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct drives drives = { .json = false };
	struct nodes *nodes;
	int status;

	if (!options_parse(tool, &command_drives, argc, argv, &drives,
			   NO_OPERANDS, &status))
		return status;
	tool->verbose = drives.verbose;
	nodes = must_realloc(NULL, sizeof(*nodes));
	find_nodes(nodes);
	status = show_all(tool, nodes, drives.json);
	free(nodes);
	return status;
}

const struct command command_drives = {
	.name = "drives",
	.arguments = "[--json]",
	.summary = "List the recorders here, and what is in them",
	.options = options,
	.run = run,
};
