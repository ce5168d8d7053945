package templates

import (
	"time"

	"spidsim/templates/ui"
)

func galleryProcedureCode() []Sample {
	base := ProcedureCodeView{Enrol: sampleEnrol("R5 WAIT_COUNTER", "EV-counter-identify", "EV-change-mode", "EV-cancel"), Mode: "COUNTER", Code: "K7QD4MHX92TR", Sent: sampleEnrolled,
		LastDay: sampleLastDay, Memo: "/idp/alfa/richiedi/promemoria", Counter: "/idp/alfa/sportello?code=K7QD4MHX92TR", Left: 30}
	lesson := base
	lesson.Enrol = inLesson(lesson.Enrol, 5, "Il gestore sa chi dici di essere, ma non ti ha ancora visto. Con questo codice lo sportello ritrova la tua richiesta.")
	lesson.Scene.Mailbox = []Message{{Channel: "email", From: "Gestore Alfa", Subject: "Il tuo codice di procedura", Text: "Hai 30 giorni da oggi per completare il riconoscimento.\nOltre il 14 novembre 2020 dovrai ricominciare.\nK7QD 4MHX 92TR", At: sampleEnrolled}}
	home, last := base, base
	home.Mode = "HOME"
	last.Mode, last.Left = "EVENT", 1
	memo := MemoView{Enrol: sampleEnrol("R5 WAIT_COUNTER"), Mode: "COUNTER", Person: "Ortensia Quirzoldi", Code: "K7QD4MHX92TR", LastDay: sampleLastDay}
	memo.Back = "/idp/alfa/richiedi/codice"
	memoHome := memo
	memoHome.Mode = "HOME"
	return []Sample{
		fixed("procedure-code", "counter", ProcedureCode, base),
		fixed("procedure-code", "home", ProcedureCode, home),
		fixed("procedure-code", "event", ProcedureCode, last),
		inMode(ui.ModeTrainer, fixed("procedure-code", "lesson", ProcedureCode, lesson)),
		fixed("procedure-memo", "counter", Memo, memo),
		fixed("procedure-memo", "home", Memo, memoHome),
	}
}

func sampleRequestSeen(p ui.Page) *CounterRequest {
	return &CounterRequest{Name: "Ortensia Quirzoldi", FiscalCode: "QRZRNS43C59A944W", Born: p.Pick("19 marzo 1943, Bologna", "19 March 1943, Bologna"), Sent: sampleEnrolled, Day: 5, Days: 30, LastDay: sampleLastDay,
		Document: sampleIDs(p)[0], Other: SampleDocument{Title: p.Pick("Carta d’identità", "identity card"), Holder: "Qualzeni Loretta", Born: "27.06.1971 Ferrara", Number: "ZZ00003ZZ", Expires: "27.06.2028"},
		ShowURL: "/idp/alfa/sportello?code=K7QD4MHX92TR"}
}

func galleryCounter() []Sample {
	clerk := func(mode string) CounterView {
		v := CounterView{Enrol: sampleEnrol("R5 WAIT_COUNTER", "EV-counter-identify"), Mode: mode}
		v.Cancel, v.Back, v.Action = "", "/idp/alfa/sportello", "/idp/alfa/sportello"
		return v
	}
	search := func(ui.Page) CounterView {
		v := clerk("COUNTER")
		v.Waiting = []CounterRow{{Name: "Ortensia Quirzoldi", Code: "K7QD4MHX92TR", URL: "/idp/alfa/sportello?code=K7QD4MHX92TR"}}
		return v
	}
	unknown := func(p ui.Page) CounterView {
		v := clerk("COUNTER")
		v.Code = "AAAABBBBCCCC"
		v.Problems = []EnrolProblem{{Field: "code", Text: p.Pick("Nessuna richiesta ha questo codice. Fallo leggere di nuovo.", "No request has this code. Have it read again."), Rule: "ONB-132"}}
		return v
	}
	found := func(p ui.Page) CounterView {
		v := clerk("COUNTER")
		v.Code, v.Request, v.Checks, v.Result = "K7QD4MHX92TR", sampleRequestSeen(p), []string{"check_face", "check_data", "check_document"}, "recognised"
		return v
	}
	missing := func(p ui.Page) CounterView {
		v := found(p)
		v.Request.Shown = "health"
		v.Problems = []EnrolProblem{{Field: "check_card", Text: p.Pick("Per riconoscere la persona servono tutti i controlli.", "All checks are needed to identify the person."), Rule: "ONB-132"}}
		return v
	}
	home := func(p ui.Page) CounterView {
		v := found(p)
		v.Mode, v.Request.Shown = "HOME", "other"
		return v
	}
	expired := func(p ui.Page) CounterView {
		v := found(p)
		v.Mode, v.Request.Expired, v.Request.Shown, v.Result = "EVENT", true, "nothing", "expired"
		return v
	}
	samples := []Sample{
		sample("counter", "search", Counter, search), sample("counter", "unknown", Counter, unknown), sample("counter", "found", Counter, found), sample("counter", "missing", Counter, missing),
		sample("counter", "home", Counter, home), sample("counter", "expired", Counter, expired), inMode(ui.ModeTrainer, sample("counter", "found", Counter, found)),
	}
	for _, o := range counterOutcomes {
		v := clerk("COUNTER")
		v.Outcome, v.Next = o.value, "/idp/alfa/richiedi"
		samples = append(samples, fixed("counter", "recorded-"+o.value, Counter, v))
	}
	return samples
}

