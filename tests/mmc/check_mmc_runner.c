/* SPDX-License-Identifier: MIT */
/*
 * What the engine does about every kind of answer, seen from the wire: a mock
 * drive expects the very commands that have to follow.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

#define START "1b 00 00 00 01 00"

/* ---- not ready ---------------------------------------------------------- */

START_TEST(becoming_ready_is_waited_for)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x3e, 0x00);
	/* The code counts, not the key. */
	mock_sense(m, TUR, 5, 0x04, 0x01);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	ck_assert_uint_gt(m->slept_ms, 300);
	ck_assert_int_eq(mock_failure(m)->err, 0);
	mock_done(m);
}
END_TEST

START_TEST(patience_has_an_end)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 0), LATHE_ERR_TIMEOUT);
	ck_assert_uint_eq(m->slept_ms, 0);
	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	/* 100 + 200 + 200 ms, then no more. */
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 500), LATHE_ERR_TIMEOUT);
	ck_assert_uint_eq(m->slept_ms, 500);
	ck_assert_uint_eq(mock_failure(m)->asc, 0x04);
	ck_assert_uint_eq(mock_failure(m)->opcode, 0x00);
	mock_done(m);
}
END_TEST

START_TEST(not_ready_for_no_reason_is_waited_for_five_seconds)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 13; i++)
		mock_sense(m, TUR, 2, 0x04, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_TIMEOUT);
	ck_assert_uint_ge(m->slept_ms, 5000);
	ck_assert_uint_le(m->slept_ms, 6000);
	free(m);
}
END_TEST

START_TEST(a_stopped_unit_is_started_once)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x02);
	mock_good(m, START);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	mock_sense(m, TUR, 2, 0x04, 0x03);
	mock_good(m, START);
	mock_sense(m, TUR, 2, 0x04, 0x03);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(an_empty_drive_is_told_at_once)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x3a, 0x02);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_NO_MEDIUM);
	ck_assert_uint_eq(m->slept_ms, 0);
	ck_assert_uint_eq(mock_failure(m)->ascq, 0x02);
	ck_assert_ptr_nonnull(strstr(mock_failure(m)->text, "tray open"));
	mock_done(m);
}
END_TEST

START_TEST(an_illegal_request_with_another_key_starts_no_wait)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_track track;

	mock_sense(m, "52 01 00 00 00 05 00 00 24 00", 2, 0x24, 0x00);
	ck_assert_int_eq(lathe_mmc_read_track(&m->mmc, 5, &track),
			 LATHE_ERR_SENSE);
	ck_assert_uint_eq(m->slept_ms, 0);
	mock_done(m);
}
END_TEST

START_TEST(busy_and_full_task_sets_are_tried_again)
{
	struct mock_drive *m = mock_new();

	mock_status(m, TUR, 0x08);
	mock_status(m, TUR, 0x28);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	ck_assert_uint_ge(m->slept_ms, 300);
	mock_status(m, TUR, 0x18);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_BUSY);
	mock_status(m, TUR, 0x40);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->status, 0x40);
	mock_done(m);
}
END_TEST

START_TEST(cancel_is_heard_while_waiting)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 2, 0x04, 0x01);
	mock_sense(m, TUR, 2, 0x04, 0x01);
	m->cancel_at = 2;
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000),
			 LATHE_ERR_CANCELLED);
	mock_done(m);
}
END_TEST

/* ---- unit attentions ---------------------------------------------------- */

START_TEST(attentions_are_dropped_and_remembered)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 6, 0x29, 0x00);
	mock_sense(m, TUR, 6, 0x28, 0x00);
	mock_sense(m, TUR, 6, 0x2a, 0x01);
	mock_sense(m, TUR, 6, 0x5a, 0x01);
	mock_sense(m, TUR, 6, 0x99, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert(lathe_mmc_media_changed(&m->mmc));
	ck_assert(!lathe_mmc_media_changed(&m->mmc));
	/* Parameters and buttons say nothing of the medium. */
	mock_sense(m, TUR, 6, 0x2a, 0x01);
	mock_sense(m, TUR, 6, 0x5a, 0x01);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert(!lathe_mmc_media_changed(&m->mmc));
	mock_done(m);
}
END_TEST

