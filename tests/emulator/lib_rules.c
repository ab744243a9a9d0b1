/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "tests/emulator/lib_rules.h"

static bool in_areas(const char *id, const char *const *areas, size_t n)
{
	size_t i, len = strcspn(id, ".");

	for (i = 0; i < n; i++)
		if (strlen(areas[i]) == len && !memcmp(areas[i], id, len))
			return true;
	return false;
}

void rules_are_covered(const struct rule_test *tests, size_t n,
		       const char *const *areas, size_t n_areas)
{
	struct lathe_emulator_rule rule;
	uint32_t i, found = 0;
	size_t k;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (!in_areas(rule.id, areas, n_areas))
			continue;
		for (k = 0; k < n && strcmp(tests[k].id, rule.id); k++)
			;
		ck_assert_msg(k < n, "no test of rule %s", rule.id);
		found++;
	}
	ck_assert_uint_eq(found, n);
}

void areas_are_known(const char *const *areas, size_t n_areas)
{
	struct lathe_emulator_rule rule;
	uint32_t i;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		ck_assert_msg(in_areas(rule.id, areas, n_areas),
			      "unknown area of rule %s", rule.id);
		ck_assert(rule.text[0] && rule.source[0]);
	}
	ck_assert_uint_gt(i, 0);
}

void reopen(struct bench *b, enum lathe_emulator_media media,
	    const char *personality)
{
	bench_close(b);
	bench_open(b, media, personality, NULL);
}
