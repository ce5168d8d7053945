#!/bin/sh
# Logs in with SPID by curl alone: at levels 1, 2 and 3, over both bindings, through the plain forms of the pages.
#
#   sh curl.sh http://localhost:8088 http://localhost:8089     the addresses of the identity providers and of the portal
#   sh curl.sh FILE                                            FILE as written by spidsim serve --ready-file FILE
#
# Prints one line for each login. Exit code 0 when all of them succeeded, 1 when one did not, 2 for wrong usage.
set -u

user=lucia.verdi
password=prova

# member NAME prints the first value of that name in the JSON on standard input.
member() {
  awk -v name="\"$1\":" 'i = index($0, name) {
    value = substr($0, i + length(name)); sub(/^ *"?/, "", value); sub(/[],"}].*/, "", value); print value; exit
  }'
}

case $# in
1) idp=$(member idp_base <"$1") portal=$(member portal_base <"$1") ;;
2) idp=$1 portal=$2 ;;
*) idp='' portal='' ;;
esac
if [ -z "$idp" ] || [ -z "$portal" ]; then
  echo "usage: curl.sh IDP-ADDRESS PORTAL-ADDRESS | curl.sh READY-FILE" >&2
  exit 2
fi

dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
page=$dir/page jar=$dir/jar

# go ADDRESS [FIELD=VALUE...] loads a page, by POST when there are fields, and follows redirects as a browser does.
go() {
  to=$1
  shift
  for field; do
    shift
    set -- "$@" --data-urlencode "$field"
  done
  address=$(curl -sS --max-time 30 -b "$jar" -c "$jar" -L -o "$page" -w '%{url_effective}' "$@" "$to")
}

api() { curl -sS --fail --max-time 30 "$idp/api/v1/$1"; }
post_api() { curl -sS --fail --max-time 30 -o "$dir/answer" -X POST "$idp/api/v1/$1"; }

text() { sed -e 's/&lt;/</g' -e 's/&gt;/>/g' -e 's/&#34;/"/g' -e "s/&#39;/'/g" -e 's/&amp;/\&/g'; }
step() { sed -n 's/.*<body[^>]* data-step="\([a-z]*\)".*/\1/p' "$page"; }
heading() { sed -n 's/.*<h1[^>]*>\([^<]*\)<.*/\1/p' "$page" | text; }
hidden() { sed -n "s/.*<input type=\"hidden\" name=\"$1\" value=\"\([^\"]*\)\".*/\1/p" "$page" | text; }
form_address() { sed -n 's/.*<form method="post" action="\([^"]*\)" id="saml".*/\1/p' "$page" | text; }
asks_for() { grep -q " name=\"$1\"" "$page"; }

# second_factor FACTOR proves it: a code of the authenticator, a code by SMS, or a yes in the app.
second_factor() {
  case $1 in
  totp) go "$address" "otp=$(api "users/$user/totp" | member code)" ;;
  sms) go "$address" "otp=$(api "messages?to=$user&wait=10s" | member code)" ;;
  app) post_api "messages/$(api "messages?to=$user&wait=10s" | member id)/approve" && go "$address" continue=yes ;;
  esac
}

# forward posts the form that carries a SAML message from one site to the other.
forward() {
  set -- "$(form_address)" SAMLRequest SAMLResponse RelayState
  to_site=$1
  shift
  for name; do
    shift
    asks_for "$name" && set -- "$@" "$name=$(hidden "$name")"
  done
  go "$to_site" "$@"
}

# login LEVEL BINDING FACTOR walks from the portal through the pages of the gestore and back, one step a turn.
login() {
  : >"$jar"
  chosen=''
  go "$portal/spid/login?level=$1&binding=$2"
  for turn in 1 2 3 4 5 6 7 8 9 10; do
    case $(step) in
    credentials) go "$address" "username=$user" "password=$password" ;;
    otp | push)
      if [ "$chosen" = "$3" ]; then
        second_factor "$3"
      else
        chosen=$3
        go "$address" "factor=$3"
      fi
      ;;
    card)
      if asks_for pin; then
        go "$address" "pin=$(api "users/$user" | member pin)"
      else
        go "$address" card=insert
      fi
      ;;
    consent) go "$address" consent=yes ;;
    done) forward ;;
    *) break ;; # back at the portal, or at an error
    esac
  done
  who=$(curl -sS --max-time 30 -b "$jar" -H 'Accept: application/json' "$portal/spid/me")
}

failed=0
# expect LEVEL BINDING FACTOR logs in and compares what the portal says with whom we know.
expect() {
  login "$@"
  level=$(echo "$who" | member level) number=$(echo "$who" | member fiscalNumber)
  if [ "$level" = "$1" ] && [ "$number" = "$known" ]; then
    echo "ok    level $1, $2, $3: $number is logged in at level $level"
  else
    echo "FAIL  level $1, $2, $3: stopped at $address (step '$(step)', turn $turn: $(heading)), the portal says: $who"
    failed=1
  fi
}

known=TINIT-$(api "users/$user" | member fiscal_code)
if [ "$known" = TINIT- ]; then
  echo "FAIL  $idp does not say who $user is: is spidsim serving there?" >&2
  exit 1
fi
for binding in redirect post; do
  expect 1 $binding password
  expect 2 $binding totp
  expect 2 $binding sms
  expect 2 $binding app
  expect 3 $binding totp
done
exit $failed
