package handoff

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Result is what a gestore answers to a hand-off (ONB-83). It is no spid.Anomaly: the numbers mean other things
// here, 25 above all (ONB-84).
type Result int

// Results.
const (
	TakenInCharge   Result = 100 // at once: the request is taken in charge
	Issued          Result = 25  // later: the identity is issued
	AlreadyCustomer Result = 27  // later: the person has an identity at this gestore already
	Cancelled       Result = 28  // later: the person cancelled the request
	NotIssued       Result = 29  // later: the identity is not issued
)

// cancelledToo is the number that the note prints for "cancelled" in one place (CNF-09).
const cancelledToo Result = 26

// ResultInfo is a row of the table of results.
type ResultInfo struct {
	Result         Result
	Title, English string  // Italian, what it means; English beside it
	Channel        Channel // by which it goes to the portal
	Success        bool    // the person gets, or has, what they asked for
}

var results = []ResultInfo{
	{Issued, "Identità digitale emessa", "Digital identity issued", Asynchronous, true},
	{AlreadyCustomer, "La persona ha già un'identità presso questo gestore", "The person already has an identity at this provider", Asynchronous, true},
	{Cancelled, "Richiesta annullata dalla persona", "Request cancelled by the person", Asynchronous, false},
	{NotIssued, "Identità digitale non emessa", "Digital identity not issued", Asynchronous, false},
	{TakenInCharge, "Richiesta presa in carico", "Request taken in charge", Synchronous, true},
}

// Channel is the way of an answer to the portal.
type Channel string

// Channels.
const (
	Synchronous  Channel = "synchronous"  // through the browser to spInfoPage
	Asynchronous Channel = "asynchronous" // to spEndpointResult, when the procedure is over
)

// Results returns the table in order of number. The slice is the caller's.
func Results() []ResultInfo { return slices.Clone(results) }

// Info returns the row of r; ok is false for other numbers, 26 among them.
func (r Result) Info() (info ResultInfo, ok bool) {
	for i := range results {
		if results[i].Result == r {
			return results[i], true
		}
	}
	return ResultInfo{}, false
}

const codePrefix = "ErrorCode nr"

// Code returns the text of the element result, "ErrorCode nr25".
func (r Result) Code() string { return fmt.Sprintf("%s%d", codePrefix, int(r)) }

// ParseResult reads the text of the element result, literally. nr26 is Cancelled (CNF-09).
func ParseResult(s string) (Result, bool) {
	digits, ok := strings.CutPrefix(s, codePrefix)
	n, err := strconv.Atoi(digits)
	r := Result(n)
	if !ok || err != nil || r.Code() != s {
		return 0, false
	}
	if r == cancelledToo {
		return Cancelled, true
	}
	_, ok = r.Info()
	return r, ok
}
