#!/bin/sh
# SPDX-License-Identifier: MIT
# Unpack into the build directory what the tests here need and the machine has
# not: Debian's user-mode Linux, and tcmu-runner, which installed would run at
# every start. Nothing is installed, nobody has to be root.
BUILD=${BUILD:-build}
mkdir -p "$BUILD/kernel" && cd "$BUILD/kernel" || exit 1

unpack() { # packages
	rm -rf packages
	mkdir packages
	(cd packages && apt-get download -q "$@") || return 1
	for package in packages/*.deb; do
		dpkg -x "$package" packages/all || return 1
	done
	# The same folder, where an installed system has it.
	if [ -d packages/all/lib ]; then
		cp -a packages/all/lib packages/all/usr &&
			rm -r packages/all/lib || return 1
	fi
	cp -a packages/all/. . && rm -r packages
}

[ -x /usr/bin/linux.uml ] || [ -x usr/bin/linux.uml ] ||
	unpack user-mode-linux || exit 1
[ -x /usr/bin/tcmu-runner ] || [ -x usr/bin/tcmu-runner ] && exit 0
# Of what it depends on, Ceph is not wanted.
simulated=$(apt-get install -s --no-install-recommends libtcmu2 libkmod2) ||
	exit 1
unpack tcmu-runner \
	$(echo "$simulated" | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
