package saml

// edit is a range of the octets that the tree must see otherwise: a comment, or a tag with line breaks in its
// attribute values.
type edit struct {
	start, end int
	comment    bool
}

// rewritten returns the octets for the tree: comments left out, attribute values normalised.
func (s *scanner) rewritten() []byte {
	if len(s.edits) == 0 {
		return s.data
	}
	out, last := make([]byte, 0, len(s.data)), 0
	for _, e := range s.edits {
		out = append(out, s.data[last:e.start]...)
		if !e.comment {
			out = appendNormalised(out, s.data[e.start:e.end])
		}
		last = e.end
	}
	return append(out, s.data[last:]...)
}

// appendNormalised writes a tag with each line break or tab inside a quoted value as one blank (XML 1.0, 3.3.3).
func appendNormalised(out, tag []byte) []byte {
	quote := byte(0)
	for i, c := range tag {
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0 && c == '\r' && i+1 < len(tag) && tag[i+1] == '\n':
			continue
		case quote != 0 && (c == '\n' || c == '\r' || c == '\t'):
			c = ' '
		}
		out = append(out, c)
	}
	return out
}
