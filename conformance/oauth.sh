#!/bin/sh
# Lets the official clients sign in at an authorization server and use this server with what they
# get there (OAuth with discovery, registration, PKCE and resource indicators):
#   conformance/oauth.sh [--server FILE] [--limit SECONDS]
#
#   --server FILE     this program instead of one that is built first (debug)
#   --limit SECONDS   wall clock for the checks (default 240)
#
# Prints one line a check, separated by tabs: PASS or FAIL, name, what was seen. Ends with 0 when
# all passed, and with 1 at the first that fails, with the last lines of every log. When the
# packages cannot be fetched it prints "NOT RUN: why" and ends with 0: nothing was found out.
#
# Needed: npm and timeout, python3 (3.11 or later) with venv. The provider, the clients and a Node
# new enough come from the package registries, in exact versions and checked by hash (npm ci, pip
# --require-hashes; no install scripts), into .cache/, or the directory CONFORMANCE_CACHE.
# Everything listens on loopback, on ports that are free.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")

die() { # status text
    echo "oauth.sh: $2" >&2
    exit "$1"
}

server='' limit=240
while [ $# -gt 0 ]; do
    case $1 in
        --server) server=${2:?} ;;
        --limit) limit=${2:?} ;;
        *) die 2 'usage: oauth.sh [--server FILE] [--limit SECONDS]' ;;
    esac
    shift 2
done
for tool in npm timeout python3; do
    command -v "$tool" >/dev/null || die 3 "$tool is needed"
done
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die 3 'python3 is older than 3.11'

# --- the packages, fetched once -----------------------------------------------------------------

cache=${CONFORMANCE_CACHE:-$root/.cache}
mkdir -p "$cache"
cache=$(cd -- "$cache" && pwd)
# Other versions are another installation, so two never mix.
stamp=$(cat "$here/oauth/package-lock.json" "$here/oauth/requirements.txt" | cksum | tr ' ' '-')
home=$cache/mcp-oauth/$stamp
stage=$home.part.$$
work=$home.work.$$

pid=''
clean() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || :
    rm -rf "$stage" "$work"
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# What was fetched and is not what was asked for is a failure; nothing to be fetched is none.
unfetched() { # log refusal what
    tail -n 20 "$1" >&2
    ! grep -q -E "$2" "$1" || die 1 "$3 are not those that were locked"
    echo "NOT RUN: $3 cannot be fetched"
    exit 0
}

if [ ! -f "$home/.ready" ]; then
    mkdir -p "$stage"
    cp "$here/oauth/package.json" "$here/oauth/package-lock.json" "$stage/"
    (cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
        >"$stage/npm.log" 2>&1 ||
        unfetched "$stage/npm.log" 'EINTEGRITY|EUSAGE' 'the packages of npm'
    python3 -m venv "$stage/python" || die 3 'python3 makes no virtual environment'
    "$stage/python/bin/pip" install --require-hashes --only-binary :all: \
        -r "$here/oauth/requirements.txt" >"$stage/pip.log" 2>&1 ||
        unfetched "$stage/pip.log" 'DO NOT MATCH THE HASHES|--require-hashes' 'the packages of pip'
    : >"$stage/.ready"
    # Whoever is second finds the directory taken: equally good.
    mv -T "$stage" "$home" 2>/dev/null || :
fi

node=''
for candidate in "$home"/node_modules/node-linux-*/bin/node "$(command -v node || :)"; do
    [ -x "$candidate" ] || continue
    major=$("$candidate" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || continue
    if [ "$major" -ge 22 ]; then
        node=$candidate
        break
    fi
done
[ -n "$node" ] || die 3 'no Node 22 or later for this machine'

if [ -z "$server" ]; then
    (cd "$root" && cargo build --locked --bin zscaler-mcp) || die 3 'the server cannot be built'
    server=${CARGO_TARGET_DIR:-target}/debug/zscaler-mcp
    case $server in /*) ;; *) server=$root/$server ;; esac
fi
case $server in /*) ;; *) server=$PWD/$server ;; esac
[ -x "$server" ] || die 3 "no program at $server"

# --- the checks ---------------------------------------------------------------------------------

# Node looks for packages beside the program, so that stands beside them.
mkdir -p "$work/empty"
cp "$here"/oauth/*.mjs "$here/oauth/client.py" "$work/"
ln -s "$home/node_modules" "$work/node_modules"
timeout -k 10 "$limit" "$node" "$work/checks.mjs" \
    "$server" "$home/python/bin/python" "$work/empty" &
pid=$!
status=0
wait "$pid" || status=$?
pid=''
exit "$status"
