package certs

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is the organizationalUnitName of every seal: it says TEST, and in Italian that the seal is a simulator's and
// not for production (SEC-02, UX-34). commonName and organizationName cannot say it, for they must equal the
// metadata's (CERT-10, CERT-11).
const Mark = "TEST - SIMULATORE NON USARE IN PRODUZIONE"

// Kind is what a seal is for; it decides the certificate policy and the form of the organizationIdentifier.
type Kind string

// Kinds of seals.
const (
	SPPublic   Kind = "sp-public"  // service provider of the public sector (CERT-51)
	SPPrivate  Kind = "sp-private" // private service provider (CERT-52)
	IdP        Kind = "idp"        // identity provider (CERT-53)
	Federation Kind = "federation" // private service provider in AgID's federation PKI, asked for by CSR (CERT-61)
)

// Subject is the organisation that a seal names (CERT-10 to CERT-15), and its purpose.
type Subject struct {
	CommonName             string // short denomination, as OrganizationDisplayName in the metadata; not a host name
	Organization           string // full legal denomination, as OrganizationName
	EntityID               string // entityID of the metadata, character by character
	OrganizationIdentifier string // PA:IT-c_h501, VATIT-12345678903 or CF:IT-…, see CERT-30 to CERT-33
	Country                string // ISO 3166-1 alpha-2 of the registered office
	Locality               string // city of the registered office, with its accents
	Kind                   Kind
	Bits                   int // of the RSA key: 2048, 3072 or 4096; 0 means 2048
}

// Object identifiers of the subject's attributes.
var (
	oidCommonName             = asn1.ObjectIdentifier{2, 5, 4, 3}
	oidSurname                = asn1.ObjectIdentifier{2, 5, 4, 4}
	oidSerialNumber           = asn1.ObjectIdentifier{2, 5, 4, 5}
	oidCountry                = asn1.ObjectIdentifier{2, 5, 4, 6}
	oidLocality               = asn1.ObjectIdentifier{2, 5, 4, 7}
	oidOrganization           = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidOrganizationalUnit     = asn1.ObjectIdentifier{2, 5, 4, 11}
	oidGivenName              = asn1.ObjectIdentifier{2, 5, 4, 42}
	oidURI                    = asn1.ObjectIdentifier{2, 5, 4, 83}
	oidOrganizationIdentifier = asn1.ObjectIdentifier{2, 5, 4, 97}
)

// Forms of the organizationIdentifier. A fiscal code of eleven digits is a body's; the tools refuse it, the rule does
// not (CERT-32).
var (
	publicID  = regexp.MustCompile(`^PA:IT-\S{1,16}$`)
	vatID     = regexp.MustCompile(`^VATIT-[0-9]{11}$`)
	fiscalID  = regexp.MustCompile(`^CF:IT-([0-9A-Z]{16}|[0-9]{11})$`)
	organised = map[Kind]struct {
		forms []*regexp.Regexp
		want  string
	}{
		SPPublic:   {[]*regexp.Regexp{publicID}, "PA:IT- and the code of the IPA index"},
		SPPrivate:  {[]*regexp.Regexp{vatID, fiscalID}, "VATIT- and 11 digits, or CF:IT- and a fiscal code"},
		IdP:        {[]*regexp.Regexp{vatID}, "VATIT- and 11 digits"},
		Federation: {[]*regexp.Regexp{vatID, fiscalID}, "VATIT- and 11 digits, or CF:IT- and a fiscal code"},
	}
)

// Validate reports every mistake in the subject, joined; nil when there is none.
func (s Subject) Validate() error {
	var all []error
	wrong := func(format string, args ...any) { all = append(all, fmt.Errorf(format, args...)) }
	for _, f := range []struct{ name, value, rule string }{
		{"commonName", s.CommonName, "CERT-10"}, {"organizationName", s.Organization, "CERT-11"},
		{"uri", s.EntityID, "CERT-12"}, {"organizationIdentifier", s.OrganizationIdentifier, "CERT-13"},
		{"countryName", s.Country, "CERT-14"}, {"localityName", s.Locality, "CERT-15"},
	} {
		if fault := textFault(f.value); fault != "" {
			wrong("%s %s (%s)", f.name, fault, f.rule)
		}
	}
	if s.Country != "" && !isCountry(s.Country) {
		wrong("countryName is %q, want two capital letters of ISO 3166-1, such as IT (CERT-14)", s.Country)
	}
	if s.EntityID != "" {
		all = append(all, CheckNotReal(s.EntityID))
	}
	all = append(all, s.identifierFault())
	if !validBits(s.Bits) {
		wrong("the key has %d bits, want 2048, 3072 or 4096 (CERT-01)", s.Bits)
	}
	return errors.Join(all...)
}

func validBits(bits int) bool { return bits == 0 || bits == 2048 || bits == 3072 || bits == 4096 }

func (s Subject) identifierFault() error {
	form, ok := organised[s.Kind]
	if !ok {
		return fmt.Errorf("kind is %q, want sp-public, sp-private, idp or federation", s.Kind)
	}
	if s.OrganizationIdentifier == "" {
		return nil // named already as missing
	}
	for _, re := range form.forms {
		if re.MatchString(s.OrganizationIdentifier) {
			return nil
		}
	}
	return fmt.Errorf("organizationIdentifier is %q, want %s (CERT-30 to CERT-33)", s.OrganizationIdentifier, form.want)
}

// textFault says what is wrong with an attribute's text, "" when nothing is.
func textFault(v string) string {
	switch {
	case v == "":
		return "is missing"
	case !utf8.ValidString(v):
		return fmt.Sprintf("is %q, which is not UTF-8", v)
	case strings.TrimSpace(v) != v:
		return fmt.Sprintf("is %q, want no blanks at its ends", v)
	case strings.ContainsFunc(v, unicode.IsControl):
		return fmt.Sprintf("is %q, want no control characters", v)
	case len(v) > 1024:
		return fmt.Sprintf("has %d octets, want 1024 at most", len(v))
	}
	return ""
}
