/* SPDX-License-Identifier: MIT */
/* The little of Check that tests on other targets need; see check.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

struct test {
	struct test *next;
	const char *name;
	check_test_fn fn;
	int start, end;
};

struct tcase {
	struct tcase *next;
	struct test *first, **last;
	void (*setup)(void), (*teardown)(void);
};

struct suite {
	const char *name;
	struct tcase *first, **last;
};

struct srunner {
	struct suite *suite;
	int checks, failures;
};

/* Of the test that runs. */
static jmp_buf failed;
static char report[1024];

static void *make(size_t bytes)
{
	void *p = calloc(1, bytes);

	if (!p)
		abort();
	return p;
}

Suite *suite_create(const char *name)
{
	struct suite *suite = make(sizeof(*suite));

	suite->name = name;
	suite->last = &suite->first;
	return suite;
}

TCase *tcase_create(const char *name)
{
	struct tcase *tcase = make(sizeof(*tcase));

	(void)name;
	tcase->last = &tcase->first;
	return tcase;
}

void suite_add_tcase(Suite *suite, TCase *tcase)
{
	*suite->last = tcase;
	suite->last = &tcase->next;
}

void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void),
			       void (*teardown)(void))
{
	tcase->setup = setup;
	tcase->teardown = teardown;
}

void tcase_set_timeout(TCase *tcase, double seconds)
{
	(void)tcase;
	(void)seconds;
}

void check_add(TCase *tcase, const char *name, check_test_fn fn, int start,
	       int end)
{
	struct test *test = make(sizeof(*test));

	test->name = name;
	test->fn = fn;
	test->start = start;
	test->end = end;
	*tcase->last = test;
	tcase->last = &test->next;
}

void check_fail(const char *file, int line, const char *format, ...)
{
	va_list args;
	int used = snprintf(report, sizeof(report), "%s:%d: ", file, line);

	va_start(args, format);
	vsnprintf(report + used, sizeof(report) - (size_t)used, format, args);
	va_end(args);
	longjmp(failed, 1);
}

SRunner *srunner_create(Suite *suite)
{
	struct srunner *runner = make(sizeof(*runner));

	runner->suite = suite;
	return runner;
}

static void run(struct srunner *runner, const struct tcase *tcase,
		const struct test *test, int i)
{
	runner->checks++;
	if (setjmp(failed)) {
		runner->failures++;
		printf("%s:%d: %s\n", test->name, i, report);
		return;
	}
	if (tcase->setup)
		tcase->setup();
	test->fn(i);
	if (tcase->teardown)
		tcase->teardown();
}

void srunner_run_all(SRunner *runner, enum print_output output)
{
	const struct tcase *tcase;
	const struct test *test;
	int i;

	(void)output;
	for (tcase = runner->suite->first; tcase; tcase = tcase->next)
		for (test = tcase->first; test; test = test->next)
			for (i = test->start; i < test->end; i++)
				run(runner, tcase, test, i);
	printf("%s: %d tests, %d failures\n", runner->suite->name,
	       runner->checks, runner->failures);
}

int srunner_ntests_failed(SRunner *runner)
{
	return runner->failures;
}

void srunner_free(SRunner *runner)
{
	struct tcase *tcase, *next_case;
	struct test *test, *next;

	for (tcase = runner->suite->first; tcase; tcase = next_case) {
		next_case = tcase->next;
		for (test = tcase->first; test; test = next) {
			next = test->next;
			free(test);
		}
		free(tcase);
	}
	free(runner->suite);
	free(runner);
}
