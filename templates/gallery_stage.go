package templates

import (
	"spidsim/templates/ui"
)

func samplePerson(p ui.Page) StagePerson {
	return StagePerson{ID: "P01", Name: "Ortensia Quirzoldi", Age: 77, Role: p.Pick("pensionata, ha il PIN", "pensioner, has the PIN"), FiscalCode: "QRZRNS43C59A944W", PIN: "PRVA2345", Username: "ortensia.quirzoldi.spid", Password: "Prova-2020!"}
}

func sampleStepNames(p ui.Page) []string {
	if p.L() == ui.English {
		return []string{"The PIN", "The notice", "The provider", "The code", "The counter", "The credentials", "SPID active", "The sign-in", "End of the PIN"}
	}
	return []string{"Il PIN", "L’avviso", "Il gestore", "Il codice", "Lo sportello", "Le credenziali", "SPID attivo", "L’accesso", "Fine del PIN"}
}

func sampleStageScene(p ui.Page) *Scene {
	return &Scene{
		Step: 4, Steps: sampleStepNames(p), Person: "Ortensia", Clock: "10:24", Moves: "/regia/passo", Regia: "/regia",
		What: p.Pick("Il gestore sa chi dici di essere, ma non ti ha ancora visto. Con questo codice lo sportello ritrova la tua richiesta.",
			"The provider knows who you say you are, but has not seen you yet. With this code the counter finds your request."),
		Safety: p.Pick("Il codice di procedura serve solo allo sportello. Non darlo a chi ti telefona.", "The procedure code is for the counter only. Do not give it to anyone who calls you."),
		Mailbox: []Message{{Channel: "email", From: "Gestore Alfa (simulato)", Subject: p.Pick("Il tuo codice di procedura", "Your procedure code"),
			Text: p.Pick("Hai 30 giorni da oggi per farti riconoscere.", "You have 30 days from today to be identified."), Code: "K7QD4MHX92TR"}},
	}
}

func sampleLessonSteps(p ui.Page) []LessonStep {
	if p.L() == ui.English {
		return []LessonStep{{"The PIN still works", "Show the four ways in. Then sign in with the PIN."}, {"The notice: move to SPID", "Read the notice aloud."}, {"Choose the provider", "Try without consent first."}}
	}
	return []LessonStep{{"Il PIN entra ancora", "Mostra le quattro vie per entrare. Poi entra con il PIN."}, {"L’avviso: passa a SPID", "Leggi l’avviso ad alta voce."}, {"Scegli il gestore", "Prova prima senza consenso."}}
}

func sampleLongNames(p ui.Page) []string {
	if p.L() == ui.English {
		return []string{"The PIN still works", "The notice: move to SPID", "Choose the provider", "The procedure code", "The counter", "Create the credentials", "SPID is active", "The first sign-in", "The PIN no longer works"}
	}
	return []string{"Il PIN entra ancora", "L’avviso: passa a SPID", "Scegli il gestore", "Il codice di procedura", "Lo sportello", "Crea le credenziali", "SPID è attivo", "Il primo accesso", "Il PIN non entra più"}
}

func sampleClock(p ui.Page) RegiaClock {
	return RegiaClock{
		Date: "2020-10-15", Time: "10:24", Moved: true, Timeline: "announced", Phase: p.Pick("Niente nuovi PIN; la fine non è ancora decisa", "No new PINs; the end is not set yet"),
		Presets: []ClockPreset{{"2020-10-01", p.Pick("Non si danno più nuovi PIN", "No new PINs")}, {"2021-10-01", p.Pick("I PIN non entrano più", "PINs no longer work")}, {"", p.Pick("La data vera di oggi", "Today’s real date")}},
	}
}

func sampleRegia(p ui.Page) RegiaView {
	scene := sampleStageScene(p)
	scene.Regia = ""
	return RegiaView{Base: ui.PathRegia, Clock: sampleClock(p), Lesson: &RegiaLesson{
		Title: p.Pick("Dal PIN a SPID", "From the PIN to SPID"), Steps: sampleLongNames(p), Step: 4, Scene: scene, Person: samplePerson(p),
		Do:    p.Pick("Leggi il codice a gruppi di quattro e stampa il foglio.", "Read the code in fours and print the sheet."),
		Place: "gestore",
		Notes: []StageNote{
			{p.Pick("E se perdo il foglio?", "What if I lose the sheet?"), p.Pick("Il codice è anche nella posta. Si può ristampare da qui.", "The code is in the mail too. It can be printed again from here.")},
			{p.Pick("Può andarci mia figlia?", "Can my daughter go there?"), p.Pick("No: lo sportello deve vedere la persona.", "No: the counter must see the person.")},
		},
		Mistakes:      []ui.Choice{{Value: "code-expired", Label: p.Pick("Codice scaduto", "Code expired")}, {Value: "cancel", Label: p.Pick("Cambio idea: annullo", "Second thoughts: cancel")}},
		OtherMistakes: []ui.Choice{{Value: "no-consent", Label: p.Pick("Senza consenso", "Without consent")}},
		State:         "R5", States: []ui.Choice{{Value: "R4", Label: p.Pick("Scelta del riconoscimento", "Choice of identification")}, {Value: "R5", Label: p.Pick("In attesa dello sportello", "Waiting for the counter")}},
		Handout: "/regia/foglio/dal-pin-a-spid",
	}}
}

