package portal_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// ONB-34, ONB-33: a PIN past its expiry and one of 16 characters lead to pages of their own.
func TestONB34AnExpiredPINIsRenewedOnTheWay(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	s.clock.Freeze(at(t, "2021-07-15 09:00"))
	b := s.browser()
	page := b.shown(b.pin(ortensia), http.StatusOK, "pin-renew")
	page.wants(t, "6 mesi", "30 settembre 2021", `name="renew"`) // ONB-55
	if strings.Contains(page.body, `name="pin" value=`) || strings.Contains(page.body, "PRVA2345") {
		t.Error("the PIN is on the page")
	}
	b.shown(b.post("/pin/rinnova", "cf", ortensia, "pin", "SBAGLIAT", "renew", "yes"), http.StatusUnprocessableEntity, "pin-renew").wants(t, "RSN-PIN-WRONG")
	b.sent(b.post("/pin/rinnova", "cf", ortensia, "pin", "PRVA2345", "renew", "yes"), "/avviso")
}

func TestONB33TheFirstPINIsReplaced(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-09-30 09:00")
	b := s.browser()
	code := freePerson(t, s)
	page := b.shown(b.post("/pin/richiedi", "cf", code, "way", "online", "by", "self"), http.StatusOK, "pin-request") // TV-01
	page.wants(t, "PIN ordinario", "È arrivata la lettera")
	b.shown(b.post("/pin/richiedi", "cf", code, "letter", "yes"), http.StatusOK, "pin-request").wants(t, "16 caratteri")
	file, err := s.PIN(t.Context(), code)
	if err != nil {
		t.Fatal(err)
	}
	b.shown(b.post("/accedi", "cf", code, "pin", file.Code), http.StatusOK, "pin-new")
	b.shown(b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABC", "new_pin_again", "ABC"), http.StatusUnprocessableEntity, "pin-new").wants(t, "RSN-PIN-FORM")
	b.shown(b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABCD2345", "new_pin_again", "ABCD2346"), http.StatusUnprocessableEntity, "pin-new")
	if a := b.post("/pin/nuovo", "cf", code, "pin", file.Code, "new_pin", "ABCD2345", "new_pin_again", "ABCD2345"); a.status != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%s", a.status, a.body)
	}
}

// freePerson is an adult test person without a PIN.
func freePerson(t *testing.T, s *site) string {
	t.Helper()
	all, err := s.Citizens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all {
		if _, err := s.PIN(t.Context(), string(c.FiscalCode)); err != nil && !c.CannotHaveSPID(s.Today()) && c.Mobile != "" {
			return string(c.FiscalCode)
		}
	}
	t.Fatal("everybody has a PIN")
	return ""
}

// The mask refuses a PIN with the reason of the day (section 5.2).
func TestTV13ThePINIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, when, who, profile, code string
	}{
		{"wrong", "2020-10-15 10:00", ortensia, "", "RSN-PIN-WRONG"},
		{"TV-09 an intermediary from September on", "2021-09-01 10:00", nives, "intermediary", "RSN-PIN-PROFILE"},
		{"TV-13 after the end", "2021-10-01 00:00", ortensia, "", "RSN-PIN-DISMISSED"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := newSite(t, row.when).browser()
			file, err := b.PIN(t.Context(), row.who)
			if err != nil {
				t.Fatal(err)
			}
			pin := file.Code
			if row.code == "RSN-PIN-WRONG" {
				pin = "SBAGLIAT"
			}
			page := b.shown(b.post("/accedi", "cf", row.who, "pin", pin, "profile", row.profile), http.StatusUnprocessableEntity, "mask")
			page.wants(t, row.code, `value="`+row.who+`"`, `href="#pin"`, "Perché?")
			if strings.Contains(page.body, `value="`+pin+`"`) {
				t.Error("the page gives the PIN back")
			}
		})
	}
}

