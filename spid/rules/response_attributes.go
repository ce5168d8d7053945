package rules

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// responseAttributes is what the Assertion tells of the person.
var responseAttributes = []Rule{
	{
		ID: "AST-16a", Aliases: []string{"AST-16"}, Cases: []string{"98"}, Applies: hasAssertion,
		Title:  Text{"C'è al massimo un AttributeStatement, con almeno un Attribute", "There is at most one AttributeStatement, with at least one Attribute"},
		Remedy: Text{"Raccogli gli attributi in un solo AttributeStatement. Se non ce ne sono, toglilo.", "Gather the attributes in a single AttributeStatement. If there are none, remove it."},
		Source: "Regole tecniche SPID, SSO, Assertion, AttributeStatement",
		Check: func(s *Subject) error {
			if err := atMostOne(s.assertion, saml.NSAssertion, "AttributeStatement", attributesPath); err != nil {
				return err
			}
			st := child(s.assertion, "AttributeStatement")
			if st == nil {
				return nil
			}
			for _, c := range elements(st) {
				if !saml.Is(c, saml.NSAssertion, "Attribute") {
					return fault(attributesPath+"/"+c.Tag, c.Tag, "Attribute")
				}
			}
			if len(elements(st)) == 0 {
				return fault(attributesPath+"/Attribute", "", "1 …")
			}
			return nil
		},
	},
	{
		ID: "AST-19", Cases: []string{"99"}, Applies: hasAttributes,
		Title:  Text{"Ogni Attribute ha un AttributeValue", "Each Attribute has one AttributeValue"},
		Remedy: Text{"Scrivi un solo valore per attributo.", "Write a single value for each attribute."},
		Source: "Regole tecniche SPID, Tabella attributi",
		Check: eachAttribute(func(_ *Subject, a *etree.Element) error {
			return exactly(1, a, saml.NSAssertion, "AttributeValue", attributePath(a)+"/AttributeValue")
		}),
	},
	{
		ID: "AST-20", Applies: hasAttributes,
		Title:  Text{"Nessun valore è vuoto", "No value is empty"},
		Remedy: Text{"Togli l'attributo che la persona non ha, invece di inviarlo vuoto.", "Leave out an attribute that the person does not have, instead of sending it empty."},
		Source: "Regole tecniche SPID, Tabella attributi",
		Check: eachAttribute(func(_ *Subject, a *etree.Element) error {
			v := child(a, "AttributeValue")
			if v != nil && strings.TrimSpace(text(v)) == "" {
				return fault(attributePath(a)+"/AttributeValue", attr(a, "Name"), "1 …")
			}
			return nil
		}),
	},
	{
		ID: "AST-18a", Aliases: []string{"AST-18"}, Applies: hasAttributes,
		Title:  Text{"Nessun attributo compare due volte", "No attribute stands twice"},
		Remedy: Text{"Invia ogni attributo una volta sola.", "Send each attribute once."},
		Source: "Regole tecniche SPID, Tabella attributi",
		Check: func(s *Subject) error {
			seen := map[string]bool{}
			for _, a := range attributes(s) {
				name := attr(a, "Name")
				if seen[name] {
					return fault(attributePath(a)+"/@Name", name, "≠ "+name)
				}
				seen[name] = true
			}
			return nil
		},
	},
	{
		ID: "AST-18b", Severity: Warning, Applies: hasAttributes,
		Title:  Text{"Ogni attributo è nella tabella di SPID e ha NameFormat basic, se c'è", "Each attribute is in SPID's table and has the NameFormat basic, where present"},
		Remedy: Text{"Usa gli identificativi della tabella, maiuscole comprese, e il NameFormat atteso.", "Use the identifiers of the table, case included, and the NameFormat wanted."},
		Source: "Regole tecniche SPID, Tabella attributi",
		Check: eachAttribute(func(_ *Subject, a *etree.Element) error {
			if _, ok := spid.LookupAttribute(attr(a, "Name")); !ok {
				return fault(attributePath(a)+"/@Name", attr(a, "Name"), "spidCode | name | familyName | …")
			}
			if f := attr(a, "NameFormat"); has(a, "NameFormat") && f != saml.AttrNameFormatBasic {
				return fault(attributePath(a)+"/@NameFormat", f, saml.AttrNameFormatBasic)
			}
			return nil
		}),
	},
	{
		ID: "ATT-02", Severity: Warning, Applies: func(s *Subject) bool { return hasAttributes(s) && !s.CIE },
		Title:  Text{"xsi:type è quello della tabella: date per le date, string per il resto", "xsi:type is that of the table: date for dates, string for the rest"},
		Remedy: Text{"Imposta xsi:type=\"xs:date\" per dateOfBirth ed expirationDate, xs:string per gli altri.", "Set xsi:type=\"xs:date\" for dateOfBirth and expirationDate, xs:string for the others."},
		Source: "Regole tecniche SPID, Tabella attributi",
		Check: eachAttribute(func(_ *Subject, a *etree.Element) error {
			info, ok := spid.LookupAttribute(attr(a, "Name"))
			typ, typed := saml.AttrNS(child(a, "AttributeValue"), saml.NSInstance, "type")
			if !ok || !typed {
				return nil
			}
			// The prefix stands in a value only, which the canonical form does not carry along: compare the rest.
			if _, local, _ := strings.Cut(typ, ":"); local != info.Type {
				return fault(attributePath(a)+"/AttributeValue", typ, "xs:"+info.Type)
			}
			return nil
		}),
	},
	{
		ID: "AST-17", Severity: Warning, Cases: []string{"103"},
		Applies: func(s *Subject) bool {
			return hasAttributes(s) && !s.CIE && s.Request != nil && s.SP != nil && s.SP.SP != nil
		},
		Title:  Text{"Ci sono solo attributi dell'insieme chiesto", "There are only attributes of the set asked for"},
		Remedy: Text{"Invia solo gli attributi dell'AttributeConsumingService della richiesta.", "Send only the attributes of the request's AttributeConsumingService."},
		Source: "Regole tecniche SPID, SSO, Assertion, AttributeStatement",
		Check: eachAttribute(func(s *Subject, a *etree.Element) error {
			if names := asked(s); !slices.Contains(names, attr(a, "Name")) {
				return fault(attributePath(a)+"/@Name", attr(a, "Name"), strings.Join(names, " | "))
			}
			return nil
		}),
	},
}

