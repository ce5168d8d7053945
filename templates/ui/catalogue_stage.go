package ui

// stageTexts are the sentences of trainer mode: the Regia, the lessons, the drawn phone and mailbox, the hand-outs.
var stageTexts = map[string]text{
	// scene: what stands round a step in a lesson
	"scene.step":          {"Passo %d di %d: %s", "Step %d of %d: %s"},
	"scene.steps":         {"Passi", "Steps"},
	"scene.what":          {"Che cosa è successo?", "What happened?"},
	"scene.phone":         {"Telefono di %s", "%s’s phone"},
	"scene.phone.empty":   {"Nessun messaggio.", "No message."},
	"scene.mailbox":       {"Posta di %s", "%s’s mail"},
	"scene.mailbox.empty": {"La cassetta è vuota.", "The mailbox is empty."},
	"scene.from":          {"da: %s", "from: %s"},
	"scene.fake":          {"Lettera finta: niente è partito.", "Drawn letter: nothing was sent."},
}
