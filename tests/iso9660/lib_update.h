/* SPDX-License-Identifier: MIT */
/*
 * What tests of updates share: a folder "in" of this host, and a tree that is
 * recorded with Rock Ridge and Joliet, session by session, and taken over
 * from there.
 */
#ifndef TESTS_ISO9660_LIB_UPDATE_H
#define TESTS_ISO9660_LIB_UPDATE_H

#include <time.h>

#include "tests/iso9660/lib_image.h"

#define UPDATE LATHE_ISO9660_UPDATE
#define MIRROR LATHE_ISO9660_MIRROR

extern char told[4096];		/* by the host: "why:path ..." */
extern char text[1 << 16];	/* of dump() */
extern struct lathe_iso9660_host_config config;
extern struct lathe_iso9660_host_totals totals;
extern struct lathe_iso9660_tree *tree;
extern struct lathe_iso9660_host *host;
extern struct heap heap;

void update_setup(void);
void update_teardown(void);

/* A host with 'config'. */
void new_host(void);

/* Date of a file; one second for all below a folder. */
void age(const char *path, time_t seconds);
void age_all(const char *path);
void put(const char *path, const char *content);

int add(const char *name, const char *path, uint32_t flags);
int finish(void);
/* The contents of "in", as an update that must succeed. */
void update(uint32_t flags);
void expect(uint32_t added, uint32_t replaced, uint32_t removed,
	    uint32_t attributes);

/*
 * "/path/" a directory; "/path=5" an imported file of 5 bytes, "+" a new one,
 * "@" a further name; ">text=5" a symbolic link and its content;
 * "!10000" a special file.
 */
const char *dump(void);

/* Record the tree, with modes and owners, and take it over from the volume. */
void record(void);
void record_with(const struct lathe_iso9660_rock_ridge_options *rock);
/* in/: a, sub/b, sub/c; all recorded. */
void record_three(void);

#endif
