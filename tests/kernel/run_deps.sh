#!/bin/sh
# SPDX-License-Identifier: MIT
# Unpack Debian's user-mode Linux into the build directory; nothing is
# installed, nobody has to be root.
set -e
BUILD=${BUILD:-build}
[ -x /usr/bin/linux.uml ] || [ -x "$BUILD/kernel/usr/bin/linux.uml" ] && exit 0
mkdir -p "$BUILD/kernel"
cd "$BUILD/kernel"
apt-get download user-mode-linux
dpkg -x user-mode-linux_*.deb .
rm user-mode-linux_*.deb
