/* SPDX-License-Identifier: MIT */
/*
 * check.h - as much of Check's interface as the tests of lathe use, for
 * targets that Check itself is not there for: other processors, other C
 * libraries. Tests run one after the other in one process; the first failure
 * ends a test.
 */
#ifndef LATHE_TESTS_SMALL_CHECK_H
#define LATHE_TESTS_SMALL_CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

typedef struct suite Suite;
typedef struct tcase TCase;
typedef struct srunner SRunner;
typedef void (*check_test_fn)(int i);

/* What to print is decided by the environment alone, as CK_ENV says. */
enum print_output { CK_ENV };

Suite *suite_create(const char *name);
TCase *tcase_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void),
			       void (*teardown)(void));
/* A test that hangs is ended by whoever runs the program. */
void tcase_set_timeout(TCase *tcase, double seconds);

SRunner *srunner_create(Suite *suite);
void srunner_run_all(SRunner *runner, enum print_output output);
int srunner_ntests_failed(SRunner *runner);
void srunner_free(SRunner *runner);

void check_add(TCase *tcase, const char *name, check_test_fn test, int start,
	       int end);
_Noreturn void check_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define START_TEST(name) \
	static void name(__attribute__((unused)) int _i)
#define END_TEST
#define tcase_add_test(tcase, test) check_add(tcase, #test, test, 0, 1)
#define tcase_add_loop_test(tcase, test, start, end) \
	check_add(tcase, #test, test, start, end)

#define ck_abort_msg(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)
#define ck_assert_msg(what, ...) \
	do { \
		if (!(what)) \
			check_fail(__FILE__, __LINE__, __VA_ARGS__); \
	} while (0)
#define ck_assert(what) ck_assert_msg(what, "not so: %s", #what)

#define CHECK_NUMBERS(type, format, x, op, y) \
	do { \
		type check_x = (x), check_y = (y); \
		ck_assert_msg(check_x op check_y, \
			      "%s is %" format ", %s is %" format, #x, \
			      check_x, #y, check_y); \
	} while (0)
#define ck_assert_int_eq(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, ==, y)
#define ck_assert_int_ne(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, !=, y)
#define ck_assert_int_lt(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, <, y)
#define ck_assert_int_le(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, <=, y)
#define ck_assert_int_gt(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, >, y)
#define ck_assert_int_ge(x, y) CHECK_NUMBERS(intmax_t, PRIdMAX, x, >=, y)
#define ck_assert_uint_eq(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, ==, y)
#define ck_assert_uint_ne(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, !=, y)
#define ck_assert_uint_lt(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, <, y)
#define ck_assert_uint_le(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, <=, y)
#define ck_assert_uint_gt(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, >, y)
#define ck_assert_uint_ge(x, y) CHECK_NUMBERS(uintmax_t, PRIuMAX, x, >=, y)

#define CHECK_STRINGS(x, op, y) \
	do { \
		const char *check_x = (x), *check_y = (y); \
		ck_assert_msg(check_x && check_y && \
				      strcmp(check_x, check_y) op 0, \
			      "%s is \"%s\", %s is \"%s\"", #x, \
			      check_x ? check_x : "(null)", #y, \
			      check_y ? check_y : "(null)"); \
	} while (0)
#define ck_assert_str_eq(x, y) CHECK_STRINGS(x, ==, y)
#define ck_assert_str_ne(x, y) CHECK_STRINGS(x, !=, y)
#define ck_assert_mem_eq(x, y, len) \
	ck_assert_msg(memcmp(x, y, len) == 0, "%s and %s differ", #x, #y)
#define ck_assert_mem_ne(x, y, len) \
	ck_assert_msg(memcmp(x, y, len) != 0, "%s and %s are equal", #x, #y)

#define ck_assert_ptr_null(x) ck_assert_msg((x) == NULL, "%s is not NULL", #x)
#define ck_assert_ptr_nonnull(x) ck_assert_msg((x) != NULL, "%s is NULL", #x)
#define ck_assert_ptr_eq(x, y) \
	ck_assert_msg((const void *)(x) == (const void *)(y), \
		      "%s is not %s", #x, #y)
#define ck_assert_ptr_ne(x, y) \
	ck_assert_msg((const void *)(x) != (const void *)(y), \
		      "%s is %s", #x, #y)

#endif
