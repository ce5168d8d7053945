package onboarding

import (
	"context"
	"fmt"

	"spidsim/internal/outbox"
)

// reach is where messages about an identity go: to the holder, of a minor to the parent (ONB-184).
type reach struct {
	email, mobile string
	user          string // in the outbox
	name          string
	child         string // name of the minor, when the parent is written to
}

// reachOf says where messages about an identity go.
func (o *Office) reachOf(ctx context.Context, i Identity) (reach, error) {
	g, err := o.guardianOf(ctx, i)
	if err != nil || g == nil {
		return reach{email: i.Email, mobile: i.Mobile, user: i.Username, name: i.Name}, err
	}
	p := g.Parent
	return reach{email: p.Email, mobile: p.Mobile, user: p.Username, name: p.GivenName, child: i.Name}, nil
}

// tellHolder sends a message about an identity to whom it concerns.
func (o *Office) tellHolder(ctx context.Context, i Identity, contact, kind, code string) error {
	to, err := o.reachOf(ctx, i)
	if err != nil {
		return err
	}
	return to.send(ctx, o, i, contact, kind, code)
}

// send writes to an e-mail address or a phone. Who has no phone is written to by e-mail.
func (to reach) send(ctx context.Context, o *Office, i Identity, contact, kind, code string) error {
	subject, text := lifeLetter(kind, to, i, code)
	m := outbox.Message{Channel: outbox.Email, To: to.email, User: to.user, IdP: i.Slug, Subject: subject, Text: text, Code: code}
	if contact == contactSMS && to.mobile != "" {
		m.Channel, m.To, m.Subject = outbox.SMS, to.mobile, ""
	}
	_, err := o.outbox.Send(ctx, m)
	return err
}

// lifeLetter returns subject and text of a message about an identity, in plain Italian (UX-53).
func lifeLetter(kind string, to reach, i Identity, code string) (subject, text string) {
	hello := "Ciao " + to.name + ",\n"
	whose := "La tua identità SPID"
	if to.child != "" {
		whose = "L’identità SPID di " + to.child
	}
	switch kind {
	case "received":
		return "Abbiamo ricevuto la tua richiesta", hello + "abbiamo ricevuto la richiesta e la eseguiamo subito. Se non l’hai fatta tu, avvisaci."
	case "check":
		return "Conferma la tua richiesta", hello + fmt.Sprintf("abbiamo ricevuto la richiesta. Per confermarla usa il codice %s: vale 10 minuti. Se non l’hai fatta tu, ignora il messaggio.", code)
	case string(ToSuspend):
		return "L’identità è sospesa", hello + whose + " è sospesa. Nessuno può usarla, nemmeno tu, finché non viene riattivata."
	case string(ToReactivate):
		return "L’identità è di nuovo attiva", hello + whose + " è di nuovo attiva."
	case "restored":
		return "L’identità è di nuovo attiva", hello + "sono passati 30 giorni e non è arrivata nessuna denuncia. " + whose + " è di nuovo attiva."
	case string(ToRevoke):
		return "L’identità è revocata", hello + whose + " è revocata e non si può riattivare. Per averne un’altra si fa una nuova richiesta."
	case string(LostPhone):
		return "Il secondo fattore è sospeso", hello + whose + " resta al livello 1. Fatti riconoscere di nuovo per tornare al livello di prima."
	case "phone-back":
		return "Il secondo fattore è di nuovo attivo", hello + "ti abbiamo riconosciuto. " + whose + " ha di nuovo il secondo fattore."
	case "password-code":
		return "Il codice per la nuova password", fmt.Sprintf("Il codice per scegliere una nuova password è %s. Vale 10 minuti. Non darlo a nessuno.", code)
	case "password":
		return "La password è cambiata", hello + "la nuova password è attiva. Se non l’hai cambiata tu, sospendi subito l’identità."
	case "username":
		return "Il tuo nome utente", hello + "il tuo nome utente è " + i.Username + "."
	case "contacts":
		return "I tuoi recapiti sono cambiati", hello + "i recapiti della tua identità SPID sono cambiati. Se non l’hai fatto tu, sospendi subito l’identità."
	case CausePayment:
		return "L’accesso è sospeso", hello + "il canone non risulta pagato: con questa identità non puoi entrare. Torna attiva appena paghi."
	case "paid":
		return "Grazie, l’accesso è di nuovo attivo", hello + "il pagamento è arrivato. " + whose + " è di nuovo attiva."
	case "adult":
		return "Hai 18 anni", hello + "da oggi la tua identità SPID è come quella di ogni adulto. I messaggi arrivano solo a te."
	}
	return "", ""
}
