/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/options.h"

struct parse {
	struct tool *tool;
	const struct command *command;
	int argc, at; /* at: the argument that is looked at */
	char **argv;
	void *into;
	struct option_list *operands;
	bool help;		/* -h: what follows does not matter */
};

void option_list_add(struct option_list *list, const char *item)
{
	list->item = must_realloc(list->item,
				  (list->count + 1) * sizeof(*list->item));
	list->item[list->count++] = item;
}

/* The place of 'word' among the words of 'choices', or -1. */
static int find_choice(const char *choices, const char *word)
{
	size_t len = strlen(word), span;
	int i;

	for (i = 0;; i++) {
		span = strcspn(choices, "|");
		if (span == len && memcmp(choices, word, len) == 0)
			return i;
		if (choices[span] == '\0')
			return -1;
		choices += span + 1;
	}
}

static bool parse_number(const char *text, uint32_t *out)
{
	unsigned long long value;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value == 0 || value > UINT32_MAX)
		return false;
	*out = (uint32_t)value;
	return true;
}

/* Returns 0 or the exit status. */
static int set(struct parse *parse, const struct option *option,
	       const char *value)
{
	char *field = (char *)parse->into + option->offset;
	int choice;

	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)(void *)field = true;
		return 0;
	case OPTION_TEXT:
	case OPTION_READ:
	case OPTION_WRITE:
		*(const char **)(void *)field = value;
		return 0;
	case OPTION_LIST:
	case OPTION_READS:
		option_list_add((struct option_list *)(void *)field, value);
		return 0;
	case OPTION_NUMBER:
		if (parse_number(value, (uint32_t *)(void *)field))
			return 0;
		return complain_usage(parse->tool,
				      "--%s wants a number from 1, not '%s'",
				      option->name, value);
	case OPTION_CHOICE:
		choice = find_choice(option->value, value);
		if (choice < 0)
			return complain_usage(parse->tool,
					      "--%s is one of %s, not '%s'",
					      option->name, option->value,
					      value);
		*(unsigned *)(void *)field = (unsigned)choice;
		return 0;
	case OPTION_HEADING:
		break;
	}
	return STATUS_USAGE;
}

static const struct option *by_name(const struct option *table,
				    const char *name, size_t len)
{
	for (; table->name; table++)
		if (len > 0 && strlen(table->name) == len &&
		    memcmp(table->name, name, len) == 0)
			return table;
	return NULL;
}

static const struct option *by_letter(const struct option *table, char letter)
{
	for (; table->name; table++)
		if (letter && table->letter == letter)
			return table;
	return NULL;
}

/* The value from the next argument. */
static int set_from_next(struct parse *parse, const struct option *option)
{
	if (parse->at + 1 >= parse->argc)
		return complain_usage(parse->tool, "--%s wants %s",
				      option->name, option->value);
	return set(parse, option, parse->argv[++parse->at]);
}

/* --name, --name=value, --name value */
static int parse_long(struct parse *parse, const char *argument)
{
	size_t len = strcspn(argument, "=");
	const struct option *option =
		by_name(parse->command->options, argument, len);

	if (!option)
		return complain_usage(parse->tool, "there is no option --%s",
				      argument);
	if (argument[len] == '=') {
		if (option->kind == OPTION_FLAG)
			return complain_usage(parse->tool,
					      "--%s takes no value",
					      option->name);
		return set(parse, option, argument + len + 1);
	}
	if (option->kind == OPTION_FLAG)
		return set(parse, option, NULL);
	return set_from_next(parse, option);
}

/* -abc, -xvalue, -x value */
static int parse_letters(struct parse *parse, const char *letters)
{
	const struct option *option;
	int status;

	for (; *letters; letters++) {
		option = by_letter(parse->command->options, *letters);
		if (!option && *letters == 'h') {
			parse->help = true;
			return 0;
		}
		if (!option)
			return complain_usage(parse->tool,
					      "there is no option -%c",
					      *letters);
		if (option->kind != OPTION_FLAG)
			return letters[1] ? set(parse, option, letters + 1)
					  : set_from_next(parse, option);
		status = set(parse, option, NULL);
		if (status)
			return status;
	}
	return 0;
}

