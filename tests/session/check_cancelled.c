/* SPDX-License-Identifier: MIT */
/*
 * check_cancelled.c - the user says stop at each question that is put to him,
 * once or for good: the error is LATHE_ERR_CANCELLED, older sessions are as
 * they were, the disc is as the report says, and a way leads on from there.
 * He is never asked once closing has begun.
 */
#include "tests/session/lib_image.h"
#include "tests/session/lib_sweep.h"
#include "tests/suite.h"

#include <check.h>
#include <string.h>

/* ---- the user ----------------------------------------------------------- */

static struct {
	uint32_t asked;		/* questions so far */
	uint32_t at;		/* the one that is answered with yes; 0: none */
	bool once;		/* and those behind it with no */
	bool begun;		/* to record */
	bool said;
} user;

static void the_user_says_it_at(uint32_t question, bool once)
{
	memset(&user, 0, sizeof(user));
	user.at = question;
	user.once = once;
}

static bool is_closing(const struct rig *rig)
{
	return rig->phases && (rig->last_phase == LATHE_PHASE_CLOSING ||
			       rig->last_phase == LATHE_PHASE_VERIFYING);
}

static bool cancelled(void *ctx)
{
	const struct rig *rig = ctx;

	ck_assert_msg(!is_closing(rig), "asked while the disc is closed");
	user.asked++;
	if (!user.at || user.asked < user.at ||
	    (user.once && (user.asked > user.at || !user.begun)))
		return false;
	user.said = true;
	return true;
}

/* ---- burns -------------------------------------------------------------- */

enum what {
	FIRST,		/* on a blank disc */
	SECOND,		/* behind a session of ours */
	IMPORTED,	/* behind one of somebody else's */
	RESUMED,	/* SECOND was cut, and is gone on with */
	GIVEN_UP,	/* what is there is replaced */
	IMAGE,		/* a ready one, on a blank disc */
	PIPE,		/* the same of unknown length */
	LATER_IMAGE	/* one behind a session of ours */
};

struct row {
	enum what what;
	enum lathe_emulator_media media;
	bool at_once, reserve, final, simulate;
};

static const struct row rows[] = {
	{ FIRST, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_CD_R_80, 1, 0, 1, 0 },
	{ FIRST, LATHE_EMULATOR_CD_R_80, 1, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_CD_RW, 0, 0, 1, 0 },
	{ FIRST, LATHE_EMULATOR_CD_RW, 0, 0, 0, 1 },
	{ FIRST, LATHE_EMULATOR_DVD_R, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_R, 1, 0, 1, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_R, 0, 1, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_RW, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_RW, 0, 0, 0, 1 },
	{ FIRST, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_PLUS_R, 0, 1, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_PLUS_R_DL, 0, 0, 1, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_PLUS_R_DL, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_BD_R, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_RAM, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_DVD_RW_OW, 0, 0, 0, 0 },
	{ FIRST, LATHE_EMULATOR_BD_RE, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_CD_R_80, 0, 1, 0, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_R, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_RW, 0, 0, 1, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_BD_R, 0, 0, 1, 0 },
	{ SECOND, LATHE_EMULATOR_BD_R, 0, 1, 0, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_RAM, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_DVD_RW_OW, 0, 0, 0, 0 },
	{ SECOND, LATHE_EMULATOR_BD_RE, 0, 0, 0, 0 },
	{ IMPORTED, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ IMPORTED, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 0, 0 },
	{ IMPORTED, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ IMPORTED, LATHE_EMULATOR_BD_RE, 0, 0, 0, 0 },
	{ RESUMED, LATHE_EMULATOR_DVD_R, 0, 0, 0, 0 },
	{ RESUMED, LATHE_EMULATOR_DVD_RW, 0, 0, 0, 0 },
	{ RESUMED, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 0, 0 },
	{ RESUMED, LATHE_EMULATOR_BD_R, 0, 0, 0, 0 },
	{ RESUMED, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ GIVEN_UP, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ GIVEN_UP, LATHE_EMULATOR_DVD_RW_OW, 0, 0, 0, 0 },
	{ GIVEN_UP, LATHE_EMULATOR_BD_RE, 0, 0, 0, 0 },
	{ IMAGE, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ IMAGE, LATHE_EMULATOR_CD_R_80, 1, 0, 1, 0 },
	{ IMAGE, LATHE_EMULATOR_DVD_R, 0, 0, 0, 0 },
	{ IMAGE, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 1, 0 },
	{ IMAGE, LATHE_EMULATOR_DVD_PLUS_RW, 0, 0, 0, 0 },
	{ IMAGE, LATHE_EMULATOR_DVD_RW_OW, 0, 0, 0, 0 },
	{ PIPE, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ PIPE, LATHE_EMULATOR_BD_R, 0, 0, 0, 0 },
	{ PIPE, LATHE_EMULATOR_BD_RE, 0, 0, 0, 0 },
	{ LATER_IMAGE, LATHE_EMULATOR_CD_R_80, 0, 0, 0, 0 },
	{ LATER_IMAGE, LATHE_EMULATOR_DVD_PLUS_R, 0, 0, 0, 0 },
	{ LATER_IMAGE, LATHE_EMULATOR_DVD_RAM, 0, 0, 0, 0 },
};

