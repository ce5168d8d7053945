package templates

import "spidsim/templates/ui"

// Addresses of the portal of the institute, as its pages link them and its handlers serve them.
const (
	PathMask              = "/accedi"
	PathPIN               = "/pin"
	PathPINLost           = "/pin/smarrito"
	PathPINNew            = "/pin/nuovo"
	PathPINRenew          = "/pin/rinnova"
	PathPINRequest        = "/pin/richiedi"
	PathPINConvert        = "/pin/dispositivo"
	PathCNS               = "/cns"
	PathNotice            = "/avviso"
	PathGuided            = "/spid/richiedi"
	PathIdPs              = "/spid/gestori"
	PathHandoff           = "/spid/passaggio"
	PathAnswer            = "/spid/richiedi/esito"
	PathAnswerLater       = "/spid/richiedi/esito-asincrono"
	PathArrival           = "/entra/arrivo"
	PathAppArrival        = "/entra/app"
	PathCNSReturn         = "/cns/ritorno"
	PathDevelopers        = "/sviluppatori"
	PathServicePage       = "/servizi/"
	PathPhonePIN          = "/myinps/pin-telefonico"
	PathDelegations       = "/myinps/deleghe"
	PathDelegationNew     = "/myinps/deleghe/nuova"
	PathDelegationVideo   = "/myinps/deleghe/incontro"
	PathActFor            = "/myinps/per-conto"
	PathConfirm           = "/entra/conferma"
	PathLeave             = "/esci"
	PathContactCentre     = "/contact-center"
	PathDelegationCounter = "/sportello/deleghe"
	PathCompare           = "/spid/confronta"
	PathSPIDSite          = "/spid/sito"
	PathHelp              = "/aiuto"
)

// Visit is what all pages of the portal share.
type Visit struct {
	Portal Portal
	Scene  *Scene        // nil outside a lesson
	Errors []PortalError // what was denied; the page then goes out with 422
	Done   string        // what has just been done, one sentence in the page's language; "" = nothing
}

// PortalError is why something was denied (ONB-04).
type PortalError struct {
	Field  string // name of the form's field at fault; "" = none
	Text   string // sentence in the page's language
	Code   string // "RSN-PIN-WRONG"
	Rule   string // "ONB-30"
	Help   string // what helps instead: "spid", "delega", "minori"; "" = what the reason itself proposes
	Detail string // for developers, English; "" = nothing more
}

// PortalHomeView is the portal's first page (OSC-01); data-step "home". Its search is a GET with q.
type PortalHomeView struct {
	Visit
	Query    string          // what was searched, "" = nothing
	Found    []PortalService // for Query
	LeftJust bool            // somebody has just left the portal
}

// PortalService is a service of the institute.
type PortalService struct {
	Slug  string
	Name  string
	Words string
	Open  bool     // public content: nobody has to come in (ONB-19)
	Text  []string // paragraphs that anybody may read
}

// PINChoice says how the mask offers the PIN (ONB-13).
type PINChoice string

// Places of the PIN on the mask.
const (
	PINTab  PINChoice = "tab"  // one of the four ways
	PINLink PINChoice = "link" // a link below, for residents abroad
	PINForm PINChoice = "form" // the link was followed: the form shows, without a tab
)

// PINPhase is what the mask and the notices say about the end of the PIN (ONB-53, ONB-54, ONB-57).
type PINPhase string

// Phases of the PIN.
const (
	PINOpen    PINPhase = "open"    // until 30 September 2020: nothing to say
	PINNoEnd   PINPhase = "no-end"  // from 1 October 2020: no new ones, the end is "data da definire"
	PINEndSet  PINPhase = "end-set" // from 2 July 2021: both end dates are known
	PINCitizen PINPhase = "citizen" // from 1 September 2021: citizens only
	PINOver    PINPhase = "over"    // from 1 October 2021
)

// PortalMaskView is the mask with the ways to come in (OSC-02); data-step "mask".
// The PIN form posts cf, pin and profile; the SPID form is a GET to LoginURL with idp.
type PortalMaskView struct {
	Visit
	Via        string // "pin", "spid", "cie", "cns"; "" = spid
	PIN        PINChoice
	Phase      PINPhase
	FiscalCode string // typed before
	Fill       string // PIN of the picked person (dev mode): public test data (D-05)
	Profiles   []ui.Choice
	Profile    string
	Hidden     []ui.Hidden // carried by the PIN form
	Gestori    []SPGestore
	CIEURL     string      // where the login with CIE begins; "" = it cannot be used now
	LoginURL   string      // "/spid/login" when empty
	Login      []ui.Hidden // fields that go with idp
	Stable     bool        // the order of the gestori is fixed (ONB-79)
	Phone      bool        // the telephone PIN opens the portal too (ONB-156); via "phone" shows its form: via=phone, cf, code
	People     []PortalPersona
}

// PortalPersona is an invented person whom the mask can fill in, in dev mode.
type PortalPersona struct {
	Name, FiscalCode string
	Kind             string // of the PIN
	Status           string // of the PIN: "ACTIVE8", "ISSUED16", "EXPIRED", "REVOKED", …
	URL              string // the mask with this person picked
	Picked           bool
}

// PortalUnusualView asks who came by another means than usual to confirm it (ONB-149); data-step "unusual". Form: code.
type PortalUnusualView struct {
	Visit
	Means string // in words: "CIE, livello 3"
	Again string // where another code is asked for, once this one is of no use; "" = nowhere
}

// PortalCardView is the drawn reader for the CNS; data-step "cns". Forms: card=ID or card=remove; pin.
type PortalCardView struct {
	Visit
	Cards  []PortalCardChoice
	Card   string // id of the card in the reader; "" = the reader is empty
	Holder string
	Number string
	Ready  bool   // the card can be read: ask for the PIN
	TLSURL string // where the browser's own certificate is asked for; "" = not offered
	PIN    string // of the test card, shown in dev mode; "" = not shown
}

// PortalCardChoice is a card of an invented person.
type PortalCardChoice struct {
	ID     string
	Holder string
	Note   string // "non attivata per i servizi online"; "" = all is well
}

// PortalReasonView is the page of a denial (ONB-04); data-step "reason".
type PortalReasonView struct {
	Visit
	Why  PortalError
	Next []PortalLink // what can be done now; the reason's own when empty
	Back string       // "/" when empty
}

// PortalLink is a way on.
type PortalLink struct{ URL, Label string }
