package certs

import (
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind   string
		change func(*Subject)
		want   string // in the message; "" when the subject is right
	}{
		"a right one of the public sector":        {"sp-public", func(*Subject) {}, ""},
		"a right private one":                     {"sp-private", func(*Subject) {}, ""},
		"a right identity provider":               {"idp", func(*Subject) {}, ""},
		"a right one of the federation":           {"federation", func(*Subject) {}, ""},
		"a private one with a person's code":      {"sp-private", func(s *Subject) { s.OrganizationIdentifier = "CF:IT-RSSMRA80A01H501U" }, ""},
		"4096 bits":                               {"idp", func(s *Subject) { s.Bits = 4096 }, ""},
		"no commonName":                           {"idp", func(s *Subject) { s.CommonName = "" }, "commonName is missing (CERT-10)"},
		"no organizationName":                     {"idp", func(s *Subject) { s.Organization = "" }, "organizationName is missing (CERT-11)"},
		"no uri":                                  {"idp", func(s *Subject) { s.EntityID = "" }, "uri is missing (CERT-12)"},
		"no organizationIdentifier":               {"idp", func(s *Subject) { s.OrganizationIdentifier = "" }, "organizationIdentifier is missing (CERT-13)"},
		"no countryName":                          {"idp", func(s *Subject) { s.Country = "" }, "countryName is missing (CERT-14)"},
		"no localityName":                         {"idp", func(s *Subject) { s.Locality = "" }, "localityName is missing (CERT-15)"},
		"blanks at an end":                        {"idp", func(s *Subject) { s.Locality = "Roma " }, `localityName is "Roma "`},
		"a line break":                            {"idp", func(s *Subject) { s.Locality = "Ro\nma" }, "no control characters"},
		"no UTF-8":                                {"idp", func(s *Subject) { s.Locality = "Forl\xec" }, "not UTF-8"},
		"a text without end":                      {"idp", func(s *Subject) { s.Locality = strings.Repeat("x", 1025) }, "1025 octets"},
		"a country in small letters":              {"idp", func(s *Subject) { s.Country = "it" }, "countryName is \"it\""},
		"a country that is none":                  {"idp", func(s *Subject) { s.Country = "XX" }, "countryName is \"XX\""},
		"a country of blanks":                     {"idp", func(s *Subject) { s.Country = "E " }, "countryName is \"E \""},
		"a public code with a blank":              {"sp-public", func(s *Subject) { s.OrganizationIdentifier = "PA:IT- c_h501" }, "want PA:IT-"},
		"a public code of 17 characters":          {"sp-public", func(s *Subject) { s.OrganizationIdentifier = "PA:IT-12345678901234567" }, "want PA:IT-"},
		"a private code for a public body":        {"sp-public", func(s *Subject) { s.OrganizationIdentifier = "VATIT-12345678903" }, "want PA:IT-"},
		"a public code for a private one":         {"sp-private", func(s *Subject) { s.OrganizationIdentifier = "PA:IT-c_h501" }, "want VATIT-"},
		"a comma after VAT, as misprinted":        {"sp-private", func(s *Subject) { s.OrganizationIdentifier = "VAT,IT-12345678903" }, "want VATIT-"},
		"a VAT number of ten digits":              {"sp-private", func(s *Subject) { s.OrganizationIdentifier = "VATIT-1234567890" }, "want VATIT-"},
		"a fiscal code in small letters":          {"sp-private", func(s *Subject) { s.OrganizationIdentifier = "CF:IT-rssmra80a01h501u" }, "want VATIT-"},
		"an identity provider with a fiscal code": {"idp", func(s *Subject) { s.OrganizationIdentifier = "CF:IT-80012345678" }, "want VATIT-"},
		"a kind that is none":                     {"idp", func(s *Subject) { s.Kind = "sp" }, `kind is "sp"`},
		"1024 bits":                               {"idp", func(s *Subject) { s.Bits = 1024 }, "1024 bits"},
		"8192 bits":                               {"idp", func(s *Subject) { s.Bits = 8192 }, "8192 bits"},
		"a real provider's entityID":              {"idp", func(s *Subject) { s.EntityID = "https://posteid.poste.it" }, "SEC-02"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subjects[tt.kind]
			tt.change(&s)
			err := s.Validate()
			if tt.want == "" && err != nil {
				t.Fatalf("refused: %v", err)
			}
			if tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Fatalf("error is %v, want %q in it", err, tt.want)
			}
			if _, _, madeErr := NewSigning(nil, s, from, until); tt.want != "" && madeErr == nil {
				t.Error("NewSigning took it")
			}
		})
	}
}

func TestAllMistakesAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	err := Subject{EntityID: "https://www.agid.gov.it", Country: "Italy", Kind: "x", Bits: 512}.Validate()
	if err == nil {
		t.Fatal("taken")
	}
	for _, want := range []string{"commonName", "organizationName", "gov.it", "organizationIdentifier", "countryName", "localityName", "kind", "512 bits"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named in: %v", want, err)
		}
	}
}

func TestValidityMustNotEndBeforeItBegins(t *testing.T) {
	t.Parallel()
	if _, err := Seal(nil, rsaKey(), subjects["idp"], until, from); err == nil {
		t.Fatal("taken")
	}
}

func TestCheckNotReal(t *testing.T) {
	t.Parallel()
	for _, id := range append([]string{
		"https://posteid.poste.it/", "HTTPS://PosteID.Poste.IT", "https://posteid.poste.it:8443/x", "https://posteid.poste.it./",
		"https://user@posteid.poste.it", "posteid.poste.it", " https://id.lepida.it ", "http://www.poste.it/test",
		"https://spid.test.aruba.it", "https://www.spid.gov.it", "http://gov.it", "comune.roma.gov.it/sp", "https://agid.GOV.IT.",
		"https://registry.spid.gov.it/metadata",
	}, realEntities...) {
		if CheckNotReal(id) == nil {
			t.Errorf("%q was taken", id)
		}
	}
	for _, id := range []string{
		"http://localhost:8088/idp/poste", "http://poste.localhost:8088", "https://sp.example", "https://notgov.it", "https://gov.it.example",
		"https://myposte.it", "https://example.org/posteid.poste.it", "https://example.org/?x=https://posteid.poste.it", "urn:example:sp",
		"http://[::1]:8088", "",
	} {
		if err := CheckNotReal(id); err != nil {
			t.Errorf("%q was refused: %v", id, err)
		}
	}
}
