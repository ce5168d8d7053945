package rules

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"strconv"
	"strings"

	"spidsim/saml"
	"spidsim/spid"
)

const signaturePath = "AuthnRequest/Signature"

// algorithms of signatures that are accepted (SIG-02), for the Wanted of findings.
const algorithms = "rsa-sha256 | rsa-sha384 | rsa-sha512"

// requestSignature is anomaly 7 on HTTP-POST and 5 on HTTP-Redirect. The signature is verified once; what the
// verifier says belongs to one of these rows, by its reason. What the pages show of it is one sentence for all
// (SEC-26): the details are for those who test.
var requestSignature = []Rule{
	{
		ID: "AR-117", Aliases: []string{"SIG-01"}, Stops: true, Anomaly: spid.BadXMLSignature, OnRedirect: spid.BadQuerySignature, FoundIn: everyTool,
		Title: Text{"I metadati del servizio hanno almeno un certificato di firma RSA da 2048 bit",
			"The metadata of the service has at least one RSA signing certificate of 2048 bits"},
		Remedy: Text{"Aggiungi ai metadati un KeyDescriptor con use=\"signing\" e il certificato, poi registrali di nuovo.",
			"Add a KeyDescriptor with use=\"signing\" and the certificate to the metadata, then register it again."},
		Source: "Regole tecniche SPID, Metadata del Service Provider, KeyDescriptor",
		Check: func(s *Subject) error {
			certs := signing(s.SP)
			for _, c := range certs {
				if strongRSA(c) {
					return nil
				}
			}
			return fault("EntityDescriptor/SPSSODescriptor/KeyDescriptor", count(len(certs)), "RSA 2048")
		},
	},
	{
		ID: "AR-110", Aliases: []string{"BIND-09", "REQ-32"}, Stops: true, Anomaly: spid.BadXMLSignature, FoundIn: everyTool, Applies: onPost,
		Title: Text{"Con HTTP-POST la richiesta ha una ds:Signature, figlia di AuthnRequest",
			"On HTTP-POST the request has one ds:Signature, a child of AuthnRequest"},
		Remedy: Text{"Firma il documento XML: con HTTP-POST la firma sta dentro il messaggio.",
			"Sign the XML document: on HTTP-POST the signature is inside the message."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 7",
		Check:  signatureRule("AR-110"),
	},
	{
		ID: "SEC-19", Aliases: []string{"AR-111", "AR-112", "AR-114", "AR-115", "SIG-05"}, Stops: true, Anomaly: spid.BadXMLSignature, FoundIn: twoTools, Applies: onPost,
		Title: Text{"La firma ha la forma prevista: dopo Issuer, con un solo SignedInfo, un solo Reference e i suoi algoritmi",
			"The signature has the shape foreseen: after Issuer, with one SignedInfo, one Reference and its algorithms"},
		Remedy: Text{"Usa una firma enveloped subito dopo Issuer, senza altri elementi dentro ds:Signature.",
			"Use an enveloped signature right after Issuer, without further elements inside ds:Signature."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 5.4",
		Check:  signatureRule("SEC-19"),
	},
	{
		ID: "AR-122", Aliases: []string{"AR-113", "AR-121", "AR-123", "SIG-02", "SIG-03", "SEC-22", "FIX-10"}, Stops: true,
		Anomaly: spid.BadXMLSignature, OnRedirect: spid.BadQuerySignature, FoundIn: everyTool,
		Title: Text{"L'algoritmo di firma è RSA con SHA-256, SHA-384 o SHA-512", "The signature algorithm is RSA with SHA-256, SHA-384 or SHA-512"},
		Remedy: Text{"Configura rsa-sha256 nella tua libreria. SHA-1, HMAC ed ECDSA non sono ammessi.",
			"Set rsa-sha256 in your library. SHA-1, HMAC and ECDSA are not allowed."},
		Source: "Regole tecniche SPID, SSO e Metadata; RFC 6931",
		Check:  signatureRule("AR-122"),
	},
	{
		ID: "AR-116", Stops: true, Anomaly: spid.BadXMLSignature, FoundIn: twoTools, Applies: onPost,
		Title: Text{"L'algoritmo di digest è SHA-256, SHA-384 o SHA-512", "The digest algorithm is SHA-256, SHA-384 or SHA-512"},
		Remedy: Text{"Configura il digest SHA-256 nella tua libreria: spesso è un'opzione diversa dall'algoritmo di firma.",
			"Set the digest SHA-256 in your library: often it is another option than the signature algorithm."},
		Source: "Regole tecniche SPID, SSO; XML Encryption 5.8",
		Check:  signatureRule("AR-116"),
	},
	{
		ID: "SIG-04", Stops: true, Anomaly: spid.BadXMLSignature, Applies: onPost,
		Title: Text{"Canonicalizzazione esclusiva e trasformazioni enveloped-signature ed exc-c14n",
			"Exclusive canonicalization, with the transforms enveloped-signature and exc-c14n"},
		Remedy: Text{"Configura xml-exc-c14n# come canonicalizzazione e come seconda trasformazione.",
			"Set xml-exc-c14n# as canonicalization and as second transform."},
		Source: "SAML Core 5.4.3 e 5.4.4; Exclusive XML Canonicalization 1.0",
		Check:  signatureRule("SIG-04"),
	},
	{
		ID: "SEC-20", Stops: true, Anomaly: spid.BadXMLSignature, Applies: onPost,
		Title: Text{"La firma si riferisce con URI all'ID di AuthnRequest", "The signature refers by URI to the ID of AuthnRequest"},
		Remedy: Text{"Nel Reference scrivi URI=\"#\" seguito dall'ID della richiesta.",
			"In Reference write URI=\"#\" followed by the ID of the request."},
		Source: "SAML Core 5.4.2",
		Check:  signatureRule("SEC-20"),
	},
	{
		ID: "SIG-07", Aliases: []string{"SEC-23"}, Stops: true, Anomaly: spid.BadXMLSignature, OnRedirect: spid.BadQuerySignature,
		Title: Text{"Il certificato che firma è valido in questo momento", "The signing certificate is valid at this time"},
		Remedy: Text{"Rinnova il certificato, mettilo nei metadati e registrali di nuovo. Controlla anche la data del simulatore.",
			"Renew the certificate, put it into the metadata and register it again. Check the simulator's date too."},
		Source: "Regole tecniche SPID, Messaggi di anomalia, righe 5 e 7",
		Check:  signatureRule("SIG-07"),
	},
	{
		ID: "AR-118", Aliases: []string{"SIG-06", "SEC-18", "SEC-21"}, Stops: true, Anomaly: spid.BadXMLSignature, FoundIn: twoTools, Applies: onPost,
		Title: Text{"La firma XML è di uno dei certificati dei metadati", "The XML signature fits one of the certificates of the metadata"},
		Remedy: Text{"Firma con la chiave del certificato registrato e non cambiare il messaggio dopo la firma, nemmeno gli spazi.",
			"Sign with the key of the registered certificate and do not change the message after signing, not even blanks."},
		Source: "Regole tecniche SPID, SSO; Messaggi di anomalia, riga 7",
		Check:  signatureRule("AR-118"),
	},
	{
		ID: "AR-119", Aliases: []string{"BIND-06", "SEC-29", "SEC-30"}, Stops: true, Anomaly: spid.BadQuerySignature, FoundIn: twoTools, Applies: onRedirect,
		Title: Text{"La firma della query è di uno dei certificati dei metadati", "The query signature fits one of the certificates of the metadata"},
		Remedy: Text{"Firma la stringa SAMLRequest=…&RelayState=…&SigAlg=… con i valori già codificati per l'URL, proprio come li invii.",
			"Sign the string SAMLRequest=…&RelayState=…&SigAlg=… with the URL-encoded values, exactly as you send them."},
		Source: "SAML Bindings 3.4.4.1; Regole tecniche SPID, Messaggi di anomalia, riga 5",
		Check:  signatureRule("AR-119"),
	},
	{
		ID: "BIND-07", Stops: true, Strict: true, Anomaly: spid.BadQuerySignature, Applies: onRedirect,
		Title: Text{"La query è firmata nell'ordine SAMLRequest, RelayState, SigAlg", "The query is signed in the order SAMLRequest, RelayState, SigAlg"},
		Remedy: Text{"Costruisci la stringa da firmare in quest'ordine, comunque siano disposti i parametri nell'URL.",
			"Build the string to sign in this order, whatever the order of the parameters in the URL."},
		Source: "SAML Bindings 3.4.4.1",
		Check: func(s *Subject) error {
			if s.verified != nil && s.verified.OutOfOrder {
				return fault("query", "RelayState, SigAlg, SAMLRequest", "SAMLRequest, RelayState, SigAlg")
			}
			return nil
		},
	},
	{
		ID: "AR-120", Severity: Warning, Anomaly: spid.BadXMLSignature, FoundIn: testenv, Applies: onPost,
		Title: Text{"Il certificato dentro la firma è quello dei metadati", "The certificate inside the signature is the one of the metadata"},
		Remedy: Text{"Metti in KeyInfo il certificato con cui firmi. La firma è buona: si verifica con i metadati, non con KeyInfo.",
			"Put the certificate that you sign with into KeyInfo. The signature is good: it is verified by the metadata, not by KeyInfo."},
		Source: "Regole tecniche SPID, SSO; SAML Core 5.4.5",
		Check: func(s *Subject) error {
			if s.verified != nil && s.verified.KeyInfoDiffers {
				return fault(signaturePath+"/KeyInfo", "", s.verified.Cert.Subject.CommonName)
			}
			return nil
		},
	},
}

// signing returns the pinned certificates of a service provider.
func signing(sp *saml.EntityDescriptor) []*x509.Certificate {
	if sp == nil || sp.SP == nil {
		return nil
	}
	return sp.SP.Signing
}

// strongRSA reports whether the certificate has an RSA key of at least 2048 bits (SIG-01).
func strongRSA(c *x509.Certificate) bool {
	if c == nil {
		return false
	}
	key, ok := c.PublicKey.(*rsa.PublicKey)
	return ok && key.N.BitLen() >= 2048
}

// signatureRule returns a check that fails when the verifier refused for the reason of that row.
func signatureRule(id string) func(*Subject) error {
	return func(s *Subject) error {
		s.verifyRequest()
		if s.verifyErr == nil || signatureID(s) != id {
			return nil
		}
		return signatureFault(s.verifyErr, signaturePath)
	}
}

// verifyRequest verifies once and, when the signature is good, makes the signed element the one that all later
// rows read.
func (s *Subject) verifyRequest() {
	if s.tried {
		return
	}
	s.tried = true
	v, err := s.Arrival.Verify(signing(s.SP), s.Now)
	if err != nil {
		s.verifyErr = err
		return
	}
	// The keys were chosen by an Issuer that nobody had signed yet: it must be the signed one too.
	if signed := text(issuer(v.Root)); strings.TrimSpace(signed) != s.SP.EntityID {
		s.verifyErr = &saml.SignatureError{Reason: saml.ReasonReference, Path: issuerPath, Found: signed, Wanted: s.SP.EntityID}
		return
	}
	req, err := saml.ReadAuthnRequest(v.Root)
	if err != nil {
		s.verifyErr = err
		return
	}
	s.verified, s.request, s.root = v, req, v.Root
}

// signatureID names the row that a refusal of the verifier belongs to.
func signatureID(s *Subject) string {
	byBinding := "AR-118"
	if s.Binding == saml.HTTPRedirect {
		byBinding = "AR-119"
	}
	var e *saml.SignatureError
	if !errors.As(s.verifyErr, &e) {
		return byBinding
	}
	switch e.Reason {
	case saml.ReasonExpired:
		return "SIG-07"
	case saml.ReasonAlgorithm:
		return algorithmID(e)
	}
	if s.Binding == saml.HTTPRedirect {
		return byBinding
	}
	switch e.Reason {
	case saml.ReasonMissing:
		return "AR-110"
	case saml.ReasonShape:
		return "SEC-19"
	case saml.ReasonReference:
		return "SEC-20"
	}
	return byBinding
}

// algorithmID tells the four places of an algorithm apart.
func algorithmID(e *saml.SignatureError) string {
	switch {
	case strings.Contains(e.Path, "DigestMethod"):
		return "AR-116"
	case strings.Contains(e.Path, "CanonicalizationMethod"), strings.Contains(e.Path, "Transform"):
		return "SIG-04"
	}
	return "AR-122"
}

// signatureFault turns a refusal of the verifier into the fault of a row.
func signatureFault(err error, path string) error {
	var e *saml.SignatureError
	if !errors.As(err, &e) {
		return &spid.Error{Path: path, Err: err}
	}
	if e.Path != "" {
		path = e.Path
	}
	return &spid.Error{Path: path, Found: e.Found, Wanted: e.Wanted, Err: err}
}

// bits writes the size of an RSA key, "" for other keys.
func bits(c *x509.Certificate) string {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok {
		return "RSA " + strconv.Itoa(key.N.BitLen())
	}
	return c.PublicKeyAlgorithm.String()
}

// idpSigning returns the pinned certificates of an identity provider.
func idpSigning(idp *saml.EntityDescriptor) []*x509.Certificate {
	if idp == nil || idp.IdP == nil {
		return nil
	}
	return idp.IdP.Signing
}
