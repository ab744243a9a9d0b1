/* SPDX-License-Identifier: MIT */
/* What hierarchies say of identifiers without making them is what they are
 * when they are made. */
#include <check.h>
#include <string.h>

#include "tests/iso9660/lib_image.h"
#include "tests/suite.h"

static const struct lathe_iso9660_primary_options level_1 = {
	.level = LATHE_ISO9660_LEVEL_1
};
static const struct lathe_iso9660_primary_options bare = {
	.omit_version = true
};
static const struct lathe_joliet_options long_names = { .long_names = true };

static const struct {
	const struct lathe_iso9660_hierarchy *hierarchy;
	const void *options;
} cases[] = {
	{ &lathe_iso9660_primary, NULL },
	{ &lathe_iso9660_primary, &level_1 },
	{ &lathe_iso9660_primary, &bare },
	{ &lathe_joliet_hierarchy, NULL },
	{ &lathe_joliet_hierarchy, &long_names },
};

struct name {
	char text[300];
	size_t len;
	bool directory;
	uint8_t id[LATHE_ISO9660_ID_MAX];
	int id_len;
};

/* Names much alike: few characters, separators, devices, UTF-8 of two to four
 * bytes, long ones. */
static void make_name(uint64_t *state, struct name *out)
{
	static const char *const pieces[] = {
		"a", "A", "b", "_", "-", ".", ";", "1", "con", "nul", "com1",
		"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "*", " ",
		"a long middle", ".txt", "x", "y"
	};
	uint64_t count = 1 + next_random(state) % 12, i;

	out->len = 0;
	for (i = 0; i < count; i++) {
		const char *piece = pieces[next_random(state) % 20];

		memcpy(out->text + out->len, piece, strlen(piece));
		out->len += strlen(piece);
	}
	out->directory = next_random(state) % 4 == 0;
}

static void encode(uint32_t which, struct name *name)
{
	uint32_t changed;

	name->id_len = cases[which].hierarchy->encode(
		cases[which].options, name->text, name->len, name->directory,
		0, 0, name->id, &changed);
	ck_assert_int_gt(name->id_len, 0);
}

static uint32_t check_length(uint32_t which, const struct name *name)
{
	const struct lathe_iso9660_hierarchy *h = cases[which].hierarchy;
	uint8_t len = h->length(cases[which].options, name->text, name->len,
				name->directory);

	if (len == 0)
		return 0;
	ck_assert_int_eq(len, name->id_len);
	if (h->reserved)
		ck_assert(!h->reserved(name->id, len));
	return 1;
}

static int sign(int x)
{
	return (x > 0) - (x < 0);
}

static uint32_t check_order(uint32_t which, const struct name *a,
			    const struct name *b)
{
	const struct lathe_iso9660_hierarchy *h = cases[which].hierarchy;
	uint8_t a_len = (uint8_t)a->id_len, b_len = (uint8_t)b->id_len;
	int order = sign(h->order(cases[which].options, a->text, a->len,
				  b->text, b->len));

	if (order == 0)
		return 0;
	ck_assert_int_eq(sign(h->compare(a->id, a_len, b->id, b_len)), order);
	if (h->compare_directories)
		ck_assert_int_eq(sign(h->compare_directories(a->id, a_len,
							     b->id, b_len)),
				 order);
	a_len = h->significant(a->id, a_len);
	b_len = h->significant(b->id, b_len);
	ck_assert(a_len != b_len || memcmp(a->id, b->id, a_len) != 0);
	return 1;
}

START_TEST(of_any_two_names)
{
	const uint32_t which = (uint32_t)_i;
	uint32_t lengths = 0, orders = 0, i;
	uint64_t state = 7;
	struct name a, b;

	for (i = 0; i < 100000; i++) {
		make_name(&state, &a);
		make_name(&state, &b);
		encode(which, &a);
		encode(which, &b);
		lengths += check_length(which, &a);
		orders += check_order(which, &a, &b);
	}
	/* Nothing is said of short identifiers and those without version. */
	if (which == 1 || which == 2) {
		ck_assert_uint_eq(lengths + orders, 0);
		return;
	}
	ck_assert_uint_gt(lengths, 70000);
	ck_assert_uint_gt(orders, 30000);
}
END_TEST

/* An option for new names alone does not matter to recorded ones. */
START_TEST(of_names_with_and_without_options)
{
	uint64_t state = 9;
	struct name a, b;
	uint32_t i;

	for (i = 0; i < 100000; i++) {
		make_name(&state, &a);
		make_name(&state, &b);
		encode(3, &a);
		encode(4, &b);
		check_order(4, &a, &b);
		check_order(3, &a, &b);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("quick names");
	TCase *tc = tcase_create("quick names");

	tcase_add_loop_test(tc, of_any_two_names, 0,
			    sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(tc, of_names_with_and_without_options);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
