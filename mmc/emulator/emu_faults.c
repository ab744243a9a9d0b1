/* SPDX-License-Identifier: MIT */
/* emu_faults.c - the fault script: read, and matched to commands. Its grammar
 * stands in lathe_emulator.h. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

/* A word of the script: "name" or "name=value". */
struct word {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
	bool has_value;
};

static bool blank_char(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool line_end(char c)
{
	return c == '\n' || c == ';' || c == '#' || c == '\0';
}

static bool next_word(const char **at, struct word *w)
{
	const char *p = *at;

	while (blank_char(*p))
		p++;
	*at = p;
	if (line_end(*p))
		return false;
	memset(w, 0, sizeof(*w));
	w->name = p;
	while (!blank_char(*p) && !line_end(*p) && *p != '=')
		p++;
	w->name_len = (size_t)(p - w->name);
	if (*p == '=') {
		w->has_value = true;
		w->value = ++p;
		while (!blank_char(*p) && !line_end(*p))
			p++;
		w->value_len = (size_t)(p - w->value);
	}
	*at = p;
	return true;
}

static bool named(const struct word *w, const char *name)
{
	return strlen(name) == w->name_len &&
	       !memcmp(w->name, name, w->name_len);
}

static int digit(char c, unsigned base)
{
	int value = c >= '0' && c <= '9' ? c - '0'
		    : c >= 'a' && c <= 'f' ? c - 'a' + 10
		    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;

	return value < (int)base ? value : -1;
}

/* All of 'len' characters are a number, at most 'max'. */
static bool number(const char *p, size_t len, unsigned base, uint32_t max,
		   uint32_t *out)
{
	uint64_t value = 0;
	size_t i;

	if (!len || len > 10)
		return false;
	for (i = 0; i < len; i++) {
		if (digit(p[i], base) < 0)
			return false;
		value = value * base + (unsigned)digit(p[i], base);
	}
	*out = (uint32_t)value;
	return value <= max;
}

/* "K/AA/QQ" in hexadecimal. */
static bool sense_value(const struct word *w, uint32_t *out)
{
	uint32_t key, asc, ascq;

	if (w->value_len != 7 || w->value[1] != '/' || w->value[4] != '/' ||
	    !number(w->value, 1, 16, 15, &key) ||
	    !number(w->value + 2, 2, 16, 255, &asc) ||
	    !number(w->value + 5, 2, 16, 255, &ascq))
		return false;
	*out = EMU_SENSE(key, asc, ascq);
	return true;
}

/* ---- one line ----------------------------------------------------------- */

/* "cdb4=01": a further byte of the CDB. */
static bool byte_condition(const struct word *w, struct emu_fault *f)
{
	uint32_t index, value;

	if (w->name_len < 4 || memcmp(w->name, "cdb", 3) != 0 ||
	    !number(w->name + 3, w->name_len - 3, 10, 15, &index) ||
	    !number(w->value, w->value_len, 16, 255, &value))
		return false;
	f->byte_mask = (uint16_t)(f->byte_mask | 1u << index);
	f->byte[index] = (uint8_t)value;
	return true;
}

/* 1: taken, 0: not a condition, -1: a bad one. */
static int condition(const struct word *w, struct emu_fault *f)
{
	uint32_t value = 0;
	bool hex = named(w, "op");
	bool good = number(w->value, w->value_len, hex ? 16 : 10,
			   hex ? 255 : UINT32_MAX, &value);

	if (!w->has_value)
		return 0;
	if (hex) {
		f->has_op = true;
		f->op = (uint8_t)value;
	} else if (named(w, "lba")) {
		f->has_lba = true;
		f->lba = value;
	} else if (named(w, "after")) {
		f->has_after = true;
		f->after = value;
	} else if (named(w, "time")) {
		f->has_time = true;
		f->time_us = (uint64_t)value * 1000u;
	} else if (named(w, "count")) {
		f->count = value;
		good = good && value;
	} else if (named(w, "times")) {
		f->times = value;
	} else {
		return byte_condition(w, f) ? 1 : 0;
	}
	return good ? 1 : -1;
}

static bool effect(const struct word *w, struct emu_fault *f)
{
	static const struct {
		char name[10];
		uint8_t what;
		uint8_t value;	/* 0 none, 1 sense, 2 decimal */
	} names[] = {
		{ "sense", EMU_FAULT_SENSE, 1 },
		{ "deferred", EMU_FAULT_DEFERRED, 1 },
		{ "timeout", EMU_FAULT_TIMEOUT, 0 },
		{ "lost", EMU_FAULT_LOST, 0 },
		{ "reset", EMU_FAULT_RESET, 0 },
		{ "short", EMU_FAULT_SHORT, 2 },
		{ "gone", EMU_FAULT_GONE, 0 },
		{ "refused", EMU_FAULT_REFUSED, 0 },
		{ "toolarge", EMU_FAULT_TOO_LARGE, 0 },
		{ "corrupt", EMU_FAULT_CORRUPT, 0 },
		{ "powercut", EMU_FAULT_POWER_CUT, 0 },
		{ "swap", EMU_FAULT_SWAP, 0 },
		{ "eject", EMU_FAULT_EJECT, 0 },
		{ "busy", EMU_FAULT_BUSY, 0 },
		{ "underrun", EMU_FAULT_UNDERRUN, 0 },
		{ "stall", EMU_FAULT_STALL, 2 },
		{ "residue", EMU_FAULT_RESIDUE, 2 }
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!named(w, names[i].name))
			continue;
		f->what = names[i].what;
		if (w->has_value != (names[i].value != 0))
			return false;
		if (names[i].value == 1)
			return sense_value(w, &f->value);
		return !names[i].value ||
		       number(w->value, w->value_len, 10, UINT32_MAX,
			      &f->value);
	}
	return false;
}

