package saml

import (
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"net/url"
	"strings"
	"testing"
)

// BenchmarkRSA2048 is the yardstick: one RSA-2048 signature (D-28).
func BenchmarkRSA2048(b *testing.B) {
	k, digest := rsaKey(b, "idp"), sha256.Sum256(nil)
	for b.Loop() {
		if _, err := k.Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	octets := Serialise(signedRequest(b))
	b.SetBytes(int64(len(octets)))
	for b.Loop() {
		if _, err := Parse(octets, MessageLimits()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyPost(b *testing.B) {
	a, err := ParsePost(ParamRequest, postForm(ParamRequest, Serialise(signedRequest(b))))
	if err != nil {
		b.Fatal(err)
	}
	certs := pinned(b, "sp")
	for b.Loop() {
		if _, err := a.Verify(certs, issued); err != nil {
			b.Fatal(err)
		}
	}
}

func redirectQuery(t testing.TB) string {
	t.Helper()
	u, err := key(t, "sp").RedirectURL(idpID+"/sso/redirect", ParamRequest, request().Element(), "state-1")
	if err != nil {
		t.Fatal(err)
	}
	_, query, _ := strings.Cut(u, "?")
	return query
}

func BenchmarkParseRedirect(b *testing.B) {
	query := redirectQuery(b)
	for b.Loop() {
		if _, err := ParseRedirect(ParamRequest, query); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyRedirect(b *testing.B) {
	a, err := ParseRedirect(ParamRequest, redirectQuery(b))
	if err != nil {
		b.Fatal(err)
	}
	certs := pinned(b, "sp")
	for b.Loop() {
		if _, err := a.Verify(certs, issued); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignResponse builds, signs twice and serialises what a login answers with.
func BenchmarkSignResponse(b *testing.B) {
	k, r := key(b, "idp"), response()
	for b.Loop() {
		el := r.Element()
		mustSign(b, k, Child(el, NSAssertion, "Assertion"))
		mustSign(b, k, el)
		PostForm(acsURL, ParamResponse, el, "state-1")
	}
}

func BenchmarkVerifyResponse(b *testing.B) {
	root, certs := mustParse(b, Serialise(signedResponse(b))), pinned(b, "idp")
	for b.Loop() {
		if _, err := VerifyResponse(root, certs, issued); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRedirectURL(b *testing.B) {
	k, el := key(b, "sp"), request().Element()
	for b.Loop() {
		if _, err := k.RedirectURL(idpID, ParamRequest, el, url.QueryEscape("x")); err != nil {
			b.Fatal(err)
		}
	}
}
