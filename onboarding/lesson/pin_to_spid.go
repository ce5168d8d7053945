package lesson

// pinToSPID is the main story: a pensioner with a PIN asks for SPID, is seen at the counter and signs in; then the PIN ends.
func pinToSPID() *Lesson {
	return &Lesson{
		ID:    "dal-pin-a-spid",
		Title: Text{"Dal PIN a SPID", "From the PIN to SPID"},
		Tile:  Text{"Dal PIN a SPID", "From the PIN to SPID"},
		Lead:  Text{"Una persona entra con il PIN, chiede SPID, va allo sportello e torna con SPID.", "A person signs in with the PIN, asks for SPID, goes to the counter and comes back with SPID."},
		Cast: []Part{
			{"P01", "Ortensia", Text{"pensionata, ha il PIN e non ha SPID", "pensioner, has the PIN and no SPID"}},
		},
		Needs: HasPIN, Starts: "2020-10-15 10:00", Minutes: 40,
		Steps: []Step{
			stepPIN(), stepNotice(), stepProvider(), stepCode(), stepCounter(), stepCredentials(), stepActive(), stepFirstLogin(), stepPINEnds(),
		},
		Handout: handoutPIN(),
	}
}

func stepPIN() Step {
	return Step{
		ID: "pin", Name: Text{"Il PIN entra ancora", "The PIN still works"}, Short: Text{"Il PIN", "The PIN"},
		Place: Place{Portal, "/accedi?via=pin&cf={cf}"}, States: []string{"N0", "N1"}, Pages: []string{"home", "mask"},
		At: "2020-10-15 10:00", Setup: []Event{ev("EV-enter")},
		Do: Text{"Mostra le quattro vie per entrare. Poi scrivi il codice fiscale e il PIN, ed entra.", "Show the four ways in. Then type the codice fiscale and the PIN, and sign in."},
		What: Text{"{name} ha il PIN e lo usa, come ha sempre fatto. Nell’ottobre 2020 il PIN vale ancora, ma non se ne danno di nuovi.",
			"{name} has the PIN and uses it, as always. In October 2020 the PIN still works, but no new ones are given."},
		Safety: Text{"Il PIN è solo tuo. Chi ti aiuta guarda, ma non lo scrive.", "The PIN is yours alone. Who helps you watches, and does not type it."},
		Notes: []Note{
			{Text{"Il PIN diventa SPID da solo?", "Does the PIN turn into SPID by itself?"},
				Text{"No, il PIN si spegne e basta. SPID si chiede a un gestore, con pochi passi.", "No, the PIN is just switched off. You ask a provider for SPID, in a few steps."}},
			{Text{"Il mio PIN è scaduto. Che cosa faccio?", "My PIN has expired. What can I do?"},
				Text{"Nel 2020 si rinnova in linea, alla scadenza. Un PIN revocato invece non si può riavere.", "In 2020 you can renew it online when it expires. A revoked PIN cannot be had again."}},
			{Text{"Posso averne uno nuovo?", "Can I have a new one?"},
				Text{"Dal 1° ottobre 2020 no. Restano pochi casi: i minori, le persone protette, chi non ha un documento adatto.", "Not since 1 October 2020. A few cases remain: minors, protected people, those without a suitable document."}},
		},
		Mistakes: []Mistake{
			{"pin-wrong", Text{"PIN sbagliato", "Wrong PIN"}, "RSN-PIN-WRONG",
				Text{"Il portale dice che qualcosa non torna, ma non dice che cosa. Così non aiuta chi prova a indovinare.", "The portal says that something is wrong, but not what. So it does not help those who guess."},
				[]Event{ev("EV-pin-login", "pin", "wrong")}, Text{}},
		},
	}
}

