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

/* ---- rules that are looked up ------------------------------------------- */

/* Bytes that mean themselves, once each "/" is one. */
static bool is_word(const char *text)
{
	const char *p;

	if (glob_is_pattern(text) || strstr(text, "//"))
		return false;
	for (p = text; *p; p++)
		if (*p & 0x80)
			return false;
	return true;
}

static int by_text(const void *a, const void *b)
{
	const struct filter_word *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : x->rule > y->rule ? -1 : 1;
}

static void take_words(struct filter *filter, bool anchored, size_t first)
{
	struct filter_word *word = filter->word + first;
	size_t i, n = 0;

	for (i = 0; i < filter->count; i++) {
		const struct filter_rule *rule = &filter->rule[i];

		if (rule->anchored == anchored && is_word(rule->text))
			word[n++] = (struct filter_word){
				rule->text + (rule->text[0] == '/'), i
			};
	}
	if (n > 0)
		qsort(word, n, sizeof(*word), by_text);
	*(anchored ? &filter->paths : &filter->names) = n;
}

static void index_rules(struct filter *filter)
{
	size_t i;

	if (filter->count == 0)
		return;
	filter->word = must_realloc(NULL, filter->count *
						  sizeof(*filter->word));
	filter->glob = must_realloc(NULL, filter->count *
						  sizeof(*filter->glob));
	take_words(filter, false, 0);
	take_words(filter, true, filter->names);
	for (i = 0; i < filter->count; i++)
		if (!is_word(filter->rule[i].text))
			filter->glob[filter->globs++] = i;
}

/* One past the last rule of that very text; 0: there is none. */
static size_t find_word(const struct filter *filter,
			const struct filter_word *word, size_t count,
			const char *text, bool directory)
{
	size_t low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(word[middle].text, text) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && strcmp(word[low].text, text) == 0; low++)
		if (directory || !filter->rule[word[low].rule].directories)
			return word[low].rule + 1;
	return 0;
}

/* ---- all of them -------------------------------------------------------- */

int filter_init(struct filter *filter, struct tool *tool,
		const struct option_list *files,
		const struct option_list *patterns)
{
	int status = STATUS_OK;
	size_t i;

	*filter = (struct filter){ .rule = NULL };
	for (i = 0; i < files->count && status == STATUS_OK; i++)
		status = add_file(filter, tool, files->item[i]);
	for (i = 0; i < patterns->count && status == STATUS_OK; i++)
		add(filter, patterns->item[i], strlen(patterns->item[i]));
	if (status)
		filter_destroy(filter);
	else
		index_rules(filter);
	return status;
}

void filter_destroy(struct filter *filter)
{
	size_t i;

	for (i = 0; i < filter->count; i++)
		free(filter->rule[i].text);
	free(filter->rule);
	free(filter->word);
	free(filter->glob);
	*filter = (struct filter){ .rule = NULL };
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
	const char *name = strrchr(path, '/');
	size_t last, other, i;

	last = find_word(filter, filter->word, filter->names,
			 name ? name + 1 : path, directory);
	other = find_word(filter, filter->word + filter->names, filter->paths,
			  path + strspn(path, "/"), directory);
	if (other > last)
		last = other;
	for (i = filter->globs; i > 0 && filter->glob[i - 1] >= last; i--) {
		other = filter->glob[i - 1];
		if (matches(&filter->rule[other], path, directory)) {
			last = other + 1;
			break;
		}
	}
	return last > 0 && !filter->rule[last - 1].include;
}
