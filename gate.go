package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"spidsim/certs"
	"spidsim/internal/web"
	"spidsim/onboarding"
	"spidsim/onboarding/handoff"
	"spidsim/saml"
)

// gate is the wire of the assisted procedure with the keys of both sides (ONB-81). Portal and gestore meet on signed descriptors, made and
// read when they first have to do with each other: a start need not make keys that nobody may ever use.
type gate struct {
	dir    string // of the keys
	base   string // of the gestori
	portal string // base of the portal
	key    *saml.Key
	signer map[string]*saml.Key // of the gestori, by slug
	names  map[string]string
	at     time.Time // when the certificates of the signing keys hold

	mu    sync.Mutex
	sp    *handoff.PortalSide
	spDoc []byte // descriptor
	sides map[string]*gestoreSide
}

type gestoreSide struct {
	*handoff.GestoreSide
	doc []byte // descriptor
}

// Paths of the assisted procedure. Those of the gestori come after /idp/{slug}.
const (
	pathHandoff    = "/consegna"
	pathHandoffDoc = "/consegna/metadata"
	pathReuseInfo  = "/richiedi"

	pathPortalInfo   = "/spid/richiedi/esito"
	pathPortalResult = "/spid/richiedi/esito-asincrono"
	pathPortalDoc    = "/spid/richiedi/metadata"
	pathPortalReuse  = "/spid"
)

func newGate(dir, base, portal string, keys *keyring, at time.Time) *gate {
	g := &gate{dir: dir, base: base, portal: portal, key: keys.portal, at: at, signer: map[string]*saml.Key{}, names: map[string]string{}, sides: map[string]*gestoreSide{}}
	for _, p := range keys.gestori {
		g.signer[p.Slug], g.names[p.Slug] = p.Key, p.Name
	}
	return g
}

func (g *gate) entity(slug string) string { return g.base + "/idp/" + slug }

// encryption loads the key that others encrypt to, made on first use.
func (g *gate) encryption(name, title string) (*rsa.PrivateKey, *x509.Certificate, error) {
	signer, cert, err := certs.LoadOrMake(filepath.Join(g.dir, keysFolder), name, time.Now(), func() (crypto.Signer, []byte, error) {
		return signerOf(certs.NewEncryption(rand.Reader, title, time.Now()))
	})
	if err != nil {
		return nil, nil, err
	}
	key, ok := signer.(*rsa.PrivateKey)
	if !ok {
		return nil, nil, fmt.Errorf("%s is no RSA key", name)
	}
	return key, cert, nil
}

func signerOf(key crypto.Signer, der []byte, err error) (crypto.Signer, []byte, error) {
	return key, der, err
}

// portalSide is made once; mu is held.
func (g *gate) portalSide() (*handoff.PortalSide, error) {
	if g.sp != nil {
		return g.sp, nil
	}
	if g.key == nil {
		return nil, errors.New("the portal is off")
	}
	key, cert, err := g.encryption("enc-portal", portalName)
	if err != nil {
		return nil, err
	}
	p := &handoff.Portal{
		ReuseInfoPage: g.portal + pathPortalReuse, ReuseStart: time.Date(2010, time.January, 1, 0, 0, 0, 0, time.UTC),
		ReuseEnd: time.Date(2099, time.December, 31, 0, 0, 0, 0, time.UTC), Profile: handoff.NotVerified,
		Code: g.portal, Name: portalName, InfoPage: g.portal + pathPortalInfo, EndpointResult: g.portal + pathPortalResult,
		Signing: g.key.Cert, Encryption: cert,
	}
	doc, err := p.Sign(newXMLID(), g.key, g.at)
	if err != nil {
		return nil, fmt.Errorf("descriptor of the portal: %w", err)
	}
	read, err := handoff.ReadPortal(doc, g.at)
	if err != nil {
		return nil, fmt.Errorf("descriptor of the portal: %w", err)
	}
	g.sp, g.spDoc = &handoff.PortalSide{Portal: read, Signing: g.key, Decryption: key, NewID: newXMLID, Rand: rand.Reader}, doc
	return g.sp, nil
}

// side returns both ends of the wire to a gestore, which know each other by their descriptors.
func (g *gate) side(slug string) (*handoff.PortalSide, *gestoreSide, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	sp, err := g.portalSide()
	if err != nil {
		return nil, nil, err
	}
	if s := g.sides[slug]; s != nil {
		return sp, s, nil
	}
	s, err := g.newSide(slug, sp)
	if err != nil {
		return nil, nil, fmt.Errorf("hand-off of %s: %w", slug, err)
	}
	next := *sp // readers of the one before keep theirs
	next.Gestori = append(append([]*handoff.Gestore(nil), sp.Gestori...), s.Gestore)
	g.sp, g.sides[slug] = &next, s
	return g.sp, s, nil
}

