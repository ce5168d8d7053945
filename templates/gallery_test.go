package templates

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"spidsim/templates/ui"
)

const sampleNonce = "bm9uY2Utb2YtdGVzdA"

// renderSample renders one sample as a handler would.
func renderSample(t *testing.T, s Sample, lang string) []byte {
	t.Helper()
	var b bytes.Buffer
	p := ui.Page{Lang: lang, Nonce: sampleNonce, Path: "/idp/prova/login", Query: "user=ivo.xandrelli", Version: "0.1.0", Mode: ui.ModeDev, SimDate: "2020-10-15"}
	if err := s.Render(p).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// voids are the elements without an end tag.
var voids = map[string]bool{"area": true, "base": true, "br": true, "col": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "wbr": true}

// balanced reports the first end tag that does not close the element that is open: the parser would mend it in silence.
func balanced(page []byte) error {
	var open []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				return z.Err()
			}
			if len(open) > 0 {
				return errors.New("left open: " + strings.Join(open, " "))
			}
			return nil
		case html.StartTagToken:
			if name, _ := z.TagName(); !voids[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return errors.New("</" + string(name) + "> closes " + strings.Join(open, " "))
			}
			open = open[:len(open)-1]
		}
	}
}

// noText is what the catalogue writes for an unknown key, and fmt for a wrong value.
var noText = regexp.MustCompile(`«[a-z0-9-]+\.[a-z0-9.-]+»|%!`)

func TestTablesOfTextsAreInTheCatalogue(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, k := range problemKeys {
		keys = append(keys, k[0], k[1])
	}
	for _, x := range troubles {
		keys = append(keys, x.key)
	}
	for _, f := range faults {
		keys = append(keys, f.title, f.words)
	}
	for _, b := range cardButtons {
		keys = append(keys, b.key)
	}
	for _, c := range cnsTroubles {
		keys = append(keys, c.title, c.words)
	}
	for _, key := range cardNotes {
		keys = append(keys, key)
	}
	for _, key := range cieFaults {
		keys = append(keys, key)
	}
	for _, r := range reasonTexts {
		keys = append(keys, r.why, r.now)
		for _, way := range r.next {
			keys = append(keys, portalWays[way].key)
		}
	}
	for _, e := range []Ended{EndedDone, EndedReady, EndedTimeout, EndedUnknown} {
		keys = append(keys, endedKey(e), endedWords(e))
	}
	for _, key := range keys {
		if text := ui.T(ui.Italian, key); noText.MatchString(text) {
			t.Errorf("key %q is not in the catalogue", key)
		}
	}
}

// dom is a parsed page with the questions that the rules ask.
type dom struct{ all []*html.Node }

func parsePage(t *testing.T, page []byte) dom {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	d := dom{}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			d.all = append(d.all, n)
		}
	}
	return d
}