// ONB-13: after the end the PIN is a link for residents abroad.
func TestONB13ThePINBecomesALink(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2021-10-01 08:00").browser()
	page := b.shown(b.get("/accedi"), http.StatusOK, "mask")
	page.wants(t, "Accesso con PIN per residenti all’estero")
	if strings.Contains(page.body, `value="pin"`) {
		t.Error("the PIN is still a tab")
	}
	b.shown(b.get("/accedi?via=pin"), http.StatusOK, "mask").wants(t, `name="pin"`)
	if a := b.pin(helmut); a.status != http.StatusSeeOther { // TV-15
		t.Errorf("status %d, want 303 for a resident abroad\n%s", a.status, a.body)
	}
}

// ONB-31: an application with an ordinary PIN is kept until the conversion, which needs a good document (ONB-35).
func TestONB31AnOrdinaryPINKeepsTheApplication(t *testing.T) {
	t.Parallel()
	b := newSite(t, "2020-10-15 10:24").browser()
	b.sent(b.pin(ademaro), "/avviso")
	b.sent(b.post("/avviso", "go", "services"), "/myinps")
	b.sent(b.post("/servizi/bonus", "apply", "yes"), "/servizi/bonus?fatto=domanda")
	b.shown(b.get("/servizi/bonus?fatto=domanda"), http.StatusOK, "service").wants(t, "Domanda conservata")
	b.shown(b.get("/pin/dispositivo"), http.StatusOK, "pin-convert").wants(t, "scaduto il")
	b.shown(b.post("/pin/dispositivo", "document", "paper"), http.StatusUnprocessableEntity, "pin-convert").wants(t, "RSN-DOC")
	b.sent(b.post("/pin/dispositivo", "document", "cie"), "/pin/dispositivo")
	b.shown(b.get("/pin/dispositivo"), http.StatusOK, "pin-convert").wants(t, "Ora il PIN è dispositivo")
	b.shown(b.get("/servizi/bonus?fatto=domanda"), http.StatusOK, "service").wants(t, "Domanda inviata")
}

// ONB-36: a lost PIN is sent anew in two halves, or revoked when no contact is remembered (ONB-37).
func TestONB36ALostPIN(t *testing.T) {
	t.Parallel()
	s := newSite(t, "2020-10-15 10:24")
	b := s.browser()
	b.shown(b.get("/pin/smarrito"), http.StatusOK, "pin-lost")
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "contact", "altro@personas.example"), http.StatusUnprocessableEntity, "pin-lost").wants(t, "RSN-PIN-CONTACT", `name="contact2"`)
	b.sent(b.post("/pin/smarrito", "cf", ortensia, "contact2", "altro@personas.example"), "/pin/smarrito?cf="+ortensia+"&fatto=contatto")
	page := b.shown(b.post("/pin/smarrito", "cf", ortensia, "contact", "altro@personas.example"), http.StatusOK, "pin-lost")
	link := regexp.MustCompile(`href="(/pin/smarrito\?[^"]*token=[^"]*)"`).FindStringSubmatch(page.body)
	if link == nil {
		t.Fatalf("no link on the page\n%s", page.body)
	}
	address := strings.ReplaceAll(link[1], "&amp;", "&")
	b.shown(b.get(address), http.StatusOK, "pin-lost").wants(t, `name="reset"`)
	query, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	token := query.Query().Get("token")
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "token", token, "reset", "yes"), http.StatusOK, "pin-lost").wants(t, `data-state="halves"`)
	b.shown(b.post("/pin/smarrito", "cf", ortensia, "token", token, "reset", "yes"), http.StatusUnprocessableEntity, "pin-lost").wants(t, "RSN-CODE-WRONG")
	b.shown(b.post("/pin/smarrito", "cf", ademaro, "forgot", "yes"), http.StatusOK, "pin-lost").wants(t, `data-state="none"`, "non si può chiedere di nuovo")
	b.shown(b.post("/pin/richiedi", "cf", ademaro, "way", "office"), http.StatusUnprocessableEntity, "pin-request").wants(t, "RSN-PIN-NO-NEW")
}
