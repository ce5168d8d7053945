package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// maxValidity bounds how long an Assertion may say that it holds (SEC-44): the usual five minutes, twelve times.
const maxValidity = time.Hour

const (
	assertionPath  = "Response/Assertion"
	nameIDPath     = assertionPath + "/Subject/NameID"
	confirmPath    = assertionPath + "/Subject/SubjectConfirmation"
	confirmedPath  = confirmPath + "/SubjectConfirmationData"
	validityPath   = assertionPath + "/Conditions"
	audiencePath   = validityPath + "/AudienceRestriction/Audience"
	statementPath  = assertionPath + "/AuthnStatement"
	levelPath      = statementPath + "/AuthnContext/AuthnContextClassRef"
	attributesPath = assertionPath + "/AttributeStatement"
)

// responseAssertion is what the Assertion says of itself. Every row from here on reads the verified Assertion and
// nothing else.
var responseAssertion = []Rule{
	{
		ID: "AST-01a", Aliases: []string{"AST-01"}, Applies: hasAssertion,
		Title:  Text{"ID dell'Assertion è presente ed è un NCName", "ID of the Assertion is present and an NCName"},
		Remedy: Text{"Genera un ID nuovo per ogni Assertion, diverso da quello della Response.", "Make a new ID for each Assertion, other than that of the Response."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check: func(s *Subject) error {
			if id := attr(s.assertion, "ID"); !saml.IsNCName(id) || id == attr(s.root, "ID") {
				return fault(assertionPath+"/@ID", id, "NCName")
			}
			return nil
		},
	},
	{
		ID: "AST-01b", Cases: []string{"35"}, Applies: hasAssertion,
		Title:  Text{"Version dell'Assertion è 2.0", "Version of the Assertion is 2.0"},
		Remedy: Text{"Scrivi Version=\"2.0\".", "Write Version=\"2.0\"."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check:  func(s *Subject) error { return equals(assertionPath+"/@Version", attr(s.assertion, "Version"), "2.0") },
	},
	{
		ID: "AST-01c", Cases: []string{"36", "37", "38", "39", "40"}, Applies: hasAssertion,
		Title: Text{"IssueInstant dell'Assertion è in UTC, non prima della richiesta e non nel futuro",
			"IssueInstant of the Assertion is in UTC, not before the request and not in the future"},
		Remedy: Text{"Scrivi l'istante di emissione in UTC e sincronizza gli orologi.", "Write the instant of issue in UTC and synchronise the clocks."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check: func(s *Subject) error {
			return s.issuedBetween(assertionPath+"/@IssueInstant", attr(s.assertion, "IssueInstant"))
		},
	},
	{
		ID: "AST-02a", Aliases: []string{"AST-02"}, Cases: []string{"67", "68", "69"}, Applies: hasAssertion,
		Title:  Text{"Issuer dell'Assertion è l'entityID del gestore", "Issuer of the Assertion is the entityID of the provider"},
		Remedy: Text{"Scrivi in Issuer l'entityID dei metadati del gestore.", "Write the entityID of the provider's metadata into Issuer."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check: func(s *Subject) error {
			if err := exactly(1, s.assertion, saml.NSAssertion, "Issuer", assertionPath+"/Issuer"); err != nil {
				return err
			}
			return s.isIdP(assertionPath+"/Issuer", text(issuer(s.assertion)))
		},
	},
	{
		ID: "AST-02b", Cases: []string{"70", "71", "72"}, Applies: func(s *Subject) bool { return hasAssertion(s) && !s.CIE },
		Title:  Text{"Issuer dell'Assertion ha Format entity", "Issuer of the Assertion has the Format entity"},
		Remedy: Text{"Aggiungi Format con il valore atteso: nell'Assertion è obbligatorio.", "Add Format with the value wanted: in the Assertion it is mandatory."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check: func(s *Subject) error {
			return equals(assertionPath+"/Issuer/@Format", attr(issuer(s.assertion), "Format"), saml.FormatEntity)
		},
	},
}

// responseSubject is whom the Assertion speaks of and who may present it.
var responseSubject = []Rule{
	{
		ID: "AST-04a", Aliases: []string{"AST-04"}, Cases: []string{"41", "42", "43", "44"}, Applies: hasAssertion,
		Title:  Text{"Subject ha un NameID, non vuoto", "Subject has one NameID, not empty"},
		Remedy: Text{"Scrivi in NameID un codice nuovo e opaco.", "Write a fresh opaque value into NameID."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			if err := exactly(1, subject(s), saml.NSAssertion, "NameID", nameIDPath); err != nil {
				return err
			}
			return filled(nameIDPath, text(nameID(s)), "1 …")
		},
	},
	{
		ID: "AST-04b", Cases: []string{"45", "46", "47"}, Applies: hasNameID,
		Title:  Text{"NameID ha Format transient", "NameID has the Format transient"},
		Remedy: Text{"Usa il formato transient.", "Use the format transient."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			return equals(nameIDPath+"/@Format", attr(nameID(s), "Format"), saml.FormatTransient)
		},
	},
	{
		ID: "AST-04c", Cases: []string{"48", "49", "50"}, Applies: hasNameID,
		Title:  Text{"NameQualifier di NameID è l'entityID del gestore", "NameQualifier of NameID is the entityID of the provider"},
		Remedy: Text{"Scrivi in NameQualifier l'entityID del gestore.", "Write the entityID of the provider into NameQualifier."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check:  func(s *Subject) error { return s.isIdP(nameIDPath+"/@NameQualifier", attr(nameID(s), "NameQualifier")) },
	},
	{
		ID: "AST-06", Cases: []string{"52", "53", "54", "55"}, Applies: hasAssertion,
		Title:  Text{"C'è un SubjectConfirmation con Method bearer", "There is one SubjectConfirmation with the Method bearer"},
		Remedy: Text{"Aggiungi un solo SubjectConfirmation con Method bearer.", "Add a single SubjectConfirmation with the Method bearer."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject; SAML Profiles 4.1.4.2",
		Check: func(s *Subject) error {
			if err := exactly(1, subject(s), saml.NSAssertion, "SubjectConfirmation", confirmPath); err != nil {
				return err
			}
			return equals(confirmPath+"/@Method", attr(confirmation(s), "Method"), saml.MethodBearer)
		},
	},
	{
		ID: "AST-07a", Aliases: []string{"AST-07"}, Cases: []string{"51", "56"}, Applies: hasAssertion,
		Title:  Text{"SubjectConfirmation ha un SubjectConfirmationData", "SubjectConfirmation has one SubjectConfirmationData"},
		Remedy: Text{"Aggiungi SubjectConfirmationData con Recipient, NotOnOrAfter e InResponseTo.", "Add SubjectConfirmationData with Recipient, NotOnOrAfter and InResponseTo."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			return exactly(1, confirmation(s), saml.NSAssertion, "SubjectConfirmationData", confirmedPath)
		},
	},
	{
		ID: "AST-07b", Aliases: []string{"SPV-02"}, Cases: []string{"57", "58", "59"}, Applies: hasConfirmed,
		Title:  Text{"Recipient è l'indirizzo che ha ricevuto la Response", "Recipient is the address that received the Response"},
		Remedy: Text{"Scrivi in Recipient l'AssertionConsumerService, carattere per carattere.", "Write the AssertionConsumerService into Recipient, character by character."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			return equals(confirmedPath+"/@Recipient", attr(confirmed(s), "Recipient"), s.ACS)
		},
	},
	{
		ID: "AST-07c", Cases: []string{"60", "61", "62"}, Applies: hasConfirmed,
		Title:  Text{"InResponseTo di SubjectConfirmationData è l'ID della richiesta", "InResponseTo of SubjectConfirmationData is the ID of the request"},
		Remedy: Text{"Scrivi in InResponseTo l'ID della richiesta a cui rispondi.", "Write the ID of the request that you answer into InResponseTo."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			return s.answers(confirmedPath+"/@InResponseTo", attr(confirmed(s), "InResponseTo"))
		},
	},
	{
		ID: "AST-07d", Cases: []string{"63", "64", "65", "66"}, Applies: hasConfirmed,
		Title:  Text{"NotOnOrAfter di SubjectConfirmationData è in UTC e non è passato", "NotOnOrAfter of SubjectConfirmationData is in UTC and has not passed"},
		Remedy: Text{"Dai alla risposta alcuni minuti di validità e sincronizza gli orologi.", "Give the answer some minutes of validity and synchronise the clocks."},
		Source: "Regole tecniche SPID, SSO, Assertion, Subject",
		Check: func(s *Subject) error {
			return s.notPassed(confirmedPath+"/@NotOnOrAfter", attr(confirmed(s), "NotOnOrAfter"))
		},
	},
	{
		ID: "AST-07e", Applies: hasConfirmed,
		Title:  Text{"SubjectConfirmationData non ha NotBefore", "SubjectConfirmationData has no NotBefore"},
		Remedy: Text{"Togli NotBefore: con il metodo bearer è vietato.", "Remove NotBefore: with the method bearer it is forbidden."},
		Source: "SAML Profiles 4.1.4.2",
		Check: func(s *Subject) error {
			if has(confirmed(s), "NotBefore") {
				return fault(confirmedPath+"/@NotBefore", attr(confirmed(s), "NotBefore"), "")
			}
			return nil
		},
	},
}

// responseConditions is when and for whom the Assertion holds.
var responseConditions = []Rule{
	{
		ID: "AST-08a", Aliases: []string{"AST-08"}, Cases: []string{"74"}, Applies: hasAssertion,
		Title:  Text{"C'è un Conditions", "There is one Conditions"},
		Remedy: Text{"Aggiungi Conditions con il periodo di validità e il destinatario.", "Add Conditions with the period of validity and the audience."},
		Source: "Regole tecniche SPID, SSO, Assertion, Conditions",
		Check:  func(s *Subject) error { return exactly(1, s.assertion, saml.NSAssertion, "Conditions", validityPath) },
	},
	{
		ID: "AST-08b", Cases: []string{"75", "76", "77", "78"}, Applies: hasValidity,
		Title:  Text{"NotBefore di Conditions è in UTC e già passato", "NotBefore of Conditions is in UTC and has come"},
		Remedy: Text{"Scrivi in NotBefore l'istante di emissione e sincronizza gli orologi.", "Write the instant of issue into NotBefore and synchronise the clocks."},
		Source: "Regole tecniche SPID, SSO, Assertion, Conditions",
		Check: func(s *Subject) error {
			v := attr(validity(s), "NotBefore")
			at, ok := utc(v)
			if !ok {
				return fault(validityPath+"/@NotBefore", v, instantForm)
			}
			if limit := s.Now.Add(s.window(DefaultSkew)); at.After(limit) {
				return fault(validityPath+"/@NotBefore", v, "≤ "+limit.UTC().Format(instantOut))
			}
			return nil
		},
	},
	{
		ID: "AST-08c", Cases: []string{"79", "80", "81", "82"}, Applies: hasValidity,
		Title:  Text{"NotOnOrAfter di Conditions è in UTC e non è passato", "NotOnOrAfter of Conditions is in UTC and has not passed"},
		Remedy: Text{"Dai alla risposta alcuni minuti di validità e sincronizza gli orologi.", "Give the answer some minutes of validity and synchronise the clocks."},
		Source: "Regole tecniche SPID, SSO, Assertion, Conditions",
		Check: func(s *Subject) error {
			return s.notPassed(validityPath+"/@NotOnOrAfter", attr(validity(s), "NotOnOrAfter"))
		},
	},
	{
		ID: "AST-09", Aliases: []string{"SEC-44"}, Applies: hasValidity,
		Title:  Text{"La validità non supera un'ora", "The validity is one hour at most"},
		Remedy: Text{"Dai alla risposta alcuni minuti di validità, di solito cinque.", "Give the answer some minutes of validity, mostly five."},
		Source: "regola di sicurezza SEC-44; SAML Profiles 4.1.4.2",
		Check:  shortLived,
	},
	{
		ID: "AST-08d", Cases: []string{"73", "83", "84", "85", "86", "87"}, Applies: hasValidity,
		Title:  Text{"Ogni AudienceRestriction comprende l'entityID del servizio", "Each AudienceRestriction includes the entityID of the service"},
		Remedy: Text{"Scrivi in Audience l'entityID che stava in Issuer della richiesta.", "Write the entityID that stood in the request's Issuer into Audience."},
		Source: "Regole tecniche SPID, SSO, Assertion, Conditions",
		Check:  audienceNamed,
	},
}

// responseStatement is how and when the person was authenticated.
var responseStatement = []Rule{
	{
		ID: "AST-14a", Aliases: []string{"AST-14"}, Cases: []string{"89"}, Applies: hasAssertion,
		Title:  Text{"C'è un AuthnStatement", "There is one AuthnStatement"},
		Remedy: Text{"Aggiungi un solo AuthnStatement.", "Add a single AuthnStatement."},
		Source: "Regole tecniche SPID, SSO, Assertion, AuthnStatement",
		Check: func(s *Subject) error {
			return exactly(1, s.assertion, saml.NSAssertion, "AuthnStatement", statementPath)
		},
	},
	{
		ID: "AST-10", Applies: hasStatement,
		Title:  Text{"AuthnInstant è in UTC e non nel futuro", "AuthnInstant is in UTC and not in the future"},
		Remedy: Text{"Scrivi in AuthnInstant il momento dell'autenticazione, in UTC.", "Write the moment of the authentication into AuthnInstant, in UTC."},
		Source: "Regole tecniche SPID, SSO, Assertion, AuthnStatement; SAML Core 2.7.2",
		Check: func(s *Subject) error {
			v := attr(statement(s), "AuthnInstant")
			at, ok := utc(v)
			if !ok {
				return fault(statementPath+"/@AuthnInstant", v, instantForm)
			}
			if limit := s.Now.Add(s.window(DefaultSkew)); at.After(limit) {
				return fault(statementPath+"/@AuthnInstant", v, "≤ "+limit.UTC().Format(instantOut))
			}
			return nil
		},
	},
	{
		ID: "AST-14b", Cases: []string{"88", "90", "91", "92", "93", "97"}, Applies: hasStatement,
		Title:  Text{"AuthnContextClassRef è uno dei tre livelli di SPID", "AuthnContextClassRef is one of the three levels of SPID"},
		Remedy: Text{"Scrivi il livello eseguito, per esempio https://www.spid.gov.it/SpidL2.", "Write the level performed, for instance https://www.spid.gov.it/SpidL2."},
		Source: "Regole tecniche SPID, SSO, Assertion, AuthnStatement",
		Check: func(s *Subject) error {
			v := performed(s)
			if _, ok := spid.ParseLevel(v); !ok {
				return fault(levelPath, v, levels)
			}
			return nil
		},
	},
	{
		ID: "CMP-01", Cases: []string{"94", "95", "96"}, Applies: comparable,
		Title:  Text{"Il livello eseguito soddisfa quello chiesto", "The level performed satisfies the one asked for"},
		Remedy: Text{"Autentica la persona almeno al livello chiesto.", "Authenticate the person at least at the level asked for."},
		Source: "SAML Core 3.3.2.2.1; Regole tecniche SPID, SSO",
		Check: func(s *Subject) error {
			asked, c, _ := Requested(s.Request)
			got, _ := spid.ParseLevel(performed(s))
			if ok, _ := got.Satisfies(asked, c); !ok {
				return fault(levelPath, performed(s), string(c)+" "+asked.URI())
			}
			return nil
		},
	},
	{
		ID: "CMP-02", Severity: Warning, Applies: comparable,
		Title:  Text{"Il livello eseguito non è più alto di quello chiesto", "The level performed is not higher than the one asked for"},
		Remedy: Text{"Va bene così: un gestore può sempre usare un livello più alto.", "This is fine: a provider may always use a higher level."},
		Source: "Regole tecniche SPID, SSO, nota a RequestedAuthnContext",
		Check: func(s *Subject) error {
			asked, c, _ := Requested(s.Request)
			got, _ := spid.ParseLevel(performed(s))
			if ok, higher := got.Satisfies(asked, c); ok && higher {
				return fault(levelPath, performed(s), string(c)+" "+asked.URI())
			}
			return nil
		},
	},
	{
		// Official case 1-NS accepts its absence at levels 2 and 3; real providers always send it.
		ID: "AST-12", Aliases: []string{"AST-11"}, Severity: Warning, Applies: hasStatement,
		Title:  Text{"SessionIndex c'è al livello 1 e manca ai livelli 2 e 3", "SessionIndex is there at level 1 and missing at levels 2 and 3"},
		Remedy: Text{"Metti SessionIndex solo nelle asserzioni di livello 1.", "Put SessionIndex into assertions of level 1 alone."},
		Source: "Regole tecniche SPID, SSO, Assertion, AuthnStatement",
		Check: func(s *Subject) error {
			v, l1 := attr(statement(s), "SessionIndex"), performed(s) == spid.L1.URI()
			if l1 && v == "" {
				return fault(statementPath+"/@SessionIndex", "", "1 …")
			}
			if !l1 && has(statement(s), "SessionIndex") {
				return fault(statementPath+"/@SessionIndex", v, "")
			}
			return nil
		},
	},
	{
		ID: "AST-13", Severity: Warning, Applies: hasStatement,
		Title:  Text{"Non c'è SessionNotOnOrAfter", "There is no SessionNotOnOrAfter"},
		Remedy: Text{"Togli SessionNotOnOrAfter: il profilo di SPID non lo prevede.", "Remove SessionNotOnOrAfter: the profile of SPID does not foresee it."},
		Source: "Regole tecniche SPID, SSO, Assertion, AuthnStatement",
		Check: func(s *Subject) error {
			if has(statement(s), "SessionNotOnOrAfter") {
				return fault(statementPath+"/@SessionNotOnOrAfter", attr(statement(s), "SessionNotOnOrAfter"), "")
			}
			return nil
		},
	},
	{
		ID: "AST-15", Applies: hasAssertion,
		Title:  Text{"Non c'è Advice", "There is no Advice"},
		Remedy: Text{"Togli Advice: è riservato per usi futuri.", "Remove Advice: it is reserved for future use."},
		Source: "Regole tecniche SPID, SSO, Assertion",
		Check: func(s *Subject) error {
			return exactly(0, s.assertion, saml.NSAssertion, "Advice", assertionPath+"/Advice")
		},
	},
	{
		ID: "SEC-45", Applies: hasAssertion,
		Title:  Text{"L'Assertion ha solo gli elementi che SPID conosce, nell'ordine dello schema", "The Assertion has only elements that SPID knows, in the order of the schema"},
		Remedy: Text{"Ordine: Issuer, Signature, Subject, Conditions, AuthnStatement, AttributeStatement. Togli gli altri.", "Order: Issuer, Signature, Subject, Conditions, AuthnStatement, AttributeStatement. Remove others."},
		Source: "Schema saml-schema-assertion-2.0; regola di sicurezza SEC-45",
		Check: func(s *Subject) error {
			if err := validate(s.assertion, assertionType, assertionPath); err != nil {
				return err
			}
			return exactly(0, validity(s), saml.NSAssertion, "Condition", validityPath+"/Condition")
		},
	},
}

// responseReplay comes last, so that a Response that is refused anyway is not looked up.
var responseReplay = []Rule{
	{
		ID: "SPV-03", Aliases: []string{"SEC-42"},
		Applies: func(s *Subject) bool { return s.Consumed != nil },
		Title:   Text{"Response e Assertion non sono già state usate", "Response and Assertion were not used before"},
		Remedy:  Text{"Ricomincia l'accesso dal servizio: ogni risposta vale una volta sola.", "Start the login again from the service: each answer counts once."},
		Source:  "Regole tecniche SPID, SSO; SAML Profiles 4.1.4.5",
		Check: func(s *Subject) error {
			if id := attr(s.assertion, "ID"); id != "" && s.Consumed(id) {
				return fault(assertionPath+"/@ID", id, "≠ "+id)
			}
			if id := attr(s.root, "ID"); id != "" && s.Consumed(id) {
				return fault("Response/@ID", id, "≠ "+id)
			}
			return nil
		},
	},
}

func child(el *etree.Element, local string) *etree.Element {
	return saml.Child(el, saml.NSAssertion, local)
}

func hasAssertion(s *Subject) bool           { return s.assertion != nil }
func subject(s *Subject) *etree.Element      { return child(s.assertion, "Subject") }
func nameID(s *Subject) *etree.Element       { return child(subject(s), "NameID") }
func hasNameID(s *Subject) bool              { return nameID(s) != nil }
func confirmation(s *Subject) *etree.Element { return child(subject(s), "SubjectConfirmation") }
func confirmed(s *Subject) *etree.Element    { return child(confirmation(s), "SubjectConfirmationData") }
func hasConfirmed(s *Subject) bool           { return confirmed(s) != nil }
func validity(s *Subject) *etree.Element     { return child(s.assertion, "Conditions") }
func hasValidity(s *Subject) bool            { return validity(s) != nil }
func statement(s *Subject) *etree.Element    { return child(s.assertion, "AuthnStatement") }
func hasStatement(s *Subject) bool           { return statement(s) != nil }
func performed(s *Subject) string {
	return text(child(child(statement(s), "AuthnContext"), "AuthnContextClassRef"))
}

// comparable reports whether both levels can be read.
func comparable(s *Subject) bool {
	if s.Request == nil || !hasStatement(s) {
		return false
	}
	_, _, asked := Requested(s.Request)
	_, got := spid.ParseLevel(performed(s))
	return asked && got
}

// notPassed wants an instant after now; the skew is on our side.
func (s *Subject) notPassed(path, v string) error {
	at, ok := utc(v)
	if !ok {
		return fault(path, v, instantForm)
	}
	if limit := s.Now.Add(-s.window(DefaultSkew)); !at.After(limit) {
		return fault(path, v, "> "+limit.UTC().Format(instantOut))
	}
	return nil
}

// shortLived bounds both ends that the Assertion names.
func shortLived(s *Subject) error {
	limit := s.Now.Add(maxValidity + s.window(DefaultSkew))
	for _, e := range []struct {
		path string
		el   *etree.Element
	}{{validityPath, validity(s)}, {confirmedPath, confirmed(s)}} {
		v := attr(e.el, "NotOnOrAfter")
		if at, ok := utc(v); ok && at.After(limit) {
			return fault(e.path+"/@NotOnOrAfter", v, "≤ "+limit.UTC().Format(instantOut))
		}
	}
	return nil
}

// audienceNamed wants our entityID in every AudienceRestriction, of which there is at least one (SAML Core 2.5.1.4).
func audienceNamed(s *Subject) error {
	want := ""
	if s.SP != nil {
		want = s.SP.EntityID
	}
	list := saml.Children(validity(s), saml.NSAssertion, "AudienceRestriction")
	if len(list) == 0 {
		return fault(audiencePath, "", want)
	}
	for _, r := range list {
		var names []string
		for _, a := range saml.Children(r, saml.NSAssertion, "Audience") {
			names = append(names, text(a))
		}
		if want == "" || !slices.Contains(names, want) {
			return fault(audiencePath, strings.Join(names, " | "), want)
		}
	}
	return nil
}