func stepNotice() Step {
	return Step{
		ID: "notice", Name: Text{"L’avviso: passa a SPID", "The notice: move to SPID"}, Short: Text{"L’avviso", "The notice"},
		Place: Place{Portal, "/avviso"}, States: []string{"N2", "N3", "N4"}, Pages: []string{"notice", "services"},
		Setup: []Event{ev("EV-pin-login"), ev("EV-continue")},
		Do:    Text{"Leggi l’avviso ad alta voce. Fai notare che si può rimandare, poi apri la richiesta.", "Read the notice aloud. Point out that it can wait, then open the request."},
		What: Text{"Il portale ha riconosciuto il PIN e ha visto che manca SPID. Per questo mostra un avviso, che puoi anche rimandare.",
			"The portal has recognised the PIN and has seen that SPID is missing. So it shows a notice, which you may also put off."},
		Safety: Text{"Prima di scrivere, guarda l’indirizzo in alto nello schermo.", "Before you type, look at the address at the top of the screen."},
		Notes: []Note{
			{Text{"Devo farlo subito?", "Do I have to do it now?"},
				Text{"No. Puoi continuare verso i servizi e farti ricordare l’avviso la prossima volta.", "No. You can go on to the services and be reminded the next time."}},
			{Text{"Quanto costa?", "What does it cost?"},
				Text{"Nel 2020 i livelli 1 e 2 sono gratuiti. Oggi qualche gestore chiede una quota: verifica sul sito ufficiale.", "In 2020 levels 1 and 2 are free. Today some providers ask for a fee: check on the official site."}},
			{Text{"Come so che l’avviso è vero?", "How do I know that the notice is real?"},
				Text{"Sei tu che sei entrato nel portale, e l’indirizzo è il suo. Un avviso vero non chiede mai la password.", "You entered the portal yourself, and the address is its own. A real notice never asks for the password."}},
		},
	}
}

func stepProvider() Step {
	return Step{
		ID: "provider", Name: Text{"Scegli il gestore", "Choose the provider"}, Short: Text{"Il gestore", "The provider"},
		Place: Place{Portal, "/spid/richiedi"}, States: []string{"N5", "N6", "N7"}, Pages: []string{"guided", "idp-list", "handoff", "answer"},
		Setup: []Event{ev("EV-request")},
		Do:    Text{"Prova senza consenso: il portale si ferma. Poi dai il consenso e scegli un gestore dall’elenco.", "Try without consent: the portal stops. Then give consent and choose a provider from the list."},
		What: Text{"La richiesta guidata ti porta dal gestore che scegli tu. Al gestore vanno solo codice fiscale, cognome e nome, e solo con il tuo consenso.",
			"The guided request takes you to the provider that you choose. It gets codice fiscale, surname and name only, and only with your consent."},
		Safety: Text{"Il PIN resta al portale: nessun gestore te lo chiede.", "The PIN stays with the portal: no provider asks you for it."},
		Notes: []Note{
			{Text{"Qual è il gestore migliore?", "Which provider is the best?"},
				Text{"Non ce n’è uno per tutti. Guarda come ti riconosce, quanto costa e se ha uno sportello vicino.", "There is no best one for all. See how it identifies you, what it costs, and whether a counter is near."}},
			{Text{"SPID lo dà l’istituto?", "Does the institute give SPID?"},
				Text{"No, l’istituto lo accetta soltanto. SPID lo danno i gestori, che sono aziende autorizzate.", "No, the institute only accepts it. SPID comes from the providers, which are authorised companies."}},
			{Text{"E se poi cambio idea?", "What if I change my mind?"},
				Text{"Annulli la richiesta e scegli un altro gestore. Non costa niente e non si aspetta.", "You cancel the request and choose another provider. It costs nothing and there is no wait."}},
		},
		Mistakes: []Mistake{
			{"no-consent", Text{"Senza consenso", "Without consent"}, "RSN-CONSENT",
				Text{"Senza il tuo consenso nessun dato parte. La casella è sempre vuota all’inizio.", "Without your consent no data leave. The box is always empty at the beginning."},
				[]Event{ev("EV-open-list", "consent", "no")}, Text{}},
			{"handoff-twice", Text{"Richiesta usata due volte", "Request used twice"}, "RSN-HANDOFF-REPLAY",
				Text{"Il passaggio al gestore vale una volta sola. Chi lo copia non ci fa niente.", "The way to the provider works once only. Who copies it gets nothing."},
				way(toHandoff(), []Event{ev("EV-deliver", "twice", "yes")}), Text{}},
		},
	}
}

