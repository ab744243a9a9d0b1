/* SPDX-License-Identifier: MIT */
/*
 * The import of a whole disc: an option byte, where the session starts
 * (16 bits), a disc.
 */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	uint8_t options = fuzz_byte(&in);
	uint32_t start = fuzz_u16(&in);
	struct fuzz_import import;
	struct fuzz_disc *disc;

	disc = fuzz_disc_open(&in, options & FUZZ_SINGLE);
	start %= disc->blocks;
	if (options & FUZZ_SEAL)
		fuzz_disc_seal(disc, start + 16);
	fuzz_import_run(&import, disc, start, options);
	fuzz_import_end(&import);
	fuzz_disc_close(disc);
	return 0;
}
