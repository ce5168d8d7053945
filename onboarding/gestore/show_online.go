package gestore

import (
	"strconv"

	"github.com/a-h/templ"

	"spidsim/internal/clock"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// showOnline is the page of the way that was chosen.
func (f *Face) showOnline(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	switch e.Mode {
	case onboarding.Webcam:
		return f.showWebcam(v, p, e, a)
	case onboarding.VideoTransfer:
		return f.showTransfer(v, p, e, a)
	case onboarding.CIEReader, onboarding.CNSReader, onboarding.Signature:
		return f.showReader(v, p, e, a)
	case onboarding.EdocCIE, onboarding.EdocPassport:
		return f.showChip(v, p, e, a)
	case onboarding.RAO:
		page := templates.RAOEntryView{Enrol: f.with(v, p, e, "rao-entry", a, nil), First: a.typed("half1", ""), Second: a.typed("half2", "")}
		return templates.RAOEntry(p, page), nil
	}
	return f.showDevice(v, p, e, a)
}

func (f *Face) showWebcam(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	part := v.part(webcamParts)
	if a.form.has("step") && part != webcamParts[0] {
		part = a.form.get("step")
	}
	page := templates.VideoView{Enrol: f.with(v, p, e, "webcam", a, nil), Step: part, Question: templates.EnrolWord(p, "question"), Answer: a.typed("answer", ""),
		Hint: strconv.Itoa(e.Form.Born.Year), Document: drawDocument(p, e, e.Document), Tries: e.TriesLeft()}
	return templates.VideoCall(p, page), nil
}

func (f *Face) showTransfer(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	page := templates.TransferView{Enrol: f.with(v, p, e, "av-transfer", a, nil), Step: v.part(transferParts), Code: a.typed("code", ""), Document: drawDocument(p, e, e.Document),
		Holder: e.Name(), IBAN: iban(e), Amount: "1 €", Reason: reasonText(e)}
	if e.State == onboarding.InReview {
		page.Step, page.Sampled, page.ReviewURL, page.Scene = "review", sampled(e), v.base()+"/revisione?request="+e.ID, f.sceneOf(v, p, e)
	}
	return templates.Transfer(p, page), nil
}

// sceneOf is what a lesson puts round the page while the back office works; no message is drawn there otherwise.
func (f *Face) sceneOf(v *visit, p ui.Page, e *onboarding.Enrolment) *templates.Scene {
	if f.cfg.Scene == nil {
		return nil
	}
	return f.cfg.Scene(v.Context(), p.L(), e.FiscalCode, "av-transfer")
}

func (f *Face) showReader(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	page := templates.ReaderView{Enrol: f.with(v, p, e, "reader", a, nil), Kind: string(e.Mode), State: "empty", Holder: e.Name(), Number: e.Document.Number,
		PIN: onboarding.TestCardPIN, Tries: e.TriesLeft()}
	switch card := v.URL.Query().Get("card"); {
	case card == "ready" || a.form.has("pin"):
		page.State = "ready"
	case card == "not-enabled":
		page.State = card
	}
	return templates.CardReader(p, page), nil
}

// chipOffer is a document that can be held to the drawn phone.
type chipOffer struct {
	id     string
	old    bool
	issued clock.Day
}

// chipOffers are the person's document and one that is too old (ONB-126).
func chipOffers(e *onboarding.Enrolment, today clock.Day) []chipOffer {
	recent, old := e.Document.Issued, clock.Date(2009, 3, 19)
	if e.Mode == onboarding.EdocPassport {
		old = clock.Date(2005, 5, 2)
	}
	if want := map[onboarding.ModeKey]onboarding.DocumentKind{onboarding.EdocCIE: onboarding.CIE, onboarding.EdocPassport: onboarding.Passport}[e.Mode]; e.Document.Kind != want {
		recent = clock.Date(today.Year-3, 3, 19)
	}
	return []chipOffer{{"recent", false, recent}, {"old", true, old}}
}

func (f *Face) showChip(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	link := v.Host + v.base() + "/richiedi/" + e.ID
	code, err := qrOf(link)
	if err != nil {
		return nil, err
	}
	page := templates.EDocView{Enrol: f.with(v, p, e, "edoc", a, map[string]string{"issued": "chip"}), Kind: string(e.Mode), QR: code,
		Paired: v.URL.Query().Get("phone") == "paired" || a.form.has("document")}
	for i := range page.Problems {
		page.Problems[i].Field = "" // the phone has buttons, no field
	}
	kind := "cie"
	if e.Mode == onboarding.EdocPassport {
		kind = "passport"
	}
	for _, o := range chipOffers(e, f.cfg.Office.Today()) {
		words := "chip-new"
		if o.old {
			words = "chip-old"
		}
		page.Offers = append(page.Offers, templates.EDocOffer{ID: o.id, Label: templates.EnrolWord(p, words, templates.EnrolWord(p, kind), o.issued.Year)})
	}
	return templates.EDoc(p, page), nil
}

func (f *Face) showDevice(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	step := "sms"
	if e.Mode == onboarding.BancoPostaReader {
		step = "bancoposta"
	}
	page := templates.DeviceCodeView{Enrol: f.with(v, p, e, step, a, nil), Kind: string(e.Mode), Phone: masked(e.Contacts.Mobile), Certified: true, Code: a.typed("code", "")}
	if e.Mode == onboarding.BancoPostaReader {
		page.Device = e.Online.Code
	}
	return templates.DeviceCode(p, page), nil
}

func (f *Face) showModes(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	today := f.cfg.Office.Today()
	c, err := f.citizen(v, e)
	if err != nil {
		return nil, err
	}
	page := templates.ModesView{Enrol: f.with(v, p, e, "modes", a, nil), Chosen: a.typed("mode", ""), TwoWays: v.g.Slug == "poste" && today.Year == 2020}
	if m, ok := onboarding.LookupMode(onboarding.ModeKey(v.URL.Query().Get("failed"))); ok {
		page.Failed = string(m.Key)
	}
	for _, o := range v.g.Offers(c, today) {
		row := templates.ModeRow{Key: string(o.Key), Rule: o.Rule}
		switch {
		case !o.Offered:
			row.Reason = templates.EnrolWord(p, "not-offered")
		case len(o.Missing) > 0:
			row.Reason = templates.EnrolWord(p, string(o.Missing[0]))
		default:
			row.Cost, row.Year = costOf(p, o.Price)
		}
		page.Modes = append(page.Modes, row)
	}
	return templates.Modes(p, page), nil
}

// citizen is the person of a request: a test person, or somebody who owns everything.
func (f *Face) citizen(v *visit, e *onboarding.Enrolment) (onboarding.Citizen, error) {
	c, err := f.cfg.Office.Citizen(v.Context(), string(e.FiscalCode))
	if isDenied(err) {
		c = onboarding.Citizen{Birthday: e.Form.Born}
		c.FiscalCode, c.FamilyName, c.GivenName = e.FiscalCode, e.FamilyName, e.GivenName
		return c, nil
	}
	return c, err
}
