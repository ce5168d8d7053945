package admin

import (
	"net/http"
	"strings"
	"testing"

	"spidsim/idp"
	"spidsim/internal/people"
)

func TestD05ChosenPasswordIsInNoListAndNoPage(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	const password = "Girasole-12"
	u, err := s.Federation.OpenIdentity(t.Context(), idp.Opening{Enrolment: "e1", Slug: "poste", Username: "ortensia", Password: password, Levels: []int{1},
		Person: people.Person{GivenName: "Ortensia", FamilyName: "Quirzoldi", FiscalCode: "QRZRNS43C59A944W", ExpirationDate: "2099-12-31"}})
	if err != nil {
		t.Fatal(err)
	}
	var got User
	want(t, s.do(t, call{path: "/api/v1/users/ortensia"}), http.StatusOK, &got)
	if got.Password != "" || got.Source != "onboarding" || got.Status != "active" {
		t.Errorf("password %q, source %q, status %q", got.Password, got.Source, got.Status)
	}
	for _, path := range []string{"/api/v1/users", "/api/v1/users/ortensia", "/persone?q=ortensia", "/", "/guida"} {
		body := s.do(t, call{path: path, header: map[string]string{"Accept": "text/html"}}).Body.String()
		if strings.Contains(body, password) || strings.Contains(body, "argon2id") || strings.Contains(body, u.PasswordHash) {
			t.Errorf("%s shows the password or its hash", path)
		}
	}
	if body := s.do(t, call{path: "/persone?q=quirzoldi", header: map[string]string{"Accept": "text/html"}}).Body.String(); !strings.Contains(body, "scelta da chi si è registrato") {
		t.Error("the page of people does not say who chose the password")
	}
}

func TestOperatorsPasswordReplacesTheChosenOneAndStatusHoldsEverywhere(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	if _, err := s.Federation.OpenIdentity(t.Context(), idp.Opening{Enrolment: "e1", Slug: "poste", Username: "ortensia", Password: "Girasole-12", Levels: []int{1},
		Person: people.Person{GivenName: "Ortensia", FamilyName: "Quirzoldi", FiscalCode: "QRZRNS43C59A944W", ExpirationDate: "2099-12-31"}}); err != nil {
		t.Fatal(err)
	}
	suspended := people.Suspended
	if _, err := s.Federation.ChangeIdentity(t.Context(), "ortensia", "poste", idp.IdentityChange{Status: &suspended}); err != nil {
		t.Fatal(err)
	}
	var got User
	want(t, s.do(t, call{method: http.MethodPatch, path: "/api/v1/users/ortensia", body: `{"levels":[1]}`}), http.StatusOK, &got)
	if got.Status != people.Suspended || got.Password != "" {
		t.Errorf("after levels: status %q, password %q", got.Status, got.Password)
	}
	want(t, s.do(t, call{method: http.MethodPatch, path: "/api/v1/users/ortensia", body: `{"status":"active","password":"prova"}`}), http.StatusOK, &got)
	u, err := s.Federation.FindUser(t.Context(), "ortensia")
	if err != nil || u.Chosen() || u.Enrolment != "e1" || got.Status != people.Active || got.Password != "prova" {
		t.Errorf("after status and password: %+v, chosen %t, enrolment %q, err %v", got, u.Chosen(), u.Enrolment, err)
	}
}
