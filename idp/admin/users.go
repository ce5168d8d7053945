package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"spidsim/idp"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/spid"
)

// listUsers lists the test people, by name; ?idp= and ?q= filter (the console's ?gestore= means idp).
func (a *Admin) listUsers(w http.ResponseWriter, r *http.Request) {
	found, err := a.findUsers(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	cards, err := a.cardsByUser(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := List[User]{Items: make([]User, 0, len(found))}
	for _, u := range found {
		item, err := a.userItem(u, cards[u.Username])
		if err != nil {
			web.Fail(w, r, err)
			return
		}
		list.Items = append(list.Items, item)
	}
	web.JSON(w, http.StatusOK, list)
}

func (a *Admin) findUsers(r *http.Request) ([]*idp.User, error) {
	slug, search := filters(r)
	all, err := a.fed.Users(r.Context())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(u *idp.User) bool { return slug != "" && !u.Has(slug) || !matches(u, search) }), nil
}

func filters(r *http.Request) (slug, search string) {
	q := r.URL.Query()
	if slug = q.Get("idp"); slug == "" {
		slug = q.Get("gestore")
	}
	return slug, strings.TrimSpace(q.Get("q"))
}

// matches looks for every word of search in what describes the person.
func matches(u *idp.User, search string) bool {
	all := strings.ToLower(strings.Join([]string{u.Username, u.Name(), string(u.FiscalCode), u.Note, u.NoteEnglish, u.Email, u.Status}, "\n"))
	for word := range strings.FieldsSeq(strings.ToLower(search)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// userCards are the cards of one person, by kind.
type userCards map[idp.CardKind]*idp.Card

func (a *Admin) cardsByUser(ctx context.Context) (map[string]userCards, error) {
	all, err := a.fed.Cards(ctx)
	if err != nil {
		return nil, err
	}
	byUser := map[string]userCards{}
	for _, c := range all {
		if byUser[c.Username] == nil {
			byUser[c.Username] = userCards{}
		}
		byUser[c.Username][c.Kind] = c
	}
	return byUser, nil
}

// userItem describes a person with the cards that the person has.
func (a *Admin) userItem(u *idp.User, cards userCards) (User, error) {
	u = u.Standing(a.now())
	out := User{
		Username: u.Username, Password: u.Password, GivenName: u.GivenName, FamilyName: u.FamilyName, FiscalCode: string(u.FiscalCode),
		Email: u.Email, Mobile: u.Mobile, Levels: orEmpty(u.Levels), IdPs: orEmpty(u.IdPs), SecondFactors: orEmpty(u.SecondFactors),
		Status: u.Status, IdentityType: int(u.IdentityType), Note: u.Note, NoteEn: u.NoteEnglish, Ends: int(u.Person.Ends(a.now())),
		Source: u.Source, Attributes: u.WireValues(idp.DefaultSlug),
	}
	if hasTOTP(u) {
		link, err := u.OTPAuthURL()
		if err != nil {
			return User{}, err
		}
		out.TOTPSecret, out.OTPAuthURL = u.TOTPSecret, link
	}
	out.Card, out.CIE, out.CNS = a.userCard(cards[idp.TokenCard]), a.userCard(cards[idp.CIECard]), a.userCard(cards[idp.CNSCard])
	return out, nil
}

func (a *Admin) userCard(c *idp.Card) *UserCard {
	if c == nil {
		return nil
	}
	return &UserCard{ID: c.ID, PIN: c.PIN, PUK: c.PUK, State: c.State(a.now()), Inserted: c.Inserted}
}

// orEmpty makes an empty list of none: JSON then has [] and not null.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// hasTOTP reports whether the person has an authenticator. The others have no secret to show.
func hasTOTP(u *idp.User) bool { return slices.Contains(u.SecondFactors, "totp") }

func (a *Admin) getUser(w http.ResponseWriter, r *http.Request) {
	u, err := a.fed.FindUser(r.Context(), segment(r, "username"))
	a.answerUser(w, r, http.StatusOK, u, err)
}

// answerUser answers with the person, or with what went wrong.
func (a *Admin) answerUser(w http.ResponseWriter, r *http.Request, status int, u *idp.User, err error) {
	var item User
	if err == nil {
		item, err = a.describe(r.Context(), u)
	}
	if err != nil {
		web.Fail(w, r, missingAs(err, "user of that name"))
		return
	}
	web.JSON(w, status, item)
}

func (a *Admin) describe(ctx context.Context, u *idp.User) (User, error) {
	cards := userCards{}
	for _, kind := range []idp.CardKind{idp.TokenCard, idp.CIECard, idp.CNSCard} {
		c, err := a.fed.CardOf(ctx, u.Username, kind)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return User{}, err
		}
		cards[kind] = c
	}
	return a.userItem(u, cards)
}

func (a *Admin) deleteUser(w http.ResponseWriter, r *http.Request) {
	a.users.Lock()
	defer a.users.Unlock()
	username := segment(r, "username")
	if err := a.fed.DeleteUser(r.Context(), username); err != nil {
		web.Fail(w, r, missingAs(err, "user of that name"))
		return
	}
	a.log.Info("user deleted", "user", clip(username, 100))
	w.WriteHeader(http.StatusNoContent)
}

// getTOTP says what the person's authenticator shows now: never a code that was used before.
func (a *Admin) getTOTP(w http.ResponseWriter, r *http.Request) {
	u, err := a.fed.FindUser(r.Context(), segment(r, "username"))
	if err == nil && !hasTOTP(u) {
		err = noAuthenticator(u)
	}
	var code idp.TOTP
	if err == nil {
		code, err = a.fed.TOTP(r.Context(), u.Username)
	}
	if err != nil {
		web.Fail(w, r, a.totpProblem(err))
		return
	}
	web.JSON(w, http.StatusOK, TOTPCode{Code: code.Code, ValidFor: code.ValidFor})
}

func noAuthenticator(u *idp.User) error {
	return &web.Error{Status: http.StatusConflict, Problem: web.Problem{
		Code: "no-totp", Detail: u.Username + " has no authenticator app: second_factors does not hold totp",
		Found: strings.Join(u.SecondFactors, " "), Wanted: "totp",
	}}
}

func (a *Admin) totpProblem(err error) error {
	if errors.Is(err, idp.ErrNoFreshCode) {
		now := a.now()
		return &web.Error{
			Status: http.StatusTooManyRequests, Retry: max(1, int(now.Truncate(totpStep).Add(totpStep).Sub(now).Seconds())),
			Problem: web.Problem{Code: "no-fresh-code", Detail: idp.ErrNoFreshCode.Error(), Rule: "SEC-55"},
		}
	}
	return missingAs(err, "user of that name")
}

// createUser adds a person; one of that name gives way only with ?replace=true.
func (a *Admin) createUser(w http.ResponseWriter, r *http.Request) {
	var body NewUser
	if err := web.DecodeJSON(r, &body); err != nil {
		web.Fail(w, r, err)
		return
	}
	replace, err := flag(r, "replace")
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	a.users.Lock()
	defer a.users.Unlock()
	u, _, err := a.keep(r.Context(), body, replace)
	if err == nil {
		w.Header().Set("Location", "/api/v1/users/"+url.PathEscape(u.Username))
	}
	a.answerUser(w, r, http.StatusCreated, u, err)
}

func flag(r *http.Request, name string) (bool, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return false, nil
	}
	on, err := strconv.ParseBool(text)
	if err != nil {
		return false, badQuery(name, clip(text, 64), "true or false")
	}
	return on, nil
}

// putUser makes the person of the address what the body says: 201 when new, else 200.
func (a *Admin) putUser(w http.ResponseWriter, r *http.Request) {
	var body NewUser
	if err := web.DecodeJSON(r, &body); err != nil {
		web.Fail(w, r, err)
		return
	}
	name := segment(r, "username")
	if body.Username == "" {
		body.Username = name
	}
	if normal(body.Username) != normal(name) {
		web.Fail(w, r, web.Unprocessable("username", "the body speaks of another user than the address"))
		return
	}
	a.users.Lock()
	defer a.users.Unlock()
	u, created, err := a.keep(r.Context(), body, true)
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	a.answerUser(w, r, status, u, err)
}

func normal(username string) string { return strings.ToLower(strings.TrimSpace(username)) }

// patchUser changes single members, under compare-and-swap.
func (a *Admin) patchUser(w http.ResponseWriter, r *http.Request) {
	var body UserPatch
	if err := web.DecodeJSON(r, &body); err != nil {
		web.Fail(w, r, err)
		return
	}
	a.users.Lock()
	defer a.users.Unlock()
	var before people.Person
	u, err := a.fed.UpdateUser(r.Context(), segment(r, "username"), func(u *idp.User) error {
		before = u.Person
		p, err := checked(body.onto(u.Person))
		if err == nil {
			u.Edit(p, idp.Edited{Password: body.Password != nil, Status: body.Status != nil, Levels: body.Levels != nil, Factors: body.SecondFactors != nil})
		}
		return err
	})
	if err == nil {
		err = a.fitCards(r.Context(), u, before)
	}
	if err == nil {
		a.log.Info("user changed", "user", u.Username, "status", u.Status)
	}
	a.answerUser(w, r, http.StatusOK, u, err)
}

// personaFew picks one person for each way that a login ends, for the pages that show only a few: those that courses
// name come before all others, and those whose login succeeds come first.
func personaFew(all []*idp.User, now time.Time, most int) []*idp.User {
	type kind struct {
		ends  spid.Anomaly
		level spid.Level
	}
	named := slices.DeleteFunc(slices.Clone(all), (*idp.User).Chosen) // a table without passwords helps nobody
	slices.SortStableFunc(named, func(a, b *idp.User) int {
		return cmp.Or(-cmp.Compare(min(len(a.ID), 1), min(len(b.ID), 1)), strings.Compare(a.ID, b.ID))
	})
	seen := map[kind]bool{}
	var out []*idp.User
	for _, u := range named {
		k := kind{ends: u.Standing(now).Person.Ends(now)}
		if k.ends == spid.Success {
			k.level = u.Level()
		}
		if k.ends != 0 && !seen[k] && u.Has(idp.DefaultSlug) {
			seen[k] = true
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(a, b *idp.User) int {
		return cmp.Compare(a.Standing(now).Person.Ends(now), b.Standing(now).Person.Ends(now))
	})
	return out[:min(most, len(out))]
}
