/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/emulator/lib_files.h"

void make_folder(char *out, size_t bytes)
{
	const char *base = getenv("TMPDIR");

	snprintf(out, bytes, "%s/e.XXXXXX", base && *base ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(out));
}

void files_create(struct disc_files *f)
{
	make_folder(f->folder, sizeof(f->folder));
	snprintf(f->path, sizeof(f->path), "%s/disc", f->folder);
	snprintf(f->state_path, sizeof(f->state_path), "%s.disc", f->path);
}

void files_create_disc(struct disc_files *f, enum lathe_emulator_media media)
{
	files_create(f);
	ck_assert_int_eq(lathe_emulator_store_create(NULL, f->path, media), 0);
}

void files_remove(struct disc_files *f)
{
	unlink(f->path);
	unlink(f->state_path);
	ck_assert_int_eq(rmdir(f->folder), 0);
}

void files_open(struct bench *b, const struct disc_files *f)
{
	struct lathe_emulator_store *disc;

	ck_assert_int_eq(lathe_emulator_store_open(NULL, f->path, &disc), 0);
	bench_drive(b, disc, NULL);
}