func stepCode() Step {
	return Step{
		ID: "code", Name: Text{"Il codice di procedura", "The procedure code"}, Short: Text{"Il codice", "The code"},
		Place: Place{Gestore, "/idp/{idp}/richiedi/{enrolment}"}, States: []string{"R0", "R1", "R2", "R3", "R4", "R5"},
		Pages: []string{"enrol-form", "contacts", "codes", "documents", "modes", "procedure-code", "procedure-memo"},
		At:    "2020-10-15 10:20",
		Setup: way(toHandoff(), toForm(), toMode(), toCounter()),
		Do:    Text{"Scrivi i dati con la sala, oppure salta qui. Leggi il codice a gruppi di quattro e stampa il foglio.", "Fill in the data with the room, or jump here. Read the code in fours and print the sheet."},
		What: Text{"Il gestore sa chi dici di essere, ma non ti ha ancora visto. Con questo codice lo sportello ritrova la tua richiesta.",
			"The provider knows who you say you are, but has not seen you yet. With this code the counter finds your request."},
		Safety: Text{"Il codice di procedura serve solo allo sportello. Non darlo a chi ti telefona.", "The procedure code is for the counter only. Do not give it to anyone who calls you."},
		Notes: []Note{
			{Text{"E se perdo il foglio?", "What if I lose the sheet?"},
				Text{"Il codice è anche nella posta. Si può ristampare da qui.", "The code is in the mail too. It can be printed again from here."}},
			{Text{"Può andarci mia figlia?", "Can my daughter go there?"},
				Text{"No: lo sportello deve vedere la persona. La delega è un’altra lezione.", "No: the counter must see the person. Delegation is another lesson."}},
			{Text{"Quanto tempo ho?", "How much time do I have?"},
				Text{"Trenta giorni da quando arriva la posta con il codice. Dopo si ricomincia, con un codice nuovo.", "Thirty days from the mail with the code. After that you start again, with a new code."}},
		},
		Mistakes: []Mistake{
			{"code-expired", Text{"Codice scaduto", "Code expired"}, "RE",
				Text{"Dopo trenta giorni il codice non vale più. Si ricomincia senza perdere niente.", "After thirty days the code is no longer valid. You start again and lose nothing."},
				[]Event{ev(ClockAdvance, "days", "31")}, Text{}},
			{"cancel", Text{"Cambio idea: annullo", "Second thoughts: cancel"}, "RX",
				Text{"Annullare è un diritto e non costa niente. I dati scritti si cancellano.", "Cancelling is a right and costs nothing. What was typed is deleted."},
				[]Event{ev("EV-cancel")}, Text{}},
		},
	}
}

func stepCounter() Step {
	return Step{
		ID: "counter", Name: Text{"Lo sportello", "The counter"}, Short: Text{"Lo sportello", "The counter"},
		Place: Place{Gestore, "/idp/{idp}/sportello?code={code}"}, States: []string{"R5"}, Pages: []string{"counter"},
		At: "2020-10-20 09:30",
		Do: Text{"Fai l’operatore: chiedi codice, documento e tessera. Guarda il viso e il documento, poi conferma.", "Play the clerk: ask for code, document and card. Look at face and document, then confirm."},
		What: Text{"Allo sportello una persona guarda il viso, il documento e la tessera. Solo così il gestore è sicuro che sei proprio tu.",
			"At the counter someone looks at face, document and card. Only so can the provider be sure that it is you."},
		Safety: Text{"Allo sportello nessuno ti chiede la password. Bastano il codice e i documenti.", "At the counter nobody asks for your password. Code and documents are enough."},
		Notes: []Note{
			{Text{"Che cosa porto?", "What do I bring?"},
				Text{"Il codice, un documento non scaduto, la tessera con il codice fiscale. Porta anche il telefono.", "The code, a valid document, the card with the codice fiscale. Bring the telephone too."}},
			{Text{"Non riesco a muovermi. Viene qualcuno?", "I cannot move. Does anyone come?"},
				Text{"Nel 2020 un gestore manda un portalettere a casa, a pagamento. Verifica sul sito ufficiale.", "In 2020 one provider sends a postal worker to your home, for a fee. Check on the official site."}},
			{Text{"Si può fare tutto dal computer?", "Can it all be done from the computer?"},
				Text{"Sì, con la webcam, con la carta d’identità elettronica o con la firma digitale. Allo sportello è più semplice.", "Yes: by webcam, with the electronic identity card or a digital signature. The counter is simpler."}},
		},
		Mistakes: []Mistake{
			{"code-wrong", Text{"Codice sbagliato", "Wrong code"}, "RSN-PROCEDURE-UNKNOWN",
				Text{"Un codice sbagliato non trova nessuna richiesta. Rileggilo piano, a gruppi di quattro.", "A wrong code finds no request. Read it again slowly, in fours."},
				[]Event{ev("EV-counter-identify", "code", "wrong")}, Text{}},
			{"document-expired", Text{"Documento scaduto", "Document expired"}, "RSN-DOC-MISSING",
				Text{"Con un documento scaduto non si può andare avanti. Prima si rinnova, poi si torna.", "With an expired document one cannot go on. Renew it first, then come back."},
				[]Event{ev("EV-counter-identify", "document", "expired")}, Text{}},
			{"card-missing", Text{"Manca la tessera", "Card missing"}, "RSN-DOC-MISSING",
				Text{"Serve la tessera con il codice fiscale. Il codice di procedura resta valido: basta tornare.", "The card with the codice fiscale is needed. The procedure code stays valid: just come back."},
				[]Event{ev("EV-counter-identify", "outcome", "missing")}, Text{}},
			{"person-other", Text{"Viene un’altra persona", "Another person comes"}, "RSN-PERSON-OTHER",
				Text{"Nessuno può andare al posto tuo, nemmeno un familiare. È la tua sicurezza.", "Nobody can go in your place, not even family. It is your own safety."},
				[]Event{ev("EV-counter-identify", "outcome", "other")}, Text{}},
		},
	}
}

