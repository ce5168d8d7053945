package certs

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"
)

var cnsTime = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func cnsAuthority(t *testing.T) Authority {
	t.Helper()
	ca, err := NewCNSCA(rand.Reader, "CNS di prova", cnsTime)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

var ivo = CardSubject{Serial: "000000000004", GivenName: "Ivo", FamilyName: "Xandrelli", FiscalCode: "XNDVIO62A31H223L"}

func newCNS(t *testing.T, ca Authority, from, until time.Time) *x509.Certificate {
	t.Helper()
	_, der, err := NewCNS(rand.Reader, ca, ivo, from, until)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func TestCNS02AndCNS03Subject(t *testing.T) {
	t.Parallel()
	ca := cnsAuthority(t)
	cert := newCNS(t, ca, cnsTime.AddDate(-1, 0, 0), cnsTime.AddDate(6, 0, 0))
	if cn := cert.Subject.CommonName; !strings.HasPrefix(cn, "XNDVIO62A31H223L/000000000004.") || len(cn) > 64 {
		t.Errorf("commonName is %q, want codice fiscale, number and hash in 64 characters", cn)
	}
	if got := cert.Subject.SerialNumber; got != "TINIT-XNDVIO62A31H223L" {
		t.Errorf("serialNumber is %q", got)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.Cert)
	if _, err := cert.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: cnsTime, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Errorf("as a TLS client: %v", err)
	}
	got, err := ReadCNS(cert, ca.Cert, cnsTime)
	if want := (CNSHolder{"XNDVIO62A31H223L", "Ivo", "Xandrelli", "000000000004"}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestCNS03RefusedCertificates(t *testing.T) {
	t.Parallel()
	ca, other := cnsAuthority(t), cnsAuthority(t)
	_, token, err := NewCard(rand.Reader, ca, ivo, cnsTime.AddDate(-1, 0, 0), cnsTime.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	tokenCert, err := x509.ParseCertificate(token)
	if err != nil {
		t.Fatal(err)
	}
	good := newCNS(t, ca, cnsTime.AddDate(-1, 0, 0), cnsTime.AddDate(6, 0, 0))
	for _, row := range []struct {
		name string
		cert *x509.Certificate
		at   time.Time
		want error
	}{
		{"of another authority of the same name", newCNS(t, other, cnsTime.AddDate(-1, 0, 0), cnsTime.AddDate(6, 0, 0)), cnsTime, ErrForeignCA},
		{"expired", good, cnsTime.AddDate(7, 0, 0), ErrCardExpired},
		{"not valid yet", good, cnsTime.AddDate(-2, 0, 0), ErrCardNotYetValid},
		{"an authority", ca.Cert, cnsTime, ErrCardUsage},
		{"a card of another kind", tokenCert, cnsTime, ErrNotCNS},
		{"none", nil, cnsTime, ErrForeignCA},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if h, err := ReadCNS(row.cert, ca.Cert, row.at); !errors.Is(err, row.want) {
				t.Errorf("got %+v, %v; want %v", h, err, row.want)
			}
		})
	}
}