func (d dom) named(names ...string) []*html.Node {
	var found []*html.Node
	for _, n := range d.all {
		for _, name := range names {
			if n.Data == name {
				found = append(found, n)
			}
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func (d dom) ids(t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range d.all {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q is there twice", id)
			}
			ids[id] = true
		}
	}
	return ids
}

func TestEveryPageKeepsTheRules(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range Gallery() {
		if seen[s.Name+"/"+s.State] {
			t.Errorf("sample %s/%s is there twice", s.Name, s.State)
		}
		seen[s.Name+"/"+s.State] = true
		for _, lang := range []string{ui.Italian, ui.English} {
			t.Run(s.Name+"/"+s.State+"/"+lang, func(t *testing.T) {
				t.Parallel()
				page := renderSample(t, s, lang)
				if err := balanced(page); err != nil {
					t.Errorf("tags are not balanced: %v", err)
				}
				if len(page) > 150<<10 {
					t.Errorf("page has %d octets, want at most 150 KiB (UX-86)", len(page))
				}
				if noText.Match(page) {
					t.Error("a text of the catalogue is missing or has the wrong number of values")
				}
				d := parsePage(t, page)
				checkFrame(t, d, lang)
				checkPolicy(t, d)
				checkNames(t, d)
				checkHeadings(t, d)
			})
		}
	}
}

// checkFrame: language, title, robots, banner before everything else, skip link and language switch first.
func checkFrame(t *testing.T, d dom, lang string) {
	t.Helper()
	if got := attr(d.named("html")[0], "lang"); got != lang {
		t.Errorf("lang is %q, want %q (UX-51)", got, lang)
	}
	if title := words(d.named("title")[0]); !strings.HasPrefix(title, "[SIM] ") || len(title) < 9 {
		t.Errorf("title is %q, want it to begin with [SIM] (UX-31)", title)
	}
	robots := false
	for _, m := range d.named("meta") {
		robots = robots || attr(m, "name") == "robots" && attr(m, "content") == "noindex, nofollow"
	}
	if !robots {
		t.Error("no robots meta element (UX-31)")
	}
	links := d.named("a")
	if attr(links[0], "href") != "#main" {
		t.Errorf("the first link goes to %q, want #main (UX-60)", attr(links[0], "href"))
	}
	switched, err := url.Parse(attr(links[1], "href"))
	if err != nil || switched.Query().Get("lang") == lang || switched.Query().Get("user") != "ivo.xandrelli" || switched.Path != "/idp/prova/login" {
		t.Errorf("the second link is %q, want the language switch on the same page and state (UX-50)", attr(links[1], "href"))
	}
	for _, n := range d.all { // the first landmark is the banner (UX-30)
		if role := attr(n, "role"); role != "" || n.Data == "header" || n.Data == "nav" || n.Data == "main" {
			if attr(n, "data-testid") != "sim-banner" {
				t.Errorf("the first landmark is %s, want the simulator's banner", n.Data)
			}
			break
		}
	}
	if n := len(d.named("main")); n != 1 {
		t.Errorf("%d main elements, want 1", n)
	}
}

// checkPolicy: what the content security policy forbids is not even written (UX-05, UX-06, SEC-51).
func checkPolicy(t *testing.T, d dom) {
	t.Helper()
	for _, n := range d.all {
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has the attribute %s", n.Data, a.Key)
			}
			if (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("<%s %s=%q>", n.Data, a.Key, a.Val)
			}
		}
		switch n.Data {
		case "style", "iframe", "object", "embed", "img", "base":
			t.Errorf("<%s> on the page", n.Data)
		case "script":
			if attr(n, "nonce") != sampleNonce || !strings.HasPrefix(attr(n, "src"), ui.AssetsPath) || n.FirstChild != nil {
				t.Errorf("script %q without nonce, or inline", attr(n, "src"))
			}
		case "link":
			if !strings.HasPrefix(attr(n, "href"), ui.AssetsPath) {
				t.Errorf("link to %q, want an own asset", attr(n, "href"))
			}
		}
	}
}

// checkNames: each field has a label, each reference leads somewhere, each button and link says something.
func checkNames(t *testing.T, d dom) {
	t.Helper()
	ids, labelled := d.ids(t), map[string]bool{}
	for _, l := range d.named("label") {
		labelled[attr(l, "for")] = true
		for c := range l.Descendants() {
			if c.Data == "input" {
				labelled["within:"+attr(c, "name")+attr(c, "value")] = true
			}
		}
	}
	for _, n := range d.named("input", "select", "textarea") {
		if attr(n, "type") == "hidden" {
			continue
		}
		wrapped := n.Parent != nil && n.Parent.Data == "label"
		if !labelled[attr(n, "id")] && !wrapped {
			t.Errorf("field %q has no label (UX-64)", attr(n, "name"))
		}
		if attr(n, "aria-invalid") == "true" && !strings.Contains(attr(n, "aria-describedby"), attr(n, "name")+"-e") {
			t.Errorf("field %q is wrong and does not point to its error (UX-63)", attr(n, "name"))
		}
	}
	for _, n := range d.all {
		for _, key := range []string{"aria-describedby", "aria-labelledby", "for", "data-copy"} {
			for _, id := range strings.Fields(attr(n, key)) {
				if !ids[id] {
					t.Errorf("<%s %s=%q> leads nowhere", n.Data, key, id)
				}
			}
		}
		if href := attr(n, "href"); len(href) > 1 && href[0] == '#' && !ids[href[1:]] {
			t.Errorf("link to %q leads nowhere", href)
		}
	}
	for _, n := range d.named("a", "button", "summary") {
		if words(n) == "" && attr(n, "aria-label") == "" {
			t.Errorf("<%s> says nothing", n.Data)
		}
	}
}

