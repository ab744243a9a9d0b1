/* SPDX-License-Identifier: MIT */
/* lib_files.h - a folder of a test's own, and the files of a disc in it. */
#ifndef LATHE_TEST_EMULATOR_FILES_H
#define LATHE_TEST_EMULATOR_FILES_H

#include "tests/emulator/lib_wire.h"

struct disc_files {
	char folder[200];
	char path[256];		/* blocks */
	char state_path[300];	/* text */
};

/* In $TMPDIR or /tmp; its name goes to "out". */
void make_folder(char *out, size_t bytes);

void files_create(struct disc_files *f);
void files_create_disc(struct disc_files *f, enum lathe_emulator_media media);
/* There may be nothing else in it. */
void files_remove(struct disc_files *f);
/* A drive with the disc of these files in it, ready. */
void files_open(struct bench *b, const struct disc_files *f);

#endif
