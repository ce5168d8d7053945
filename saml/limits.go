package saml

// Limits bound what the intake accepts before a tree exists (security.md section 10).
type Limits struct {
	Bytes, Depth, Elements, Attributes, Namespaces int
	Name, Value, Text                              int  // octets of a name, an attribute value, a run of text
	Comments                                       bool // true drops comments and reads CDATA (metadata), false refuses both (messages)
}

// MessageLimits returns the limits for protocol messages.
func MessageLimits() Limits {
	return Limits{
		Bytes: maxMessage, Depth: 32, Elements: 900, Attributes: 32, Namespaces: 16,
		Name: 256, Value: 8 << 10, Text: 64 << 10,
	}
}

// MetadataLimits returns the limits for metadata documents.
func MetadataLimits() Limits {
	lim := MessageLimits()
	lim.Bytes, lim.Elements, lim.Comments = maxMetadata, 5000, true
	return lim
}

// The numbers of security.md section 10 that concern this package; octets unless said otherwise.
const (
	maxQuery      = 16 << 10  // raw query of the redirect binding
	maxDeflated   = 12 << 10  // SAMLRequest of the redirect binding after base64
	maxMessage    = 256 << 10 // decoded or inflated protocol message
	maxMetadata   = 1 << 20   // metadata document
	freeInflation = 64 << 10  // up to here the ratio does not matter
	maxRatio      = 100       // inflated to deflated, past freeInflation (SEC-31)
	maxRelayState = 80        // SEC-33
	maxID         = 256       // SEC-15
	minRSABits    = 2048      // SIG-01
)