func galleryVideo() []Sample {
	call := func(step string) func(ui.Page) VideoView {
		return func(p ui.Page) VideoView {
			return VideoView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-ok", "EV-online-fail", "EV-cancel"), Step: step, Question: p.Pick("In quale comune sei nata?", "In which town were you born?"), Hint: "Bologna", Document: sampleIDs(p)[0], Tries: 3}
		}
	}
	wrong := func(p ui.Page) VideoView {
		v := call("question")(p)
		v.Answer, v.Tries = "Modena", 2
		v.Problems = []EnrolProblem{{Field: "answer", Text: p.Pick("La risposta non corrisponde ai dati.", "The answer does not match the data."), Rule: "ONB-123"}}
		return v
	}
	transfer := func(step string) func(ui.Page) TransferView {
		return func(p ui.Page) TransferView {
			v := TransferView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-sent", "EV-cancel"), Step: step, Document: sampleIDs(p)[0], Holder: "Ortensia Quirzoldi", IBAN: "IT00X0000000000000000000001",
				Amount: p.Pick("1 €", "€1"), Reason: "SPID K7QD 4MHX", ReviewURL: "/idp/alfa/revisione"}
			if step == "code" {
				v.Scene = &Scene{Person: "Ortensia", Clock: "10:24", Phone: []Message{{Channel: "sms", From: "Gestore Alfa", Text: "Leggi ad alta voce", Code: "481927"}}}
			}
			return v
		}
	}
	sampled := func(p ui.Page) TransferView {
		v := transfer("review")(p)
		v.Sampled = true
		return v
	}
	return []Sample{
		sample("webcam", "consent", VideoCall, call("consent")), sample("webcam", "face", VideoCall, call("face")), sample("webcam", "document", VideoCall, call("document")),
		sample("webcam", "question", VideoCall, call("question")), sample("webcam", "wrong", VideoCall, wrong), inMode(ui.ModeTrainer, sample("webcam", "face", VideoCall, call("face"))),
		sample("av-transfer", "code", Transfer, transfer("code")), sample("av-transfer", "document", Transfer, transfer("document")), sample("av-transfer", "transfer", Transfer, transfer("transfer")),
		sample("av-transfer", "review", Transfer, transfer("review")), sample("av-transfer", "sampled", Transfer, sampled), inMode(ui.ModeTrainer, sample("av-transfer", "review", Transfer, transfer("review"))),
	}
}

func galleryReview() []Sample {
	base := ReviewView{Enrol: sampleEnrol("R7 REVIEW", "EV-review-ok", "EV-review-ko")}
	base.Cancel, base.Back = "", "/idp/alfa/revisione"
	list := base
	list.Waiting = []CounterRow{{Name: "Ortensia Quirzoldi", URL: "/idp/alfa/revisione?request=enr_7c1e0b52"}}
	open := func(p ui.Page) ReviewView {
		v := base
		v.Request, v.ID, v.Read, v.Wanted, v.Reason, v.Account = sampleRequestSeen(p), "enr_7c1e0b52", "481927", "481927", "SPID K7QD 4MHX", "Ortensia Quirzoldi"
		return v
	}
	sampled := func(p ui.Page) ReviewView {
		v := open(p)
		v.Sampled, v.Result = true, "ko"
		v.Problems = []EnrolProblem{{Field: "reason", Text: p.Pick("Scrivi il motivo del rifiuto.", "Write the reason of the refusal.")}}
		return v
	}
	accepted, refused := base, base
	accepted.Outcome, refused.Outcome, accepted.NextPage = "ok", "ko", "/idp/alfa/richiedi"
	return []Sample{
		fixed("review", "list", Review, list), fixed("review", "empty", Review, base), sample("review", "open", Review, open), sample("review", "sampled", Review, sampled),
		fixed("review", "accepted", Review, accepted), fixed("review", "refused", Review, refused),
	}
}