#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

struct scene {
	struct row row;
	struct lathe_emulator_store *from, *store;
	struct model first;	/* the session that is there; none: empty */
	uint32_t first_start;
	struct model second;	/* what the burn makes of it */
	struct image image;
	struct rig rig;
	struct sweep_listener listener;
	struct outcome outcome;
	int err;
	uint32_t at;		/* the question */
};

static bool has_image(const struct row *row)
{
	return row->what >= IMAGE;
}

static bool is_overwritable(const struct scene *scene)
{
	switch (scene->row.media) {
	case LATHE_EMULATOR_DVD_PLUS_RW:
	case LATHE_EMULATOR_DVD_RAM:
	case LATHE_EMULATOR_DVD_RW_OW:
	case LATHE_EMULATOR_BD_RE:
		return true;
	default:
		return false;
	}
}

/* What is wrong, and where the user stopped it. */
static void expect(const struct scene *scene, bool right, const char *what)
{
	ck_assert_msg(right, "question %u: %s (%s, end %d: %s)", scene->at,
		      what, lathe_err_name(scene->err),
		      scene->outcome.report.end, scene->outcome.failure.text);
}

static void expect_volume(const struct scene *scene, uint32_t lba,
			  const struct model *model)
{
	const char *wrong = judge_volume(scene->store, lba, model, NULL, NULL);

	expect(scene, !wrong, wrong);
}

static struct lathe_session_record_options options_of(struct scene *scene)
{
	struct lathe_session_record_options options =
		rig_options(&scene->rig, LATHE_SESSION_VERIFY_FULL);

	options.not_whole = sweep_not_whole;
	options.not_whole_ctx = &scene->listener;
	options.at_once = scene->row.at_once;
	options.final = scene->row.final;
	options.reserve = scene->row.reserve;
	options.simulate = scene->row.simulate;
	options.overwrite = scene->row.what == GIVEN_UP;
	return options;
}

static int burn_image(struct scene *scene,
		      const struct lathe_session_record_options *options)
{
	struct lathe_session_stream stream = { .ctx = &scene->image,
					       .read = image_read };
	struct lathe_hooks hooks = rig_config(&scene->rig).hooks;

	hooks.cancelled = cancelled;
	if (scene->row.what != PIPE)
		stream.blocks = scene->image.blocks;
	scene->image.at = 0;
	return lathe_session_record_stream(&scene->rig.mmc, &hooks, &stream,
					   options, &scene->outcome.report,
					   &scene->outcome.failure);
}

