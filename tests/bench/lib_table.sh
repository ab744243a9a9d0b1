# SPDX-License-Identifier: MIT
# The table of run.sh: each figure against its bound.

table_begin() { # file
	table=$1
	{
		echo "| work | figure | median | lowest to highest | peak MB | bound | |"
		echo "|---|---|---|---|---|---|---|"
	} >"$table"
}

# judge WORK UNIT VALUE SPAN MEMORY [le|ge BOUND]
judge() {
	sign= verdict=
	case ${6:-} in
	le) sign="≤" ;;
	ge) sign="≥" ;;
	esac
	if [ -n "$sign" ]; then
		verdict=$(awk -v a="$3" -v b="$7" -v op="$6" 'BEGIN {
			print (op == "le" ? a + 0 <= b + 0 : a + 0 >= b + 0) \
				? "met" : "missed" }')
	fi
	echo "  = $1: $3 $2${4:+ ($4)}${sign:+, bound $sign $7: $verdict}"
	echo "| $1 | $2 | $3 | $4 | $5 | ${sign:+$sign $7} | $verdict |" \
		>>"$table"
}

# Median and span of A's times in those of B, round by round; B may be "".
# Prints nothing where one of them did not run.
paired() { # a, b
	awk -F '\t' -v a="$1" -v b="$2" '
		$1 == a { for (i = 3; i <= NF; i++) x[i - 2] = $i; n = NF - 2 }
		$1 == b { for (i = 3; i <= NF; i++) y[i - 2] = $i; m = NF - 2 }
		END {
			if (!n || (b != "" && !m))
				exit
			for (i = 1; i <= n; i++)
				r[i] = b == "" ? x[i] : x[i] / y[i]
			for (i = 2; i <= n; i++)
				for (j = i; j > 1 && r[j] < r[j - 1]; j--) {
					t = r[j]; r[j] = r[j - 1]; r[j - 1] = t
				}
			# Bounds of times are as small as 0.15 s.
			form = b == "" ? "%.3f %.3f %.3f\n" : "%.2f %.2f %.2f\n"
			printf form,
				(r[int((n + 1) / 2)] + r[int(n / 2) + 1]) / 2,
				r[1], r[n]
		}' "$work/runs"
}

peak_of() { awk -F '\t' -v a="$1" '$1 == a { print $2 }' "$work/runs"; }

# judge_ratio WORK A B [le|ge BOUND]: time of A in times of B. One of them is
# ours, whose memory is told.
judge_ratio() {
	work_=$1 a=$2 b=$3
	shift 3
	set -- "$@"
	figures=$(paired "$a" "$b")
	[ -n "$figures" ] || return 0
	case $a in
	lathe*) unit="time of $b" peak=$(peak_of "$a") ;;
	*) unit="× faster than $a" peak=$(peak_of "$b") ;;
	esac
	judge "$work_" "$unit" "${figures%% *}" \
		"$(echo "$figures" | awk '{ print $2 " to " $3 }')" "$peak" "$@"
}

judge_time() { # work, name, le|ge, bound
	figures=$(paired "$2" "")
	judge "$1" s "${figures%% *}" \
		"$(echo "$figures" | awk '{ print $2 " to " $3 }')" \
		"$(peak_of "$2")" "$3" "$4"
}

table_end() {
	cat "$table"
	[ -n "${README:-}" ] || return 0
	awk -v table="$table" -v when="$(date -u +%Y-%m-%d)" \
		-v machine="$(nproc) processors, $(uname -sm)" '
		/^<!-- \/bench -->$/ { inside = 0 }
		!inside { print }
		/^<!-- bench -->$/ {
			inside = 1
			print "Measured " when " on " machine ": by wall clock," \
				" in alternating runs; ratios are of the same round."
			print ""
			while ((getline line < table) > 0)
				print line
		}' "$root/README.md" >"$work/README.md"
	cat "$work/README.md" >"$root/README.md"
}
