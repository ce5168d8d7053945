package rules

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// DefaultSkew is the clock skew that a service provider allows when Subject.Window is zero (SEC-44).
const DefaultSkew = 60 * time.Second

// responseIntake is what must hold before there is a document. Rows on Responses carry no anomaly: a service
// provider refuses and says why on its own page.
var responseIntake = []Rule{
	{
		ID: "SEC-47", Stops: true,
		Title: Text{"La risposta arriva con POST, con un solo SAMLResponse e nessun altro parametro oltre a RelayState",
			"The Response arrives by POST, with one SAMLResponse and no parameter but RelayState"},
		Remedy: Text{"Invia la risposta con un modulo POST che ha solo SAMLResponse e RelayState.",
			"Send the Response by a POST form that has SAMLResponse and RelayState alone."},
		Source: "Regole tecniche SPID, SSO, Response; SAML Bindings 3.5.4",
		Check:  postedOnce,
	},
	{
		ID: "SEC-48", Stops: true,
		Title:  Text{"RelayState non supera 80 ottetti", "RelayState has at most 80 octets"},
		Remedy: Text{"Restituisci RelayState proprio come l'hai ricevuto.", "Return RelayState exactly as you received it."},
		Source: "SAML Bindings 3.5.3",
		Check:  responseIntakeRule(saml.StageRelayState),
	},
	{
		ID: "RES-12", Stops: true, Cases: []string{"xxe"},
		Title: Text{"SAMLResponse è base64 di un documento XML accettabile, con radice samlp:Response",
			"SAMLResponse is the base64 of an acceptable XML document with the root samlp:Response"},
		Remedy: Text{"Invia il documento in base64 normale, non compresso, senza DOCTYPE, commenti o CDATA.",
			"Send the document in plain base64, not compressed, without DOCTYPE, comments or CDATA."},
		Source: "SAML Bindings 3.5.4; SAML Core 3.3.3; regole di sicurezza SEC-09…SEC-17",
		Check: func(s *Subject) error {
			if s.Intake != nil {
				return responseFault(s)
			}
			if !saml.Is(s.root, saml.NSProtocol, "Response") {
				return fault("", s.root.Tag, "Response")
			}
			return nil
		},
	},
}

