package idp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
)

// Exchange is one AuthnRequest with all that came of it: kept from the moment of arrival, refused requests included. The
// journal is append-only: the request is one record, its answer another one under the same id (D-08).
type Exchange struct {
	ID         string       `json:"id"`
	IdP        string       `json:"idp"`
	SP         string       `json:"sp,omitempty"` // as the issuer says; only known after the signature
	At         time.Time    `json:"at"`
	Binding    saml.Binding `json:"binding"`
	Endpoint   string       `json:"endpoint"`
	RelayState string       `json:"relay_state,omitempty"`
	Request    []byte       `json:"request,omitempty"` // decoded octets as received
	RequestID  string       `json:"request_id,omitempty"`
	Findings   []Finding    `json:"findings"`
	Login      string       `json:"login,omitempty"`
	answer
}

// answer is what became of an exchange: zero while the login goes on.
type answer struct {
	Username string       `json:"username,omitempty"`
	Tried    string       `json:"tried,omitempty"` // whose password was typed wrong, when nobody proved to be the holder
	Level    spid.Level   `json:"level,omitempty"` // performed
	Anomaly  spid.Anomaly `json:"anomaly,omitempty"`
	Response []byte       `json:"response,omitempty"` // octets as sent
	ACS      string       `json:"acs,omitempty"`
	Answered time.Time    `json:"answered,omitzero"`
	Steps    []Event      `json:"steps,omitempty"`
}

// Finding is a rule that failed or warned, in the words of the rules table.
type Finding struct {
	Rule    string     `json:"rule"`
	Warning bool       `json:"warning,omitempty"`
	Title   rules.Text `json:"title"`
	Remedy  rules.Text `json:"remedy"`
	Source  string     `json:"source"`
	Path    string     `json:"path,omitempty"`
	Line    int        `json:"line,omitempty"`
	Column  int        `json:"column,omitempty"`
	Found   string     `json:"found,omitempty"`
	Wanted  string     `json:"wanted,omitempty"`
}

// Findings turns what a report noted into records.
func Findings(r *rules.Report) []Finding {
	noted := r.Noted()
	out := make([]Finding, 0, len(noted))
	for _, n := range noted {
		out = append(out, Finding{
			Rule: n.Rule.ID, Warning: n.Outcome == rules.Warned, Title: n.Rule.Title, Remedy: n.Rule.Remedy,
			Source: n.Rule.Source, Path: n.Path, Line: n.Line, Column: n.Column, Found: n.Found, Wanted: n.Wanted,
		})
	}
	return out
}

// Exchange returns one exchange, or store.ErrNotFound.
func (f *Federation) Exchange(ctx context.Context, id string) (*Exchange, error) {
	x, err := f.exchanges.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return x, f.addAnswer(ctx, x)
}

func (f *Federation) addAnswer(ctx context.Context, x *Exchange) error {
	if x.Login == "" {
		return nil // refused at once: the record has the answer
	}
	a, err := f.answers.Get(ctx, x.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("answer of exchange %s: %w", x.ID, err)
	}
	x.answer = *a
	return nil
}

// Exchanges returns the newest exchanges.
func (f *Federation) Exchanges(ctx context.Context, limit int) ([]*Exchange, error) {
	var out []*Exchange
	for x, err := range f.exchanges.Newest(ctx, limit) {
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	for _, x := range out {
		if err := f.addAnswer(ctx, x); err != nil {
			return nil, err
		}
	}
	return out, nil
}
