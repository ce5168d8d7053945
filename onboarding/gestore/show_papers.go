package gestore

import (
	"fmt"
	"image/color"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"

	"spidsim/internal/clock"
	"spidsim/onboarding"
	"spidsim/templates"
	"spidsim/templates/ui"
)

// codeLife is how long the codes of OSC-08 are good (onboarding.md section 6.1).
const codeLife = 10 * time.Minute

func (f *Face) showPapers(v *visit, p ui.Page, e *onboarding.Enrolment, a *attempt) (templ.Component, error) {
	c, err := f.citizen(v, e)
	if err != nil {
		return nil, err
	}
	page := templates.DocumentsView{Enrol: f.with(v, p, e, "documents", a, nil), CardNumber: string(e.FiscalCode), Holder: e.FamilyName + " " + e.GivenName}
	for _, k := range onboarding.DocumentKinds() {
		page.Types = append(page.Types, ui.Choice{Value: string(k), Label: templates.EnrolWord(p, string(k))})
	}
	asked := v.URL.Query().Get("document")
	if a.form.has("document") {
		asked = a.form.get("document")
	}
	var picked onboarding.Document
	for _, d := range c.Documents(f.cfg.Office.Today()) {
		drawing := drawDocument(p, e, d)
		drawing.Expired = d.Outdated(f.cfg.Office.Today())
		drawing.URL, drawing.Picked = v.base()+"/richiedi/"+e.ID+"?document="+string(d.Kind), asked == string(d.Kind)
		if drawing.Picked {
			picked = d
		}
		page.Samples = append(page.Samples, drawing)
	}
	page.Type, page.Number = a.typed("document", string(picked.Kind)), a.typed("number", picked.Number)
	page.Issued, page.Expires = a.typed("issued", dayOf(picked.Issued)), a.typed("expires", dayOf(picked.Expires))
	page.HealthCard = a.form.yes("health_card")
	return templates.Documents(p, page), nil
}

// drawDocument is a document of the person of a request as a drawn card.
func drawDocument(p ui.Page, e *onboarding.Enrolment, d onboarding.Document) templates.SampleDocument {
	return templates.SampleDocument{Title: templates.EnrolWord(p, string(d.Kind)), Holder: e.FamilyName + " " + e.GivenName,
		Born: dotted(e.Form.Born) + " " + onboarding.PlaceOf(e.Form.BirthPlace).Name, Number: d.Number, Issued: dotted(d.Issued), Expires: dotted(d.Expires)}
}

// dayOf writes a day as forms want it, "19/03/1943"; "" for none.
func dayOf(d clock.Day) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%d", d.Day, int(d.Month), d.Year)
}

// dotted writes a day as documents print it, "19.03.1943".
func dotted(d clock.Day) string { return strings.ReplaceAll(dayOf(d), "/", ".") }

// slashed turns "1943-03-19" into "19/03/1943" and leaves anything else.
func slashed(s string) string {
	if d, err := clock.ParseDay(s); err == nil {
		return dayOf(d)
	}
	return s
}

// masked hides all of a telephone number but its end, "+39 *** *** 0001".
func masked(mobile string) string {
	digits := []rune(strings.ReplaceAll(mobile, " ", ""))
	if len(digits) < 5 {
		return mobile
	}
	return "+39 *** *** " + string(digits[len(digits)-4:])
}

// daysTo counts the days from one to another.
func daysTo(from, to clock.Day) int {
	return int(to.At(12, 0).Sub(from.At(12, 0)).Round(24*time.Hour) / (24 * time.Hour))
}

// costOf is a price in words, with its year (ONB-209).
func costOf(p ui.Page, price onboarding.Price) (cost, year string) {
	switch {
	case price.Note:
		cost = templates.EnrolWord(p, "symbolic")
	case price.Paid:
		cost = templates.EnrolWord(p, "paid")
	case price.Cents == 0:
		cost = templates.EnrolWord(p, "free")
	default:
		cost = strings.Replace(fmt.Sprintf("%.2f €", float64(price.Cents)/100), ".", p.Pick(",", "."), 1)
	}
	if price.Year > 0 {
		year = fmt.Sprint(price.Year)
	}
	return cost, year
}

// qrOf draws a QR code.
func qrOf(content string) (ui.QR, error) {
	code, err := qr.Encode(content, qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("drawing the QR code: %w", err)
	}
	size := code.Bounds()
	rows := make(ui.QR, size.Dy())
	for y := range rows {
		rows[y] = make([]bool, size.Dx())
		for x := range rows[y] {
			rows[y][x] = color.GrayModel.Convert(code.At(size.Min.X+x, size.Min.Y+y)).(color.Gray).Y < 128
		}
	}
	return rows, nil
}
