#!/bin/sh
# Installs the programs that the tests need: on Debian, as root. Elsewhere it says in one line what to install.
set -u

missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }

need chromium chromium
need xmlsec1 xmlsec1
need xmllint libxml2-utils
need openssl openssl
need curl curl
need gcc gcc
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
[ -f /usr/share/xml/opensaml/saml-schema-protocol-2.0.xsd ] || missing="$missing opensaml-schemas"
[ -f /usr/share/xml/xmltooling/xmldsig-core-schema.xsd ] || missing="$missing xmltooling-schemas"

[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "the tests need these Debian packages (or the same programs from elsewhere):$missing" >&2
  exit 1
fi
echo "installing for the tests:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >/dev/null &&
  # shellcheck disable=SC2086 # a list of words
  apt-get install -y -qq --no-install-recommends $missing >/dev/null || {
  echo "apt-get could not install:$missing" >&2
  exit 1
}
