/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/filter.h"
#include "tools/glob.h"
#include "tools/lines.h"

/* "!/pattern/" */
static void add(struct filter *filter, const char *text, size_t len)
{
	struct filter_rule rule = { .include = len > 0 && text[0] == '!' };

	text += rule.include;
	len -= rule.include;
	rule.directories = len > 1 && text[len - 1] == '/';
	while (len > 1 && text[len - 1] == '/')
		len--;
	if (len == 0)
		return;
	rule.anchored = memchr(text, '/', len) != NULL;
	rule.text = must_realloc(NULL, len + 1);
	memcpy(rule.text, text, len);
	rule.text[len] = '\0';
	filter->rule = must_realloc(filter->rule, (filter->count + 1) *
							  sizeof(rule));
	filter->rule[filter->count++] = rule;
}

/* Bytes of the pattern in a line: CR LF may end that, and blanks behind it are
 * none of it, but with "\\" in front. */
static size_t pattern_len(const char *line)
{
	size_t len = strlen(line), used = 0, i;

	if (len > 0 && line[len - 1] == '\r')
		len--;
	for (i = 0; i < len; i++) {
		if (line[i] == '\\' && i + 1 < len)
			i++;
		else if (line[i] == ' ')
			continue;
		used = i + 1;
	}
	return used;
}

/* Lines that are empty or begin with "#" are none; nor is the mark of UTF-8 in
 * front. */
static int add_file(struct filter *filter, struct tool *tool, const char *path)
{
	static const char mark[] = "\xef\xbb\xbf";
	const char *line = NULL;
	struct lines lines;
	int status = lines_read(&lines, tool, path, '\n');

	if (status)
		return status;
	while ((line = lines_next(&lines, line)) != NULL) {
		if (line == lines.text && strncmp(line, mark, 3) == 0)
			line += 3;
		if (line[0] != '#')
			add(filter, line, pattern_len(line));
	}
	lines_free(&lines);
	return STATUS_OK;
}

int filter_init(struct filter *filter, struct tool *tool,
		const struct option_list *files,
		const struct option_list *patterns)
{
	int status = STATUS_OK;
	size_t i;

	*filter = (struct filter){ NULL, 0 };
	for (i = 0; i < files->count && status == STATUS_OK; i++)
		status = add_file(filter, tool, files->item[i]);
	for (i = 0; i < patterns->count && status == STATUS_OK; i++)
		add(filter, patterns->item[i], strlen(patterns->item[i]));
	if (status)
		filter_destroy(filter);
	return status;
}

void filter_destroy(struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->count; i++)
		free(filter->rule[i].text);
	free(filter->rule);
	*filter = (struct filter){ NULL, 0 };
}

static bool matches(const struct filter_rule *rule, const char *path,
		    bool directory)
{
	const char *name;

	if (rule->directories && !directory)
		return false;
	if (rule->anchored)
		return glob_path(rule->text, path);
	name = strrchr(path, '/');
	name = name ? name + 1 : path;
	return glob_name(rule->text, strlen(rule->text), name, strlen(name));
}

bool filter_excludes(const struct filter *filter, const char *path,
		     bool directory)
{
	size_t i;

	for (i = filter->count; i > 0; i--)
		if (matches(&filter->rule[i - 1], path, directory))
			return !filter->rule[i - 1].include;
	return false;
}
