package ui

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// sources are the project's texts in which keys may stand: pages, parts and their helpers.
func sources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range []string{".", ".."} {
		for _, pattern := range []string{"*.go", "*.templ"} {
			names, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if strings.HasSuffix(name, "_templ.go") || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(filepath.Base(name), "catalogue") || strings.HasPrefix(filepath.Base(name), "gallery") {
					continue
				}
				body, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				all.Write(body)
			}
		}
	}
	return all.String()
}

func TestCatalogueHasEveryKeyThatPagesUse(t *testing.T) {
	t.Parallel()
	src := sources(t)
	calls := regexp.MustCompile(`(?:\bT|\bN|Says|Rich|plural|timeLeft)\(((?:[^()"]|\([^()]*\))*?)"([^"]+)"((?:, "[^"]+")*)`)
	quoted := regexp.MustCompile(`"([^"]+)"`)
	for _, m := range calls.FindAllStringSubmatch(src, -1) {
		keys := []string{m[2]}
		for _, q := range quoted.FindAllStringSubmatch(m[3], -1) {
			keys = append(keys, q[1])
		}
		for _, key := range keys {
			if _, ok := catalogue[key]; !ok {
				t.Errorf("key %q is used and not in the catalogue", key)
			}
		}
	}
}

func TestCatalogueKeysStandOnce(t *testing.T) {
	t.Parallel()
	if got, want := len(catalogue), len(common)+len(portalTexts)+len(enrolTexts)+len(stageTexts); got != want {
		t.Errorf("%d keys in the catalogue, %d in its parts: one stands twice", got, want)
	}
}

func TestCatalogueHasNoKeyThatNobodyUses(t *testing.T) {
	t.Parallel()
	src := sources(t)
	for key := range catalogue {
		if !strings.Contains(src, `"`+key+`"`) {
			t.Errorf("key %q is used nowhere", key)
		}
	}
}

func TestCatalogueSaysTheSameInBothLanguages(t *testing.T) {
	t.Parallel()
	verbs := regexp.MustCompile(`%[0-9]*[a-z]`)
	for key, text := range catalogue {
		if text.it == "" || text.en == "" {
			t.Errorf("%s is empty in one language", key)
		}
		if got, want := strings.Join(verbs.FindAllString(text.en, -1), " "), strings.Join(verbs.FindAllString(text.it, -1), " "); got != want {
			t.Errorf("%s has the values %q in English and %q in Italian", key, got, want)
		}
		for _, mark := range []string{"`", "*"} {
			if n := strings.Count(text.it, mark); n%2 != 0 || n != strings.Count(text.en, mark) {
				t.Errorf("%s has unlike or odd %s marks", key, mark)
			}
		}
	}
}

func TestItalianSentencesAreShort(t *testing.T) {
	t.Parallel()
	ends := regexp.MustCompile(`[.:;!?] `)
	for key, text := range catalogue {
		for _, sentence := range ends.Split(text.it, -1) {
			if n := len(strings.Fields(sentence)); n > 20 {
				t.Errorf("%s has a sentence of %d words, want at most 20 (UX-53): %s", key, n, sentence)
			}
		}
	}
}

func TestRichKeepsMarksOfValuesAsText(t *testing.T) {
	t.Parallel()
	got := Rich(Italian, "refused.lead.response", "`a` *b* %s", "nr12")
	want := []Part{{0, "La richiesta di "}, {'*', "`a` *b* %s"}, {0, " è firmata bene, ma non va. Il servizio riceverà "}, {'`', "nr12"}, {0, " e potrà spiegarlo."}}
	if len(got) != len(want) {
		t.Fatalf("%d parts, want %d: %v", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("part %d is %v, want %v", i, got[i], want[i])
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	rows := []struct{ name, got, want string }{
		{"a date is written in Italian words", DateOf(Italian, "2021-09-30"), "30 settembre 2021"},
		{"a date is written in English words", DateOf(English, "2021-09-30"), "30 September 2021"},
		{"what is no date stays as it is", DateOf(Italian, "domani"), "domani"},
		{"no time has a dash", Moment(Italian, time.Time{}), "—"},
		{"a moment has Italian time and UTC", Moment(Italian, time.Date(2026, 11, 22, 23, 41, 7, 0, time.UTC)), "23 novembre 2026, 00:41:07 (23:41:07 UTC)"},
		{"summer time begins at 01:00 UTC", Clock(time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)), "03:00"},
		{"a second before it is winter", Seconds(time.Date(2026, 3, 29, 0, 59, 59, 0, time.UTC)), "01:59:59"},
		{"summer time ends at 01:00 UTC", Clock(time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)), "02:00"},
		{"a span has minutes and seconds", Span(Italian, 250*time.Second), "4 minuti e 10 secondi"},
		{"one of each is singular", Span(English, 61*time.Second), "1 minute and 1 second"},
		{"whole minutes have no seconds", Span(Italian, 2*time.Minute), "2 minuti"},
		{"a negative span is nothing", Span(Italian, -time.Minute), "0 secondi"},
		{"codes stand in fours", Fours("JBSWY3DPEHPK3PXP"), "JBSW Y3DP EHPK 3PXP"},
		{"fours are not doubled", Fours("0000 0000 0004"), "0000 0000 0004"},
		{"six digits stand in threes", Threes("481927"), "481 927"},
		{"initials are two letters", Initials("Màrìa Zoé D’Aqvinzò"), "MZ"},
		{"no name has no initials", Initials(""), ""},
	}
	for _, r := range rows {
		if r.got != r.want {
			t.Errorf("%s: %q, want %q", r.name, r.got, r.want)
		}
	}
}

