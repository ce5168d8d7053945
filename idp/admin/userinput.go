package admin

import (
	"context"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"spidsim/idp"
	"spidsim/internal/people"
	"spidsim/internal/store"
	"spidsim/internal/web"
	"spidsim/spid"
)

const longestPassword = 256

// keep makes the person of the body exist: created says whether it is new. Without replace an existing one is a
// conflict. What a replaced person's authenticator shows and which codes were used stays, so that PUT twice is PUT once.
func (a *Admin) keep(ctx context.Context, body NewUser, replace bool) (u *idp.User, created bool, err error) {
	p, secret, err := a.read(body)
	if err != nil {
		return nil, false, err
	}
	old, err := a.fed.FindUser(ctx, p.Username)
	switch {
	case errors.Is(err, store.ErrNotFound):
		u, err = a.fed.AddPerson(ctx, p, "api", false)
		created = true
	case err == nil && !replace:
		err = &web.Error{Status: http.StatusConflict, Problem: web.Problem{
			Code: "exists", Field: "username", Found: p.Username, Detail: "there is a user of that name: add ?replace=true, or use PUT"}}
	case err == nil:
		u, err = a.replace(ctx, p, old.Person)
	}
	if err == nil && secret != "" && secret != u.TOTPSecret {
		u, err = a.fed.UpdateUser(ctx, p.Username, func(u *idp.User) error {
			u.TOTPSecret, u.LastStep, u.ShownStep = secret, 0, 0
			return nil
		})
	}
	if err == nil {
		a.log.Info("user kept", "user", u.Username, "new", created)
	}
	return u, created, err
}

func (a *Admin) replace(ctx context.Context, p, before people.Person) (*idp.User, error) {
	u, err := a.fed.UpdateUser(ctx, p.Username, func(u *idp.User) error {
		u.Person, u.Source, u.PasswordHash, u.States = p, "api", "", nil
		return nil
	})
	if err != nil {
		return nil, err
	}
	return u, a.fitCards(ctx, u, before)
}

// fitCards gives the person the cards that the record speaks of now: one that is another than before goes and a new one is
// issued. A card that was blocked or revoked since stays as it is.
func (a *Admin) fitCards(ctx context.Context, u *idp.User, before people.Person) error {
	for _, c := range []struct {
		kind     idp.CardKind
		was, now string
	}{
		{idp.TokenCard, before.Card, u.Card}, {idp.CIECard, before.CIE, u.CIE}, {idp.CNSCard, before.CNS, u.CNS},
	} {
		if c.was == c.now {
			continue
		}
		if err := a.fed.ReissueCard(ctx, u, c.kind); err != nil {
			return err
		}
	}
	return nil
}

// read checks the body of POST and PUT.
func (a *Admin) read(body NewUser) (p people.Person, secret string, err error) {
	for _, slug := range body.IdPs {
		if _, known := a.fed.Provider(slug); !known {
			return p, "", &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{Code: "invalid", Field: "idps", Found: clip(slug, 64),
				Wanted: a.slugs(), Detail: "idps names a gestore that does not exist here"}}
		}
	}
	if secret, err = totpSecret(body.TOTPSecret); err == nil {
		p, err = checked(body.person())
	}
	return p, secret, err
}

// person builds the record that the body speaks of, unchecked but for what only this shape allows.
func (n NewUser) person() (people.Person, error) {
	if normal(n.Username) == "" {
		return people.Person{}, web.Unprocessable("username", "a user needs a username")
	}
	code := spid.FiscalCode(strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(n.FiscalCode)), spid.PrefixTIN))
	if code != "" {
		var err error
		if code, err = spid.ParseFiscalCode(string(code)); err != nil {
			return people.Person{}, &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{
				Code: "invalid", Field: "fiscal_code", Found: clip(n.FiscalCode, 64), Detail: err.Error(), Rule: "CF-11"}}
		}
	}
	p := people.Person{
		Username: normal(n.Username), Password: n.Password, GivenName: n.GivenName, FamilyName: n.FamilyName, FiscalCode: code,
		Sex: n.Sex, Born: n.Born, BirthPlace: n.BirthPlace, BirthCounty: n.BirthCounty, Email: n.Email, Mobile: n.Mobile,
		IDCard: n.IDCard, DigitalAddress: n.DigitalAddress, ExpirationDate: n.ExpirationDate, IdentityType: spid.IdentityType(n.IdentityType),
		Levels: n.Levels, IdPs: n.IdPs, SecondFactors: n.SecondFactors, Card: n.Card, CIE: n.CIE, CNS: n.CNS, Status: n.Status,
		Note: n.Note, NoteEnglish: n.NoteEn, Values: n.Attributes,
	}
	if d := n.Domicile; d != nil {
		p.Domicile = people.Address{Street: d.Street, PostalCode: d.PostalCode, Municipality: d.Municipality, Province: d.Province, Nation: d.Nation}
	}
	if c := n.Company; c != nil {
		p.Company = people.Company{Name: c.Name, RegisteredOffice: c.RegisteredOffice, FiscalCode: spid.FiscalCode(c.FiscalCode), VATNumber: c.VATNumber}
	}
	return p, nil
}