static int choose(struct scene *scene)
{
	struct rig *rig = &scene->rig;
	int err;

	if (scene->row.what == RESUMED)
		return lathe_session_resume(rig->master, &rig->mmc);
	err = lathe_session_set_recorder(rig->master, &rig->mmc);
	if (!err && scene->row.what == IMPORTED)
		err = lathe_session_import(rig->master);
	if (!err && scene->row.what == GIVEN_UP)
		err = lathe_session_clear(rig->master);
	return err;
}

/* As from the beginning, with the master that is there. */
static void burn(struct scene *scene)
{
	struct lathe_session_record_options options = options_of(scene);
	struct rig *rig = &scene->rig;

	scene->outcome.report.end = LATHE_SESSION_END_UNTOUCHED;
	scene->outcome.told_count = 0;
	if (has_image(&scene->row)) {
		user.begun = true;
		scene->err = burn_image(scene, &options);
		return;
	}
	scene->err = choose(scene);
	if (!scene->err)
		scene->err = rig_add(rig, &scene->second);
	/* Whoever says it while the disc is chosen has to stay with it: what
	 * can not be read there may be done without. */
	user.begun = true;
	if (user.once)
		user.asked = 0;
	if (!scene->err)
		scene->err = lathe_session_record(rig->master, &options,
						  &scene->outcome.report);
	scene->outcome.failure = *lathe_session_failure(rig->master);
}

static void new_master(struct scene *scene)
{
	struct lathe_session_config config = rig_config(&scene->rig);

	config.hooks.cancelled = cancelled;
	rig_master(&scene->rig, &config);
}

/* ---- discs to begin with ------------------------------------------------ */

static void put_first(struct scene *scene)
{
	struct rig *rig = &scene->rig;
	struct lathe_session_report report;

	model_put(&scene->first, "one", 1, 60000);
	model_put(&scene->first, "two", 2, 100);
	rig_create(rig, scene->from, NULL);
	ck_assert_int_eq(rig_burn(rig, &scene->first,
				  LATHE_SESSION_VERIFY_STATE, &report), 0);
	scene->first_start = report.start;
	if (scene->row.what == LATER_IMAGE)
		image_make(&scene->image, &scene->second, report.next_writable,
			   0);
	rig_destroy(rig);
}

/* In the middle of its files. */
static void cut_second(struct scene *scene)
{
	struct lathe_session_report report;
	struct rig *rig = &scene->rig;

	rig_create(rig, scene->from, NULL);
	ck_assert_int_eq(lathe_emulator_set_faults(rig->emulator,
						   "op=2A count=5 gone"), 0);
	ck_assert_int_eq(rig_burn(rig, &scene->second,
				  LATHE_SESSION_VERIFY_STATE, &report),
			 LATHE_ERR_NO_DEVICE);
	rig_destroy(rig);
}

static void begin(struct scene *scene, const struct row *row)
{
	memset(scene, 0, sizeof(*scene));
	scene->row = *row;
	if (row->what == IMPORTED) {
		scene->from = foreign_disc(row->media, &scene->first, 0);
		model_put(&scene->second, "theirs", 1, 70000);
	} else {
		scene->from = blank_disc(row->media);
	}
	model_put(&scene->second, "three", 3, 250000);
	if (row->what == SECOND || row->what == RESUMED) {
		model_put(&scene->second, "one", 1, 60000);
		model_put(&scene->second, "two", 2, 100);
	}
	if (row->what == SECOND || row->what == RESUMED ||
	    row->what == GIVEN_UP || row->what == LATER_IMAGE)
		put_first(scene);
	if (row->what == RESUMED)
		cut_second(scene);
	if (row->what == IMAGE || row->what == PIPE)
		image_make(&scene->image, &scene->second, 0, 0);
}

static void end(struct scene *scene)
{
	lathe_emulator_store_close(scene->from);
	model_free(&scene->first);
	model_free(&scene->second);
	if (scene->image.data)
		image_free(&scene->image);
}

