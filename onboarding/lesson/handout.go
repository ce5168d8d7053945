package lesson

// Handout is the sheet that people take home, one A4 page (UX-104).
type Handout struct {
	Title    Text
	Bring    []Text // with a box to tick
	Steps    []Text // four, how it works
	Safety   []Text
	Lines    []Text // lines to write on
	Words    []Word
	Year     int  // of its facts, which the sheet says (ONB-223)
	Code     bool // the procedure code of the running story stands on it
	Figure   Text // what the little screen says when no code does
	FigureAs Text // what stands above that
}

// Word is an entry of the glossary.
type Word struct{ Word, Meaning Text }

func handoutPIN() Handout {
	return Handout{
		Title: Text{"Che cosa portare allo sportello", "What to bring to the counter"},
		Bring: []Text{
			{"il codice di procedura", "the procedure code"}, {"la carta d’identità, non scaduta", "the identity card, not expired"},
			{"la tessera sanitaria", "the health card"}, {"il telefono cellulare, acceso", "the mobile telephone, switched on"},
		},
		Steps: []Text{
			{"Hai scelto il gestore e hai scritto i tuoi dati.", "You have chosen the provider and typed your data."},
			{"Il gestore ti ha mandato un codice. Hai 30 giorni.", "The provider has sent you a code. You have 30 days."},
			{"Allo sportello ti guardano in viso e controllano i documenti.", "At the counter they look at your face and check the documents."},
			{"Scegli nome utente e password. SPID è attivo.", "You choose user name and password. SPID is active."},
		},
		Safety: []Text{
			{"La password è solo tua. Non dirla a chi ti aiuta, neppure a un familiare.", "The password is yours alone. Do not tell it to who helps you, not even to family."},
			{"Nessun gestore chiede la password per telefono o con un messaggio.", "No provider asks for the password by telephone or by message."},
			{"Prima di scrivere, guarda l’indirizzo in alto nello schermo.", "Before you type, look at the address at the top of the screen."},
		},
		Lines: []Text{{"Sportello", "Counter"}, {"Giorno e ora", "Day and time"}},
		Words: words("Gestore", "SPID", "Codice di procedura"),
		Year:  2020, Code: true,
		FigureAs: Text{"Il tuo codice", "Your code"},
	}
}

func handoutDelegation() Handout {
	return Handout{
		Title: Text{"Le carte per la delega", "The papers for the delegation"},
		Bring: []Text{
			{"il modulo AA09 compilato", "form AA09, filled in"}, {"il certificato del medico", "the doctor’s statement"},
			{"il documento di chi delega", "the document of who delegates"}, {"la copia del documento di chi aiuta", "a copy of the helper’s document"},
		},
		Steps: []Text{
			{"Scegli una persona di fiducia, che abbia SPID, CIE o CNS.", "You choose someone you trust, who has SPID, CIE or CNS."},
			{"Lei porta le carte allo sportello dell’istituto.", "They bring the papers to the institute’s counter."},
			{"L’operatore controlla e registra la delega.", "The clerk checks and registers the delegation."},
			{"Chi aiuta entra con il suo SPID e opera per te.", "The helper signs in with their SPID and acts for you."},
		},
		Safety: []Text{
			{"Chi ti aiuta usa la propria password, mai la tua.", "Who helps you uses their own password, never yours."},
			{"Hai un solo delegato per volta, e lo puoi cambiare.", "You have one delegate at a time, and may change."},
			{"La delega si toglie quando vuoi, allo sportello.", "You withdraw the delegation whenever you wish, at the counter."},
		},
		Lines: []Text{{"La persona che mi aiuta", "Who helps me"}, {"Sportello, giorno e ora", "Counter, day and time"}},
		Words: words("Delega", "Delegante", "Delegato"),
		Year:  2021, FigureAs: Text{"Che cosa vede chi aiuta", "What the helper sees"},
		Figure: Text{"Stai operando per conto di Ademaro Zurquani", "You are acting for Ademaro Zurquani"},
	}
}

func handoutPhone() Handout {
	return Handout{
		Title: Text{"Il codice per telefonare", "The code for the telephone"},
		Bring: []Text{
			{"il tuo codice fiscale", "your codice fiscale"}, {"il PIN telefonico, scritto chiaro", "the telephone PIN, clearly written"},
			{"carta e penna", "paper and pen"}, {"la domanda che vuoi fare", "the question you want to ask"},
		},
		Steps: []Text{
			{"Entra nel portale con SPID, CIE o CNS.", "Sign in to the portal with SPID, CIE or CNS."},
			{"Apri «PIN telefonico» e scegli quanto dura.", "Open “telephone PIN” and choose how long it lasts."},
			{"Scrivi il codice su questo foglio: si vede una volta sola.", "Write the code on this sheet: it is shown once only."},
			{"Chiama il contact center e leggi il codice, lettera per lettera.", "Call the contact centre and read the code, letter by letter."},
		},
		Safety: []Text{
			{"Dici il codice solo quando sei tu a chiamare.", "You say the code only when it is you who calls."},
			{"Nessun operatore ti chiede la password.", "No clerk asks for your password."},
			{"Se perdi il codice, creane un altro: quello vecchio non vale più.", "If you lose the code, make another: the old one stops working."},
		},
		Lines: []Text{{"Il mio codice", "My code"}, {"Vale fino al", "Good until"}},
		Words: words("PIN telefonico", "Contact center", "CIE"),
		Year:  2021, FigureAs: Text{"Si legge così", "Read it like this"},
		Figure: Text{"B come Bologna, 7, T come Torino, 4", "B as in Bologna, 7, T as in Torino, 4"},
	}
}

func handoutSignIn() Handout {
	return Handout{
		Title: Text{"Entrare con SPID", "Sign in with SPID"},
		Bring: []Text{
			{"il nome utente", "the user name"}, {"la password, nella tua testa", "the password, in your head"},
			{"il telefono, acceso e vicino", "the telephone, switched on and near"}, {"il nome del tuo gestore", "the name of your provider"},
		},
		Steps: []Text{
			{"Scegli «Entra con SPID» e poi il tuo gestore.", "Choose “Sign in with SPID” and then your provider."},
			{"Scrivi nome utente e password.", "Type user name and password."},
			{"Scrivi il codice che arriva sul telefono.", "Type the code that comes on the telephone."},
			{"Leggi quali dati partono e dai il consenso.", "Read which data leave and give your consent."},
		},
		Safety: []Text{
			{"Prima di scrivere, guarda l’indirizzo in alto nello schermo.", "Before you type, look at the address at the top of the screen."},
			{"Il codice del telefono non si dice a nessuno.", "The code on the telephone is for nobody else."},
			{"Su un computer non tuo, quando hai finito esci.", "On a computer that is not yours, sign out when you have finished."},
		},
		Lines: []Text{{"Il mio gestore", "My provider"}, {"Numero di assistenza", "Help number"}},
		Words: words("Nome utente", "Codice temporaneo", "Consenso"),
		Year:  2021, FigureAs: Text{"Sul telefono", "On the telephone"},
		Figure: Text{"Il tuo codice è 481 927. Non dirlo a nessuno.", "Your code is 481 927. Tell nobody."},
	}
}
