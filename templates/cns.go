package templates

import "spidsim/templates/ui"

// CNSTrouble says why a TLS client certificate does not let its holder in.
type CNSTrouble string

// Troubles with a certificate.
const (
	CNSNone    CNSTrouble = "no-certificate"
	CNSForeign CNSTrouble = "foreign-ca" // not issued by the test authority of the CNS, or not for a CNS
	CNSExpired CNSTrouble = "expired"    // or not valid yet
	CNSRevoked CNSTrouble = "revoked"
	CNSBlocked CNSTrouble = "blocked" // the PIN, or the PUK as well
	CNSGone    CNSTrouble = "unknown" // of a card that is no longer in use
)

// CNSEntryView is the page at the address that asks for a client certificate, for who has none that will do (CNS-06); data-step "error".
type CNSEntryView struct {
	Why     CNSTrouble
	Address string // host and path, shown in the strip
	Retry   string // this address again
	Portal  string // base address of the portal
	Console string // base address of the identity providers
	PIN     string // of test cards: opens the file
	People  []CNSPerson
}

// CNSPerson is a test person whose CNS can be had as a file.
type CNSPerson struct {
	Name, Username string
	URL            string // of the PKCS #12 file
	Note           string // what is wrong with the card, in the page's language
}

// cnsTroubles are heading and sentence.
var cnsTroubles = map[CNSTrouble]struct{ title, words string }{
	CNSNone:    {"cns.none.title", "cns.none.words"},
	CNSForeign: {"cns.foreign.title", "cns.foreign.words"},
	CNSExpired: {"cns.expired.title", "cns.expired.words"},
	CNSRevoked: {"cns.revoked.title", "cns.revoked.words"},
	CNSBlocked: {"cns.blocked.title", "cns.blocked.words"},
	CNSGone:    {"cns.gone.title", "cns.gone.words"},
}

func (v CNSEntryView) title(p ui.Page) string { return p.T(cnsTroubles[v.Why].title) }

func (v CNSEntryView) house(p ui.Page) ui.House {
	return ui.House{Kind: ui.HouseGestore, Title: v.title(p), Step: "error", Name: "CNS", Badge: "CN", Address: v.Address, IsCard: true, Console: v.Console}
}