func TestRomeAgreesWithTheTimeZoneDatabase(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatalf("%v: install tzdata", err)
	}
	for at := time.Date(2019, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2032; at = at.Add(time.Hour) {
		if got, want := Rome(at).Format(time.DateTime), at.In(zone).Format(time.DateTime); got != want {
			t.Fatalf("%v is %s, want %s", at, got, want)
		}
	}
}

func TestLanguageSwitchStaysOnThePage(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name string
		page Page
		want string
	}{
		{"an Italian page offers English", Page{Path: "/a"}, "/a?lang=en"},
		{"an English page offers Italian", Page{Lang: "en", Path: "/a"}, "/a?lang=it"},
		{"the query stays", Page{Path: "/a", Query: "x=1&lang=it&y=%3D"}, "/a?lang=en&x=1&y=%3D"},
		{"a page that came by POST names another address", Page{Path: "/sso/post", Query: "x=1", Switch: "/login?id=7"}, "/login?id=7&lang=en"},
		{"a path cannot become a host", Page{Path: "//evil.example/a"}, "/evil.example/a?lang=en"},
		{"a broken query is dropped", Page{Path: "/a", Query: "%zz"}, "/a?lang=en"},
	}
	for _, r := range rows {
		if got := r.page.SwitchURL(); got != r.want {
			t.Errorf("%s: %q, want %q", r.name, got, r.want)
		}
	}
}

func TestAssetsAreServedWithTypeAndAge(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, method, path string
		status             int
		kind, cache        string
	}{
		{"the stylesheet is kept for a year", "GET", Asset("spidsim.css"), 200, "text/css; charset=utf-8", "public, max-age=31536000, immutable"},
		{"the script is a script", "GET", Asset("spidsim.js"), 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		{"the icon has a fixed address too", "GET", "/assets/favicon.svg", 200, "image/svg+xml", "no-cache"},
		{"an old version is not found", "GET", "/assets/0000000000/spidsim.css", 404, "text/plain; charset=utf-8", ""},
		{"folders are not listed", "GET", "/assets/", 404, "text/plain; charset=utf-8", ""},
		{"nothing is posted", "POST", Asset("spidsim.css"), 405, "text/plain; charset=utf-8", ""},
	}
	for _, r := range rows {
		w := httptest.NewRecorder()
		AssetHandler().ServeHTTP(w, httptest.NewRequest(r.method, r.path, nil))
		if w.Code != r.status || w.Header().Get("Content-Type") != r.kind || (r.status == http.StatusOK && w.Header().Get("Cache-Control") != r.cache) {
			t.Errorf("%s: %d %q %q", r.name, w.Code, w.Header().Get("Content-Type"), w.Header().Get("Cache-Control"))
		}
	}
}

func TestAssetsFetchNothingFromOutside(t *testing.T) {
	t.Parallel()
	err := fs.WalkDir(embedded, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := embedded.ReadFile(name)
		text := strings.ReplaceAll(string(body), "http://www.w3.org/2000/svg", "")
		for _, outside := range []string{"http://", "https://", "@import", "url("} {
			if strings.Contains(strings.ReplaceAll(text, "url(#", ""), outside) {
				t.Errorf("%s has %q", name, outside)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOTPAuthLetsOnlyAuthenticatorLinksThrough(t *testing.T) {
	t.Parallel()
	if got := OTPAuth("otpauth://totp/a:b?secret=C"); got != "otpauth://totp/a:b?secret=C" {
		t.Errorf("a good link became %q", got)
	}
	for _, bad := range []string{"javascript:alert(1)", "otpauth://hotp/a", "", "http://example.test"} {
		if got := OTPAuth(bad); got != "about:invalid" {
			t.Errorf("%q became %q", bad, got)
		}
	}
}

func TestQRDrawsRunsInsideTheQuietZone(t *testing.T) {
	t.Parallel()
	q := QR{{true, true, false}, {false, false, false}, {true, false, true}}
	if got, want := q.ViewBox(), "0 0 11 11"; got != want {
		t.Errorf("view box is %q, want %q", got, want)
	}
	if got, want := q.Path(), "M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z"; got != want {
		t.Errorf("path is %q, want %q", got, want)
	}
}
