#!/bin/sh
# SPDX-License-Identifier: MIT
# A burn that is longer than the recorder's buffer: the recorder says "long
# write in progress" again and again, the burner has to send the same blocks
# once more. Then one that is killed half-way: what was there before stays
# readable, and another program can close what is left.
. tests/third_party/lib_writers.sh
need wodim cdrskin xorriso genisoimage

mkdir "$work/big" "$work/small"
content 7 12000000 >"$work/big/twelve million bytes"
content 8 12345 >"$work/small/small"
chmod -R a+rX "$work/big" "$work/small"

sessions=0
for program in wodim cdrskin xorriso; do
	say "$program, a long burn"
	new_disc cd-r-80
	restart_drive buffer-kib=512
	"by_$program" "$work/big"
	busy=$(grep -c 'sense 2/04/08' "$work/commands")
	[ "$busy" -gt 0 ] || fault "the buffer was never full"
	echo "$busy times full"
	look
	equals "sessions" "$(disc_is sessions)" 1
	xorriso_reads 0 "$work/big"
done

say "killed half-way"
new_disc cd-r-80
by_wodim "$work/small"
look
second_at=$(disc_is next)
make_image "$work/session.iso" "$work/big" "0,$second_at"
mkfifo "$work/pipe"
chmod 644 "$work/pipe"
# The image comes to a stop after 4 MB, and the burner waits for the rest.
(head -c 4194304 "$work/session.iso" && sleep 5) >"$work/pipe" &
feeder=$!
plainly env LATHE_SHIM_DISC="$disc" LATHE_SHIM_SOCKET="$work/drive" \
	LD_PRELOAD="$work/shim.so" sh -c 'echo $$ >"$HOME/pid"; exec "$@"' sh \
	$cdrskin -tao -multi \
	tsize="$(image_blocks "$work/session.iso")s" "$work/pipe" \
	>"$work/said" 2>&1 </dev/null &
burning=$!
tries=0
until [ "$(grep -c '^2a ' "$work/commands")" -gt 60 ]; do
	sleep 0.02
	tries=$((tries + 1))
	[ $tries -lt 500 ] || break
done
kill -KILL "$(cat "$work/home/pid")"
wait $burning
kill $feeder 2>/dev/null
wait $feeder 2>/dev/null
look
equals "sessions after the kill" "$(disc_is sessions)" 1
equals "the open track after the kill" "$(disc_is open)" 1
xorriso_reads 0 "$work/small"
lathe info
says "unfinished|cut short"

say "closed by lathe, continued by wodim"
lathe close --force ||
	fault "lathe close ends with status $status: $(cat "$work/said")"
look
equals "sessions after the close" "$(disc_is sessions)" 2
equals "the open track after the close" "$(disc_is open)" 0
equals "the disc after the close" "$(disc_is kind)" appendable
third_at=$(disc_is next)
make_image "$work/session.iso" "$work/big" "0,$third_at" &&
	burns $wodim -v -tao -multi -data "$work/session.iso"
xorriso_reads 0 "$work/small"
mkdir "$work/both"
cp -R "$work/small/." "$work/big/." "$work/both"
xorriso_reads "$third_at" "$work/both"

say "a track without an end of its session, fixed later"
new_disc cd-r-80
make_image "$work/session.iso" "$work/small"
burns $wodim -v -tao -nofix -data "$work/session.iso"
look
equals "sessions after -nofix" "$(disc_is sessions)" 0
burns $wodim -fix -multi
look
equals "sessions after -fix" "$(disc_is sessions)" 1
equals "the disc after -fix" "$(disc_is kind)" appendable
xorriso_reads 0 "$work/small"
finish
