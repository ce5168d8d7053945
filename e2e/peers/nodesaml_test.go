package peers

import (
	"bufio"
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	npmTime   = 3 * time.Minute
	nodeTime  = 30 * time.Second
	nodeSAML  = "@node-saml/node-saml"
	nodeHowTo = "is missing: apt-get install nodejs npm, or Node 18 or newer from elsewhere"
)

// node is what the script says when it listens.
type node struct {
	Base     string `json:"base"`
	Version  string `json:"version"` // of node-saml
	Node     string `json:"node"`
	Metadata string `json:"metadata"`
}

func TestNodeSAML(t *testing.T) {
	t.Parallel()
	installNodeSAML(t)
	sim := startSimulator(t, "memory:")
	n := startNode(t, sim)
	p := &peer{
		name: "node-saml", base: n.Base, metadata: []byte(n.Metadata), username: "lucia.verdi", told: "ErrorCode nr25",
		relay: "torna/a?casa=è&due+tre", // no blank: see signsAnotherRelayState
		settings: []string{
			nodeSAML + " " + n.Version + " on Node " + n.Node,
			"SamlConfig: signatureAlgorithm and digestAlgorithm sha256, identifierFormat transient, forceAuthn, authnContext with one SPID class, racComparison minimum, attributeConsumingServiceIndex 0, allowCreate false; AssertionConsumerServiceURL and ProtocolBinding are its defaults",
			"for HTTP-POST: authnRequestBinding HTTP-POST and skipRequestCompression (by default it deflates there too)",
			"AuthnRequest: a subclass overrides generateAuthorizeRequestAsync to add Issuer/@Format and Issuer/@NameQualifier before its own signing",
			"metadata: from generateServiceProviderMetadata with metadataOrganization and metadataContactPerson, then one AttributeConsumingService added, signed by its own signXmlMetadata",
			"Response: validatePostResponseAsync with wantAuthnResponseSigned, wantAssertionsSigned, acceptedClockSkewMs 0, validateInResponseTo always; idpCert from the metadata of the identity provider",
			"RelayState: without blanks over HTTP-Redirect, see the last subtest",
		},
	}
	prove(t, sim, p)
	t.Run("node-saml is refused over HTTP-Redirect when RelayState has a blank, which it signs as %20 and sends as +", func(t *testing.T) {
		p.signsAnotherRelayState(t, sim)
	})
}

// signsAnotherRelayState keeps a fault of node-saml 5.1 on record: it signs what querystring.stringify makes of RelayState
// and sends what URLSearchParams makes of it. The two differ for a blank and for ! ' ( ) ~, and the signature is one over the
// octets sent (SAML Bindings 3.4.4.1, BIND-06). The address as it was signed is accepted, so nothing else is wrong with it.
func (p *peer) signsAnotherRelayState(t *testing.T, sim *simulator) {
	blank := *p
	blank.relay = "two words"
	stay := &http.Client{Timeout: callTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res := request(t, stay, http.MethodGet, blank.login(1, "redirect"), nil)
	defer func() { _ = res.Body.Close() }()
	sent := res.Header.Get("Location")
	signed := strings.Replace(sent, "RelayState=two+words", "RelayState=two%20words", 1)
	if signed == sent {
		t.Fatalf("the address has no RelayState=two+words: has node-saml been mended? %s", sent)
	}
	who := newPerson(t, sim, p.username, "")
	if at := who.open(t, http.MethodGet, sent, nil); at.step != "error" || sim.lastExchange(t).Anomaly != 5 {
		t.Errorf("as sent it leads to step %q, %q, want the page of anomaly 5", at.step, at.heading)
	}
	if at := who.open(t, http.MethodGet, signed, nil); at.step != "credentials" {
		t.Errorf("as signed it leads to step %q, %q, want credentials", at.step, at.heading)
	}
}

// installNodeSAML fetches the version that package-lock.json pins, unless it is there.
func installNodeSAML(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Fatal("node " + nodeHowTo)
	}
	wanted := versionIn(t, "package-lock.json", func(body []byte) (string, error) {
		var lock struct {
			Packages map[string]struct{ Version string }
		}
		err := json.Unmarshal(body, &lock)
		return lock.Packages["node_modules/"+nodeSAML].Version, err
	})
	installed := filepath.Join("node_modules", filepath.FromSlash(nodeSAML), "package.json")
	if _, err := os.Stat(installed); err == nil && wanted == versionIn(t, installed, ownVersion) {
		return
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatal("npm " + nodeHowTo)
	}
	ctx, cancel := context.WithTimeout(t.Context(), npmTime)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
}

func ownVersion(body []byte) (string, error) {
	var p struct{ Version string }
	err := json.Unmarshal(body, &p)
	return p.Version, err
}

func versionIn(t *testing.T, name string, read func([]byte) (string, error)) string {
	t.Helper()
	body, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	v, err := read(body)
	if err != nil || v == "" {
		t.Fatalf("%s names no version: %v", name, err)
	}
	return v
}

// startNode runs the script until the end of the test.
func startNode(t *testing.T, sim *simulator) node {
	t.Helper()
	cmd := exec.Command("node", "node-saml.cjs", nodeConfig(t, sim))
	var faults bytes.Buffer
	cmd.Stderr = &faults
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := func() { _ = cmd.Process.Kill() } // what waits for it then ends
	giveUp := time.AfterFunc(nodeTime, kill)
	line, readErr := bufio.NewReader(stdout).ReadBytes('\n')
	giveUp.Stop()
	t.Cleanup(func() {
		_ = stdin.Close() // this ends the script
		defer time.AfterFunc(stopTime, kill).Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("node ended with %v, want exit code 0", err)
		}
		if t.Failed() {
			t.Logf("node wrote:\n%s", faults.String())
		}
	})
	var n node
	if err := json.Unmarshal(line, &n); readErr != nil || err != nil {
		t.Fatalf("node said %q: %v, %v", line, readErr, err)
	}
	return n
}

func nodeConfig(t *testing.T, sim *simulator) string {
	t.Helper()
	key, cert := newKey(t, "node-saml")
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(map[string]any{
		"idp_metadata": sim.idpMetadata(), "attributes": requested,
		"key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"cert": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(config)
}
