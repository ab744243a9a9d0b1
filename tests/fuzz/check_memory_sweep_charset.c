/* SPDX-License-Identifier: MIT */
/* Memory runs out while names are converted from other character sets. */
#include "tests/fuzz/sweep.h"
#include "tests/suite.h"

static int convert(void)
{
	struct lathe_hooks hooks = fuzz_hooks();
	struct lathe_joliet_charset *set;
	char out[8];
	int err = lathe_joliet_charset_open(&hooks, "ISO-8859-1", &set);

	if (err)
		return err;
	err = lathe_joliet_charset_to_utf8(set, "\xE4", 1, out, sizeof(out));
	lathe_joliet_charset_close(set);
	return err == 2 ? 0 : err;
}

static void converting(void)
{
	STEP(convert());
}

START_TEST(character_sets)
{
	sweep(converting);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("memory that runs out: character sets");
	TCase *tc = tcase_create("sweep");

	tcase_add_test(tc, character_sets);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
