package certs

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	today  = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	holder = CardSubject{Serial: "000000000001", GivenName: "Lucia", FamilyName: "Verdì", FiscalCode: "VRDLCU80A41Z999X"}
)

// token is a card as its holder has it.
type token struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func authority(t *testing.T) Authority {
	t.Helper()
	ca, err := NewCardCA(rand.Reader, "Carte di prova", today)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func issued(t *testing.T, ca Authority, from, until time.Time) token {
	t.Helper()
	key, der, err := NewCard(rand.Reader, ca, holder, from, until)
	if err != nil {
		t.Fatal(err)
	}
	return token{key, parsed(t, der)}
}

func parsed(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func challenge() Challenge {
	return Challenge{
		Nonce: bytes.Repeat([]byte{7}, NonceSize), Login: "login-1", SP: "https://sp.example", Origin: "http://localhost:8088/idp/prova", Purpose: "login",
	}
}

func signed(t *testing.T, key any, c Challenge) []byte {
	t.Helper()
	signature, err := SignChallenge(key, c)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func TestAuthorityAndCard(t *testing.T) {
	t.Parallel()
	ca := authority(t)
	card := issued(t, ca, today, today.AddDate(5, 0, 0)).cert
	if !ca.Cert.IsCA || ca.Cert.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign || ca.Cert.MaxPathLen != 0 || !ca.Cert.MaxPathLenZero {
		t.Errorf("authority: CA %t, usage %b, path %d", ca.Cert.IsCA, ca.Cert.KeyUsage, ca.Cert.MaxPathLen)
	}
	if card.IsCA || card.KeyUsage != x509.KeyUsageDigitalSignature {
		t.Errorf("card: CA %t, usage %b", card.IsCA, card.KeyUsage)
	}
	for _, cert := range []*x509.Certificate{ca.Cert, card} {
		if !slices.Contains(cert.Subject.OrganizationalUnit, Mark) {
			t.Errorf("subject %s does not bear the mark", cert.Subject)
		}
		if key, ok := cert.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
			t.Errorf("key is %T, want ECDSA on P-256", cert.PublicKey)
		}
	}
	if got, want := card.Subject.CommonName, "TEST Lucia Verdì 000000000001"; got != want {
		t.Errorf("commonName is %q, want %q", got, want)
	}
	if got, want := card.Subject.SerialNumber, "TINIT-VRDLCU80A41Z999X"; got != want {
		t.Errorf("serialNumber is %q, want %q", got, want)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if _, err := card.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: today, KeyUsages: usages}); err != nil {
		t.Errorf("the standard library does not verify the card: %v", err)
	}
}

func TestNewCardRefusesWhatIsIncomplete(t *testing.T) {
	t.Parallel()
	ca := authority(t)
	for name, change := range map[string]func(*CardSubject){
		"no number": func(s *CardSubject) { s.Serial = "" }, "no given name": func(s *CardSubject) { s.GivenName = "" },
		"no family name": func(s *CardSubject) { s.FamilyName = "" }, "no fiscal code": func(s *CardSubject) { s.FiscalCode = "" },
		"a fiscal code that is none": func(s *CardSubject) { s.FiscalCode = "VRDLCU80A41Z999*" },
	} {
		s := holder
		change(&s)
		if _, _, err := NewCard(nil, ca, s, today, today.AddDate(1, 0, 0)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, _, err := NewCard(nil, Authority{}, holder, today, today.AddDate(1, 0, 0)); err == nil {
		t.Error("no authority: taken")
	}
}

// TestVerifyChallenge holds SEC-57: everything but the card's own answer to this very challenge is refused.
func TestVerifyChallenge(t *testing.T) {
	t.Parallel()
	ca := authority(t)
	card := issued(t, ca, today.AddDate(-1, 0, 0), today.AddDate(4, 0, 0))
	good := challenge()
	for name, tt := range map[string]struct {
		card      token
		now       time.Time
		signature func(t *testing.T, k *ecdsa.PrivateKey) []byte
		presented func(*Challenge) // how the challenge verified differs from the one signed
		want      error
	}{
		"the card's answer is accepted": {},
		"the last second of validity":   {now: card.cert.NotAfter},
		"the first second of validity":  {now: card.cert.NotBefore},
		"another nonce":                 {presented: func(c *Challenge) { c.Nonce = bytes.Repeat([]byte{8}, NonceSize) }, want: ErrBadSignature},
		"another login":                 {presented: func(c *Challenge) { c.Login = "login-2" }, want: ErrBadSignature},
		"another service provider":      {presented: func(c *Challenge) { c.SP = "https://other.example" }, want: ErrBadSignature},
		"another gestore":               {presented: func(c *Challenge) { c.Origin = "http://localhost:8088/idp/poste" }, want: ErrBadSignature},
		"another purpose":               {presented: func(c *Challenge) { c.Purpose = "unblock" }, want: ErrBadSignature},
		"fields moved into each other":  {presented: func(c *Challenge) { c.Login, c.SP = "login-1https://", "sp.example" }, want: ErrBadSignature},
		"a nonce of 16 octets":          {presented: func(c *Challenge) { c.Nonce = c.Nonce[:16] }, want: ErrBadChallenge},
		"no nonce":                      {presented: func(c *Challenge) { c.Nonce = nil }, want: ErrBadChallenge},
		"no service provider":           {presented: func(c *Challenge) { c.SP = "" }, want: ErrBadChallenge},
		"the bare nonce signed": {signature: func(t *testing.T, k *ecdsa.PrivateKey) []byte {
			return bare(t, k, good.Nonce)
		}, want: ErrBadSignature},
		"the octets without their heading": {signature: func(t *testing.T, k *ecdsa.PrivateKey) []byte {
			return bare(t, k, []byte(string(good.Nonce)+good.Login+good.SP+good.Origin+good.Purpose))
		}, want: ErrBadSignature},
		"no signature":        {signature: func(*testing.T, *ecdsa.PrivateKey) []byte { return nil }, want: ErrBadSignature},
		"a signature cut off": {signature: func(t *testing.T, k *ecdsa.PrivateKey) []byte { return signed(t, k, good)[:20] }, want: ErrBadSignature},
		"something behind the signature": {signature: func(t *testing.T, k *ecdsa.PrivateKey) []byte {
			return append(signed(t, k, good), 0)
		}, want: ErrBadSignature},
		"another card's signature": {signature: func(t *testing.T, _ *ecdsa.PrivateKey) []byte {
			return signed(t, issued(t, ca, today, today.AddDate(1, 0, 0)).key, good)
		}, want: ErrBadSignature},
		"a certificate made by oneself":              {card: selfMade(t, ca), want: ErrForeignCA},
		"another authority of the same name":         {card: issued(t, authority(t), today, today.AddDate(1, 0, 0)), want: ErrForeignCA},
		"the authority itself as a card":             {card: token{ca.Key.(*ecdsa.PrivateKey), ca.Cert}, want: ErrCardUsage},
		"a card issued by a card":                    {card: issued(t, Authority{card.cert, card.key}, today, today.AddDate(1, 0, 0)), want: ErrForeignCA},
		"a server's certificate of the same issuer":  {card: usage(t, ca, x509.KeyUsageDigitalSignature|x509.KeyUsageKeyEncipherment), want: ErrCardUsage},
		"a card without keyUsage":                    {card: usage(t, ca, 0), want: ErrCardUsage},
		"a card that has expired":                    {card: issued(t, ca, today.AddDate(-5, 0, 0), today.AddDate(0, -1, 0)), want: ErrCardExpired},
		"a second after the end of validity":         {now: card.cert.NotAfter.Add(time.Second), want: ErrCardExpired},
		"a second before the beginning":              {now: card.cert.NotBefore.Add(-time.Second), want: ErrCardNotYetValid},
		"no certificate":                             {card: token{card.key, nil}, want: ErrForeignCA},
		"a time when the authority is not valid yet": {now: ca.Cert.NotBefore.Add(-time.Hour), want: ErrForeignCA},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.card.key == nil {
				tt.card = card
			}
			if tt.now.IsZero() {
				tt.now = today
			}
			signature := signed(t, tt.card.key, good)
			if tt.signature != nil {
				signature = tt.signature(t, tt.card.key)
			}
			c := challenge()
			if tt.presented != nil {
				tt.presented(&c)
			}
			if err := VerifyChallenge(tt.card.cert, ca.Cert, c, signature, tt.now); !errors.Is(err, tt.want) {
				t.Errorf("error is %v, want %v", err, tt.want)
			}
		})
	}
}

// bare signs octets without the form of a challenge.
func bare(t *testing.T, key *ecdsa.PrivateKey, octets []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(octets)
	signature, err := key.Sign(nil, digest[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

// selfMade is a card that names the authority as its issuer but signed itself.
func selfMade(t *testing.T, ca Authority) token {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pretended := *ca.Cert
	pretended.PublicKey = key.Public()
	return issued(t, Authority{&pretended, key}, today, today.AddDate(1, 0, 0))
}

// usage is a card of the authority with other key usages.
func usage(t *testing.T, ca Authority, u x509.KeyUsage) token {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := issue(nil, &x509.Certificate{Subject: holder.name(), NotBefore: today, NotAfter: today.AddDate(1, 0, 0), KeyUsage: u}, ca, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return token{key, parsed(t, der)}
}

func TestSignChallengeRefuses(t *testing.T) {
	t.Parallel()
	card := issued(t, authority(t), today, today.AddDate(1, 0, 0))
	for name, tt := range map[string]struct {
		key    any
		change func(*Challenge)
	}{
		"an RSA key":    {rsaKey(), func(*Challenge) {}},
		"no key":        {nil, func(*Challenge) {}},
		"a short nonce": {card.key, func(c *Challenge) { c.Nonce = []byte("short") }},
		"no login":      {card.key, func(c *Challenge) { c.Login = "" }},
		"no origin":     {card.key, func(c *Challenge) { c.Origin = "" }},
		"no purpose":    {card.key, func(c *Challenge) { c.Purpose = "" }},
	} {
		c := challenge()
		tt.change(&c)
		if _, err := SignChallenge(tt.key, c); err == nil {
			t.Errorf("%s: signed", name)
		}
	}
}

// FuzzChallenge holds that no two challenges have the same octets.
func FuzzChallenge(f *testing.F) {
	f.Add("l", "s", "o", "p", "l", "s", "o", "q")
	f.Add("ab", "c", "d", "e", "a", "bc", "d", "e")
	f.Fuzz(func(t *testing.T, l1, s1, o1, p1, l2, s2, o2, p2 string) {
		nonce := make([]byte, NonceSize)
		a, errA := Challenge{nonce, l1, s1, o1, p1}.message()
		b, errB := Challenge{nonce, l2, s2, o2, p2}.message()
		same := l1 == l2 && s1 == s2 && o1 == o2 && p1 == p2
		if errA == nil && errB == nil && bytes.Equal(a, b) != same {
			t.Errorf("the same octets: %t, the same fields: %t", bytes.Equal(a, b), same)
		}
	})
}

func TestTLS(t *testing.T) {
	t.Parallel()
	ca, err := NewTLSCA(rand.Reader, "spidsim", today)
	if err != nil {
		t.Fatal(err)
	}
	hosts := []string{"localhost", "poste.localhost", "127.0.0.1", "::1"}
	_, der, err := NewServer(rand.Reader, ca, today, hosts...)
	if err != nil {
		t.Fatal(err)
	}
	cert := parsed(t, der)
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	for _, host := range hosts {
		name := host
		if strings.Contains(host, ":") {
			name = "[" + host + "]"
		}
		if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: today, DNSName: name}); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: today, DNSName: "other"}); err == nil {
		t.Error("it is valid for another host")
	}
	if days := cert.NotAfter.Sub(cert.NotBefore).Hours() / 24; days > 398 {
		t.Errorf("it is valid for %.0f days, and browsers refuse more than 398", days)
	}
	for name, bad := range map[string][]string{"no host": nil, "a real host": {"posteid.poste.it"}} {
		if _, _, err := NewServer(nil, ca, today, bad...); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
