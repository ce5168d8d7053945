package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

func samplePortal() Portal {
	return Portal{Name: sampleService, Address: "localhost:8089", Console: "http://localhost:8088"}
}

func portalPointer() *Portal {
	o := samplePortal()
	return &o
}

const sampleResponse = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0" IssueInstant="2026-11-22T08:41:20Z" Destination="http://localhost:8089/spid/acs" InResponseTo="_3f0a9c52d1b84e77"><saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity">http://localhost:8088/idp/prova</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="_a2" Version="2.0" IssueInstant="2026-11-22T08:41:20Z"><saml:Issuer>http://localhost:8088/idp/prova</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">_n1</saml:NameID></saml:Subject></saml:Assertion></samlp:Response>`

func galleryPortal() []Sample {
	home := func(p ui.Page) SPHomeView {
		return SPHomeView{
			Portal: samplePortal(),
			Gestori: []SPGestore{
				{Slug: "prova", Name: "Gestore di prova", Badge: "GP"}, {Slug: "alfa", Name: "Gestore Alfa", Badge: "AL"}, {Slug: "beta", Name: "Gestore Beta", Badge: "BE"},
				{Slug: "gamma", Name: "Gestore Gamma", Badge: "GA", Off: p.Pick("in manutenzione fino alle 12:00", "under maintenance until 12:00")},
			},
			Sets: []AttributeSet{{Index: "0", Name: "Servizi al cittadino", Names: []string{"name", "familyName", "fiscalNumber"}}, {Index: "1", Name: "Contatti", Names: []string{"email"}}},
		}
	}
	out := func(p ui.Page) SPHomeView {
		v := home(p)
		v.LoggedOut, v.Level = true, spid.L3
		return v
	}
	inside := samplePortal()
	inside.User = "Ivo Xandrelli"
	user := SPUserView{
		Portal: inside, Gestore: "Gestore di prova", GestoreBadge: "GP", Level: spid.L2, Asked: spid.L2, Attributes: sampleAttributes(), NameID: "_9d3c0a7be21f4c68",
		AuthnInstant: sampleTime, ResponseID: "_a1", RequestID: "_3f0a9c52d1b84e77", Binding: "HTTP-POST", Checks: 48,
		Document: &ui.Document{Title: "Response, HTTP-POST", XML: []byte(sampleResponse)}, LogoutURL: "/spid/logout",
	}
	bare := user
	bare.Attributes, bare.Level, bare.Asked, bare.SessionIndex, bare.Portal.User = nil, spid.L2, spid.L1, "_session1", ""
	denied := SPErrorView{Portal: samplePortal(), Anomaly: spid.ConsentDenied, Gestore: "Gestore di prova", Reference: sampleReference, At: sampleTime, RetryURL: "/spid/login?idp=prova",
		Document: &ui.Document{Title: "Response, HTTP-POST", XML: []byte(sampleResponse)}}
	ours := denied
	ours.Anomaly = spid.BadDestination
	refused := func(p ui.Page) SPErrorView {
		return SPErrorView{Portal: samplePortal(), Gestore: "Gestore di prova", Reference: sampleReference, At: sampleTime.Add(time.Second), Document: &ui.Document{Title: "Response, HTTP-POST", XML: []byte(sampleResponse)},
			Findings: []ui.Finding{{Severity: ui.Bad, Rule: "RES-05", Path: "Response/@Destination", Line: 1, Column: 200, Found: "http://localhost:8089/spid/acs", Wanted: "http://localhost:8089/spid/altro",
				Title:  p.Pick("Destination deve essere il nostro indirizzo", "Destination must be our address"),
				Remedy: p.Pick("Il gestore deve rispondere all’indirizzo dei metadata.", "The provider must answer to the metadata’s address.")}}}
	}
	return []Sample{
		sample("sp-home", "start", SPHome, home),
		sample("sp-home", "logged-out", SPHome, out),
		inMode(ui.ModeTrainer, sample("sp-home", "start", SPHome, home)),
		fixed("sp-user", "level2", SPUser, user),
		fixed("sp-user", "no-attributes", SPUser, bare),
		fixed("sp-error", "consent-denied", SPError, denied),
		fixed("sp-error", "our-request", SPError, ours),
		sample("sp-error", "refused", SPError, refused),
	}
}
