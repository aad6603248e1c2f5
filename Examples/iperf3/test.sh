#!/usr/bin/env bash
# Builds the image and runs it: a server and a client in one pod, a new build under the old version, and the
# host's /dev as a volume. Needs root. Everything is made in a temporary directory that goes at the end.
#
#   ./test.sh [APPC]       APPC is the command to test; the one in PATH by default
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
appc=${1-appc}
work=''

fail() {
  echo "iperf3 example: $1" >&2
  exit 1
}

clean_up() {
  # The overlay's work directories are gone with the pods; what is left are plain files.
  [ -z "$work" ] || rm -rf -- "$work"
}

# A server that nobody talks to would wait for ever.
appc() { timeout --kill-after=5 60 "$appc" --dir "$work/data" "$@"; }

# Prints Gbit/s of what iperf3 received, out of its JSON.
bandwidth() {
  python3 -c '
import json, sys
report = json.load(sys.stdin)
print("%.2f" % (report["end"]["sum_received"]["bits_per_second"] / 1e9))'
}

# The first device that root may open here and that no pod may.
forbidden_device() {
  local device
  for device in /dev/fuse /dev/loop-control /dev/loop0 /dev/kvm /dev/vda /dev/sda /dev/kmsg; do
    if [ -e "$device" ] && (: <"$device") 2>/dev/null; then
      echo "$device"
      return
    fi
  done
  fail "this machine has no device to try the device rules with"
}

builds() {
  local status=0
  "$here/mktree.sh" "$work/image"
  echo one >"$work/image/rootfs/data/db/build"
  appc build "$work/image" "$work/iperf3.aci" >"$work/id.1"
  appc build "$work/image" "$work/iperf3.aci" >"$work/out" 2>&1 || status=$?
  [ "$status" -eq 254 ] || fail "a second build without --overwrite ended with $status instead of 254"
  echo "ok: the image is built; a second build does not overwrite it: $(cat "$work/out")"
}

measures() {
  local status=0 gigabits
  appc run --volume dev,kind=host,source=/dev \
    "$work/iperf3.aci" --name server -- -1 --idle-timeout 20 --- \
    "$work/iperf3.aci" --name client --exec /run.sh --set-env WAIT=100 -- -c 127.0.0.1 -t 1 -J \
    >"$work/out" 2>"$work/err" || status=$?
  [ "$status" -eq 0 ] || fail "server and client ended with $status: $(cat "$work/out" "$work/err")"
  # The server writes to the same file: the client's part is from the first brace to the last.
  gigabits=$(sed -n '/^{$/,/^}$/p' "$work/out" | bandwidth) || fail "no bandwidth in: $(cat "$work/out")"
  echo "ok: from server to client in one pod: $gigabits Gbit/s"
}

uses_new_content() {
  echo two >"$work/image/rootfs/data/db/build"
  appc build --overwrite "$work/image" "$work/iperf3.aci" >"$work/id.2"
  ! cmp -s "$work/id.1" "$work/id.2" || fail "other content, and the same image ID"
  local content
  content=$(appc run --volume dev,kind=host,source=/dev "$work/iperf3.aci" \
    --exec /bin/busybox -- cat /data/db/build 2>"$work/err") || fail "$(cat "$work/err")"
  [ "$content" = two ] || fail "the new build ran with the old content: $content"
  echo "ok: a new build under the same version runs its new content"
}

keeps_devices_in() {
  local device status=0
  device=$(forbidden_device)
  appc run -volume=dev,kind=host,source=/dev "$work/iperf3.aci" \
    --exec /bin/sh -- -c "(: </dev/null) && [ -e $device ] && ! (: <$device)" >"$work/out" 2>"$work/err" || status=$?
  [ "$status" -eq 0 ] || fail "an app sees $device and may open it, or cannot use /dev/null: $(cat "$work/err")"
  grep -q "hides the pod's own devices" "$work/err" || fail "no warning that the host's /dev hides the pod's"
  grep -q "not permitted" "$work/err" || fail "$device was not refused by the device rules: $(cat "$work/err")"
  echo "ok: with the host's /dev inside, $device is there and cannot be opened"
}

main() {
  [ "$(id -u)" -eq 0 ] || fail "pods need root rights"
  case $appc in
    */*) appc=$(realpath "$appc") ;;
    *) command -v "$appc" >/dev/null || fail "there is no $appc in PATH; give the command: ./test.sh PATH" ;;
  esac
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  work=$(mktemp -d "${TMPDIR:-/tmp}/appc-iperf3-XXXXXX")
  builds
  measures
  uses_new_content
  keeps_devices_in
  appc gc --grace-period=0 >/dev/null
}

main "$@"
