/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include "tools/holder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 320u

/* Does the process have a descriptor that leads to the device? */
static bool holds(const char *process, dev_t device)
{
	const struct dirent *entry;
	char path[PATH_ROOM];
	struct stat st;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", process);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", process,
			 entry->d_name);
		found = stat(path, &st) == 0 &&
			(S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)) &&
			st.st_rdev == device;
	}
	closedir(dir);
	return found;
}

static void describe(const char *process, char *text, size_t room)
{
	char path[PATH_ROOM], name[64] = "a program";
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", process);
	file = fopen(path, "r");
	if (file) {
		if (fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = 0;
		fclose(file);
	}
	snprintf(text, room, "%s (process %.20s)", name, process);
}

bool find_holder(const char *node, char *text, size_t room)
{
	const struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	if (stat(node, &st) || !(dir = opendir("/proc")))
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		long number = strtol(entry->d_name, NULL, 10);

		if (number <= 0 || number == (long)getpid() ||
		    !holds(entry->d_name, st.st_rdev))
			continue;
		describe(entry->d_name, text, room);
		found = true;
	}
	closedir(dir);
	return found;
}
