# SPDX-License-Identifier: MIT
# Shared by the scripts of this folder, which run from the repository's root.
set -u
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
lathe=$BUILD/lathe
faults=0

# Debian's own interpreter is the one that has pycdlib.
PYTHON=/usr/bin/python3
[ -x $PYTHON ] || PYTHON=python3
# No __pycache__ in the tree.
PYTHONDONTWRITEBYTECODE=1
LC_ALL=C.UTF-8
export BUILD PYTHONDONTWRITEBYTECODE LC_ALL

need() { # programs
	for program; do
		command -v "$program" >/dev/null 2>&1 || {
			echo "no $program"
			exit 77
		}
	done
}

fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

say() { echo "== $*"; }

finish() {
	echo "$faults faults"
	[ $faults = 0 ]
	exit
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tools.XXXXXX") || exit 1
trap 'chmod -R u+w "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

# Run the program; what it says is in $scratch/out and $scratch/err.
run() {
	"$lathe" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ $status -lt 128 ] || {
		fault "lathe $* ends with status $status"
		cat "$scratch/err"
	}
	return $status
}

# The same, where it has to end with that status.
ends() { # status, arguments
	wanted=$1
	shift
	run "$@"
	[ $status = "$wanted" ] && return 0
	fault "lathe $*: status $status, not $wanted"
	cat "$scratch/err"
	return 1
}

does() { ends 0 "$@"; }

says() { # expression, in $scratch/err
	LC_ALL=C grep -aEq -- "$1" "$scratch/err" || {
		fault "not said: $1"
		cat "$scratch/err"
	}
}

equals() { # what, value, expected
	[ "$2" = "$3" ] || fault "$1 is '$2', not '$3'"
}

# A value out of lathe info --json: medium.free_blocks, sessions.0.start
info() { # drive, path
	"$lathe" info -d "$1" --json | $PYTHON -c '
import json, sys
value = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    value = value[int(key) if key.isdigit() else key]
print(value if not isinstance(value, (list, dict)) else len(value))' "$2"
}

# The disc as the emulator keeps it: blocks and state.
fingerprint() { # file
	cat "$1" "$1".disc | sha256sum
	ls -s "$1" | cut -d' ' -f1
}

# Some files: sizes around block boundaries, depth, other scripts.
make_tree() { # folder, seed
	$PYTHON - "$1" "$2" <<'PY'
import os, random, sys
folder, seed = sys.argv[1], sys.argv[2]
random.seed(seed)
names = {"file of %d" % n: n for n in (0, 1, 2047, 2048, 2049, 100001)}
names.update({"deep/er/and deeper/bottom.bin": 40000,
              "deep/Grüße aus Zürich.txt": 3000, "deep/日本語.txt": 777})
os.makedirs(os.path.join(folder, "empty folder"))
for name, size in names.items():
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(random.randbytes(size))
PY
}

# Hold a burn with SIGSTOP as soon as its log has a WRITE.
stop_when_writing() { # process, log
	tries=0
	until grep -q '^cdb=2a' "$2" 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 2000 ] && kill -0 "$1" 2>/dev/null || return
		sleep 0.005
	done
	kill -STOP "$1"
}
