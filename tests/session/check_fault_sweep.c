/* SPDX-License-Identifier: MIT */
/*
 * check_fault_sweep.c - whichever command of a two-session burn meets with
 * whichever fault: the burn ends in an error that says what happened, or in a
 * disc that is whole. Judged by the stored blocks and the state of the disc
 * against the sources, never through the engine.
 */
#include "tests/session/lib_rig.h"
#include "tests/source.h"
#include "tests/suite.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One way in which a command can fail. */
struct fault {
	const char *name;
	const char *script;	/* NULL: the user cancels */
	bool silent;		/* the drive does not notice either */
};

static const struct fault faults[] = {
	{ "medium error", "sense=3/0C/00", false },
	{ "read error", "sense=3/11/05", false },
	{ "hardware error", "sense=4/44/00", false },
	{ "deferred write error", "deferred=3/0C/00", false },
	{ "deferred hardware error", "deferred=4/44/00", false },
	{ "not ready", "sense=2/04/00", false },
	{ "not ready for long", "sense=2/04/00 times=40", false },
	{ "illegal request", "sense=5/24/00", false },
	{ "sequence error", "sense=5/2C/00", false },
	{ "refused by the host", "refused", false },
	{ "too large for the host", "toolarge", false },
	{ "busy", "busy", false },
	{ "short by a lot", "short=2", false },
	{ "short by a block", "short=30720", false },
	{ "nothing moved", "short=0", false },
	{ "timeout", "timeout", false },
	{ "answer lost", "lost", false },
	{ "reset", "reset", false },
	{ "unit attention: reset", "sense=6/29/00", false },
	{ "transport loss", "gone", false },
	{ "power cut", "powercut", false },
	{ "underrun", "underrun", false },
	{ "flipped bit", "corrupt", true },
	{ "hardware error for good", "sense=4/44/00 times=0", false },
	{ "write errors for good", "sense=3/0C/00 times=0", false },
	{ "unreadable for good", "op=28 sense=3/11/05 times=0", false },
	{ "timeouts for good", "timeout times=0", false },
	{ "eject by hand", "eject", false },
	{ "cancel", NULL, false },
};

#define FAULTS ((int)(sizeof(faults) / sizeof(faults[0])))

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

/* ---- one burn ----------------------------------------------------------- */

struct outcome {
	int err;
	struct lathe_failure failure;
	struct lathe_session_report report;
	char told[MODEL_FILES][96];	/* paths told as not whole */
	uint32_t told_count;
	uint8_t op;			/* the command that was hit */
	bool hit;
	bool locked;
	bool alive;			/* the drive still answers */
	uint32_t commands;
};

struct listener {
	struct rig *rig;
	struct outcome *outcome;
};

static void not_whole(void *ctx, uint32_t node, uint64_t offset, int err,
		      const char *text)
{
	struct listener *listener = ctx;
	struct outcome *outcome = listener->outcome;
	char path[97] = "";

	(void)offset;
	(void)err;
	(void)text;
	lathe_iso9660_path(lathe_session_tree(listener->rig->master), node,
			   path, sizeof(path));
	memcpy(outcome->told[outcome->told_count++], path + 1,
	       sizeof(outcome->told[0]));
}

static int burn(struct rig *rig, const struct model *content,
		struct listener *listener)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	int err;

	options.not_whole = not_whole;
	options.not_whole_ctx = listener;
	rig_master(rig, NULL);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err)
		err = rig_add(rig, content);
	if (!err)
		err = lathe_session_record(rig->master, &options,
					   &listener->outcome->report);
	return err;
}

