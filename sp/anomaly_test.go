package sp_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// tell is the sealed anomaly Response to a login.
func (b *browser) tell(l *begun, a spid.Anomaly, edits ...func(*etree.Element)) []byte {
	b.t.Helper()
	i := b.p.idp
	el := spid.NewAnomalyResponse(a, i.entityID, b.p.acs(), l.request.ID, b.p.clock.now(), i.newID).Element()
	for _, e := range edits {
		e(el)
	}
	return seal(b.t, el, signing{response: i.key})
}

func TestEveryAnomalyIsExplainedAndLeadsBack(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	for _, info := range spid.Anomalies() {
		if info.ToUser || info.Anomaly == spid.Success || info.Status == "" { // 26 to 29 are never sent
			continue
		}
		t.Run(info.Anomaly.Code(), func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect&level=3")
			document := b.tell(l, info.Anomaly)
			r := b.post(document, l.relayState)
			if r.StatusCode != http.StatusForbidden {
				t.Fatalf("status %d, want 403\n%s", r.StatusCode, text(r.body))
			}
			page := text(r.body)
			if info.ForPerson != "" && !strings.Contains(page, info.ForPerson) {
				t.Errorf("the page does not say %q: %s", info.ForPerson, page)
			}
			if !strings.Contains(page, fmt.Sprintf("%d", info.Anomaly)) {
				t.Errorf("the page does not give the number %d: %s", info.Anomaly, page)
			}
			if !strings.Contains(r.body, `href="/spid/login?`) || !strings.Contains(r.body, `href="/"`) {
				t.Error("the page leads neither back nor to another try (ERR-07)")
			}
			if strings.Contains(r.body, `http-equiv="refresh"`) || r.Header.Get("Refresh") != "" {
				t.Error("the page tries again by itself (ERR-07)")
			}
			if m := b.me(); m.Authenticated || m.Reason != "anomaly" || m.Anomaly != int(info.Anomaly) || m.Rule != "" {
				t.Errorf("GET /spid/me: %+v", m)
			}
			// the request is used up: neither the same nor a positive answer counts any more
			if m := b.mustStayOut(document, l.relayState); m.Reason != "refused" {
				t.Errorf("the second time: %+v", m)
			}
			b.mustStayOut(b.good(l, spid.L3), l.relayState)
		})
	}
}

func TestAnAnomalyThatIsNotWellMadeIsRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	foreign := newKey(t, "foreign", p.idp.key.Cert.Subject)
	for _, row := range []struct {
		name string
		key  *saml.Key
		edit func(*etree.Element)
	}{
		{"signed by a key that nobody knows", foreign, nil},
		{"signed by another gestore", p.alfa.key, nil},
		{"about another request", p.idp.key, func(el *etree.Element) { el.CreateAttr("InResponseTo", "_other") }},
		{"for another address", p.idp.key, func(el *etree.Element) { el.CreateAttr("Destination", "http://other.example/acs") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			b := p.browser(t)
			l := b.begin("?binding=redirect")
			el := spid.NewAnomalyResponse(spid.Cancelled, p.idp.entityID, p.acs(), l.request.ID, p.clock.now(), p.idp.newID).Element()
			if row.edit != nil {
				row.edit(el)
			}
			if m := b.mustStayOut(seal(t, el, signing{response: row.key}), l.relayState); m.Reason != "refused" {
				t.Errorf("reason %q, want refused: an anomaly that cannot be trusted is none", m.Reason)
			}
			b.mustEnter(b.good(l, spid.L2), l.relayState) // and it must not end the login
		})
	}
}

// An unsigned anomaly is passed by the rules with a warning (SIG-10). It may be shown, but it ends nothing: anybody can write one.
func TestAnUnsignedAnomalyIsShownAndEndsNothing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	el := spid.NewAnomalyResponse(spid.Cancelled, p.idp.entityID, p.acs(), l.request.ID, p.clock.now(), p.idp.newID).Element()
	if m := b.mustStayOut(seal(t, el, signing{}), l.relayState); m.Reason != "anomaly" || m.Anomaly != 25 {
		t.Errorf("GET /spid/me: %+v", m)
	}
	b.mustEnter(b.good(l, spid.L2), l.relayState)
}

func TestAStatusMessageIsNeverRepeatedOnAPage(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	const markup = `ErrorCode nr99 <script>alert("x")</script>`
	document := b.tell(l, spid.Cancelled, func(el *etree.Element) {
		saml.Child(saml.Child(el, saml.NSProtocol, "Status"), saml.NSProtocol, "StatusMessage").SetText(markup)
	})
	r := b.post(document, l.relayState)
	if r.StatusCode != http.StatusForbidden || strings.Contains(r.body, "<script>alert") {
		t.Errorf("status %d; the page repeats the message: %s", r.StatusCode, text(r.body))
	}
	if m := b.me(); m.Anomaly != 0 || m.Authenticated {
		t.Errorf("GET /spid/me: %+v", m)
	}
	if r := b.get("/spid/me", "Accept", "application/json"); strings.Contains(r.body, "alert") || strings.Contains(r.body, "nr99") {
		t.Errorf("the message is in %s", r.body)
	}
}

func TestASessionOutlivesTheFailureOfAnotherLogin(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	b := p.browser(t)
	l := b.begin("")
	b.mustEnter(b.good(l, spid.L2), l.relayState)
	l = b.begin("?level=3")
	b.post(b.tell(l, spid.Cancelled), l.relayState)
	if m := b.me(); !m.Authenticated || m.Level != 2 {
		t.Errorf("GET /spid/me: %+v", m)
	}
}
