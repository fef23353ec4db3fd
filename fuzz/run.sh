#!/bin/sh
# Searches for inputs that break a property: fuzz/run.sh SECONDS|again [TARGET..]
#
# SECONDS 0 takes the seconds of each row; "again" searches from a fixed number, SEARCHED times the
# rounds of the row, so that a repetition tries the same inputs, but for what a program decides by
# chance or by the clock. New inputs and failures stay in fuzz/target; the seeds are only read.
# Needs cargo-fuzz (cargo install --locked cargo-fuzz); the compiler is the product's.
# SANITIZER=address looks at memory too, several times slower, and needs a nightly compiler; no code
# of ours is unsafe.
set -eu
cd "$(dirname "$0")/.."

if [ $# -lt 1 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
seconds=$1
shift
SEARCHED=20
sanitizer=${SANITIZER:-none}
toolchain=
[ "$sanitizer" = none ] || toolchain=+nightly

# One line a row of the list of targets: name, longest input, seconds, rounds.
rows=$(awk '$1 == "name:" || $1 == "max_len:" || $1 == "seconds:" || $1 == "rounds:" {
    gsub(/[",]/, "", $2)
    if ($1 != "name:") gsub(/_/, "", $2)
    printf "%s%s", $2, $1 == "rounds:" ? "\n" : " "
}' fuzz/props/mod.rs)

for name in ${*:-$(echo "$rows" | cut -d' ' -f1)}; do
    row=$(echo "$rows" | grep "^$name ") || { echo "no target is named $name" >&2; exit 2; }
    longest=$(echo "$row" | cut -d' ' -f2)
    found=fuzz/target/found/$name
    case $seconds in
        again)
            found=fuzz/target/again/$name
            rm -rf "$found"
            set -- -seed=1 -runs=$((SEARCHED * $(echo "$row" | cut -d' ' -f4)))
            ;;
        0) set -- -max_total_time="$(echo "$row" | cut -d' ' -f3)" ;;
        *) set -- -max_total_time="$seconds" ;;
    esac
    log=$found.log
    mkdir -p "$found" fuzz/target/failures
    set -- "$@" -max_len="$longest" -timeout=10 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="fuzz/target/failures/$name-"
    [ ! -f "fuzz/dict/$name.dict" ] || set -- "$@" -dict="fuzz/dict/$name.dict"
    # shellcheck disable=SC2086
    if ! cargo $toolchain fuzz run --sanitizer "$sanitizer" \
        "$name" "$found" "fuzz/corpus/$name" -- "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "$name FAILED: see $log and fuzz/target/failures" >&2
        exit 1
    fi
    awk -v name="$name" '
        / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:" || $i == "ft:") last[$i] = $(i + 1) }
        /stat::number_of_executed_units/ { runs = $2 }
        /stat::average_exec_per_sec/ { rate = $2 }
        END { printf "%-20s %9d runs %7s a second %6d edges %7d features\n",
              name, runs, rate ? rate : "-", last["cov:"], last["ft:"] }' "$log"
done
