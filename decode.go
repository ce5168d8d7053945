package main

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/beevik/etree"

	"spidsim/internal/config"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/spid/rules"
)

// decodeCmd shows a message in readable form. What is judged are the octets as they came; the indented text is a copy.
type decodeCmd struct {
	File     string         `arg:"" default:"-" help:"File with base64, XML, a redirect URL, a form body or an HTML page; - for standard input."`
	Metadata []string       `name:"metadata" sep:"none" placeholder:"FILE" help:"Metadata of the sender, and of the receiver of a Response. Repeatable."`
	Endpoint string         `name:"endpoint" placeholder:"URL" help:"Address that received the message; else the one that it names."`
	At       config.Instant `name:"at" placeholder:"TIME" help:"Time of arrival; else the time of issue."`
	Relaxed  bool           `name:"relaxed" help:"Judge as a relaxed server does."`
}

// Help implements kong.HelpProvider.
func (*decodeCmd) Help() string {
	return "Exit code 1 when the signature or a rule fails. Without --metadata the signature's shape is checked, not who made it.\n\n" +
		example("spidsim decode --metadata sp-metadata.xml request.txt")
}

// Run reads, shows and judges one message.
func (c *decodeCmd) Run(p *program) error {
	text, err := p.read(c.File)
	if err != nil {
		return err
	}
	known, err := c.known(p)
	if err != nil {
		return err
	}
	d := &decoded{decodeCmd: c, out: p.out, known: known, colours: p.coloursFor(p.out)}
	d.carrier, err = openCarrier(text)
	if err != nil {
		return err
	}
	return d.show()
}

// known reads the metadata files, each one entity or a list of them.
func (c *decodeCmd) known(p *program) (list []*saml.EntityDescriptor, err error) {
	for _, name := range c.Metadata {
		text, err := p.read(name)
		if err != nil {
			return nil, err
		}
		one, err := saml.ReadMetadata(text)
		if err == nil {
			list = append(list, one)
			continue
		}
		many, manyErr := saml.ReadEntities(text)
		if manyErr != nil {
			return nil, usageError("%s: %w", name, err)
		}
		list = append(list, many...)
	}
	return list, nil
}

// decoded is a message on its way to the reader.
type decoded struct {
	*decodeCmd
	colours
	carrier
	out   io.Writer
	known []*saml.EntityDescriptor

	arrival *saml.Arrival
	intake  error
	failed  bool
}

func (d *decoded) line(key, format string, args ...any) {
	fmt.Fprintf(d.out, "%s%-11s%s %s\n", d.bold, key+":", d.off, fmt.Sprintf(format, args...))
}

func (d *decoded) bad(key, format string, args ...any) {
	d.failed = true
	d.line(key, "%s%s%s", d.red, fmt.Sprintf(format, args...), d.off)
}

func (d *decoded) show() error {
	if d.kind() == kindMetadata {
		d.metadata()
	} else {
		d.message()
	}
	if d.failed {
		return checkFailed("the message is not as it should be")
	}
	return nil
}

// Kinds of documents by the name of their root.
const (
	kindRequest  = "AuthnRequest"
	kindResponse = "Response"
	kindMetadata = "EntityDescriptor"
)

// message shows and judges an AuthnRequest or a Response.
func (d *decoded) message() {
	d.arrival, d.intake = d.receive()
	kind, root := d.kind(), d.arrival.Root
	if root != nil {
		kind = root.Tag
	}
	d.line("what", "%s over %s, from %s", visible(kind, 60), bindingName(d.binding), d.source)
	if d.arrival.HasRelayState {
		d.line("RelayState", "%s", visible(d.arrival.RelayState, 200))
	}
	d.document(d.arrival.XML, root)
	if d.intake != nil {
		d.bad("intake", "%s", visible(d.intake.Error(), 600))
	}
	switch {
	case kind == kindResponse && root != nil:
		d.response(root)
	case kind == kindRequest && root != nil:
		d.request(root)
	case root != nil:
		d.line("rules", "there are none for %s", visible(kind, 60))
	}
}

func bindingName(b saml.Binding) string {
	if b == saml.HTTPRedirect {
		return "HTTP-Redirect"
	}
	return "HTTP-POST"
}

