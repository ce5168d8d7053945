package rules

import (
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

const (
	policyPath     = "AuthnRequest/NameIDPolicy"
	contextPath    = "AuthnRequest/RequestedAuthnContext"
	comparisonPath = contextPath + "/@Comparison"
	classRefPath   = contextPath + "/AuthnContextClassRef"
	setIndexPath   = "AuthnRequest/@AttributeConsumingServiceIndex"
)

const levels = "https://www.spid.gov.it/SpidL1 | https://www.spid.gov.it/SpidL2 | https://www.spid.gov.it/SpidL3"

// requestContext is what the request wants: anomalies 17 (NameIDPolicy), 12 (level) and 18 (attribute set).
var requestContext = []Rule{
	{
		ID: "AR-70", Strict: true, Anomaly: spid.BadNameIDPolicy, FoundIn: everyTool,
		Title:  Text{"C'è esattamente un NameIDPolicy", "There is exactly one NameIDPolicy"},
		Remedy: Text{"Aggiungi un solo samlp:NameIDPolicy con Format transient.", "Add a single samlp:NameIDPolicy with the Format transient."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 17",
		Check:  func(s *Subject) error { return exactly(1, s.root, saml.NSProtocol, "NameIDPolicy", policyPath) },
	},
	{
		ID: "AR-73", Aliases: []string{"AR-71", "AR-72", "REQ-23"}, Strict: true, Anomaly: spid.BadNameIDPolicy, FoundIn: everyTool,
		Applies: hasPolicy,
		Title:   Text{"NameIDPolicy ha Format transient", "NameIDPolicy has the Format transient"},
		Remedy:  Text{"Imposta il formato transient: SPID non dà identificativi persistenti.", "Set the format transient: SPID gives no persistent identifiers."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 17",
		Check: func(s *Subject) error {
			return equals(policyPath+"/@Format", attr(saml.Child(s.root, saml.NSProtocol, "NameIDPolicy"), "Format"), saml.FormatTransient)
		},
	},
	{
		ID: "AR-74", Aliases: []string{"REQ-24"}, Severity: Warning, Anomaly: spid.BadNameIDPolicy, FoundIn: everyTool,
		Applies: hasPolicy,
		Title:   Text{"NameIDPolicy non ha AllowCreate", "NameIDPolicy has no AllowCreate"},
		Remedy:  Text{"Togli AllowCreate. I gestori lo tollerano, gli strumenti di AgID lo segnalano.", "Remove AllowCreate. Providers tolerate it, AgID's tools report it."},
		Source:  "Avviso SPID n. 5; Regole tecniche SPID, Messaggi di anomalia, nota alla riga 17",
		Check: func(s *Subject) error {
			p := saml.Child(s.root, saml.NSProtocol, "NameIDPolicy")
			if has(p, "AllowCreate") {
				return fault(policyPath+"/@AllowCreate", attr(p, "AllowCreate"), "")
			}
			return nil
		},
	},
	{
		ID: "AR-90", Aliases: []string{"AR-20", "REQ-25"}, Anomaly: spid.BadAuthnContext, FoundIn: everyTool,
		Title: Text{"C'è esattamente un RequestedAuthnContext", "There is exactly one RequestedAuthnContext"},
		Remedy: Text{"Aggiungi un solo samlp:RequestedAuthnContext con il livello che ti serve.",
			"Add a single samlp:RequestedAuthnContext with the level that you need."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 12",
		Check: func(s *Subject) error {
			return exactly(1, s.root, saml.NSProtocol, "RequestedAuthnContext", contextPath)
		},
	},
	{
		ID: "AR-92", Aliases: []string{"AR-91"}, Strict: true, Anomaly: spid.BadAuthnContext, FoundIn: everyTool,
		Applies: hasContext,
		Title:   Text{"Comparison è presente e non vuoto", "Comparison is present and not empty"},
		Remedy:  Text{"Aggiungi Comparison=\"minimum\", il più usato, oppure exact.", "Add Comparison=\"minimum\", the most used, or exact."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return filled(comparisonPath, attr(requestedContext(s), "Comparison"), "exact | minimum | better | maximum")
		},
	},
	{
		ID: "AR-93", Anomaly: spid.BadAuthnContext, FoundIn: twoTools,
		Applies: func(s *Subject) bool { return strings.TrimSpace(attr(requestedContext(s), "Comparison")) != "" },
		Title:   Text{"Comparison è exact, minimum, better o maximum", "Comparison is exact, minimum, better or maximum"},
		Remedy:  Text{"Usa uno dei quattro valori, in minuscolo.", "Use one of the four values, in lower case."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 3.3.2.2.1",
		Check: func(s *Subject) error {
			return in(comparisonPath, attr(requestedContext(s), "Comparison"), "exact", "minimum", "better", "maximum")
		},
	},
	{
		ID: "AR-94", Aliases: []string{"REQ-27"}, Strict: true, Anomaly: spid.BadAuthnContext, FoundIn: twoTools, Applies: hasContext,
		Title:  Text{"C'è esattamente un AuthnContextClassRef", "There is exactly one AuthnContextClassRef"},
		Remedy: Text{"Chiedi un solo livello: per accettare i più alti usa Comparison=\"minimum\".", "Ask for a single level: to accept higher ones use Comparison=\"minimum\"."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return exactly(1, requestedContext(s), saml.NSAssertion, "AuthnContextClassRef", classRefPath)
		},
	},
	{
		ID: "REQ-28", Strict: true, Anomaly: spid.BadAuthnContext, Applies: hasContext,
		Title:  Text{"Non c'è AuthnContextDeclRef", "There is no AuthnContextDeclRef"},
		Remedy: Text{"Chiedi il livello con AuthnContextClassRef.", "Ask for the level by AuthnContextClassRef."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return exactly(0, requestedContext(s), saml.NSAssertion, "AuthnContextDeclRef", contextPath+"/AuthnContextDeclRef")
		},
	},
	{
		ID: "AR-96", Aliases: []string{"AR-95", "REQ-26"}, Anomaly: spid.BadAuthnContext, FoundIn: everyTool, Applies: hasContext,
		Title: Text{"AuthnContextClassRef è uno dei tre livelli di SPID", "AuthnContextClassRef is one of the three levels of SPID"},
		Remedy: Text{"Cambia il valore nella configurazione del tuo servizio, senza spazi né a capo. I nomi urn:…:ac:classes:SpidL… sono ritirati dal 2016.",
			"Change the value in the configuration of your service, without blanks or line breaks. The names urn:…:ac:classes:SpidL… are withdrawn since 2016."},
		Source: "Avviso SPID n. 5; Regole tecniche SPID, Messaggi di anomalia, riga 12",
		Check:  classRefKnown,
	},
	{
		ID: "CMP-04", Aliases: []string{"SEC-38"}, Anomaly: spid.BadAuthnContext,
		Applies: func(s *Subject) bool { _, _, ok := Requested(s.request); return ok },
		Title:   Text{"Esiste un livello che soddisfa la richiesta", "There is a level that satisfies the request"},
		Remedy:  Text{"Non c'è nulla di più forte del livello 3: usa minimum o exact.", "Nothing is stronger than level 3: use minimum or exact."},
		Source:  "SAML Core 3.3.2.2.1; Regole tecniche SPID, Messaggi di anomalia, riga 12",
		Check: func(s *Subject) error {
			l, c, _ := Requested(s.request)
			if _, ok := spid.Perform(l, c); !ok {
				return fault(comparisonPath, string(c)+" "+l.URI(), "exact | minimum | maximum")
			}
			return nil
		},
	},
	{
		ID: "AR-45", Aliases: []string{"REQ-15"}, Severity: Warning, Anomaly: spid.BadAttributeSet, FoundIn: twoTools,
		Title: Text{"AttributeConsumingServiceIndex è presente", "AttributeConsumingServiceIndex is present"},
		Remedy: Text{"Aggiungi l'indice dell'insieme di attributi che ti serve. Senza, la risposta non contiene attributi.",
			"Add the index of the attribute set that you need. Without it the answer has no attributes."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest e Assertion",
		Check: func(s *Subject) error {
			if !has(s.root, "AttributeConsumingServiceIndex") {
				return fault(setIndexPath, "", attributeSets(s.SP.SP))
			}
			return nil
		},
	},
	{
		ID: "AR-47", Aliases: []string{"AR-46"}, Strict: true, Anomaly: spid.BadAttributeSet, FoundIn: twoTools,
		Applies: func(s *Subject) bool { return has(s.root, "AttributeConsumingServiceIndex") },
		Title:   Text{"AttributeConsumingServiceIndex è un intero da 0 a 65535", "AttributeConsumingServiceIndex is an integer from 0 to 65535"},
		Remedy:  Text{"Scrivi il numero di un insieme di attributi dei metadati.", "Write the number of an attribute set of the metadata."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 18",
		Check: func(s *Subject) error {
			v := attr(s.root, "AttributeConsumingServiceIndex")
			if _, ok := unsignedShort(v); !ok {
				return fault(setIndexPath, v, "0 … 65535")
			}
			return nil
		},
	},
	{
		ID: "AR-48", Aliases: []string{"REQ-14"}, Strict: true, Anomaly: spid.BadAttributeSet, FoundIn: everyTool,
		Applies: func(s *Subject) bool {
			_, ok := unsignedShort(attr(s.root, "AttributeConsumingServiceIndex"))
			return ok
		},
		Title: Text{"AttributeConsumingServiceIndex è tra quelli dei metadati", "AttributeConsumingServiceIndex is one of the metadata"},
		Remedy: Text{"Usa uno degli indici registrati, oppure aggiungi l'insieme ai metadati e registrali di nuovo.",
			"Use one of the registered indexes, or add the set to the metadata and register it again."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 18",
		Check: func(s *Subject) error {
			v := attr(s.root, "AttributeConsumingServiceIndex")
			n, _ := unsignedShort(v)
			if _, ok := s.SP.SP.AttributeConsumingService(n); !ok {
				return fault(setIndexPath, v, attributeSets(s.SP.SP))
			}
			return nil
		},
	},
}

func hasPolicy(s *Subject) bool { return saml.Child(s.root, saml.NSProtocol, "NameIDPolicy") != nil }

// classRefKnown asks for a readable level: in strict mode the one reference, in relaxed mode any of several.
func classRefKnown(s *Subject) error {
	refs := saml.Children(requestedContext(s), saml.NSAssertion, "AuthnContextClassRef")
	first := ""
	for i, ref := range refs {
		v := text(ref)
		if _, ok := spid.ParseLevel(v); ok {
			return nil
		}
		if i == 0 {
			first = v
		}
	}
	return fault(classRefPath, first, levels)
}

// attributeSets lists the declared indexes, for the Wanted of a finding.
func attributeSets(sp *saml.SPSSODescriptor) string {
	var list []string
	for _, set := range sp.AttributeConsumingServices {
		list = append(list, strconv.Itoa(set.Index))
	}
	return strings.Join(list, " | ")
}

func hasContext(s *Subject) bool { return requestedContext(s) != nil }

// requestedContext returns the first RequestedAuthnContext of the request, or nil.
func requestedContext(s *Subject) *etree.Element {
	return saml.Child(s.root, saml.NSProtocol, "RequestedAuthnContext")
}
