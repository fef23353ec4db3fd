#!/usr/bin/env bash
# Scores a running MCP server against one frozen requirement set of the official referee:
#   conformance/run.sh [options] URL REVISION
# README.md beside this file says what is needed and how to read the output.
set -uo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname -- "$here")

usage() {
  cat >&2 <<'USAGE'
usage: run.sh [options] URL REVISION
  URL                  of a loopback server without authentication
  REVISION             2025-11-25 or 2026-07-28
  --scenario NAME      only this scenario (repeatable)
  --allow FILE         scored scenarios that may fail: one a line, # begins a comment
  --out DIR            keep the raw checks and results.json in DIR
  --limit SECONDS      wall clock for the whole run (default 600)
  --referee new|old    new: 0.2.0-alpha (default); old: 0.1.16, knows 2025-11-25 only
  --setup-only         install the referee, print versions, stop
environment:
  CONFORMANCE_CACHE    where the referee is installed (default: .cache in the project)
  CONFORMANCE_OFFLINE  1: install nothing, fail when the cache is empty
USAGE
  exit 2
}

die() { # status text
  echo "run.sh: $2" >&2
  exit "$1"
}

# --- command line ------------------------------------------------------------------------------

referee=new out='' allow='' limit=600 setup_only=0 scenarios=() words=()
while [ $# -gt 0 ]; do
  case $1 in
    --scenario) scenarios+=("${2:?}"); shift ;;
    --allow) allow=${2:?}; shift ;;
    --out) out=${2:?}; shift ;;
    --limit) limit=${2:?}; shift ;;
    --referee) referee=${2:?}; shift ;;
    --setup-only) setup_only=1 ;;
    -*) usage ;;
    *) words+=("$1") ;;
  esac
  shift
done
case $referee in new | old) ;; *) usage ;; esac
if [ "$setup_only" = 0 ]; then
  [ ${#words[@]} -eq 2 ] || usage
  url=${words[0]} revision=${words[1]}
  case $referee:$revision in
    new:2025-11-25 | new:2026-07-28 | old:2025-11-25) ;;
    old:*) die 2 'the old referee knows nothing after 2025-11-25' ;;
    *) usage ;;
  esac
fi

# --- the referee, installed once ---------------------------------------------------------------

cache=${CONFORMANCE_CACHE:-$root/.cache}
mkdir -p "$cache" || die 3 'cannot create the cache directory'
cache=$(cd -- "$cache" && pwd)
# Another lock file is another installation, so two versions never mix.
stamp=$(cat "$here/runner/package.json" "$here/runner/package-lock.json" | cksum | tr ' ' '-')
home=$cache/mcp-conformance/$stamp

install() {
  [ "${CONFORMANCE_OFFLINE:-0}" != 1 ] || die 3 'nothing is installed and CONFORMANCE_OFFLINE=1'
  command -v npm >/dev/null || die 3 'npm is needed once, to install the referee'
  local stage=$home.part.$$
  rm -rf "$stage"
  mkdir -p "$stage"
  cp "$here/runner/package.json" "$here/runner/package-lock.json" "$stage/"
  # Exactly the locked packages, checked by hash, none of their scripts run.
  if ! (cd "$stage" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) \
    >"$stage.log" 2>&1; then
    tail -n 20 "$stage.log" >&2
    die 3 'the install failed'
  fi
  : >"$stage/.ready"
  # Whoever is second finds the directory taken: equally good.
  mv -T "$stage" "$home" 2>/dev/null || rm -rf "$stage"
  rm -f "$stage.log"
}
[ -f "$home/.ready" ] || install

node=''
for candidate in "$home"/node_modules/node-linux-*/bin/node "$(command -v node || true)"; do
  [ -x "$candidate" ] || continue
  major=$("$candidate" -p 'process.versions.node.split(".")[0]' 2>/dev/null) || continue
  if [ "${major:-0}" -ge 22 ]; then
    node=$candidate
    break
  fi
done
[ -n "$node" ] || die 3 'no Node 22 or later for this machine'
package=$home/node_modules/referee-$referee
version=$("$node" -p 'require(process.argv[1]).version' "$package/package.json")
if [ "$setup_only" = 1 ]; then
  echo "node $("$node" --version), referee $version"
  exit 0
fi

# --- the run -----------------------------------------------------------------------------------

if [ -n "$out" ]; then
  mkdir -p "$out"
  out=$(cd -- "$out" && pwd)
else
  out=$(mktemp -d) || exit 3
  trap 'rm -rf "$out"' EXIT
fi
raw=$out/raw log=$out/referee.log
rm -rf "$raw"
mkdir -p "$raw"
: >"$log"

deadline=$((SECONDS + limit))
judge() {
  local left=$((deadline - SECONDS))
  [ "$left" -gt 0 ] || left=1
  (cd "$out" && timeout -k 5 "$left" \
    "$node" "$package/dist/index.js" server --url "$url" -o "$raw" "$@") >>"$log" 2>&1
}
if [ ${#scenarios[@]} -gt 0 ]; then
  for name in "${scenarios[@]}"; do
    case $referee in
      new) judge --scenario "$name" --spec-version "$revision" --force ;;
      old) judge --scenario "$name" ;;
    esac
  done
else
  case $referee in
    new) judge --requirements "$revision" ;;
    old) judge --suite active --spec-version "$revision" ;;
  esac
fi

only=$(IFS=,; echo "${scenarios[*]-}")
NODE_NO_WARNINGS=1 "$node" "$here/report.mjs" --raw "$raw" --log "$log" --package "$package" \
  --referee "$version" --revision "$revision" --url "$url" --json "$out/results.json" \
  ${allow:+--allow "$allow"} ${only:+--only "$only"}