// responseMessage is what the Response itself says. These rows come before the signature, so that a wrong ID is
// named as such and not as a signature that refers to nothing; they can only refuse, and the signature row reads
// them once more from what was signed.
var responseMessage = []Rule{
	{
		ID: "RES-01", Cases: []string{"8", "9"},
		Title:  Text{"ID della Response è presente ed è un NCName", "ID of the Response is present and an NCName"},
		Remedy: Text{"Genera un ID nuovo per ogni risposta, che cominci con una lettera o con _.", "Make a new ID for each Response, starting with a letter or _."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			if id := attr(s.root, "ID"); !saml.IsNCName(id) {
				return fault("Response/@ID", id, "NCName")
			}
			return nil
		},
	},
	{
		ID: "RES-02", Cases: []string{"10"},
		Title:  Text{"Version della Response è 2.0", "Version of the Response is 2.0"},
		Remedy: Text{"Scrivi Version=\"2.0\".", "Write Version=\"2.0\"."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check:  func(s *Subject) error { return equals("Response/@Version", attr(s.root, "Version"), "2.0") },
	},
	{
		ID: "RES-03", Cases: []string{"11", "12", "13", "14", "15"},
		Title: Text{"IssueInstant della Response è in UTC, non prima della richiesta e non nel futuro",
			"IssueInstant of the Response is in UTC, not before the request and not in the future"},
		Remedy: Text{"Scrivi l'istante di emissione in UTC e sincronizza gli orologi.", "Write the instant of issue in UTC and synchronise the clocks."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			return s.issuedBetween("Response/@IssueInstant", attr(s.root, "IssueInstant"))
		},
	},
	{
		ID: "RES-04", Aliases: []string{"SPV-04", "SEC-41"}, Cases: []string{"16", "17", "18"},
		Title: Text{"InResponseTo è l'ID di una richiesta in attesa", "InResponseTo is the ID of a pending request"},
		Remedy: Text{"Comincia l'accesso dal servizio. Le risposte non richieste non sono ammesse.",
			"Start the login from the service. Unsolicited Responses are not allowed."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check:  func(s *Subject) error { return s.answers("Response/@InResponseTo", attr(s.root, "InResponseTo")) },
	},
	{
		ID: "RES-05", Aliases: []string{"SEC-43"}, Cases: []string{"19", "20", "21"},
		Title:  Text{"Destination è l'indirizzo che ha ricevuto la Response", "Destination is the address that received the Response"},
		Remedy: Text{"Scrivi in Destination l'AssertionConsumerService, carattere per carattere.", "Write the AssertionConsumerService into Destination, character by character."},
		Source: "Regole tecniche SPID, SSO, Response; SAML Bindings 3.5.5.2",
		Check:  func(s *Subject) error { return equals("Response/@Destination", attr(s.root, "Destination"), s.ACS) },
	},
	{
		ID: "RES-07a", Aliases: []string{"RES-07"}, Cases: []string{"27", "28", "29"},
		Title:  Text{"Issuer della Response è l'entityID del gestore a cui è andata la richiesta", "Issuer of the Response is the entityID of the provider that was asked"},
		Remedy: Text{"Scrivi in Issuer l'entityID dei metadati del gestore.", "Write the entityID of the provider's metadata into Issuer."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			if err := exactly(1, s.root, saml.NSAssertion, "Issuer", "Response/Issuer"); err != nil {
				return err
			}
			return s.isIdP("Response/Issuer", text(issuer(s.root)))
		},
	},
	{
		ID: "RES-07b", Cases: []string{"30"}, // 31, without Format, is to be accepted
		Applies: func(s *Subject) bool { return has(issuer(s.root), "Format") },
		Title:   Text{"Format di Issuer della Response, se c'è, è entity", "Format of the Response's Issuer, where present, is entity"},
		Remedy:  Text{"Usa il valore atteso oppure togli l'attributo.", "Use the value wanted or remove the attribute."},
		Source:  "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			return equals("Response/Issuer/@Format", attr(issuer(s.root), "Format"), saml.FormatEntity)
		},
	},
	{
		ID: "RES-06", Cases: []string{"22", "23", "24", "25", "26"},
		Title:  Text{"Status ha uno StatusCode con un valore di SAML", "Status has a StatusCode with a value of SAML"},
		Remedy: Text{"Scrivi Success, oppure Requester, Responder o VersionMismatch con il messaggio dell'anomalia.", "Write Success, or else Requester, Responder or VersionMismatch with the message of the anomaly."},
		Source: "Regole tecniche SPID, SSO, Response; SAML Core 3.2.2.2",
		Check: func(s *Subject) error {
			if err := exactly(1, s.root, saml.NSProtocol, "Status", "Response/Status"); err != nil {
				return err
			}
			return in("Response/Status/StatusCode/@Value", status(s.root).Code,
				saml.StatusSuccess, saml.StatusRequester, saml.StatusResponder, saml.StatusVersionMismatch)
		},
	},
	{
		ID:     "SEC-25",
		Title:  Text{"Non c'è EncryptedAssertion", "There is no EncryptedAssertion"},
		Remedy: Text{"Invia l'Assertion firmata e non cifrata: SPID non cifra le asserzioni.", "Send the Assertion signed and not encrypted: SPID does not encrypt assertions."},
		Source: "Regole tecniche SPID, SSO, Response; regola di sicurezza SEC-25", Aliases: []string{"SIG-11"},
		Check: func(s *Subject) error {
			return exactly(0, s.root, saml.NSAssertion, "EncryptedAssertion", "Response/EncryptedAssertion")
		},
	},
	{
		ID: "RES-08", Aliases: []string{"SEC-46"}, Cases: []string{"32"},
		Title: Text{"C'è esattamente una Assertion se lo stato è Success, nessuna altrimenti",
			"There is exactly one Assertion when the status is Success, none otherwise"},
		Remedy: Text{"Invia una sola Assertion con le risposte positive e nessuna con le anomalie.", "Send a single Assertion with positive answers and none with anomalies."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			if status(s.root).Code == saml.StatusSuccess {
				return exactly(1, s.root, saml.NSAssertion, "Assertion", "Response/Assertion")
			}
			return exactly(0, s.root, saml.NSAssertion, "Assertion", "Response/Assertion")
		},
	},
	{
		ID:     "RES-11",
		Title:  Text{"La Response rispetta lo schema di SAML", "The Response keeps to the SAML schema"},
		Remedy: Text{"Metti gli elementi nell'ordine Issuer, Signature, Extensions, Status, Assertion e togli gli altri.", "Put the elements in the order Issuer, Signature, Extensions, Status, Assertion and remove others."},
		Source: "Schema saml-schema-protocol-2.0", Cases: []string{"112", "113", "xsw2"},
		Check: func(s *Subject) error { return validate(s.root, responseType, "Response") },
	},
	{
		ID: "ERR-01", Severity: Warning,
		Applies: func(s *Subject) bool { return isAnomaly(s.root) },
		Title:   Text{"Un'anomalia ha StatusMessage nella forma «ErrorCode nr» e due cifre", "An anomaly has a StatusMessage of the form «ErrorCode nr» and two digits"},
		Remedy:  Text{"Scrivi per esempio ErrorCode nr22: i servizi confrontano il testo alla lettera.", "Write for instance ErrorCode nr22: services compare the text literally."},
		Source:  "Regole tecniche SPID, Messaggi di anomalia",
		Check: func(s *Subject) error {
			if m := status(s.root).Message; !known(m) {
				return fault("Response/Status/StatusMessage", m, "ErrorCode nr19 … nr25, nr30")
			}
			return nil
		},
	},
	{
		ID: "RES-10", Severity: Warning,
		Title:  Text{"La Response non ha Consent", "The Response has no Consent"},
		Remedy: Text{"Togli l'attributo Consent: SPID non lo usa.", "Remove the attribute Consent: SPID does not use it."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			if has(s.root, "Consent") {
				return fault("Response/@Consent", attr(s.root, "Consent"), "")
			}
			return nil
		},
	},
}

// responseSignature verifies. From here on the Assertion is read from what its own signature covered.
var responseSignature = []Rule{
	{
		ID: "RES-09", Stops: true, Cases: []string{"4", "5", "xsw1", "xslt"},
		Title:  Text{"La firma della Response, se c'è, è di un certificato del gestore", "The signature of the Response, where present, fits a certificate of the provider"},
		Remedy: Text{"Firma con la chiave dei metadati del gestore e non cambiare il documento dopo la firma.", "Sign with the key of the provider's metadata and do not change the document after signing."},
		Source: "Regole tecniche SPID, SSO, Response; SAML Core 5.4",
		Check: func(s *Subject) error {
			s.verifyResponse()
			if s.verifyErr != nil && !ofAssertion(s.verifyErr) {
				return signatureFault(s.verifyErr, "Response/Signature")
			}
			return nil
		},
	},
	{
		ID: "AST-03", Aliases: []string{"SPV-01", "SIG-09"}, Stops: true, Cases: []string{"2", "3", "33", "34", "100", "xsw3", "xsw4", "xsw5", "xsw6", "xsw7", "xsw8"},
		Title:  Text{"L'Assertion è firmata con un certificato del gestore", "The Assertion is signed with a certificate of the provider"},
		Remedy: Text{"Firma l'Assertion, oltre alla Response, con la chiave dei metadati del gestore.", "Sign the Assertion, beside the Response, with the key of the provider's metadata."},
		Source: "Regole tecniche SPID, SSO, Assertion; SAML Core 5.4",
		Check: func(s *Subject) error {
			if s.verifyErr != nil {
				return signatureFault(s.verifyErr, "Response/Assertion/Signature")
			}
			return nil
		},
	},
	{
		// A key that is not the one shown is the mark of a forged or badly copied signature (SEC-21).
		ID: "SIG-12", Stops: true,
		Title:  Text{"Il certificato in KeyInfo è quello che ha firmato", "The certificate in KeyInfo is the one that signed"},
		Remedy: Text{"Metti in KeyInfo il certificato dei metadati con cui firmi.", "Put the certificate of the metadata that you sign with into KeyInfo."},
		Source: "Regole tecniche SPID, SSO, Response; regola di sicurezza SEC-21",
		Check: func(s *Subject) error {
			if s.response.KeyInfoDiffers {
				return fault("Response/Signature/KeyInfo", "", s.response.Cert.Subject.CommonName)
			}
			if v := s.response.Assertion; v != nil && v.KeyInfoDiffers {
				return fault("Response/Assertion/Signature/KeyInfo", "", v.Cert.Subject.CommonName)
			}
			return nil
		},
	},
	{
		// Cases 104 to 108 and 111 come signed from one official tool and unsigned from the other.
		ID: "SIG-10", Severity: Warning,
		Applies: func(s *Subject) bool { return isAnomaly(s.root) },
		Title:   Text{"La Response di un'anomalia è firmata", "The Response of an anomaly is signed"},
		Remedy:  Text{"Firma la Response: senza Assertion non c'è altro che provi chi l'ha emessa.", "Sign the Response: without an Assertion nothing else proves who issued it."},
		Source:  "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			if !s.response.Signed {
				return fault("Response/Signature", "", "1")
			}
			return nil
		},
	},
}