// document prints the XML, indented, or the octets when they are no XML.
func (d *decoded) document(octets []byte, root *etree.Element) {
	if root == nil {
		if len(octets) > 0 {
			fmt.Fprintf(d.out, "\n%s\n\n", safe(string(octets)))
		}
		return
	}
	fmt.Fprintf(d.out, "\n%s\n", d.highlight(indented(root)))
}

// indented writes a copy of the tree: whatever was signed stays as it came.
func indented(root *etree.Element) string {
	doc := etree.NewDocument()
	doc.SetRoot(root.Copy())
	doc.Indent(2)
	var b bytes.Buffer
	if _, err := doc.WriteTo(&b); err != nil {
		return err.Error()
	}
	return b.String()
}

// request judges an AuthnRequest.
func (d *decoded) request(root *etree.Element) {
	issuer := textOf(saml.Child(root, saml.NSAssertion, "Issuer"))
	sender := d.find(issuer)
	if len(d.known) == 0 {
		d.shape(func(certs []*x509.Certificate) error {
			_, err := d.arrival.Verify(certs, d.time(root))
			return err
		})
		return
	}
	if sender == nil || sender.SP == nil {
		d.bad("signature", "not verified: no metadata of the service provider %s was given", visible(issuer, 200))
	} else {
		v, err := d.arrival.Verify(sender.SP.Signing, d.time(root))
		d.verdict(v, err)
	}
	endpoint := d.address(root)
	method := http.MethodPost
	if d.binding == saml.HTTPRedirect {
		method = http.MethodGet
	}
	d.judge(rules.AuthnRequest, &rules.Subject{Endpoint: endpoint, Method: method, Binding: d.binding, Arrival: d.arrival, Intake: d.intake,
		Now: d.time(root), Relaxed: d.Relaxed, FindSP: d.find})
}

// response judges a Response as if it had reached the address that it names and answered the request that it names.
func (d *decoded) response(root *etree.Element) {
	issuer := textOf(saml.Child(root, saml.NSAssertion, "Issuer"))
	at := d.time(root)
	if len(d.known) == 0 {
		d.shape(func(certs []*x509.Certificate) error {
			_, err := saml.VerifyResponse(root, certs, at)
			return err
		})
		return
	}
	sender := d.find(issuer)
	if sender == nil || sender.IdP == nil {
		d.bad("signature", "not verified: no metadata of the identity provider %s was given", visible(issuer, 200))
	} else {
		d.responseVerdict(saml.VerifyResponse(root, sender.IdP.Signing, at))
	}
	answered, _ := saml.Attr(root, "InResponseTo")
	d.line("judged as", "the answer to request %s, level 1 at least, at the address that it names", visible(answered, 120))
	d.judge(rules.Response, &rules.Subject{Endpoint: d.address(root), ACS: d.address(root), Method: http.MethodPost, Binding: d.binding,
		Arrival: d.arrival, Intake: d.intake, Now: at, Relaxed: d.Relaxed, IdP: sender, SP: d.audience(root),
		Request: &saml.AuthnRequest{ID: answered, IssueInstant: at, Comparison: string(spid.Minimum), AuthnContextClassRef: []string{spid.L1.URI()}}})
}

// audience is the service provider that the Assertion names: by its metadata when they were given.
func (d *decoded) audience(root *etree.Element) *saml.EntityDescriptor {
	el := root
	for _, name := range []string{"Assertion", "Conditions", "AudienceRestriction", "Audience"} {
		el = saml.Child(el, saml.NSAssertion, name)
	}
	id := textOf(el)
	if known := d.find(id); known != nil {
		return known
	}
	return &saml.EntityDescriptor{EntityID: id}
}

// metadata shows and judges a metadata document of a service provider.
func (d *decoded) metadata() {
	d.line("what", "metadata, from %s", d.source)
	doc, err := saml.ReadMetadata(d.xml)
	if err != nil {
		d.document(d.xml, nil)
		d.bad("intake", "%s", visible(err.Error(), 600))
		return
	}
	d.document(d.xml, doc.Root)
	own := ownKeys(doc)
	v, err := saml.VerifyElement(doc.Root, own, d.time(nil))
	var sig *saml.SignatureError
	if errors.As(err, &sig) && sig.Reason == saml.ReasonMissing {
		d.line("signature", "none")
	} else {
		d.verdict(v, err)
		d.line("note", "the key is one that the document itself names")
	}
	if doc.SP == nil {
		d.line("rules", "there are none for the metadata of identity providers")
		return
	}
	d.judge(rules.Metadata, &rules.Subject{Document: doc, Now: d.time(nil), Relaxed: d.Relaxed})
}

