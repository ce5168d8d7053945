package outbox

import "strings"

// Filter chooses messages; an empty field matches all.
type Filter struct {
	To      string // telephone number (blanks and +39 do not count), e-mail address, or user name; any letter case
	User    string // user name, any letter case
	Channel string
	Login   string
}

func (f Filter) normal() Filter {
	f.To, f.User = address(f.To), strings.ToLower(strings.TrimSpace(f.User))
	return f
}

// Matches reports whether a message is one of those that the filter chooses.
func (f Filter) Matches(m *Message) bool { return f.normal().matches(m) }

// matches expects a filter made by normal.
func (f Filter) matches(m *Message) bool {
	return (f.To == "" || f.To == address(m.To) || f.To == strings.ToLower(m.User)) &&
		(f.User == "" || f.User == strings.ToLower(m.User)) &&
		(f.Channel == "" || f.Channel == m.Channel) &&
		(f.Login == "" || f.Login == m.Login)
}

// address is the form in which addresses are compared: lower case, and telephone numbers without separators and
// without Italy's prefix, in which a "+" is also met as a blank: that is what "+" in a query string becomes.
func address(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if strings.ContainsAny(s, "@abcdefghijklmnopqrstuvwxyz") {
		return s
	}
	digits := strings.NewReplacer(" ", "", "-", "", ".", "", "/", "", "(", "", ")", "", "\u00a0", "").Replace(s)
	for _, prefix := range []string{"+39", "0039"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			return rest
		}
	}
	if rest, ok := strings.CutPrefix(digits, "39"); ok && len(digits) > 10 { // a national mobile number has ten digits at most
		return rest
	}
	return digits
}
