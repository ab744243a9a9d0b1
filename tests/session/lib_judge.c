/* SPDX-License-Identifier: MIT */
/*
 * lib_judge.c - reads the blocks that a disc really holds, by ECMA-119 and
 * the Joliet specification, and compares them with what should be there. It
 * shares nothing with the engine.
 */
#include "tests/session/lib_rig.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct met {
	char path[128];
	uint32_t lba, size;
};

struct judge {
	struct lathe_emulator_store *store;
	bool joliet;
	struct met met[MODEL_FILES];
	uint32_t count;
	uint32_t folders;
	char text[256];
};

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static bool peek(struct judge *judge, uint32_t lba, uint8_t *out)
{
	if (lathe_emulator_store_peek(judge->store, lba, out) ==
	    LATHE_EMULATOR_BLOCK_DATA)
		return true;
	snprintf(judge->text, sizeof(judge->text), "block %u holds no data",
		 lba);
	return false;
}

/* ---- names -------------------------------------------------------------- */

/* UCS-2BE of the Basic Multilingual Plane as UTF-8. */
static void wide_name(const uint8_t *id, uint32_t bytes, char *out)
{
	uint32_t i;

	for (i = 0; i + 1 < bytes; i += 2) {
		uint32_t c = (uint32_t)id[i] << 8 | id[i + 1];

		if (c < 0x80) {
			*out++ = (char)c;
		} else if (c < 0x800) {
			*out++ = (char)(0xC0 | c >> 6);
			*out++ = (char)(0x80 | (c & 0x3F));
		} else {
			*out++ = (char)(0xE0 | c >> 12);
			*out++ = (char)(0x80 | (c >> 6 & 0x3F));
			*out++ = (char)(0x80 | (c & 0x3F));
		}
	}
	*out = 0;
}

static void name_of(const struct judge *judge, const uint8_t *record,
		    char *out)
{
	size_t len;

	if (judge->joliet) {
		wide_name(record + 33, record[32], out);
	} else {
		memcpy(out, record + 33, record[32]);
		out[record[32]] = 0;
	}
	len = strlen(out);
	if (len > 2 && strcmp(out + len - 2, ";1") == 0)
		out[len - 2] = 0;
}

/* ---- directories -------------------------------------------------------- */

static bool walk(struct judge *judge, uint32_t lba, uint32_t size,
		 const char *path, int depth);

/* ECMA-119 9.1: one directory record. */
static bool one_record(struct judge *judge, const uint8_t *record,
		       const char *path, int depth)
{
	char name[256 * 3], full[sizeof(judge->met[0].path)];
	uint32_t lba = le32(record + 2), size = le32(record + 10);
	struct met *met;

	if (lba != be32(record + 6) || size != be32(record + 14)) {
		snprintf(judge->text, sizeof(judge->text),
			 "halves of a number differ in /%s", path);
		return false;
	}
	if (record[32] == 1 && record[33] < 2)
		return true;
	name_of(judge, record, name);
	if ((size_t)snprintf(full, sizeof(full), "%s%s%s", path,
			     path[0] ? "/" : "", name) >= sizeof(full)) {
		snprintf(judge->text, sizeof(judge->text), "path too long");
		return false;
	}
	if (record[25] & 2) {
		judge->folders++;
		return walk(judge, lba, size, full, depth + 1);
	}
	if (judge->count == MODEL_FILES) {
		snprintf(judge->text, sizeof(judge->text), "too many files");
		return false;
	}
	met = &judge->met[judge->count++];
	memcpy(met->path, full, sizeof(full));
	met->lba = lba;
	met->size = size;
	return true;
}

static bool walk(struct judge *judge, uint32_t lba, uint32_t size,
		 const char *path, int depth)
{
	uint8_t block[2048];
	uint32_t at, i;

	if (depth > 16 || !size || size % 2048) {
		snprintf(judge->text, sizeof(judge->text),
			 "the directory /%s has %u bytes", path, size);
		return false;
	}
	for (i = 0; i < size / 2048; i++) {
		if (!peek(judge, lba + i, block))
			return false;
		for (at = 0; at < 2048 && block[at]; at += block[at]) {
			if (block[at] < 34 || at + block[at] > 2048 ||
			    33u + block[at + 32] > block[at]) {
				snprintf(judge->text, sizeof(judge->text),
					 "a bad record in /%s", path);
				return false;
			}
			if (!one_record(judge, block + at, path, depth))
				return false;
		}
	}
	return true;
}

/* ---- volumes ------------------------------------------------------------ */

/* ECMA-119 8.4 and 8.5: find the descriptor, walk from its root record. */
static bool read_hierarchy(struct judge *judge, uint32_t start, bool joliet)
{
	uint8_t block[2048];
	uint32_t i;

	judge->joliet = joliet;
	for (i = 16; i < 32; i++) {
		if (!peek(judge, start + i, block))
			return false;
		if (memcmp(block + 1, "CD001", 5) != 0 || block[0] == 255)
			break;
		if (block[0] != (joliet ? 2 : 1))
			continue;
		if (joliet && memcmp(block + 88, "%/E", 3) != 0)
			continue;
		return walk(judge, le32(block + 158), le32(block + 166), "",
			    0);
	}
	snprintf(judge->text, sizeof(judge->text), "no descriptor %s",
		 joliet ? "of Joliet" : "of ISO 9660");
	return false;
}

