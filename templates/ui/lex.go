package ui

import "bytes"

// lex cuts XML, well formed or not, into coloured pieces. It never fails: what is no markup is text.
func lex(src []byte, b *layouter) {
	afterText := false
	for at := 0; at < len(src); {
		if src[at] != '<' {
			end := at + bytes.IndexByte(src[at:], '<')
			if end < at {
				end = len(src)
			}
			text := src[at:end]
			if blank := len(bytes.TrimSpace(text)) == 0; !blank || !b.reflow {
				b.add("", text, at)
				afterText = !blank
			}
			at = end
			continue
		}
		end := tagEnd(src, at)
		lexTag(src, at, end, afterText, b)
		afterText = false
		at = end
	}
}

// tagEnd is where the markup that begins at at ends; quotes hide a ">".
func tagEnd(src []byte, at int) int {
	for _, special := range []struct{ open, shut string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}} {
		if bytes.HasPrefix(src[at:], []byte(special.open)) {
			if i := bytes.Index(src[at:], []byte(special.shut)); i >= 0 {
				return at + i + len(special.shut)
			}
			return len(src)
		}
	}
	quote := byte(0)
	for i := at + 1; i < len(src); i++ {
		switch c := src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		case c == '<':
			return i
		}
	}
	return len(src)
}

func lexTag(src []byte, at, end int, afterText bool, b *layouter) {
	tag := src[at:end]
	if len(tag) < 2 || tag[1] == '!' || tag[1] == '?' {
		b.indent(at, 0)
		b.add("", tag, at)
		return
	}
	closing, empty := tag[1] == '/', bytes.HasSuffix(tag, []byte("/>"))
	if closing {
		b.depth = max(b.depth-1, 0)
	}
	if !afterText && !(closing && len(b.now.Pieces) > 0 && b.opened) {
		b.indent(at, 0)
	}
	name := 1
	if closing {
		name = 2
	}
	stop := name
	for stop < len(tag) && !bytes.ContainsRune([]byte(" \t\r\n/>"), rune(tag[stop])) {
		stop++
	}
	b.add("", tag[:name], at)
	b.add("x-t", tag[name:stop], at+name)
	lexAttributes(tag[stop:], at+stop, len(tag) > longTag, b)
	b.opened = !closing && !empty
	if b.opened {
		b.depth++
	}
}

// lexAttributes colours what stands between the element's name and its end.
func lexAttributes(s []byte, at int, spread bool, b *layouter) {
	for len(s) > 0 {
		blank := len(s) - len(bytes.TrimLeft(s, " \t\r\n"))
		eq := bytes.IndexByte(s, '=')
		if eq < 0 || eq+1 >= len(s) || (s[eq+1] != '"' && s[eq+1] != '\'') {
			b.add("", s, at)
			return
		}
		shut := bytes.IndexByte(s[eq+2:], s[eq+1])
		if shut < 0 {
			b.add("", s, at)
			return
		}
		next := eq + 2 + shut + 1
		if spread && b.reflow {
			b.indent(at+blank, 4)
		} else {
			b.add("", s[:blank], at)
		}
		b.add("x-a", s[blank:eq], at+blank)
		b.add("", s[eq:next], at+eq)
		s, at = s[next:], at+next
	}
}
