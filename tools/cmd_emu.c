/* SPDX-License-Identifier: MIT */
/*
 * lathe emu create | list | serve | rules: the recorder made of software.
 */
#include <string.h>

#include "tools/drive.h"
#include "tools/json.h"
#include "tools/options.h"

static const struct option no_options[] = { OPTION_END };

/* ---- create ------------------------------------------------------------- */

struct create {
	const char *media;
};

static const struct option create_options[] = {
	{ 0, "media", OPTION_TEXT, offsetof(struct create, media), "NAME",
	  "what kind of disc: see lathe emu list; cd-r-80 if not given" },
	OPTION_END
};

static int create_disc(struct tool *tool, const struct create *create,
		       const char *path)
{
	enum lathe_emulator_media media;
	int err;

	if (lathe_emulator_media_find(create->media, &media))
		return complain_usage(tool,
				      "there is no medium '%s'; see "
				      "lathe emu list",
				      create->media);
	err = lathe_emulator_store_create(&tool->hooks, path, media);
	if (err == LATHE_ERR_EXISTS)
		return complain_why(tool, err,
				    "remove FILE and FILE.disc, or choose "
				    "another name",
				    "%s or %s.disc is there already", path,
				    path);
	if (err)
		return complain(tool, err, NULL, "%s", path);
	return STATUS_OK;
}

static int run_create(struct tool *tool, int argc, char **argv)
{
	struct create create = { .media = "cd-r-80" };
	struct option_list operands = { NULL, 0 };
	int status;

	if (!options_parse(tool, &command_emu_create, argc, argv, &create,
			   &operands, &status))
		return status;
	if (operands.count != 1)
		status = complain_usage(tool, "one FILE is wanted");
	else
		status = create_disc(tool, &create, operands.item[0]);
	options_free(&command_emu_create, &create, &operands);
	return status;
}

const struct command command_emu_create = {
	.name = "emu create",
	.arguments = "FILE [--media NAME]",
	.summary = "Make a blank disc for the emulated recorder",
	.options = create_options,
	.run = run_create,
};

/* ---- list --------------------------------------------------------------- */

static int run_list(struct tool *tool, int argc, char **argv)
{
	const char *name;
	unsigned i;
	int status;

	if (!options_parse(tool, &command_emu_list, argc, argv, NULL,
			   NO_OPERANDS, &status))
		return status;
	for (i = 0;; i++) {
		name = lathe_emulator_media_name((enum lathe_emulator_media)i);
		if (!name)
			break;
		puts(name);
	}
	return finish_output(tool, STATUS_OK);
}

const struct command command_emu_list = {
	.name = "emu list",
	.arguments = "",
	.summary = "List the kinds of discs that can be emulated",
	.options = no_options,
	.run = run_list,
};

/* ---- serve -------------------------------------------------------------- */

struct serve {
	struct drive_options drive;
	bool once, autoload, vhost;
	uint32_t max_sectors, hurry;
	const char *log;
};

static const struct option serve_options[] = {
	OPTION_SWITCH(struct serve, "once", once,
		      "end when the last client has left"),
	OPTION_SWITCH(struct serve, "autoload", autoload,
		      "a new client finds the tray closed"),
	OPTION_SWITCH(struct serve, "vhost-user", vhost,
		      "SOCKET is for a virtual machine: a vhost-user-scsi "
		      "device"),
	{ 0, "max-sectors", OPTION_NUMBER, offsetof(struct serve, max_sectors),
	  "N", "with --vhost-user: sectors of 512 bytes in one command" },
	{ 0, "hurry", OPTION_NUMBER, offsetof(struct serve, hurry), "N",
	  "with --vhost-user: the drive's clock runs N times faster" },
	{ 0, "personality", OPTION_TEXT,
	  offsetof(struct serve, drive.personality), "NAMES",
	  "other behaviours, see lathe emu rules" },
	{ 0, "faults", OPTION_READ, offsetof(struct serve, drive.faults),
	  "FILE", "a script of faults" },
	{ 0, "swap", OPTION_READ, offsetof(struct serve, drive.swap), "FILE",
	  "the disc that the fault 'swap' puts in" },
	{ 0, "log", OPTION_WRITE, offsetof(struct serve, log), "FILE",
	  "one line for each command" },
	OPTION_END
};

