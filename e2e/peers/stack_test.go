package peers

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	formatEntity    = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
	formatTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	formatBasic     = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
)

// idpMetadata is where every peer reads the identity provider's metadata.
func (s *simulator) idpMetadata() string { return s.IdP + "/idp/prova/metadata" }

// stack is a service provider in Go.
type stack interface {
	// begin starts a login: it returns the address to send the browser to, or the page with a form that does so.
	begin(level int, binding, relay string) (address string, form []byte, err error)
	// judge verifies a Response, whose form is parsed. The verdict is filled but for RelayState; an error is a refusal.
	judge(r *http.Request) (*verdict, error)
}

// serveStack puts a stack behind HTTP on a port of its own. The base address is known before the stack is made.
func serveStack(t *testing.T, acsPath string, build func(base string) stack) (base string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	base = "http://" + srv.Listener.Addr().String()
	s := build(base)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, r *http.Request) { begin(w, r, s) })
	mux.HandleFunc("POST "+acsPath, func(w http.ResponseWriter, r *http.Request) { judge(w, r, s) })
	srv.Config.Handler = mux
	srv.Start()
	t.Cleanup(srv.Close)
	return base
}

func begin(w http.ResponseWriter, r *http.Request, s stack) {
	q := r.URL.Query()
	level, err := strconv.Atoi(q.Get("level"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	address, form, err := s.begin(level, q.Get("binding"), q.Get("relay"))
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	case address != "":
		http.Redirect(w, r, address, http.StatusFound)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(form) // a browser that left is no error of ours
	}
}

func judge(w http.ResponseWriter, r *http.Request, s stack) {
	status, v := http.StatusOK, &verdict{}
	err := r.ParseForm()
	if err == nil {
		v, err = s.judge(r)
	}
	if err != nil {
		status, v = http.StatusForbidden, &verdict{Error: err.Error()}
	}
	v.Accepted, v.RelayState = err == nil, r.PostForm.Get("RelayState")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a browser that left is no error of ours
}

// newKey makes the signing key of a peer with a certificate that it signs itself.
func newKey(t *testing.T, name string) (*rsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name + " (TEST)", Country: []string{"IT"}},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert
}

// moduleVersion is the version of a library that this module is built with.
func moduleVersion(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Version}}", path).Output()
	if err != nil {
		t.Fatal(fmt.Errorf("version of %s: %w", path, err))
	}
	return strings.TrimSpace(string(out))
}
