package rules

import (
	"crypto/x509"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
)

// advice builds a row of the kind Warning.
func advice(id string, aliases, foundIn []string, title, remedy Text, source string, applies func(*Subject) bool, check func(*Subject) error) Rule {
	return Rule{ID: id, Aliases: aliases, Severity: Warning, Title: title, Remedy: remedy, Source: source,
		FoundIn: foundIn, Applies: applies, Check: check}
}

func isStage(err error, stage saml.Stage) bool {
	var e *saml.IntakeError
	return errors.As(err, &e) && e.Stage == stage
}

func spElement(s *Subject) *etree.Element {
	return saml.Child(s.root, saml.NSMetadata, "SPSSODescriptor")
}

func hasACS(s *Subject) bool { return len(s.Document.SP.AssertionConsumerServices) > 0 }

// valid reports whether the certificate is valid now, bounds included.
func (s *Subject) valid(c *x509.Certificate) bool {
	return !s.Now.Before(c.NotBefore) && !s.Now.After(c.NotAfter)
}

// nth writes the position of an element into its path; i counts from 0, the path from 1.
func nth(path string, i int) string { return path + "[" + strconv.Itoa(i+1) + "]" }

func indexText(i int) string {
	if i < 0 {
		return ""
	}
	return strconv.Itoa(i)
}

// isIndex wants a number; the attribute itself tells an absent one from nonsense.
func isIndex(path string, index int, el *etree.Element) error {
	if index < 0 || index > 65535 {
		return fault(path+"/@index", attr(el, "index"), "0 … 65535")
	}
	return nil
}

// eachACS returns a check that gives the first fault of all AssertionConsumerServices.
func eachACS(check func(path string, ep saml.Endpoint, el *etree.Element) error) func(*Subject) error {
	return func(s *Subject) error {
		els := saml.Children(spElement(s), saml.NSMetadata, "AssertionConsumerService")
		for i, ep := range s.Document.SP.AssertionConsumerServices {
			var el *etree.Element
			if i < len(els) {
				el = els[i]
			}
			if err := check(nth(acsPath, i), ep, el); err != nil {
				return err
			}
		}
		return nil
	}
}

func eachSLO(check func(path string, ep saml.Endpoint) error) func(*Subject) error {
	return func(s *Subject) error {
		for i, ep := range s.Document.SP.SingleLogoutServices {
			if err := check(nth(sloPath, i), ep); err != nil {
				return err
			}
		}
		return nil
	}
}

func eachSet(check func(path string, set saml.AttributeConsumingService) error) func(*Subject) error {
	return func(s *Subject) error {
		for i, set := range s.Document.SP.AttributeConsumingServices {
			if err := check(nth(setPath, i), set); err != nil {
				return err
			}
		}
		return nil
	}
}

func eachContact(check func(path string, c saml.ContactPerson) error) func(*Subject) error {
	return func(s *Subject) error {
		for i, c := range s.Document.Contacts {
			if err := check(nth(personPath, i), c); err != nil {
				return err
			}
		}
		return nil
	}
}

func hasOrganization(s *Subject) bool {
	return saml.Child(s.root, saml.NSMetadata, "Organization") != nil
}

// sameLanguages wants each of the three elements in Italian and in the same set of languages.
func sameLanguages(s *Subject) error {
	o := s.Document.Organization
	want := languages(o.Name)
	if !slices.Contains(want, "it") {
		want = append(want, "it")
		slices.Sort(want)
	}
	for _, e := range []struct {
		name  string
		texts saml.Localized
	}{{"OrganizationName", o.Name}, {"OrganizationDisplayName", o.DisplayName}, {"OrganizationURL", o.URL}} {
		if got := languages(e.texts); !slices.Equal(got, want) {
			return fault(orgPath+"/"+e.name, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	}
	return nil
}

// languages lists the languages that have a text, sorted.
func languages(l saml.Localized) []string {
	var list []string
	for _, t := range l {
		if strings.TrimSpace(t.Text) != "" {
			list = append(list, t.Lang)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// aggregated reports whether the contacts speak of an aggregator (MD-AG-02), which has rules of its own.
func aggregated(s *Subject) bool {
	for _, el := range saml.Children(s.root, saml.NSMetadata, "ContactPerson") {
		if _, ok := saml.AttrNS(el, nsSPID, "entityType"); ok {
			return true
		}
	}
	return false
}

// publicOrPrivate wants one marker in the contact "other", with the code that goes with it.
func publicOrPrivate(s *Subject) error {
	for i, c := range s.Document.Contacts {
		if c.Type != "other" {
			continue
		}
		names := extensionNames(c)
		public, private := slices.Contains(names, "Public"), slices.Contains(names, "Private")
		code := slices.Contains(names, "VATNumber") || slices.Contains(names, "FiscalCode")
		ipa := slices.Contains(names, "IPACode")
		if public == private || public && !ipa || private && (!code || ipa) {
			return fault(nth(personPath, i)+"/Extensions", strings.Join(names, ", "), "IPACode, Public | VATNumber, Private")
		}
	}
	return nil
}

// extensionNames lists SPID's own elements in the extensions of a contact.
func extensionNames(c saml.ContactPerson) []string {
	var names []string
	for _, el := range c.Extensions {
		if el != nil && el.NamespaceURI() == nsSPID {
			names = append(names, el.Tag)
		}
	}
	return names
}
