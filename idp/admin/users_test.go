package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/idp"
	"spidsim/idp/idptest"
)

func TestListUsers(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	var all List[User]
	want(t, s.do(t, call{path: "/api/v1/users"}), http.StatusOK, &all)
	if len(all.Items) < 12 {
		t.Fatalf("%d users, want at least twelve", len(all.Items))
	}
	for _, row := range []struct {
		name, query string
		keep        func(User) bool
	}{
		{"idp keeps who has an identity there", "?idp=poste", func(u User) bool { return slices.Contains(u.IdPs, "poste") }},
		{"the console's gestore means the same", "?gestore=poste", func(u User) bool { return slices.Contains(u.IdPs, "poste") }},
		{"an unknown gestore keeps nobody", "?idp=nobody", func(User) bool { return false }},
		{"q searches names, all words", "?q=" + url.QueryEscape(all.Items[0].FamilyName+" "+all.Items[0].GivenName), func(u User) bool {
			text := u.GivenName + " " + u.FamilyName + " " + u.Note + " " + u.NoteEn
			return strings.Contains(text, all.Items[0].FamilyName) && strings.Contains(text, all.Items[0].GivenName)
		}},
		{"q takes a codice fiscale in any letter case", "?q=" + strings.ToLower(all.Items[1].FiscalCode), func(u User) bool { return u.FiscalCode == all.Items[1].FiscalCode }},
		{"markup in q finds nobody", "?q=" + url.QueryEscape("<script>"), func(User) bool { return false }},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got List[User]
			want(t, s.do(t, call{path: "/api/v1/users" + row.query}), http.StatusOK, &got)
			var wanted []string
			for _, u := range all.Items {
				if row.keep(u) {
					wanted = append(wanted, u.Username)
				}
			}
			if names := usernames(got.Items); !slices.Equal(names, wanted) || got.Items == nil {
				t.Errorf("got %v, want %v", names, wanted)
			}
		})
	}
}

func usernames(users []User) (names []string) {
	for _, u := range users {
		names = append(names, u.Username)
	}
	return names
}

// The members are a public contract (interface.md section 4): a suite reads them by name.
func TestUserHasTheMembersThatSuitesReadByName(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	var list struct {
		Items []map[string]json.RawMessage
		Next  *string
	}
	want(t, s.do(t, call{path: "/api/v1/users"}), http.StatusOK, &list)
	if list.Next == nil {
		t.Error("next is missing")
	}
	card, totp := false, false
	for _, item := range list.Items {
		for _, name := range []string{"username", "password", "given_name", "family_name", "fiscal_code", "levels", "idps", "second_factors",
			"totp_secret", "card", "status", "note", "note_en", "email", "mobile", "attributes", "otpauth_url"} {
			if _, ok := item[name]; !ok {
				t.Errorf("%s has no %s", item["username"], name)
			}
		}
		var u User
		whole, _ := json.Marshal(item)
		if err := json.Unmarshal(whole, &u); err != nil {
			t.Fatal(err)
		}
		totp = totp || strings.HasPrefix(u.OTPAuthURL, "otpauth://totp/") && u.TOTPSecret != ""
		card = card || u.Card != nil && len(u.Card.PIN) == 8 && u.Card.State == "ok" && u.Card.ID != ""
		if has := slices.Contains(u.SecondFactors, "totp"); has != (u.TOTPSecret != "") {
			t.Errorf("%s has the secret %q and the factors %v", u.Username, u.TOTPSecret, u.SecondFactors)
		}
		if u.FiscalCode != "" && u.IdentityType == 1 && u.Attributes["fiscalNumber"] != "TINIT-"+u.FiscalCode {
			t.Errorf("%s has fiscalNumber %q on the wire, want TINIT-%s", u.Username, u.Attributes["fiscalNumber"], u.FiscalCode)
		}
	}
	if !card || !totp {
		t.Errorf("nobody with a card (%t) or an authenticator (%t)", card, totp)
	}
}

