/* SPDX-License-Identifier: MIT */
/*
 * session_failure.c - saying what went wrong, where and why, in one line.
 */
#include "session/session_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Put 'text' behind what stands in 'out', cut where the room ends. */
static void append(char *out, size_t room, const char *text)
{
	size_t used = strlen(out), len = strlen(text);

	if (len > room - used - 1)
		len = room - used - 1;
	memcpy(out + used, text, len);
	out[used + len] = 0;
}

void lathep_session_enter(struct lathe_session_master *master)
{
	memset(&master->failure, 0, sizeof(master->failure));
}

int lathep_session_fail(struct lathe_failure *failure, int err,
			const char *format, ...)
{
	va_list args;

	if (!failure)
		return err;
	memset(failure, 0, sizeof(*failure));
	failure->err = err;
	va_start(args, format);
	vsnprintf(failure->text, sizeof(failure->text), format, args);
	va_end(args);
	return err;
}

int lathep_session_fail_plain(struct lathe_failure *failure, int err,
			      const char *what)
{
	if (!what)
		return lathep_session_fail(failure, err, "%s",
					   lathe_err_meaning(err));
	return lathep_session_fail(failure, err, "%s: %s", what,
				   lathe_err_meaning(err));
}

int lathep_session_fail_from(struct lathe_failure *failure,
			     const struct lathe_failure *cause, int err,
			     const char *format, ...)
{
	struct lathe_failure made;
	va_list args;

	if (!failure)
		return err;
	/* 'cause' may be the failure that is filled in. */
	made = *cause;
	made.err = err;
	va_start(args, format);
	vsnprintf(made.text, sizeof(made.text), format, args);
	va_end(args);
	if (cause->text[0]) {
		append(made.text, sizeof(made.text), ": ");
		append(made.text, sizeof(made.text), cause->text);
	}
	*failure = made;
	return err;
}

int lathep_session_fail_mmc(struct lathe_failure *failure,
			    const struct lathe_mmc *mmc, int err,
			    const char *what)
{
	const struct lathe_failure *cause = lathe_mmc_failure(mmc);

	/* An error of ours that never reached the drive has no cause there. */
	if (cause->err != err)
		return lathep_session_fail_plain(failure, err, what);
	return lathep_session_fail_from(failure, cause, err, "%s", what);
}