func ownKeys(doc *saml.EntityDescriptor) []*x509.Certificate {
	var own []*x509.Certificate
	if doc.SP != nil {
		own = append(own, doc.SP.Signing...)
	}
	if doc.IdP != nil {
		own = append(own, doc.IdP.Signing...)
	}
	return own
}

func (d *decoded) find(entityID string) *saml.EntityDescriptor {
	for _, e := range d.known {
		if e.EntityID == entityID {
			return e
		}
	}
	return nil
}

// time is when the message is judged: as told, else its own time of issue, else now.
func (d *decoded) time(root *etree.Element) time.Time {
	if !d.At.IsZero() {
		return d.At.Time
	}
	if root != nil {
		if text, ok := saml.Attr(root, "IssueInstant"); ok {
			if t, err := saml.ParseTime(text); err == nil {
				return t
			}
		}
	}
	return time.Now().UTC()
}

func (d *decoded) address(root *etree.Element) string {
	if d.Endpoint != "" {
		return d.Endpoint
	}
	to, _ := saml.Attr(root, "Destination")
	return to
}

func textOf(el *etree.Element) string {
	if el == nil {
		return ""
	}
	text, err := saml.Text(el)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(text)
}

// shape says what can be said of a signature without knowing whose key should have made it.
func (d *decoded) shape(verify func([]*x509.Certificate) error) {
	var sig *saml.SignatureError
	err := verify(nil)
	if errors.As(err, &sig) && sig.Reason != saml.ReasonKey {
		d.bad("signature", "BAD: %s", visible(err.Error(), 400))
		return
	}
	d.line("signature", "%snot verified: no metadata given, only its shape was checked%s", d.yellow, d.off)
	d.line("rules", "not judged: they need the sender's metadata (--metadata FILE)")
}

func (d *decoded) verdict(v *saml.Verified, err error) {
	if err != nil {
		d.bad("signature", "BAD: %s", visible(err.Error(), 400))
		return
	}
	d.line("signature", "%sgood%s, by %s, SHA-256 %s", d.green, d.off, visible(v.Cert.Subject.CommonName, 80), fingerprint(v.Cert.Raw))
}

func (d *decoded) responseVerdict(v *saml.VerifiedResponse, err error) {
	if err != nil {
		d.bad("signature", "BAD: %s", visible(err.Error(), 400))
		return
	}
	var parts []string
	if v.Signed {
		parts = append(parts, "of the Response")
	}
	if v.Assertion != nil {
		parts = append(parts, "of the Assertion, by "+visible(v.Assertion.Cert.Subject.CommonName, 80))
	}
	if len(parts) == 0 {
		d.line("signature", "none, and none is needed on an anomaly without an Assertion")
		return
	}
	d.line("signature", "%sgood%s, %s", d.green, d.off, strings.Join(parts, " and "))
}

// judge runs the rules and prints what they noted.
func (d *decoded) judge(target rules.Target, s *rules.Subject) {
	report := rules.Run(target, s)
	passed, failed, warned := 0, 0, 0
	for _, f := range report.Findings {
		switch f.Outcome {
		case rules.Passed:
			passed++
		case rules.Failed:
			failed++
		case rules.Warned:
			warned++
		}
	}
	colour := d.green
	if failed > 0 {
		d.failed, colour = true, d.red
	}
	d.line("rules", "%s%d hold, %d fail, %d warn%s", colour, passed, failed, warned, d.off)
	for _, f := range report.Noted() {
		d.finding(f)
	}
}

func (d *decoded) finding(f rules.Finding) {
	mark := d.red + "fails" + d.off
	if f.Outcome == rules.Warned {
		mark = d.yellow + "warns" + d.off
	}
	fmt.Fprintf(d.out, "  %s %s%s%s: %s\n", mark, d.bold, f.Rule.ID, d.off, f.Rule.Title.En)
	if err := f.Err(); err != nil {
		fmt.Fprintf(d.out, "        %s\n", visible(err.Error(), 500))
	}
	fmt.Fprintf(d.out, "        %s\n", f.Rule.Remedy.En)
}
