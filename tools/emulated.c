/* SPDX-License-Identifier: MIT */
/*
 * The emulated recorder behind "emu:FILE".
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64
#define _TIME_BITS 64

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/drive.h"
#include "tools/output.h"

#define FAULTS_MAX 1048576u /* bytes of a script */

static char *copy_span(const char *text, size_t len)
{
	char *out = must_realloc(NULL, len + 1);

	memcpy(out, text, len);
	out[len] = '\0';
	return out;
}

/* 'more' behind what *names holds, with a comma between. */
static void join(char **names, const char *more, size_t len)
{
	size_t old = *names ? strlen(*names) : 0;

	if (len == 0)
		return;
	*names = must_realloc(*names, old + len + 2);
	if (old > 0)
		(*names)[old++] = ',';
	memcpy(*names + old, more, len);
	(*names)[old + len] = '\0';
}

/* The next ",personality=" and such in 'text', or its end: a comma is an
 * honest part of a file's name. */
static const char *next_key(const char *text)
{
	static const char *const keys[] = { ",personality=", ",faults=",
					    ",swap=" };
	const char *first = text + strlen(text), *found;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		found = strstr(text, keys[i]);
		if (found && found < first)
			first = found;
	}
	return first;
}

static void replace(char **text, const char *by, size_t len)
{
	free(*text);
	*text = copy_span(by, len);
}

/* Splits the spec; out->faults gets a path here, not yet the script. */
static void parse_spec(const char *spec, struct emulated *out)
{
	const char *end = next_key(spec), *value;
	char key;

	out->path = copy_span(spec, (size_t)(end - spec));
	while (*end) {
		key = end[1];
		value = strchr(end, '=') + 1;
		end = next_key(value);
		if (key == 'p')
			join(&out->personality, value, (size_t)(end - value));
		else
			replace(key == 'f' ? &out->faults : &out->swap, value,
				(size_t)(end - value));
	}
}

/* Options win over what the spec says. */
static void take_options(const struct drive_options *options,
			 struct emulated *out)
{
	if (options->personality)
		join(&out->personality, options->personality,
		     strlen(options->personality));
	if (options->faults)
		replace(&out->faults, options->faults, strlen(options->faults));
	if (options->swap)
		replace(&out->swap, options->swap, strlen(options->swap));
}

/* The path in *faults becomes the script that is there. */
static int read_faults(struct tool *tool, char **faults)
{
	FILE *file = fopen(*faults, "r");
	size_t len;
	char *text;

	if (!file)
		return complain_errno(tool, *faults);
	text = must_realloc(NULL, FAULTS_MAX + 1);
	len = fread(text, 1, FAULTS_MAX + 1, file);
	if (ferror(file) || len > FAULTS_MAX) {
		if (len > FAULTS_MAX)
			errno = EFBIG;
		fclose(file);
		free(text);
		return complain_errno(tool, *faults);
	}
	fclose(file);
	text[len] = '\0';
	free(*faults);
	*faults = text;
	return STATUS_OK;
}

static int open_store(struct tool *tool, const char *path,
		      struct lathe_emulator_store **store)
{
	int err = lathe_emulator_store_open(&tool->hooks, path, store);

	switch (err) {
	case 0:
		return STATUS_OK;
	case LATHE_ERR_NOT_FOUND:
		return complain_why(tool, err,
				    "make one with lathe emu create FILE",
				    "there is no emulated disc '%s'", path);
	case LATHE_ERR_DENIED:
		return complain_why(tool, err,
				    "make both files writable, or name others",
				    "no permission to write %s and %s.disc",
				    path, path);
	case LATHE_ERR_BUSY:
		return complain_why(tool, err,
				    "wait for the other program, or end it",
				    "another program uses the emulated disc "
				    "%s",
				    path);
	case LATHE_ERR_CORRUPT:
		return complain_why(tool, err,
				    "make a new one with lathe emu create",
				    "%s.disc does not describe a disc", path);
	default:
		return complain(tool, err, NULL, "%s", path);
	}
}

static int make_drive(struct tool *tool, struct emulated *out,
		      void (*command)(void *, const char *, size_t),
		      void *command_ctx)
{
	struct lathe_emulator_config config = {
		.size = sizeof(config),
		.personality = out->personality,
		.faults = out->faults,
		.command = command,
		.command_ctx = command_ctx,
	};
	int err = lathe_emulator_create(&config, &out->emulator);

	if (err == LATHE_ERR_ARG)
		return complain_usage(tool,
				      "no such personality, or a script of "
				      "faults that does not parse");
	if (err)
		return complain(tool, err, NULL, "%s", out->path);
	lathe_emulator_insert(out->emulator, out->store);
	lathe_emulator_set_swap(out->emulator, out->swap_store);
	return STATUS_OK;
}

