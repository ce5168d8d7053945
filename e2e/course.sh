#!/bin/sh
# A whole course with curl alone, from the PIN of 2020 to the end of the PIN, its delegations and telephone PINs, on a running server.
# It moves the simulated clock and, at its end, brings everything back to the beginning: people, requests, messages and clock.
#
#   sh course.sh http://localhost:8088      the address of the identity providers
#   sh course.sh FILE                       FILE as written by spidsim serve --ready-file FILE
#
# Prints one line for each step. Exit code 0 when all of them went well, 1 at the first that did not, 2 for wrong usage.
set -u

# member NAME prints the first value of that name in the JSON on standard input.
member() { tr '{,' '\n\n' | sed -n "s/^\"$1\": *\"\{0,1\}\([^]\"}]*\).*/\1/p" | sed 1q; }

case $# in
1) if [ -f "$1" ]; then idp=$(member idp_base <"$1"); else idp=$1; fi ;;
*) idp='' ;;
esac
if [ -z "$idp" ]; then
  echo "usage: course.sh IDP-ADDRESS | course.sh READY-FILE" >&2
  exit 2
fi

dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
answer=$dir/answer
: >"$answer"

# api METHOD PATH [BODY] calls the API; the status is in $status, the answer in the file $answer.
api() {
  if [ $# -gt 2 ]; then
    status=$(curl -sS --max-time 30 -o "$answer" -w '%{http_code}' -X "$1" -H 'Content-Type: application/json' -d "$3" "$idp/api/v1/$2")
  else
    status=$(curl -sS --max-time 30 -o "$answer" -w '%{http_code}' -X "$1" "$idp/api/v1/$2")
  fi
}

# expect STATUS MEMBER VALUE WHAT checks the last answer and prints one line; an empty MEMBER is not looked at.
expect() {
  found=''
  [ -n "$2" ] && found=$(member "$2" <"$answer")
  if [ "$status" = "$1" ] && [ "$found" = "$3" ]; then
    echo "ok    $4"
    return
  fi
  echo "FAIL  $4: $status, ${2:-nothing} is '$found', want $1 and '$3': $(cat "$answer")"
  exit 1
}

# holds PATTERN WHAT looks for a basic regular expression in the last answer and prints one line.
holds() {
  if grep -q "$1" "$answer"; then
    echo "ok    $2"
    return
  fi
  echo "FAIL  $2: nothing fits $1 in $(cat "$answer")"
  exit 1
}

# event NAME BODY STATE WHAT brings an event to the request, which has to lead to that state.
event() {
  api POST "enrolments/$id/$1" "$2"
  expect 200 state "$3" "$4"
}

# denied STATUS CODE WHAT checks that a rule said no.
denied() { expect "$1" code "$2" "$3"; }

# message USER CHANNEL prints the code of the newest message.
message() { curl -sS --fail --max-time 30 "$idp/api/v1/messages?user=$1&channel=$2&limit=1&wait=10s" | member code; }

clock() {
  api PUT clock "{\"now\":\"$1\"}"
  expect 200 date "$1" "the clock shows $1"
}

echo '# October 2020: Ortensia (P01) has a PIN and asks for SPID'
api POST onboarding/reset
expect 204 '' '' 'the course begins anew'
clock 2020-10-15
api GET 'pins/P01/may-issue?at=2020-10-15'
denied 200 RSN-PIN-NO-NEW 'nobody like her gets a new PIN any more'
api POST enrolments '{"person":"P01"}'
expect 201 state N0 'a request begins at the home of the portal'
id=$(member id <"$answer")
event EV-enter '{}' N1 'she comes to the mask'
api POST "enrolments/$id/EV-pin-login" '{"fiscal_code":"QRZRNS43C59A944W","pin":"SBAGLIATO"}'
denied 422 RSN-PIN-WRONG 'a wrong PIN opens nothing'
event EV-pin-login '{"fiscal_code":"QRZRNS43C59A944W","pin":"PRVA2345"}' N2 'her PIN opens the portal'
event EV-continue '{}' N3 'the notice invites her to get SPID'
event EV-request '{}' N5 'she wants the guided request'
api POST "enrolments/$id/EV-open-list" '{}'
denied 422 RSN-CONSENT 'without her consent nothing leaves'
event EV-open-list '{"consent":true}' N6 'with it she sees the gestori'
event EV-choose '{"idp":"poste"}' N7 'she chooses Poste (simulated)'
event EV-deliver '{}' R1 'three data are handed over, signed and encrypted'
event EV-save '{"sex":"F","born":"1943-03-19","birth_place":"Bologna","street":"Via delle Prove 7","city":"Bologna","postal_code":"40100","nationality":"Italiana","email":"ortensia.quirzoldi@personas.example","mobile":"+39 399 000 0001"}' \
  R2 'she fills in the form; two codes leave'
event EV-verify-mail "{\"code\":\"$(message ortensia.quirzoldi email)\"}" R2 'the code of the e-mail is right'
event EV-verify-phone "{\"code\":\"$(message ortensia.quirzoldi sms)\"}" R3 'and so is that of the SMS'
api POST "enrolments/$id/EV-docs" '{"document":"cie","number":"ZZ00001ZZ","issued":"2009-03-19","expires":"2019-03-19","health_card":true}'
denied 422 RSN-DOC 'an expired document will not do'
event EV-docs '{"document":"cie","number":"ZZ00001ZZ","issued":"2018-03-19","expires":"2028-03-19","health_card":true}' R4 'her identity card will'
event EV-mode '{"mode":"COUNTER"}' R5 'she wants to be identified at the counter'
code=$(message ortensia.quirzoldi email)
api POST "enrolments/$id/EV-counter-identify" '{"code":"AAAA AAAA AAAA"}'
denied 422 RSN-PROCEDURE-UNKNOWN 'nobody has that procedure code'
event EV-counter-identify "{\"code\":\"$code\",\"by\":\"sportello 3\"}" R8 'the clerk knows hers and identifies her'
event EV-set-credentials '{"username":"ortensia.q","password":"Prova-2020!","factor":"sms"}' R9 'she chooses her credentials: SPID is active'
api GET identities/poste/ortensia.q
expect 200 status active 'the identity works'
api GET "enrolments?person=P01&state=ACTIVE&wait=5s"
expect 200 id "$id" 'whoever waits for it finds it'

holds '"code":25,"sync":false,"at":"[^"]*","delivered":"' 'the portal knows that it was issued (nr25)'

echo '# October 2021: the PIN ends'
clock 2021-10-01
api POST enrolments '{"person":"P02","to":"N1"}'
expect 201 state N1 'Ademaro (P02) still tries with his PIN'
id=$(member id <"$answer")
api POST "enrolments/$id/EV-pin-login" '{"fill":true}'
denied 422 RSN-PIN-DISMISSED 'PINs have ended'
api POST pins/P11/decision '{}'
expect 200 outcome allow 'but for Helmut (P11), who lives abroad without an Italian document'

echo '# Delegation and telephone PIN'
api POST delegations/examples/aa09
expect 200 next '' 'Ademaro has no delegate'
api POST delegations '{"principal":"P02","delegate":"P03","form":"AA09"}'
denied 422 RSN-DLG-PAPERS 'papers are missing'
api POST delegations '{"principal":"P02","delegate":"P03","form":"AA09","papers":["medical-statement","principal-document","delegate-copy"],"by":"sportello 1"}'
expect 201 state ACTIVE 'his daughter Loretta (P03) is his delegate'
delegation=$(member id <"$answer")
api POST delegations '{"principal":"P02","delegate":"P04","papers":["principal-copy"]}'
denied 422 RSN-DLG-ONE 'a second one he cannot have'
api POST "delegations/$delegation/act" '{"action":"pension"}'
expect 200 principal ZRQDMR38S02F257S 'she looks at his pension, and that is traced'
api POST pins/P02/phone '{"duration":"1w","as":{"person":"P03","means":"spid","level":2}}'
expect 201 fiscal_code ZRQDMR38S02F257S 'she makes a telephone PIN for him'
phone=$(member code <"$answer")
api POST pins/phone-check "{\"fiscal_code\":\"ZRQDMR38S02F257S\",\"code\":\"$phone\"}"
expect 200 answer valid 'the contact centre takes it'
clock 2021-10-09
api POST pins/phone-check "{\"fiscal_code\":\"ZRQDMR38S02F257S\",\"code\":\"$phone\"}"
expect 200 answer expired 'and no longer after a week'

echo '# The end of the course'
api POST onboarding/reset
expect 204 '' '' 'everything is as at the beginning'
api GET enrolments
expect 200 next '' 'no request is left'
api GET identities/poste/ortensia.q
expect 404 code not-found 'nor is the identity'
api GET clock
expect 200 moved false 'the clock shows the real time'
