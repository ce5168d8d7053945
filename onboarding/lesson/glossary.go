package lesson

// Glossary returns the words of all lessons in plain language, in Italian alphabetical order.
func Glossary() []Word {
	return []Word{
		{Text{"CIE", "CIE"}, Text{"la carta d’identità elettronica, che apre i servizi con il suo PIN", "the electronic identity card, which opens the services with its PIN"}},
		{Text{"CNS", "CNS"}, Text{"una carta con il chip, di solito la tessera sanitaria attivata", "a card with a chip, usually the health card once activated"}},
		{Text{"Codice di procedura", "Procedure code"}, Text{"il numero della tua richiesta, come il biglietto di una fila", "the number of your request, like the ticket in a queue"}},
		{Text{"Codice fiscale", "Codice fiscale"}, Text{"le sedici lettere e cifre della tua tessera sanitaria", "the sixteen letters and digits on your health card"}},
		{Text{"Codice temporaneo", "One-time code"}, Text{"il numero che arriva sul telefono e vale pochi minuti", "the number that comes on the telephone, good for a few minutes"}},
		{Text{"Consenso", "Consent"}, Text{"il tuo sì, prima che i dati partano", "your yes, before the data leave"}},
		{Text{"Contact center", "Contact centre"}, Text{"il servizio dell’istituto che risponde al telefono", "the institute’s service that answers the telephone"}},
		{Text{"Delega", "Delegation"}, Text{"il permesso che dai a una persona di fiducia", "the permission that you give to someone you trust"}},
		{Text{"Delegante", "Principal"}, Text{"chi dà la delega e si fa aiutare", "who gives the delegation and is helped"}},
		{Text{"Delegato", "Delegate"}, Text{"chi riceve la delega e aiuta, con la propria identità", "who gets the delegation and helps, with their own identity"}},
		{Text{"Gestore", "Provider"}, Text{"l’azienda che ti dà SPID e controlla chi sei", "the company that gives you SPID and checks who you are"}},
		{Text{"Identità digitale", "Digital identity"}, Text{"il modo per dire chi sei ai servizi in linea", "the way to say who you are to services online"}},
		{Text{"Livello", "Level"}, Text{"quanto è sicura la chiave: 1 password, 2 anche un codice, 3 anche una carta", "how safe the key is: 1 password, 2 a code as well, 3 a card as well"}},
		{Text{"Nome utente", "User name"}, Text{"il nome con cui il gestore ti riconosce", "the name by which the provider knows you"}},
		{Text{"Operatore", "Clerk"}, Text{"la persona che lavora allo sportello o al telefono", "the person who works at the counter or on the telephone"}},
		{Text{"PIN", "PIN"}, Text{"il vecchio codice dell’istituto, finito il 30 settembre 2021", "the institute’s old code, which ended on 30 September 2021"}},
		{Text{"PIN telefonico", "Telephone PIN"}, Text{"un codice a tempo per farti riconoscere al telefono", "a code for a while, to be recognised on the telephone"}},
		{Text{"Servizio", "Service"}, Text{"il sito che ti serve: istituto, comune, sanità", "the site you need: institute, town hall, health"}},
		{Text{"SPID", "SPID"}, Text{"un nome utente e una password per tutti i servizi pubblici", "one user name and one password for all public services"}},
		{Text{"Sportello", "Counter"}, Text{"il posto dove una persona ti vede e ti ascolta", "the place where a person sees you and listens"}},
	}
}

// words picks entries of the glossary by their Italian word.
func words(names ...string) []Word {
	var picked []Word
	for _, name := range names {
		for _, w := range Glossary() {
			if w.Word.It == name {
				picked = append(picked, w)
			}
		}
	}
	return picked
}