static bool same_content(struct judge *judge, const struct met *met,
			 const struct model_file *file)
{
	uint8_t block[2048];
	uint32_t at, n, i;

	if (met->size != file->size) {
		snprintf(judge->text, sizeof(judge->text),
			 "%s has %u bytes, not %u", file->path, met->size,
			 file->size);
		return false;
	}
	for (at = 0; at < file->size; at += 2048) {
		if (!peek(judge, met->lba + at / 2048, block))
			return false;
		n = file->size - at < 2048 ? file->size - at : 2048;
		if (memcmp(block, file->data + at, n) != 0) {
			snprintf(judge->text, sizeof(judge->text),
				 "%s differs in block %u, at %u", file->path,
				 at / 2048, met->lba + at / 2048);
			return false;
		}
		for (i = n; i < 2048; i++)
			if (block[i]) {
				snprintf(judge->text, sizeof(judge->text),
					 "%s is not followed by zeros",
					 file->path);
				return false;
			}
	}
	return true;
}

static bool compare(struct judge *judge, const struct model *model,
		    bool (*exempt)(void *ctx, const char *path), void *ctx)
{
	uint32_t i, j;

	for (i = 0; i < model->count; i++) {
		const struct model_file *file = &model->file[i];

		for (j = 0; j < judge->count; j++)
			if (strcmp(judge->met[j].path, file->path) == 0)
				break;
		if (j == judge->count) {
			snprintf(judge->text, sizeof(judge->text),
				 "%s is missing", file->path);
			return false;
		}
		if (exempt && exempt(ctx, file->path))
			continue;
		if (!same_content(judge, &judge->met[j], file))
			return false;
	}
	if (judge->count == model->count)
		return true;
	snprintf(judge->text, sizeof(judge->text), "%u files, not %u",
		 judge->count, model->count);
	return false;
}

/* Each file of one hierarchy is one of the other, by its extent. */
static bool same_extents(struct judge *judge, const struct met *other,
			 uint32_t count)
{
	bool taken[MODEL_FILES] = { false };
	uint32_t i, j;

	if (judge->count != count) {
		snprintf(judge->text, sizeof(judge->text),
			 "ISO 9660 has %u files, Joliet %u", judge->count,
			 count);
		return false;
	}
	for (i = 0; i < count; i++) {
		for (j = 0; j < count; j++)
			if (!taken[j] && judge->met[j].size == other[i].size &&
			    (!other[i].size ||
			     judge->met[j].lba == other[i].lba))
				break;
		if (j == count) {
			snprintf(judge->text, sizeof(judge->text),
				 "%s is not the same in ISO 9660",
				 other[i].path);
			return false;
		}
		taken[j] = true;
	}
	return true;
}

const char *judge_volume(struct lathe_emulator_store *store, uint32_t start,
			 const struct model *model,
			 bool (*exempt)(void *ctx, const char *path),
			 void *ctx)
{
	static char text[256];
	struct judge *judge = calloc(2, sizeof(*judge));
	struct judge *joliet = judge, *iso = judge + 1, *bad = NULL;

	ck_assert_ptr_nonnull(judge);
	joliet->store = iso->store = store;
	if (!read_hierarchy(joliet, start, true) ||
	    !compare(joliet, model, exempt, ctx))
		bad = joliet;
	else if (!read_hierarchy(iso, start, false) ||
		 !same_extents(iso, joliet->met, joliet->count))
		bad = iso;
	if (bad)
		memcpy(text, bad->text, sizeof(text));
	free(judge);
	return bad ? text : NULL;
}

uint32_t judge_session(struct lathe_emulator_store *store, uint32_t number)
{
	struct lathe_emulator_track track;
	uint32_t i;

	for (i = 1; !lathe_emulator_store_track(store, i, &track); i++)
		if (track.session == number)
			return track.start;
	return UINT32_MAX;
}

bool judge_same(struct lathe_emulator_store *a, struct lathe_emulator_store *b,
		uint32_t end)
{
	uint8_t one[2048], two[2048];
	enum lathe_emulator_block kind;
	uint32_t lba;

	if (strcmp(lathe_emulator_store_text(a),
		   lathe_emulator_store_text(b)) != 0)
		return false;
	for (lba = 0; lba < end; lba++) {
		kind = lathe_emulator_store_peek(a, lba, one);
		if (kind != lathe_emulator_store_peek(b, lba, two))
			return false;
		if (kind == LATHE_EMULATOR_BLOCK_DATA &&
		    memcmp(one, two, sizeof(one)) != 0)
			return false;
	}
	return true;
}
