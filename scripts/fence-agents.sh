#!/bin/sh
# Fetches Debian's fence agents, and the few Python modules that the simple ones need, into .cache/fence-agents/root, without installing
# anything: a lab node gets this tree laid over the host's files. Says where it is. Done once; a second call is quick.
set -eu
cd "$(dirname "$0")/.."
target="$PWD/.cache/fence-agents"
if [ -e "$target/complete" ]; then
  echo "$target/root"
  exit 0
fi
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: fence agents are fetched from Debian's archive, which needs a Debian" >&2; exit 69; }
done
rm -rf "$target"
mkdir -p "$target/packages" "$target/root"
[ -n "$(apt-cache show --no-all-versions fence-agents 2>/dev/null)" ] || apt-get update >&2
# The package depends on the clients of all clouds as well; fence_ipmilan needs none of them.
(cd "$target/packages" && apt-get download fence-agents python3-pexpect python3-ptyprocess python3-pycurl >&2)
for package in "$target"/packages/*.deb; do dpkg-deb -x "$package" "$target/root"; done
for folder in bin sbin lib lib64; do
  [ -d "$target/root/$folder" ] || continue
  mkdir -p "$target/root/usr/$folder"
  cp -a "$target/root/$folder/." "$target/root/usr/$folder/"
  rm -rf "${target:?}/root/$folder"
done
rm -rf "$target/packages" "$target/root/usr/share/doc" "$target/root/usr/share/man"
touch "$target/complete"
echo "$target/root"
