/* SPDX-License-Identifier: MIT */
/*
 * What was made in this run, by device and number: to a file system that knows
 * one case alone, or one form of Unicode, several names of the disc may be one.
 * The second one does not take the place of the first. FAT makes numbers up
 * anew for what it has not at hand any more, so paths are noted as well,
 * without their case.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/extract.h"
#include "tools/fold.h"

/* Never 0, which is an empty place. */
static uint64_t hash_of(const struct stat *st)
{
	uint64_t hash = (uint64_t)st->st_ino * UINT64_C(0x9e3779b97f4a7c15);

	hash ^= hash >> 32;
	hash += (uint64_t)st->st_dev;
	hash *= UINT64_C(0xd6e8feb86659fd93);
	hash ^= hash >> 32;
	return hash ? hash : 1;
}

/* Where it is, or is to be. */
static uint64_t *place_of(const struct extract_made *made, uint64_t hash)
{
	size_t i = (size_t)hash & (made->room - 1);

	while (made->hash[i] && made->hash[i] != hash)
		i = (i + 1) & (made->room - 1);
	return &made->hash[i];
}

static void grow(struct extract_made *made)
{
	struct extract_made larger = { .room = made->room ? made->room * 2
							  : 1024 };
	size_t i;

	larger.hash = must_realloc(NULL, larger.room * sizeof(*larger.hash));
	memset(larger.hash, 0, larger.room * sizeof(*larger.hash));
	for (i = 0; i < made->room; i++)
		if (made->hash[i])
			*place_of(&larger, made->hash[i]) = made->hash[i];
	larger.count = made->count;
	free(made->hash);
	*made = larger;
}

static void add(struct extract_made *made, uint64_t hash)
{
	uint64_t *place;

	if (made->count * 2 >= made->room)
		grow(made);
	place = place_of(made, hash);
	made->count += *place == 0;
	*place = hash;
}

void extract_made_add(struct extract *extract, const struct stat *st)
{
	add(&extract->made, hash_of(st));
}

bool extract_made_has(const struct extract *extract, int directory,
		      const char *name)
{
	struct stat st;

	return extract->made.count > 0 &&
	       fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       *place_of(&extract->made, hash_of(&st)) != 0;
}

/* From the name to those of the directories above. FAT takes no dots at the
 * end of a name. */
static uint64_t hash_of_path(const struct extract *extract,
			     const struct lathe_iso9660_entry *entry)
{
	struct lathe_iso9660_entry at = *entry;
	uint64_t hash = FOLD_BEGIN;
	size_t len;

	do {
		len = at.name_len;
		while (len > 0 && at.name[len - 1] == '.')
			len--;
		hash = fold_mix(fold_name(hash, at.name, len), '/');
	} while (at.parent != LATHE_ISO9660_ROOT &&
		 lathe_iso9660_get(extract->tree, at.parent, &at) == 0);
	return hash ? hash : 1;
}

void extract_made_name(struct extract *extract,
		       const struct lathe_iso9660_entry *entry)
{
	add(&extract->made, hash_of_path(extract, entry));
}

bool extract_made_named(const struct extract *extract,
			const struct lathe_iso9660_entry *entry)
{
	return extract->made.count > 0 &&
	       *place_of(&extract->made, hash_of_path(extract, entry)) != 0;
}
