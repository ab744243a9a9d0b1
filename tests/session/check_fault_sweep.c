/* SPDX-License-Identifier: MIT */
/*
 * check_fault_sweep.c - whichever command of a two-session burn meets with
 * whichever fault: the burn ends in an error that says what happened, or in a
 * disc that is whole. Judged by the stored blocks and the state of the disc
 * against the sources, never through the engine.
 */
#include "tests/session/lib_sweep.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the discs ---------------------------------------------------------- */

static struct model first, second;	/* what session 1, 2 should hold */
static struct model added;		/* what session 2 is given */
static struct lathe_emulator_store *blank, *one_session;

static void put(struct model *model, const char *path, uint32_t seed,
		uint32_t size)
{
	model_put(model, path, seed, size);
}

static void set_up(void)
{
	struct lathe_session_report report;
	struct rig rig;

	put(&first, "kept", 1, 3000);
	put(&first, "replaced", 2, 20000);
	put(&first, "folder/deep", 3, 70000);
	put(&first, "folder/empty", 4, 0);
	put(&added, "replaced", 5, 9000);
	put(&added, "new/file", 6, 100000);
	put(&added, "new/small", 7, 1);

	put(&second, "kept", 1, 3000);
	put(&second, "folder/deep", 3, 70000);
	put(&second, "folder/empty", 4, 0);
	put(&second, "replaced", 5, 9000);
	put(&second, "new/file", 6, 100000);
	put(&second, "new/small", 7, 1);

	blank = blank_disc(LATHE_EMULATOR_CD_R_74);
	one_session = copy_disc(blank);
	rig_create(&rig, one_session, NULL);
	ck_assert_int_eq(rig_burn(&rig, &first, LATHE_SESSION_VERIFY_FULL,
				  &report), 0);
	rig_destroy(&rig);
}

static void tear_down(void)
{
	model_free(&first);
	model_free(&second);
	model_free(&added);
	lathe_emulator_store_close(blank);
	lathe_emulator_store_close(one_session);
}

/* ---- sources that fail -------------------------------------------------- */

/* Files come through callbacks; the n-th of all calls fails. */
struct reads {
	const struct model *content;
	uint32_t calls, fail_at;
	bool shrink;		/* the file has ended; else an error */
	bool failed;
};

static bool fails_now(struct reads *reads)
{
	if (++reads->calls != reads->fail_at)
		return false;
	reads->failed = true;
	return true;
}

static int source_open(void *ctx, uint64_t file, const char *name, size_t len,
		       void **handle)
{
	struct reads *reads = ctx;

	(void)name;
	(void)len;
	if (!reads->shrink && fails_now(reads))
		return LATHE_ERR_IO;
	*handle = (void *)(uintptr_t)&reads->content->file[file];
	return 0;
}

static int source_read(void *ctx, void *handle, uint64_t offset,
		       uint32_t bytes, uint8_t *out, uint32_t *got)
{
	const struct model_file *file = handle;
	struct reads *reads = ctx;
	uint32_t left = offset < file->size ? file->size - (uint32_t)offset : 0;

	if (fails_now(reads)) {
		*got = 0;
		return reads->shrink ? 0 : LATHE_ERR_IO;
	}
	*got = bytes < left ? bytes : left;
	memcpy(out, file->data + offset, *got);
	return 0;
}

static int source_check(void *ctx, uint64_t file, const char *name, size_t len)
{
	(void)file;
	(void)name;
	(void)len;
	return !((struct reads *)ctx)->shrink && fails_now(ctx) ?
		       LATHE_ERR_CHANGED : 0;
}

static int add_sources(struct rig *rig, const struct lathe_iso9660_source *from,
		       const struct model *content)
{
	struct lathe_iso9660_tree *tree;
	uint32_t i, node, folder;
	int err;

	err = lathe_session_edit(rig->master, &tree);
	for (i = 0; i < content->count && !err; i++) {
		const char *name = content->file[i].path;
		const char *slash = strchr(name, '/');

		folder = LATHE_ISO9660_ROOT;
		if (slash) {
			err = lathe_iso9660_add_directory(
				tree, folder, name, (size_t)(slash - name),
				NULL, &folder);
			name = slash + 1;
		}
		if (!err)
			err = lathe_iso9660_add_file(
				tree, folder, name, strlen(name), NULL, from,
				i, content->file[i].size,
				LATHE_ISO9660_REPLACE, &node);
	}
	return err ? err : lathe_session_commit(rig->master);
}

