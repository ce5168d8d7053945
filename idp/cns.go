package idp

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"

	"spidsim/certs"
	"spidsim/internal/store"
)

// CNSHolder is who proved to hold a CNS, read off the certificate (CNS-03).
type CNSHolder struct {
	Username   string // of the test person, for the program's own use: a real portal learns the rest alone
	Card       string // number
	FiscalCode string // sixteen characters, without TINIT- (CNS-05)
	GivenName  string
	FamilyName string
	State      string // what the portal sent along to the page that asks for the certificate; "" otherwise
}

// CNSCards lists who has a CNS, those with a good one first, for a page that picks a virtual card (CNS-06).
func (f *Federation) CNSCards(ctx context.Context) ([]CardHolder, error) {
	return f.holders(ctx, CNSCard)
}

// FindCNS finds a CNS by its number or by its holder's user name, or store.ErrNotFound.
func (f *Federation) FindCNS(ctx context.Context, numberOrUser string) (*Card, error) {
	c, err := f.cards.Get(ctx, numberOrUser)
	if err == nil && c.Kind == CNSCard || err != nil && !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	return f.CardOf(ctx, numberOrUser, CNSCard)
}

// PresentCNS puts a CNS, named by its number or its holder, into the portal's reader and enters the PIN: the card signs a fresh
// challenge, and holder and codice fiscale are read off its verified certificate. A *Retry says why not: NoCard, ExpiredCard,
// RevokedCard, DeadCard, BlockedCard (Left: tries of the PUK) or WrongPIN (Left: tries of the PIN). UnblockCard takes the PUK.
func (f *Federation) PresentCNS(ctx context.Context, numberOrUser, pin string) (*CNSHolder, error) {
	c, err := f.FindCNS(ctx, numberOrUser)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &Retry{Reason: NoCard}
	}
	if err != nil {
		return nil, err
	}
	if reason := c.refusal(CNSCard, "", f.now()); reason != "" {
		return nil, &Retry{Reason: reason, Left: c.PUKTries}
	}
	ch := certs.Challenge{Nonce: f.nonce(), Login: c.ID, SP: "cns", Origin: f.base(), Purpose: "cns"}
	signature, err := f.SignWithCard(ctx, c.ID, pin, ch)
	if err != nil {
		return nil, err
	}
	cert, err := c.X509()
	if err != nil {
		return nil, fmt.Errorf("certificate of CNS %s: %w", c.ID, err)
	}
	if err := certs.VerifyChallenge(cert, f.cfg.CNSCA.Cert, ch, signature, f.now()); err != nil {
		return nil, fmt.Errorf("CNS %s: %w", c.ID, err)
	}
	f.log.Info("CNS presented", "card", c.ID, "user", c.Username)
	return f.cnsHolder(c, cert)
}

func (f *Federation) cnsHolder(c *Card, cert *x509.Certificate) (*CNSHolder, error) {
	who, err := certs.ReadCNS(cert, f.cfg.CNSCA.Cert, f.now())
	if err != nil {
		return nil, fmt.Errorf("CNS %s: %w", c.ID, err)
	}
	return &CNSHolder{Username: c.Username, Card: c.ID, FiscalCode: who.FiscalCode, GivenName: who.GivenName, FamilyName: who.FamilyName}, nil
}

// ErrCNSUnknown says that a certificate is that of no CNS in use: the card was issued anew since, or its holder is gone.
var ErrCNSUnknown = errors.New("no card in use has this certificate")

// VerifyCNS reads the holder off a certificate whose key a TLS client has proved to have. The errors are those of certs.ReadCNS, ErrCNSUnknown,
// and *Retry with RevokedCard, BlockedCard or DeadCard: such a card would not have made the proof.
func (f *Federation) VerifyCNS(ctx context.Context, cert *x509.Certificate) (*CNSHolder, error) {
	who, err := certs.ReadCNS(cert, f.cfg.CNSCA.Cert, f.now())
	if err != nil {
		return nil, err
	}
	c, err := f.FindCNS(ctx, who.Card)
	if errors.Is(err, store.ErrNotFound) || err == nil && string(c.Certificate) != string(cert.Raw) {
		return nil, ErrCNSUnknown
	}
	if err != nil {
		return nil, err
	}
	if reason := c.refusal(CNSCard, "", f.now()); reason != "" {
		return nil, &Retry{Reason: reason, Left: c.PUKTries}
	}
	return f.cnsHolder(c, cert)
}

// CNSAuthority is the certificate of the authority that issues the CNS, which TLS clients are asked for; nil when there is none.
func (f *Federation) CNSAuthority() *x509.Certificate { return f.cfg.CNSCA.Cert }

// CNSFile is a CNS as software: what on a real card never leaves the chip (D-20). It is public test data (D-05).
type CNSFile struct {
	Card      *Card
	Key       crypto.Signer
	Cert      *x509.Certificate
	Authority *x509.Certificate
}

// ExportCNS returns the CNS of a person as software, for browsers and curl, or store.ErrNotFound.
func (f *Federation) ExportCNS(ctx context.Context, username string) (*CNSFile, error) {
	c, err := f.CardOf(ctx, username, CNSCard)
	if err != nil {
		return nil, err
	}
	cert, err := c.X509()
	if err != nil {
		return nil, fmt.Errorf("certificate of CNS %s: %w", c.ID, err)
	}
	key, err := x509.ParsePKCS8PrivateKey(c.Key)
	if err != nil {
		return nil, fmt.Errorf("key of CNS %s: %w", c.ID, err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("key of CNS %s is a %T", c.ID, key)
	}
	return &CNSFile{Card: c, Key: signer, Cert: cert, Authority: f.cfg.CNSCA.Cert}, nil
}