/* ---- how it goes on ----------------------------------------------------- */

/* As the next program would find it. */
static void start_anew(struct scene *scene)
{
	rig_restart(&scene->rig);
	scene->rig.phases = 0;
	new_master(scene);
}

/* What stays of the session that was there, whatever happened. */
static void expect_first(struct scene *scene)
{
	if (!scene->first.count || scene->row.what == GIVEN_UP)
		return;
	/* Of others the descriptors stand at 16 alone: see below. */
	if (scene->row.what == IMPORTED && is_overwritable(scene))
		return;
	expect_volume(scene, scene->first_start, &scene->first);
}

static void expect_whole(struct scene *scene)
{
	expect(scene, !scene->err, "it does not go on");
	expect_volume(scene, scene->outcome.report.start, &scene->second);
	if (is_overwritable(scene))
		expect_volume(scene, 0, &scene->second);
	expect_first(scene);
}

static void append(struct scene *scene)
{
	struct lathe_session_report *report = &scene->outcome.report;

	start_anew(scene);
	scene->err = rig_burn(&scene->rig, &scene->second,
			      LATHE_SESSION_VERIFY_FULL, report);
	scene->outcome.failure = *lathe_session_failure(scene->rig.master);
	expect_whole(scene);
}

static void resume(struct scene *scene)
{
	struct lathe_session_record_options options = options_of(scene);
	struct rig *rig = &scene->rig;

	start_anew(scene);
	scene->err = lathe_session_resume(rig->master, &rig->mmc);
	if (!scene->err)
		scene->err = rig_add(rig, &scene->second);
	if (!scene->err)
		scene->err = lathe_session_record(rig->master, &options,
						  &scene->outcome.report);
	scene->outcome.failure = *lathe_session_failure(rig->master);
	expect_whole(scene);
}

/* What is on it is given up, or is there to be gone on with. */
static void close_by_force(struct scene *scene)
{
	struct lathe_failure *failure = &scene->outcome.failure;

	start_anew(scene);
	scene->err = lathe_session_close(&scene->rig.mmc, NULL, false, true,
					 failure);
	expect(scene, !scene->err, "not closed by force");
	expect(scene, disc_state(scene->store).appendable, "not appendable");
	expect_first(scene);
}

static void from_the_beginning(struct scene *scene, bool overwrite)
{
	struct lathe_session_record_options options = options_of(scene);
	struct rig *rig = &scene->rig;

	options.overwrite = overwrite;
	if (has_image(&scene->row)) {
		rig->phases = 0;
		scene->err = burn_image(scene, &options);
		expect_whole(scene);
		return;
	}
	start_anew(scene);
	scene->err = choose(scene);
	if (!scene->err)
		scene->err = rig_add(rig, &scene->second);
	if (!scene->err)
		scene->err = lathe_session_record(rig->master, &options,
						  &scene->outcome.report);
	scene->outcome.failure = *lathe_session_failure(rig->master);
	expect_whole(scene);
}

/* Nothing was written: the same object does it. */
static void once_more(struct scene *scene)
{
	expect(scene, scene->row.what == RESUMED ||
		      !disc_state(scene->store).track_open, "a track is open");
	expect(scene, scene->row.what == RESUMED ||
		      disc_state(scene->store).sessions ==
			      disc_state(scene->from).sessions,
	       "there is a session more");
	scene->row.simulate = false;
	scene->rig.phases = 0;
	if (has_image(&scene->row)) {
		burn(scene);
	} else {
		struct lathe_session_record_options options =
			options_of(scene);
		struct rig *rig = &scene->rig;

		/* Content that is staged stays; what is not, was not. */
		scene->err = lathe_session_record(rig->master, &options,
						  &scene->outcome.report);
		if (scene->err == LATHE_ERR_NO_RECORDER ||
		    scene->err == LATHE_ERR_EMPTY ||
		    scene->err == LATHE_ERR_NOT_BLANK ||
		    scene->err == LATHE_ERR_MEDIUM_TYPE)
			burn(scene);
	}
	expect_whole(scene);
}