func galleryDevices() []Sample {
	reader := func(kind, state string) ReaderView {
		return ReaderView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-ok", "EV-online-fail", "EV-cancel"), Kind: kind, State: state, Holder: "Ortensia Quirzoldi", Number: "ZZ00001ZZ", PIN: "12345678"}
	}
	wrong := func(p ui.Page) ReaderView {
		v := reader("CIE_READER", "ready")
		v.Tries = 2
		v.Problems = []EnrolProblem{{Field: "pin", Text: p.Pick("Il PIN non è giusto.", "The PIN is not right."), Rule: "ONB-125"}}
		return v
	}
	edoc := func(kind string) func(p ui.Page) EDocView {
		return func(p ui.Page) EDocView {
			return EDocView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-ok", "EV-online-fail", "EV-cancel"), Kind: kind, QR: sampleQR(),
				Offers: []EDocOffer{{ID: "cie", Label: p.Pick("Carta d’identità elettronica del 2017", "Electronic identity card of 2017")}, {ID: "paper", Label: p.Pick("Carta d’identità di carta", "Paper identity card")}}}
		}
	}
	paired := func(p ui.Page) EDocView {
		v := edoc("EDOC_CIE3")(p)
		v.Paired = true
		return v
	}
	old := func(p ui.Page) EDocView {
		v := edoc("EDOC_PASSPORT")(p)
		v.Paired = true
		v.Problems = []EnrolProblem{{Text: p.Pick("Questo passaporto è del 2005: non ha il chip che serve.", "This passport is of 2005: it lacks the chip that is needed."), Rule: "ONB-126"}}
		return v
	}
	sms := DeviceCodeView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-ok", "EV-online-fail", "EV-cancel"), Kind: "SMS_CERTIFIED", Phone: "+39 *** *** 0001", Certified: true}
	sms.Scene = &Scene{Person: "Ortensia", Clock: "10:24", Phone: []Message{{Channel: "sms", From: "Gestore Alfa", Text: "Il tuo codice è", Code: "481927"}}}
	uncertified := sms
	uncertified.Certified, uncertified.Scene = false, nil
	bancoposta := sms
	bancoposta.Kind, bancoposta.Scene, bancoposta.Device = "BANCOPOSTA_READER", nil, "730156"
	return []Sample{
		fixed("reader", "cie-empty", CardReader, reader("CIE_READER", "empty")), fixed("reader", "cie-ready", CardReader, reader("CIE_READER", "ready")), fixed("reader", "cie-not-enabled", CardReader, reader("CIE_READER", "not-enabled")),
		sample("reader", "cie-wrong", CardReader, wrong), fixed("reader", "cns-empty", CardReader, reader("CNS_READER", "empty")), fixed("reader", "signature-ready", CardReader, reader("SIGNATURE", "ready")),
		inMode(ui.ModeTrainer, fixed("reader", "cie-empty", CardReader, reader("CIE_READER", "empty"))),
		sample("edoc", "cie", EDoc, edoc("EDOC_CIE3")), sample("edoc", "paired", EDoc, paired), sample("edoc", "old", EDoc, old), inMode(ui.ModeTrainer, sample("edoc", "cie", EDoc, edoc("EDOC_CIE3"))),
		fixed("sms", "sent", DeviceCode, sms), fixed("sms", "uncertified", DeviceCode, uncertified), fixed("bancoposta", "shown", DeviceCode, bancoposta), inMode(ui.ModeTrainer, fixed("bancoposta", "shown", DeviceCode, bancoposta)),
	}
}

func galleryRAO() []Sample {
	office := Enrol{Gestore: Gestore{Slug: "rao", Name: "Comune di prova", Badge: "CP", Address: "localhost:8088/rao"}}
	form := func(p ui.Page) RAOView {
		return RAOView{Enrol: office, Office: p.Pick("Comune di prova, sportello SPID", "Test town hall, SPID counter"), People: sampleExamples(p), Data: sampleData(), Email: "ortensia.quirzoldi@personas.example"}
	}
	wrong := func(p ui.Page) RAOView {
		v := form(p)
		v.Checks = []string{"check_face"}
		v.Problems = []EnrolProblem{{Field: "check_card", Text: p.Pick("Serve la tessera con il codice fiscale.", "The card with the tax code is needed."), Rule: "ONB-190"}}
		return v
	}
	printed := func(p ui.Page) RAOView {
		v := form(p)
		v.First, v.Until, v.Back = "M4KR7WQX", time.Date(2020, 11, 14, 12, 0, 0, 0, time.UTC), "/rao"
		v.Accepts = []Gestore{{Slug: "alfa", Name: "Gestore Alfa", Badge: "GA", Address: "/idp/alfa/richiedi/sportello-pubblico"}}
		return v
	}
	entry := RAOEntryView{Enrol: sampleEnrol("R6 ONLINE_ID", "EV-online-ok")}
	entry.Scene = &Scene{Person: "Ortensia", Clock: "10:24", Mailbox: []Message{{Channel: "email", From: "Comune di prova", Subject: "La seconda metà del tuo codice", Text: "Seconda metà: T9ZD 3HNB", Code: "T9ZD3HNB"}}}
	return []Sample{
		sample("rao", "form", RAO, form), sample("rao", "wrong", RAO, wrong), sample("rao", "printed", RAO, printed), inMode(ui.ModeTrainer, sample("rao", "printed", RAO, printed)),
		fixed("rao-entry", "start", RAOEntry, entry),
	}
}