// checkHeadings: one h1, no level left out (UX-61).
func checkHeadings(t *testing.T, d dom) {
	t.Helper()
	before := 0
	for _, n := range d.named("h1", "h2", "h3", "h4") {
		level := int(n.Data[1] - '0')
		if level > before+1 {
			t.Errorf("<%s> %q follows level %d", n.Data, words(n), before)
		}
		before = level
	}
	if n := len(d.named("h1")); n != 1 {
		t.Errorf("%d h1 elements, want 1", n)
	}
}

func TestStepsAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"login": "credentials", "factor": "otp", "otp": "otp", "push": "push", "card": "card", "consent": "consent", "autopost": "done",
		"refused": "error", "expired": "error", "problem": "error", "cns": "error", "sp-error": "error", "sp-home": "start", "sp-user": "user",
		"portal-home": "home", "portal-mask": "mask", "portal-cns": "cns", "portal-reason": "reason", "portal-service": "service",
		"pin-lost": "pin-lost", "pin-new": "pin-new", "pin-renew": "pin-renew", "pin-request": "pin-request", "pin-convert": "pin-convert", "pin-mine": "pin-mine",
		"portal-notice": "notice", "portal-guided": "guided", "portal-idps": "idp-list", "portal-handoff": "handoff", "portal-answer": "answer",
		"portal-my": "services", "portal-unusual": "unusual", "phone-pin": "phone-pin", "contact-centre": "contact-centre", "portal-app": "app",
		"delegations": "delegations", "delegation-new": "delegation-new", "act-for": "act-for", "delegation-counter": "delegation-counter",
		"delegation-video": "delegation-video", "spid-info": "spid-info", "idp-compare": "idp-compare", "spid-site": "spid-site", "portal-help": "help",
	}
	for _, step := range enrolSteps { // samples of the registration are named after their step
		want[step] = step
	}
	for _, s := range Gallery() {
		d := parsePage(t, renderSample(t, s, ui.Italian))
		if got := attr(d.named("body")[0], "data-step"); got != want[s.Name] {
			t.Errorf("%s/%s: data-step is %q, want %q", s.Name, s.State, got, want[s.Name])
		}
	}
}

// fields are names of controls with the values that buttons and hidden fields carry.
func fields(d dom) map[string]bool {
	got := map[string]bool{}
	for _, n := range d.named("input", "button", "select", "textarea") {
		if name := attr(n, "name"); name != "" {
			got[name] = true
			got[name+"="+attr(n, "value")] = true
		}
	}
	return got
}