func sampleHandout(p ui.Page) HandoutView {
	v := HandoutView{
		Number: 1, Lesson: "Dal PIN a SPID", Title: "Che cosa portare allo sportello", FigureAs: "Il tuo codice", Code: "K7QD4MHX92TR", Until: "2020-11-14", Year: 2020, Back: "/regia",
		Bring:  []string{"il codice di procedura", "la carta d’identità, non scaduta", "la tessera sanitaria", "il telefono cellulare, acceso"},
		Steps:  []string{"Hai scelto il gestore e hai scritto i tuoi dati.", "Il gestore ti ha mandato un codice. Hai 30 giorni.", "Allo sportello ti guardano in viso e controllano i documenti.", "Scegli nome utente e password. SPID è attivo."},
		Safety: []string{"La password è solo tua. Non dirla a chi ti aiuta, neppure a un familiare.", "Nessun gestore chiede la password per telefono o con un messaggio.", "Prima di scrivere, guarda l’indirizzo in alto nello schermo."},
		Lines:  []string{"Sportello", "Giorno e ora"}, Words: sampleWords(p),
	}
	if p.L() == ui.English {
		v.Lesson, v.Title, v.FigureAs = "From the PIN to SPID", "What to bring to the counter", "Your code"
		v.Bring = []string{"the procedure code", "the identity card, not expired", "the health card", "the mobile telephone, switched on"}
		v.Steps = []string{"You have chosen the provider and typed your data.", "The provider has sent you a code. You have 30 days.", "At the counter they look at your face and check the documents.", "You choose user name and password. SPID is active."}
		v.Safety = []string{"The password is yours alone. Do not tell it to who helps you, not even to family.", "No provider asks for the password by telephone or by message.", "Before you type, look at the address at the top of the screen."}
		v.Lines = []string{"Counter", "Day and time"}
	}
	return v
}

func sampleWords(p ui.Page) []GlossaryWord {
	return []GlossaryWord{
		{p.Pick("Gestore", "Provider"), p.Pick("l’azienda che ti dà SPID e controlla chi sei", "the company that gives you SPID and checks who you are")},
		{"SPID", p.Pick("un nome utente e una password per tutti i servizi pubblici", "one user name and one password for all public services")},
		{p.Pick("Codice di procedura", "Procedure code"), p.Pick("il numero della tua richiesta, come il biglietto di una fila", "the number of your request, like the ticket in a queue")},
	}
}

func sampleTiles(p ui.Page) []LessonTile {
	return []LessonTile{
		{"/regia/lezioni/dal-pin-a-spid", p.Pick("Dal PIN a SPID", "From the PIN to SPID"), p.Pick("Una persona entra con il PIN, chiede SPID, va allo sportello e torna con SPID.", "A person signs in with the PIN, asks for SPID, goes to the counter and comes back."), "card", 9, 40},
		{"/regia/lezioni/entra-con-spid", p.Pick("Entra con SPID", "Sign in with SPID"), p.Pick("La porta di casa, passo per passo.", "The front door, step by step."), "person", 3, 10},
		{"/regia/lezioni/delega", p.Pick("Delega", "Delegation"), p.Pick("Chi non può usare i servizi da solo si fa aiutare.", "Who cannot use the services alone gets help."), "letter", 8, 30},
		{"/regia/lezioni/pin-telefonico", p.Pick("PIN telefonico", "Telephone PIN"), p.Pick("Un codice a tempo per farsi riconoscere al telefono.", "A code for a while, for the telephone."), "app", 7, 25},
	}
}

func sampleRunning(p ui.Page) *RunningLesson {
	return &RunningLesson{Title: p.Pick("Dal PIN a SPID", "From the PIN to SPID"), Step: 4, Of: 9, Name: p.Pick("Il codice", "The code"), URL: ui.PathRegia}
}

func gallerySheets() []Sample {
	bare := func(p ui.Page) HandoutView {
		v := sampleHandout(p)
		v.Code, v.Until, v.Write = "", "", true
		return v
	}
	seen := func(p ui.Page) HandoutView {
		v := bare(p)
		v.Number, v.Write, v.FigureAs = 2, false, p.Pick("Che cosa vede chi aiuta", "What the helper sees")
		v.Figure = p.Pick("Stai operando per conto di Ademaro Zurquani", "You are acting for Ademaro Zurquani")
		return v
	}
	words := func(p ui.Page) GlossaryView { return GlossaryView{Words: sampleWords(p), Back: ui.PathGuide} }
	return []Sample{
		sample("handout", "code", Handout, sampleHandout), sample("handout", "no-code", Handout, bare), sample("handout", "figure", Handout, seen),
		sample("glossary", "words", Glossary, words),
	}
}

func galleryStage() []Sample {
	return append(galleryRegia(), gallerySheets()...)
}

