package idp

import (
	"crypto/x509"
	"fmt"
	"slices"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// EntityIDOf returns the entityID of a gestore below a base address.
func EntityIDOf(base, slug string) string { return base + "/idp/" + slug }

func (f *Federation) newIdP(g Provider) (*IdP, error) {
	p := &IdP{Federation: f, Gestore: g.Gestore, key: g.Key, EntityID: EntityIDOf(f.base(), g.Slug)}
	p.descriptor = p.describe()
	el := p.descriptor.Element()
	if err := p.key.Sign(el); err != nil {
		return nil, fmt.Errorf("signing the metadata: %w", err)
	}
	p.metadata = saml.Serialise(el)
	return p, nil
}

func (f *Federation) base() string { return f.cfg.BaseURL.Scheme + "://" + f.cfg.BaseURL.Host }

// Metadata returns the signed EntityDescriptor of the gestore, section 5 of saml-profile.md.
func (p *IdP) Metadata() []byte { return p.metadata }

// Key is what the gestore signs with.
func (p *IdP) Key() *saml.Key { return p.key }

func (p *IdP) endpoint(path string) string { return p.EntityID + path }

// describe lists what MD-IDP-01..11 ask for: both bindings for sign-on and logout (D-15), transient names,
// the attributes that can be certified, the levels and purposes.
func (p *IdP) describe() *saml.EntityDescriptor {
	name := p.LegalName()
	return &saml.EntityDescriptor{
		ID: "_" + digest("metadata", p.EntityID)[:32], EntityID: p.EntityID,
		Extensions: supported(),
		IdP: &saml.IDPSSODescriptor{
			WantAuthnRequestsSigned: true,
			Signing:                 []*x509.Certificate{p.key.Cert},
			SingleLogoutServices: []saml.Endpoint{
				{Binding: saml.HTTPPost, Location: p.endpoint("/slo/post"), ResponseLocation: p.endpoint("/slo/post"), Index: -1},
				{Binding: saml.HTTPRedirect, Location: p.endpoint("/slo/redirect"), ResponseLocation: p.endpoint("/slo/redirect"), Index: -1},
			},
			NameIDFormats: []string{saml.FormatTransient},
			SingleSignOnServices: []saml.Endpoint{
				{Binding: saml.HTTPRedirect, Location: p.endpoint("/sso/redirect"), Index: -1},
				{Binding: saml.HTTPPost, Location: p.endpoint("/sso/post"), Index: -1},
			},
			Attributes: p.certifiable(),
		},
		Organization: saml.Organization{
			Name:        saml.Localized{{Lang: "it", Text: name}, {Lang: "en", Text: name}},
			DisplayName: saml.Localized{{Lang: "it", Text: p.DisplayName()}, {Lang: "en", Text: p.Name + " (simulated)"}},
			URL:         saml.Localized{{Lang: "it", Text: p.base()}, {Lang: "en", Text: p.base() + "/?lang=en"}},
		},
	}
}

// certifiable lists the attributes that the identity provider knows: every one of SPID, or the minimum set (CIE-12).
func (p *IdP) certifiable() []saml.Attribute {
	var out []saml.Attribute
	for _, a := range spid.AllAttributes() {
		if p.Kind == KindCIE && !slices.Contains(cieAttributes, a.Name) {
			continue
		}
		out = append(out, saml.Attribute{Name: a.Name, FriendlyName: a.FriendlyName})
	}
	return out
}

// supported builds the spid: extensions. Published metadata carry the inner children in no namespace (MD-IDP-11).
func supported() *etree.Element {
	ext := etree.NewElement("md:Extensions")
	ext.CreateAttr("xmlns:md", saml.NSMetadata)
	ext.CreateAttr("xmlns:spid", spid.NSExtensions)
	list := func(name, child string, values ...string) {
		el := ext.CreateElement("spid:" + name)
		for _, v := range values {
			el.CreateElement(child).SetText(v)
		}
	}
	list("SupportedAuthnContextClassRefs", "AuthnContextClassRef", spid.L1.URI(), spid.L2.URI(), spid.L3.URI())
	return ext
}

// Registry returns the metadata of every gestore in one signed EntitiesDescriptor (REG-06).
func (f *Federation) Registry() ([]byte, error) {
	var list []*etree.Element
	for _, p := range f.providers {
		el, err := saml.Parse(p.metadata, saml.MetadataLimits())
		if err != nil {
			return nil, fmt.Errorf("own metadata of %s: %w", p.Slug, err)
		}
		list = append(list, el)
	}
	el := saml.Entities("spidsim", list)
	el.CreateAttr("ID", "_"+digest("registry", f.base())[:32])
	if err := f.providers[0].key.Sign(el); err != nil {
		return nil, fmt.Errorf("signing the registry: %w", err)
	}
	return saml.Serialise(el), nil
}
