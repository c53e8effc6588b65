#!/usr/bin/env bash
# Installs the tools that only some test suites need (a Redis server, PDF and certificate tools, a browser) on Debian
# and Ubuntu, when that is allowed; elsewhere it says what to install by hand. It never fails the build itself:
# `npm test` lists every suite that it could not run, and with CI=true that list is a failure.
set -euo pipefail

# command that shows that the package is there : Debian package
TOOLS=(
  redis-server:redis-server
  pdfsig:poppler-utils
  pdftoppm:poppler-utils
  qpdf:qpdf
  openssl:openssl
  softhsm2-util:softhsm2
  certutil:libnss3-tools
  unzip:unzip
  xmllint:libxml2-utils
  chromium:chromium
  fc-list:fontconfig
  gs:ghostscript
  soffice:libreoffice-writer-nogui
)
# Fonts have no command: the browser tests take pictures of Vietnamese text.
FONTS=(fonts-dejavu-core fonts-liberation)

say() { printf 'test:setup: %s\n' "$*"; }

missing_packages() {
  local entry
  for entry in "${TOOLS[@]}"; do
    command -v "${entry%%:*}" >/dev/null 2>&1 || printf '%s\n' "${entry##*:}"
  done
  if command -v dpkg-query >/dev/null 2>&1; then
    for entry in "${FONTS[@]}"; do
      dpkg-query -W -f '${db:Status-Status}' "$entry" 2>/dev/null | grep -qx installed || printf '%s\n' "$entry"
    done
  fi
}

mapfile -t missing < <(missing_packages | sort -u)
if [ "${#missing[@]}" -eq 0 ]; then
  say 'everything is there.'
  exit 0
fi

by_hand() {
  say "$1"
  say "Install by hand (names of the Debian packages): ${missing[*]}"
  exit 0
}

command -v apt-get >/dev/null 2>&1 || by_hand 'This system has no apt-get.'
if [ "$(id -u)" -eq 0 ]; then
  as_root=()
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root=(sudo -n)
else
  by_hand 'Installing needs root, and sudo asks for a password.'
fi

# A freshly installed Redis would start as a service and occupy its port; tests start their own on a free one.
# policy-rc.d answers 101 ("not allowed") to every start while we install, and goes away with us.
readonly POLICY=/usr/sbin/policy-rc.d
own_policy=no
if [ ! -e "$POLICY" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$POLICY" >/dev/null
  "${as_root[@]}" chmod 755 "$POLICY"
  own_policy=yes
fi
remove_policy() {
  if [ "$own_policy" = yes ]; then "${as_root[@]}" rm -f "$POLICY"; fi
}
trap remove_policy EXIT

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -y "$@"
}

update() {
  local attempt
  for attempt in 1 2 3; do
    apt -qq update && return 0
    say "apt-get update failed (attempt $attempt of 3)."
    sleep $((attempt * 3))
  done
  return 1
}

say "installing ${missing[*]}"
update || by_hand 'The package lists could not be loaded.'
# One by one after a failure, because one unknown name refuses the whole list (Ubuntu has Chromium only as a snap).
if ! apt -qq install --no-install-recommends "${missing[@]}"; then
  for package in "${missing[@]}"; do
    apt -qq install --no-install-recommends "$package" || say "$package could not be installed."
  done
fi

mapfile -t missing < <(missing_packages | sort -u)
if [ "${#missing[@]}" -eq 0 ]; then
  say 'everything is there now.'
else
  by_hand 'Some packages are still missing.'
fi
