package admin

import (
	"net/http"
	"strings"
	"testing"
)

const withCards = `{"given_name":"Ada","family_name":"Qwzani","fiscal_code":"QWZDAA80A41M999M","levels":[1,2],"cie":"ok","cns":"expired"}`

// TestCIE08AndCNS02CardsOfAPerson gives, changes and takes cards; the ones that the record did not speak of stay.
func TestCIE08AndCNS02CardsOfAPerson(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	var u User
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: withCards}), http.StatusCreated, &u)
	if u.Card != nil || u.CIE == nil || u.CIE.State != "ok" || u.CNS == nil || u.CNS.State != "expired" {
		t.Fatalf("cards are %+v, %+v, %+v", u.Card, u.CIE, u.CNS)
	}
	cie := u.CIE.ID
	var again User
	changed := strings.Replace(withCards, `"cns":"expired"`, `"cns":"ok"`, 1)
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: changed}), http.StatusOK, &again)
	if again.CIE.ID != cie || again.CNS.State != "ok" || again.CNS.ID == u.CNS.ID {
		t.Errorf("CIE %s, was %s; CNS %+v, want a new one that is ok", again.CIE.ID, cie, again.CNS)
	}
	without := strings.Replace(changed, `"cie":"ok",`, "", 1)
	var last User
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: without}), http.StatusOK, &last)
	if last.CIE != nil || last.CNS == nil {
		t.Errorf("cards are %+v, %+v", last.CIE, last.CNS)
	}
	for field, body := range map[string]string{
		"cie":         strings.Replace(withCards, `"cie":"ok"`, `"cie":"lost"`, 1),
		"cns":         strings.Replace(withCards, `"cns":"expired"`, `"cns":"not-enabled"`, 1),
		"fiscal_code": strings.Replace(withCards, `"fiscal_code":"QWZDAA80A41M999M",`, "", 1),
	} {
		if p := wantProblem(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: body}), http.StatusUnprocessableEntity); p.Field != field {
			t.Errorf("field is %q, want %s", p.Field, field)
		}
	}
}

func TestCardsOfAllKindsAreListed(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	var list List[CardItem]
	want(t, s.do(t, call{path: "/api/v1/cards"}), http.StatusOK, &list)
	kinds := map[string]int{}
	for _, c := range list.Items {
		kinds[c.Kind]++
	}
	if kinds["spid"] == 0 || kinds["cie"] != 8 || kinds["cns"] != 4 {
		t.Errorf("kinds are %v, want some tokens, 8 CIE and 4 CNS", kinds)
	}
	var c CardItem
	want(t, s.do(t, call{path: "/api/v1/cards/nives.jolzetti"}), http.StatusOK, &c)
	if c.Kind != "cns" {
		t.Errorf("the only card of nives.jolzetti is %s", c.Kind)
	}
	var found List[User]
	want(t, s.do(t, call{path: "/api/v1/users?idp=cie"}), http.StatusOK, &found)
	if len(found.Items) != 8 {
		t.Errorf("%d people have a CIE, want 8", len(found.Items))
	}
	page := s.do(t, call{path: "/persone?q=ivo", header: map[string]string{"Accept": "text/html"}}).Body.String()
	for _, words := range []string{"<dt>CIE</dt>", "<dt>CNS</dt>"} {
		if !strings.Contains(page, words) {
			t.Errorf("the page of people lacks %s", words)
		}
	}
}