static void from_open(struct scene *scene)
{
	struct lathe_emulator_store *copy;

	if (is_overwritable(scene)) {
		bool appends = scene->first.count &&
			       scene->row.what != GIVEN_UP;

		from_the_beginning(scene, !appends);
		return;
	}
	expect(scene, disc_state(scene->store).track_open, "no track is open");
	/* Both ways. */
	copy = copy_disc(scene->store);
	if (!has_image(&scene->row) && !scene->row.at_once)
		resume(scene);
	lathe_emulator_insert(scene->rig.emulator, copy);
	lathe_emulator_store_close(scene->store);
	scene->store = copy;
	if (!scene->row.at_once)
		close_by_force(scene);
}

static void from_appendable(struct scene *scene)
{
	uint32_t number = disc_state(scene->store).sessions;
	const char *wrong;

	expect(scene, disc_state(scene->store).appendable, "not appendable");
	wrong = judge_volume(scene->store, judge_session(scene->store, number),
			     &scene->second, sweep_was_told, &scene->outcome);
	expect(scene, !wrong, wrong);
	append(scene);
}

/* At once there is no other end, and drives make a short first session of a
 * DVD+R DL the only one. */
static void from_final(struct scene *scene)
{
	const char *wrong;

	expect(scene, scene->row.at_once ||
		      scene->row.media == LATHE_EMULATOR_DVD_PLUS_R_DL,
	       "final without need");
	wrong = judge_volume(scene->store, judge_session(scene->store, 1),
			     &scene->second, sweep_was_told, &scene->outcome);
	expect(scene, !wrong, wrong);
	expect(scene, (scene->row.final || scene->row.at_once) !=
			      scene->outcome.report.final_by_drive,
	       "who made it final is told wrongly");
}

/* ---- the sweep ---------------------------------------------------------- */

/* False: it was asked fewer questions. */
static bool stop_at(struct scene *scene, const struct row *row,
		    uint32_t question, bool once)
{
	bool said;

	scene->row = *row;
	scene->at = question;
	scene->store = copy_disc(scene->from);
	rig_create(&scene->rig, scene->store, NULL);
	new_master(scene);
	scene->listener.rig = &scene->rig;
	scene->listener.outcome = &scene->outcome;
	the_user_says_it_at(question, once);
	burn(scene);
	said = user.said;
	the_user_says_it_at(0, false);
	expect(scene, scene->err == (said ? LATHE_ERR_CANCELLED : 0),
	       "another error");
	expect(scene, !scene->rig.locked, "the tray is locked");
	expect(scene, !scene->rig.went_back, "progress went back");
	expect_first(scene);
	if (said) {
		switch (scene->outcome.report.end) {
		case LATHE_SESSION_END_UNTOUCHED:
			once_more(scene);
			break;
		case LATHE_SESSION_END_OPEN:
			from_open(scene);
			break;
		case LATHE_SESSION_END_APPENDABLE:
			from_appendable(scene);
			break;
		case LATHE_SESSION_END_FINAL:
			from_final(scene);
			break;
		default:
			expect(scene, false, "no such end");
		}
	}
	rig_destroy(&scene->rig);
	lathe_emulator_store_close(scene->store);
	return said;
}

START_TEST(a_burn_is_stopped_at_each_question)
{
	struct scene scene;
	uint32_t question = 1;

	begin(&scene, &rows[_i / 2]);
	while (stop_at(&scene, &rows[_i / 2], question, _i % 2))
		question++;
	/* Before the disc is prepared, and before each WRITE. */
	ck_assert_uint_gt(question, 5);
	end(&scene);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session: stopped by the user");
	TCase *tc = tcase_create("stopped");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_burn_is_stopped_at_each_question, 0,
			    2 * ROWS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
