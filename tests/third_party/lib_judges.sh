# SPDX-License-Identifier: MIT
# Shared by the scripts that run other people's burners on our recorder.
#
# Never as root: a burner that takes the stand-in for a real device may do
# harm with it. All of them run as 'nobody' when the tests run as root.
set -u
. tests/third_party/lib_readers.sh
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
inspector=$BUILD/tests/third_party/tool_emu_disc
faults=0
server_pid=

fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

say() { echo "== $*"; }

finish() {
	stop_drive
	echo "$faults faults"
	[ $faults = 0 ]
	exit
}

clean_up() {
	stop_drive
	rm -rf "$work"
}

work=$(mktemp -d "${TMPDIR:-/tmp}/judge.XXXXXX") || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM HUP PIPE
chmod 755 "$work"
# Readable for 'nobody', wherever the build is.
cp "$BUILD/tests/third_party/shim.so" "$work/shim.so" || exit 1
chmod 644 "$work/shim.so"
mkdir "$work/home"

if [ "$(id -u)" = 0 ]; then
	need setpriv
	chown 65534:65534 "$work/home"
	# wodim locks its buffer into memory.
	ulimit -l unlimited 2>/dev/null
	harmless="setpriv --reuid=65534 --regid=65534 --clear-groups"
else
	harmless=
fi

# Run a program without rights.
plainly() {
	$harmless env HOME="$work/home" LC_ALL=C.UTF-8 "$@"
}

# Run a burner: /dev/sr0 is the recorder. What it says is kept in $work/said.
burner() {
	echo "\$ $*" >&2
	plainly env LATHE_SHIM_DISC="$disc" LATHE_SHIM_SOCKET="$work/drive" \
		ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$work/shim.so" \
		timeout 120 "$@" >"$work/said" 2>&1 </dev/null
	status=$?
	[ $status = 124 ] && fault "$1 hangs"
	return $status
}

# The same, where it has to succeed.
burns() {
	burner "$@" || {
		fault "$1 ends with status $status"
		tail -n 25 "$work/said"
		[ -s "$work/commands" ] && tail -n 12 "$work/commands"
		return 1
	}
}

new_disc() { # media
	media=$1
	stop_drive
	disc=$work/disc.img
	rm -f "$disc" "$disc".*
	"$BUILD/lathe" emu create "$disc" --media "$1" || exit 1
	chmod 644 "$disc"
	start_drive
}

start_drive() { # personality
	rm -f "$work/drive" "$work/serving"
	"$BUILD/lathe" emu serve "$disc" "$work/drive" --autoload \
		--log "$work/commands" ${1:+--personality "$1"} \
		>"$work/serving" 2>&1 &
	server_pid=$!
	tries=0
	until grep -q '^ready' "$work/serving" 2>/dev/null; do
		tries=$((tries + 1))
		if [ $tries = 500 ]; then
			fault "the recorder does not start"
			cat "$work/serving"
			exit 1
		fi
		sleep 0.01
	done
	# Whoever the burner runs as, it may connect.
	chmod 666 "$work/drive"
}

stop_drive() {
	[ -n "$server_pid" ] || return 0
	kill "$server_pid" 2>/dev/null
	wait "$server_pid" || fault "the recorder ends with status $?"
	server_pid=
}

restart_drive() { # personality
	stop_drive
	start_drive "${1:-}"
}

# What the disc really holds, into $work/state, when no server has it.
look() {
	stop_drive
	"$inspector" state "$disc" >"$work/state" 2>&1 ||
		fault "state: $(cat "$work/state")"
	start_drive
}

# A word of the state: of the disc, or of a track.
disc_is() { # key
	awk -v key="$1" '/^disc/ {
		if (key == "kind") print $2
		for (i = 3; i < NF; i += 2) if ($i == key) print $(i + 1)
	}' "$work/state"
}

track_is() { # number, key
	awk -v number="$1" -v key="$2" '$1 == "track" && $2 == number {
		for (i = 3; i < NF; i += 2) if ($i == key) print $(i + 1)
	}' "$work/state"
}

equals() { # what, value, expected
	[ "$2" = "$3" ] || fault "$1 is '$2', not '$3'"
}

says() { # expression
	grep -Eq -- "$1" "$work/said" || {
		fault "not said: $1"
		cat "$work/said"
	}
}

# The drive got this command, by its opcode; or never got it.
sent() { # hexadecimal opcode
	grep -q "^$1 " "$work/commands" || fault "no command ${1}h was sent"
}

never_sent() { # hexadecimal opcode
	! grep -q "^$1 " "$work/commands" || fault "a command ${1}h was sent"
}

# ---- trees ---------------------------------------------------------------

# Contents that depend on a number alone.
content() { # seed, bytes
	awk -v seed="$1" -v bytes="$2" 'BEGIN {
		for (written = 0; written < bytes; written += length(line)) {
			seed = (seed * 69069 + 12345) % 4294967296
			line = sprintf("%.0f %d\n", seed, written)
			printf "%s", line
		}
	}' | head -c "$2"
}

# Sizes around block boundaries, an empty file, depth, blanks, other scripts.
make_tree() { # folder, seed
	mkdir -p "$1/deep/er/and deeper" "$1/empty folder"
	for size in 0 1 2047 2048 2049 100001; do
		content "$2$size" $size >"$1/file of $size"
	done
	content "$2" 40000 >"$1/deep/er/and deeper/bottom.bin"
	content "$2" 3000 >"$1/deep/Grüße aus Zürich.txt"
	content "$2" 777 >"$1/deep/日本語.txt"
	content "$2" 5000 >"$1/deep/a name of some length $2, with a tail.data"
	chmod -R a+rX "$1"
}

# What is recorded in three sessions, and what is on the disc after each.
make_three_trees() {
	make_tree "$work/a" 1
	mkdir "$work/b" "$work/c"
	make_tree "$work/b/second" 2
	make_tree "$work/c/third" 3
	cp -R "$work/a" "$work/ab"
	cp -R "$work/b/." "$work/ab"
	cp -R "$work/ab" "$work/abc"
	cp -R "$work/c/." "$work/abc"
}

image_blocks() { echo $(($(wc -c <"$1") / 2048)); }

# ---- images of somebody else ---------------------------------------------

# Image of a folder, or the next session of the disc when 'start of the last
# session, address of the next one' is given.
make_image() { # image, folder, [start,address]
	set -- "$1" "$2" ${3:+-C "$3" -M "$disc"}
	image=$1 folder=$2
	shift 2
	plainly genisoimage -quiet -R -J -joliet-long -input-charset utf-8 \
		-V JUDGE "$@" -o "$work/home/session.iso" "$folder" \
		>"$work/said" 2>&1 || {
		fault "genisoimage: $(cat "$work/said")"
		return 1
	}
	mv "$work/home/session.iso" "$image"
	chmod 644 "$image"
}
