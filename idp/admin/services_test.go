package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"spidsim/idp/idptest"
	"spidsim/saml"
)

const spID = "http://sp.localhost:3000/spid"

const xmlKind = "application/samlmetadata+xml"

func entityPath(id string) string { return "/api/v1/service-providers/" + url.PathEscape(id) }

// multipartOf makes an upload: parts are name, file name and content.
func multipartOf(t *testing.T, parts ...[3]string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, p := range parts {
		part, err := w.CreateFormField(p[0])
		if p[1] != "" {
			part, err = w.CreateFormFile(p[0], p[1])
		}
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(part, p[2])
	}
	w.Close()
	return b.String(), w.FormDataContentType()
}

func TestRegisterService(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sp := idptest.NewSP(t, spID)
	upload, uploadKind := multipartOf(t, [3]string{"file", "../../etc/passwd", string(sp.Metadata)})
	oddUpload, oddKind := multipartOf(t, [3]string{"note", "", "x"}, [3]string{"anything", "m.xml", string(sp.Metadata)})
	for _, row := range []struct{ name, method, path, body, kind string }{
		{"as application/samlmetadata+xml", "POST", "/api/v1/service-providers", string(sp.Metadata), xmlKind},
		{"again, which changes nothing", "POST", "/api/v1/service-providers", string(sp.Metadata), xmlKind},
		{"as text/xml with a charset", "POST", "/api/v1/service-providers", string(sp.Metadata), "text/xml; charset=utf-8"},
		{"as application/xml", "POST", "/api/v1/service-providers", string(sp.Metadata), "application/xml"},
		{"as an upload, whatever the name of its file", "POST", "/api/v1/service-providers", upload, uploadKind},
		{"as an upload with another field name", "POST", "/api/v1/service-providers", oddUpload, oddKind},
		{"by PUT", "PUT", "/api/v1/service-providers", string(sp.Metadata), xmlKind},
		{"by PUT to its own address", "PUT", entityPath(spID), string(sp.Metadata), xmlKind},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got Registration
			w := s.do(t, call{method: row.method, path: row.path, body: row.body, kind: row.kind})
			want(t, w, http.StatusCreated, &got)
			if got.EntityID != spID || got.Source != "api" || got.Findings == nil {
				t.Errorf("got %+v, want the entityID, the source and a list", got)
			}
			if location := w.Header().Get("Location"); location != entityPath(spID) {
				t.Errorf("Location is %q, want %q", location, entityPath(spID))
			}
		})
	}
	var list List[ServiceProvider]
	want(t, s.do(t, call{path: "/api/v1/service-providers"}), http.StatusOK, &list)
	if len(list.Items) != 1 || list.Items[0].EntityID != spID || list.Items[0].Metadata != "" || list.Items[0].CertificateUntil.IsZero() || list.Items[0].Name != "Comune di Esempio" {
		t.Errorf("the list is %+v, want the one service without its document", list.Items)
	}
	for _, path := range []string{entityPath(spID), "/api/v1/service-providers?entity_id=" + url.QueryEscape(spID)} {
		var one ServiceProvider
		want(t, s.do(t, call{path: path}), http.StatusOK, &one)
		if one.Metadata != string(sp.Metadata) {
			t.Errorf("%s: the document is %q, want it as it was sent", path, clip(one.Metadata, 100))
		}
	}
	t.Run("other metadata replace it", func(t *testing.T) {
		changed := sp.SignedMetadata(t, func(d *saml.EntityDescriptor) {
			d.Organization.DisplayName = saml.Localized{{Lang: "it", Text: "Nuovo nome"}, {Lang: "en", Text: "New name"}}
		})
		want(t, s.do(t, call{method: "POST", path: "/api/v1/service-providers", body: string(changed), kind: xmlKind}), http.StatusCreated, nil)
		var one ServiceProvider
		want(t, s.do(t, call{path: entityPath(spID)}), http.StatusOK, &one)
		if one.Name != "Nuovo nome" {
			t.Errorf("name is %q, want the new one", one.Name)
		}
	})
	t.Run("metadata of another entity are refused at its address", func(t *testing.T) {
		p := wantProblem(t, s.do(t, call{method: "PUT", path: entityPath("http://other.localhost"), body: string(sp.Metadata), kind: xmlKind}), http.StatusUnprocessableEntity)
		if p.Field != "entity_id" || p.Found != spID || p.Wanted != "http://other.localhost" {
			t.Errorf("got %+v, want entity_id with both", p)
		}
		wantProblem(t, s.do(t, call{path: entityPath("http://other.localhost")}), http.StatusNotFound)
	})
	t.Run("it can be removed", func(t *testing.T) {
		want(t, s.do(t, call{method: "DELETE", path: entityPath(spID)}), http.StatusNoContent, nil)
		wantProblem(t, s.do(t, call{path: entityPath(spID)}), http.StatusNotFound)
		wantProblem(t, s.do(t, call{method: "DELETE", path: entityPath(spID)}), http.StatusNotFound)
	})
}

