package admin

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"software.sslmate.com/src/go-pkcs12"
)

func TestCNS06CNSAsAFile(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	w := s.do(t, call{path: "/api/v1/users/ivo.xandrelli/cns.p12"})
	want(t, w, http.StatusOK, nil)
	key, cert, cas, err := pkcs12.DecodeChain(w.Body.Bytes(), "12345678")
	if err != nil || key == nil || !strings.HasPrefix(cert.Subject.CommonName, "XNDVIO62A31H223L/") || len(cas) != 1 || !cas[0].Equal(s.Federation.CNSAuthority()) {
		t.Errorf("PKCS #12 with the card's PIN: %v, %v, %d authorities", err, cert, len(cas))
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="cns-ivo.xandrelli.p12"` {
		t.Errorf("Content-Disposition is %q", got)
	}
	w = s.do(t, call{path: "/api/v1/users/ivo.xandrelli/cns.pem"})
	want(t, w, http.StatusOK, nil)
	if pair, err := tls.X509KeyPair(w.Body.Bytes(), w.Body.Bytes()); err != nil || !pair.Leaf.Equal(cert) {
		t.Errorf("PEM: %v", err)
	}
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "no-store") {
		t.Errorf("Cache-Control is %q: the file holds a key", got)
	}
	for _, path := range []string{"/api/v1/users/gilda.xerquati/cns.pem", "/api/v1/users/nobody/cns.p12"} {
		wantProblem(t, s.do(t, call{path: path}), http.StatusNotFound)
	}
	wantProblem(t, s.do(t, call{path: "/api/v1/users/ivo.xandrelli/cns.p12", from: "192.0.2.7:4000"}), http.StatusForbidden)
	wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/users/ivo.xandrelli/cns.p12"}), http.StatusMethodNotAllowed)
}