/* The code counts, not the key, and all of a code's qualifiers. */
START_TEST(attentions_come_with_any_key)
{
	static const struct {
		unsigned asc, ascq;
		bool changed;
	} cases[] = {
		{ 0x28, 0x01, true },  { 0x29, 0x03, true },
		{ 0x2a, 0x00, false }, { 0x2a, 0x01, false },
		{ 0x3b, 0x16, false }, { 0x5a, 0x01, false },
	};
	struct mock_drive *m = mock_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		mock_sense(m, TUR, 2, cases[i].asc, cases[i].ascq);
		mock_good(m, TUR);
		ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
		ck_assert_int_eq(lathe_mmc_media_changed(&m->mmc),
				 cases[i].changed);
	}
	mock_done(m);
}
END_TEST

/* Others of the same code are not. */
START_TEST(other_qualifiers_are_other_errors)
{
	struct mock_drive *m = mock_new();

	/* Load or eject failed; a write-protect switch of the operator. */
	mock_sense(m, TUR, 4, 0x53, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	mock_sense(m, TUR, 4, 0x5a, 0x02);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	/* Not ready, and why is not for us: a self-test, say. */
	mock_sense(m, TUR, 2, 0x04, 0x09);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_uint_gt(m->slept_ms, 0);
	mock_done(m);
}
END_TEST

/* "Insufficient time", with which old drives return early: it is waited for,
 * as often as it comes. */
START_TEST(an_early_return_is_waited_for)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 12; i++)
		mock_sense(m, TUR, 6, 0x2e, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 60000), 0);
	ck_assert_uint_gt(m->slept_ms, 1000);
	mock_done(m);
}
END_TEST

START_TEST(attentions_without_end_are_an_error)
{
	struct mock_drive *m = mock_new();

	for (int i = 0; i < 9; i++)
		mock_sense(m, TUR, 6, 0x28, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

/* ---- sense data --------------------------------------------------------- */

START_TEST(sense_that_did_not_come_is_asked_for)
{
	struct mock_drive *m = mock_new();

	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 02 00000000 0a 00000000 3a 01 00 000000");
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
			 LATHE_ERR_NO_MEDIUM);
	/* None at all: an error, whatever it was. */
	mock_status(m, TUR, 0x02);
	mock_reply(m, REQUEST_SENSE,
		   "70 00 00 00000000 0a 00000000 00 00 00 000000");
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert_uint_eq(mock_failure(m)->key, 0);
	mock_done(m);
}
END_TEST

START_TEST(recovered_errors_are_success_with_a_warning)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 1, 0x73, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_uint_eq(m->warnings, 1);
	mock_done(m);
}
END_TEST

START_TEST(a_locked_tray_is_unlocked_once)
{
	struct mock_drive *m = mock_new();

	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 5, 0x53, 0x02);
	mock_good(m, ALLOW);
	mock_good(m, EJECT);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), 0);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 2, 0x53, 0x02);
	mock_good(m, ALLOW);
	mock_sense(m, EJECT, 2, 0x53, 0x02);
	ck_assert_int_eq(lathe_mmc_eject(&m->mmc), LATHE_ERR_SENSE);
	mock_done(m);
}
END_TEST

START_TEST(a_late_error_of_somebody_else_costs_a_repetition)
{
	struct mock_drive *m = mock_new();

	mock_deferred(m, TUR, 3, 0x0c, 0x00);
	mock_good(m, TUR);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	ck_assert_uint_eq(m->warnings, 1);
	for (int i = 0; i < 4; i++)
		mock_deferred(m, TUR, 3, 0x0c, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), LATHE_ERR_SENSE);
	ck_assert(mock_failure(m)->deferred);
	mock_done(m);
}
END_TEST

