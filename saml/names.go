package saml

// XML namespaces of the messages.
const (
	NSProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	NSAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	NSMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	NSSignature = "http://www.w3.org/2000/09/xmldsig#"
	NSSchema    = "http://www.w3.org/2001/XMLSchema"
	NSInstance  = "http://www.w3.org/2001/XMLSchema-instance"
	NSExcC14N   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	NSXML       = "http://www.w3.org/XML/1998/namespace"
)

// Binding is the URI of a SAML binding.
type Binding string

// Bindings of SAML 2.0 that the profile knows.
const (
	HTTPRedirect Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	HTTPPost     Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	SOAP         Binding = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
)

// Formats and methods.
const (
	FormatEntity        = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
	FormatTransient     = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	FormatUnspecified   = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	FormatUnspecified20 = "urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified" // misprint of the rules, REQ-29
	AttrNameFormatBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
	MethodBearer        = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
)

// Status codes. Success, Requester, Responder and VersionMismatch stand at the top, the others below them.
const (
	StatusSuccess            = "urn:oasis:names:tc:SAML:2.0:status:Success"
	StatusRequester          = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	StatusResponder          = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	StatusVersionMismatch    = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"
	StatusAuthnFailed        = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	StatusNoAuthnContext     = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	StatusNoPassive          = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	StatusRequestDenied      = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	StatusRequestUnsupported = "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported"
	StatusPartialLogout      = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
)
