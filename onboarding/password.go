package onboarding

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@+-]{2,59}$`)
	alphanumeric = regexp.MustCompile(`^[0-9A-Za-z]{1,30}$`)
	mobileForm   = regexp.MustCompile(`^\+?[0-9][0-9 ]{7,19}$`)
)

// minPassword is the least length of a password (ONB-135).
const minPassword = 8

// PasswordRule is one rule of the password policy, by name (ONB-135).
type PasswordRule string

// Rules of the password policy.
const (
	PasswordLength  PasswordRule = "length" // at least 8 characters
	PasswordUpper   PasswordRule = "upper"
	PasswordLower   PasswordRule = "lower"
	PasswordDigit   PasswordRule = "digit"
	PasswordSpecial PasswordRule = "special"
)

// PasswordLacks lists the rules that a password does not keep, in the order in which they are explained; nil when it keeps all.
func PasswordLacks(password string) []string {
	var lacks []string
	for _, r := range []struct {
		rule PasswordRule
		held bool
	}{
		{PasswordLength, utf8.RuneCountInString(password) >= minPassword},
		{PasswordUpper, strings.ContainsFunc(password, unicode.IsUpper)},
		{PasswordLower, strings.ContainsFunc(password, unicode.IsLower)},
		{PasswordDigit, strings.ContainsFunc(password, unicode.IsDigit)},
		{PasswordSpecial, strings.ContainsFunc(password, special)},
	} {
		if !r.held {
			lacks = append(lacks, string(r.rule))
		}
	}
	return lacks
}

func special(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && !unicode.IsControl(r)
}

// longestText bounds what is typed into one field of a form, in characters.
const longestText = 200

// plainText reports whether a text is one line that can be printed: what is typed goes into messages, letters and assertions.
func plainText(s string) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= longestText && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}

// goodAddress reports whether a text can be the one recipient of an e-mail.
func goodAddress(s string) bool {
	return strings.Contains(s, "@") && plainText(s) && !strings.ContainsAny(s, " ,;<>")
}