/* Burn 'content' on 'store' with a fault at command 'at'. */
static void burn_with(struct lathe_emulator_store *store,
		      const struct model *content, const struct fault *fault,
		      uint32_t at, struct outcome *out)
{
	struct lathe_cmd ready = { .cdb_len = 6, .timeout_ms = 1000 };
	struct listener listener;
	struct rig rig;

	memset(out, 0, sizeof(*out));
	rig_create(&rig, store, NULL);
	listener.rig = &rig;
	listener.outcome = out;
	if (fault && fault->script) {
		rig.fault_at = at;
		rig.fault = fault->script;
	} else if (fault) {
		rig.cancel_at = at;
	}
	out->err = burn(&rig, content, &listener);
	out->failure = *lathe_session_failure(rig.master);
	out->op = rig.fault_op;
	out->hit = rig.commands >= at;
	out->locked = rig.locked;
	out->commands = rig.commands;
	out->alive = lathe_emulator_execute(rig.emulator, &ready) == 0 &&
		     ready.status == 0;
	ck_assert(!rig.went_back);
	rig_destroy(&rig);
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
	struct listener listener;
	struct rig rig;

	memset(out, 0, sizeof(*out));
	rig_create(&rig, store, NULL);
	listener.rig = &rig;
	listener.outcome = out;
	rig_master(&rig, NULL);
	options = rig_options(&rig, LATHE_SESSION_VERIFY_FULL);
	options.not_whole = not_whole;
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

/* ---- the judgement ------------------------------------------------------ */

static bool was_told(void *ctx, const char *path)
{
	const struct outcome *outcome = ctx;
	uint32_t i;

	for (i = 0; i < outcome->told_count; i++)
		if (strcmp(outcome->told[i], path) == 0)
			return true;
	return false;
}

/* An error says in which phase, of which command, where, and the sense. */
static const char *judge_words(const struct outcome *out)
{
	static const char *const phases[] = {
		"inspecting", "importing", "identifying", "preventing",
		"reading the disc's state", "preparing", "writing", "closing",
		"verifying", "choosing the recorder",
		"this is not the disc", "a blank disc is needed",
		"there is no disc in the drive"
	};
	const struct lathe_failure *f = &out->failure;
	char number[32];
	size_t i;

	if (f->err != out->err)
		return "the failure is another error";
	for (i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		if (strncmp(f->text, phases[i], strlen(phases[i])) == 0)
			break;
	if (i == sizeof(phases) / sizeof(phases[0]))
		return "no phase is named";
	if (out->err == LATHE_ERR_SENSE) {
		if (!f->scsi)
			return "no command is named";
		snprintf(number, sizeof(number), "%X/%02X/%02X", f->key,
			 f->asc, f->ascq);
		if (!strstr(f->text, number))
			return "the text lacks the sense";
	}
	if (f->scsi && (f->opcode == 0x2A || f->opcode == 0x28)) {
		if (!f->has_lba)
			return "no address is named";
		snprintf(number, sizeof(number), "LBA %u", f->lba);
		if (!strstr(f->text, number))
			return "the text lacks the address";
	}
	return NULL;
}

static const char *judge_end(const struct outcome *out,
			     const struct lathe_emulator_disc *disc,
			     const struct lathe_emulator_disc *before)
{
	bool closed = disc->sessions > before->sessions;

	switch (out->report.end) {
	case LATHE_SESSION_END_APPENDABLE:
		return closed && disc->appendable ? NULL :
						    "not closed appendable";
	case LATHE_SESSION_END_FINAL:
		return "final without need";
	case LATHE_SESSION_END_OPEN:
		return closed ? "closed, and called open" : NULL;
	case LATHE_SESSION_END_UNTOUCHED:
		if (closed || disc->track_open ||
		    disc->next_writable != before->next_writable)
			return "not untouched";
		return NULL;
	case LATHE_SESSION_END_UNKNOWN:
		return NULL;
	case LATHE_SESSION_END_TORN:
		return "torn, and nothing here is overwritable";
	}
	return "no such end";
}

static const char *judge(struct lathe_emulator_store *store,
			 const struct lathe_emulator_disc *before,
			 const struct model *should,
			 const struct fault *fault, struct outcome *out)
{
	struct lathe_emulator_disc disc = disc_state(store);
	bool closed = disc.sessions > before->sessions;
	const char *wrong;

	if (out->locked && out->alive)
		return "the tray is locked";
	/* Never success over a bad disc. */
	if (!out->err) {
		if (!closed || !disc.appendable)
			return "success, but no appendable session";
		return judge_volume(store,
				    judge_session(store, disc.sessions),
				    should, NULL, NULL);
	}
	wrong = judge_words(out);
	if (!wrong)
		wrong = judge_end(out, &disc, before);
	/* A session that was closed has its metadata, and the files that are
	 * not whole were told. What flips unnoticed is found too late. */
	if (!wrong && closed && !fault->silent)
		wrong = judge_volume(store,
				     judge_session(store, disc.sessions),
				     should, was_told, out);
	return wrong;
}

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
		burn_with(store, content, fault, at, &out);
		wrong = judge(store, &before, should, fault, &out);
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
	sweep(blank, &first, &first, &faults[_i]);
}
END_TEST

START_TEST(the_second_session_with_one_fault)
{
	sweep(one_session, &added, &second, &faults[_i]);
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
		wrong = judge_end(&out, &disc, &before);
		if (!wrong && out.report.end == LATHE_SESSION_END_OPEN)
			wrong = "left open";
		if (!wrong && disc.sessions > before.sessions)
			wrong = judge_volume(store,
					     judge_session(store,
							   disc.sessions),
					     should, was_told, &out);
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
	struct listener listener;
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

		options.not_whole = not_whole;
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
		wrong = judge_end(&out, &disc, &before);
		if (out.err && out.err != LATHE_ERR_MEMORY)
			wrong = "another error";
		if (!out.err && disc.sessions == before.sessions)
			wrong = "success without a session";
		if (!wrong && disc.sessions > before.sessions)
			wrong = judge_volume(store,
					     judge_session(store,
							   disc.sessions),
					     should, was_told, &out);
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
	tcase_add_loop_test(tc, the_first_session_with_one_fault, 0, FAULTS);
	tcase_add_loop_test(tc, the_second_session_with_one_fault, 0, FAULTS);
	tcase_add_loop_test(tc, one_failing_call_of_a_source, 0, 4);
	tcase_add_test(tc, one_allocation_that_fails);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