static bool stop(void *ctx)
{
	(void)ctx;
	return stop_asked();
}

static void ready(void *ctx)
{
	(void)ctx;
	puts("ready");
	fflush(stdout);
}

static int serve_programs(struct lathe_emulator *drive,
			  const struct serve *serve, const char *socket)
{
	struct lathe_emulator_door door = {
		.socket_path = socket,
		.once = serve->once,
		.autoload = serve->autoload,
		.stop = stop,
		.ready = ready,
	};

	return lathe_emulator_serve(drive, &door);
}

static int serve_machine(struct lathe_emulator *drive,
			 const struct serve *serve, const char *socket)
{
	struct lathe_emulator_vhost door = {
		.socket_path = socket,
		.max_sectors = serve->max_sectors,
		.hurry = serve->hurry,
		.stop = stop,
		.ready = ready,
	};

	return lathe_emulator_serve_vhost(drive, &door);
}

static int serve_disc(struct tool *tool, const struct serve *serve,
		      const char *spec, const char *socket,
		      struct log_file *log)
{
	struct emulated emulated;
	int status, err;

	if (strncmp(spec, "emu:", 4) == 0)
		spec += 4;
	status = emulated_open(tool, spec, &serve->drive,
			       log->file ? log_file_line : NULL, log,
			       &emulated);
	if (status)
		return status;
	err = serve->vhost ? serve_machine(emulated.emulator, serve, socket)
			   : serve_programs(emulated.emulator, serve, socket);
	if (err)
		status = complain(tool, err, NULL, "%s", socket);
	return emulated_close(tool, &emulated, status);
}

static int run_serve(struct tool *tool, int argc, char **argv)
{
	struct option_list operands = { NULL, 0 };
	struct serve serve = { .once = false };
	struct log_file log = { NULL, NULL, 0 };
	int status;

	if (!options_parse(tool, &command_emu_serve, argc, argv, &serve,
			   &operands, &status))
		return status;
	if (operands.count != 2)
		status = complain_usage(tool, "FILE and SOCKET are wanted");
	if (status == STATUS_OK && serve.log)
		status = log_file_open(&log, tool, serve.log);
	if (status == STATUS_OK)
		status = serve_disc(tool, &serve, operands.item[0],
				    operands.item[1], &log);
	status = log_file_close(&log, tool, status);
	options_free(&command_emu_serve, &serve, &operands);
	return status;
}

const struct command command_emu_serve = {
	.name = "emu serve",
	.arguments = "FILE SOCKET [--once]",
	.summary = "Serve an emulated recorder to other processes",
	.options = serve_options,
	.asks_to_stop = true,
	.run = run_serve,
};

/* ---- rules -------------------------------------------------------------- */

struct rules {
	bool json;
};

static const struct option rules_options[] = { { 0, "json", OPTION_FLAG,
						 offsetof(struct rules, json),
						 NULL, "one object a line" },
					       OPTION_END };

static void show_rule(const struct lathe_emulator_rule_row *rule)
{
	printf("%s\n    %s\n    source: %s\n", rule->id, rule->text,
	       rule->source);
	if (rule->personality)
		printf("    personality: %s\n", rule->personality);
}

static void show_rule_json(const struct lathe_emulator_rule_row *rule)
{
	struct json json = { .out = stdout };

	json_object(&json, NULL);
	json_text(&json, "id", rule->id);
	json_text(&json, "text", rule->text);
	json_text(&json, "source", rule->source);
	if (rule->personality)
		json_text(&json, "personality", rule->personality);
	else
		json_null(&json, "personality");
	json_object_end(&json);
	json_line(&json);
}

static int run_rules(struct tool *tool, int argc, char **argv)
{
	struct lathe_emulator_rule_row rule;
	struct rules rules = { .json = false };
	uint32_t i;
	int status;

	if (!options_parse(tool, &command_emu_rules, argc, argv, &rules,
			   NO_OPERANDS, &status))
		return status;
	for (i = 0; lathe_emulator_rule(i, &rule); i++) {
		if (rules.json)
			show_rule_json(&rule);
		else
			show_rule(&rule);
	}
	return finish_output(tool, STATUS_OK);
}

const struct command command_emu_rules = {
	.name = "emu rules",
	.arguments = "[--json]",
	.summary = "List the rules of the emulated recorder and their sources",
	.options = rules_options,
	.run = run_rules,
};