func TestFieldNamesAreThoseOfTheContract(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"login/start":             {"username", "password", "cancel=yes"},
		"factor/choose":           {"factor=sms", "factor=totp", "factor=app", "cancel=yes"},
		"otp/sms":                 {"otp", "resend=yes", "fill=latest", "factor=totp", "cancel=yes"},
		"otp/totp":                {"otp", "fill=latest", "factor=sms", "cancel=yes"},
		"push/waiting":            {"app=approve", "app=deny", "continue=yes", "cancel=yes"},
		"card/empty":              {"card=insert", "cancel=yes"},
		"card/ready":              {"pin", "card=remove", "card=other", "card=expired", "cancel=yes"},
		"card/blocked":            {"puk", "new_pin", "cancel=yes"},
		"consent/asked":           {"consent=yes", "consent=no", "cancel=yes"},
		"consent/session":         {"switch=yes"},
		"autopost/response":       {"SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4=", `RelayState=https://example.test/a?b=1&c="2"`},
		"autopost/request":        {"SAMLRequest=PHNhbWxwOlJlc3BvbnNlLz4="},
		"refused/sent":            {"SAMLResponse=PHNhbWxwOlJlc3BvbnNlLz4="},
		"home/running":            {"url", "file", "xml"},
		"message/app":             {"app=approve", "app=deny"},
		"portal-mask/transition":  {"via=pin", "via=spid", "cf", "pin", "profile", "idp=prova"},
		"portal-cns/empty":        {"card=P04"},
		"portal-cns/ready":        {"pin", "card=remove"},
		"pin-lost/ask":            {"cf", "contact", "forgot=yes"},
		"pin-lost/second":         {"contact2"},
		"pin-lost/reset":          {"reset=yes"},
		"pin-new/ask":             {"cf", "pin", "new_pin", "new_pin_again"},
		"pin-renew/clipped":       {"cf", "pin", "renew=yes"},
		"pin-request/closed":      {"cf", "by", "way=office", "way=online", "way=contact-centre"},
		"pin-request/halves":      {"letter=yes", "cf"},
		"pin-mine/active":         {"pin", "new_pin", "new_pin_again", "revoke=yes"},
		"pin-mine/revoke":         {"sure=yes"},
		"portal-mask/phone":       {"via=phone", "cf", "code"},
		"pin-convert/ask":         {"document=cie"},
		"portal-notice/first":     {"remind=yes", "go=services", "go=request"},
		"portal-guided/ask":       {"consent=yes"},
		"portal-idps/2020":        {"idp=alfa"},
		"portal-handoff/slip":     {"go=yes", "cancel=yes"},
		"portal-service/inside":   {"apply=yes"},
		"phone-pin/ask":           {"duration=1d", "duration=1w", "duration=1m", "duration=3m"},
		"contact-centre/ask":      {"cf", "code"},
		"delegations/both":        {"revoke=d1"},
		"delegations/sure":        {"revoke=d1", "sure=yes"},
		"delegation-new/real":     {"cf", "name", "surname", "until"},
		"act-for/choose":          {"for=self", "for=d2"},
		"delegation-counter/aa10": {"module=AA10", "principal", "delegate", "role", "papers=proof", "identified=yes", "until", "verify=d9", "outcome=ok", "outcome=ko", "revoke=d1"},
		"delegation-counter/pec":  {"module=PEC", "role", "papers=digital-signature"},
		"delegation-counter/aa08": {"check=yes", "check_principal", "check_delegate", "check_identified=yes"},
		"portal-unusual/ask":      {"code"},
		"delegation-video/book":   {"cf", "slot"},
		"delegation-video/booked": {"otp", "present=principal", "present=delegate", "recording=yes"},
		"portal-app/tutorial":     {"tutorial=next", "tutorial=skip"},
		"portal-app/home":         {"q", "favourite=pensione"},
		"portal-app/report":       {"report"},
		"portal-app/login":        {"via=spid", "via=cie", "via=cns"},
		"portal-help/start":       {"note"},
		"sp-home/start":           {"level=1", "level=2", "level=3", "binding", "comparison", "attributes", "idp=prova"},
	}
	for _, s := range Gallery() {
		got := fields(parsePage(t, renderSample(t, s, ui.Italian)))
		for _, field := range want[s.Name+"/"+s.State] {
			if !got[field] {
				t.Errorf("%s/%s has no field %s", s.Name, s.State, field)
			}
		}
		delete(want, s.Name+"/"+s.State)
	}
	for name := range want {
		t.Errorf("no sample %s", name)
	}
}

func TestAutoPostLeavesRelayStateOutWhenNoneCame(t *testing.T) {
	t.Parallel()
	for _, s := range Gallery() {
		if s.Name != "autopost" {
			continue
		}
		d := parsePage(t, renderSample(t, s, ui.Italian))
		if got, want := fields(d)["RelayState"], s.State != "request"; got != want {
			t.Errorf("%s: RelayState there is %v, want %v", s.State, got, want)
		}
		if got := len(d.named("form")); got != 1 {
			t.Errorf("%s: %d forms, want 1 (SEC-52)", s.State, got)
		}
	}
}

func TestHostileDataIsShownAsText(t *testing.T) {
	t.Parallel()
	for _, s := range Gallery() {
		if s.State != "hostile" {
			continue
		}
		page := renderSample(t, s, ui.Italian)
		if bytes.Contains(page, []byte("<script>")) || bytes.Contains(page, []byte("<img")) {
			t.Errorf("%s: markup of the data became markup of the page", s.Name)
		}
		d := parsePage(t, page)
		if !strings.Contains(words(d.named("body")[0]), "<script>alert(1)</script>") {
			t.Errorf("%s: the data is not shown", s.Name)
		}
	}
}

func TestTrainerModeShowsNoDeveloperPanels(t *testing.T) {
	t.Parallel()
	for _, s := range Gallery() {
		if !strings.HasSuffix(s.State, "-"+ui.ModeTrainer) {
			continue
		}
		page := string(renderSample(t, s, ui.Italian))
		for _, word := range []string{"AttributeConsumingServiceIndex", "AuthnContextClassRef", "class=\"persona\"", "ErrorCode"} {
			if strings.Contains(page, word) {
				t.Errorf("%s/%s shows %s (UX-100)", s.Name, s.State, word)
			}
		}
	}
}
