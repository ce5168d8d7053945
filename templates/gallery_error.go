package templates

import (
	"spidsim/spid"
	"spidsim/templates/ui"
)

const sampleRequest = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"
    ID="_3f0a9c52d1b84e77" Version="2.0" IssueInstant="2026-11-22T08:41:07Z"
    Destination="http://localhost:8088/idp/prova" ForceAuthn="true"
    AssertionConsumerServiceIndex="0" AttributeConsumingServiceIndex="0"
    IsPassive="false">
  <saml:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
      NameQualifier="http://localhost:3000">http://localhost:3000</saml:Issuer>
  <samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>
  <samlp:RequestedAuthnContext Comparison="minimum">
    <saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2</saml:AuthnContextClassRef>
  </samlp:RequestedAuthnContext>
</samlp:AuthnRequest>
`

func sampleFindings(p ui.Page) []ui.Finding {
	return []ui.Finding{
		{
			Severity: ui.Bad, Rule: "REQ-26", Path: "AuthnRequest/RequestedAuthnContext/AuthnContextClassRef", Line: 11, Column: 5,
			Title: p.Pick("Il livello è scritto con un nome ritirato", "The level is written with a withdrawn name"),
			Found: "urn:oasis:names:tc:SAML:2.0:ac:classes:SpidL2", Wanted: "https://www.spid.gov.it/SpidL2",
			Remedy: p.Pick("Cambia il valore nella configurazione del tuo servizio.", "Change the value in your service’s configuration."),
			Source: "Avviso AgID n. 5; Regole tecniche SPID, 1.2.2.1",
		},
		{
			Severity: ui.Warn, Rule: "REQ-16", Path: "AuthnRequest/@IsPassive", Line: 6, Column: 5,
			Title: p.Pick("IsPassive non deve esserci", "IsPassive must be absent"), Found: `IsPassive="false"`, Wanted: p.Pick("attributo assente", "no attribute"),
			Remedy: p.Pick("Toglilo: con il valore «true» sarebbe un errore.", "Remove it: with the value “true” it would be an error."),
		},
	}
}

func sampleChecks(p ui.Page) []Check {
	return []Check{
		{Label: p.Pick("Formato e codifica", "Format and encoding"), Codes: "nr04", Result: ui.OK},
		{Label: p.Pick("Mittente conosciuto", "Known sender"), Codes: "nr10", Result: ui.OK},
		{Label: p.Pick("Firma", "Signature"), Codes: "nr07", Result: ui.OK},
		{Label: p.Pick("Versione, ID, data", "Version, ID, date"), Codes: "nr09, nr11, nr13", Result: ui.Warn},
		{Label: p.Pick("Livello chiesto", "Level asked for"), Codes: "nr12", Result: ui.Bad},
		{Label: p.Pick("Gli altri", "The others"), Result: ui.Plain},
	}
}

func galleryErrors() []Sample {
	sent := func(p ui.Page) RefusedView {
		return RefusedView{
			Gestore: sampleGestore, Service: "Servizio in prova", Anomaly: spid.BadAuthnContext, Reference: sampleReference, At: sampleTime,
			Findings: sampleFindings(p), Document: &ui.Document{Title: "AuthnRequest, HTTP-POST", XML: []byte(sampleRequest)}, Checks: sampleChecks(p),
			Response: &ReadyResponse{Status: "Requester", Sub: "NoAuthnContext", Message: "ErrorCode nr12",
				Form: ui.SAMLForm{Action: "http://localhost:3000/acs", Param: "SAMLResponse", Message: "PHNhbWxwOlJlc3BvbnNlLz4="}},
		}
	}
	kept := func(p ui.Page) RefusedView {
		return RefusedView{
			Gestore: sampleGestore, Anomaly: spid.BadIssuer, Reference: sampleReference, At: sampleTime, Checks: []Check{sampleChecks(p)[0], {Label: p.Pick("Mittente conosciuto", "Known sender"), Codes: "nr10", Result: ui.Bad}},
			Document: &ui.Document{Title: "AuthnRequest, HTTP-Redirect", XML: []byte(sampleOneLine)},
			Findings: []ui.Finding{{Severity: ui.Bad, Rule: "REQ-09", Path: "AuthnRequest/Issuer", Line: 1, Column: 203, Found: "http://localhost:3000/", Wanted: "http://localhost:3000",
				Title:  p.Pick("Il mittente non è registrato", "The sender is not registered"),
				Remedy: p.Pick("Il più vicino che conosciamo non ha la barra finale.", "The nearest we know has no slash at the end.")}},
		}
	}
	fault := RefusedView{Gestore: sampleGestore, Service: "Servizio in prova", Anomaly: spid.SystemError, Reference: sampleReference, At: sampleTime, ReturnURL: "http://localhost:3000/"}
	hostile := RefusedView{Gestore: sampleGestore, Service: sampleHostile, Anomaly: spid.BadFormat, Reference: sampleHostile, At: sampleTime, ReturnURL: "javascript:alert(1)",
		Findings: []ui.Finding{{Severity: ui.Bad, Rule: "SEC-09", Title: sampleHostile, Path: sampleHostile, Line: 1, Found: sampleHostile, Wanted: sampleHostile, Remedy: sampleHostile, Source: sampleHostile, Detail: sampleHostile, URL: "javascript:alert(1)"}},
		Document: &ui.Document{Title: sampleHostile, XML: []byte("\x00\xff<a b='" + sampleHostile + "' <!-- \n]]>\x1b[31m")}}
	return []Sample{
		sample("refused", "sent", Refused, sent),
		sample("refused", "kept", Refused, kept),
		fixed("refused", "fault", Refused, fault),
		fixed("refused", "hostile", Refused, hostile),
		inMode(ui.ModeTrainer, sample("refused", "sent", Refused, sent)),
		inMode(ui.ModeTrainer, sample("refused", "kept", Refused, kept)),
		fixed("expired", "timeout", Expired, ExpiredView{Gestore: sampleGestore, Why: EndedTimeout, Service: sampleService, ReturnURL: "http://localhost:8089/", Reference: sampleReference}),
		fixed("expired", "done", Expired, ExpiredView{Gestore: sampleGestore, Why: EndedDone, Service: sampleService, ReturnURL: "http://localhost:8089/"}),
		fixed("expired", "ready", Expired, ExpiredView{Gestore: sampleGestore, Why: EndedReady, Service: sampleService, Anomaly: spid.Cancelled, Action: "/idp/prova/login/x"}),
		fixed("expired", "unknown", Expired, ExpiredView{Gestore: sampleGestore, Why: EndedUnknown}),
		fixed("problem", "404", Problem, ProblemView{Status: 404}),
		fixed("problem", "405", Problem, ProblemView{Status: 405, Allow: "GET, HEAD", Detail: "POST /persone"}),
		fixed("problem", "500", Problem, ProblemView{Status: 500, Reference: sampleReference}),
		fixed("problem", "portal", Problem, ProblemView{Status: 421, Portal: portalPointer()}),
	}
}

// sampleOneLine is a message as most libraries write it.
const sampleOneLine = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_3f0a" Version="2.0" IssueInstant="2026-11-22T08:41:07Z" Destination="http://localhost:8088/idp/prova" ForceAuthn="true"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" NameQualifier="http://localhost:3000/">http://localhost:3000/</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/><samlp:RequestedAuthnContext Comparison="minimum"><saml:AuthnContextClassRef xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://www.spid.gov.it/SpidL2</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>`
