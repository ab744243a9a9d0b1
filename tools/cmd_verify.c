/* SPDX-License-Identifier: MIT */
/*
 * lathe verify
 */
#include <inttypes.h>

#include "tools/json.h"
#include "tools/options.h"
#include "tools/volume.h"

struct verify {
	struct volume_options volume;
	bool full, verbose;
	unsigned progress;
};

static const struct option options[] = {
	OPTIONS_VOLUME(struct verify, volume),
	OPTION_SWITCH(struct verify, "full", full,
		      "read every block, not only the ends of each file"),
	OPTION_VERBOSE(struct verify),
	OPTION_PROGRESS(struct verify),
	OPTION_END
};

static void bad(void *ctx, const char *path, uint32_t lba, const char *text)
{
	note(ctx, "%s, LBA %" PRIu32 ": %s", path, lba, text);
}

static void show(const struct lathe_session_info *session,
		 const struct lathe_session_check *check)
{
	printf("session %u: %s, %s read, %s\n", session->number,
	       counted(check->files, "file", "files").text,
	       counted(check->blocks_read, "block", "blocks").text,
	       check->metadata_own ? "directories as their checksum says"
				   : "directories without a checksum");
}

static void show_json(const struct lathe_session_info *session,
		      const struct lathe_session_check *check)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "event", "end");
	json_number(&json, "session", session->number);
	json_number(&json, "files", check->files);
	json_number(&json, "blocks_read", check->blocks_read);
	json_bool(&json, "checksum", check->metadata_own);
	json_object_end(&json);
	json_line(&json);
}

static int verify_session(struct volume *volume, const struct verify *verify,
			  const struct lathe_session_info *session)
{
	struct tool *tool = volume->tool;
	struct lathe_session_check check = { .blocks_read = 0 };
	struct lathe_failure failure = { .err = 0 };
	int err;

	err = lathe_session_verify_volume(&volume->blocks, session->start,
					  verify->full
						  ? LATHE_SESSION_VERIFY_FULL
						  : LATHE_SESSION_VERIFY_QUICK,
					  &tool->hooks, bad, tool, &check,
					  &failure);
	progress_break(&tool->progress);
	if (err)
		return complain(tool, err, &failure, "%s, session %u",
				volume->name, session->number);
	if (verify->progress == PROGRESS_JSON)
		show_json(session, &check);
	else
		show(session, &check);
	return finish_output(tool, STATUS_OK);
}

static int run(struct tool *tool, int argc, char **argv)
{
	struct verify verify = { .full = false };
	const struct lathe_session_info *session;
	struct volume volume;
	int status;

	if (!options_parse(tool, &command_verify, argc, argv, &verify,
			   NO_OPERANDS, &status))
		return status;
	tool->verbose = verify.verbose;
	progress_init(&tool->progress, (enum progress_style)verify.progress,
		      stdout);
	status = volume_open(&volume, tool, &verify.volume, true);
	if (status)
		return status;
	status = volume_pick(&volume, verify.volume.session, &session);
	if (status == STATUS_OK)
		status = verify_session(&volume, &verify, session);
	return volume_close(&volume, status);
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "(-d DEV | -i IMAGE) [--session N] [--full]",
	.summary = "Read a recorded session back and check it",
	.options = options,
	.asks_to_stop = true,
	.run = run,
};
