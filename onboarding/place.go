package onboarding

import (
	"regexp"
	"strings"
)

// Place is a place of birth: the Belfiore code, the name, the province ("EE" abroad).
type Place struct{ Code, Name, Province string }

// places are those of the test people and the largest cities; others are typed by their code.
var places = []Place{
	{"A944", "Bologna", "BO"}, {"F257", "Modena", "MO"}, {"D548", "Ferrara", "FE"}, {"H223", "Reggio nell'Emilia", "RE"}, {"H199", "Ravenna", "RA"},
	{"G337", "Parma", "PR"}, {"G535", "Piacenza", "PC"}, {"Z605", "Ecuador", "EE"}, {"Z112", "Germania", "EE"}, {"H294", "Rimini", "RN"},
	{"D704", "Forlì", "FC"}, {"C573", "Cesena", "FC"}, {"E289", "Imola", "BO"}, {"L219", "Torino", "TO"}, {"H501", "Roma", "RM"}, {"F205", "Milano", "MI"},
	{"F839", "Napoli", "NA"}, {"G273", "Palermo", "PA"}, {"D969", "Genova", "GE"}, {"A662", "Bari", "BA"}, {"D612", "Firenze", "FI"},
	{"M999", "Comune inventato", "XX"}, {"Z999", "Stato inventato", "EE"},
}

var belfiore = regexp.MustCompile(`^[A-Z][0-9]{3}$`)

// PlaceCode returns the Belfiore code of a place given by name or code; ok is false for a name that the table does not have.
func PlaceCode(s string) (code string, ok bool) {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, "’", "'")), " ")
	if c := strings.ToUpper(s); belfiore.MatchString(c) {
		return c, true
	}
	for _, p := range places {
		if strings.EqualFold(p.Name, s) {
			return p.Code, true
		}
	}
	return "", false
}

// PlaceOf returns the place of a code. One that the table does not have is named by its code.
func PlaceOf(code string) Place {
	for _, p := range places {
		if p.Code == code {
			return p
		}
	}
	p := Place{Code: code, Name: code}
	if strings.HasPrefix(code, "Z") {
		p.Province = "EE"
	}
	return p
}