static int add_operand(struct parse *parse, const char *argument)
{
	if (!parse->operands)
		return complain_usage(parse->tool, "'%s' is not wanted here",
				      argument);
	option_list_add(parse->operands, argument);
	return 0;
}

static int parse_all(struct parse *parse)
{
	bool only_operands = false;
	const char *argument;
	int status = 0;

	for (; parse->at < parse->argc && status == 0 && !parse->help;
	     parse->at++) {
		argument = parse->argv[parse->at];
		if (only_operands || argument[0] != '-' || !argument[1])
			status = add_operand(parse, argument);
		else if (strcmp(argument, "--") == 0)
			only_operands = true;
		else if (argument[1] == '-')
			status = parse_long(parse, argument + 2);
		else
			status = parse_letters(parse, argument + 1);
	}
	return status;
}

static bool help_asked(int argc, char **argv)
{
	int i;

	for (i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

bool options_parse(struct tool *tool, const struct command *command, int argc,
		   char **argv, void *into, struct option_list *operands,
		   int *status)
{
	struct parse parse = { .tool = tool,
			       .command = command,
			       .argc = argc,
			       .argv = argv,
			       .into = into,
			       .operands = operands };

	parse.help = help_asked(argc, argv);
	*status = parse_all(&parse);
	if (*status == 0 && !parse.help)
		*status = options_check_files(tool, command, into, operands);
	if (*status == 0 && !parse.help)
		return true;
	options_free(command, into, operands);
	if (parse.help) {
		options_help(command, stdout);
		*status = finish_output(tool, STATUS_OK);
	}
	return false;
}

bool option_given(const struct option *row, const void *from)
{
	const void *field = (const char *)from + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		return *(const bool *)field;
	case OPTION_TEXT:
	case OPTION_READ:
	case OPTION_WRITE:
		return *(const char *const *)field != NULL;
	case OPTION_LIST:
	case OPTION_READS:
		return ((const struct option_list *)field)->count > 0;
	case OPTION_NUMBER:
		return *(const uint32_t *)field > 0;
	case OPTION_CHOICE:
		return *(const unsigned *)field > 0;
	case OPTION_HEADING:
		break;
	}
	return false;
}

static void list_free(struct option_list *list)
{
	free(list->item);
	list->item = NULL;
	list->count = 0;
}

void options_free(const struct command *command, void *into,
		  struct option_list *operands)
{
	const struct option *row;
	char *field;

	for (row = command->options; row->name; row++) {
		field = (char *)into + row->offset;
		if (row->kind == OPTION_LIST || row->kind == OPTION_READS)
			list_free((struct option_list *)(void *)field);
	}
	if (operands)
		list_free(operands);
}

static void show_row(const struct option *row, FILE *out)
{
	const char *value = row->value ? row->value : "";
	char left[64];

	snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
		 row->name, row->value ? " " : "", value);
	if (strlen(left) <= 28)
		fprintf(out, "  %-28s %s\n", left, row->help);
	else
		fprintf(out, "  %s\n  %-28s %s\n", left, "", row->help);
}

void options_help(const struct command *command, FILE *out)
{
	const struct option *row;

	fprintf(out, "usage: lathe %s%s%s\n%s.\n", command->name,
		command->arguments[0] ? " " : "", command->arguments,
		command->summary);
	if (command->options->name && command->options->kind != OPTION_HEADING)
		fputs("\n", out);
	for (row = command->options; row->name; row++) {
		if (row->kind == OPTION_HEADING)
			fprintf(out, "\n%s:\n", row->help);
		else
			show_row(row, out);
	}
}
