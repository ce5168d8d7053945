package sp

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"spidsim/internal/web"
	"spidsim/saml"
)

// Provider is an identity provider of the circle of trust, as the registry hands it out: a name and a document.
type Provider struct {
	Slug     string // what ?idp= names it by, "prova"
	Name     string // "Gestore di prova"
	Badge    string // initials, "GP"; may be ""
	Off      string // why it takes no logins now, for people; "" = it does (UX-23)
	CIE      bool   // the identity provider of the CIE: it answers, but is none of the access button's list (UX-24)
	Metadata []byte // signed EntityDescriptor, XML
}

// listed leaves out what the SPID access button does not offer: the CIE has a button of its own (UX-24).
func listed(all []Provider) []Provider {
	return slices.DeleteFunc(slices.Clone(all), func(p Provider) bool { return p.CIE })
}

// gestore is a Provider whose metadata was read and verified.
type gestore struct {
	Provider
	descriptor *saml.EntityDescriptor
}

// errUnknownIdP says that no provider of the circle fits.
var errUnknownIdP = errors.New("no such identity provider")

// trust keeps metadata that was verified, by its octets.
type trust struct {
	mu    sync.Mutex
	known map[[sha256.Size]byte]*saml.EntityDescriptor
}

// maxKnown bounds the cache: documents change seldom and are few, so starting afresh costs little.
const maxKnown = 256

// read returns the descriptor that the document's own declared key signed (SEC-20, SEC-63).
func (t *trust) read(document []byte, at time.Time) (*saml.EntityDescriptor, error) {
	digest := sha256.Sum256(document)
	t.mu.Lock()
	found := t.known[digest]
	t.mu.Unlock()
	if found != nil {
		return found, nil
	}
	found, err := readSigned(document, at)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= maxKnown {
		t.known = make(map[[sha256.Size]byte]*saml.EntityDescriptor)
	}
	t.known[digest] = found
	return found, nil
}

func readSigned(document []byte, at time.Time) (*saml.EntityDescriptor, error) {
	claimed, err := saml.ReadMetadata(document)
	if err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if claimed.IdP == nil {
		return nil, fmt.Errorf("metadata of %q has no IDPSSODescriptor", claimed.EntityID)
	}
	verified, err := saml.VerifyElement(claimed.Root, claimed.IdP.Signing, at)
	if err != nil {
		return nil, fmt.Errorf("metadata of %q: %w", claimed.EntityID, err)
	}
	signed, err := saml.ReadMetadata(saml.Serialise(verified.Root))
	if err != nil {
		return nil, fmt.Errorf("metadata of %q: %w", claimed.EntityID, err)
	}
	if signed.IdP == nil || signed.EntityID == "" {
		return nil, errors.New("metadata without entityID or IDPSSODescriptor")
	}
	return signed, nil
}

// bySlug returns the provider that ?idp= names, errUnknownIdP when there is none.
func (s *SP) bySlug(ctx context.Context, slug string) (*gestore, error) {
	list, err := s.cfg.IdPs(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the identity providers: %w", err)
	}
	for _, p := range list {
		if p.Slug == slug {
			return s.verify(p)
		}
	}
	return nil, errUnknownIdP
}

// byEntityID returns the provider with that entityID, errUnknownIdP when there is none. A provider whose
// metadata cannot be verified is none.
func (s *SP) byEntityID(ctx context.Context, entityID string) (*gestore, error) {
	list, err := s.cfg.IdPs(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the identity providers: %w", err)
	}
	for _, p := range list {
		if g, err := s.verify(p); err == nil && g.descriptor.EntityID == entityID {
			return g, nil
		}
	}
	return nil, errUnknownIdP
}

// verify reads the metadata of a provider; the error is one to answer with.
func (s *SP) verify(p Provider) (*gestore, error) {
	descriptor, err := s.trust.read(p.Metadata, s.cfg.Now())
	if err != nil {
		return nil, &web.Error{Status: http.StatusServiceUnavailable, Err: fmt.Errorf("identity provider %q: %w", p.Slug, err), Problem: web.Problem{
			Code: "idp-metadata", Field: "idp", Detail: "the metadata of " + p.Slug + " cannot be used"}}
	}
	return &gestore{Provider: p, descriptor: descriptor}, nil
}

// singleSignOn is the address of the SingleSignOnService for a binding: absolute, http or https, without
// userinfo (SEC-69).
func (g *gestore) singleSignOn(b saml.Binding) (string, error) {
	for _, e := range g.descriptor.IdP.SingleSignOnServices {
		if e.Binding != b {
			continue
		}
		u, err := url.Parse(e.Location)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
			return "", fmt.Errorf("SingleSignOnService/@Location of %q is %q, want an absolute http or https address", g.Slug, e.Location)
		}
		return e.Location, nil
	}
	return "", fmt.Errorf("metadata of %q has no SingleSignOnService for %s", g.Slug, b)
}
