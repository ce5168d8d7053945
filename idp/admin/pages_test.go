package admin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"spidsim/idp"
	"spidsim/idp/idptest"
	"spidsim/internal/outbox"
	"spidsim/saml"
	"spidsim/templates"
	"spidsim/templates/ui"
)

const formKind = "application/x-www-form-urlencoded"

// totpOf returns the codes of the steps around now.
func totpOf(t *testing.T, secret string) (codes []string) {
	t.Helper()
	for i := -2; i <= 2; i++ {
		code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(i)*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
	}
	return codes
}

// page reads a page of the console and fails unless it is one.
func (s *surface) page(t *testing.T, c call, status int) string {
	t.Helper()
	w := s.do(t, c)
	want(t, w, status, nil)
	if got := w.Header().Get("Content-Type"); got != "text/html; charset=utf-8" {
		t.Fatalf("%s is %s, want a page", c.path, got)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s has Cache-Control %q, want no-store", c.path, got)
	}
	body := w.Body.String()
	if lacking := regexp.MustCompile(`«[a-z0-9.-]+»`).FindString(body); lacking != "" {
		t.Errorf("%s lacks the text %s of the catalogue", c.path, lacking)
	}
	return body
}

func holds(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(body, word) {
			t.Errorf("the page lacks %q", word)
		}
	}
}

func TestHomePage(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sp := idptest.NewSP(t, spID)
	s.RegisterSP(t, sp.Metadata)
	request := sp.Request(s.EntityID, 2, saml.HTTPRedirect)
	s.Login(t, sp.RedirectURL(t, s.EntityID, request, ""))
	x := s.LastExchange(t)
	cert := s.IdP.Key().Cert
	body := s.page(t, call{path: "/"}, http.StatusOK)
	holds(t, body, s.EntityID+"/metadata", fingerprint(cert.Raw), "http://localhost:8089", "Comune di Esempio", serviceURL(spID), x.ID, "prova")
	english := s.page(t, call{path: "/?lang=en"}, http.StatusOK)
	holds(t, english, `lang="en"`, "Example Town")
	t.Run("its twin for machines says the same", func(t *testing.T) {
		var o Overview
		want(t, s.do(t, call{path: "/", header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &o)
		if o.EntityID != s.EntityID || o.ServiceProviders != 1 || o.Users < 12 || len(o.IdPs) != 10 || !o.Ready || o.CertificateSHA256 != fingerprint(cert.Raw) {
			t.Errorf("got %+v", o)
		}
	})
}

func TestFingerprint(t *testing.T) {
	t.Parallel()
	got := fingerprint([]byte("abc"))
	if want := "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestServicesPages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sp := idptest.NewSP(t, spID)
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write(sp.Metadata)
	}))
	t.Cleanup(served.Close)
	own := serviceURL(spID)
	upload, uploadKind := multipartOf(t, [3]string{"how", "", "file"}, [3]string{"file", "m.xml", string(sp.Metadata)})
	both, bothKind := multipartOf(t, [3]string{"how", "", "xml"}, [3]string{"xml", "", string(sp.Metadata)})
	holds(t, s.page(t, call{path: "/servizi"}, http.StatusOK), `action="/servizi"`)
	for _, row := range []struct{ name, body, kind string }{
		{"by address", "how=url&url=" + url.QueryEscape(served.URL), formKind},
		{"by paste", "how=xml&xml=" + url.QueryEscape(strings.ReplaceAll(string(sp.Metadata), "\n", "\r\n")), formKind},
		{"by file", upload, uploadKind},
		{"by paste in a multipart form", both, bothKind},
		{"without saying how", "url=" + url.QueryEscape(served.URL), formKind},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := s.do(t, call{method: "POST", path: "/servizi", body: row.body, kind: row.kind})
			want(t, w, http.StatusSeeOther, nil)
			if got := w.Header().Get("Location"); got != own {
				t.Errorf("leads to %q, want %q", got, own)
			}
			holds(t, s.page(t, call{path: own}, http.StatusOK), spID, "Comune di Esempio", sp.ACS, "Pochi dati", own+"/rimuovi")
			want(t, s.do(t, call{method: "POST", path: own + "/rimuovi", body: "remove=yes", kind: formKind}), http.StatusSeeOther, nil)
			s.page(t, call{path: own}, http.StatusNotFound)
		})
	}
	t.Run("the removal is said and is over", func(t *testing.T) {
		holds(t, s.page(t, call{path: "/servizi?tolto"}, http.StatusOK), "Il servizio è stato tolto.")
		s.page(t, call{method: "POST", path: own + "/rimuovi", body: "remove=yes", kind: formKind}, http.StatusNotFound)
	})
	t.Run("its twins for machines are those of the API", func(t *testing.T) {
		s.RegisterSP(t, sp.Metadata)
		json := map[string]string{"Accept": "application/json"}
		var list List[ServiceProvider]
		want(t, s.do(t, call{path: "/servizi", header: json}), http.StatusOK, &list)
		var one ServiceProvider
		want(t, s.do(t, call{path: own, header: json}), http.StatusOK, &one)
		if len(list.Items) != 1 || one.EntityID != spID {
			t.Errorf("got %d services and %q", len(list.Items), one.EntityID)
		}
		w := s.do(t, call{method: "POST", path: "/servizi", body: "how=xml&xml=x", kind: formKind, header: json})
		if p := wantProblem(t, w, http.StatusUnprocessableEntity); len(p.Findings) == 0 {
			t.Error("the refusal has no findings")
		}
	})
}