const ada = `{"username":"ada","given_name":"Ada","family_name":"Qwzani","fiscal_code":"TINIT-QWZDAA80A41H501V","levels":[1,2],
"second_factors":["totp"],"email":"ada@esempio.example","note":"nuova","note_en":"new"}`

// holder is a person with a card.
const holder = `{"given_name":"Ada","family_name":"Qwzani","fiscal_code":"QWZDAA80A41H501V","levels":[1,2,3]}`

func TestCreateUser(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	w := s.do(t, call{method: "POST", path: "/api/v1/users", body: ada})
	var made User
	want(t, w, http.StatusCreated, &made)
	if got := w.Header().Get("Location"); got != "/api/v1/users/ada" {
		t.Errorf("Location is %q, want /api/v1/users/ada", got)
	}
	if made.FiscalCode != "QWZDAA80A41H501V" || made.Status != "active" || made.Source != "api" || made.Password != "prova" || made.Card != nil ||
		!slices.Equal(made.IdPs, []string{"prova"}) || made.NoteEn != "new" {
		t.Errorf("got %+v, want the body with its defaults", made)
	}
	var again User
	want(t, s.do(t, call{path: "/api/v1/users/ADA"}), http.StatusOK, &again)
	if again.Username != "ada" || again.TOTPSecret != made.TOTPSecret {
		t.Errorf("reading it back gives %+v", again)
	}
	p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: ada}), http.StatusConflict)
	if p.Field != "username" {
		t.Errorf("the conflict is about %q, want username", p.Field)
	}
	other := strings.Replace(ada, `"levels":[1,2]`, `"levels":[1,2,3],"password":"altra"`, 1)
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users?replace=true", body: other}), http.StatusCreated, &again)
	if again.Password != "altra" || again.Card == nil || again.TOTPSecret != made.TOTPSecret {
		t.Errorf("the replaced user is %+v, want another password, a card and the same authenticator", again)
	}
}

func TestCreateUserRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	for _, row := range []struct {
		name, body string
		status     int
		field      string
	}{
		{"a body that is no JSON", `{"username":`, http.StatusBadRequest, ""},
		{"two values", `{"username":"a"}{"username":"b"}`, http.StatusBadRequest, ""},
		{"an unknown member", `{"username":"ada","role":"operator"}`, http.StatusBadRequest, "role"},
		{"a member that only answers have", `{"username":"ada","otpauth_url":"x"}`, http.StatusBadRequest, "otpauth_url"},
		{"a number for a name", `{"username":1}`, http.StatusBadRequest, "username"},
		{"a text for levels", `{"username":"ada","levels":"2"}`, http.StatusBadRequest, "levels"},
		{"a list of texts for levels", `{"username":"ada","levels":["2"]}`, http.StatusBadRequest, "levels"},
		{"no username", `{"password":"x"}`, http.StatusUnprocessableEntity, "username"},
		{"a username with blanks", `{"username":"ada bella"}`, http.StatusUnprocessableEntity, "username"},
		{"a username with markup", `{"username":"<b>"}`, http.StatusUnprocessableEntity, "username"},
		{"a wrong check character", `{"username":"ada","fiscal_code":"QWZDAA80A41H501X"}`, http.StatusUnprocessableEntity, "fiscal_code"},
		{"a codice fiscale of ten characters", `{"username":"ada","fiscal_code":"QWZDAA80A4"}`, http.StatusUnprocessableEntity, "fiscal_code"},
		{"level 4", `{"username":"ada","levels":[1,4]}`, http.StatusUnprocessableEntity, "levels"},
		{"levels twice", `{"username":"ada","levels":[1,1]}`, http.StatusUnprocessableEntity, "levels"},
		{"an unknown gestore", `{"username":"ada","idps":["nessuno"]}`, http.StatusUnprocessableEntity, "idps"},
		{"an unknown factor", `{"username":"ada","second_factors":["fax"]}`, http.StatusUnprocessableEntity, "second_factors"},
		{"an unknown status", `{"username":"ada","status":"dormiente"}`, http.StatusUnprocessableEntity, "status"},
		{"an unknown state of the card", `{"username":"ada","card":"gold"}`, http.StatusUnprocessableEntity, "card"},
		{"an unknown identity type", `{"username":"ada","identity_type":9}`, http.StatusUnprocessableEntity, "identity_type"},
		{"an e-mail that is none", `{"username":"ada","email":"nobody"}`, http.StatusUnprocessableEntity, "email"},
		{"a date that is none", `{"username":"ada","born":"1980-02-30"}`, http.StatusUnprocessableEntity, "born"},
		{"an attribute that SPID does not know", `{"username":"ada","attributes":{"shoeSize":"44"}}`, http.StatusUnprocessableEntity, "attributes"},
		{"a secret that is no base32", `{"username":"ada","totp_secret":"0189"}`, http.StatusUnprocessableEntity, "totp_secret"},
		{"a secret that is too short", `{"username":"ada","totp_secret":"ABCDEFGH"}`, http.StatusUnprocessableEntity, "totp_secret"},
		{"a card without a name", `{"username":"ada","levels":[1,2,3]}`, http.StatusUnprocessableEntity, "given_name"},
		{"a card without a codice fiscale", `{"username":"ada","given_name":"A","family_name":"Q","levels":[1,2,3]}`, http.StatusUnprocessableEntity, "fiscal_code"},
		{"a password of a kilobyte", `{"username":"ada","password":"` + strings.Repeat("x", 1024) + `"}`, http.StatusUnprocessableEntity, "password"},
	} {
		t.Run(row.name+" is refused", func(t *testing.T) {
			p := wantProblem(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: row.body}), row.status)
			if p.Field != row.field {
				t.Errorf("field is %q (%s), want %q", p.Field, p.Detail, row.field)
			}
		})
	}
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: ada, kind: "text/plain"}), http.StatusUnsupportedMediaType, nil)
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users?replace=perhaps", body: ada}), http.StatusBadRequest, nil)
	want(t, s.do(t, call{path: "/api/v1/users/ada"}), http.StatusNotFound, nil)
	t.Run("values that are wrong on purpose stay as they are", func(t *testing.T) {
		var u User
		body := `{"username":"grace","attributes":{"email":"not an address","dateOfBirth":"31/12/1980"}}`
		want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: body}), http.StatusCreated, &u)
		if u.Attributes["email"] != "not an address" || u.Attributes["dateOfBirth"] != "31/12/1980" {
			t.Errorf("on the wire stands %v", u.Attributes)
		}
	})
	t.Run("names with quotes, markup and other scripts come back as they went in", func(t *testing.T) {
		var u User
		name := "D'Amico \"Zoë\" <i>&amp; Łukasz"
		body, _ := json.Marshal(map[string]any{"username": "zoë", "given_name": "Zoë", "family_name": "D'Amico", "note": name})
		want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: string(body)}), http.StatusCreated, &u)
		if u.Note != name || u.FamilyName != "D'Amico" {
			t.Errorf("got note %q and name %q", u.Note, u.FamilyName)
		}
		want(t, s.do(t, call{path: "/api/v1/users/" + url.PathEscape("zoë")}), http.StatusOK, &u)
	})
}

