package idptest

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"spidsim/certs"
	"spidsim/saml"
	"spidsim/spid"
)

// SP is a service provider for tests of the identity provider: a key, conformant metadata, and requests that a test may change
// before they are signed.
type SP struct {
	EntityID string
	ACS      string
	Key      *saml.Key
	Metadata []byte // signed
	Now      func() time.Time
	ids      atomic.Int64
}

// NewSP makes a service provider with that entityID, which is also its origin.
func NewSP(t testing.TB, entityID string) *SP {
	t.Helper()
	key, err := NewKey(entityID, certs.SPPublic)
	check(t, err)
	s := &SP{EntityID: entityID, ACS: entityID + "/acs", Key: key, Now: time.Now}
	s.Metadata = s.SignedMetadata(t, nil)
	return s
}

// SignedMetadata builds the metadata, lets change alter them (nil = not) and signs them.
func (s *SP) SignedMetadata(t testing.TB, change func(*saml.EntityDescriptor)) []byte {
	t.Helper()
	d := s.describe()
	if change != nil {
		change(d)
	}
	el := d.Element()
	check(t, s.Key.Sign(el))
	return saml.Serialise(el)
}

func (s *SP) describe() *saml.EntityDescriptor {
	var all []saml.RequestedAttribute
	for _, a := range spid.AllAttributes() {
		all = append(all, saml.RequestedAttribute{Name: a.Name, NameFormat: saml.AttrNameFormatBasic})
	}
	few := []saml.RequestedAttribute{{Name: "fiscalNumber"}, {Name: "name"}, {Name: "familyName"}}
	both := func(it, en string) saml.Localized {
		return saml.Localized{{Lang: "it", Text: it}, {Lang: "en", Text: en}}
	}
	return &saml.EntityDescriptor{
		ID: "_metadata", EntityID: s.EntityID,
		SP: &saml.SPSSODescriptor{
			AuthnRequestsSigned: true, WantAssertionsSigned: true, Signing: []*x509.Certificate{s.Key.Cert},
			SingleLogoutServices:      []saml.Endpoint{{Binding: saml.HTTPPost, Location: s.EntityID + "/slo", Index: -1}},
			NameIDFormats:             []string{saml.FormatTransient},
			AssertionConsumerServices: []saml.Endpoint{{Binding: saml.HTTPPost, Location: s.ACS, Index: 0, IsDefault: true}, {Binding: saml.HTTPPost, Location: s.ACS + "/1", Index: 1}},
			AttributeConsumingServices: []saml.AttributeConsumingService{
				{Index: 0, ServiceNames: both("Pochi dati", "Few data"), Requested: few},
				{Index: 1, ServiceNames: both("Tutti i dati", "All data"), Requested: all},
			},
		},
		Organization: saml.Organization{
			Name: both("Comune di Esempio", "Example Town"), DisplayName: both("Comune di Esempio", "Example Town"), URL: both(s.EntityID+"/it", s.EntityID+"/en"),
		},
	}
}

// Request returns a conformant AuthnRequest for the gestore with that entityID and binding.
func (s *SP) Request(idpEntityID string, level int, binding saml.Binding) *saml.AuthnRequest {
	zero, force := 0, true
	return &saml.AuthnRequest{
		ID: fmt.Sprintf("_request-%d-%d", s.Now().UnixNano(), s.ids.Add(1)), Version: "2.0", IssueInstant: s.Now().UTC().Truncate(time.Second),
		Destination: Endpoint(idpEntityID, binding), ForceAuthn: &force, AssertionConsumerServiceIndex: &zero, AttributeConsumingServiceIndex: &zero,
		Issuer:             saml.NameID{Value: s.EntityID, Format: saml.FormatEntity, NameQualifier: s.EntityID},
		NameIDPolicyFormat: saml.FormatTransient, Comparison: string(spid.Minimum), AuthnContextClassRef: []string{spid.Level(level).URI()},
	}
}

// Endpoint is the single sign-on address of a gestore for a binding.
func Endpoint(idpEntityID string, binding saml.Binding) string {
	if binding == saml.HTTPRedirect {
		return idpEntityID + "/sso/redirect"
	}
	return idpEntityID + "/sso/post"
}

// RedirectURL signs a request into the query of the gestore's address.
func (s *SP) RedirectURL(t testing.TB, idpEntityID string, r *saml.AuthnRequest, relayState string) string {
	t.Helper()
	u, err := s.Key.RedirectURL(Endpoint(idpEntityID, saml.HTTPRedirect), saml.ParamRequest, r.Element(), relayState)
	check(t, err)
	return u
}

// PostFields signs a request and returns the fields of the form that carries it.
func (s *SP) PostFields(t testing.TB, r *saml.AuthnRequest, relayState string) url.Values {
	t.Helper()
	el := r.Element()
	check(t, s.Key.Sign(el))
	form := saml.PostForm("", saml.ParamRequest, el, relayState)
	v := url.Values{saml.ParamRequest: {form.Message}}
	if relayState != "" {
		v.Set("RelayState", relayState)
	}
	return v
}

// HTTPRequest is a signed request as the browser would bring it.
func (s *SP) HTTPRequest(t testing.TB, idpEntityID string, level int, binding saml.Binding) *http.Request {
	t.Helper()
	r := s.Request(idpEntityID, level, binding)
	if binding == saml.HTTPRedirect {
		return httptest.NewRequest(http.MethodGet, s.RedirectURL(t, idpEntityID, r, "relay"), nil)
	}
	body := s.PostFields(t, r, "relay").Encode()
	req := httptest.NewRequest(http.MethodPost, Endpoint(idpEntityID, binding), strings.NewReader(body))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req
}
