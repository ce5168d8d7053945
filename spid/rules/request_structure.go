package rules

import (
	"slices"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// nsSPID is the namespace of SPID's own elements, as spid:Purpose.
const nsSPID = "https://spid.gov.it/saml-extensions"

const (
	extensionsPath = "AuthnRequest/Extensions"
	subjectPath    = "AuthnRequest/Subject"
	subjectIDPath  = subjectPath + "/NameID"
	conditionsPath = "AuthnRequest/Conditions"
	scopingPath    = "AuthnRequest/Scoping"
	forcePath      = "AuthnRequest/@ForceAuthn"
)

// requestStructure is anomaly 8: what is in the request at all, where it stands, and the schema as a whole.
var requestStructure = []Rule{
	{
		ID: "AR-124", Aliases: []string{"BIND-05", "SEC-32"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: testenv, Applies: onRedirect,
		Title:  Text{"Con HTTP-Redirect il messaggio XML non contiene ds:Signature", "On HTTP-Redirect the XML message has no ds:Signature"},
		Remedy: Text{"Togli la firma dal documento: con HTTP-Redirect firma solo la query.", "Take the signature out of the document: on HTTP-Redirect sign the query alone."},
		Source: "SAML Bindings 3.4.4.1; Regole tecniche SPID, Binding",
		Check: func(s *Subject) error {
			return exactly(0, s.root, saml.NSSignature, "Signature", signaturePath)
		},
	},
	{
		ID: "AR-22", Aliases: []string{"SEC-16"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: testenv,
		Title: Text{"AuthnRequest contiene solo elementi che SAML prevede", "AuthnRequest holds only elements that SAML foresees"},
		Remedy: Text{"Togli l'elemento in più. Le estensioni vanno dentro samlp:Extensions.",
			"Take the extra element out. Extensions go into samlp:Extensions."},
		Source: "SAML Core 3.4.1; schema saml-schema-protocol-2.0",
		Check: func(s *Subject) error {
			for _, c := range elements(s.root) {
				if !requestType.knows(c) {
					return fault("AuthnRequest/"+c.Tag, "{"+c.NamespaceURI()+"}"+c.Tag, "")
				}
			}
			return nil
		},
	},
	{
		ID: "REQ-33", Aliases: []string{"PUR-05"}, Strict: true, Anomaly: spid.NotConforming,
		Applies: func(s *Subject) bool { return saml.Child(s.root, saml.NSProtocol, "Extensions") != nil },
		Title:   Text{"Extensions viene subito dopo Issuer (e Signature)", "Extensions comes right after Issuer (and Signature)"},
		Remedy:  Text{"Sposta samlp:Extensions: prima di Subject, NameIDPolicy e di ogni altro elemento.", "Move samlp:Extensions: before Subject, NameIDPolicy and all other elements."},
		Source:  "SAML Core 3.2.1; schema saml-schema-protocol-2.0",
		Check: func(s *Subject) error {
			for _, c := range elements(s.root) {
				switch {
				case saml.Is(c, saml.NSProtocol, "Extensions"):
					return nil
				case !saml.Is(c, saml.NSAssertion, "Issuer") && !saml.Is(c, saml.NSSignature, "Signature"):
					return fault(extensionsPath, c.Tag+", Extensions", "Issuer, Extensions, "+c.Tag)
				}
			}
			return nil
		},
	},
	{
		ID: "AR-101", Aliases: []string{"PUR-04", "PUR-02"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: []string{toolCheck},
		Applies: func(s *Subject) bool { return len(purposes(s.root)) > 0 },
		Title:   Text{"spid:Purpose compare al massimo una volta e vale P, LP, PG, PF o PX", "spid:Purpose stands at most once and is P, LP, PG, PF or PX"},
		Remedy:  Text{"Usa uno dei cinque valori, oppure togli l'elemento: vale allora la persona fisica.", "Use one of the five values, or remove the element: then natural persons are meant."},
		Source:  "Avviso SPID n. 18 v2",
		Check: func(s *Subject) error {
			list := purposes(s.root)
			if len(list) > 1 {
				return fault(extensionsPath+"/Purpose", count(len(list)), "1")
			}
			if v := text(list[0]); !slices.Contains([]string{"P", "LP", "PG", "PF", "PX"}, strings.TrimSpace(v)) {
				return fault(extensionsPath+"/Purpose", v, "P | LP | PG | PF | PX")
			}
			return nil
		},
	},
	{
		ID: "AR-50", Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools,
		Title:  Text{"C'è al massimo un Subject", "There is at most one Subject"},
		Remedy: Text{"Lascia un solo saml:Subject, o nessuno.", "Leave a single saml:Subject, or none."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check:  func(s *Subject) error { return atMostOne(s.root, saml.NSAssertion, "Subject", subjectPath) },
	},
	{
		ID: "AR-51", Aliases: []string{"REQ-29"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools, Applies: hasSubject,
		Title:  Text{"Subject contiene esattamente un NameID", "Subject holds exactly one NameID"},
		Remedy: Text{"Metti in Subject un solo NameID con il nome utente, oppure togli Subject.", "Put a single NameID with the user name into Subject, or remove Subject."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return exactly(1, requestSubject(s), saml.NSAssertion, "NameID", subjectIDPath)
		},
	},
	{
		ID: "AR-54", Aliases: []string{"AR-52", "AR-53"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools, Applies: hasSubjectID,
		Title:  Text{"NameID di Subject ha Format unspecified", "NameID of Subject has the Format unspecified"},
		Remedy: Text{"Usa urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified. È accettata anche la scrittura con 2.0.", "Use urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified. The spelling with 2.0 is accepted too."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 8.3.1",
		Check: func(s *Subject) error {
			return in(subjectIDPath+"/@Format", attr(requestSubjectID(s), "Format"), saml.FormatUnspecified, saml.FormatUnspecified20)
		},
	},
	{
		ID: "AR-56", Aliases: []string{"AR-55"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools, Applies: hasSubjectID,
		Title:  Text{"NameID di Subject ha NameQualifier, non vuoto", "NameID of Subject has NameQualifier, not empty"},
		Remedy: Text{"Aggiungi NameQualifier: un URI che qualifica il nome, per esempio l'entityID del gestore.", "Add NameQualifier: a URI that qualifies the name, for instance the provider's entityID."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return filled(subjectIDPath+"/@NameQualifier", attr(requestSubjectID(s), "NameQualifier"), "URI")
		},
	},
	{
		ID: "AR-80", Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools,
		Title:  Text{"C'è al massimo un Conditions", "There is at most one Conditions"},
		Remedy: Text{"Lascia un solo saml:Conditions, o nessuno.", "Leave a single saml:Conditions, or none."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check:  func(s *Subject) error { return atMostOne(s.root, saml.NSAssertion, "Conditions", conditionsPath) },
	},
	{
		ID: "AR-83", Aliases: []string{"AR-81", "AR-82"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: everyTool, Applies: hasConditions,
		Title:  Text{"Conditions ha NotBefore in UTC", "Conditions has NotBefore in UTC"},
		Remedy: Text{"Aggiungi NotBefore, per esempio 2026-11-22T09:00:00Z, oppure togli Conditions.", "Add NotBefore, for instance 2026-11-22T09:00:00Z, or remove Conditions."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return anInstant(conditionsPath+"/@NotBefore", attr(requestConditions(s), "NotBefore"))
		},
	},
	{
		ID: "AR-86", Aliases: []string{"AR-84", "AR-85"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: everyTool, Applies: hasConditions,
		Title:  Text{"Conditions ha NotOnOrAfter in UTC", "Conditions has NotOnOrAfter in UTC"},
		Remedy: Text{"Aggiungi NotOnOrAfter, per esempio 2026-11-22T09:05:00Z, oppure togli Conditions.", "Add NotOnOrAfter, for instance 2026-11-22T09:05:00Z, or remove Conditions."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return anInstant(conditionsPath+"/@NotOnOrAfter", attr(requestConditions(s), "NotOnOrAfter"))
		},
	},
	{
		ID: "AR-87", Strict: true, Anomaly: spid.NotConforming, FoundIn: testenv, Applies: hasConditions,
		Title:  Text{"Conditions non contiene elementi", "Conditions holds no elements"},
		Remedy: Text{"Lascia solo gli attributi NotBefore e NotOnOrAfter.", "Leave the attributes NotBefore and NotOnOrAfter alone."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			if list := elements(requestConditions(s)); len(list) > 0 {
				return fault(conditionsPath+"/"+list[0].Tag, list[0].Tag, "")
			}
			return nil
		},
	},
	{
		ID: "REQ-30", Severity: Warning, Anomaly: spid.NotConforming, Applies: hasWindow,
		Title:  Text{"Adesso è dentro il periodo di Conditions", "Now lies within the period of Conditions"},
		Remedy: Text{"Controlla l'orologio e il periodo che chiedi. Il gestore può non tenerne conto.", "Check the clock and the period that you ask for. The provider may disregard it."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 2.5.1.2",
		Check: func(s *Subject) error {
			c := requestConditions(s)
			from, _ := utc(attr(c, "NotBefore"))
			to, _ := utc(attr(c, "NotOnOrAfter"))
			if w := s.window(DefaultWindow); s.Now.Add(w).Before(from) || !s.Now.Add(-w).Before(to) {
				return fault(conditionsPath, between(from, to), s.Now.UTC().Format(instantOut))
			}
			return nil
		},
	},
	{
		ID: "AR-100", Aliases: []string{"REQ-31"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: testenv,
		Applies: func(s *Subject) bool { return saml.Child(s.root, saml.NSProtocol, "Scoping") != nil },
		Title:   Text{"Scoping ha ProxyCount=\"0\"", "Scoping has ProxyCount=\"0\""},
		Remedy:  Text{"Imposta ProxyCount a 0, oppure togli Scoping.", "Set ProxyCount to 0, or remove Scoping."},
		Source:  "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			return equals(scopingPath+"/@ProxyCount", attr(saml.Child(s.root, saml.NSProtocol, "Scoping"), "ProxyCount"), "0")
		},
	},
	{
		ID: "AR-17", Aliases: []string{"AR-16", "AR-18", "AR-19", "REQ-07", "REQ-08", "REQ-09"}, Strict: true, Anomaly: spid.NotConforming, FoundIn: twoTools,
		Applies: func(s *Subject) bool { l, _, ok := Requested(s.request); return ok && l >= spid.L2 },
		Title:   Text{"Con il livello 2 o 3 ForceAuthn è presente e vale true", "At level 2 or 3 ForceAuthn is present and true"},
		Remedy: Text{"Aggiungi ForceAuthn=\"true\". Ai livelli 2 e 3 la persona si autentica comunque di nuovo.",
			"Add ForceAuthn=\"true\". At levels 2 and 3 the person authenticates afresh in any case."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			if v := attr(s.root, "ForceAuthn"); !isTrue(v) {
				return fault(forcePath, v, "true")
			}
			return nil
		},
	},
	{
		ID: "AR-XSD-01", Strict: true, Anomaly: spid.NotConforming, FoundIn: everyTool,
		Title: Text{"La richiesta rispetta lo schema di SAML: ordine degli elementi, attributi e tipi dei valori",
			"The request keeps to the SAML schema: order of elements, attributes and types of values"},
		Remedy: Text{"Rimetti gli elementi nell'ordine dello schema e togli gli attributi che SAML non prevede.",
			"Put the elements back into the order of the schema and remove the attributes that SAML does not foresee."},
		Source: "Schema saml-schema-protocol-2.0; Regole tecniche SPID, Messaggi di anomalia, riga 8",
		Check:  func(s *Subject) error { return validate(s.root, requestType, "AuthnRequest") },
	},
}

// requestRest is what no anomaly answers.
var requestRest = []Rule{
	{
		ID: "AR-21", Aliases: []string{"REQ-17"}, Severity: Warning, Anomaly: spid.NotConforming, FoundIn: testenv,
		Title:  Text{"AuthnRequest ha solo attributi di cui SPID parla", "AuthnRequest has only attributes that SPID speaks of"},
		Remedy: Text{"Togli gli attributi in più: il gestore li ignora.", "Remove the extra attributes: the provider ignores them."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 3.4.1",
		Check: func(s *Subject) error {
			var extra []string
			for _, a := range plainAttrs(s.root) {
				if !slices.Contains(spokenOf, a.FullKey()) {
					extra = append(extra, a.FullKey())
				}
			}
			if extra == nil {
				return nil
			}
			return fault("AuthnRequest/@"+extra[0], strings.Join(extra, ", "), "")
		},
	},
	{
		ID: "AR-130", Severity: Warning, FoundIn: twoTools,
		Title:  Text{"RelayState è presente e non vuoto", "RelayState is present and not empty"},
		Remedy: Text{"Invia un codice casuale in RelayState: ti torna indietro con la risposta.", "Send a random token in RelayState: it comes back with the answer."},
		Source: "Regole tecniche SPID, Binding; SAML Bindings 3.4.3",
		Check: func(s *Subject) error {
			if s.Arrival.RelayState == "" {
				return fault(saml.ParamRelayState, "", "1 … 80")
			}
			return nil
		},
	},
	{
		ID: "AR-131", Aliases: []string{"BIND-13"}, Severity: Warning, FoundIn: twoTools,
		Title:  Text{"RelayState non lascia capire quale pagina è stata chiesta", "RelayState does not reveal which page was asked for"},
		Remedy: Text{"Non mettere un indirizzo in RelayState: usa un codice e tieni l'indirizzo nella sessione.", "Do not put an address into RelayState: use a token and keep the address in the session."},
		Source: "Regole tecniche SPID, Binding",
		Check: func(s *Subject) error {
			if v := s.Arrival.RelayState; strings.Contains(strings.ToLower(v), "http") {
				return fault(saml.ParamRelayState, v, "≠ http…")
			}
			return nil
		},
	},
}

// spokenOf are the attributes that the rules name. ProviderName is plain SAML, does no harm and many libraries
// send it (REQ-17); IsPassive has a row of its own.
var spokenOf = []string{
	"ID", "Version", "IssueInstant", "Destination", "ForceAuthn", "IsPassive", "AttributeConsumingServiceIndex",
	"AssertionConsumerServiceIndex", "AssertionConsumerServiceURL", "ProtocolBinding", "ProviderName",
}

// purposes returns the spid:Purpose elements directly below Extensions (SEC-16).
func purposes(root *etree.Element) []*etree.Element {
	return saml.Children(saml.Child(root, saml.NSProtocol, "Extensions"), nsSPID, "Purpose")
}

func requestSubject(s *Subject) *etree.Element {
	return saml.Child(s.root, saml.NSAssertion, "Subject")
}
func hasSubject(s *Subject) bool { return requestSubject(s) != nil }
func requestSubjectID(s *Subject) *etree.Element {
	return saml.Child(requestSubject(s), saml.NSAssertion, "NameID")
}
func hasSubjectID(s *Subject) bool { return requestSubjectID(s) != nil }

func requestConditions(s *Subject) *etree.Element {
	return saml.Child(s.root, saml.NSAssertion, "Conditions")
}
func hasConditions(s *Subject) bool { return requestConditions(s) != nil }

func hasWindow(s *Subject) bool {
	_, from := utc(attr(requestConditions(s), "NotBefore"))
	_, to := utc(attr(requestConditions(s), "NotOnOrAfter"))
	return from && to
}
