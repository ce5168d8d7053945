package templates

import (
	"strconv"
	"strings"

	"spidsim/templates/ui"
)

// year is the year for which the page says that SPID is free of charge.
func (v PortalInfoView) year() string {
	if v.Level3 {
		return "2021"
	}
	return "2020"
}

// value is the number as people write it: "38.700", "circa 41 milioni di", "1,2 miliardi di".
func (f PortalFigure) value(p ui.Page) string {
	n, err := strconv.ParseFloat(f.Value, 64)
	if err != nil {
		return f.Value
	}
	text := ""
	switch {
	case n < 1:
		text = thousands(p, int(n*1e6+0.5))
	case n == 1000:
		text = p.T("adoption.one-billion")
	case n > 1000:
		text = p.T("adoption.billion", decimal(p, n/1000))
	default:
		text = p.T("adoption.million", decimal(p, n))
	}
	switch f.Rough {
	case "about":
		return p.T("adoption.about") + " " + text
	case "over":
		return p.T("adoption.over") + " " + text
	}
	return text
}

// words say of what and when: "identità, ottobre 2020".
func (f PortalFigure) words(p ui.Page) string {
	when := ui.MonthOf(p.L(), f.When)
	if f.What == "accesses" {
		return p.T("adoption.accesses", when)
	}
	return p.T("adoption.identities", when)
}

// decimal writes a number with the comma or point of the language.
func decimal(p ui.Page, n float64) string {
	text := strconv.FormatFloat(n, 'f', -1, 64)
	if p.L() == ui.English {
		return text
	}
	return strings.Replace(text, ".", ",", 1)
}

// thousands groups the digits of a number below a million.
func thousands(p ui.Page, n int) string {
	point := "."
	if p.L() == ui.English {
		point = ","
	}
	if n < 1000 {
		return strconv.Itoa(n)
	}
	rest := strconv.Itoa(n%1000 + 1000)[1:]
	return strconv.Itoa(n/1000) + point + rest
}