/* 1: a fault, 0: an empty line, -1: does not parse. */
static int parse_line(const char **at, struct emu_fault *f)
{
	struct word w;
	bool has_effect = false, any = false;

	memset(f, 0, sizeof(*f));
	f->count = 1;
	f->times = 1;
	while (next_word(at, &w)) {
		int taken = condition(&w, f);

		any = true;
		if (taken < 0)
			return -1;
		if (taken)
			continue;
		if (has_effect || !effect(&w, f))
			return -1;
		has_effect = true;
	}
	if (**at == '#')
		*at += strcspn(*at, "\n");
	if (**at)
		(*at)++;
	if (!any)
		return 0;
	return has_effect ? 1 : -1;
}

int lathe_emulator_set_faults(struct lathe_emulator *e, const char *script)
{
	const char *at;
	struct emu_fault f, *list = NULL;
	uint32_t n = 0, k = 0;
	int kind;

	for (at = script ? script : ""; *at;) {
		kind = parse_line(&at, &f);
		if (kind < 0)
			return LATHE_ERR_ARG;
		n += (uint32_t)kind;
	}
	if (n) {
		list = lathep_emu_realloc(&e->hooks, NULL, 0,
					  n * sizeof(*list));
		if (!list)
			return LATHE_ERR_MEMORY;
	}
	for (at = script ? script : ""; *at && k < n;)
		if (parse_line(&at, &list[k]) > 0)
			k++;
	lathep_emu_realloc(&e->hooks, e->fault, e->faults * sizeof(f), 0);
	e->fault = list;
	e->faults = n;
	e->faults_fired = 0;
	e->gone = false;
	return 0;
}

/* ---- matching ----------------------------------------------------------- */

static bool in_range(const struct lathe_cmd *c, uint32_t lba)
{
	uint32_t start, count;

	return lathep_emu_cdb_range(c->cdb, &start, &count) &&
	       lba >= start && lba - start < count;
}

static bool matches(const struct lathe_emulator *e, const struct emu_fault *f,
		    const struct lathe_cmd *c)
{
	uint32_t i;

	if (f->has_op && f->op != c->cdb[0])
		return false;
	if (f->has_lba && !in_range(c, f->lba))
		return false;
	if (f->has_after && e->commands <= f->after)
		return false;
	if (f->has_time && e->now_us < f->time_us)
		return false;
	for (i = 0; i < 16; i++)
		if (f->byte_mask >> i & 1 && f->byte[i] != c->cdb[i])
			return false;
	return true;
}

struct emu_fault *lathep_emu_match_fault(struct lathe_emulator *e,
					 const struct lathe_cmd *c)
{
	struct emu_fault *hit = NULL;
	uint32_t i;

	for (i = 0; i < e->faults; i++) {
		struct emu_fault *f = &e->fault[i];

		if ((f->times && f->fired >= f->times) || !matches(e, f, c))
			continue;
		f->seen++;
		if (f->seen >= f->count && !hit)
			hit = f;
	}
	if (hit) {
		hit->fired++;
		e->faults_fired++;
	}
	return hit;
}

/* Things that happen to a drive whether or not it gets a command. */
static bool needs_no_command(const struct emu_fault *f)
{
	return f->has_time && !f->has_op && !f->has_lba && !f->has_after &&
	       !f->byte_mask && f->count == 1 &&
	       (f->what == EMU_FAULT_POWER_CUT || f->what == EMU_FAULT_SWAP ||
		f->what == EMU_FAULT_EJECT || f->what == EMU_FAULT_UNDERRUN) &&
	       !f->fired;
}

uint64_t lathep_emu_next_timed_fault(const struct lathe_emulator *e)
{
	uint64_t next = UINT64_MAX;
	uint32_t i;

	for (i = 0; i < e->faults; i++)
		if (needs_no_command(&e->fault[i]) &&
		    e->fault[i].time_us < next)
			next = e->fault[i].time_us;
	return next;
}

void lathep_emu_timed_faults(struct lathe_emulator *e)
{
	uint32_t i;

	for (i = 0; i < e->faults; i++) {
		struct emu_fault *f = &e->fault[i];

		if (!needs_no_command(f) || f->time_us > e->now_us)
			continue;
		f->fired++;
		e->faults_fired++;
		lathep_emu_happen(e, f->what);
	}
}
