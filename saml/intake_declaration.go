package saml

import (
	"encoding/xml"
	"strings"
)

// procInst lets the XML declaration through, as the very first octets and for XML 1.0 in UTF-8 (SEC-11).
func (s *scanner) procInst(t xml.ProcInst) error {
	if t.Target != "xml" || s.start != 0 {
		return s.fail("SEC-11", "the processing instruction <?"+clip(t.Target)+"?>", "none but the XML declaration at the start")
	}
	wanted := "an XML declaration for version 1.0 and UTF-8"
	rest, last := strings.TrimSpace(string(t.Inst)), -1
	names := []string{"version", "encoding", "standalone"}
	for rest != "" {
		name, value, tail, ok := pseudoAttr(rest)
		i := index(names, name)
		if !ok || i <= last || last < 0 && i != 0 || !declared(name, value) {
			return s.fail("SEC-11", clip("<?xml "+string(t.Inst)+"?>"), wanted)
		}
		rest, last = tail, i
	}
	if last < 0 {
		return s.fail("SEC-11", "<?xml?>", wanted)
	}
	return nil
}

// pseudoAttr takes name="value" off the front of s.
func pseudoAttr(s string) (name, value, tail string, ok bool) {
	name, rest, found := strings.Cut(s, "=")
	name, rest = strings.TrimSpace(name), strings.TrimSpace(rest)
	if !found || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return name, "", "", false
	}
	value, tail, found = strings.Cut(rest[1:], rest[:1])
	return name, value, strings.TrimSpace(tail), found
}

func declared(name, value string) bool {
	switch name {
	case "version":
		return value == "1.0"
	case "encoding":
		return strings.EqualFold(value, "utf-8")
	default:
		return value == "yes" || value == "no"
	}
}

func index(list []string, s string) int {
	for i := range list {
		if list[i] == s {
			return i
		}
	}
	return -1
}
