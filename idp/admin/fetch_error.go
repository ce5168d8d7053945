package admin

import (
	"context"
	"errors"
	"net"
)

// FetchProblem is the kind of a FetchError, stable, for messages in two languages.
type FetchProblem string

// Kinds of FetchError.
const (
	FetchAddress  FetchProblem = "address"  // not an absolute http or https address, or with user and password in it
	FetchUnknown  FetchProblem = "unknown"  // the name does not resolve
	FetchRefused  FetchProblem = "refused"  // link-local, metadata service or another address that is never fetched from
	FetchRemote   FetchProblem = "remote"   // public address, which needs AllowRemote
	FetchConnect  FetchProblem = "connect"  // nobody answers there, or not HTTP
	FetchTLS      FetchProblem = "tls"      // certificate of a public address that proves nothing
	FetchRedirect FetchProblem = "redirect" // leads elsewhere, or too often
	FetchStatus   FetchProblem = "status"   // not 200
	FetchType     FetchProblem = "type"     // not XML
	FetchSize     FetchProblem = "size"     // larger than MaxBytes
	FetchTime     FetchProblem = "time"     // slower than Timeout
)

// FetchError says why an address was not read. It never holds what the address answered (SEC-65).
type FetchError struct {
	Problem FetchProblem
	Detail  string // what was found and wanted, English
	Err     error  // may be nil
}

// Error implements error.
func (e *FetchError) Error() string { return "fetching metadata: " + e.Detail }

// Unwrap returns the cause.
func (e *FetchError) Unwrap() error { return e.Err }

// classify turns what the client said into a FetchError, without the words of the server.
func classify(ctx context.Context, err error) error {
	var known *FetchError
	var lookup *net.DNSError
	switch {
	case errors.As(err, &known) && ctx.Err() == nil:
		return known
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &FetchError{Problem: FetchTime, Detail: "the address takes too long to answer", Err: ctx.Err()}
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &lookup):
		return &FetchError{Problem: FetchUnknown, Detail: "the name of the host does not resolve", Err: err}
	}
	return &FetchError{Problem: FetchConnect, Detail: "nobody speaks HTTP at the address", Err: err}
}