// postedOnce holds what the HTTP request must be.
func postedOnce(s *Subject) error {
	if s.Method != http.MethodPost {
		return fault("method", s.Method, http.MethodPost)
	}
	var e *saml.IntakeError
	if errors.As(s.Intake, &e) && e.Stage == saml.StageParameters {
		return responseFault(s)
	}
	if s.Arrival == nil || s.Arrival.Root == nil && s.Intake == nil {
		return fault(saml.ParamResponse, "", saml.ParamResponse)
	}
	if len(s.Arrival.Extra) > 0 {
		return fault(s.Arrival.Extra[0], s.Arrival.Extra[0], "")
	}
	return nil
}

// responseIntakeRule returns a check that fails when the intake stopped at that stage.
func responseIntakeRule(stage saml.Stage) func(*Subject) error {
	return func(s *Subject) error {
		var e *saml.IntakeError
		if errors.As(s.Intake, &e) && e.Stage == stage {
			return responseFault(s)
		}
		return nil
	}
}

func responseFault(s *Subject) error {
	var e *saml.IntakeError
	if errors.As(s.Intake, &e) {
		return &spid.Error{Path: e.Path, Found: e.Found, Wanted: e.Wanted, Line: e.Line, Column: e.Column, Err: s.Intake}
	}
	return &spid.Error{Path: saml.ParamResponse, Err: s.Intake}
}

