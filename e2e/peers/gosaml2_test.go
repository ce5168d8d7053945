package peers

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	saml2 "github.com/russellhaering/gosaml2"
	"github.com/russellhaering/gosaml2/types"
	dsig "github.com/russellhaering/goxmldsig"
)

// gosaml2 is a service provider on russellhaering/gosaml2.
type gosaml2 struct {
	base string
	keys *saml2.KeyStore
	idp  *types.EntityDescriptor
	cert dsig.X509CertificateStore // of the identity provider
}

func TestGosaml2(t *testing.T) {
	t.Parallel()
	sim := startSimulator(t, "memory:")
	g := newGosaml2(t, sim)
	base := serveStack(t, "/acs", func(base string) stack { g.base = base; return g })
	prove(t, sim, &peer{
		name: "gosaml2", base: base, metadata: g.metadata(t), username: "ivo.xandrelli", told: "Assertion",
		relay: "torna a /casa?è=1&due+tre", // escaped by the library; it sends the query in alphabetical order, RelayState first
		settings: []string{
			"russellhaering/gosaml2 " + moduleVersion(t, "github.com/russellhaering/gosaml2") + " with goxmldsig " + moduleVersion(t, "github.com/russellhaering/goxmldsig"),
			"SAMLServiceProvider: SignAuthnRequests, SignAuthnRequestsAlgorithm RSA-SHA256, SignAuthnRequestsCanonicalizer exclusive, ForceAuthn, NameIdFormat transient, RequestedAuthnContext exact; SetSPKeyStore and SetSPSigningKeyStore",
			"AuthnRequest: from BuildAuthRequestDocumentNoSig (AssertionConsumerServiceURL and ProtocolBinding, AllowCreate true), then Issuer/@Format, Issuer/@NameQualifier and AttributeConsumingServiceIndex 0 added; signed by SignAuthnRequest or BuildAuthURLRedirect",
			"metadata: from MetadataWithSLO, then one AttributeConsumingService added; unsigned, without Organization and ContactPerson, for which the library has no types",
			"Response: RetrieveAssertionInfo; InvalidTime and NotInAudience of its WarningInfo count as refusals, as its documentation asks",
		},
	})
}

func newGosaml2(t *testing.T, sim *simulator) *gosaml2 {
	t.Helper()
	key, cert := newKey(t, "gosaml2")
	g := &gosaml2{keys: &saml2.KeyStore{Signer: key, Cert: cert.Raw}, idp: &types.EntityDescriptor{}}
	res := request(t, http.DefaultClient, http.MethodGet, sim.idpMetadata(), nil)
	defer func() { _ = res.Body.Close() }()
	if err := xml.NewDecoder(res.Body).Decode(g.idp); err != nil {
		t.Fatalf("metadata of the identity provider: %v", err)
	}
	var roots []*x509.Certificate
	for _, k := range g.idp.IDPSSODescriptor.KeyDescriptors {
		for _, c := range k.KeyInfo.X509Data.X509Certificates {
			der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(c.Data), ""))
			if err != nil {
				t.Fatal(err)
			}
			root, err := x509.ParseCertificate(der)
			if err != nil {
				t.Fatal(err)
			}
			roots = append(roots, root)
		}
	}
	g.cert = &dsig.MemoryX509CertificateStore{Roots: roots}
	return g
}

// sp sets the library up for one login: what a request says are fields of the service provider.
func (g *gosaml2) sp(level int, binding string) (*saml2.SAMLServiceProvider, error) {
	sp := &saml2.SAMLServiceProvider{
		IdentityProviderIssuer: g.idp.EntityID, IDPCertificateStore: g.cert,
		ServiceProviderIssuer: g.base, AudienceURI: g.base, AssertionConsumerServiceURL: g.base + "/acs", ServiceProviderSLOURL: g.base + "/slo",
		SignAuthnRequests: true, SignAuthnRequestsAlgorithm: dsig.RSASHA256SignatureMethod,
		SignAuthnRequestsCanonicalizer: dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(""),
		NameIdFormat:                   formatTransient, ForceAuthn: true,
		RequestedAuthnContext: &saml2.RequestedAuthnContext{Comparison: "exact", Contexts: []string{classOf(level)}},
	}
	for _, s := range g.idp.IDPSSODescriptor.SingleSignOnServices {
		if strings.HasSuffix(s.Binding, ":"+bindings[binding]) {
			sp.IdentityProviderSSOURL, sp.IdentityProviderSSOBinding = s.Location, s.Binding
		}
	}
	return sp, errors.Join(sp.SetSPKeyStore(g.keys), sp.SetSPSigningKeyStore(g.keys))
}

func (g *gosaml2) metadata(t *testing.T) []byte {
	t.Helper()
	sp, err := g.sp(1, "post")
	if err != nil {
		t.Fatal(err)
	}
	d, err := sp.MetadataWithSLO(int64(7 * 24 * time.Hour)) // named hours, taken as nanoseconds
	if err != nil {
		t.Fatal(err)
	}
	d.SPSSODescriptor.NameIDFormats = []string{formatTransient}
	out, err := xml.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(out); err != nil {
		t.Fatal(err)
	}
	set := doc.Root().SelectElement("SPSSODescriptor").CreateElement("AttributeConsumingService")
	set.CreateAttr("index", "0")
	name := set.CreateElement("ServiceName")
	name.CreateAttr("xml:lang", "it")
	name.SetText("Dati della persona")
	for _, name := range requested {
		a := set.CreateElement("RequestedAttribute")
		a.CreateAttr("Name", name)
		a.CreateAttr("NameFormat", formatBasic)
	}
	if out, err = doc.WriteToBytes(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (g *gosaml2) begin(level int, binding, relay string) (string, []byte, error) {
	sp, err := g.sp(level, binding)
	if err != nil {
		return "", nil, err
	}
	doc, err := sp.BuildAuthRequestDocumentNoSig()
	if err != nil {
		return "", nil, err
	}
	issuer := doc.Root().SelectElement("Issuer")
	issuer.CreateAttr("Format", formatEntity)
	issuer.CreateAttr("NameQualifier", g.base)
	doc.Root().CreateAttr("AttributeConsumingServiceIndex", "0")
	if binding == "redirect" {
		address, err := sp.BuildAuthURLRedirect(relay, doc)
		return address, nil, err
	}
	signed, err := sp.SignAuthnRequest(doc.Root())
	if err != nil {
		return "", nil, err
	}
	doc.SetRoot(signed)
	form, err := sp.BuildAuthBodyPostFromDocument(relay, doc)
	return "", form, err
}

func (g *gosaml2) judge(r *http.Request) (*verdict, error) {
	sp, err := g.sp(1, "post") // what it verifies does not depend on the request
	if err != nil {
		return nil, err
	}
	info, err := sp.RetrieveAssertionInfo(r.PostForm.Get("SAMLResponse"))
	if err != nil {
		return nil, err
	}
	if info.WarningInfo.InvalidTime || info.WarningInfo.NotInAudience {
		return nil, errors.New("the Assertion is not valid now, or not for this service")
	}
	statement := info.Assertions[0].AuthnStatement
	if statement == nil || statement.AuthnContext == nil || statement.AuthnContext.AuthnContextClassRef == nil {
		return nil, errors.New("the Assertion has no AuthnContextClassRef")
	}
	v := &verdict{
		Class: statement.AuthnContext.AuthnContextClassRef.Value, SessionIndex: info.SessionIndex, NameID: info.NameID,
		Attributes: map[string]string{},
	}
	for name := range info.Values {
		v.Attributes[name] = info.Values.Get(name)
	}
	return v, nil
}
