package admin

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"spidsim/certs"
	"spidsim/idp"
	"spidsim/idp/idptest"
)

func TestCards(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: holder}), http.StatusCreated, nil)
	var list List[CardItem]
	want(t, s.do(t, call{path: "/api/v1/cards"}), http.StatusOK, &list)
	var c CardItem
	for _, item := range list.Items {
		if item.Username == "ada" {
			c = item
		}
		block, _ := pem.Decode([]byte(item.Certificate))
		if block == nil {
			t.Fatalf("%s has no PEM certificate", item.ID)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil || !cert.NotAfter.Equal(item.NotAfter) || !cert.NotBefore.Equal(item.NotBefore) {
			t.Errorf("%s: the certificate says %v, %v; the card %s to %s", item.ID, cert, err, item.NotBefore, item.NotAfter)
		}
	}
	if c.Holder != "Ada Qwzani" || c.State != "ok" || !c.Inserted || c.PINTries != 3 || c.PUKTries != 3 {
		t.Errorf("the card is %+v, want a new one", c)
	}
	for _, row := range []struct {
		name, path, body string
		holds            func(CardItem) bool
	}{
		{"found by its holder", "ada", "", func(c CardItem) bool { return c.Username == "ada" }},
		{"found by its number", c.ID, "", func(got CardItem) bool { return got.ID == c.ID }},
		{"taken out", "ada/remove", "", func(c CardItem) bool { return !c.Inserted }},
		{"taken out twice", "ada/remove", "", func(c CardItem) bool { return !c.Inserted }},
		{"put in", c.ID + "/insert", "", func(c CardItem) bool { return c.Inserted }},
		{"revoked", "ada/revoke", "", func(c CardItem) bool { return c.State == "revoked" }},
		{"restored", "ada/restore", "", func(c CardItem) bool { return c.State == "ok" }},
		{"given a new PIN by its PUK", "ada/unblock", `{"puk":"` + c.PUK + `","new_pin":"11223344"}`, func(c CardItem) bool { return c.PIN == "11223344" }},
	} {
		t.Run("a card is "+row.name, func(t *testing.T) {
			method := "POST"
			if !strings.Contains(row.path, "/") {
				method = "GET"
			}
			var got CardItem
			want(t, s.do(t, call{method: method, path: "/api/v1/cards/" + row.path, body: row.body}), http.StatusOK, &got)
			if !row.holds(got) {
				t.Errorf("got %+v", got)
			}
		})
	}
	for _, path := range []string{"nobody", "nobody/insert", "nobody/remove", "nobody/revoke", "nobody/restore"} {
		method := "POST"
		if path == "nobody" {
			method = "GET"
		}
		wantProblem(t, s.do(t, call{method: method, path: "/api/v1/cards/" + path}), http.StatusNotFound)
	}
}

func TestUnblockCard(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: strings.Replace(holder, "{", `{"card":"blocked",`, 1)}), http.StatusCreated, nil)
	var c CardItem
	want(t, s.do(t, call{path: "/api/v1/cards/ada"}), http.StatusOK, &c)
	unblock := func(puk, pin string) problem {
		w := s.do(t, call{method: "POST", path: "/api/v1/cards/ada/unblock", body: `{"puk":"` + puk + `","new_pin":"` + pin + `"}`})
		var p problem
		want(t, w, w.Code, &p)
		p.Status = w.Code
		return p
	}
	if p := unblock(c.PUK, "12"); p.Status != 422 || p.Field != "new_pin" {
		t.Errorf("a short PIN gives %+v, want 422 for new_pin", p)
	}
	if p := unblock("00000000", "11223344"); p.Status != 422 || p.Field != "puk" || !strings.Contains(p.Detail, "2 tries") {
		t.Errorf("a wrong PUK gives %+v, want 422 for puk with two tries left", p)
	}
	if p := unblock(c.PUK, "11223344"); p.Status != 200 {
		t.Errorf("the right PUK gives %+v, want 200", p)
	}
	for range 3 {
		unblock("00000000", "11223344")
	}
	if p := unblock(c.PUK, "11223344"); p.Status != 409 || p.Code != "card-dead" {
		t.Errorf("a dead card gives %+v, want 409 card-dead", p)
	}
	want(t, s.do(t, call{method: "POST", path: "/api/v1/cards/ada/unblock", body: `{"pin":"1"}`}), http.StatusBadRequest, nil)
}

func signBody(pin string, challenge []byte) string {
	body, _ := json.Marshal(map[string]string{"pin": pin, "challenge": base64.StdEncoding.EncodeToString(challenge)})
	return string(body)
}

func TestSignWithCard(t *testing.T) {
	t.Parallel()
	var cfg *idp.Config
	s := start(t, nil, idptest.Configure(func(c *idp.Config) { cfg = c }))
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: holder}), http.StatusCreated, nil)
	var c CardItem
	want(t, s.do(t, call{path: "/api/v1/cards/ada"}), http.StatusOK, &c)
	challenge := []byte("prove it")
	var signed Signed
	want(t, s.do(t, call{method: "POST", path: "/api/v1/cards/ada/sign", body: signBody(c.PIN, challenge)}), http.StatusOK, &signed)
	if signed.Certificate != c.Certificate || signed.Card != c.ID || signed.Algorithm != "ECDSA-SHA256" {
		t.Errorf("got %+v, want the card's own certificate", signed)
	}
	t.Run("no login takes the signature", func(t *testing.T) {
		block, _ := pem.Decode([]byte(c.Certificate))
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		ours, login := CardChallenge(base, challenge), CardChallenge(base, challenge)
		login.Purpose = "login"
		if err := certs.VerifyChallenge(cert, cfg.CardCA.Cert, ours, signed.Signature, time.Now()); err != nil {
			t.Errorf("the signature does not verify: %v", err)
		}
		if err := certs.VerifyChallenge(cert, cfg.CardCA.Cert, login, signed.Signature, time.Now()); err == nil {
			t.Error("the signature serves a login")
		}
	})
	for _, row := range []struct {
		name, body string
		status     int
		field      string
	}{
		{"no challenge", signBody(c.PIN, nil), http.StatusUnprocessableEntity, "challenge"},
		{"a challenge beyond the limit", signBody(c.PIN, make([]byte, 4097)), http.StatusUnprocessableEntity, "challenge"},
		{"a challenge that is no base64", `{"pin":"1","challenge":"%%%"}`, http.StatusBadRequest, ""},
		{"a wrong PIN", signBody("00000000", challenge), http.StatusUnprocessableEntity, "pin"},
		{"a second wrong PIN", signBody("00000000", challenge), http.StatusUnprocessableEntity, "pin"},
		{"a third wrong PIN, which blocks the card", signBody("00000000", challenge), http.StatusConflict, ""},
		{"the right PIN of a blocked card", signBody(c.PIN, challenge), http.StatusConflict, ""},
	} {
		t.Run(row.name+" is refused", func(t *testing.T) {
			p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/cards/ada/sign", body: row.body}), row.status)
			if p.Field != row.field {
				t.Errorf("field is %q (%s), want %q", p.Field, p.Detail, row.field)
			}
		})
	}
	t.Run("a card outside its reader does not sign", func(t *testing.T) {
		want(t, s.do(t, call{method: "POST", path: "/api/v1/cards/ada/remove"}), http.StatusOK, nil)
		p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/cards/ada/sign", body: signBody(c.PIN, challenge)}), http.StatusConflict)
		if p.Code != "card-none" {
			t.Errorf("code is %q, want card-none", p.Code)
		}
	})
}