// issuedBetween wants an instant from the request to now, bounds and clock skew included.
func (s *Subject) issuedBetween(path, v string) error {
	at, ok := utc(v)
	if !ok {
		return fault(path, v, instantForm)
	}
	skew := s.window(DefaultSkew)
	from, to := time.Time{}, s.Now.Add(skew)
	if s.Request != nil {
		from = s.Request.IssueInstant.Add(-skew)
	}
	if at.Before(from) || at.After(to) {
		return fault(path, v, between(from, to))
	}
	return nil
}

// answers wants the ID of the pending request.
func (s *Subject) answers(path, v string) error {
	if s.Request == nil || s.Request.ID == "" {
		return fault(path, v, "")
	}
	return equals(path, v, s.Request.ID)
}

// isIdP wants the entityID of the sender's metadata.
func (s *Subject) isIdP(path, v string) error {
	if s.IdP == nil {
		return fault(path, v, "")
	}
	return equals(path, v, s.IdP.EntityID)
}

// verifyResponse verifies once. When the Response itself is signed, its own rows are read again from the octets
// under that signature, and later rows read nothing else.
func (s *Subject) verifyResponse() {
	if s.tried {
		return
	}
	s.tried = true
	vr, err := saml.VerifyResponse(s.root, idpSigning(s.IdP), s.Now)
	if err != nil {
		s.verifyErr = err
		return
	}
	s.root = vr.Response
	if err := s.rereads(vr); err != nil {
		s.verifyErr = err
		return
	}
	s.response = vr
	if vr.Assertion != nil {
		s.assertion = vr.Assertion.Root
	}
}

// rereads makes sure that the verified Response says what was judged before.
func (s *Subject) rereads(vr *saml.VerifiedResponse) error {
	received := s.Arrival.Root
	for _, name := range []string{"ID", "Version", "IssueInstant", "InResponseTo", "Destination"} {
		if a, b := attr(received, name), attr(vr.Response, name); a != b {
			return &saml.SignatureError{Reason: saml.ReasonReference, Path: "Response/@" + name, Found: a, Wanted: b}
		}
	}
	if status(received) != status(vr.Response) || text(issuer(received)) != text(issuer(vr.Response)) {
		return &saml.SignatureError{Reason: saml.ReasonReference, Path: "Response"}
	}
	return nil
}

// ofAssertion tells the signature of the Assertion from that of the Response.
func ofAssertion(err error) bool {
	var e *saml.SignatureError
	return errors.As(err, &e) && strings.HasPrefix(e.Path, "Response/Assertion")
}

// isAnomaly reports whether the status is one, and not Success.
func isAnomaly(root *etree.Element) bool {
	code := status(root).Code
	return code != "" && code != saml.StatusSuccess
}

func known(message string) bool { _, ok := spid.ParseCode(message); return ok }
