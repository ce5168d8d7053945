package onboarding

import (
	"slices"
	"time"

	"spidsim/internal/clock"
)

// Means is something that a person owns and that a way to be identified needs (ONB-130).
type Means string

// Means.
const (
	Camera          Means = "camera"
	BankAccount     Means = "bank_account" // Italian, in one's own or a joint name
	CardReader      Means = "card_reader"
	CIEOnline       Means = "cie_online" // with its PIN enabled
	CNSOnline       Means = "cns_online"
	SignatureDevice Means = "signature"
	CIE3            Means = "cie3"      // of recent issue, with a chip that a phone reads
	ChipPassport    Means = "epassport" // issued after 2006
	ChipPhone       Means = "phone_nfc" // phone or tablet that reads chips
	CertifiedMobile Means = "certified_mobile"
	BancoPosta      Means = "bancoposta"
	RAOPackage      Means = "rao_package" // given at a public counter (ONB-190)
)

// ModeKey names a way to be identified (onboarding.md section 7.3).
type ModeKey string

// Ways to be identified.
const (
	Counter          ModeKey = "COUNTER"
	Home             ModeKey = "HOME"
	PublicEvent      ModeKey = "EVENT"
	Webcam           ModeKey = "WEBCAM"
	VideoTransfer    ModeKey = "AV_TRANSFER"
	CIEReader        ModeKey = "CIE_READER"
	CNSReader        ModeKey = "CNS_READER"
	Signature        ModeKey = "SIGNATURE"
	EdocCIE          ModeKey = "EDOC_CIE3"
	EdocPassport     ModeKey = "EDOC_PASSPORT"
	SMSCertified     ModeKey = "SMS_CERTIFIED"
	BancoPostaReader ModeKey = "BANCOPOSTA_READER"
	RAO              ModeKey = "RAO"
)

// ModeKind says how a way to be identified goes on.
type ModeKind string

// Kinds of way.
const (
	InPerson ModeKind = "in-person" // somebody sees the person, who brings the procedure code
	Online   ModeKind = "online"    // decided at once
	Reviewed ModeKind = "reviewed"  // a back office decides some days later
)

// Mode is a row of section 7.3.
type Mode struct {
	Key     ModeKey
	Rule    string // "ONB-120"
	Kind    ModeKind
	Needs   []Means
	Minutes int // that it takes, as the training material says; 0 = not said
}

// Modes returns the ways to be identified in the order of the specification.
func Modes() []Mode { return slices.Clone(modes) }

// LookupMode finds a way by its key.
func LookupMode(k ModeKey) (Mode, bool) {
	for _, m := range modes {
		if m.Key == k {
			return m, true
		}
	}
	return Mode{}, false
}

var modes = []Mode{
	{Counter, "ONB-120", InPerson, nil, 0},
	{Home, "ONB-121", InPerson, nil, 0},
	{PublicEvent, "ONB-122", InPerson, nil, 0},
	{Webcam, "ONB-123", Online, []Means{Camera}, 0},
	{VideoTransfer, "ONB-124", Reviewed, []Means{Camera, BankAccount}, 0},
	{CIEReader, "ONB-125", Online, []Means{CIEOnline, CardReader}, 10},
	{CNSReader, "ONB-125", Online, []Means{CNSOnline, CardReader}, 10},
	{Signature, "ONB-125", Online, []Means{SignatureDevice, CardReader}, 10},
	{EdocCIE, "ONB-126", Online, []Means{CIE3, ChipPhone}, 15},
	{EdocPassport, "ONB-126", Online, []Means{ChipPassport, ChipPhone}, 15},
	{SMSCertified, "ONB-127", Online, []Means{CertifiedMobile}, 5},
	{BancoPostaReader, "ONB-128", Online, []Means{BancoPosta}, 5},
	{RAO, "ONB-129", Online, []Means{RAOPackage}, 0},
}

// missing lists what the person does not own of what the way needs.
func (m Mode) missing(c Citizen) []Means {
	var out []Means
	for _, n := range m.Needs {
		if n != RAOPackage && !c.Has(n) { // the package is asked for at the way itself
			out = append(out, n)
		}
	}
	return out
}

// ModeOffer is a way as a gestore offers it to a person (ONB-130).
type ModeOffer struct {
	Mode
	Price   Price
	Missing []Means // that the person does not own: then it cannot be chosen
	Offered bool    // the gestore has it
}

// Possible reports whether the person may choose it.
func (o ModeOffer) Possible() bool { return o.Offered && len(o.Missing) == 0 }

// Price is what a way costs: cents, with the year in which that was so (ONB-223).
type Price struct {
	Cents int
	Year  int
	Note  bool // symbolic: a transfer that may go to charity (ONB-124)
	Paid  bool // it costs, but how much the sources do not say
}

// Free reports whether it costs nothing.
func (p Price) Free() bool { return p.Cents == 0 && !p.Paid && !p.Note }

// Offers lists every way with what the gestore and the person make of it on a day.
func (g Provider) Offers(c Citizen, day clock.Day) []ModeOffer {
	out := make([]ModeOffer, 0, len(modes))
	for _, m := range modes {
		price, offered := g.price(m.Key, day)
		out = append(out, ModeOffer{Mode: m, Price: price, Missing: m.missing(c), Offered: offered})
	}
	return out
}

// offer finds one way.
func (g Provider) offer(k ModeKey, c Citizen, day clock.Day) (ModeOffer, bool) {
	for _, o := range g.Offers(c, day) {
		if o.Key == k {
			return o, true
		}
	}
	return ModeOffer{}, false
}

// Validity of what is sent to a person (onboarding.md section 6.1).
const (
	contactLife   = 10 * time.Minute
	procedureDays = 30
	onlineTries   = 3
)
