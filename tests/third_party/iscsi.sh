#!/bin/sh
# SPDX-License-Identifier: MIT
# A recorder that nobody here wrote: tgtd's DVD+R, by iSCSI. It knows one
# session, refuses RESERVE TRACK, and its next writable address never moves,
# so the blocks that are read back decide.
. tests/third_party/lib_judges.sh
need tgtd tgtadm tgtimg isoinfo python3
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

new_unit() { # number, file
	tgtimg --op new --device-type cd --type dvd+r --file "$2" >/dev/null
	adm --mode logicalunit --op new --tid 1 --lun "$1" -b "$2" \
		--device-type=cd
	adm --mode logicalunit --op update --tid 1 --lun "$1" \
		--params removable=1,vendor_id=STGT_DVD,product_id=DVD101
}

start_tgtd
adm --mode target --op new --tid 1 -T "$target"
new_unit 1 "$work/1.iso"
new_unit 2 "$work/2.iso"
adm --mode target --op bind --tid 1 -I ALL
drives=iscsi://127.0.0.1:$port/$target

mkdir -p "$work/tree/folder"
head -c 1500000 /dev/urandom >"$work/tree/folder/random.bin"
echo text >"$work/tree/a rather long name.txt"

lathe() { # command, options
	"$BUILD/lathe" "$@" >"$work/said" 2>&1
}

# What lathe reads back, and what tgtd has in its file, read by somebody else.
burns_unit() { # number, options
	unit=$1
	shift
	lathe info -d "$drives/$unit" || fault "info ends with status $?"
	says 'DVD\+R, blank'
	lathe burn -d "$drives/$unit" --verify full "$@" "$work/tree/" || {
		fault "burn $* ends with status $?"
		cat "$work/said"
	}
	cp "$work/said" "$work/burn.said"
	rm -rf "$work/back"
	lathe extract -d "$drives/$unit" -C "$work/back" || {
		fault "extract ends with status $?"
		cat "$work/said"
	}
	diff -r "$work/tree" "$work/back" || fault "what is read back differs"
	isoinfo -J -i "$work/$unit.iso" -x /folder/random.bin |
		cmp - "$work/tree/folder/random.bin" ||
		fault "isoinfo reads otherwise"
}

burns_unit 1 --final
# A reservation that is refused is told, and done without.
burns_unit 2 --final --reserve
mv "$work/burn.said" "$work/said"
says 'RESERVE TRACK: .*5/20/00'

# It takes no second session, and is told apart from a disc that would.
lathe burn -d "$drives/1" "$work/tree/"
equals "the status on a final disc" $? 24
says 'is final after'

# A connection that is lost in a WRITE, and in a READ that verifies.
new_unit 3 "$work/3.iso"
cat >"$work/proxy.py" <<'PY'
import socket, struct, sys, threading
port, limit, upwards = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "up"
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
near = listener.accept()[0]
far = socket.create_connection(("127.0.0.1", port))

def pump(source, sink, left):
    try:
        while data := source.recv(min(left, 65536)):
            sink.sendall(data)
            left -= len(data)
    except OSError:
        pass
    for end in near, far:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                       struct.pack("ii", 1, 0))
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

ways = [(near, far, limit if upwards else 1 << 40),
        (far, near, 1 << 40 if upwards else limit)]
threads = [threading.Thread(target=pump, args=way) for way in ways]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
PY
for cut in 5000,up 500000,up 1530000,up 16000,down; do
	: >"$work/proxy.port"
	python3 "$work/proxy.py" "$port" "${cut%,*}" "${cut#*,}" \
		>"$work/proxy.port" &
	proxy=$!
	until [ -s "$work/proxy.port" ]; do
		kill -0 $proxy || break
		sleep 0.05
	done
	lathe burn -d "iscsi://127.0.0.1:$(cat "$work/proxy.port")/$target/3" \
		--final "$work/tree/"
	equals "the status of a burn cut at $cut" $? 10
	says 'no drive answers'
	kill $proxy 2>/dev/null
	wait $proxy 2>/dev/null
done

# What is not offered is no wrong name.
for name in none/1 "$target/9"; do
	lathe info -d "iscsi://127.0.0.1:$port/$name"
	equals "the status of $name" $? 10
	says 'what to do: see that the host can be reached'
done

# What is said goes into logs: the password is not in it.
adm --mode account --op new --user user --password notforanylog
adm --mode account --op bind --tid 1 --user user
quiet() { # status, URL behind //
	for command in info verify ls; do
		lathe $command -d "iscsi://$2"
		equals "the status of $command -d $2" $? "$1"
		grep notforanylog "$work/said" &&
			fault "$command tells the password"
	done
}
host=127.0.0.1:$port
quiet 0 "user%notforanylog@$host/$target/1"
quiet 10 "user%notforanylogs@$host/$target/1"
quiet 10 "user%notforanylog@$host/$target/9"
quiet 2 "user%notforanylog@$host/$target"
finish
