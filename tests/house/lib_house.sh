# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder, which run from the repository's root.
set -u
BUILD=${BUILD:-build}
CC=${CC:-cc}
TMPDIR=${TMPDIR:-/tmp}
faults=0

# Where in the tree each library lives, and what it may use.
libraries="session joliet iso9660 mmc emulator"
folder_of() {
	case $1 in
	emulator) echo mmc/emulator ;;
	*) echo "$1" ;;
	esac
}
uses_of() {
	case $1 in
	session) echo "joliet iso9660 mmc" ;;
	joliet) echo iso9660 ;;
	esac
}
archive_of() { echo "$BUILD/liblathe-$1.a"; }
public_header_of() { echo "$(folder_of "$1")/lathe_$1.h"; }

# Files that may see an operating system.
is_os_file() {
	case $1 in
	mmc/transport_*.c | iso9660/*_posix.[ch]) return 0 ;;
	mmc/emulator/store_posix.c | mmc/emulator/door_*.c) return 0 ;;
	tools/*) return 0 ;;
	# Character sets: iconv, where the C library has it.
	joliet/charset.c) return 0 ;;
	esac
	return 1
}

library_sources() {
	for lib in $libraries; do
		ls "$(folder_of "$lib")"/*.c 2>/dev/null
	done
}

fault() {
	echo "$*"
	faults=$((faults + 1))
}

skip() {
	echo "$*"
	exit 77
}

finish() {
	echo "$faults faults"
	[ $faults = 0 ]
	exit
}

need_plain_build() {
	[ -z "${SANITIZE:-}" ] ||
		skip "says something about a build without sanitizers only"
}

scratch=$(mktemp -d "$TMPDIR/house.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
