package lesson

// phonePIN is the story of the temporary telephone PIN: made in the portal, read aloud, checked by the contact centre,
// replaced, expired (ONB-150…ONB-158).
func phonePIN() *Lesson {
	return &Lesson{
		ID:    "pin-telefonico",
		Title: Text{"Il PIN telefonico", "The telephone PIN"},
		Tile:  Text{"PIN telefonico", "Telephone PIN"},
		Lead:  Text{"Un codice a tempo per farsi riconoscere al telefono dal contact center.", "A code for a while, to be recognised by the contact centre on the telephone."},
		Cast: []Part{
			{"P03", "Loretta", Text{"ha SPID e telefona volentieri", "has SPID and likes to telephone"}},
		},
		Needs: HasSPID, Starts: "2021-11-15 09:00", Minutes: 25,
		Steps:   []Step{stepOnPhone(), stepPhoneLogin(), stepDuration(), stepLetters(), stepCall(), stepReplaced(), stepExpired()},
		Handout: handoutPhone(),
	}
}

func stepOnPhone() Step {
	return Step{
		ID: "on-phone", Name: Text{"Al telefono SPID non basta", "On the telephone SPID is not enough"}, Short: Text{"Il bisogno", "The need"},
		Place: Place{Portal, "/contact-center"}, Pages: []string{"contact-centre"},
		At: "2021-11-15 09:00",
		Do: Text{"Fai finta di telefonare. L’operatore chiede un codice: chi lo ha?", "Pretend to call. The clerk asks for a code: who has one?"},
		What: Text{"Al telefono non si possono usare SPID, CIE e CNS. Per questo c’è un codice a tempo, il PIN telefonico.",
			"SPID, CIE and CNS do not work on the telephone. That is what the telephone PIN is for, a code for a while."},
		Safety: Text{"Il PIN telefonico si dice solo quando sei tu a chiamare.", "You say the telephone PIN only when it is you who calls."},
		Notes: []Note{
			{Text{"È il PIN di prima?", "Is it the old PIN?"},
				Text{"No, il vecchio PIN è finito. Questo vale solo al telefono e solo per poco tempo.", "No, the old PIN is over. This one works only on the telephone and only for a while."}},
			{Text{"Non ho SPID. Posso averlo lo stesso?", "I have no SPID. Can I have it all the same?"},
				Text{"Per crearlo bisogna entrare una volta con SPID, CIE o CNS. Può farlo anche il tuo delegato, con la sua identità.", "To make it one must sign in once with SPID, CIE or CNS. Your delegate can do it too, with their own identity."}},
		},
		Mistakes: []Mistake{
			{"phone-unknown", Text{"Codice inventato", "Made-up code"}, "RSN-PHONE-UNKNOWN",
				Text{"Un codice inventato non apre niente. L’operatore non può cercarlo per te.", "A made-up code opens nothing. The clerk cannot look it up for you."},
				[]Event{ev(PhonePINCheck, "code", "none")}, Text{}},
		},
	}
}

func stepPhoneLogin() Step {
	return Step{
		ID: "login", Name: Text{"Entra con SPID", "Sign in with SPID"}, Short: Text{"L’accesso", "The sign-in"},
		Place: Place{Portal, "/accedi?via=spid"}, Pages: []string{"mask", "credentials", "otp", "push", "consent", "done", "services"},
		Do: Text{"Entra con SPID come {name}. Poi cerca «PIN telefonico» tra i servizi.", "Sign in with SPID as {name}. Then look for “telephone PIN” among the services."},
		What: Text{"Il PIN telefonico si crea nel portale, dopo essere entrati con SPID, CIE o CNS. Così l’istituto sa a chi lo dà.",
			"The telephone PIN is made in the portal, after signing in with SPID, CIE or CNS. So the institute knows to whom it is given."},
		Safety: Text{"Guarda l’indirizzo in alto prima di scrivere la password.", "Look at the address at the top before you type the password."},
		Notes: []Note{
			{Text{"Devo farlo ogni volta che telefono?", "Must I do it at every call?"},
				Text{"No: scegli tu quanto dura, da un giorno a tre mesi.", "No: you choose how long it lasts, from one day to three months."}},
		},
	}
}

func stepDuration() Step {
	return Step{
		ID: "duration", Name: Text{"Scegli quanto dura", "Choose how long it lasts"}, Short: Text{"La durata", "The time"},
		Place: Place{Portal, "/myinps/pin-telefonico"}, Pages: []string{"phone-pin"},
		Setup: []Event{ev(SignIn, "level", "2")},
		Do:    Text{"Leggi le quattro durate. Chiedi alla sala quale conviene per una sola telefonata.", "Read the four lengths. Ask the room which one suits a single call."},
		What: Text{"Sei nella pagina del PIN telefonico e scegli quanto deve durare. Le durate sono quattro: un giorno, una settimana, un mese, tre mesi.",
			"You are on the page of the telephone PIN and choose how long it lasts. There are four: a day, a week, a month, three months."},
		Safety: Text{"Più dura poco, meno rischi se lo perdi.", "The shorter it lasts, the less you risk if you lose it."},
		Notes: []Note{
			{Text{"Quale durata scelgo?", "Which length do I choose?"},
				Text{"Per una telefonata basta un giorno. Per una pratica lunga, una settimana o un mese.", "A day is enough for one call. For a long matter, a week or a month."}},
		},
	}
}

