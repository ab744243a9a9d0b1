/* SPDX-License-Identifier: MIT */
/*
 * A session on top of any disc: an option byte, the session's start (16
 * bits), what to change (a count, then pairs of bytes), a disc. What was
 * imported and changed, recorded, and imported again must be one and the same
 * tree: names, sizes, where the bytes are; and the new session is one of
 * ours, with the checksum that it says.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

#define MOST_NEW 16u

static const char text[] = "what is in a new file, more or less of it, ten "
			   "times over and again";

/* The n-th entry of a tree. */
struct nth {
	uint32_t left, node, kind;
};

static int count_down(void *ctx, const struct lathe_iso9660_entry *e)
{
	struct nth *nth = ctx;

	nth->node = e->node;
	nth->kind = (uint32_t)e->kind;
	return nth->left-- == 0;
}

static uint32_t find_nth(struct lathe_iso9660_tree *tree, uint32_t n,
			 uint32_t *kind)
{
	struct nth nth = { .left = n };

	lathe_iso9660_walk(tree, LATHE_ISO9660_ROOT, count_down, &nth);
	*kind = nth.kind;
	return nth.node;
}

static const char *const names[] = {
	"new", "NEW.TXT", "a", "readme.txt", "README.TXT", "file", "FILE1",
	"\xC3\xA4\xE6\x97\xA5.bin", "with space", "directory", "DIR",
	"a name that is longer than what ISO 9660 has room for.text",
};

static bool expected(int err)
{
	return err == 0 || err == LATHE_ERR_EXISTS || err == LATHE_ERR_LIMIT ||
	       err == LATHE_ERR_ARG || err == LATHE_ERR_NOT_FOUND;
}

static void change(struct lathe_iso9660_tree *tree, uint8_t what, uint8_t more)
{
	const char *name = names[more % (sizeof(names) / sizeof(names[0]))];
	uint32_t kind, made, node = find_nth(tree, more, &kind);
	struct lathe_iso9660_entry e;
	int err = 0;

	FUZZ_CHECK(lathe_iso9660_get(tree, node, &e) == 0);
	switch (what % 6) {
	case 0:
		err = lathe_iso9660_add_directory(
			tree, kind == LATHE_ISO9660_DIRECTORY ? node : e.parent,
			name, strlen(name), NULL, &made);
		break;
	case 1:
		if (node != LATHE_ISO9660_ROOT)
			err = lathe_iso9660_remove(tree, node);
		break;
	case 2:
		err = lathe_iso9660_rename(tree, node, LATHE_ISO9660_ROOT,
					   name, strlen(name));
		break;
	case 3:
		if (kind == LATHE_ISO9660_FILE)
			err = lathe_iso9660_add_link(
				tree, e.parent, name, strlen(name), NULL, node,
				what & 64 ? LATHE_ISO9660_REPLACE : 0, &made);
		break;
	default:
		err = lathe_iso9660_add_memory(
			tree, kind == LATHE_ISO9660_DIRECTORY ? node : e.parent,
			name, strlen(name), NULL, text,
			what % sizeof(text),
			what & 64 ? LATHE_ISO9660_REPLACE : 0, &made);
	}
	FUZZ_CHECK(expected(err));
}

struct changes {
	uint8_t what[MOST_NEW], more[MOST_NEW];
	uint32_t count;
};

static void read_changes(struct fuzz_input *in, struct changes *changes)
{
	uint32_t i;

	changes->count = fuzz_byte(in) % (MOST_NEW + 1);
	for (i = 0; i < changes->count; i++) {
		changes->what[i] = fuzz_byte(in);
		changes->more[i] = fuzz_byte(in);
	}
}

static uint32_t entries(const struct lathe_iso9660_tree *tree)
{
	struct lathe_iso9660_counts count;

	lathe_iso9660_count(tree, &count);
	return count.directories + count.files;
}

/* Names that Joliet could not hold differ, but none is lost. */
static void compare(struct fuzz_import *before, struct fuzz_import *after,
		    const char *want, bool renamed)
{
	char *got = fuzz_list(after->tree, false);

	if (!renamed && strcmp(want, got) != 0)
		printf("recorded:\n%sread back:\n%s", want, got);
	FUZZ_CHECK(renamed || strcmp(want, got) == 0);
	free(got);
	FUZZ_CHECK(entries(before->tree) == entries(after->tree));
}

static void append(struct fuzz_disc *disc, struct fuzz_import *import,
		   uint8_t options)
{
	uint32_t start = (disc->blocks + 31) / 32 * 32;
	struct lathe_iso9660_session previous = { 0, 0 };
	struct fuzz_import after;
	char *want = fuzz_list(import->tree, false);
	bool renamed;

	if (import->found.own)
		previous = import->found.self;
	/* It may claim more than there was. */
	if (previous.blocks > start - previous.start)
		previous.blocks = start - previous.start;
	if (fuzz_record_session(disc, import->tree, start, &previous, options,
				&renamed) == 0) {
		fuzz_import_run(&after, disc, start,
				options & (FUZZ_SINGLE | FUZZ_ROCK_RIDGE));
		FUZZ_CHECK(after.err == 0);
		FUZZ_CHECK(after.found.own);
		FUZZ_CHECK(after.found.self.start == start);
		FUZZ_CHECK(after.found.previous.blocks == previous.blocks);
		/* Empty files that one hierarchy alone has may change hands. */
		compare(import, &after, want,
			renamed || import->single);
		lathe_iso9660_tree_destroy(after.tree);
	}
	free(want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	uint32_t start = fuzz_u16(&in), i;
	struct fuzz_import import;
	struct changes changes;
	struct fuzz_disc *disc;

	read_changes(&in, &changes);
	disc = fuzz_disc_open(&in, options & FUZZ_SINGLE);
	start %= disc->blocks;
	if (options & FUZZ_SEAL)
		fuzz_disc_seal(disc, start + 16);
	/* No session is built on what is left. */
	fuzz_import_run(&import, disc, start,
			options & (uint8_t)~FUZZ_DAMAGED);
	if (import.err == 0) {
		for (i = 0; i < changes.count; i++)
			change(import.tree, changes.what[i], changes.more[i]);
		append(disc, &import, options);
	}
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
	return 0;
}
