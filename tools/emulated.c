/* SPDX-License-Identifier: MIT */
/*
 * The emulated recorder behind "emu:FILE".
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/drive.h"

#define FAULTS_MAX 1048576u	/* bytes of a script */

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

/* The next ",personality=" or ",faults=" in 'text', or its end: a comma is
 * an honest part of a file's name. */
static const char *next_key(const char *text)
{
	const char *a = strstr(text, ",personality=");
	const char *b = strstr(text, ",faults=");

	if (!a || (b && b < a))
		a = b;
	return a ? a : text + strlen(text);
}

/* Splits the spec; *faults_path is allocated or NULL. */
static void parse_spec(const char *spec, struct emulated *out,
		       char **faults_path)
{
	const char *end = next_key(spec), *value;

	out->path = copy_span(spec, (size_t)(end - spec));
	while (*end) {
		value = strchr(end, '=') + 1;
		if (end[1] == 'p') {
			end = next_key(value);
			join(&out->personality, value, (size_t)(end - value));
		} else {
			end = next_key(value);
			free(*faults_path);
			*faults_path = copy_span(value, (size_t)(end - value));
		}
	}
}

static int read_faults(struct tool *tool, const char *path, char **out)
{
	FILE *file = fopen(path, "r");
	size_t len;
	char *text;

	if (!file)
		return complain_errno(tool, path);
	text = must_realloc(NULL, FAULTS_MAX + 1);
	len = fread(text, 1, FAULTS_MAX + 1, file);
	if (ferror(file) || len > FAULTS_MAX) {
		if (len > FAULTS_MAX)
			errno = EFBIG;
		fclose(file);
		free(text);
		return complain_errno(tool, path);
	}
	fclose(file);
	text[len] = '\0';
	*out = text;
	return STATUS_OK;
}

static int open_store(struct tool *tool, struct emulated *out)
{
	int err = lathe_emulator_store_open(&tool->hooks, out->path,
					    &out->store);

	switch (err) {
	case 0:
		return STATUS_OK;
	case LATHE_ERR_NOT_FOUND:
		return complain_why(tool, err,
				    "make one with lathe emu create FILE",
				    "there is no emulated disc %s",
				    out->path);
	case LATHE_ERR_BUSY:
		return complain_why(tool, err,
				    "wait for the other program, or end it",
				    "another program uses the emulated disc "
				    "%s", out->path);
	case LATHE_ERR_CORRUPT:
		return complain_why(tool, err,
				    "make a new one with lathe emu create",
				    "%s.disc does not describe a disc",
				    out->path);
	default:
		return complain(tool, err, NULL, "%s", out->path);
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
	return STATUS_OK;
}

int emulated_open(struct tool *tool, const char *spec,
		  const struct drive_options *options,
		  void (*command)(void *ctx, const char *text, size_t len),
		  void *command_ctx, struct emulated *out)
{
	char *faults_path = NULL;
	int status = STATUS_OK;

	*out = (struct emulated){ .path = NULL };
	parse_spec(spec, out, &faults_path);
	if (options->personality)
		join(&out->personality, options->personality,
		     strlen(options->personality));
	if (options->faults || faults_path)
		status = read_faults(tool, options->faults ? options->faults
							   : faults_path,
				     &out->faults);
	free(faults_path);
	if (status == STATUS_OK)
		status = open_store(tool, out);
	if (status == STATUS_OK)
		status = make_drive(tool, out, command, command_ctx);
	if (status)
		emulated_close(out);
	return status;
}

void emulated_close(struct emulated *emulated)
{
	if (emulated->emulator) {
		lathe_emulator_insert(emulated->emulator, NULL);
		lathe_emulator_destroy(emulated->emulator);
	}
	lathe_emulator_store_close(emulated->store);
	free(emulated->path);
	free(emulated->personality);
	free(emulated->faults);
	*emulated = (struct emulated){ .path = NULL };
}