func TestServicePageOfTheProgramItself(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if _, _, err := s.Federation.RegisterSP(t.Context(), idptest.NewSP(t, spID).Metadata, "self"); err != nil {
		t.Fatal(err)
	}
	if body := s.page(t, call{path: serviceURL(spID)}, http.StatusOK); strings.Contains(body, "/rimuovi") {
		t.Error("the page offers to remove the program's own portal")
	}
}

func TestRegisterPostKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	empty, emptyKind := multipartOf(t, [3]string{"how", "", "file"}, [3]string{"file", "m.xml", ""})
	for _, row := range []struct {
		name, body, kind string
		words            []string
	}{
		{"a refused address", "how=url&url=" + url.QueryEscape("http://169.254.169.254/x"), formKind, []string{"http://169.254.169.254/x", fetchWords[FetchRefused].It}},
		{"no address", "how=url&url=", formKind, []string{emptyURL.It}},
		{"a public address", "how=url&url=" + url.QueryEscape("http://93.184.216.34/"), formKind, []string{"--allow-remote-fetch"}},
		{"no text", "how=xml&xml=", formKind, []string{emptyXML.It}},
		{"no file", empty, emptyKind, []string{emptyFile.It}},
		{"a text that is no metadata", "how=xml&xml=" + url.QueryEscape("<a>QUESTO</a>"), formKind, []string{"QUESTO", refusedWords.It, "register-findings"}},
		{"markup, which is shown as text", "how=url&url=" + url.QueryEscape(`"><script>alert(1)</script>`), formKind, []string{"&lt;script&gt;"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			body := s.page(t, call{method: "POST", path: "/servizi", body: row.body, kind: row.kind}, http.StatusUnprocessableEntity)
			for _, word := range row.words {
				if !strings.Contains(body, strings.ReplaceAll(word, "'", "&#39;")) {
					t.Errorf("the page lacks %q", word)
				}
			}
			if strings.Contains(body, "<script>alert") {
				t.Error("markup went through")
			}
		})
	}
	t.Run("in English when asked for", func(t *testing.T) {
		body := s.page(t, call{method: "POST", path: "/servizi?lang=en", body: "how=xml&xml=", kind: formKind}, http.StatusUnprocessableEntity)
		holds(t, body, emptyXML.En)
	})
	t.Run("a body of another type is refused", func(t *testing.T) {
		want(t, s.do(t, call{method: "POST", path: "/servizi", body: "<a/>", kind: "text/xml"}), http.StatusUnsupportedMediaType, nil)
	})
}

func TestFetchWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, p := range []FetchProblem{FetchAddress, FetchUnknown, FetchRefused, FetchRemote, FetchConnect, FetchTLS, FetchRedirect, FetchStatus, FetchType, FetchSize, FetchTime} {
		if w := fetchWords[p]; w.It == "" || w.En == "" {
			t.Errorf("%s has no words", p)
		}
	}
}

func TestPeoplePages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	users, err := s.Federation.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	body := s.page(t, call{path: "/persone"}, http.StatusOK)
	for _, u := range users {
		holds(t, body, `data-username="`+u.Username+`"`)
	}
	t.Run("gestore and search filter", func(t *testing.T) {
		one := s.page(t, call{path: "/persone?q=" + url.QueryEscape(users[0].Username)}, http.StatusOK)
		if n := strings.Count(one, "data-username="); n != 1 {
			t.Errorf("%d people, want one", n)
		}
		holds(t, s.page(t, call{path: "/persone?gestore=nobody&q=" + url.QueryEscape("<i>")}, http.StatusOK), "&lt;i&gt;")
	})
	t.Run("the twin for machines is the API's", func(t *testing.T) {
		var list List[User]
		want(t, s.do(t, call{path: "/persone?gestore=poste", header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &list)
		if len(list.Items) == 0 || len(list.Items) >= len(users) {
			t.Errorf("%d people at poste, want some", len(list.Items))
		}
	})
}

func TestEnrolPage(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: ada}), http.StatusCreated, nil)
	u, err := s.Federation.FindUser(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	body := s.page(t, call{path: idp.EnrolURL("ada")}, http.StatusOK)
	holds(t, body, ui.Fours(u.TOTPSecret), "otpauth://totp/", "<svg")
	shown := false
	for _, code := range totpOf(t, u.TOTPSecret) {
		shown = shown || strings.Contains(body, ui.Threes(code))
	}
	if !shown {
		t.Error("the page does not show the code of the moment")
	}
	var code TOTPCode
	want(t, s.do(t, call{path: idp.EnrolURL("ada"), header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &code)
	s.page(t, call{path: idp.EnrolURL("nobody")}, http.StatusNotFound)
	want(t, s.do(t, call{method: "PATCH", path: "/api/v1/users/ada", body: `{"second_factors":["sms"]}`}), http.StatusOK, nil)
	s.page(t, call{path: idp.EnrolURL("ada")}, http.StatusNotFound)
}

func TestModules(t *testing.T) {
	t.Parallel()
	q, err := modules("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQ")
	if err != nil {
		t.Fatal(err)
	}
	n := len(q)
	if n < 21 || (n-17)%4 != 0 {
		t.Fatalf("%d modules a side, want a version of the standard", n)
	}
	// The three finder patterns: dark frame of seven, light ring, dark square of three.
	for _, corner := range [][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		for y := range 7 {
			for x := range 7 {
				ring := max(abs(x-3), abs(y-3))
				if got, want := q[corner[1]+y][corner[0]+x], ring != 2; got != want {
					t.Fatalf("module %d,%d of the finder at %v is dark: %t, want %t", x, y, corner, got, want)
				}
			}
		}
	}
	if _, err := modules(strings.Repeat("x", 5000)); err == nil || strings.Contains(err.Error(), "xxx") {
		t.Errorf("too long a text gives %v, want an error without the text", err)
	}
}

func abs(n int) int { return max(n, -n) }

func TestMessagesPages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sms := s.send(t, outbox.Message{Channel: outbox.SMS, To: "399", User: "ada", Text: "<b>codice</b>", Code: "123456", IdP: "poste"})
	question := s.send(t, outbox.Message{Channel: outbox.App, To: "app", User: "ada", Text: "Vuoi entrare?", IdP: "prova"})
	holds(t, s.page(t, call{path: "/messaggi"}, http.StatusOK), "/messaggi/"+sms.ID, "/messaggi/"+question.ID, "123456", "Poste", "&lt;b&gt;")
	if body := s.page(t, call{path: "/messaggi?channel=sms"}, http.StatusOK); strings.Contains(body, question.ID) {
		t.Error("the filter lets another channel through")
	}
	s.page(t, call{path: "/messaggi?to=nobody&channel=fax"}, http.StatusOK)
	holds(t, s.page(t, call{path: "/messaggi/" + sms.ID}, http.StatusOK), "399", sms.ID)
	s.page(t, call{path: "/messaggi/none"}, http.StatusNotFound)

	own := "/messaggi/" + question.ID
	holds(t, s.page(t, call{path: own}, http.StatusOK), `value="approve"`, `value="deny"`)
	post := func(path, body string, status int) *httptest.ResponseRecorder {
		t.Helper()
		w := s.do(t, call{method: "POST", path: path, body: body, kind: formKind})
		want(t, w, status, nil)
		return w
	}
	post(own, "app=perhaps", http.StatusUnprocessableEntity)
	post(own, "", http.StatusUnprocessableEntity)
	if got := post(own, "app=approve", http.StatusSeeOther).Header().Get("Location"); got != own {
		t.Errorf("leads to %q, want %q", got, own)
	}
	if body := s.page(t, call{path: own}, http.StatusOK); strings.Contains(body, `value="deny"`) {
		t.Error("an answered question can be answered again")
	}
	post(own, "app=deny", http.StatusConflict)
	post("/messaggi/"+sms.ID, "app=approve", http.StatusConflict)
	post("/messaggi/none", "app=approve", http.StatusNotFound)
	m, err := s.Outbox.Get(t.Context(), question.ID)
	if err != nil || m.Answer != outbox.Approve {
		t.Errorf("the answer is %+v, %v, want the first one", m, err)
	}
	var list List[Message]
	want(t, s.do(t, call{path: "/messaggi", header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &list)
	var one Message
	want(t, s.do(t, call{path: own, header: map[string]string{"Accept": "application/json"}}), http.StatusOK, &one)
	if len(list.Items) != 2 || one.ID != question.ID {
		t.Errorf("the twins give %d messages and %q", len(list.Items), one.ID)
	}
}

func TestOpenPages(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	holds(t, s.page(t, call{path: "/guida"}, http.StatusOK), s.EntityID+"/metadata", "<td")
	if body := s.page(t, call{path: "/guida", from: "192.0.2.7:1"}, http.StatusOK); strings.Contains(body, "lucia.verdi") {
		t.Error("people with their passwords are shown to another machine")
	}
	s.page(t, call{path: "/accessibilita", from: "192.0.2.7:1"}, http.StatusOK)
}

func TestPersonaFew(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	users, err := s.Federation.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range personaFew(users, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC), 4) {
		got = append(got, u.Username)
	}
	if want := []string{"loretta.qualzeni", "ivo.xandrelli", "zelinda.wroxqani", "otello.vrizquo"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want one of each kind, the best first: %v", got, want)
	}
}

func TestTheGuideTellsTheLessons(t *testing.T) {
	t.Parallel()
	plan := func(lang string) []templates.LessonPlan {
		return []templates.LessonPlan{{ID: "prova", Title: "Lezione in " + lang, URL: "/regia/lezioni/prova", Handout: "/regia/foglio/prova", Steps: []templates.LessonStep{{Name: "Passo", Do: "Fai"}}}}
	}
	s := start(t, func(c *Config) { c.Lessons = plan })
	for lang, title := range map[string]string{"it": "Lezione in it", "en": "Lezione in en"} {
		w := s.do(t, call{path: "/guida?lang=" + lang})
		want(t, w, http.StatusOK, nil)
		if !strings.Contains(w.Body.String(), title) || !strings.Contains(w.Body.String(), "/regia/foglio/prova") {
			t.Errorf("the guide in %s does not tell the lesson", lang)
		}
	}
}