static void burn_sources(struct lathe_emulator_store *store,
			 struct reads *reads, bool stop, struct outcome *out)
{
	struct lathe_iso9660_source source = {
		.ctx = reads, .open = source_open, .read_at = source_read,
		.close = made_close, .check = source_check
	};
	struct lathe_session_record_options options;
	struct sweep_listener listener;
	struct rig rig;

	memset(out, 0, sizeof(*out));
	rig_create(&rig, store, NULL);
	listener.rig = &rig;
	listener.outcome = out;
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.not_whole = sweep_not_whole;
	options.not_whole_ctx = &listener;
	options.stop_on_source_error = stop;
	options.feed.chunk_blocks = 16;
	ck_assert_int_eq(lathe_session_set_recorder(rig.master, &rig.mmc), 0);
	ck_assert_int_eq(add_sources(&rig, &source, reads->content), 0);
	out->err = lathe_session_record(rig.master, &options, &out->report);
	out->failure = *lathe_session_failure(rig.master);
	out->locked = rig.locked;
	out->alive = true;
	ck_assert(!rig.went_back);
	rig_destroy(&rig);
}

/* ---- sweeps ------------------------------------------------------------- */

static void sweep(struct lathe_emulator_store *from,
		  const struct model *content, const struct model *should,
		  const struct fault *fault)
{
	struct lathe_emulator_disc before = disc_state(from);
	struct lathe_emulator_store *store;
	const char *wrong;
	struct outcome out;
	uint32_t at = 0;

	do {
		at++;
		store = copy_disc(from);
		sweep_burn(store, NULL, content, fault, at, &out);
		wrong = sweep_judge(store, &before, should, fault, &out);
		ck_assert_msg(!wrong, "%s at command %u (%02X): %s; "
			      "error %s, end %d: %s", fault->name, at, out.op,
			      wrong, lathe_err_name(out.err), out.report.end,
			      out.failure.text);
		/* Session 1 never loses a byte. */
		if (before.sessions)
			wrong = judge_volume(store, 0, &first, NULL, NULL);
		ck_assert_msg(!wrong, "%s at command %u (%02X): session 1: %s",
			      fault->name, at, out.op, wrong);
		lathe_emulator_store_close(store);
	} while (out.hit);
	/* The sweep went through a whole burn. */
	ck_assert_uint_gt(at, 60);
	ck_assert_int_eq(out.err, 0);
}

START_TEST(the_first_session_with_one_fault)
{
	sweep(blank, &first, &first, &sweep_faults[_i]);
}
END_TEST

START_TEST(the_second_session_with_one_fault)
{
	sweep(one_session, &added, &second, &sweep_faults[_i]);
}
END_TEST

/* Which of its calls fails, in which way, with which wish of the user. */
static void sweep_sources(struct lathe_emulator_store *from,
			  const struct model *content,
			  const struct model *should, bool shrink, bool stop)
{
	struct lathe_emulator_disc before = disc_state(from), disc;
	struct lathe_emulator_store *store;
	struct reads reads;
	struct outcome out;
	const char *wrong;
	uint32_t at = 0;

	do {
		memset(&reads, 0, sizeof(reads));
		reads.content = content;
		reads.fail_at = ++at;
		reads.shrink = shrink;
		store = copy_disc(from);
		burn_sources(store, &reads, stop, &out);
		disc = disc_state(store);
		ck_assert_int_eq(out.err, reads.failed ? LATHE_ERR_CHANGED :
							 0);
		ck_assert(!out.locked);
		wrong = sweep_judge_end(&out, &disc, &before);
		if (!wrong && out.report.end == LATHE_SESSION_END_OPEN)
			wrong = "left open";
		if (!wrong && disc.sessions > before.sessions)
			wrong = judge_volume(store,
					     judge_session(store,
							   disc.sessions),
					     should, sweep_was_told, &out);
		/* Who did not ask to stop gets a session, but for a change
		 * that is seen beforehand. */
		if (!wrong && !stop && disc.sessions == before.sessions &&
		    out.report.phase != LATHE_PHASE_PREPARING)
			wrong = "no session";
		if (!wrong && out.err && !out.told_count)
			wrong = "no file was named";
		ck_assert_msg(!wrong, "call %u: %s: %s", at, wrong,
			      out.failure.text);
		if (before.sessions)
			wrong = judge_volume(store, 0, &first, NULL, NULL);
		ck_assert_msg(!wrong, "call %u: session 1: %s", at, wrong);
		lathe_emulator_store_close(store);
	} while (reads.failed);
	ck_assert_uint_gt(at, 3);
}

