#!/bin/sh
# SPDX-License-Identifier: MIT
# What is no name of a recorder on another machine is told as such; a name that
# is one, of what nobody offers, otherwise. No password is told.
. tests/tools/lib_tools.sh
nobody=127.0.0.1:1

refuses() { # URL
	ends 2 info -d "$1"
	says 'iscsi://\[USER%PASSWORD@\]HOST\[:PORT\]/TARGET/LUN'
	equals "forms told of $1" "$(grep -ac 'TARGET\|target-iqn' \
		"$scratch/err")" 1
	grep -q sesame "$scratch/err" && fault "the password is told"
}

# 14 bits are what SAM-5, 4.7.7.4 (flat space addressing) has for a number;
# libiscsi takes others for one of these.
for lun in -1 +1 ' 1' 1x x '' 16384 65537 4294967297 99999999999999999999; do
	refuses "iscsi://$nobody/iqn.2026-01.invalid:t/$lun"
	refuses "iscsi://user%sesame@$nobody/iqn.2026-01.invalid:t/$lun"
done
refuses "iscsi://$nobody/iqn.2026-01.invalid:t"
refuses "iscsi://user%sesame@$nobody/1"
refuses iscsi://

run info -d "iscsi://$nobody/iqn.2026-01.invalid:t/1"
if grep -q 'made without libiscsi' "$scratch/err"; then
	equals "status without libiscsi" $status 21
	says 'what to do: .*libiscsi'
else
	for name in "$nobody" "user%sesame@$nobody"; do
		for lun in 0 1 16383 '1?header_digest=crc32c' \
			'1?target_user=me@there'; do
			ends 10 info -d "iscsi://$name/iqn.2026-01.invalid:t/$lun"
			says 'what to do: see that the host can be reached'
			grep -q 'sesame\|target-iqn\|TARGET\|[?]$' "$scratch/err" &&
				fault "told: $(cat "$scratch/err")"
		done
	done
fi
finish