// vector is a hostile or faulty document.
type vector struct{ name, doc string }

func vectors(t *testing.T) []vector {
	t.Helper()
	sp := idptest.NewSP(t, spID)
	good := string(sp.Metadata)
	body := good[strings.Index(good, "<md:EntityDescriptor"):]
	bomb := `<!DOCTYPE md:EntityDescriptor [<!ENTITY a "aaaaaaaaaa">`
	for i := 'b'; i <= 'h'; i++ {
		bomb += fmt.Sprintf(`<!ENTITY %c "%s">`, i, strings.Repeat("&"+string(i-1)+";", 10))
	}
	unsigned := sp.SignedMetadata(t, nil)
	changed := strings.Replace(good, sp.ACS, sp.ACS+"/stolen", 1)
	return []vector{
		{"no XML at all", "hello"},
		{"binary rubbish", "\x00\x01\xff\xfe"},
		{"JSON", `{"entityID":"x"}`},
		{"another root", `<html xmlns="http://www.w3.org/1999/xhtml"/>`},
		{"an empty DOCTYPE", `<!DOCTYPE md:EntityDescriptor>` + body},
		{"a bomb of entities", bomb + `]><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="&h;"/>`},
		{"a DTD from a file", `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>` + body},
		{"a DTD from an address", `<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">` + body},
		{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00"},
		{"two roots", good + "<x/>"},
		{"depth without end", strings.Repeat("<a>", 20000) + strings.Repeat("</a>", 20000)},
		{"a hundred thousand siblings", "<a>" + strings.Repeat("<b/>", 100000) + "</a>"},
		{"a script as address", string(sp.SignedMetadata(t, func(d *saml.EntityDescriptor) {
			d.SP.AssertionConsumerServices = []saml.Endpoint{{Binding: saml.HTTPPost, Location: "javascript:alert(1)", Index: 0, IsDefault: true}}
		}))},
		{"no key", string(sp.SignedMetadata(t, func(d *saml.EntityDescriptor) { d.SP.Signing = nil }))},
		{"a document that was changed after it was signed", changed},
		{"a document cut in the middle", string(unsigned[:len(unsigned)/2])},
	}
}

func TestRegisterServiceRefusesVectors(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, v := range vectors(t) {
		t.Run(v.name+", sent to the API", func(t *testing.T) {
			p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/service-providers", body: v.doc, kind: xmlKind}), http.StatusUnprocessableEntity)
			if p.Rule == "" || len(p.Findings) == 0 || p.Code != "refused" {
				t.Errorf("got %+v, want the rule and its findings", p)
			}
			for _, f := range p.Findings {
				if f.Rule == "" || f.Title == "" || f.TitleEn == "" || f.Severity != "error" && f.Severity != "warning" {
					t.Errorf("finding %+v lacks rule, titles or severity", f)
				}
			}
		})
		t.Run(v.name+", uploaded in the console", func(t *testing.T) {
			body, kind := multipartOf(t, [3]string{"how", "", "file"}, [3]string{"file", "m.xml", v.doc})
			w := s.do(t, call{method: "POST", path: "/servizi", body: body, kind: kind, header: map[string]string{"Sec-Fetch-Site": "same-origin"}})
			want(t, w, http.StatusUnprocessableEntity, nil)
			if !strings.Contains(w.Body.String(), "register-findings") {
				t.Error("the page shows no findings")
			}
		})
	}
	var list List[ServiceProvider]
	want(t, s.do(t, call{path: "/api/v1/service-providers"}), http.StatusOK, &list)
	if len(list.Items) != 0 {
		t.Errorf("%d services were registered, want none", len(list.Items))
	}
}

func TestRegisterServiceRefusesRequests(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	whole, wholeKind := multipartOf(t, [3]string{"file", "m.xml", "<a/>"})
	noFile, noFileKind := multipartOf(t, [3]string{"how", "", "file"})
	many := make([][3]string, mostParts+1)
	for i := range many {
		many[i] = [3]string{fmt.Sprint(i), "", "x"}
	}
	tooMany, tooManyKind := multipartOf(t, many...)
	for _, row := range []struct {
		name, body, kind string
		status           int
		field            string
	}{
		{"no type", "<a/>", "", http.StatusUnsupportedMediaType, ""},
		{"a form", "xml=x", "application/x-www-form-urlencoded", http.StatusUnsupportedMediaType, ""},
		{"HTML", "<a/>", "text/html", http.StatusUnsupportedMediaType, ""},
		{"JSON without an address", `{}`, "", http.StatusUnprocessableEntity, "url"},
		{"JSON with something else", `{"path":"/etc/passwd"}`, "", http.StatusBadRequest, "path"},
		{"an address that is a number", `{"url":3}`, "", http.StatusBadRequest, "url"},
		{"a file as address", `{"url":"file:///etc/passwd"}`, "", http.StatusUnprocessableEntity, "url"},
		{"a metadata service as address", `{"url":"http://169.254.169.254/"}`, "", http.StatusUnprocessableEntity, "url"},
		{"a public address", `{"url":"http://93.184.216.34/"}`, "", http.StatusUnprocessableEntity, "url"},
		{"an upload without a file", noFile, noFileKind, http.StatusUnprocessableEntity, "file"},
		{"an upload of too many parts", tooMany, tooManyKind, http.StatusBadRequest, ""},
		{"an upload without a boundary", "x", "multipart/form-data", http.StatusBadRequest, ""},
		{"an upload that breaks off", whole[:len(whole)-20], wholeKind, http.StatusBadRequest, ""},
	} {
		t.Run(row.name+" is refused", func(t *testing.T) {
			p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/service-providers", body: row.body, kind: row.kind}), row.status)
			if p.Field != row.field {
				t.Errorf("field is %q (%s), want %q", p.Field, p.Detail, row.field)
			}
		})
	}
}

func TestRegisterServiceSize(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	const most = 1 << 20
	sp := idptest.NewSP(t, spID)
	comment := "<!--" + strings.Repeat("x", most-len(sp.Metadata)-7) + "-->"
	for _, row := range []struct {
		name, doc string
		status    int
	}{
		{"1 MiB is read", comment + string(sp.Metadata), http.StatusCreated},
		{"1 MiB and an octet is too large", strings.Repeat("x", most+1), http.StatusRequestEntityTooLarge},
		{"10 MiB are too large", strings.Repeat("x", 10*most), http.StatusRequestEntityTooLarge},
	} {
		t.Run(row.name, func(t *testing.T) {
			doc := row.doc
			if row.status == http.StatusCreated {
				if i := strings.Index(string(sp.Metadata), "?>"); i >= 0 { // the XML declaration comes first
					doc = string(sp.Metadata[:i+2]) + comment + string(sp.Metadata[i+2:])
				}
				if len(doc) != most {
					t.Fatalf("the document has %d octets, want %d", len(doc), most)
				}
			}
			w := s.do(t, call{method: "POST", path: "/api/v1/service-providers", body: doc, kind: xmlKind})
			want(t, w, row.status, nil)
		})
	}
	t.Run("a body without a length is cut as well", func(t *testing.T) {
		r := httptest.NewRequestWithContext(t.Context(), "POST", base+"/api/v1/service-providers", struct{ *strings.Reader }{strings.NewReader(strings.Repeat("x", most+1))})
		r.RemoteAddr, r.ContentLength = "127.0.0.1:1", -1
		r.Header.Set("Content-Type", xmlKind)
		w := httptest.NewRecorder()
		s.web.ServeHTTP(w, r)
		want(t, w, http.StatusRequestEntityTooLarge, nil)
	})
}

func TestRegisterServiceByAddress(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sp := idptest.NewSP(t, spID)
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", xmlKind)
		_, _ = w.Write(sp.Metadata)
	})
	plain, secure := httptest.NewServer(serve), httptest.NewTLSServer(serve)
	t.Cleanup(func() { plain.Close(); secure.Close() })
	post := func(address string) Registration {
		t.Helper()
		body, _ := json.Marshal(map[string]string{"url": address})
		var got Registration
		want(t, s.do(t, call{method: "POST", path: "/api/v1/service-providers", body: string(body)}), http.StatusCreated, &got)
		return got
	}
	if got := post(plain.URL + "/metadata"); got.EntityID != spID || got.Source != plain.URL+"/metadata" {
		t.Errorf("got %+v, want the address as source", got)
	}
	got := post(secure.URL + "/metadata")
	if len(got.Findings) == 0 || got.Findings[0].Rule != "SEC-65" || got.Findings[0].Severity != "warning" || got.Findings[0].Found != certSelfSigned {
		t.Errorf("findings are %+v, want a warning about the certificate first", got.Findings)
	}
}

