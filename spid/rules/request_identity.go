package rules

import (
	"strconv"
	"time"

	"spidsim/saml"
	"spidsim/spid"
)

// DefaultWindow bounds IssueInstant each way when Subject.Window is zero (REQ-05).
const DefaultWindow = 120 * time.Second

// maxID bounds the ID of a message, in octets (the limits on messages).
const maxID = 256

const (
	idPath          = "AuthnRequest/@ID"
	instantPath     = "AuthnRequest/@IssueInstant"
	destinationPath = "AuthnRequest/@Destination"
	passivePath     = "AuthnRequest/@IsPassive"
)

// requestIdentity is what the root says of itself: anomalies 9, 11, 13, 14 and 15.
var requestIdentity = []Rule{
	{
		ID: "AR-05", Aliases: []string{"AR-04", "REQ-03"}, Strict: true, Anomaly: spid.BadVersion, FoundIn: everyTool,
		Title:  Text{"Version è 2.0", "Version is 2.0"},
		Remedy: Text{"Scrivi Version=\"2.0\" su AuthnRequest.", "Write Version=\"2.0\" on AuthnRequest."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 9",
		Check:  func(s *Subject) error { return equals("AuthnRequest/@Version", attr(s.root, "Version"), "2.0") },
	},
	{
		ID: "AR-03", Aliases: []string{"AR-02", "REQ-01"}, Anomaly: spid.BadID, FoundIn: everyTool,
		Title: Text{"ID è presente ed è un NCName di al massimo 256 ottetti", "ID is present and an NCName of at most 256 octets"},
		Remedy: Text{"Genera un ID casuale che cominci con una lettera o con _ : un UUID nudo può cominciare con una cifra.",
			"Make a random ID that starts with a letter or with _ : a bare UUID may start with a digit."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 1.3.4; Messaggi di anomalia, riga 11",
		Check: func(s *Subject) error {
			if id := attr(s.root, "ID"); !saml.IsNCName(id) || len(id) > maxID {
				return fault(idPath, id, "NCName, 1 … "+strconv.Itoa(maxID))
			}
			return nil
		},
	},
	{
		ID: "REQ-02", Anomaly: spid.BadID,
		Applies: func(s *Subject) bool { return s.Seen != nil && saml.IsNCName(attr(s.root, "ID")) },
		Title:   Text{"ID non è già stato usato da questo servizio", "ID was not used before by this service"},
		Remedy: Text{"Genera un ID nuovo per ogni richiesta. Se hai ricaricato la pagina, ricomincia dal servizio.",
			"Make a new ID for each request. If you reloaded the page, start again from the service."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 11; SAML Core 1.3.4",
		Check: func(s *Subject) error {
			if id := attr(s.root, "ID"); s.Seen(s.SP.EntityID, id) {
				return fault(idPath, id, "≠ "+id)
			}
			return nil
		},
	},
	{
		ID: "AR-08", Aliases: []string{"AR-06", "AR-07", "REQ-04"}, Strict: true, Anomaly: spid.BadIssueInstant, FoundIn: everyTool,
		Title: Text{"IssueInstant è una data e ora UTC che finisce con Z", "IssueInstant is a date and time in UTC that ends in Z"},
		Remedy: Text{"Scrivi l'istante in UTC, per esempio 2026-11-22T09:00:00Z. I decimi di secondo sono ammessi.",
			"Write the instant in UTC, for instance 2026-11-22T09:00:00Z. Fractions of a second are allowed."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 1.3.3; Messaggi di anomalia, riga 13",
		Check:  func(s *Subject) error { return anInstant(instantPath, attr(s.root, "IssueInstant")) },
	},
	{
		ID: "AR-09", Aliases: []string{"REQ-05"}, Strict: true, Anomaly: spid.BadIssueInstant, FoundIn: testenv,
		Applies: func(s *Subject) bool { _, ok := instant(attr(s.root, "IssueInstant")); return ok },
		Title:   Text{"IssueInstant è vicino all'ora di arrivo (120 secondi, estremi compresi)", "IssueInstant is near the time of arrival (120 seconds, bounds included)"},
		Remedy: Text{"Sincronizza l'orologio del servizio con NTP. Nel simulatore controlla la data impostata.",
			"Synchronise the clock of the service by NTP. In the simulator check the date that is set."},
		Source: "Regole tecniche SPID, Messaggi di anomalia, riga 13; la finestra è quella dell'ambiente di test di AgID",
		Check: func(s *Subject) error {
			v := attr(s.root, "IssueInstant")
			at, _ := instant(v)
			w := s.window(DefaultWindow)
			if at.Before(s.Now.Add(-w)) || at.After(s.Now.Add(w)) {
				return fault(instantPath, v, between(s.Now.Add(-w), s.Now.Add(w)))
			}
			return nil
		},
	},
	{
		ID: "AR-12", Aliases: []string{"AR-10", "AR-11", "REQ-06"}, Strict: true, Anomaly: spid.BadDestination, FoundIn: everyTool,
		Title: Text{"Destination è l'indirizzo di accesso del gestore o il suo entityID", "Destination is the provider's sign-on address or its entityID"},
		Remedy: Text{"Copia in Destination la Location del SingleSignOnService dai metadati del gestore, per il binding che usi.",
			"Copy the Location of SingleSignOnService from the provider's metadata into Destination, for the binding you use."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; avviso SPID n. 11; Messaggi di anomalia, riga 14",
		Check: func(s *Subject) error {
			v := attr(s.root, "Destination")
			if v != "" && (v == s.Endpoint || s.IdP != nil && v == s.IdP.EntityID) {
				return nil
			}
			wanted := s.Endpoint
			if s.IdP != nil {
				wanted += " | " + s.IdP.EntityID
			}
			return fault(destinationPath, v, wanted)
		},
	},
	{
		// SAML leaves nothing to answer but NoPassive: every SPID login needs a page.
		ID: "REQ-16", Anomaly: spid.IsPassive, FoundIn: everyTool,
		Title: Text{"IsPassive non vale true", "IsPassive is not true"},
		Remedy: Text{"Togli IsPassive dalla richiesta: SPID ha sempre bisogno di mostrare una pagina alla persona.",
			"Take IsPassive out of the request: SPID always needs to show the person a page."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 15",
		Check: func(s *Subject) error {
			if v := attr(s.root, "IsPassive"); isTrue(v) {
				return fault(passivePath, v, "")
			}
			return nil
		},
	},
	{
		ID: "AR-15", Severity: Warning, Anomaly: spid.IsPassive, FoundIn: everyTool,
		Applies: func(s *Subject) bool { return !isTrue(attr(s.root, "IsPassive")) },
		Title:   Text{"IsPassive è assente", "IsPassive is absent"},
		Remedy: Text{"Togli l'attributo. Con false si va avanti; con true sarebbe l'anomalia 15.",
			"Remove the attribute. With false the login goes on; with true it would be anomaly 15."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest",
		Check: func(s *Subject) error {
			if has(s.root, "IsPassive") {
				return fault(passivePath, attr(s.root, "IsPassive"), "")
			}
			return nil
		},
	},
}

// window returns the tolerance of times, or the default when none is set.
func (s *Subject) window(otherwise time.Duration) time.Duration {
	if s.Window > 0 {
		return s.Window
	}
	return otherwise
}

func isTrue(v string) bool {
	b, ok := xsBoolean(v)
	return ok && b
}
