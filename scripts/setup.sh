#!/bin/sh
# Everything a fresh Debian machine with Node.js needs: Debian packages (as root), npm packages, the build.
# Run again at any time; what is there already is left alone.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*" >&2; }

need() { # need PROGRAM PACKAGE: remembers the package when the program is missing
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}

missing=""
need node nodejs
need npm npm
need ip iproute2
need nft nftables
need ps procps
need unshare util-linux
need mount mount
need socat socat
need tcpdump tcpdump
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ]; then
    say "installing Debian packages:$missing"
    # RUNLEVEL=1: nothing that comes along is started on this machine.
    RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive sh -c "apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing" >&2
  else
    say "missing Debian packages:$missing"
    say "type: sudo apt-get install$missing"
    exit 1
  fi
fi

node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error(`setup: Node.js ${process.versions.node} is too old, 20.19 or newer is needed`); process.exit(1); }'

# nginx for the lab's nodes is unpacked into the cache, not installed: a server that starts by itself is not ours to leave behind.
nginx_cache=.cache/nginx
if ! PATH="$PATH:/usr/sbin:/sbin" command -v nginx >/dev/null 2>&1 && [ ! -x "$nginx_cache/usr/sbin/nginx" ]; then
  say "unpacking nginx into $nginx_cache"
  rm -rf "$nginx_cache.new" && mkdir -p "$nginx_cache.new"
  if (cd "$nginx_cache.new" && { apt-get -qq download nginx >&2 || { [ "$(id -u)" = 0 ] && apt-get -qq update >&2 && apt-get -qq download nginx >&2; }; }); then
    dpkg-deb -x "$nginx_cache.new"/nginx_*.deb "$nginx_cache.new" && rm -rf "$nginx_cache" && mv "$nginx_cache.new" "$nginx_cache"
  else
    say "nginx could not be had; lab runs that need it will say so"
    rm -rf "$nginx_cache.new"
  fi
fi

stamp=node_modules/.heartbeat-lock
if [ ! -f "$stamp" ] || ! cmp -s package-lock.json "$stamp"; then
  say "installing npm packages"
  # Not `npm ci`: it insists on optional packages for platforms that a mirror may not carry. The lock file counts here as well.
  npm install --no-save --ignore-scripts --no-fund --no-audit --loglevel=error >&2
  cp package-lock.json "$stamp"
fi

newest=$(find src test tsconfig*.json package.json -newer dist/.built -print 2>/dev/null | head -n 1 || true)
if [ ! -f dist/.built ] || [ -n "$newest" ]; then
  say "building"
  npm run --silent build >&2
  touch dist/.built
fi
