package lesson

// delegation is the story of a bedridden man and his daughter: she registers a delegation at the counter with the form AA09
// (ONB-167), then acts for him with her own identity (ONB-171).
func delegation() *Lesson {
	return &Lesson{
		ID:    "delega",
		Title: Text{"Delegare una persona", "Delegate a person"},
		Tile:  Text{"Delega", "Delegation"},
		Lead:  Text{"Chi non può usare i servizi da solo si fa aiutare, senza prestare la password a nessuno.", "Who cannot use the services alone gets help, without lending the password to anyone."},
		Cast: []Part{
			{"P02", "Ademaro", Text{"non può muoversi da casa", "cannot leave home"}},
			{"P03", "Loretta", Text{"sua figlia, ha SPID", "his daughter, has SPID"}},
		},
		Needs: HasNoID, Starts: "2021-10-04 09:00", Minutes: 30,
		Steps:   []Step{stepNoWay(), stepPapers(), stepOffice(), stepDelegated(), stepOwnSPID(), stepForWhom(), stepActing(), stepRevoke()},
		Handout: handoutDelegation(),
	}
}

func register() Event {
	return ev(DelegationRegister, "for", "P02", "delegate", "P03", "form", "AA09")
}

func stepNoWay() Step {
	return Step{
		ID: "no-way", Name: Text{"Il PIN è finito", "The PIN is over"}, Short: Text{"Il bisogno", "The need"},
		Place: Place{Portal, "/accedi?via=pin&cf={cf}"}, Pages: []string{"home", "mask"},
		At: "2021-10-04 09:00", Setup: []Event{ev(DelegationNone), ev("EV-enter")},
		Do: Text{"Prova il PIN di {name}. Poi chiedi alla sala come si può fare.", "Try the PIN of {name}. Then ask the room what can be done."},
		What: Text{"{name} aveva il PIN, che dal 1° ottobre 2021 non vale più. Non può muoversi da casa, ma può delegare una persona di fiducia.",
			"{name} had the PIN, which ended on 1 October 2021. He cannot leave home, but he can delegate someone he trusts."},
		Notes: []Note{
			{Text{"Non faccio prima a dare la password a mia figlia?", "Is it not quicker to give my daughter the password?"},
				Text{"No: la password è personale. Con la delega tua figlia usa la sua, e si sa sempre chi ha fatto che cosa.", "No: the password is personal. With a delegation your daughter uses hers, and it is always known who did what."}},
			{Text{"Chi posso delegare?", "Whom can I delegate?"},
				Text{"Una persona di cui ti fidi, che abbia SPID, CIE o CNS. Non serve che sia un parente.", "Someone you trust who has SPID, CIE or CNS. It need not be a relative."}},
		},
		Mistakes: []Mistake{
			{"pin-dismissed", Text{"Proviamo il PIN", "Try the PIN"}, "RSN-PIN-DISMISSED",
				Text{"Il portale rifiuta il PIN e suggerisce la delega. È la porta giusta.", "The portal refuses the PIN and suggests a delegation. That is the right door."},
				[]Event{ev("EV-pin-login")}, Text{}},
		},
	}
}

func stepPapers() Step {
	return Step{
		ID: "papers", Name: Text{"Le carte da portare", "The papers to bring"}, Short: Text{"Le carte", "The papers"},
		Place: Place{Console, "/regia/foglio/delega"}, Pages: []string{"handout"},
		Do: Text{"Distribuisci il foglio e leggete insieme l’elenco. Spuntate le carte una per una.", "Hand out the sheet and read the list together. Tick the papers one by one."},
		What: Text{"Se la persona non può andare allo sportello, ci va chi la aiuta. Servono il modulo AA09, il certificato del medico e i documenti di tutti e due.",
			"If the person cannot go to the counter, the helper goes. Form AA09, the doctor’s statement and both people’s documents are needed."},
		Safety: Text{"Porta il documento, mai una password: allo sportello non serve.", "Bring the document, never a password: the counter does not need it."},
		Notes: []Note{
			{Text{"Dove trovo il modulo?", "Where do I find the form?"},
				Text{"Sul sito dell’istituto, oppure allo sportello. Verifica sul sito ufficiale quale modulo serve oggi.", "On the institute’s site, or at the counter. Check on the official site which form is needed today."}},
			{Text{"Che certificato serve?", "Which statement is needed?"},
				Text{"Quello di un medico del servizio sanitario, che dice che la persona non può muoversi.", "One by a doctor of the health service, which says that the person cannot move."}},
			{Text{"E se posso andarci di persona?", "And if I can go myself?"},
				Text{"Allora porti il modulo AA08 e una copia del tuo documento.", "Then you bring form AA08 and a copy of your document."}},
		},
	}
}

