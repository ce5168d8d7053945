package spid

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// IDCard is the value of the attribute idCard, taken apart (attributes.md section 3, ATT-30).
type IDCard struct {
	Type   string // one of the eight literals, "cartaIdentita"
	Number string // letters and digits, "AS09452389"
	Issuer string // words joined, "comuneRoma"
	Issued time.Time
	Expiry time.Time
}

// idCardTypes are the literals of the table; a document of another kind cannot be named.
var idCardTypes = []string{
	"cartaIdentita", "passaporto", "patenteGuida", "patenteNautica",
	"librettoPensione", "patentinoImpTermici", "portoArmi", "tesseraRiconoscimento",
}

var alphanumeric = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// ParseIDCard reads an idCard: type, number, issuer, issued, expiry with exactly one blank between them, dates as
// 2006-01-02. Case of the type and the accent of the official example (CartaIdentità) do not matter; the
// result has the literal of the table (ATT-31).
func ParseIDCard(value string) (IDCard, error) {
	parts := strings.Split(value, " ")
	if len(parts) != 5 {
		return IDCard{}, fmt.Errorf("is %q, want type, number, issuer, issued and expiry with one blank between them", cut(value))
	}
	card := IDCard{Type: idCardType(parts[0]), Number: parts[1], Issuer: parts[2]}
	switch {
	case card.Type == "":
		return IDCard{}, fmt.Errorf("has the type %q, want one of %s", cut(parts[0]), strings.Join(idCardTypes, ", "))
	case !alphanumeric.MatchString(card.Number):
		return IDCard{}, fmt.Errorf("has the number %q, want letters and digits", cut(card.Number))
	case !alphanumeric.MatchString(card.Issuer):
		return IDCard{}, fmt.Errorf("has the issuer %q, want letters and digits", cut(card.Issuer))
	}
	var err error
	if card.Issued, err = time.Parse(time.DateOnly, parts[3]); err != nil {
		return IDCard{}, fmt.Errorf("was issued on %q, want a date such as 2013-01-02", cut(parts[3]))
	}
	if card.Expiry, err = time.Parse(time.DateOnly, parts[4]); err != nil {
		return IDCard{}, fmt.Errorf("expires on %q, want a date such as 2023-01-02", cut(parts[4]))
	}
	return card, nil
}

func idCardType(word string) string {
	word = strings.NewReplacer("à", "a", "À", "A").Replace(word)
	for _, literal := range idCardTypes {
		if strings.EqualFold(word, literal) {
			return literal
		}
	}
	return ""
}

// String returns the value for the wire, with the literal of the table (ATT-31).
func (c IDCard) String() string {
	return strings.Join([]string{
		c.Type, c.Number, c.Issuer, c.Issued.Format(time.DateOnly), c.Expiry.Format(time.DateOnly),
	}, " ")
}