func TestExchanges(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	sp := idptest.NewSP(t, spID)
	s.RegisterSP(t, sp.Metadata)
	for _, level := range []int{1, 2} {
		request := sp.Request(s.EntityID, level, saml.HTTPRedirect)
		s.Login(t, sp.RedirectURL(t, s.EntityID, request, "state"))
	}
	var list List[Exchange]
	want(t, s.do(t, call{path: "/api/v1/exchanges"}), http.StatusOK, &list)
	if len(list.Items) != 2 || list.Items[0].Level != 2 {
		t.Fatalf("got %d exchanges, want two, newest first", len(list.Items))
	}
	want(t, s.do(t, call{path: "/api/v1/exchanges?limit=1"}), http.StatusOK, &list)
	var one Exchange
	want(t, s.do(t, call{path: "/api/v1/exchanges/" + list.Items[0].ID}), http.StatusOK, &one)
	if len(list.Items) != 1 || one.SP != spID || one.RelayState != "state" || !strings.Contains(one.Request, "AuthnRequest") ||
		!strings.Contains(one.Response, "Assertion") || one.ACS != sp.ACS || one.Username == "" || len(one.Steps) == 0 || one.Findings == nil {
		t.Errorf("got %+v, want the whole exchange", one)
	}
	wantProblem(t, s.do(t, call{path: "/api/v1/exchanges/none"}), http.StatusNotFound)
	wantProblem(t, s.do(t, call{path: "/api/v1/exchanges?limit=101"}), http.StatusBadRequest)
}

func TestTextOf(t *testing.T) {
	t.Parallel()
	if text, octets := textOf([]byte("<à/>")); text != "<à/>" || octets != nil {
		t.Errorf("text gives %q and %q, want the text alone", text, octets)
	}
	if _, octets := textOf([]byte("\xff")); string(octets) != "\xff" {
		t.Errorf("octets are %q, want them as they are", octets)
	}
}
