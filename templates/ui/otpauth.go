package ui

import (
	"strings"

	"github.com/a-h/templ"
)

// OTPAuth lets a link to an authenticator app through, which templ's own list of schemes does not know. Anything that
// is not an otpauth://totp/ address becomes a dead one.
func OTPAuth(address string) templ.SafeURL {
	const prefix = "otpauth://totp/"
	if rest, ok := strings.CutPrefix(address, prefix); ok {
		return prefix + templ.SafeURL(rest)
	}
	return "about:invalid"
}
