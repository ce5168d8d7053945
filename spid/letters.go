package spid

import (
	"fmt"
	"strings"
	"unicode"
)

// folded says how letters beyond A to Z are written with these (CF-01). Accents are dropped, letters of their own
// are written out as registry offices do. Upper case only: names are folded to it first.
var folded = foldTable(map[string]string{
	"A": "ÀÁÂÃÄÅĀĂĄǍ", "C": "ÇĆĈĊČ", "D": "ĎĐÐ", "E": "ÈÉÊËĒĔĖĘĚẼ", "G": "ĜĞĠĢǦ", "H": "ĤĦ",
	"I": "ÌÍÎÏĨĪĬĮİǏ", "J": "Ĵ", "K": "Ķ", "L": "ĹĻĽĿŁ", "N": "ÑŃŅŇ", "O": "ÒÓÔÕÖØŌŎŐǑ",
	"R": "ŔŖŘ", "S": "ŚŜŞŠȘ", "T": "ŢŤŦȚ", "U": "ÙÚÛÜŨŪŬŮŰŲǓ", "W": "ŴẀẂẄ", "Y": "ÝŶŸỲ", "Z": "ŹŻŽ",
	"AE": "Æ", "OE": "Œ", "SS": "ẞß", "TH": "Þ", "IJ": "Ĳ",
})

func foldTable(letters map[string]string) map[rune]string {
	table := map[rune]string{}
	for latin, accented := range letters {
		for _, r := range accented {
			table[r] = latin
		}
	}
	return table
}

// letters returns the name in A to Z: accents removed, blanks, apostrophes, hyphens and full stops dropped. what
// names the field in the error.
func letters(what, name string) (string, error) {
	var b strings.Builder
	for _, r := range name {
		r = unicode.ToUpper(r)
		switch latin, ok := folded[r]; {
		case 'A' <= r && r <= 'Z':
			b.WriteRune(r)
		case ok:
			b.WriteString(latin)
		case unicode.IsSpace(r), unicode.Is(unicode.Mn, r), strings.ContainsRune("'’ʼ`´-‐‑–.", r):
		default:
			return "", fmt.Errorf("%s contains %q, want letters that A to Z can stand for", what, r)
		}
	}
	if b.Len() == 0 {
		return "", fmt.Errorf("%s is %q, want at least one letter", what, cut(name))
	}
	return b.String(), nil
}
