#!/bin/sh
# Checks what the machine offers and installs the missing Debian packages when it may.
#   need.sh demo   Python >= 3.11 with venv, Node >= 20.19, optional coturn
#   need.sh test   the same, and the browsers, phones and peers that the tests talk to
set -eu
mode=${1:-demo}
say() { printf '%s\n' "$*" >&2; }

python=${PYTHON:-python3}
command -v "$python" >/dev/null 2>&1 || { say "Python 3.11 or newer is needed: apt-get install python3 python3-venv"; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  say "Python 3.11 or newer is needed, this is $("$python" -V). Name another one with PYTHON=python3.12 make $mode"; exit 1; }
command -v node >/dev/null 2>&1 || { say "Node 20.19 or newer is needed: apt-get install nodejs npm"; exit 1; }
node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||(a===20&&b>=19)?0:1)' || {
  say "Node 20.19 or newer is needed, this is $(node -v). Debian 12's own is too old; take Node 20 or newer from its makers."; exit 1; }
command -v npm >/dev/null 2>&1 || { say "npm is needed: apt-get install npm"; exit 1; }

want=""
"$python" -c 'import ensurepip, venv' 2>/dev/null || want="$want python3-venv"
case $mode in
  demo) optional="coturn" ;;
  test)
    want="$want chromium firefox-esr coturn baresip-core linphone-cli sip-tester kamailio \
      kamailio-tls-modules kamailio-outbound-modules kamailio-utils-modules kamailio-extra-modules rtpengine-daemon janus \
      iproute2 libnss3-tools util-linux postgresql slapd ldap-utils"
    optional="" ;;
  *) say "usage: need.sh demo|test"; exit 2 ;;
esac

absent() {
  for name in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || printf ' %s' "$name"
  done
}
missing=$(absent $want)
nice=$(absent $optional)
[ -n "$missing$nice" ] || exit 0
if [ "$(id -u)" = 0 ]; then
  say "Installing:$missing$nice"
  apt-get update -qq || say "apt-get update failed; going on with the lists at hand"
  # A package that starts a daemon must not do so here: what is needed is started by the tests.
  DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get -o DPkg::Lock::Timeout=300 -qq install -y \
    --no-install-recommends $missing $nice >/dev/null || {
      [ -z "$missing" ] || { say "apt-get could not install:$missing"; exit 1; }
      say "Without$nice: going on without TURN."; }
else
  [ -z "$nice" ] || say "Without$nice the demo has no TURN relay. To add it: sudo apt-get install$nice"
  [ -z "$missing" ] || { say "Missing. Run: sudo apt-get install$missing"; exit 1; }
fi