func TestPutUser(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	body := `{"given_name":"Ada","family_name":"Qwzani","fiscal_code":"QWZDAA80A41H501V","levels":[1,2,3],"second_factors":["totp","app"],"totp_secret":"gezd gnbv gy3t qojq gezd gnbv gy3t qojq"}`
	var first, second User
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: body}), http.StatusCreated, &first)
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: body}), http.StatusOK, &second)
	a, _ := json.Marshal(first)
	b, _ := json.Marshal(second)
	if string(a) != string(b) {
		t.Errorf("doing it twice changed something:\n%s\n%s", a, b)
	}
	if second.TOTPSecret != "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" || second.Card == nil || second.Card.State != "ok" {
		t.Errorf("got %+v, want the secret given and a good card", second)
	}
	t.Run("another state of the card issues another card", func(t *testing.T) {
		for _, state := range []string{"expired", "revoked", "blocked", "ok"} {
			before := second
			second = User{}
			want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: strings.Replace(body, "{", `{"card":"`+state+`",`, 1)}), http.StatusOK, &second)
			if second.Card == nil || second.Card.State != state || second.Card.ID == before.Card.ID || second.TOTPSecret != before.TOTPSecret {
				t.Errorf("the card is %+v and the secret %s, want a new card that is %s and the same secret", second.Card, second.TOTPSecret, state)
			}
		}
	})
	t.Run("levels without the third withdraw the card", func(t *testing.T) {
		want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: `{"levels":[1]}`}), http.StatusOK, &second)
		if second.Card != nil {
			t.Errorf("the card is still there: %+v", second.Card)
		}
		var cards List[CardItem]
		want(t, s.do(t, call{path: "/api/v1/cards"}), http.StatusOK, &cards)
		for _, c := range cards.Items {
			if c.Username == "ada" {
				t.Errorf("the list still has %+v", c)
			}
		}
	})
	t.Run("a body about somebody else is refused", func(t *testing.T) {
		p := wantProblem(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: `{"username":"eva"}`}), http.StatusUnprocessableEntity)
		if p.Field != "username" {
			t.Errorf("field is %q, want username", p.Field)
		}
	})
}

func TestPatchUser(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: ada}), http.StatusCreated, nil)
	var before, u User
	want(t, s.do(t, call{path: "/api/v1/users/ada"}), http.StatusOK, &before)
	for _, row := range []struct {
		name, body string
		holds      func(User) bool
	}{
		{"nothing changes nothing", `{}`, func(u User) bool { return u.Status == "active" && u.Password == "prova" }},
		{"the status", `{"status":"suspended"}`, func(u User) bool { return u.Status == "suspended" && u.Ends == 23 && u.Email == before.Email }},
		{"the status back", `{"status":"active"}`, func(u User) bool { return u.Status == "active" && u.Ends == 1 }},
		{"the password", `{"password":"nuova"}`, func(u User) bool { return u.Password == "nuova" }},
		{"the levels, which bring a card", `{"levels":[1,2,3]}`, func(u User) bool { return slices.Equal(u.Levels, []int{1, 2, 3}) && u.Card != nil }},
		{"the second factors", `{"second_factors":["sms"]}`, func(u User) bool { return slices.Equal(u.SecondFactors, []string{"sms"}) && u.TOTPSecret == "" }},
		{"the second factors back, with the same secret", `{"second_factors":["totp"]}`, func(u User) bool { return u.TOTPSecret == before.TOTPSecret }},
	} {
		t.Run(row.name, func(t *testing.T) {
			want(t, s.do(t, call{method: "PATCH", path: "/api/v1/users/ada", body: row.body}), http.StatusOK, &u)
			if !row.holds(u) {
				t.Errorf("got %+v", u)
			}
		})
	}
	for _, row := range []struct {
		name, path, body string
		status           int
		field            string
	}{
		{"an unknown status", "ada", `{"status":"gone"}`, http.StatusUnprocessableEntity, "status"},
		{"an empty password", "ada", `{"password":""}`, http.StatusUnprocessableEntity, "password"},
		{"level 0", "ada", `{"levels":[0]}`, http.StatusUnprocessableEntity, "levels"},
		{"an unknown factor", "ada", `{"second_factors":["fax"]}`, http.StatusUnprocessableEntity, "second_factors"},
		{"another member", "ada", `{"username":"eva"}`, http.StatusBadRequest, "username"},
		{"nobody", "nobody", `{"status":"active"}`, http.StatusNotFound, ""},
	} {
		t.Run(row.name+" is refused", func(t *testing.T) {
			p := wantProblem(t, s.do(t, call{method: "PATCH", path: "/api/v1/users/" + row.path, body: row.body}), row.status)
			if p.Field != row.field {
				t.Errorf("field is %q, want %q", p.Field, row.field)
			}
		})
	}
}

