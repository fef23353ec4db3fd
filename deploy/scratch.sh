#!/bin/sh
# Runs the static binary the way a container of nothing else would: the only file of a read-only root,
# as a user without rights, on a machine of its own without a network. Asks it for health and for a
# tool, and looks at what the process may do. Needs root, util-linux, iproute2 and curl.
#
#   deploy/scratch.sh [BINARY]        (deploy/build.sh --static makes dist/zscaler-mcp)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
binary=${1:-$root/dist/zscaler-mcp}

if [ "${SCRATCH_INSIDE:-}" != yes ]; then
    exec env SCRATCH_INSIDE=yes unshare --mount --net --ipc --uts "$0" "$binary"
fi

box=$(mktemp -d)
log=$(mktemp)
server=
finish() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
    umount "$box" && rmdir "$box"
    rm -f "$log"
}
trap finish EXIT
fail() { echo "$1" >&2; cat "$log" >&2; exit 1; }

ip link set lo up
mount -t tmpfs -o mode=0755,nosuid,nodev none "$box"
install -m 0555 "$binary" "$box/zscaler-mcp"
mount -o remount,ro,nosuid,nodev "$box"

setpriv --no-new-privs chroot --userspec=65532:65532 "$box" \
    /zscaler-mcp --demo --transport streamable-http > "$log" 2>&1 &
server=$!

url=http://127.0.0.1:8000
curl -sSf --retry 50 --retry-delay 1 --retry-connrefused "$url/health" > /dev/null 2>&1 || fail "no health"
answer=$(curl -sSf "$url/mcp" \
    -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
    -H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/call' \
    -H 'Mcp-Name: zia_list_rule_labels' \
    -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"zia_list_rule_labels",
         "arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
         "io.modelcontextprotocol/clientCapabilities":{}}}}') || fail "no answer"
case $answer in
    *'"isError":true'* | *'"error":'*) fail "$answer" ;;
    *'"structuredContent"'* | *'"content"'*) ;;
    *) fail "$answer" ;;
esac

status=/proc/$server/status
for line in 'Uid:.65532.65532.65532.65532' 'Gid:.65532.65532.65532.65532' 'CapEff:.0*' \
    'CapPrm:.0*' 'NoNewPrivs:.1'; do
    grep -qx "$line" "$status" || fail "the process has more than $line"
done
kill -TERM "$server"
wait "$server" || fail "it did not stop in order"
server=
echo "alone in a read-only root, uid 65532, no capabilities: health and a tool call answered"