// onto applies a patch.
func (c UserPatch) onto(p people.Person) (people.Person, error) {
	if c.Status != nil {
		p.Status = *c.Status
	}
	if c.Levels != nil {
		p.Levels = *c.Levels
	}
	if c.SecondFactors != nil {
		p.SecondFactors = *c.SecondFactors
	}
	if c.Password != nil {
		if *c.Password == "" {
			return p, web.Unprocessable("password", "the password is empty")
		}
		p.Password = *c.Password
	}
	return p, nil
}

// checked fills in defaults and refuses what no person may be, by the very rules that people of the configuration are read with: the
// record goes through people.Parse. The error is a 422 that names the first member at fault.
func checked(p people.Person, err error) (people.Person, error) {
	if err != nil {
		return p, err
	}
	if len(p.Password) > longestPassword {
		return p, web.Unprocessable("password", fmt.Sprintf("the password has %d octets, want at most %d", len(p.Password), longestPassword))
	}
	record, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	parsed, err := people.Parse(record, "body")
	if err != nil {
		return p, mistakes(err, p.Username)
	}
	if len(parsed) != 1 {
		return p, web.Unprocessable("username", "the body does not describe one user")
	}
	return parsed[0], cardHolder(parsed[0])
}

// cardHolder says what is missing to print a card, for those who get one.
func cardHolder(p people.Person) error {
	if p.Card+p.CIE+p.CNS == "" {
		return nil
	}
	for _, m := range []struct{ field, value string }{
		{"given_name", p.GivenName}, {"family_name", p.FamilyName}, {"fiscal_code", string(p.FiscalCode)},
	} {
		if strings.TrimSpace(m.value) == "" {
			return web.Unprocessable(m.field, m.field+" is empty, want it for the card")
		}
	}
	return nil
}

func (a *Admin) slugs() string {
	var all []string
	for _, p := range a.fed.Providers() {
		all = append(all, p.Slug)
	}
	return strings.Join(all, ", ")
}

// memberOf names the member of NewUser behind an attribute that people.Parse found wrong.
var memberOf = map[string]string{
	"name": "given_name", "familyName": "family_name", "fiscalNumber": "fiscal_code", "gender": "sex", "dateOfBirth": "born",
	"placeOfBirth": "birth_place", "countyOfBirth": "birth_county", "mobilePhone": "mobile", "idCard": "id_card",
	"digitalAddress": "digital_address", "expirationDate": "expiration_date", "address": "domicile",
	"domicileStreetAddress": "domicile.street", "domicilePostalCode": "domicile.postal_code", "domicileMunicipality": "domicile.municipality",
	"domicileProvince": "domicile.province", "domicileNation": "domicile.nation", "companyName": "company.name",
	"registeredOffice": "company.registered_office", "companyFiscalNumber": "company.fiscal_code", "ivaCode": "company.vat_number",
}

// mistakes turns what people.Parse says into one 422.
func mistakes(err error, username string) error {
	prefix := fmt.Sprintf("user %q: ", username)
	var details []string
	field := ""
	for _, e := range unjoin(err) {
		detail := e.Error()
		var m *people.Mistake
		if errors.As(e, &m) {
			detail = strings.TrimPrefix(m.Message, prefix)
		}
		if field == "" {
			field, _, _ = strings.Cut(detail, " ")
		}
		details = append(details, detail)
	}
	if member, ok := memberOf[field]; ok {
		field = member
	}
	return web.Unprocessable(field, clip(strings.Join(details, "; "), 1000))
}

func unjoin(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

// totpSecret reads a secret in base32, as apps show it: blanks, letter case and padding do not count.
func totpSecret(s string) (string, error) {
	s = strings.ToUpper(strings.TrimRight(strings.Join(strings.Fields(s), ""), "="))
	if s == "" {
		return "", nil
	}
	octets, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s)
	if err != nil || len(octets) < 10 || len(octets) > 64 {
		return "", web.Unprocessable("totp_secret", "the secret must be 10 to 64 octets in base32")
	}
	return s, nil
}