func hasAttributes(s *Subject) bool { return len(attributes(s)) > 0 }

// attributes returns the Attribute elements of the first AttributeStatement of the verified Assertion.
func attributes(s *Subject) []*etree.Element {
	return saml.Children(child(s.assertion, "AttributeStatement"), saml.NSAssertion, "Attribute")
}

// eachAttribute returns a check that gives the first fault of all attributes.
func eachAttribute(check func(*Subject, *etree.Element) error) func(*Subject) error {
	return func(s *Subject) error {
		for _, a := range attributes(s) {
			if err := check(s, a); err != nil {
				return err
			}
		}
		return nil
	}
}

// attributePath names an Attribute by its position among its siblings, from 1.
func attributePath(a *etree.Element) string {
	i := slices.Index(saml.Children(a.Parent(), saml.NSAssertion, "Attribute"), a)
	return attributesPath + "/Attribute[" + count(i+1) + "]"
}

// asked returns the names of the attribute set that the pending request named.
func asked(s *Subject) []string {
	if s.Request.AttributeConsumingServiceIndex == nil {
		return nil
	}
	set, _ := s.SP.SP.AttributeConsumingService(*s.Request.AttributeConsumingServiceIndex)
	var names []string
	for _, r := range set.Requested {
		names = append(names, r.Name)
	}
	return names
}
