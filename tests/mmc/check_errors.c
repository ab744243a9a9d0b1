/* SPDX-License-Identifier: MIT */
/* The texts of lathe.h are those of the value that is asked for. */
#include <check.h>
#include <limits.h>

#include "lathe.h"
#include "tests/suite.h"

static const struct {
	int err;
	const char *name, *meaning, *remedy;
} listed[] = {
	{ 0, "OK", "done", "" },
#define LISTED(code, value, meaning, remedy) \
	{ LATHE_ERR_##code, #code, meaning, remedy },
	LATHE_ERRORS(LISTED)
#undef LISTED
};

#define LISTED_COUNT (sizeof(listed) / sizeof(*listed))

START_TEST(each_value_has_its_texts)
{
	ck_assert_str_eq(lathe_err_name(listed[_i].err), listed[_i].name);
	ck_assert_str_eq(lathe_err_meaning(listed[_i].err),
			 listed[_i].meaning);
	ck_assert_str_eq(lathe_err_remedy(listed[_i].err), listed[_i].remedy);
}
END_TEST

START_TEST(others_have_none)
{
	const int others[] = { 1, -(int)LISTED_COUNT, INT_MAX, INT_MIN };

	ck_assert_str_eq(lathe_err_name(others[_i]), "?");
	ck_assert_str_eq(lathe_err_meaning(others[_i]), "unknown error");
	ck_assert_str_eq(lathe_err_remedy(others[_i]), "");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("errors");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, each_value_has_its_texts, 0,
			    (int)LISTED_COUNT);
	tcase_add_loop_test(t, others_have_none, 0, 4);
	suite_add_tcase(s, t);
	return run_suite(s);
}