func stepCredentials() Step {
	return Step{
		ID: "credentials", Name: Text{"Crea le credenziali", "Create the credentials"}, Short: Text{"Le credenziali", "The credentials"},
		Place: Place{Gestore, "/idp/{idp}/richiedi/{enrolment}"}, States: []string{"R8"}, Pages: []string{"credentials-new"},
		Setup: []Event{ev("EV-counter-identify")},
		Do:    Text{"Scegli nome utente e password di fantasia. Chiedi alla sala perché una password debole non passa.", "Choose an invented user name and password. Ask the room why a weak password is refused."},
		What: Text{"Lo sportello ha riconosciuto {name} e la richiesta va avanti. Ora si scelgono il nome utente e la password, validi ovunque.",
			"The counter has recognised {name} and the request goes on. Now user name and password are chosen, good everywhere."},
		Safety: Text{"La password è solo tua. Non dirla a chi ti aiuta, neppure a un familiare.", "The password is yours alone. Do not tell it to who helps you, not even to family."},
		Notes: []Note{
			{Text{"Dove la scrivo, per non dimenticarla?", "Where do I write it, so as not to forget it?"},
				Text{"Su un quaderno che tieni in casa, lontano dal computer. Mai su un foglio attaccato allo schermo.", "In a notebook that you keep at home, away from the computer. Never on a note stuck to the screen."}},
			{Text{"Perché anche un codice sul telefono?", "Why a code on the telephone too?"},
				Text{"Così una password rubata non basta. Serve anche il tuo telefono.", "So that a stolen password is not enough. Your telephone is needed too."}},
		},
		Mistakes: []Mistake{
			{"password-weak", Text{"Password debole", "Weak password"}, "RSN-PASSWORD",
				Text{"Una password corta si indovina in un attimo. Mescola lettere, numeri e un segno.", "A short password is guessed in a moment. Mix letters, digits and a sign."},
				[]Event{ev("EV-set-credentials", "password", "1234")}, Text{}},
		},
	}
}

