package idp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/store"
)

// cnsTicketLife is how long the browser has from the page that read the certificate to the portal.
const cnsTicketLife = time.Minute

// ErrTicket says that a ticket was never issued, has run out or was redeemed before: which of them, nobody learns.
var ErrTicket = errors.New("the ticket is not valid, or no longer")

// cnsTicket is what a ticket stands for. Its id in the store is the digest of the ticket, which itself is kept nowhere.
type cnsTicket struct {
	Holder CNSHolder
}

// IssueTicket makes a ticket for the holder of a CNS, 32 random octets in base64url, good for one minute and one use (CNS-06).
func (f *Federation) IssueTicket(ctx context.Context, who CNSHolder) (string, error) {
	var b [32]byte
	f.random(b[:])
	ticket := base64.RawURLEncoding.EncodeToString(b[:])
	err := f.tickets.Create(ctx, digest("cns-ticket", ticket), &cnsTicket{who}, f.now().Add(cnsTicketLife))
	if err != nil {
		return "", fmt.Errorf("keeping a ticket: %w", err)
	}
	return ticket, nil
}

// RedeemCNS takes a ticket and says who holds the CNS that it was issued for. It is ErrTicket the second time, also when two
// ask at once: only one of them deletes it.
func (f *Federation) RedeemCNS(ctx context.Context, ticket string) (*CNSHolder, error) {
	id := digest("cns-ticket", ticket)
	t, err := f.tickets.Get(ctx, id)
	if err == nil {
		err = f.tickets.Delete(ctx, id)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, ErrTicket
	}
	if err != nil {
		return nil, fmt.Errorf("redeeming a ticket: %w", err)
	}
	f.log.Info("CNS ticket redeemed", "card", t.Holder.Card, "user", t.Holder.Username)
	return &t.Holder, nil
}
