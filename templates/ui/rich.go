package ui

import (
	"fmt"
	"strings"
)

// Part is a stretch of a sentence: plain, `code` or *strong*.
type Part struct {
	Kind byte // 0, '`' or '*'
	Text string
}

// Rich is the catalogue's text for key with its light markup: `code` and *strong*. Only the catalogue's own marks count:
// those in args are text.
func Rich(lang, key string, args ...any) []Part {
	pattern := T(lang, key)
	var parts []Part
	kind := byte(0)
	for pattern != "" {
		i := strings.IndexAny(pattern, "`*")
		if i < 0 {
			i = len(pattern)
		}
		if stretch := pattern[:i]; stretch != "" {
			verbs := strings.Count(stretch, "%")
			n := min(verbs, len(args))
			if n > 0 {
				stretch = fmt.Sprintf(stretch, args[:n]...)
				args = args[n:]
			}
			parts = append(parts, Part{kind, stretch})
		}
		if i == len(pattern) {
			break
		}
		if kind == 0 {
			kind = pattern[i]
		} else {
			kind = 0
		}
		pattern = pattern[i+1:]
	}
	return parts
}