func stepActive() Step {
	return Step{
		ID: "active", Name: Text{"SPID è attivo", "SPID is active"}, Short: Text{"SPID attivo", "SPID active"},
		Place: Place{Gestore, "/idp/{idp}/richiedi/{enrolment}"}, States: []string{"R9"}, Pages: []string{"active"},
		Setup: []Event{ev("EV-set-credentials")},
		Do:    Text{"Festeggia con la sala. Mostra i due livelli, poi prova subito a entrare nel portale.", "Celebrate with the room. Show the two levels, then try at once to enter the portal."},
		What: Text{"SPID è attivo, con il livello 1 e il livello 2. Il PIN funziona ancora per un po’, ma adesso hai una chiave sola per tutto.",
			"SPID is active, with level 1 and level 2. The PIN still works for a while, but now you have one key for everything."},
		Notes: []Note{
			{Text{"Che cosa sono i livelli?", "What are the levels?"},
				Text{"Livello 1: nome utente e password. Livello 2: in più un codice sul telefono, e l’istituto chiede questo.", "Level 1: user name and password. Level 2: a code on the telephone as well, and the institute asks for this."}},
			{Text{"Quanti SPID posso avere?", "How many SPID can I have?"},
				Text{"Anche più di uno, con gestori diversi. Di solito ne basta uno.", "More than one, with different providers. One is usually enough."}},
		},
	}
}

func stepFirstLogin() Step {
	return Step{
		ID: "login", Name: Text{"Il primo accesso", "The first sign-in"}, Short: Text{"L’accesso", "The sign-in"},
		Place: Place{Portal, "/accedi?via=spid"}, Pages: []string{"mask", "credentials", "otp", "push", "consent", "done", "services"},
		At: "2020-10-20 11:00",
		Do: Text{"Scegli «Entra con SPID» e il gestore. Fai leggere alla sala il codice arrivato sul telefono disegnato.", "Choose “Sign in with SPID” and the provider. Let the room read the code on the drawn telephone."},
		What: Text{"Con SPID entri con nome utente, password e un codice sul telefono. Il gestore conferma chi sei, e il portale ti apre la porta.",
			"With SPID you enter with user name, password and a code on the telephone. The provider confirms who you are, and the portal opens the door."},
		Safety: Text{"Nessun gestore chiede la password per telefono o con un messaggio.", "No provider asks for the password by telephone or by message."},
		Notes: []Note{
			{Text{"Devo registrarmi anche all’istituto?", "Do I have to register with the institute too?"},
				Text{"No. Con SPID il primo accesso è già completo.", "No. With SPID the first sign-in is complete."}},
			{Text{"Il codice non arriva. Che cosa faccio?", "The code does not come. What do I do?"},
				Text{"Aspetta un minuto, poi chiedine un altro. Guarda se il telefono ha campo.", "Wait a minute, then ask for another. See whether the telephone has a signal."}},
		},
	}
}

func stepPINEnds() Step {
	return Step{
		ID: "end", Name: Text{"Il PIN non entra più", "The PIN no longer works"}, Short: Text{"Fine del PIN", "End of the PIN"},
		Place: Place{Portal, "/accedi?via=pin&cf={cf}"}, Pages: []string{"mask", "reason"},
		At: "2021-10-01 09:00", Setup: []Event{ev("EV-enter")},
		Do: Text{"Fai notare la data in alto: è passato un anno. Prova il PIN, poi entra con SPID.", "Point out the date at the top: a year has passed. Try the PIN, then sign in with SPID."},
		What: Text{"È il 1° ottobre 2021 e il PIN non entra più. Chi ha SPID, CIE o CNS usa gli stessi servizi di prima.",
			"It is 1 October 2021 and the PIN no longer works. Who has SPID, CIE or CNS uses the same services as before."},
		Notes: []Note{
			{Text{"Non ho fatto in tempo. Ho perso la pensione?", "I was too late. Have I lost my pension?"},
				Text{"No, la pensione non cambia. Puoi chiedere SPID oggi, usare la CIE o farti aiutare con una delega.", "No, the pension does not change. You can ask for SPID today, use the CIE or be helped by a delegate."}},
			{Text{"Il PIN vale ancora per qualcuno?", "Does the PIN still work for anyone?"},
				Text{"Sì, per i cittadini che vivono all’estero senza un documento italiano.", "Yes, for citizens who live abroad without an Italian document."}},
		},
		Mistakes: []Mistake{
			{"pin-dismissed", Text{"Insisto con il PIN", "Insist with the PIN"}, "RSN-PIN-DISMISSED",
				Text{"Il PIN è giusto, ma la sua stagione è finita. Il portale dice subito quale altra via c’è.", "The PIN is right, but its time is over. The portal says at once which other way there is."},
				[]Event{ev("EV-pin-login")}, Text{}},
		},
	}
}