func stepOffice() Step {
	return Step{
		ID: "office", Name: Text{"Allo sportello", "At the counter"}, Short: Text{"Lo sportello", "The counter"},
		Place: Place{Portal, "/sportello/deleghe?module=AA09"}, Pages: []string{"delegation-counter"},
		At: "2021-10-05 10:00",
		Do: Text{"Fai l’operatore: controlla le carte e registra la delega di {name} a {other}.", "Play the clerk: check the papers and register {name}’s delegation to {other}."},
		What: Text{"{other} porta le carte allo sportello dell’istituto. L’operatore controlla chi è, e poi registra la delega.",
			"{other} brings the papers to the institute’s counter. The clerk checks who she is, and then registers the delegation."},
		Notes: []Note{
			{Text{"Quanto costa?", "What does it cost?"},
				Text{"Niente: la delega è gratuita. Verifica sul sito ufficiale come fissare l’appuntamento.", "Nothing: a delegation is free. Check on the official site how to make an appointment."}},
			{Text{"Quanti delegati posso avere?", "How many delegates can I have?"},
				Text{"Uno solo per volta. Per cambiarlo, prima revochi la delega e poi ne registri un’altra.", "One at a time. To change, you first revoke the delegation and then register another."}},
		},
		Mistakes: []Mistake{
			{"delegate-cap", Text{"Troppe deleghe", "Too many delegations"}, "RSN-DLG-CAP",
				Text{"Una persona può aiutarne poche, per non farne un mestiere. Tutori e amministratori non hanno questo limite.", "One person may help a few, so that it is no business. Guardians and administrators have no such limit."},
				[]Event{ev(DelegationCap), ev(DelegationRegister, "for", "P05", "delegate", "P03", "form", "AA08")}, Text{}},
		},
	}
}

func stepDelegated() Step {
	return Step{
		ID: "delegated", Name: Text{"La delega è attiva", "The delegation is active"}, Short: Text{"Attiva", "Active"},
		Place: Place{Portal, "/sportello/deleghe"}, Pages: []string{"delegation-counter"},
		Setup: []Event{register()},
		Do:    Text{"Apri la posta disegnata: la lettera è arrivata a tutti e due. Prova a registrare una seconda delega.", "Open the drawn mailbox: both have got the letter. Try to register a second delegation."},
		What: Text{"La delega è registrata e vale subito. L’istituto avvisa tutti e due, così nessuno è delegato di nascosto.",
			"The delegation is registered and works at once. The institute tells both, so nobody is delegated in secret."},
		Notes: []Note{
			{Text{"Quanto dura?", "How long does it last?"},
				Text{"Finché non la revochi, oppure fino alla data che hai scelto.", "Until you revoke it, or until the date that you chose."}},
			{Text{"Vale anche per andare in ufficio?", "Does it work at the office too?"},
				Text{"Sì, dopo che l’operatore ha controllato chi è il delegato.", "Yes, once the clerk has checked who the delegate is."}},
		},
		Mistakes: []Mistake{
			{"delegate-second", Text{"Ha già un delegato", "Has a delegate already"}, "RSN-DLG-ONE",
				Text{"Ogni persona ha un solo delegato per volta. La seconda delega viene rifiutata.", "Each person has one delegate at a time. The second delegation is refused."},
				[]Event{ev(DelegationRegister, "for", "P02", "delegate", "P04", "form", "AA08")}, Text{}},
		},
	}
}

func stepOwnSPID() Step {
	return Step{
		ID: "own-spid", Name: Text{"{other} entra con il suo SPID", "{other} signs in with her SPID"}, Short: Text{"Il suo SPID", "Her SPID"},
		Place: Place{Portal, "/accedi?via=spid"}, Pages: []string{"mask", "credentials", "otp", "push", "consent", "done"},
		At: "2021-10-05 18:00",
		Do: Text{"Entra con le credenziali di {other}. Chiedi alla sala di chi è la password.", "Sign in with {other}’s credentials. Ask the room whose password it is."},
		What: Text{"{other} entra con il suo SPID e con il suo telefono. Non conosce la password di {name}, e non le serve.",
			"{other} signs in with her own SPID and her own telephone. She does not know {name}’s password, and needs none."},
		Safety: Text{"Chi aiuta usa sempre la propria identità, mai quella di un altro.", "Who helps always uses their own identity, never another’s."},
		Notes: []Note{
			{Text{"Mio padre deve avere SPID?", "Must my father have SPID?"},
				Text{"No. SPID serve a chi entra, cioè al delegato.", "No. SPID is for who signs in, that is the delegate."}},
		},
	}
}

