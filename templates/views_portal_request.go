package templates

import "time"

// PortalNoticeView is the notice after a PIN login (OSC-03); data-step "notice". Form: remind=yes, go=services or request.
type PortalNoticeView struct {
	Visit
	Person string
	Remind bool // the box was ticked before
	Phase  PINPhase
}

// PortalGuidedView is the guided request (OSC-04); data-step "guided". Form: consent=yes.
type PortalGuidedView struct {
	Visit
	Consent bool // ticked before; starts unticked (ONB-76)
	BackURL string
}

// PortalIdPsView is the list of gestori (OSC-05, ONB-78, ONB-79); data-step "idp-list". Form: idp.
type PortalIdPsView struct {
	Visit
	Year   string // of the facts, "2020"
	Stable bool
	Items  []PortalIdP
}

// PortalIdP is a gestore of the catalogue, with its facts.
type PortalIdP struct {
	Slug, Name, Badge string
	Modes             []PortalMode
	Levels            []int
	Area              string     // "IT" or "EU"
	Fee               *PortalFee // of the identity itself; nil = free
	Off               bool       // it does not take part in the guided request
}

// PortalMode is a way to be identified, with its cost.
type PortalMode struct {
	Key      string // "COUNTER"
	Cents    int
	Paid     bool // it costs, how much is not known
	Symbolic bool
	Year     int // of the cost (ONB-223); 0 = not said
}

// PortalFee is what an identity costs a year.
type PortalFee struct {
	Cents   int
	PlusVAT bool
	After   int // years that are free first
	Year    int
}

// PortalHandoffView is the slip before leaving (OSC-06, ONB-80); data-step "handoff". Form: go=yes, cancel=yes.
type PortalHandoffView struct {
	Visit
	Gestore   Gestore
	Data      []AttributeValue // exactly three
	MessageID string           // of the hand-off, for developers; "" before it is made
	Address   string           // where the browser will go
	Life      time.Duration    // of the message; 0 = not shown
}

// PortalAnswerView is spInfoPage, where the gestore's synchronous answer arrives (ONB-83); data-step "answer".
type PortalAnswerView struct {
	Visit
	Gestore string
	Result  string // "nr100", "nr25", "nr27", "nr28", "nr29"
	BackURL string // to the gestore's registration, which goes on there; "" = none
}
