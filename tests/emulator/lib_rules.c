/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include <string.h>

#include "tests/emulator/lib_rules.h"
#include "tests/suite.h"

static bool in_areas(const char *id, const char *const *areas, size_t n)
{
	size_t i, len = strcspn(id, ".");

	for (i = 0; i < n; i++)
		if (strlen(areas[i]) == len && !memcmp(areas[i], id, len))
			return true;
	return false;
}

static const struct rule_test *all_tests;
static const char *const *all_areas;
static size_t test_count, area_count;
static enum lathe_emulator_media first_media;

START_TEST(every_rule_has_a_test)
{
	struct lathe_emulator_rule_row rule;
	uint32_t i, found = 0;
	size_t k;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (!in_areas(rule.id, all_areas, area_count))
			continue;
		for (k = 0; k < test_count && strcmp(all_tests[k].id, rule.id);
		     k++)
			;
		ck_assert_msg(k < test_count, "no test of rule %s", rule.id);
		found++;
	}
	ck_assert_uint_eq(found, test_count);
}
END_TEST

/* None is of an area that no program has. */
START_TEST(every_area_is_known)
{
	static const char *const areas[] = {
		/* check_emulated_rules.c */
		"reply", "mode", "events", "atip", "toc", "option", "host",
		/* check_emulated_disc_rules.c */
		"write", "track", "session", "blank",
		/* check_emulated_time_rules.c */
		"busy", "read", "damage",
		/* check_emulated_at_once.c, check_emulated_dvd_r.c and
		 * their likes */
		"at-once", "dvd-r", "dvd-plus-r", "bd-r", "random",
		"format", "restricted", "torn",
		/* check_emulated_drive_rules.c, check_emulated_odd.c */
		"feature", "structure", "capacity", "speed", "stream", "odd"
	};
	const size_t n = sizeof(areas) / sizeof(areas[0]);
	struct lathe_emulator_rule_row rule;
	uint32_t i;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		ck_assert_msg(in_areas(rule.id, areas, n),
			      "unknown area of rule %s", rule.id);
		ck_assert(rule.text[0] && rule.source[0]);
	}
	ck_assert_uint_gt(i, 0);
}
END_TEST

/* What nobody has seen a drive do can be tried the other way, too. */
START_TEST(every_assumption_has_its_opposite)
{
	struct lathe_emulator_rule_row rule;
	uint32_t i, assumed = 0;

	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (strcmp(rule.source, "assumed") != 0)
			continue;
		ck_assert_msg(rule.personality != NULL,
			      "no personality behaves unlike %s", rule.id);
		assumed++;
	}
	ck_assert_uint_gt(assumed, 0);
}
END_TEST

START_TEST(rule)
{
	static struct bench b;

	bench_open(&b, first_media, NULL, NULL);
	all_tests[_i].run(&b);
	bench_close(&b);
}
END_TEST

int rules_main(const char *name, enum lathe_emulator_media media,
	       const struct rule_test *tests, size_t n,
	       const char *const *areas, size_t n_areas)
{
	Suite *s = suite_create(name);
	TCase *t = tcase_create("rules");

	all_tests = tests;
	test_count = n;
	all_areas = areas;
	area_count = n_areas;
	first_media = media;
	tcase_add_test(t, every_rule_has_a_test);
	tcase_add_test(t, every_area_is_known);
	tcase_add_test(t, every_assumption_has_its_opposite);
	tcase_add_loop_test(t, rule, 0, (int)n);
	suite_add_tcase(s, t);
	return run_suite(s);
}

void reopen(struct bench *b, enum lathe_emulator_media media,
	    const char *personality)
{
	bench_close(b);
	bench_open(b, media, personality, NULL);
}
