#!/bin/sh
# SPDX-License-Identifier: MIT
# A recorder that nobody here wrote: tgtd's DVD+R, by iSCSI. It knows one
# session, refuses RESERVE TRACK, and its next writable address never moves,
# so the blocks that are read back decide.
. tests/third_party/lib_judges.sh
need tgtd tgtadm tgtimg isoinfo
"$BUILD/lathe" info -d iscsi://127.0.0.1:1/none/1 2>&1 |
	grep -q 'made without' && { echo "lathe is made without libiscsi"; exit 77; }

TGT_IPC_SOCKET=$work/tgt.sock
export TGT_IPC_SOCKET
target=iqn.2026-01.invalid.lathe:test
tgtd=
stop_tgtd() {
	[ -n "$tgtd" ] && kill -9 "$tgtd" 2>/dev/null
	wait "$tgtd" 2>/dev/null
	tgtd=
}
trap 'stop_tgtd; clean_up' EXIT

# A port that is free: tgtd ends at once where it is not.
start_tgtd() {
	for port in $(seq 13260 13299); do
		tgtd -f --iscsi "portal=127.0.0.1:$port" \
			>"$work/tgtd.said" 2>&1 &
		tgtd=$!
		tries=0
		until tgtadm --lld iscsi --mode system --op show \
			>/dev/null 2>&1; do
			tries=$((tries + 1))
			[ $tries -gt 50 ] && break
			kill -0 "$tgtd" 2>/dev/null || break
			sleep 0.1
		done
		grep -q 'unable to bind\|failed to start' "$work/tgtd.said" ||
			{ kill -0 "$tgtd" 2>/dev/null && return 0; }
		stop_tgtd
	done
	echo "tgtd does not run here: $(tail -n 1 "$work/tgtd.said")"
	exit 77
}

adm() {
	tgtadm --lld iscsi "$@" >"$work/said" 2>&1 ||
		fault "tgtadm $*: $(cat "$work/said")"
}

disc=$work/disc.iso
tgtimg --op new --device-type cd --type dvd+r --file "$disc" >/dev/null
start_tgtd
adm --mode target --op new --tid 1 -T "$target"
adm --mode logicalunit --op new --tid 1 --lun 1 -b "$disc" --device-type=cd
adm --mode logicalunit --op update --tid 1 --lun 1 \
	--params removable=1,vendor_id=STGT_DVD,product_id=DVD101
adm --mode target --op bind --tid 1 -I ALL
drive=iscsi://127.0.0.1:$port/$target/1

mkdir -p "$work/tree/folder"
head -c 1500000 /dev/urandom >"$work/tree/folder/random.bin"
echo text >"$work/tree/a rather long name.txt"

lathe() { # command, options
	"$BUILD/lathe" "$@" >"$work/said" 2>&1
}

lathe info -d "$drive" || fault "info ends with status $?"
grep -q 'DVD+R, blank' "$work/said" || fault "info: $(cat "$work/said")"
lathe burn -d "$drive" --final --verify full "$work/tree/" || {
	fault "burn ends with status $?"
	cat "$work/said"
}
lathe extract -d "$drive" -C "$work/back" || {
	fault "extract ends with status $?"
	cat "$work/said"
}
diff -r "$work/tree" "$work/back" || fault "what is read back differs"

# What tgtd has in its file, read by somebody else.
isoinfo -J -i "$disc" -x /folder/random.bin |
	cmp - "$work/tree/folder/random.bin" || fault "isoinfo reads otherwise"

# It takes no second session, and is told apart from a disc that would.
lathe burn -d "$drive" "$work/tree/" && fault "a final disc was burned on"
finish
