package sp_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"testing"
	"time"

	"spidsim/spid"
)

// BenchmarkLogin is the service provider's part of a whole login over HTTP: /spid/login, then /spid/acs. Making the
// Response is the test's own work and is not counted. signatures/op says how many RSA-2048 signatures of the same
// run the time is worth (D-28).
func BenchmarkLogin(b *testing.B) {
	for _, binding := range []string{"redirect", "post"} {
		b.Run(binding, func(b *testing.B) {
			p := newPortal(b)
			visitor := p.browser(b)
			one := signature(b)
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				l := visitor.begin("?binding=" + binding)
				b.StopTimer()
				document := visitor.good(l, spid.L2)
				b.StartTimer()
				if r := visitor.post(document, l.relayState); r.StatusCode != http.StatusSeeOther {
					b.Fatalf("status %d", r.StatusCode)
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(one), "signatures/op")
		})
	}
}

// signature times one RSA-2048 signature.
func signature(b *testing.B) time.Duration {
	key, sum := rsaKey(b, "portal"), sha256.Sum256(nil)
	const n = 200
	start := time.Now()
	for range n {
		if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start) / n
}
