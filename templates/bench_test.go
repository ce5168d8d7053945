package templates

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func benchmark(b *testing.B, s Sample) {
	p := ui.Page{Nonce: sampleNonce, Path: "/idp/prova/login", Mode: ui.ModeDev, Version: "0.1.0"}
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := s.Render(p).Render(context.Background(), &out); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(out.Len()), "octets")
}

func BenchmarkLogin(b *testing.B) {
	benchmark(b, fixed("login", "plain", Login, LoginView{Ask: sampleAsk(spid.L2), AttemptsLeft: 3}))
}

func BenchmarkLoginWithPeople(b *testing.B) { benchmark(b, gallerySignIn()[0]) }

func BenchmarkAutoPost(b *testing.B) {
	benchmark(b, fixed("autopost", "big", AutoPost, AutoPostView{Gestore: &sampleGestore, Action: "http://localhost:8089/spid/acs", Param: "SAMLResponse",
		Message: strings.Repeat("PHNhbWxw", 1200), To: sampleService}))
}

func BenchmarkConsent(b *testing.B) {
	benchmark(b, fixed("consent", "asked", Consent, ConsentView{Ask: sampleAsk(spid.L2), Attributes: sampleAttributes()}))
}

func BenchmarkRefused(b *testing.B) { benchmark(b, galleryErrors()[0]) }
