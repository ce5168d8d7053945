package rules

import (
	"net/url"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

const issuerPath = "AuthnRequest/Issuer"

// requestIssuer is anomaly 10. These rows read the untrusted document, only to learn whose keys must fit the
// signature; the signature rows read the Issuer once more from what was signed.
var requestIssuer = []Rule{
	{
		ID: "AR-60", Stops: true, Anomaly: spid.BadIssuer, FoundIn: everyTool,
		Title: Text{"C'è esattamente un Issuer", "There is exactly one Issuer"},
		Remedy: Text{"Metti un solo saml:Issuer come primo figlio della richiesta, con l'entityID del tuo servizio.",
			"Put a single saml:Issuer as the first child of the request, with the entityID of your service."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 10",
		Check: func(s *Subject) error {
			return exactly(1, s.root, saml.NSAssertion, "Issuer", issuerPath)
		},
	},
	{
		ID: "AR-61", Stops: true, Anomaly: spid.BadIssuer, FoundIn: everyTool,
		Title: Text{"Issuer contiene solo testo e non è vuoto", "Issuer has text alone and is not empty"},
		Remedy: Text{"Scrivi dentro Issuer l'entityID dei tuoi metadati, senza altri elementi.",
			"Write the entityID of your metadata into Issuer, without further elements."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 10",
		Check:  func(s *Subject) error { return filled(issuerPath, text(issuer(s.root)), "entityID") },
	},
	{
		ID: "REQ-20", Aliases: []string{"FIX-09"}, Stops: true, Strict: true, Anomaly: spid.BadIssuer, FoundIn: []string{toolSPTest},
		Title: Text{"Issuer non ha spazi o a capo intorno al valore", "Issuer has no blanks or line breaks around its value"},
		Remedy: Text{"Scrivi l'entityID attaccato ai tag: gli spazi fanno parte del valore.",
			"Write the entityID right between the tags: blanks are part of the value."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 1.3.1",
		Check: func(s *Subject) error {
			t := text(issuer(s.root))
			return equals(issuerPath, t, strings.TrimSpace(t))
		},
	},
	{
		ID: "AR-62", Aliases: []string{"SEC-34", "SEC-35"}, Stops: true, Anomaly: spid.BadIssuer, FoundIn: everyTool,
		Title: Text{"Issuer è l'entityID di un servizio registrato", "Issuer is the entityID of a registered service"},
		Remedy: Text{"Registra il servizio: avvia con --sp seguito dal file o dall'indirizzo dei suoi metadati, oppure caricali dalla console. L'entityID deve essere uguale carattere per carattere.",
			"Register the service: start with --sp and the file or address of its metadata, or load them in the console. The entityID must be equal character by character."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 10",
		Check:  issuerKnown,
	},
	{
		ID: "AR-65", Aliases: []string{"AR-63", "AR-64", "REQ-21"}, Stops: true, Strict: true, Anomaly: spid.BadIssuer, FoundIn: everyTool,
		Title: Text{"Issuer ha Format con il valore entity", "Issuer has Format with the value entity"},
		Remedy: Text{"Aggiungi l'attributo Format con il valore atteso, senza spazi finali.",
			"Add the attribute Format with the value wanted, without trailing blanks."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 8.3.6",
		Check: func(s *Subject) error {
			return equals(issuerPath+"/@Format", attr(issuer(s.root), "Format"), saml.FormatEntity)
		},
	},
	{
		ID: "AR-67", Aliases: []string{"AR-66", "REQ-22"}, Stops: true, Strict: true, Anomaly: spid.BadIssuer, FoundIn: everyTool,
		Title: Text{"Issuer ha NameQualifier, non vuoto", "Issuer has NameQualifier, not empty"},
		Remedy: Text{"Aggiungi NameQualifier con l'entityID del tuo servizio. SPID lo chiede anche se SAML non lo prevede qui.",
			"Add NameQualifier with the entityID of your service. SPID asks for it although SAML does not foresee it here."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest (prevale su SAML Core 8.3.6)",
		Check: func(s *Subject) error {
			return filled(issuerPath+"/@NameQualifier", attr(issuer(s.root), "NameQualifier"), "URI")
		},
	},
	{
		ID: "AR-68", Severity: Warning, Anomaly: spid.BadIssuer, FoundIn: testenv,
		Applies: func(s *Subject) bool { return attr(issuer(s.root), "NameQualifier") != "" },
		Title:   Text{"NameQualifier di Issuer è un URI", "NameQualifier of Issuer is a URI"},
		Remedy:  Text{"Usa l'entityID del tuo servizio anche come NameQualifier.", "Use the entityID of your service as NameQualifier too."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			v := attr(issuer(s.root), "NameQualifier")
			if !absoluteURI(v) {
				return fault(issuerPath+"/@NameQualifier", v, "URI")
			}
			return nil
		},
	},
	{
		ID: "AR-69", Severity: Warning, Anomaly: spid.BadIssuer, FoundIn: testenv,
		Title:  Text{"Issuer non ha altri attributi oltre a Format e NameQualifier", "Issuer has no attributes beyond Format and NameQualifier"},
		Remedy: Text{"Togli gli attributi in più da Issuer.", "Take the extra attributes off Issuer."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			for _, a := range plainAttrs(issuer(s.root)) {
				if a.Key != "Format" && a.Key != "NameQualifier" {
					return fault(issuerPath+"/@"+a.Key, a.Value, "")
				}
			}
			return nil
		},
	},
}

// issuer returns the Issuer of a message.
func issuer(root *etree.Element) *etree.Element { return saml.Child(root, saml.NSAssertion, "Issuer") }

// issuerKnown finds the service provider and keeps it for the rest of the run. In relaxed mode an entityID
// with white space around it is tried once more without.
func issuerKnown(s *Subject) error {
	id := text(issuer(s.root))
	if s.FindSP != nil {
		s.SP = s.FindSP(id)
		if trimmed := strings.TrimSpace(id); s.SP == nil && s.Relaxed && trimmed != id {
			s.SP = s.FindSP(trimmed)
		}
	}
	if s.SP != nil && s.SP.SP != nil {
		return nil
	}
	s.SP = nil // known, but no service provider
	nearest := ""
	if s.Nearest != nil {
		nearest = s.Nearest(id)
	}
	return fault(issuerPath, id, nearest)
}

// plainAttrs returns the attributes without namespace declarations and without xml: and xsi: ones, which the
// schema allows everywhere.
func plainAttrs(el *etree.Element) []etree.Attr {
	var list []etree.Attr
	for _, a := range el.Attr {
		if a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns" || a.Space == "xml" {
			continue
		}
		if a.Space != "" {
			if _, xsi := saml.AttrNS(el, saml.NSInstance, a.Key); xsi {
				continue
			}
		}
		list = append(list, a)
	}
	return list
}

// absoluteURI reports whether s is a URI with a scheme and something after it, and no blanks.
func absoluteURI(s string) bool {
	if strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && (u.Host != "" || u.Opaque != "")
}