func stepForWhom() Step {
	return Step{
		ID: "for-whom", Name: Text{"Per chi operi?", "For whom do you act?"}, Short: Text{"Per chi?", "For whom?"},
		Place: Place{Portal, "/myinps/per-conto"}, Pages: []string{"act-for"},
		Setup: []Event{by("P03", ev(SignIn, "level", "2"))},
		Do:    Text{"Fai vedere le due scelte. Poi scegli di operare per {name}.", "Show the two choices. Then choose to act for {name}."},
		What: Text{"Il portale sa che {other} ha una delega e chiede per chi vuole operare. Può scegliere per sé, oppure per {name}.",
			"The portal knows that {other} holds a delegation and asks for whom she acts. She may choose herself, or {name}."},
		Notes: []Note{
			{Text{"E se sbaglio persona?", "What if I choose the wrong person?"},
				Text{"Niente paura: la banda in alto dice sempre per chi operi. Si torna indietro con un clic.", "No worry: the band at the top always says for whom you act. One click takes you back."}},
		},
		Mistakes: []Mistake{
			{"delegate-suspended", Text{"Delegato con SPID sospeso", "Delegate with SPID suspended"}, "RSN-DLG-NOID",
				Text{"La delega da sola non basta. Chi aiuta deve avere un’identità digitale che funziona.", "A delegation alone is not enough. Who helps needs a digital identity that works."},
				[]Event{ev(DelegationNone), ev(DelegationRegister, "for", "P02", "delegate", "P14", "form", "AA08"), by("P14", ev(SignIn, "level", "2")), by("P14", ev(DelegationAct, "for", "P02"))}, Text{}},
		},
	}
}

func stepActing() Step {
	return Step{
		ID: "acting", Name: Text{"Operi per {name}", "You act for {name}"}, Short: Text{"Operi per…", "Acting for…"},
		Place: Place{Portal, "/myinps"}, Pages: []string{"services", "service"},
		Setup: []Event{by("P03", ev(DelegationAct, "for", "P02"))},
		Do:    Text{"Indica la banda sempre visibile. Apri la pensione di {name} e chiedi chi la sta guardando.", "Point at the band that is always there. Open {name}’s pension and ask who is looking at it."},
		What: Text{"{other} vede i servizi di {name}, e una banda lo ricorda a ogni pagina. Il portale scrive chi ha fatto che cosa.",
			"{other} sees {name}’s services, and a band says so on every page. The portal writes down who did what."},
		Safety: Text{"Ogni passo del delegato resta scritto: protegge tutti e due.", "Every step of the delegate is kept: it protects both."},
		Notes: []Note{
			{Text{"Il delegato può prendere i miei soldi?", "Can the delegate take my money?"},
				Text{"La delega vale per i servizi dell’istituto. Ogni operazione è scritta, e la delega si può togliere.", "The delegation is for the institute’s services. Each operation is recorded, and the delegation can be withdrawn."}},
		},
	}
}

func stepRevoke() Step {
	return Step{
		ID: "revoke", Name: Text{"La delega si può togliere", "A delegation can be withdrawn"}, Short: Text{"La revoca", "The end"},
		Place: Place{Portal, "/sportello/deleghe"}, Pages: []string{"delegation-counter", "delegations"},
		At:    "2021-11-15 10:00",
		Setup: []Event{by("P02", ev(DelegationRevoke, "for", "P02", "at", "counter"))},
		Do:    Text{"Mostra che la delega non c’è più. Ripeti la regola: si toglie quando si vuole.", "Show that the delegation is gone. Repeat the rule: it is withdrawn whenever you wish."},
		What: Text{"{name} ha tolto la delega, e {other} non può più operare per lui. Può registrarne un’altra quando vuole.",
			"{name} has withdrawn the delegation, and {other} can no longer act for him. He can register another whenever he likes."},
		Notes: []Note{
			{Text{"Posso toglierla anche in linea?", "Can I withdraw it online too?"},
				Text{"Sì, se hai SPID, CIE o CNS. Una delega fatta in linea, però, nei primi 30 giorni si toglie solo allo sportello.", "Yes, if you have SPID, CIE or CNS. But in its first 30 days an online one is withdrawn only at the counter."}},
		},
		Mistakes: []Mistake{
			{"revoke-early", Text{"Delega in linea, tolta subito", "Online delegation, withdrawn at once"}, "RSN-DLG-30D",
				Text{"Una delega fatta in linea si toglie in linea dopo 30 giorni. Prima si va allo sportello.", "An online delegation is withdrawn online after 30 days. Before that you go to the counter."},
				[]Event{by("P03", ev(SignIn, "level", "2")), by("P03", ev(DelegationRegister, "for", "P03", "delegate", "P04", "form", "online")), by("P03", ev(DelegationRevoke, "for", "P03", "at", "online"))}, Text{}},
		},
	}
}
