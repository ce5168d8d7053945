package onboarding

import (
	"fmt"
	"strconv"
	"strings"

	"spidsim/internal/clock"
)

// letter returns subject and text of a message to the person of a request, in plain Italian (UX-53). Banner and "simulated" are the
// outbox's (ONB-220).
func letter(kind string, e *Enrolment, code string) (subject, text string) {
	name := e.GivenName
	switch kind {
	case "contact":
		return "Il tuo codice di verifica", fmt.Sprintf("Ciao %s, il codice per verificare questo contatto è %s. Vale 10 minuti. Non darlo a nessuno, nemmeno a chi ti aiuta.", name, code)
	case "procedure":
		last := Words(e.Procedure.LastDay)
		return "Il tuo codice di procedura", fmt.Sprintf("Ciao %s,\nhai 30 giorni da oggi per completare il riconoscimento. Oltre %s dovrai ricominciare.\n\n%s\n\n"+
			"Porta con te:\n- questo codice\n- il documento d’identità\n- la tessera con il codice fiscale\n\nNon dare il codice ad altri: lo chiede solo lo sportello.", name, last, Fours(code))
	case "online":
		return "Il tuo codice di riconoscimento", fmt.Sprintf("Il codice per farti riconoscere è %s. Non darlo a nessuno, nemmeno a chi ti aiuta.", code)
	case "identified":
		return "Ti abbiamo riconosciuto", fmt.Sprintf("Ciao %s,\nil riconoscimento è andato bene. Ora scegli nome utente e password: poi SPID è attivo.", name)
	case "lapsed":
		return "La tua richiesta è scaduta", fmt.Sprintf("Ciao %s,\nsono passati 30 giorni senza il riconoscimento. La richiesta è chiusa: puoi farne un’altra quando vuoi, anche da un altro gestore.", name)
	case "review":
		return "Abbiamo ricevuto il video", fmt.Sprintf("Ciao %s,\nstiamo controllando il video e il bonifico. Di solito bastano pochi giorni: ti scriviamo noi.", name)
	case "rejected":
		return "Non ti abbiamo potuto riconoscere", fmt.Sprintf("Ciao %s,\nil controllo non è andato bene e la richiesta è chiusa. Puoi farne un’altra quando vuoi, anche da un altro gestore.", name)
	case "active":
		return "SPID è attivo", fmt.Sprintf("Ciao %s,\nla tua identità SPID è attiva. Il tuo nome utente è %s. Nessuno ti chiederà mai la password, né per telefono né allo sportello.", name, e.Account.Username)
	}
	return "", ""
}

var (
	weekdays = [...]string{"domenica", "lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato"}
	months12 = [...]string{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"}
)

// Words puts a day into Italian words with its weekday, "sabato 14 novembre 2020" (UX-54).
func Words(d clock.Day) string {
	if d.IsZero() {
		return ""
	}
	return weekdays[d.Weekday()] + " " + strconv.Itoa(d.Day) + " " + months12[d.Month-1] + " " + strconv.Itoa(d.Year)
}

// Fours writes a code in groups of four, "K7QD 4MHX 92TR" (UX-54).
func Fours(code string) string {
	var b strings.Builder
	for i, r := range code {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
