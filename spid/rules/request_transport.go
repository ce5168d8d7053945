package rules

import (
	"errors"
	"net/http"
	"slices"

	"spidsim/saml"
	"spidsim/spid"
)

// requestTransport is the first group: the method (anomaly 6), then all that must be right before a tree exists
// (anomaly 4). The intake stops at its first fault; each of its faults belongs to one row here.
var requestTransport = []Rule{
	{
		ID: "BIND-11", Stops: true, Anomaly: spid.WrongMethod, FoundIn: []string{toolTestenv},
		Title: Text{"Il metodo HTTP è quello del binding: GET per HTTP-Redirect, POST per HTTP-POST",
			"The HTTP method fits the binding: GET for HTTP-Redirect, POST for HTTP-POST"},
		Remedy: Text{"Leggi i metadati del gestore: ogni binding ha il suo indirizzo. Invia la richiesta a quello giusto.",
			"Read the identity provider's metadata: each binding has its own address. Send the request to the right one."},
		Source: "Regole tecniche SPID, Messaggi di anomalia, riga 6; SAML Bindings 3.4 e 3.5",
		Check: func(s *Subject) error {
			want := http.MethodPost
			if s.Binding == saml.HTTPRedirect {
				want = http.MethodGet
			}
			return equals("method", s.Method, want)
		},
	},
	{
		ID: "BIND-10", Aliases: []string{"BIND-03", "AR-TR-10"}, Stops: true, Anomaly: spid.BadFormat, FoundIn: []string{toolCheck},
		Title: Text{"Il parametro SAMLRequest è presente", "The parameter SAMLRequest is present"},
		Remedy: Text{"Metti il messaggio nel parametro SAMLRequest, scritto proprio così.",
			"Put the message into the parameter SAMLRequest, spelt exactly so."},
		Source: "Regole tecniche SPID, Binding; Messaggi di anomalia, riga 4; SAML Bindings 3.4.4 e 3.5.4",
		Check:  intakeRule("BIND-10"),
	},
	{
		ID: "AR-TR-06", Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool, Applies: onRedirect,
		Title: Text{"Con HTTP-Redirect il parametro SigAlg è presente", "On HTTP-Redirect the parameter SigAlg is present"},
		Remedy: Text{"Firma la query e aggiungi SigAlg con l'indirizzo dell'algoritmo, per esempio rsa-sha256.",
			"Sign the query and add SigAlg with the algorithm's URI, for instance rsa-sha256."},
		Source: "Regole tecniche SPID, Binding; Messaggi di anomalia, riga 4; SAML Bindings 3.4.4.1",
		Check:  intakeRule("AR-TR-06"),
	},
	{
		ID: "AR-TR-07", Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool, Applies: onRedirect,
		Title: Text{"Con HTTP-Redirect il parametro Signature è presente", "On HTTP-Redirect the parameter Signature is present"},
		Remedy: Text{"Firma la query: la firma va nel parametro Signature, in base64.",
			"Sign the query: the signature goes into the parameter Signature, in base64."},
		Source: "Regole tecniche SPID, Binding; Messaggi di anomalia, riga 4; SAML Bindings 3.4.4.1",
		Check:  intakeRule("AR-TR-07"),
	},
	{
		ID: "SEC-28", Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"Ogni parametro compare una volta sola, scritto senza codifiche nel nome",
			"Each parameter stands once, its name written without any encoding"},
		Remedy: Text{"Togli i doppioni e scrivi i nomi in chiaro: SAMLRequest, RelayState, SigAlg, Signature.",
			"Remove the doubles and write the names plainly: SAMLRequest, RelayState, SigAlg, Signature."},
		Source: "SAML Bindings 3.4.4.1; regola di sicurezza SEC-28",
		Check:  intakeRule("SEC-28"),
	},
	{
		ID: "D-12", Stops: true, Strict: true, Anomaly: spid.BadFormat,
		Title: Text{"Non ci sono altri parametri oltre a quelli del binding", "There are no parameters beyond those of the binding"},
		Remedy: Text{"Togli i parametri in più dalla richiesta. Su HTTP-POST anche SigAlg e Signature sono di troppo.",
			"Take the extra parameters out of the request. On HTTP-POST SigAlg and Signature are extra too."},
		Source: "SAML Bindings 3.4.4 e 3.5.4; regola di sicurezza SEC-28",
		Check: func(s *Subject) error {
			if s.Arrival != nil && len(s.Arrival.Extra) > 0 {
				return fault(s.Arrival.Extra[0], s.Arrival.Extra[0], "")
			}
			return nil
		},
	},
	{
		ID: "SEC-33", Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"RelayState non supera 80 ottetti", "RelayState has at most 80 octets"},
		Remedy: Text{"Invia in RelayState un codice breve e tieni il resto nella tua sessione.",
			"Send a short token in RelayState and keep the rest in your session."},
		Source: "SAML Bindings 3.4.3 e 3.5.3",
		Check:  intakeRule("SEC-33"),
	},
	{
		ID: "AR-TR-08", Stops: true, Anomaly: spid.BadFormat, FoundIn: testenv, Applies: onRedirect,
		Title: Text{"Il parametro Signature è base64 valido", "The parameter Signature is valid base64"},
		Remedy: Text{"Codifica la firma in base64 normale, poi per l'URL: il segno + diventa %2B.",
			"Encode the signature in plain base64, then for the URL: the sign + becomes %2B."},
		Source: "SAML Bindings 3.4.4.1",
		Check:  intakeRule("AR-TR-08"),
	},
	{
		ID: "2.0.0", Aliases: []string{"SEC-17"}, Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool,
		Title: Text{"SAMLRequest è base64 valido", "SAMLRequest is valid base64"},
		Remedy: Text{"Usa l'alfabeto base64 normale con i segni = finali, senza spazi, poi codifica per l'URL o per il modulo.",
			"Use the plain base64 alphabet with final = signs, without blanks, then encode for the URL or form."},
		Source: "Regole tecniche SPID, Binding; RFC 4648 sezione 4",
		Check:  intakeRule("2.0.0"),
	},
	{
		ID: "AR-TR-04", Aliases: []string{"BIND-04", "SEC-31"}, Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool, Applies: onRedirect,
		Title: Text{"Con HTTP-Redirect SAMLRequest è compresso con DEFLATE senza intestazione",
			"On HTTP-Redirect SAMLRequest is compressed with raw DEFLATE"},
		Remedy: Text{"Comprimi con DEFLATE puro: niente intestazione zlib o gzip, niente XML in chiaro.",
			"Compress with raw DEFLATE: no zlib or gzip header, no plain XML."},
		Source: "SAML Bindings 3.4.4.1; RFC 1951",
		Check:  intakeRule("AR-TR-04"),
	},
	{
		ID: "SEC-14", Aliases: []string{"SEC-09"}, Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"Il messaggio sta nei limiti di dimensione, profondità e numero di elementi",
			"The message keeps within the limits of size, depth and number of elements"},
		Remedy: Text{"Una richiesta di SPID sta in pochi kilobyte: togli tutto ciò che non serve.",
			"A SPID request takes a few kilobytes: take out all that is not needed."},
		Source: "limiti di sicurezza del simulatore",
		Check:  intakeRule("SEC-14"),
	},
	{
		ID: "SEC-11", Aliases: []string{"CHK-03"}, Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"Nessun DOCTYPE, nessuna entità, nessuna istruzione di elaborazione; XML 1.0 in UTF-8",
			"No DOCTYPE, no entities, no processing instructions; XML 1.0 in UTF-8"},
		Remedy: Text{"Scrivi il documento senza dichiarazioni, in UTF-8.", "Write the document without declarations, in UTF-8."},
		Source: "SAML Core 1.3; regola di sicurezza SEC-11",
		Check:  intakeRule("SEC-11"),
	},
	{
		ID: "SEC-12", Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"Nessun commento e nessuna sezione CDATA", "No comments and no CDATA sections"},
		Remedy: Text{"Togli commenti e CDATA: possono spezzare un valore senza che la firma se ne accorga.",
			"Remove comments and CDATA: they can split a value without the signature noticing."},
		Source: "regola di sicurezza SEC-12",
		Check:  intakeRule("SEC-12"),
	},
	{
		ID: "SEC-15", Stops: true, Anomaly: spid.BadFormat,
		Title: Text{"Gli attributi ID si chiamano ID, sono NCName e non si ripetono nel documento",
			"Attributes named ID are spelt ID, are NCNames and do not repeat in the document"},
		Remedy: Text{"Dai a ogni elemento un ID diverso, scritto ID, che non cominci con una cifra.",
			"Give each element another ID, spelt ID, that does not start with a digit."},
		Source: "SAML Core 1.3.4; regola di sicurezza SEC-15",
		Check:  intakeRule("SEC-15"),
	},
	{
		ID: "AR-TR-05", Aliases: []string{"SEC-10"}, Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool,
		Title: Text{"Il contenuto di SAMLRequest è XML ben formato", "The content of SAMLRequest is well-formed XML"},
		Remedy: Text{"Genera il messaggio con una libreria XML. Con HTTP-POST il contenuto non va compresso.",
			"Write the message with an XML library. On HTTP-POST the content is not compressed."},
		Source: "Regole tecniche SPID, Messaggi di anomalia, riga 4; Extensible Markup Language 1.0",
		Check:  intakeRule("AR-TR-05"),
	},
	{
		ID: "AR-01", Stops: true, Anomaly: spid.BadFormat, FoundIn: everyTool,
		Title: Text{"L'elemento radice è samlp:AuthnRequest", "The root element is samlp:AuthnRequest"},
		Remedy: Text{"Invia a questo indirizzo solo richieste di autenticazione. Le richieste di uscita hanno il loro indirizzo.",
			"Send only authentication requests to this address. Logout requests have their own."},
		Source: "Regole tecniche SPID, SSO; SAML Core 3.4.1",
		Check: func(s *Subject) error {
			if intakeID(s) == "AR-01" {
				return intakeFault(s)
			}
			if !saml.Is(s.root, saml.NSProtocol, "AuthnRequest") {
				return fault("", s.root.Tag, "AuthnRequest")
			}
			return nil
		},
	},
	{
		ID: "AR-TR-09", Severity: Warning, Anomaly: spid.BadFormat, FoundIn: []string{toolSPTest},
		Title: Text{"Nulla precede il primo segno del documento", "Nothing precedes the first markup of the document"},
		Remedy: Text{"Togli spazi, righe vuote e il segno di ordine dei byte prima dell'XML.",
			"Remove blanks, empty lines and the byte-order mark in front of the XML."},
		Source: "Extensible Markup Language 1.0, 2.1",
		Check: func(s *Subject) error {
			if x := s.Arrival.XML; len(x) > 0 && x[0] != '<' {
				return fault("SAMLRequest", string(x[:min(len(x), 4)]), "<")
			}
			return nil
		},
	},
}

