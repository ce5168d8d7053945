package peers

import (
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"
	dsig "github.com/russellhaering/goxmldsig"
)

// crewjam is a service provider on crewjam/saml, set up by its package samlsp.
type crewjam struct {
	sp saml.ServiceProvider

	mu      sync.Mutex
	pending []string // IDs of the requests that may be answered
}

func TestCrewjam(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "memory:")
	c := &crewjam{}
	base := serveStack(t, "/saml/acs", func(base string) stack { c.sp = newCrewjam(t, sim, base); return c })
	prove(t, sim, &peer{
		name: "crewjam/saml", base: base, metadata: c.metadata(t), username: "lucia.verdi", told: saml.StatusResponder,
		relay: "back-to_5.home", // the library puts RelayState into the query as it is, so nothing that needs escaping
		settings: []string{
			"crewjam/saml " + moduleVersion(t, "github.com/crewjam/saml") + ", package samlsp, with goxmldsig " + moduleVersion(t, "github.com/russellhaering/goxmldsig"),
			"samlsp.Options: EntityID is the address of the service, SignRequest, ForceAuthn; IDPMetadata by samlsp.FetchMetadata",
			"ServiceProvider: SignatureMethod RSA-SHA256 (the default for RSA is SHA-1), AuthnNameIDFormat transient, RequestedAuthnContext minimum",
			"AuthnRequest: from MakeAuthenticationRequest, then Issuer/@NameQualifier added, AssertionConsumerServiceIndex 0 in place of URL and ProtocolBinding, AttributeConsumingServiceIndex 0, no AllowCreate; signed afterwards",
			"metadata: from Metadata(), then one AssertionConsumerService of index 0, one AttributeConsumingService and Organization added; unsigned, as the library does not sign metadata and has no Extensions of ContactPerson",
			"Response: ParseResponse with the IDs of the pending requests",
		},
	})
}

func newCrewjam(t *testing.T, sim *simulator, base string) saml.ServiceProvider {
	t.Helper()
	at, err := url.Parse(sim.idpMetadata())
	if err != nil {
		t.Fatal(err)
	}
	idp, err := samlsp.FetchMetadata(t.Context(), http.DefaultClient, *at)
	if err != nil {
		t.Fatalf("samlsp.FetchMetadata: %v", err)
	}
	root, err := url.Parse(base + "/")
	if err != nil {
		t.Fatal(err)
	}
	key, cert := newKey(t, "crewjam/saml")
	sp := samlsp.DefaultServiceProvider(samlsp.Options{
		EntityID: base, URL: *root, Key: key, Certificate: cert, IDPMetadata: idp, SignRequest: true, ForceAuthn: true,
	})
	sp.SignatureMethod = dsig.RSASHA256SignatureMethod
	sp.AuthnNameIDFormat = saml.TransientNameIDFormat
	return sp
}

// metadata are those of the library with what SPID adds, as far as its types can say it.
func (c *crewjam) metadata(t *testing.T) []byte {
	t.Helper()
	d := c.sp.Metadata()
	isDefault := true
	role := &d.SPSSODescriptors[0]
	role.AssertionConsumerServices = []saml.IndexedEndpoint{
		{Binding: saml.HTTPPostBinding, Location: c.sp.AcsURL.String(), Index: 0, IsDefault: &isDefault},
	}
	set := saml.AttributeConsumingService{ServiceNames: []saml.LocalizedName{{Lang: "it", Value: "Dati della persona"}}}
	for _, name := range requested {
		set.RequestedAttributes = append(set.RequestedAttributes, saml.RequestedAttribute{
			Attribute: saml.Attribute{Name: name, FriendlyName: name, NameFormat: formatBasic},
		})
	}
	role.AttributeConsumingServices = []saml.AttributeConsumingService{set}
	d.Organization = &saml.Organization{
		OrganizationNames:        []saml.LocalizedName{{Lang: "it", Value: "Servizio di prova crewjam/saml"}},
		OrganizationDisplayNames: []saml.LocalizedName{{Lang: "it", Value: "crewjam/saml"}},
		OrganizationURLs:         []saml.LocalizedURI{{Lang: "it", Value: c.sp.EntityID}},
	}
	out, err := xml.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// begin lets the library make the request, adds what SPID wants and has the library sign it.
func (c *crewjam) begin(level int, binding, relay string) (string, []byte, error) {
	sp := c.sp
	sp.RequestedAuthnContext = &saml.RequestedAuthnContext{Comparison: "minimum", AuthnContextClassRef: classOf(level)}
	way := map[string]string{"redirect": saml.HTTPRedirectBinding, "post": saml.HTTPPostBinding}[binding]
	// Asked for as by Redirect, it comes without a signature, which would not survive the changes below.
	r, err := sp.MakeAuthenticationRequest(sp.GetSSOBindingLocation(way), saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		return "", nil, err
	}
	r.Issuer.NameQualifier = sp.EntityID
	r.AssertionConsumerServiceURL, r.ProtocolBinding = "", ""
	r.AssertionConsumerServiceIndex, r.AttributeConsumingServiceIndex = "0", "0"
	r.NameIDPolicy.AllowCreate = nil
	c.mu.Lock()
	c.pending = append(c.pending, r.ID)
	c.mu.Unlock()
	if way == saml.HTTPPostBinding {
		if err := sp.SignAuthnRequest(r); err != nil {
			return "", nil, err
		}
		return "", r.Post(relay), nil
	}
	address, err := r.Redirect(relay, &sp)
	if err != nil {
		return "", nil, err
	}
	return address.String(), nil, nil
}

func (c *crewjam) judge(r *http.Request) (*verdict, error) {
	c.mu.Lock()
	pending := append([]string(nil), c.pending...)
	c.mu.Unlock()
	assertion, err := c.sp.ParseResponse(r, pending)
	var invalid *saml.InvalidResponseError
	if errors.As(err, &invalid) {
		return nil, invalid.PrivateErr // Error() itself says nothing, on purpose
	}
	if err != nil {
		return nil, err
	}
	if len(assertion.AuthnStatements) != 1 || assertion.AuthnStatements[0].AuthnContext.AuthnContextClassRef == nil {
		return nil, errors.New("the Assertion has no single AuthnStatement with an AuthnContextClassRef")
	}
	statement := assertion.AuthnStatements[0]
	v := &verdict{
		Class: statement.AuthnContext.AuthnContextClassRef.Value, SessionIndex: statement.SessionIndex,
		NameID: assertion.Subject.NameID.Value, Attributes: map[string]string{},
	}
	for _, s := range assertion.AttributeStatements {
		for _, a := range s.Attributes {
			for _, value := range a.Values {
				v.Attributes[a.Name] += value.Value
			}
		}
	}
	return v, nil
}