START_TEST(no_sense_means_done)
{
	struct mock_drive *m = mock_new();

	mock_sense(m, TUR, 0, 0x00, 0x00);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000), 0);
	mock_done(m);
}
END_TEST

/* ---- the way to the drive ----------------------------------------------- */

START_TEST(causes_become_errors)
{
	static const struct {
		uint8_t cause;
		int tries, err;
	} cases[] = {
		{ LATHE_CAUSE_REFUSED, 1, LATHE_ERR_DENIED },
		{ LATHE_CAUSE_TOO_LARGE, 1, LATHE_ERR_UNSUPPORTED },
		{ LATHE_CAUSE_GONE, 1, LATHE_ERR_NO_DEVICE },
		{ LATHE_CAUSE_TIMED_OUT, 2, LATHE_ERR_TRANSPORT },
		{ LATHE_CAUSE_RESET, 2, LATHE_ERR_TRANSPORT },
	};
	struct mock_drive *m = mock_new();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		for (int t = 0; t < cases[i].tries; t++)
			mock_cause(m, TUR, cases[i].cause);
		ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 1000),
				 cases[i].err);
		ck_assert_uint_eq(mock_failure(m)->cause, cases[i].cause);
	}
	mock_done(m);
}
END_TEST

/* ---- the hooks ---------------------------------------------------------- */

static uint64_t stopped(void *ctx)
{
	(void)ctx;
	return 7;
}

START_TEST(a_clock_that_stands_still_ends_no_wait_later)
{
	struct mock_drive *m = mock_new();

	m->mmc.config.now_ms = stopped;
	for (int i = 0; i < 4; i++)
		mock_sense(m, TUR, 2, 0x04, 0x01);
	ck_assert_int_eq(lathe_mmc_wait_ready(&m->mmc, 500), LATHE_ERR_TIMEOUT);
	mock_done(m);
}
END_TEST

START_TEST(a_broken_configuration_is_refused)
{
	struct mock_drive *m = mock_new();
	struct lathe_mmc_config c = m->config;
	struct lathe_mmc mmc;

	c.size--;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.execute = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.now_ms = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.sleep_ms = NULL;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), LATHE_ERR_ARG);
	c = m->config;
	c.max_transfer = 1;
	ck_assert_int_eq(lathe_mmc_init(&mmc, &c), 0);
	ck_assert_uint_eq(lathe_mmc_write_chunk(&mmc), 1);
	free(m);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc runner");
	TCase *t = tcase_create("all");

	tcase_add_test(t, becoming_ready_is_waited_for);
	tcase_add_test(t, patience_has_an_end);
	tcase_add_test(t, not_ready_for_no_reason_is_waited_for_five_seconds);
	tcase_add_test(t, a_stopped_unit_is_started_once);
	tcase_add_test(t, an_empty_drive_is_told_at_once);
	tcase_add_test(t, an_illegal_request_with_another_key_starts_no_wait);
	tcase_add_test(t, busy_and_full_task_sets_are_tried_again);
	tcase_add_test(t, cancel_is_heard_while_waiting);
	tcase_add_test(t, attentions_are_dropped_and_remembered);
	tcase_add_test(t, attentions_come_with_any_key);
	tcase_add_test(t, other_qualifiers_are_other_errors);
	tcase_add_test(t, an_early_return_is_waited_for);
	tcase_add_test(t, attentions_without_end_are_an_error);
	tcase_add_test(t, sense_that_did_not_come_is_asked_for);
	tcase_add_test(t, recovered_errors_are_success_with_a_warning);
	tcase_add_test(t, a_locked_tray_is_unlocked_once);
	tcase_add_test(t, a_late_error_of_somebody_else_costs_a_repetition);
	tcase_add_test(t, no_sense_means_done);
	tcase_add_test(t, causes_become_errors);
	tcase_add_test(t, a_clock_that_stands_still_ends_no_wait_later);
	tcase_add_test(t, a_broken_configuration_is_refused);
	suite_add_tcase(s, t);
	return run_suite(s);
}