func stepLetters() Step {
	return Step{
		ID: "letters", Name: Text{"Il codice, lettera per lettera", "The code, letter by letter"}, Short: Text{"Il codice", "The code"},
		Place: Place{Portal, "/myinps/pin-telefonico"}, Pages: []string{"phone-pin"},
		Setup: []Event{ev(PhonePINCreate, "validity", "1w")},
		Do:    Text{"Leggi il codice a voce alta con le città: A come Ancona. Fallo ripetere a qualcuno.", "Read the code aloud with names of towns: A as in Ancona. Let someone repeat it."},
		What: Text{"Il portale ha creato il codice e lo mostra una volta sola. Scrivilo su un foglio, perché poi non si rivede.",
			"The portal has made the code and shows it once only. Write it down, for you will not see it again."},
		Safety: Text{"Scrivi il codice su un foglio che tieni tu, e buttalo quando scade.", "Write the code on a sheet that you keep, and throw it away when it expires."},
		Notes: []Note{
			{Text{"L’ho perso. E adesso?", "I have lost it. And now?"},
				Text{"Torni nel portale e ne crei un altro. Quello perso smette subito di valere.", "You go back to the portal and make another. The lost one stops working at once."}},
			{Text{"Perché si legge con le città?", "Why with names of towns?"},
				Text{"Perché al telefono B e D si confondono. Bologna e Domodossola no.", "Because B and D sound alike on the telephone. Bologna and Domodossola do not."}},
		},
	}
}

func stepCall() Step {
	return Step{
		ID: "call", Name: Text{"La telefonata", "The call"}, Short: Text{"La chiamata", "The call"},
		Place: Place{Portal, "/contact-center"}, Pages: []string{"contact-centre"},
		At:    "2021-11-16 10:00",
		Setup: []Event{ev(PhonePINCheck, "code", "last")},
		Do:    Text{"Fai l’operatore: chiedi codice fiscale e codice. Mostra che la risposta è «valido».", "Play the clerk: ask for codice fiscale and code. Show that the answer is “valid”."},
		What: Text{"L’operatore ha scritto il codice fiscale e il PIN telefonico, e il codice è valido. Adesso può rispondere alle domande di {name}.",
			"The clerk has typed the codice fiscale and the telephone PIN, and the code is valid. Now {name}’s questions can be answered."},
		Safety: Text{"Se qualcuno chiama te e vuole il codice, riattacca.", "If someone calls you and wants the code, hang up."},
		Notes: []Note{
			{Text{"Che numero faccio?", "Which number do I call?"},
				Text{"Nel 2021: 803 164 da rete fissa, 06 164164 da cellulare. Verifica sul sito ufficiale.", "In 2021: 803 164 from a landline, 06 164164 from a mobile. Check on the official site."}},
			{Text{"L’operatore vede la mia password?", "Does the clerk see my password?"},
				Text{"No, e non deve chiederla. Gli bastano il codice fiscale e il PIN telefonico.", "No, and must not ask for it. Codice fiscale and telephone PIN are enough."}},
		},
	}
}

func stepReplaced() Step {
	return Step{
		ID: "replaced", Name: Text{"Il nuovo annulla il vecchio", "The new one cancels the old"}, Short: Text{"Il nuovo", "The new one"},
		Place: Place{Portal, "/contact-center"}, Pages: []string{"contact-centre"},
		At:    "2021-11-17 10:00",
		Setup: []Event{ev(PhonePINCreate, "validity", "1w"), ev(PhonePINCheck, "code", "before-last")},
		Do:    Text{"Racconta che il foglio è andato perso. Prova il codice vecchio, poi quello nuovo.", "Tell that the sheet was lost. Try the old code, then the new one."},
		What: Text{"{name} ha perso il foglio e ha creato un codice nuovo. Quello vecchio non vale più, neanche se qualcuno lo trova.",
			"{name} lost the sheet and made a new code. The old one is no longer valid, even if someone finds it."},
		Notes: []Note{
			{Text{"Posso averne due insieme?", "Can I have two at once?"},
				Text{"No, ne vale sempre uno solo: l’ultimo.", "No, only one is valid: the last."}},
		},
	}
}

func stepExpired() Step {
	return Step{
		ID: "expired", Name: Text{"Il codice è scaduto", "The code has expired"}, Short: Text{"La scadenza", "The end"},
		Place: Place{Portal, "/contact-center"}, Pages: []string{"contact-centre"},
		At:    "2021-11-26 10:00",
		Setup: []Event{ev(PhonePINCheck, "code", "last")},
		Do:    Text{"Fai notare la data in alto. Chiedi alla sala che cosa si fa adesso.", "Point out the date at the top. Ask the room what to do now."},
		What: Text{"È passata più di una settimana e il codice è scaduto. Non è un guasto: basta crearne un altro nel portale.",
			"More than a week has passed and the code has expired. Nothing is broken: just make another in the portal."},
		Notes: []Note{
			{Text{"Mi avvisano quando scade?", "Will I be told when it expires?"},
				Text{"La scadenza è scritta accanto al codice, quando lo crei. Segnala sul foglio.", "The last day stands beside the code when you make it. Write it on the sheet."}},
		},
	}
}
