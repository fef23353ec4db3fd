#!/bin/sh
# Measures what the tests run of the front, and keeps a floor: fuzz/coverage.sh [--write]
#
# Prints lines and regions of every file before admission, of src/json and of src/sanitize, with a
# sum for each directory; ends with 1 when a directory has less than FLOOR per cent of its lines.
# --write puts the table into AUDIT.md as well. What no test ran stands in target/coverage/missed.
#
# Covered is what one test ran at least once; only tests without sockets run, the replay of every
# corpus among them. What stands in `mod tests` does not count. A region is a place where a new
# count begins, so a line may have several. Needs llvm-tools of the compiler, which rustup adds.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."
root=$(pwd -P)
work=$root/target/coverage
floor=${FLOOR:-95}
case ${1-} in
    "" | --write) ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

# Profiles are read by the tools of the compiler that wrote them; others may be too old.
tools=$(rustc --print sysroot)/lib/rustlib/$(rustc -vV | sed -n 's/^host: //p')/bin
[ -x "$tools/llvm-cov" ] || rustup component add llvm-tools >&2 || true
if ! [ -x "$tools/llvm-cov" ] || ! [ -x "$tools/llvm-profdata" ]; then
    echo "this compiler has no llvm-cov and llvm-profdata: rustup component add llvm-tools" >&2
    exit 2
fi

# Our own crates are instrumented; packages are only built.
rm -rf "$work/raw" "$work/missed"
mkdir -p "$work/raw"
printf '#!/bin/sh\nexec "$@" -C instrument-coverage\n' >"$work/instrument"
chmod +x "$work/instrument"
export CARGO_TARGET_DIR="$work" RUSTC_WORKSPACE_WRAPPER="$work/instrument"
export CARGO_PROFILE_DEV_DEBUG=false LLVM_PROFILE_FILE="$work/raw/%m-%p.profraw"

# Runs the tests with cargo, within a time; what they say stands in a file.
tests() {
    set -- "$@" --lib --test auth --test conn --test guard --test http --test jose --test json
    set -- "$@" --test matching --test replay --test sanitize --test simulation --test transcode
    if ! timeout 1200 cargo test --locked "$@" >"$work/said" 2>"$work/log"; then
        tail -n 40 "$work/log" "$work/said" >&2
        exit 2
    fi
}
tests --no-run --message-format=json-render-diagnostics
sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$work/said" | grep /deps/ >"$work/programs"
tests -q

"$tools/llvm-profdata" merge -sparse "$work"/raw/*.profraw -o "$work/profile"
# Prints what the tool knows in one of its formats.
export_as() {
    set -- "-format=$1" "-instr-profile=$work/profile" -skip-functions -skip-expansions
    while read -r program; do set -- "$@" -object "$program"; done <"$work/programs"
    "$tools/llvm-cov" export "$@" -sources "$root/src"
}
export_as lcov >"$work/lines"
export_as text >"$work/regions"

# One line a file: its name and the line where its tests begin.
{
    grep -rl '^//! Zone: pre-admission' src
    find src/json src/sanitize -name '*.rs'
} | sort -u | while read -r file; do
    awk -v file="$file" '
        tests && NR == tests + 1 && $0 != "mod tests {" || ended && NF { odd = 1 }
        tests && /^}/ { ended = 1 }
        /^#\[cfg\(test\)\]/ { tests = NR }
        END {
            if (odd) print file ": cfg(test) is not followed by a last mod tests" >"/dev/stderr"
            if (odd) exit 2
            print file, tests ? tests : NR + 1
        }' "$file"
done >"$work/files"

awk -v root="$root/" -v floor="$floor" -v missed="$work/missed" '
    function cut(path) { return index(path, root) == 1 ? substr(path, length(root) + 1) : path }
    # Never rounded up: 100.0 means all of them.
    function share(hit, all) { return all ? sprintf("%.1f", int(1000 * hit / all) / 10) : "-" }
    function row(name, at) {
        printf "| %s | %d | %s | %d | %s |\n", name, lines[at], share(line_hits[at], lines[at]),
            regions[at], share(region_hits[at], regions[at])
    }
    FILENAME ~ /\/files$/ { order[++files] = $1; tests[$1] = $2; next }
    FILENAME ~ /\/lines$/ {
        if (sub(/^SF:/, "")) file = cut($0)
        if (!(file in tests) || !sub(/^DA:/, "")) next
        split($0, part, ",")
        if (part[1] + 0 >= tests[file]) next
        lines[file]++
        if (part[2] > 0) line_hits[file]++
        else print file ":" part[1] >missed
        next
    }
    # Records end with a bracket: the name of a file, or one [line,column,count,counted,begins,gap.
    {
        if (match($0, /"filename":"[^"]*"/)) file = cut(substr($0, RSTART + 12, RLENGTH - 13))
        if (!(file in tests) || !sub(/^.*\[/, "") || split($0, part, ",") != 6) next
        if (part[1] + 0 >= tests[file] || part[4] part[5] part[6] != "truetruefalse") next
        regions[file]++
        if (part[3] > 0) region_hits[file]++
        else print file ":" part[1] ":" part[2] >missed
    }
    END {
        print "| file | lines | covered, % | regions | covered, % |\n|---|---:|---:|---:|---:|"
        for (i = 1; i <= files; i++) {
            file = order[i]
            row("`" file "`", file)
            dir = file
            sub(/\/[^\/]*$/, "", dir)
            lines[dir] += lines[file]; line_hits[dir] += line_hits[file]
            regions[dir] += regions[file]; region_hits[dir] += region_hits[file]
            if (i < files && index(order[i + 1], dir "/") == 1) continue
            row("**`" dir "`**", dir)
            if (!lines[dir] || 100 * line_hits[dir] < floor * lines[dir]) {
                print dir ": less than " floor " % of its lines are covered" >"/dev/stderr"
                under = 1
            }
        }
        exit under
    }' "$work/files" "$work/lines" RS=']' "$work/regions" >"$work/table" || under=1
cat "$work/table"
[ -z "${under-}" ] || exit 1

if [ "${1-}" = --write ]; then
    awk -v table="$work/table" '
        /<!-- coverage:end -->/ { inside = 0; ends++ }
        !inside { print }
        /<!-- coverage:begin -->/ {
            inside = 1
            print ""
            while ((getline row < table) > 0) print row
        }
        END { exit inside || ends != 1 }' AUDIT.md >"$work/audit"
    cat "$work/audit" >AUDIT.md
fi
