package onboarding

import (
	"strings"
)

// spelling is how letters and digits are said on the telephone.
type spelling struct {
	as     string // between the letter and the word
	letter map[rune]string
	digit  [10]string
}

var (
	italianSpelling = spelling{" come ", map[rune]string{
		'A': "Ancona", 'B': "Bologna", 'C': "Como", 'D': "Domodossola", 'E': "Empoli", 'F': "Firenze", 'G': "Genova", 'H': "hotel", 'I': "Imola",
		'J': "jolly", 'K': "kappa", 'L': "Livorno", 'M': "Milano", 'N': "Napoli", 'O': "Otranto", 'P': "Padova", 'Q': "quaderno", 'R': "Roma",
		'S': "Savona", 'T': "Torino", 'U': "Udine", 'V': "Venezia", 'W': "Washington", 'X': "xilofono", 'Y': "yogurt", 'Z': "Zara",
	}, [10]string{"zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"}}
	englishSpelling = spelling{" as in ", map[rune]string{
		'A': "Alfa", 'B': "Bravo", 'C': "Charlie", 'D': "Delta", 'E': "Echo", 'F': "Foxtrot", 'G': "Golf", 'H': "Hotel", 'I': "India",
		'J': "Juliett", 'K': "Kilo", 'L': "Lima", 'M': "Mike", 'N': "November", 'O': "Oscar", 'P': "Papa", 'Q': "Quebec", 'R': "Romeo",
		'S': "Sierra", 'T': "Tango", 'U': "Uniform", 'V': "Victor", 'W': "Whiskey", 'X': "X-ray", 'Y': "Yankee", 'Z': "Zulu",
	}, [10]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}}
)

// Spell reads a code aloud, one part for each character: "B come Bologna", digits as words (ONB-153). lang is "it" or "en"; blanks and
// hyphens are passed over.
func Spell(code, lang string) []string {
	how := italianSpelling
	if lang == "en" {
		how = englishSpelling
	}
	parts := []string{}
	for _, r := range strings.ToUpper(code) {
		switch word, ok := how.letter[r]; {
		case ok:
			parts = append(parts, string(r)+how.as+word)
		case r >= '0' && r <= '9':
			parts = append(parts, how.digit[r-'0'])
		}
	}
	return parts
}
