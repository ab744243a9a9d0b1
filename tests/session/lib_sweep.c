/* SPDX-License-Identifier: MIT */
/* lib_sweep.c - a burn with a fault in it, and what is to be said of it. */
#include "tests/session/lib_sweep.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

const struct fault sweep_faults[SWEEP_FAULTS] = {
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

/* ---- one burn ----------------------------------------------------------- */

void sweep_not_whole(void *ctx, uint32_t node, uint64_t offset, int err,
		     const char *text)
{
	struct sweep_listener *listener = ctx;
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
		struct sweep_listener *listener)
{
	struct lathe_session_record_options options =
		rig_options(rig, LATHE_SESSION_VERIFY_FULL);
	int err;

	options.not_whole = sweep_not_whole;
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

void sweep_burn(struct lathe_emulator_store *store, const char *personality,
		const struct model *content, const struct fault *fault,
		uint32_t at, struct outcome *out)
{
	struct lathe_cmd ready = { .cdb_len = 6, .timeout_ms = 1000 };
	struct sweep_listener listener;
	struct rig rig;

	memset(out, 0, sizeof(*out));
	rig_create(&rig, store, personality);
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

/* ---- the judgement ------------------------------------------------------ */

bool sweep_was_told(void *ctx, const char *path)
{
	const struct outcome *outcome = ctx;
	uint32_t i;

	for (i = 0; i < outcome->told_count; i++)
		if (strcmp(outcome->told[i], path) == 0)
			return true;
	return false;
}

const char *sweep_judge_words(const struct outcome *out)
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

const char *sweep_judge_end(const struct outcome *out,
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

const char *sweep_judge(struct lathe_emulator_store *store,
			const struct lathe_emulator_disc *before,
			const struct model *should, const struct fault *fault,
			struct outcome *out)
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
	wrong = sweep_judge_words(out);
	if (!wrong)
		wrong = sweep_judge_end(out, &disc, before);
	/* A session that was closed has its metadata, and the files that are
	 * not whole were told. What flips unnoticed is found too late. */
	if (!wrong && closed && !fault->silent)
		wrong = judge_volume(store,
				     judge_session(store, disc.sessions),
				     should, sweep_was_told, out);
	return wrong;
}
