package lesson

// signIn is the short lesson for those who hold SPID already: five minutes at the door, with the three teaching cases of
// ux.md section 6 (wrong password, identity suspended, consent denied).
func signIn() *Lesson {
	return &Lesson{
		ID:    "entra-con-spid",
		Title: Text{"Entra con SPID", "Sign in with SPID"},
		Tile:  Text{"Entra con SPID", "Sign in with SPID"},
		Lead:  Text{"La porta di casa, passo per passo: gestore, password, codice, consenso.", "The front door, step by step: provider, password, code, consent."},
		Cast: []Part{
			{"P03", "Loretta", Text{"ha SPID con il codice sul telefono", "has SPID with the code on the telephone"}},
		},
		Needs: HasSPID, Starts: "2021-11-15 09:00", Minutes: 10,
		Steps:   []Step{stepDoor(), stepPassword(), stepInside()},
		Handout: handoutSignIn(),
	}
}

func stepDoor() Step {
	return Step{
		ID: "door", Name: Text{"Come vuoi entrare?", "How do you want to sign in?"}, Short: Text{"La porta", "The door"},
		Place: Place{Portal, "/accedi?via=spid"}, Pages: []string{"home", "mask"},
		At: "2021-11-15 09:00", Setup: []Event{ev("EV-enter")},
		Do: Text{"Mostra le vie per entrare. Scegli SPID e poi il gestore.", "Show the ways in. Choose SPID and then the provider."},
		What: Text{"Il portale chiede come vuoi entrare, e tu scegli SPID. Poi scegli il tuo gestore, cioè chi ti ha dato SPID.",
			"The portal asks how you want to sign in, and you choose SPID. Then you choose your provider, the one that gave you SPID."},
		Notes: []Note{
			{Text{"Non ricordo il mio gestore.", "I do not remember my provider."},
				Text{"Cerca nella posta il messaggio del primo giorno, oppure guarda l’app sul telefono.", "Look in your mail for the message of the first day, or see the app on the telephone."}},
		},
	}
}

func stepPassword() Step {
	return Step{
		ID: "password", Name: Text{"Password, codice, consenso", "Password, code, consent"}, Short: Text{"Dal gestore", "At the provider"},
		Place: Place{Portal, "/spid/login?idp=prova&level=2"}, Pages: []string{"credentials", "otp", "push", "consent", "done", "error"},
		Do: Text{"Scrivi nome utente e password, poi il codice del telefono. Fai leggere alla sala quali dati partono.", "Type user name and password, then the code on the telephone. Let the room read which data leave."},
		What: Text{"Adesso sei nella pagina del gestore, e l’indirizzo in alto è cambiato. Solo qui si scrive la password.",
			"Now you are on the provider’s page, and the address at the top has changed. The password is typed here only."},
		Safety: Text{"Nessun gestore chiede la password per telefono o con un messaggio.", "No provider asks for the password by telephone or by message."},
		Notes: []Note{
			{Text{"Perché mi chiede il consenso?", "Why does it ask for consent?"},
				Text{"Perché i dati sono tuoi. Se dici di no, non parte niente e non entri.", "Because the data are yours. If you say no, nothing leaves and you do not get in."}},
			{Text{"Ho sbagliato la password. Mi blocca?", "I got the password wrong. Am I locked out?"},
				Text{"Dopo tre errori bisogna aspettare. Meglio fermarsi e recuperare la password.", "After three mistakes you have to wait. Better to stop and recover the password."}},
		},
		Mistakes: []Mistake{
			{"password-wrong", Text{"Password sbagliata", "Wrong password"}, "nr19",
				Text{"Dopo tre errori il gestore si ferma e avvisa il portale. È una protezione, non una punizione.", "After three mistakes the provider stops and tells the portal. It is a protection, not a punishment."},
				nil, Text{"Scrivi tre volte una password sbagliata.", "Type a wrong password three times."}},
			{"identity-suspended", Text{"Identità sospesa", "Identity suspended"}, "nr23",
				Text{"Un’identità sospesa non entra da nessuna parte. Serve quando il telefono è perso o rubato.", "A suspended identity gets in nowhere. That helps when the telephone is lost or stolen."},
				nil, Text{"Entra come otello.vrizquo, con la sua password.", "Sign in as otello.vrizquo, with his password."}},
			{"consent-denied", Text{"Consenso negato", "Consent denied"}, "nr22",
				Text{"Hai detto di no e nessun dato è partito. Puoi ricominciare quando vuoi.", "You said no and no data left. You can start again whenever you like."},
				nil, Text{"Arriva al consenso e premi «Non acconsento».", "Go on to the consent and press “I do not agree”."}},
		},
	}
}

func stepInside() Step {
	return Step{
		ID: "inside", Name: Text{"Sei dentro", "You are in"}, Short: Text{"Dentro", "Inside"},
		Place: Place{Portal, "/myinps"}, Pages: []string{"services", "service", "user"},
		Setup: []Event{ev(SignIn, "level", "2")},
		Do:    Text{"Mostra il nome in alto e i servizi. Ricorda di uscire, soprattutto su un computer non tuo.", "Show the name at the top and the services. Remind them to sign out, above all on another’s computer."},
		What: Text{"Il gestore ha detto al portale chi sei, e il portale ti ha aperto. La password non l’ha mai vista.",
			"The provider has told the portal who you are, and the portal has let you in. It has never seen the password."},
		Safety: Text{"Su un computer non tuo, quando hai finito esci.", "On a computer that is not yours, sign out when you have finished."},
		Notes: []Note{
			{Text{"Vale anche per altri uffici?", "Does it work for other offices too?"},
				Text{"Sì: la stessa chiave apre comune, sanità, scuola e molti altri servizi.", "Yes: the same key opens town hall, health, school and many other services."}},
		},
	}
}
