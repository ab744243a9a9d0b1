/* SPDX-License-Identifier: MIT */
/*
 * Directories: an option byte, then the bytes of the root directory of
 * ISO 9660 and of that of Joliet, which may be empty: up to four blocks each.
 * They begin at blocks 32 and 40; what is in them may point anywhere on a
 * disc of 64 blocks, at each other too.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"

static uint32_t put_directory(struct fuzz_disc *disc, struct fuzz_input *in,
			      uint32_t lba)
{
	size_t len, at, now;
	uint8_t *bytes = fuzz_bytes(in, 4 * LATHE_BLOCK_BYTES, &len);

	for (at = 0; at < len; at += now) {
		now = len - at < LATHE_BLOCK_BYTES ? len - at
						   : LATHE_BLOCK_BYTES;
		memcpy(fuzz_disc_block(disc, lba++), bytes + at, now);
	}
	free(bytes);
	return (uint32_t)len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	struct fuzz_disc *disc = fuzz_disc_empty(64, options & FUZZ_SINGLE);
	uint32_t iso = put_directory(disc, &in, 32);
	uint32_t joliet = put_directory(disc, &in, 40);
	struct fuzz_import import;

	/* Sizes that are no whole blocks are read as well. */
	fuzz_disc_heads(disc, 32, iso, joliet ? 40 : 0, joliet);
	fuzz_import_run(&import, disc, 0, options);
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
	return 0;
}