/* The n-th allocation of a burn fails. */
static bool burn_without_memory(struct lathe_emulator_store *store,
				const struct model *content, uint32_t at,
				struct outcome *out)
{
	struct sweep_listener listener;
	struct rig rig;
	bool failed;

	memset(out, 0, sizeof(*out));
	rig_create(&rig, store, NULL);
	listener.rig = &rig;
	listener.outcome = out;
	/* The master itself is made before. */
	rig_master(&rig, NULL);
	rig.allocations = 0;
	rig.no_memory_at = at;
	out->err = lathe_session_set_recorder(rig.master, &rig.mmc);
	if (!out->err)
		out->err = rig_add(&rig, content);
	if (!out->err) {
		struct lathe_session_record_options options =
			rig_options(&rig, LATHE_SESSION_VERIFY_FULL);

		options.not_whole = sweep_not_whole;
		options.not_whole_ctx = &listener;
		out->err = lathe_session_record(rig.master, &options,
						&out->report);
	}
	failed = rig.allocations >= at;
	ck_assert(!rig.locked);
	rig_destroy(&rig);
	return failed;
}

static void sweep_memory(struct lathe_emulator_store *from,
			 const struct model *content,
			 const struct model *should)
{
	struct lathe_emulator_disc before = disc_state(from), disc;
	struct lathe_emulator_store *store;
	struct outcome out;
	const char *wrong;
	uint32_t at = 0;
	bool failed;

	do {
		store = copy_disc(from);
		failed = burn_without_memory(store, content, ++at, &out);
		disc = disc_state(store);
		wrong = sweep_judge_end(&out, &disc, &before);
		if (out.err && out.err != LATHE_ERR_MEMORY)
			wrong = "another error";
		if (!out.err && disc.sessions == before.sessions)
			wrong = "success without a session";
		if (!wrong && disc.sessions > before.sessions)
			wrong = judge_volume(store,
					     judge_session(store,
							   disc.sessions),
					     should, sweep_was_told, &out);
		if (!wrong && before.sessions)
			wrong = judge_volume(store, 0, &first, NULL, NULL);
		ck_assert_msg(!wrong, "allocation %u: %s, %s", at, wrong,
			      lathe_err_name(out.err));
		lathe_emulator_store_close(store);
	} while (failed);
	ck_assert_int_eq(out.err, 0);
	ck_assert_uint_gt(at, 20);
}

START_TEST(one_allocation_that_fails)
{
	sweep_memory(blank, &first, &first);
	sweep_memory(one_session, &added, &second);
}
END_TEST

START_TEST(one_failing_call_of_a_source)
{
	sweep_sources(blank, &first, &first, _i & 1, _i & 2);
	sweep_sources(one_session, &added, &second, _i & 1, _i & 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: fault sweep");
	TCase *tc = tcase_create("sweep");

	tcase_set_timeout(tc, 300);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, the_first_session_with_one_fault, 0,
			    SWEEP_FAULTS);
	tcase_add_loop_test(tc, the_second_session_with_one_fault, 0,
			    SWEEP_FAULTS);
	tcase_add_loop_test(tc, one_failing_call_of_a_source, 0, 4);
	tcase_add_test(tc, one_allocation_that_fails);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
