/* SPDX-License-Identifier: MIT */
/*
 * System use fields: an option byte, then the entries of the root's own
 * record (a length, bytes; SP is put in front unless bit 7 of the option
 * byte is set), of five records in it (a length, bytes each), and of three
 * blocks, 40 to 42, for continuation areas and relocated directories (a
 * length of 16 bits, bytes each).
 * The five are a file, a directory at block 33, an empty file, a directory
 * RR_MOVED at block 34, in which there is one more directory, at block 41,
 * with entries of its own; the directories' own records have the next two.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

/* SUSP 5.3: check bytes BEh EFh, nothing skipped. */
static const uint8_t sharing[7] = { 'S', 'P', 7, 1, 0xBE, 0xEF, 0 };

struct area {
	struct fuzz_disc *disc;
	uint8_t *block;
	uint32_t at;
};

/* A record with system use, as much as there is room for in 255 bytes. */
static void put_record(struct area *area, const char *id, uint8_t id_len,
		       uint32_t lba, uint32_t bytes, uint8_t flags,
		       const uint8_t *use, size_t use_len)
{
	uint8_t record[256] = { 0 };
	uint32_t len = fuzz_record(record, id, id_len, lba, bytes, flags);

	if (use_len > 254 - len)
		use_len = 254 - len;
	if (use_len)
		memcpy(record + len, use, use_len);
	len += (uint32_t)use_len;
	len += len % 2;
	record[0] = (uint8_t)len;
	FUZZ_CHECK(area->at + len <= LATHE_BLOCK_BYTES);
	memcpy(area->block + area->at, record, len);
	area->at += len;
}

static void put_from(struct area *area, struct fuzz_input *in, const char *id,
		     uint8_t id_len, uint32_t lba, uint32_t bytes,
		     uint8_t flags)
{
	size_t len;
	uint8_t *use = fuzz_bytes(in, 220, &len);

	put_record(area, id, id_len, lba, bytes, flags, use, len);
	free(use);
}

static struct area begin(struct fuzz_disc *disc, uint32_t lba)
{
	struct area area = { disc, fuzz_disc_block(disc, lba), 0 };

	return area;
}

static void put_root(struct fuzz_disc *disc, struct fuzz_input *in,
		     bool without)
{
	struct area root = begin(disc, 32);
	uint8_t use[7 + 220];
	size_t len, skip = without ? 0 : sizeof(sharing);
	uint8_t *more = fuzz_bytes(in, 200, &len);

	memcpy(use, sharing, sizeof(sharing));
	memcpy(use + skip, more, len);
	free(more);
	put_record(&root, "", 1, 32, 2048, 2, use, skip + len);
	put_record(&root, "\1", 1, 32, 2048, 2, NULL, 0);
	put_from(&root, in, "FILE.;1", 7, 50, 3000, 0);
	put_from(&root, in, "DIR", 3, 33, 2048, 2);
	put_from(&root, in, "EMPTY.;1", 8, 0, 0, 0);
	put_from(&root, in, "RR_MOVED", 8, 34, 2048, 2);
}

static void put_inner(struct fuzz_disc *disc, struct fuzz_input *in)
{
	struct area moved = begin(disc, 34), dir = begin(disc, 33);

	put_record(&moved, "", 1, 34, 2048, 2, NULL, 0);
	put_record(&moved, "\1", 1, 32, 2048, 2, NULL, 0);
	put_from(&moved, in, "DEEP", 4, 41, 2048, 2);
	put_from(&dir, in, "", 1, 33, 2048, 2);
	put_from(&dir, in, "\1", 1, 32, 2048, 2);
}

static void put_block(struct fuzz_disc *disc, struct fuzz_input *in,
		      uint32_t lba)
{
	size_t len;
	uint8_t *bytes = fuzz_bytes(in, LATHE_BLOCK_BYTES, &len);

	memcpy(fuzz_disc_block(disc, lba), bytes, len);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	struct fuzz_disc *disc = fuzz_disc_empty(64, options & FUZZ_SINGLE);
	struct fuzz_import import;
	uint32_t lba;

	fuzz_disc_heads(disc, 32, LATHE_BLOCK_BYTES, 0, 0);
	put_root(disc, &in, options & 128);
	put_inner(disc, &in);
	for (lba = 40; lba < 43; lba++)
		put_block(disc, &in, lba);
	fuzz_import_run(&import, disc, 0, options | FUZZ_ROCK_RIDGE);
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
	return 0;
}
