package certs

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// Why a card's answer was refused.
var (
	// ErrCardExpired says that the card's certificate is no longer valid.
	ErrCardExpired = errors.New("the card has expired")
	// ErrCardNotYetValid says that the card's certificate is not valid yet.
	ErrCardNotYetValid = errors.New("the card is not valid yet")
	// ErrForeignCA says that another authority, or nobody, issued the card.
	ErrForeignCA = errors.New("the card was not issued by this authority")
	// ErrCardUsage says that the certificate is not one for a card's signatures.
	ErrCardUsage = errors.New("the certificate is not for a card's signatures")
	// ErrBadSignature says that the signature is not the card's over this challenge.
	ErrBadSignature = errors.New("the signature is not the card's over this challenge")
	// ErrBadChallenge says that a challenge does not bind all that it must.
	ErrBadChallenge = errors.New("not a whole challenge")
)

// NonceSize is the size of a challenge's nonce in octets: 256 bits (SEC-57).
const NonceSize = 32

// Challenge is what a card signs: a fresh nonce, bound to one login, service provider, gestore and purpose, so that a
// signature for one serves no other (SEC-57). No field may be empty.
type Challenge struct {
	Nonce   []byte // NonceSize random octets, used once
	Login   string // id of the login
	SP      string // entityID of the service provider
	Origin  string // base URL of the gestore
	Purpose string // what the signature is for, such as "login"
}

// message is the octets that are signed: a heading, then each field behind its length, so that no two challenges have
// the same octets and nothing else that is signed has them.
func (c Challenge) message() ([]byte, error) {
	if len(c.Nonce) != NonceSize {
		return nil, fmt.Errorf("%w: the nonce has %d octets, want %d", ErrBadChallenge, len(c.Nonce), NonceSize)
	}
	if c.Login == "" || c.SP == "" || c.Origin == "" || c.Purpose == "" {
		return nil, fmt.Errorf("%w: login %q, SP %q, origin %q, purpose %q, want all four", ErrBadChallenge, c.Login, c.SP, c.Origin, c.Purpose)
	}
	m := []byte("spidsim card challenge, version 1\x00")
	for _, field := range [][]byte{c.Nonce, []byte(c.Login), []byte(c.SP), []byte(c.Origin), []byte(c.Purpose)} {
		m = binary.BigEndian.AppendUint64(m, uint64(len(field)))
		m = append(m, field...)
	}
	return m, nil
}

// SignChallenge signs as the card does: ECDSA over SHA-256, deterministic (RFC 6979), ASN.1 DER. key is the card's
// *ecdsa.PrivateKey.
func SignChallenge(key any, c Challenge) ([]byte, error) {
	signer, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the card's key is a %T, want an ECDSA key", key)
	}
	message, err := c.message()
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(message)
	signature, err := signer.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing the challenge: %w", err)
	}
	return signature, nil
}

// VerifyChallenge verifies what a card answered: the card was issued by exactly ca, is valid at now, is one for
// signatures, and signed this challenge. Whether it was revoked is on the caller's list. The errors are those above, wrapped.
func VerifyChallenge(card, ca *x509.Certificate, c Challenge, signature []byte, now time.Time) error {
	if card == nil || ca == nil {
		return fmt.Errorf("%w: no certificate", ErrForeignCA)
	}
	if err := checkIssued(card, ca, now); err != nil {
		return err
	}
	if err := checkUsage(card); err != nil {
		return err
	}
	message, err := c.message()
	if err != nil {
		return err
	}
	digest := sha256.Sum256(message)
	public, ok := card.PublicKey.(*ecdsa.PublicKey)
	if !ok {
		return fmt.Errorf("%w: its key is %s, want ECDSA", ErrCardUsage, card.PublicKeyAlgorithm)
	}
	if !ecdsa.VerifyASN1(public, digest[:], signature) {
		return ErrBadSignature
	}
	return nil
}

func checkIssued(card, ca *x509.Certificate, now time.Time) error {
	if !bytes.Equal(card.RawIssuer, ca.RawSubject) {
		return fmt.Errorf("%w: issuer is %q", ErrForeignCA, card.Issuer)
	}
	if err := card.CheckSignatureFrom(ca); err != nil {
		return fmt.Errorf("%w: %w", ErrForeignCA, err)
	}
	if now.Before(ca.NotBefore) || now.After(ca.NotAfter) {
		return fmt.Errorf("%w: the authority is valid from %s until %s, now is %s", ErrForeignCA, stamp(ca.NotBefore), stamp(ca.NotAfter), stamp(now))
	}
	if now.After(card.NotAfter) {
		return fmt.Errorf("%w: on %s, now is %s", ErrCardExpired, stamp(card.NotAfter), stamp(now))
	}
	if now.Before(card.NotBefore) {
		return fmt.Errorf("%w: from %s, now is %s", ErrCardNotYetValid, stamp(card.NotBefore), stamp(now))
	}
	return nil
}

func checkUsage(card *x509.Certificate) error {
	if card.IsCA || card.KeyUsage != x509.KeyUsageDigitalSignature {
		return fmt.Errorf("%w: CA is %t, keyUsage %b, want digitalSignature alone", ErrCardUsage, card.IsCA, card.KeyUsage)
	}
	if len(card.UnhandledCriticalExtensions) > 0 {
		return fmt.Errorf("%w: unknown critical extension %s", ErrCardUsage, card.UnhandledCriticalExtensions[0])
	}
	return nil
}