func galleryRegia() []Sample {
	start := func(p ui.Page) StageStartView {
		return StageStartView{Tiles: sampleTiles(p), Portal: "http://localhost:8089/"}
	}
	going := func(p ui.Page) StageStartView {
		v := start(p)
		v.Running = sampleRunning(p)
		return v
	}
	lesson := func(p ui.Page) LessonView {
		return LessonView{ID: "dal-pin-a-spid", Number: 1, Title: p.Pick("Dal PIN a SPID", "From the PIN to SPID"), Lead: sampleTiles(p)[0].Lead, Date: "2020-10-15", Minutes: 40,
			Cast: []StagePerson{samplePerson(p)}, Steps: sampleLessonSteps(p), Handout: "/regia/foglio/dal-pin-a-spid", Action: ui.PathRegia}
	}
	other := func(p ui.Page) LessonView {
		v := lesson(p)
		v.Other = sampleRunning(p)
		return v
	}
	again := func(p ui.Page) LessonView {
		v := lesson(p)
		v.Now = sampleRunning(p)
		return v
	}
	alone := func(p ui.Page) RegiaView {
		v := sampleRegia(p)
		v.Alone = true
		return v
	}
	mistake := func(p ui.Page) RegiaView {
		v := sampleRegia(p)
		v.Outcome = &RegiaOutcome{Tone: ui.Warn, Title: p.Pick("Codice scaduto", "Code expired"), Said: p.Pick("Il codice non vale più: sono passati 30 giorni.", "The code is no longer valid: 30 days have passed."),
			Says: p.Pick("Dopo trenta giorni il codice non vale più. Si ricomincia senza perdere niente.", "After thirty days the code is no longer valid. You start again and lose nothing.")}
		return v
	}
	phone := func(p ui.Page) RegiaView {
		v := sampleRegia(p)
		v.Clock.Timeline = "applied"
		v.Lesson.Step, v.Lesson.Scene.Step, v.Lesson.Place = 9, 9, "portal"
		v.Lesson.Scene.Mailbox, v.Lesson.Scene.Phones, v.Lesson.Mistakes, v.Lesson.States = nil, true, nil, nil
		v.Lesson.Others = []StagePerson{{ID: "P03", Name: "Loretta Qualzeni", Role: p.Pick("sua figlia, ha SPID", "his daughter, has SPID"), FiscalCode: "QLZLTT71H67D548Z", Username: "loretta.qualzeni", Password: "prova"}}
		v.Lesson.Scene.Paper = []Noted{{Code: "B7T4MHX9", Spelled: []string{p.Pick("B come Bologna", "B as in Bologna"), "7", p.Pick("T come Torino", "T as in Torino"), "4"}}, {Code: "K7QD4MHX"}}
		return v
	}
	none := func(p ui.Page) RegiaView {
		return RegiaView{Base: ui.PathRegia, Clock: RegiaClock{Date: "2026-11-22", Time: "09:41", Phase: sampleClock(p).Phase, Presets: sampleClock(p).Presets}}
	}
	bad := func(p ui.Page) RegiaView {
		v := sampleRegia(p)
		v.Errors, v.TooFar = []ui.FieldError{{Field: "state", Message: p.Pick("Questo passo non è possibile adesso.", "This step is not possible now.")}}, true
		v.Outcome = &RegiaOutcome{Tone: ui.OK, Title: p.Pick("Identità attiva", "Identity active"), There: true}
		return v
	}
	people := func(p ui.Page) StagePeopleView {
		return StagePeopleView{People: []StagePerson{samplePerson(p), {ID: "P03", Name: "Loretta Qualzeni", Role: p.Pick("ha SPID", "has SPID")}}, Fit: []string{"P01"}, Now: "P01", Lesson: "Dal PIN a SPID", Action: "/regia/persone", Back: "/regia"}
	}
	all := func(p ui.Page) StagePeopleView {
		v := people(p)
		v.Fit, v.Lesson, v.Now = nil, "", ""
		return v
	}
	reset := ResetView{Lesson: "Dal PIN a SPID", Export: "/api/v1/state", Action: "/regia/azzera", Back: "/regia"}
	course := ResetView{Action: "/regia/azzera", Back: "/regia"}
	return []Sample{
		sample("stage-start", "fresh", StageStart, start), inMode(ui.ModeTrainer, sample("stage-start", "running", StageStart, going)),
		sample("lesson", "fresh", Lesson, lesson), sample("lesson", "other", Lesson, other), sample("lesson", "again", Lesson, again),
		sample("regia", "beside", Regia, sampleRegia), sample("regia", "alone", Regia, alone), sample("regia", "mistake", Regia, mistake),
		sample("regia", "phone", Regia, phone), sample("regia", "none", Regia, none), sample("regia", "refused", Regia, bad),
		sample("stage-people", "lesson", StagePeople, people), sample("stage-people", "all", StagePeople, all),
		fixed("reset", "lesson", Reset, reset), fixed("reset", "course", Reset, course),
		fixed("reset", "done-lesson", Reset, ResetView{Done: "lesson", Start: ui.PathRegia}), fixed("reset", "done-course", Reset, ResetView{Done: "course", Start: ui.PathHome}),
	}
}