int emulated_open(struct tool *tool, const char *spec,
		  const struct drive_options *options,
		  void (*command)(void *ctx, const char *text, size_t len),
		  void *command_ctx, struct emulated *out)
{
	int status = STATUS_OK;

	*out = (struct emulated){ .path = NULL };
	parse_spec(spec, out);
	take_options(options, out);
	if (out->faults)
		status = read_faults(tool, &out->faults);
	if (status == STATUS_OK)
		status = open_store(tool, out->path, &out->store);
	if (status == STATUS_OK && out->swap)
		status = open_store(tool, out->swap, &out->swap_store);
	if (status == STATUS_OK)
		status = make_drive(tool, out, command, command_ctx);
	return status ? emulated_close(tool, out, status) : STATUS_OK;
}

/* The disc's blocks may be there, but what tells of them is not. */
static int save_state(struct tool *tool, struct lathe_emulator_store *store,
		      const char *path, int status)
{
	char what[4200];
	int err;

	errno = 0;
	err = store && tool ? lathe_emulator_store_save(store) : 0;
	if (!err)
		return status;
	snprintf(what, sizeof(what), "%s.disc still tells an older state of "
		 "the disc, this one could not be saved", path);
	err = err == LATHE_ERR_IO && errno
		      ? complain_errno(tool, what)
		      : complain(tool, err, NULL, "%s", what);
	return status ? status : err;
}

int emulated_close(struct tool *tool, struct emulated *emulated, int status)
{
	if (emulated->emulator) {
		lathe_emulator_insert(emulated->emulator, NULL);
		lathe_emulator_destroy(emulated->emulator);
	}
	status = save_state(tool, emulated->store, emulated->path, status);
	status = save_state(tool, emulated->swap_store, emulated->swap, status);
	lathe_emulator_store_close(emulated->store);
	lathe_emulator_store_close(emulated->swap_store);
	free(emulated->path);
	free(emulated->personality);
	free(emulated->faults);
	free(emulated->swap);
	*emulated = (struct emulated){ .path = NULL };
	return status;
}

/* ---- not to be written by others ---------------------------------------- */

#define STATE ".disc" /* behind the name of the disc */

/* The state of a disc begins in this way, mmc/emulator/emu_disc_text.c. */
static bool is_state(const char *path)
{
	static const char head[] = "lathe-disc ";
	char text[sizeof(head)] = "";
	FILE *file = fopen(path, "r");
	bool is = file && fgets(text, sizeof(text), file) &&
		  strcmp(text, head) == 0;

	if (file)
		fclose(file);
	return is;
}

/* To be freed. */
static char *state_of(const char *path)
{
	size_t len = strlen(path);
	char *name = must_realloc(NULL, len + sizeof(STATE));

	memcpy(name, path, len);
	memcpy(name + len, STATE, sizeof(STATE));
	return name;
}

static bool is_disc(const char *path)
{
	size_t len = strlen(path);
	char *name = state_of(path);
	bool is = is_state(name);

	if (!is && len >= sizeof(STATE) &&
	    strcmp(path + len - (sizeof(STATE) - 1), STATE) == 0 &&
	    is_state(path)) {
		name[len - (sizeof(STATE) - 1)] = '\0';
		is = access(name, F_OK) == 0;
	}
	free(name);
	return is;
}

int emulated_refuse(struct tool *tool, const char *path)
{
	char *real = real_path(path);
	bool is = real && is_disc(real);

	free(real);
	if (!is)
		return STATUS_OK;
	return complain_why(tool, LATHE_ERR_STATE,
			    "record on it with lathe burn, or name another "
			    "file",
			    "%s: the disc of an emulated recorder", path);
}

static bool is_file(const char *path, uint64_t dev, uint64_t ino)
{
	struct stat st;

	return stat(path, &st) == 0 && (uint64_t)st.st_dev == dev &&
	       (uint64_t)st.st_ino == ino;
}

bool emulated_is(const struct emulated *emulated, uint64_t dev, uint64_t ino)
{
	const char *const path[] = { emulated->path, emulated->swap };
	bool is = false;
	char *state;
	size_t i;

	for (i = 0; i < sizeof(path) / sizeof(path[0]) && !is; i++) {
		if (!path[i])
			continue;
		state = state_of(path[i]);
		is = is_file(path[i], dev, ino) || is_file(state, dev, ino);
		free(state);
	}
	return is;
}
