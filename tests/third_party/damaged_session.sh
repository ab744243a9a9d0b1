#!/bin/sh
# SPDX-License-Identifier: MIT
# A disc whose last session the drive calls damaged (MMC-6, READ DISC
# INFORMATION: state 10b): nothing on it can be gone on with or be closed, and
# nobody is told to try.
. tests/third_party/lib_writers.sh
need "${CC:-cc}"

# What the drive tells is changed on its way to the program.
cat >"$work/damaged.c" <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <scsi/sg.h>
#include <stdarg.h>

int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	struct sg_io_hdr *io;
	unsigned char *data;
	va_list args;
	void *p;
	int err;

	va_start(args, request);
	p = va_arg(args, void *);
	va_end(args);
	err = next(fd, request, p);
	io = p;
	if (err || request != SG_IO || io->cmdp[0] != 0x51 ||
	    io->dxfer_len < 3)
		return err;
	data = io->dxferp;
	data[2] = (unsigned char)((data[2] & ~0x0C) | 0x08);
	return err;
}
C
"${CC:-cc}" -shared -fPIC -o "$work/damaged.so" "$work/damaged.c" -ldl ||
	fault "no shim"
chmod 755 "$work/damaged.so"

refused() { # status, expression, command, arguments
	expected=$1 word=$2 command=$3
	shift 3
	burner env LD_PRELOAD="$work/damaged.so:$work/shim.so" \
		"$work/lathe" "$command" -d /dev/sr0 "$@"
	equals "lathe $command: the status" $status "$expected"
	says "$word"
	grep -Eq '(by|with) lathe|all is well|--force' "$work/said" &&
		fault "lathe $command: $(cat "$work/said")"
}

make_tree "$work/a" 1
make_tree "$work/more" 2
for media in dvd+r cd-rw; do
	say "$media"
	new_disc $media
	by_lathe_sg "$work/a"
	keep_disc
	remedy='use another disc$' status_of_resume=24
	if [ $media = cd-rw ]; then
		remedy='use another disc, or let --blank erase'
		status_of_resume=21
	fi
	refused 25 "$remedy" burn "$work/more"
	refused $status_of_resume "$remedy" resume "$work/more"
	for option in --progress=none --final --force; do
		refused 25 "use another disc" close $option
	done
	disc_is_kept
done
finish