func onRedirect(s *Subject) bool { return s.Binding == saml.HTTPRedirect }
func onPost(s *Subject) bool     { return s.Binding == saml.HTTPPost }

// intakeRule returns a check that fails when the intake stopped for the reason of that row.
func intakeRule(id string) func(*Subject) error {
	return func(s *Subject) error {
		if intakeID(s) == id {
			return intakeFault(s)
		}
		return nil
	}
}

// intakeID names the row of an AuthnRequest that the fault of the intake belongs to, "" when there was none.
// A fault that is none of ours counts as unreadable XML, so that nothing slips through.
func intakeID(s *Subject) string {
	if s.Intake == nil {
		if s.Arrival == nil || s.Arrival.Root == nil {
			return "BIND-10"
		}
		return parameterID(s)
	}
	var e *saml.IntakeError
	if !errors.As(s.Intake, &e) {
		return "AR-TR-05"
	}
	switch e.Stage {
	case saml.StageParameters:
		if e.Rule == "BIND-10" {
			return "BIND-10"
		}
		return "SEC-28"
	case saml.StageRelayState:
		return "SEC-33"
	case saml.StageSignature:
		return "AR-TR-08"
	case saml.StageBase64:
		return "2.0.0"
	case saml.StageInflate:
		return "AR-TR-04"
	case saml.StageLimit:
		return "SEC-14"
	case saml.StageRoot:
		return "AR-01"
	}
	if slices.Contains([]string{"SEC-11", "SEC-12", "SEC-15"}, e.Rule) {
		return e.Rule
	}
	return "AR-TR-05"
}

// parameterID looks for a missing parameter, which the intake lets pass.
func parameterID(s *Subject) string {
	switch {
	case s.Binding != saml.HTTPRedirect:
		return ""
	case !s.Arrival.HasSigAlg:
		return "AR-TR-06"
	case !s.Arrival.HasSignature:
		return "AR-TR-07"
	}
	return ""
}

// intakeFault turns what the intake said into the fault of a row; without an error of the intake, a parameter
// is missing.
func intakeFault(s *Subject) error {
	var e *saml.IntakeError
	if errors.As(s.Intake, &e) {
		return &spid.Error{Path: e.Path, Found: e.Found, Wanted: e.Wanted, Line: e.Line, Column: e.Column, Err: s.Intake}
	}
	f := &spid.Error{Path: saml.ParamRequest, Wanted: saml.ParamRequest, Err: s.Intake}
	switch intakeID(s) {
	case "AR-TR-06":
		f.Path, f.Wanted = saml.ParamSigAlg, algorithms
	case "AR-TR-07":
		f.Path, f.Wanted = saml.ParamSignature, "base64"
	}
	return f
}
