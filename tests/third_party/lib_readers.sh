# SPDX-License-Identifier: MIT
# Other people's programs: which of them take part, and whether isoinfo and
# xorriso read what was recorded. They work in $work, the image is $disc;
# 'plainly' runs them, with $work/home to write to.

# Who takes part, in which version.
need() { # programs
	with=
	for program; do
		command -v "$program" >/dev/null 2>&1 || {
			echo "no $program"
			exit 77
		}
		case $program in
		xorriso | cdrskin | wodim | growisofs | genisoimage)
			version=$("$program" -version 2>&1 |
				sed -n '/yelling/d;s/.*[^0-9.]\([0-9][0-9]*\.[0-9.]*[0-9]\).*/\1/p;s/^[^0-9]*\([0-9]*\.[0-9.]*[0-9]\)$/\1/p' |
				head -n 1) ;;
		tgtd) version=$(tgtd -V 2>&1 | head -n 1) ;;
		*) continue ;;
		esac
		with="$with, $program $version"
	done
	[ -z "$with" ] || echo "with ${with#, }"
}

# isoinfo shows Rock Ridge names as they are, those of Joliet in Latin-1, with
# a low line for what that has not.
as_isoinfo_says() { # -R or -J
	case $1 in
	-R) cat ;;
	-J) sed 's/日本語/___/g' | iconv -f UTF-8 -t ISO-8859-1 ;;
	esac
}

# The session at an address, by isoinfo and by one of its hierarchies.
isoinfo_reads() { # address, -R or -J, folder with the expected tree
	plainly isoinfo "$2" -j iso8859-1 -f -T "$1" -i "$disc" \
		>"$work/listed" 2>"$work/said" ||
		fault "isoinfo $2 -T $1: $(head -n 3 "$work/said")"
	(cd "$3" && find . -mindepth 1 | sed 's|^\.||') |
		as_isoinfo_says "$2" | LC_ALL=C sort >"$work/expected"
	grep -av '^/rr_moved$' "$work/listed" | LC_ALL=C sort >"$work/got"
	cmp -s "$work/expected" "$work/got" || {
		fault "isoinfo $2 -T $1 lists another tree"
		diff -a "$work/expected" "$work/got" | head -n 10
	}
	(cd "$3" && find . -type f | sed 's|^\.||') >"$work/files"
	as_isoinfo_says "$2" <"$work/files" >"$work/names"
	plainly sh -c '
		exec 3<"$5"
		while IFS= read -r file && IFS= read -r name <&3; do
			isoinfo "$2" -j iso8859-1 -T "$1" -i "$4" -x "$name" \
				2>/dev/null | cmp -s - "$3$file" ||
				echo "$file"
		done' sh "$1" "$2" "$3" "$disc" "$work/names" \
		<"$work/files" >"$work/other"
	while read -r file; do
		fault "isoinfo $2 -T $1 reads another $file"
	done <"$work/other"
}

xorriso_reads() { # address, folder with the expected tree
	rm -rf "$work/home/out"
	plainly xorriso -return_with FAILURE 32 -load sbsector "$1" \
		-indev "stdio:$disc" \
		-osirrox on -extract / "$work/home/out" >"$work/said" 2>&1 ||
		fault "xorriso at $1: $(tail -n 5 "$work/said")"
	diff -r "$2" "$work/home/out" >"$work/said" 2>&1 || {
		fault "xorriso at $1 reads another tree"
		head -n 10 "$work/said"
	}
	chmod -R u+w "$work/home/out" 2>/dev/null
	rm -rf "$work/home/out"
}

strangers_read() { # address, folder with the expected tree
	xorriso_reads "$1" "$2"
	isoinfo_reads "$1" -R "$2"
	isoinfo_reads "$1" -J "$2"
}