// A patch writes the whole record anew: nothing of a person may get lost on the way.
func TestPatchUserKeepsEverythingElse(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	before, err := s.Federation.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range before {
		want(t, s.do(t, call{method: "PATCH", path: "/api/v1/users/" + url.PathEscape(u.Username), body: `{}`}), http.StatusOK, nil)
		after, err := s.Federation.FindUser(t.Context(), u.Username)
		if err != nil {
			t.Fatal(err)
		}
		after.Changed = u.Changed
		if got, want := fmt.Sprintf("%+v", *after), fmt.Sprintf("%+v", *u); got != want {
			t.Errorf("the record is\n%s\nand was\n%s", got, want)
		}
	}
}

func TestDeleteUser(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	want(t, s.do(t, call{method: "PUT", path: "/api/v1/users/ada", body: holder}), http.StatusCreated, nil)
	want(t, s.do(t, call{method: "DELETE", path: "/api/v1/users/ada"}), http.StatusNoContent, nil)
	wantProblem(t, s.do(t, call{method: "DELETE", path: "/api/v1/users/ada"}), http.StatusNotFound)
	wantProblem(t, s.do(t, call{path: "/api/v1/users/ada"}), http.StatusNotFound)
	wantProblem(t, s.do(t, call{path: "/api/v1/cards/ada"}), http.StatusNotFound)
}

func TestGetTOTP(t *testing.T) {
	t.Parallel()
	c := &handClock{t: time.Date(2026, 11, 24, 10, 0, 7, 0, time.UTC)}
	s := start(t, func(cfg *Config) { cfg.Now = c.now }, idptest.Clock(c.now))
	want(t, s.do(t, call{method: "POST", path: "/api/v1/users", body: ada}), http.StatusCreated, nil)
	var code TOTPCode
	want(t, s.do(t, call{path: "/api/v1/users/ada/totp"}), http.StatusOK, &code)
	if len(code.Code) != 6 || strings.Trim(code.Code, "0123456789") != "" || code.ValidFor != 53 {
		t.Errorf("got %+v, want six digits for 53 seconds", code)
	}
	t.Run("a code that was used is never shown again", func(t *testing.T) {
		_, err := s.Federation.UpdateUser(t.Context(), "ada", func(u *idp.User) error { u.LastStep = c.now().Unix() / 30; return nil })
		if err != nil {
			t.Fatal(err)
		}
		var next TOTPCode
		want(t, s.do(t, call{path: "/api/v1/users/ada/totp"}), http.StatusOK, &next)
		if next.Code == code.Code || next.ValidFor != 83 {
			t.Errorf("got %+v after %+v, want another code for 83 seconds", next, code)
		}
	})
	t.Run("without a fresh code the answer says when to come back", func(t *testing.T) {
		_, err := s.Federation.UpdateUser(t.Context(), "ada", func(u *idp.User) error { u.LastStep = c.now().Unix()/30 + 100; return nil })
		if err != nil {
			t.Fatal(err)
		}
		w := s.do(t, call{path: "/api/v1/users/ada/totp"})
		p := wantProblem(t, w, http.StatusTooManyRequests)
		if got := w.Header().Get("Retry-After"); got != "23" || p.Code != "no-fresh-code" {
			t.Errorf("Retry-After is %q and code %q, want 23 and no-fresh-code", got, p.Code)
		}
	})
	t.Run("who has no authenticator has no code", func(t *testing.T) {
		want(t, s.do(t, call{method: "PATCH", path: "/api/v1/users/ada", body: `{"second_factors":["sms"]}`}), http.StatusOK, nil)
		wantProblem(t, s.do(t, call{path: "/api/v1/users/ada/totp"}), http.StatusConflict)
	})
	wantProblem(t, s.do(t, call{path: "/api/v1/users/nobody/totp"}), http.StatusNotFound)
}
