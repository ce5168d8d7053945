package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"html"
	"net"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"spidsim/saml"
	"spidsim/spid"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"spidsim": main})
}

func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "mode": fileMode, "certificate": namesEntity, "messages": writeMessages, "freeport": freePort, "field": field,
		},
	})
}

// exits CODE COMMAND… runs a command that must end with just that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			exit, got = e, e.ExitCode()
		}
		if exit == nil {
			ts.Fatalf("%v", err)
		}
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit code is %d, want %s", got, want)
	}
}

// mode 0600 FILE checks the permissions of a file.
func fileMode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has mode %s, want %s", args[1], got, args[0])
	}
}

// certificate FILE URI checks that a certificate is one and names the entity (CERT-12).
func namesEntity(ts *testscript.TestScript, _ bool, args []string) {
	cert, err := x509.ParseCertificate(readPEM(ts, args[0]))
	ts.Check(err)
	for _, name := range cert.Subject.Names {
		if name.Type.String() == "2.5.4.83" && name.Value == args[1] {
			return
		}
	}
	ts.Fatalf("%s names %v, want the uri %s", args[0], cert.Subject.Names, args[1])
}

func readPEM(ts *testscript.TestScript, name string) []byte {
	block, _ := pem.Decode([]byte(ts.ReadFile(name)))
	if block == nil {
		ts.Fatalf("%s is no PEM file", name)
	}
	return block.Bytes
}

// freeport NAME puts a port that nobody listens on into a variable.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Check(l.Close())
	ts.Setenv(args[0], port)
}

// field NAME FILE REGEXP puts the first group of the first match into a variable.
func field(ts *testscript.TestScript, _ bool, args []string) {
	m := regexp.MustCompile("(?m)" + args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if m == nil {
		ts.Fatalf("%s has nothing that fits %s", args[1], args[2])
	}
	ts.Setenv(args[0], m[1])
}

// messages KEY CERTIFICATE writes a service provider's metadata and one AuthnRequest in every wrapping that decode knows.
func writeMessages(ts *testscript.TestScript, _ bool, args []string) {
	private, err := x509.ParsePKCS8PrivateKey(readPEM(ts, args[0]))
	ts.Check(err)
	cert, err := x509.ParseCertificate(readPEM(ts, args[1]))
	ts.Check(err)
	key := &saml.Key{Signer: private.(*rsa.PrivateKey), Cert: cert}
	write := func(name, text string) { ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600)) }

	metadata := serviceProvider(key).Element()
	ts.Check(key.Sign(metadata))
	write("sp.xml", string(saml.Serialise(metadata)))

	const to = "https://idp.example/sso/post"
	el := authnRequest("_post", to).Element()
	ts.Check(key.Sign(el))
	octets := saml.Serialise(el)
	message := base64.StdEncoding.EncodeToString(octets)
	write("request.xml", string(octets))
	write("request.b64", message+"\n")
	write("request.form", url.Values{"SAMLRequest": {message}, "RelayState": {"abc"}}.Encode())
	write("request.html", "<!DOCTYPE html><html><body><form method=post action='"+to+"'><input type=\"hidden\" name=\"SAMLRequest\" value=\""+
		html.EscapeString(message)+"\"><button>go</button></form></body></html>")
	changed := bytes.Replace(octets, []byte(to), []byte("https://idp.example/sso/past"), 1)
	write("changed.xml", string(changed))
	write("changed.form", "SAMLRequest="+url.QueryEscape(message[:len(message)/2]))

	address, err := key.RedirectURL("https://idp.example/sso/redirect", saml.ParamRequest, authnRequest("_redirect", "https://idp.example/sso/redirect").Element(), "")
	ts.Check(err)
	write("request.url", address)
}

func authnRequest(id, to string) *saml.AuthnRequest {
	zero, force := 0, true
	return &saml.AuthnRequest{
		ID: id, Version: "2.0", IssueInstant: time.Now().UTC().Truncate(time.Second), Destination: to, ForceAuthn: &force,
		AssertionConsumerServiceIndex: &zero, AttributeConsumingServiceIndex: &zero,
		Issuer:             saml.NameID{Value: "https://sp.example", Format: saml.FormatEntity, NameQualifier: "https://sp.example"},
		NameIDPolicyFormat: saml.FormatTransient, Comparison: string(spid.Minimum), AuthnContextClassRef: []string{spid.L2.URI()},
	}
}

func serviceProvider(key *saml.Key) *saml.EntityDescriptor {
	text := func(s string) saml.Localized { return saml.Localized{{Lang: "it", Text: s}} }
	return &saml.EntityDescriptor{
		ID: "_metadata", EntityID: "https://sp.example",
		SP: &saml.SPSSODescriptor{
			AuthnRequestsSigned: true, WantAssertionsSigned: true, Signing: []*x509.Certificate{key.Cert},
			AssertionConsumerServices: []saml.Endpoint{{Binding: saml.HTTPPost, Location: "https://sp.example/acs", IsDefault: true}},
			SingleLogoutServices:      []saml.Endpoint{{Binding: saml.HTTPPost, Location: "https://sp.example/slo", Index: -1}},
			NameIDFormats:             []string{saml.FormatTransient},
			AttributeConsumingServices: []saml.AttributeConsumingService{{ServiceNames: text("Prova"),
				Requested: []saml.RequestedAttribute{{Name: "fiscalNumber", NameFormat: saml.AttrNameFormatBasic, FriendlyName: "Codice fiscale"}}}},
		},
		Organization: saml.Organization{Name: text("Ente di prova"), DisplayName: text("Prova"), URL: text("https://sp.example")},
		Contacts:     []saml.ContactPerson{{Type: "other", EmailAddress: "spid@sp.example"}},
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ in, want string }{
		"plain text stays":                 {"Forlì\n\tè", "Forlì\n\tè"},
		"escape sequences lose their fang": {"\x1b[31mred\a", "·[31mred·"},
		"bidirectional marks show":         {"a\u202eb", "a·b"},
		"broken UTF-8 shows":               {"a\xffb", "a·b"},
		"long text is cut":                 {strings.Repeat("x", 20), strings.Repeat("x", 10) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := visible(row.in, 10); name == "long text is cut" && got != row.want || name != "long text is cut" && safe(row.in) != row.want {
				t.Errorf("got %q, want %q", safe(row.in), row.want)
			}
		})
	}
}

// UX-93: a fault of our own is exit code 3, also when it is a panic, which Go would answer with 2.
func TestPanicIsAnInternalFault(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	p := &program{in: panicReader{}, out: &out, err: &errs, env: func(string) (string, bool) { return "", false }}
	if got := p.run([]string{"decode", "-"}); got != exitInternal || !strings.Contains(errs.String(), "internal fault: broken reader") {
		t.Errorf("got exit code %d and %.80q, want 3 and the cause", got, errs.String())
	}
}

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic("broken reader") }

func TestColours(t *testing.T) {
	t.Parallel()
	c := colours{"", "<d>", "", "<g>", "<y>", "<b>", "<o>"}
	if got, want := c.highlight(`<a b="c">d</a>`), `<b><a<o> <y>b<o>=<g>"c"<o><b>><o>d<b></a<o><b>><o>`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p := &program{env: func(string) (string, bool) { return "", false }}
	if got := p.coloursFor(&bytes.Buffer{}); got != (colours{}) {
		t.Errorf("a pipe gets colours: %v", got)
	}
}
