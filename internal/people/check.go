package people

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"spidsim/spid"
)

// DefaultPassword is what people get who are given none.
const DefaultPassword = "prova"

var (
	usernames = regexp.MustCompile(`^[\p{L}\p{N}._@+-]{1,100}$`)
	pinCodes  = regexp.MustCompile(`^[A-Z0-9]{8}$`)
	slugs     = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)
)

// defaults fills what was left out, as Parse says. An empty list is not left out: it means none.
func (p *Person) defaults() {
	if p.Password == "" {
		p.Password = DefaultPassword
	}
	if p.IdentityType == 0 {
		p.IdentityType = spid.NaturalPerson
	}
	if p.Status == "" {
		p.Status = Active
	}
	if p.Levels == nil {
		p.Levels = []int{1, 2}
	}
	if p.SecondFactors == nil && len(p.Levels) > 0 && slices.Max(p.Levels) >= 2 {
		p.SecondFactors = []string{FactorTOTP, FactorSMS, FactorApp}
	}
	if p.Card == "" && slices.Contains(p.Levels, 3) {
		p.Card = CardOK
	}
	if p.IdPs == nil {
		p.IdPs = []string{"prova"}
	}
	if code, err := spid.ParseFiscalCode(string(p.FiscalCode)); err == nil {
		p.FiscalCode = code
	}
	p.Company.FiscalCode = spid.FiscalCode(strings.TrimPrefix(string(p.Company.FiscalCode), spid.PrefixTIN))
}

// check returns what is wrong with the person, in words that follow `user "x": `.
func (p Person) check() []string {
	var wrong []string
	blame := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if !usernames.MatchString(p.Username) {
		blame("username is %q, want letters, digits and . _ @ + -, 100 at most", p.Username)
	}
	if italian, _ := p.IdentityType.Names(); italian == "" {
		blame("identity_type is %d, want 1 to 4", p.IdentityType)
	}
	oneOf := func(key, value string, words ...string) {
		if !slices.Contains(words, value) {
			blame("%s is %q, want one of %s", key, value, strings.Join(words, ", "))
		}
	}
	oneOf("status", p.Status, Active, Suspended, Revoked, Expired, Locked)
	if p.Card != "" {
		oneOf("card", p.Card, CardOK, CardExpired, CardRevoked, CardBlocked)
	}
	if p.CIE != "" {
		oneOf("cie", p.CIE, CardOK, CardExpired, CardRevoked, CardBlocked, CardNotEnabled)
	}
	if p.CNS != "" {
		oneOf("cns", p.CNS, CardOK, CardExpired, CardRevoked, CardBlocked)
	}
	if p.PIN != "" {
		oneOf("pin", p.PIN, "ordinario", "dispositivo")
	}
	if p.PINCode != "" && !pinCodes.MatchString(p.PINCode) {
		blame("pin_code is %q, want 8 capital letters or digits", p.PINCode)
	}
	if p.Protection != "" {
		oneOf("protection", p.Protection, "tutela", "curatela", "amministrazione")
	}
	for _, f := range p.SecondFactors {
		oneOf("second_factors", f, FactorTOTP, FactorSMS, FactorApp)
	}
	return append(append(wrong, p.checkLists()...), p.checkAttributes()...)
}

func (p Person) checkLists() (wrong []string) {
	for i, l := range p.Levels {
		if l < 1 || l > 3 || i > 0 && l <= p.Levels[i-1] {
			wrong = append(wrong, fmt.Sprintf("levels is %v, want some of 1, 2, 3 in order", p.Levels))
			break
		}
	}
	for _, slug := range p.IdPs {
		if slug == "cie" {
			wrong = append(wrong, "idps contains \"cie\", which is no gestore: write cie: ok for a person who has the card")
		}
		if !slugs.MatchString(slug) {
			wrong = append(wrong, fmt.Sprintf("idps contains %q, want the short name of a gestore such as prova", slug))
		}
	}
	return wrong
}

// checkAttributes judges what our own keys say. Values may be wrong on purpose; only their names must exist.
func (p Person) checkAttributes() (wrong []string) {
	wire := p.wire("")
	for _, info := range spid.AllAttributes() {
		value := wire[info.Name]
		if value == "" || value == p.Values[info.Name] {
			continue
		}
		if err := info.Check(value); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s %v", info.Name, err))
		}
	}
	for name := range p.Values {
		if _, known := spid.LookupAttribute(name); !known {
			wrong = append(wrong, fmt.Sprintf("attributes contains %q, which is no SPID attribute", name))
		}
	}
	slices.Sort(wrong)
	return wrong
}
