# SPDX-License-Identifier: MIT
# Boots user-mode Linux with emulated recorders; shared by the scripts here.
set -u
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$PWD/$BUILD ;;
esac
here=$PWD/tests/kernel
faults=0

# Debian's package, installed or unpacked by 'make deps-kernel'.
unpacked=$BUILD/kernel
for root in "" "$unpacked"; do
	linux=$root/usr/bin/linux.uml
	[ -x "$linux" ] && break
	linux=
done
[ -n "$linux" ] || {
	echo "no user-mode Linux: make deps-kernel"
	exit 77
}
set -- "$root"/usr/lib/uml/modules/*/kernel
modules=$1
[ -e "$modules/drivers/scsi/virtio_scsi.ko" ] || {
	echo "no modules for $linux"
	exit 77
}

work=$(mktemp -d "${TMPDIR:-/tmp}/kernel.XXXXXX") || exit 1
servers=
clean_up() {
	[ -n "$servers" ] && kill $servers 2>/dev/null
	rm -rf "$work"
}
[ -n "${KEEP:-}" ] || trap clean_up EXIT
trap 'exit 1' INT TERM HUP PIPE

fault() {
	echo "FAULT: $*"
	faults=$((faults + 1))
}

serve() { # number, medium, sectors, more options
	number=$1
	medium=$2
	sectors=$3
	: >"$work/$number.out"
	shift 3
	"$BUILD/lathe" emu create "$work/$number.img" --media "$medium" ||
		exit 1
	"$BUILD/lathe" emu serve "$work/$number.img" "$work/$number.sock" \
		--vhost-user --max-sectors "$sectors" --hurry 100 \
		--personality host-clean-buffers "$@" >"$work/$number.out" 2>&1 &
	servers="$servers $!"
	tries=0
	until grep -q ready "$work/$number.out"; do
		tries=$((tries + 1))
		[ $tries -gt 100 ] && { cat "$work/$number.out"; exit 1; }
		sleep 0.05
	done
}

# Run 'script' in a guest with a drive for each medium, and the file 'disk' as
# /dev/ubda if that is set; transfers are limited to 'sectors' of 512 bytes.
boot() { # script, sectors, media
	script=$1
	sectors=$2
	shift 2
	servers=
	devices=
	number=0
	rm -f "$work"/*.*
	for medium; do
		serve $number "$medium" "$sectors" ${serve_options:-}
		devices="$devices virtio_uml.device=$work/$number.sock:8"
		number=$((number + 1))
	done
	cp "$BUILD/lathe" "$BUILD/tests/kernel/tool_guest" "$work" || exit 1
	timeout "${BOOT_TIMEOUT:-300}" "$linux" mem=256M root=/dev/root \
		rootfstype=hostfs rootflags=/ ro init="$here/lib_guest.sh" \
		con=null con0=null,fd:1 quiet panic=-1 umid=guest \
		uml_dir="$work/uml" $devices ${disk:+ubda=$disk} work="$work" \
		lathe="$work/lathe" guest_tool="$work/tool_guest" \
		modules="$modules" unpacked="$unpacked" \
		script="$here/$script" \
		discs="$(echo "$*" | tr ' ' ,)" \
		</dev/null >"$work/console" 2>&1
	kill $servers 2>/dev/null
	wait
	servers=
	cat "$work/said" 2>/dev/null
	echo "== $(cat "$work/versions" 2>/dev/null)${*:+: $*, at most $sectors sectors}"
	grep -qx PASS "$work/said" 2>/dev/null || {
		fault "$script does not pass"
		tail -n 20 "$work/console"
	}
}

finish() {
	echo "$faults faults"
	[ $faults = 0 ]
	exit
}