func (g *gate) newSide(slug string, sp *handoff.PortalSide) (*gestoreSide, error) {
	signing := g.signer[slug]
	if signing == nil {
		return nil, errors.New("there is no such gestore")
	}
	key, cert, err := g.encryption("enc-"+slug, g.names[slug])
	if err != nil {
		return nil, err
	}
	d := &handoff.Gestore{Code: g.entity(slug), Name: g.names[slug], InfoPage: g.entity(slug) + pathReuseInfo, EndpointResponse: g.entity(slug) + pathHandoff,
		Signing: signing.Cert, Encryption: cert}
	doc, err := d.Sign(newXMLID(), signing, g.at)
	if err != nil {
		return nil, err
	}
	read, err := handoff.ReadGestore(doc, g.at)
	if err != nil {
		return nil, err
	}
	return &gestoreSide{doc: doc, GestoreSide: &handoff.GestoreSide{
		Gestore: read, Signing: signing, Decryption: key, Portals: []*handoff.Portal{sp.Portal}, NewID: newXMLID, Rand: rand.Reader}}, nil
}

// Send implements onboarding.Gate.
func (g *gate) Send(slug string, data onboarding.HandedOver, relayState string, now time.Time) (onboarding.Parcel, error) {
	sp, s, err := g.side(slug)
	if err != nil {
		return onboarding.Parcel{}, err
	}
	out, err := sp.Build(s.Gestore, handoff.Person{FiscalCode: data.FiscalCode, FamilyName: data.FamilyName, Name: data.GivenName}, relayState, now)
	if err != nil {
		return onboarding.Parcel{}, err
	}
	return parcel(out), nil
}

func parcel(out *handoff.Outgoing) onboarding.Parcel {
	return onboarding.Parcel{MessageID: out.ID, Action: out.Form.Action, Param: out.Form.Param, Message: out.Form.Message, RelayState: out.Form.RelayState}
}

// Receive implements onboarding.Gate. The age at which a hand-off is stale is the office's setting.
func (g *gate) Receive(slug string, form url.Values, now time.Time, maxAge time.Duration) (onboarding.Delivery, error) {
	_, s, err := g.side(slug)
	if err != nil {
		return onboarding.Delivery{}, err
	}
	receiver := *s.GestoreSide
	receiver.MaxAge = maxAge
	h, err := receiver.Receive(form, now)
	if handoff.ReasonOf(err) == handoff.Stale {
		return onboarding.Delivery{}, onboarding.Deny(onboarding.HandoffStale).Because("%v", err)
	}
	if err != nil {
		return onboarding.Delivery{}, err
	}
	return onboarding.Delivery{MessageID: h.MessageID, RelayState: h.RelayState, Sender: h.SPCode,
		Data: onboarding.HandedOver{FiscalCode: h.Person.FiscalCode, FamilyName: h.Person.FamilyName, GivenName: h.Person.Name}}, nil
}

// Answer implements onboarding.Gate.
func (g *gate) Answer(slug, messageID, relayState string, a onboarding.Answer, now time.Time) (onboarding.Parcel, error) {
	sp, s, err := g.side(slug)
	if err != nil {
		return onboarding.Parcel{}, err
	}
	out, err := s.BuildResult(sp.Portal, handoff.Answer{MessageID: messageID, Result: handoff.Result(a.Code), RelayState: relayState}, now)
	if err != nil {
		return onboarding.Parcel{}, err
	}
	return parcel(out), nil
}

// ReadAnswer implements onboarding.Gate.
func (g *gate) ReadAnswer(form url.Values, sync bool, now time.Time) (onboarding.Outcome, error) {
	g.mu.Lock()
	sp, err := g.portalSide()
	g.mu.Unlock()
	if err != nil {
		return onboarding.Outcome{}, err
	}
	channel := handoff.Asynchronous
	if sync {
		channel = handoff.Synchronous
	}
	a, err := sp.ReadResult(form, channel, now)
	if sp := g.introduced(err); sp != nil {
		a, err = sp.ReadResult(form, channel, now)
	}
	if err != nil {
		return onboarding.Outcome{}, err
	}
	slug, ok := g.slugOf(a.GestoreCode)
	if !ok {
		return onboarding.Outcome{}, fmt.Errorf("answer of the unknown gestore %q", a.GestoreCode)
	}
	return onboarding.Outcome{Slug: slug, MessageID: a.MessageID, Code: int(a.Result)}, nil
}

// introduced is the portal's side once it has read the descriptor of the gestore that an answer names, nil when that does not help. After a
// start, and after the clock has moved to other certificates, the portal has met no gestore yet, but answers to what it sent before arrive.
func (g *gate) introduced(err error) *handoff.PortalSide {
	var e *handoff.Error
	if !errors.As(err, &e) || e.Reason != handoff.UnknownSender {
		return nil
	}
	slug, ok := g.slugOf(e.Found)
	if !ok {
		return nil
	}
	sp, _, err := g.side(slug)
	if err != nil {
		return nil
	}
	return sp
}

// slugOf is the gestore of an entityID.
func (g *gate) slugOf(entity string) (string, bool) {
	for slug := range g.signer {
		if g.entity(slug) == entity {
			return slug, true
		}
	}
	return "", false
}

// servePortalDescriptor shows what the portal declares to the gestori (ONB-81).
func (g *gate) servePortalDescriptor(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	_, err := g.portalSide()
	doc := g.spDoc
	g.mu.Unlock()
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	serveDescriptor(w, doc)
}

func serveDescriptor(w http.ResponseWriter, doc []byte) {
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	_, _ = w.Write(doc) // a client that left is no error of ours
}

// newXMLID returns a fresh xs:ID.
func newXMLID() string { return "_" + rand.Text() }
