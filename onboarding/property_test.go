package onboarding

import (
	"errors"
	"fmt"
	"math/rand"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spidsim/internal/clock"
	"spidsim/internal/outbox"
	"spidsim/internal/store"
	"spidsim/internal/store/sqlite"
)

// world of a random story: the office is closed and opened again on the same file between events, as after a crash.
type story struct {
	t     *testing.T
	rnd   *rand.Rand
	path  string
	clock *clock.Clock
	books *books
	gate  *openGate
	db    *store.DB
	*bureau
	ids []string
}

func newStory(t *testing.T, seed int64) *story {
	s := &story{t: t, rnd: rand.New(rand.NewSource(seed)), path: filepath.Join(t.TempDir(), "story.db"), clock: clock.Fixed(at(t, "2020-10-15 10:00")),
		books: newBooks(t), gate: newGate()}
	s.open()
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *story) open() {
	db, err := sqlite.Open(s.t.Context(), "sqlite:"+s.path, s.clock.Now)
	if err != nil {
		s.t.Fatal(err)
	}
	s.db = db
	n := 0
	box := outbox.New(db, s.clock.Now, func() string { n++; return fmt.Sprintf("%d-%d", s.rnd.Int63(), n) })
	s.bureau = &bureau{t: s.t, ctx: s.t.Context(), clock: s.clock, books: s.books, box: box}
	s.Office, err = New(Config{Store: db, Outbox: box, Registrar: s.books, Gate: s.gate, Now: s.clock.Now,
		Gestori: []Provider{Describe("prova", "Gestore di prova"), Describe("poste", "Poste")}})
	if err != nil {
		s.t.Fatal(err)
	}
}

// crash throws away everything that is in memory.
func (s *story) crash() {
	if err := s.db.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.open()
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.Intn(len(list))] }

// input makes something that an event may want, right more often than wrong.
func (s *story) input(e *Enrolment, ev Event) Input {
	in := Input{}
	wrong := s.rnd.Intn(6) == 0
	switch ev {
	case EvPINLogin:
		in = Input{FiscalCode: "QRZRNS43C59A944W", PIN: pick(s.rnd, "PRVA2345", "PRVA2345", "PRVA2345", "00000000"), Renew: true}
	case EvOpenList:
		in.Consent = !wrong
	case EvChoose:
		in.IdP = pick(s.rnd, "prova", "poste", "lepida")
	case EvSave:
		in = ortensia
		if e.Direct {
			in = s.filled(e, ev)
		}
		if wrong {
			in.Born = "20/03/1943"
		}
	case EvContacts:
		in = Input{Email: "x@personas.example", Mobile: "+39 399 000 0001"}
	case EvMail:
		in.Code = e.Contacts.EmailCode
	case EvPhone:
		in.Code = e.Contacts.MobileCode
	case EvDocs:
		in = paper
		if wrong {
			in.Expires = "2019-01-01"
		}
	case EvMode:
		in.Mode = pick(s.rnd, Counter, SMSCertified, Webcam, Home, CIEReader)
		if e.Direct {
			in.Mode = pick(s.rnd, VideoTransfer, VideoTransfer, Webcam, Counter)
		}
	case EvCounter:
		if e.Procedure != nil {
			in.Code = e.Procedure.Code
		}
		in.Outcome = pick(s.rnd, "", "recognised", "missing", "other")
	case EvOnlineOK, EvSent:
		if e.Online != nil {
			in = s.filled(e, ev)
		}
	case EvCreds:
		in = Input{Username: pick(s.rnd, "ortensia", "ortensia.q", "oq.2020", "loretta.qualzeni"), Password: strong, Factor: pick(s.rnd, "", "sms", "app")}
	}
	if wrong && ev != EvSave && ev != EvDocs {
		in.Code = "WRONG"
	}
	return in
}

// filled is what the person of the request enters: on the site of a gestore that is somebody who owns everything.
func (s *story) filled(e *Enrolment, ev Event) Input {
	who := "P01"
	if e.Direct {
		who = "P11"
	}
	in, err := s.Fill(s.t.Context(), e, ev, who)
	if denied := (*Denied)(nil); err != nil && !errors.As(err, &denied) {
		s.t.Fatal(err)
	}
	return in
}

// step does one random thing.
func (s *story) step() {
	switch n := s.rnd.Intn(20); {
	case n == 0 || len(s.ids) == 0:
		e, err := s.begin()
		if err != nil {
			s.t.Fatal(err)
		}
		s.ids = append(s.ids, e.ID)
	case n == 1:
		s.clock.Advance(time.Duration(s.rnd.Intn(12*24)) * time.Hour)
	case n == 2:
		s.clock.Advance(11 * time.Minute)
	case n == 3:
		s.crash()
	default:
		s.event()
	}
}

// begin starts a request at the portal or on the site of a gestore.
func (s *story) begin() (*Enrolment, error) {
	if s.rnd.Intn(2) == 0 {
		return s.StartDirect(s.t.Context(), pick(s.rnd, "prova", "poste"))
	}
	return s.Start(s.t.Context())
}

func (s *story) event() {
	id := pick(s.rnd, s.ids...)
	if s.rnd.Intn(4) > 0 {
		id = pick(s.rnd, s.ids[max(0, len(s.ids)-3):]...) // the newest ones go on, or no story would come to its end
	}
	e, err := s.Enrolment(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	var next *Enrolment
	ev := s.likely(e)
	if ev == EvDeliver {
		next, err = s.Carry(s.t.Context(), id)
	} else {
		next, err = s.Do(s.t.Context(), id, ev, s.input(e, ev))
	}
	var denied *Denied
	switch {
	case errors.As(err, &denied):
		if denied.Code == "" || denied.Rule == "" || denied.Italian == "" || denied.English == "" {
			s.t.Fatalf("%s in %s: a denial without its reason: %+v", ev, e.State, denied)
		}
	case err != nil:
		s.t.Fatalf("%s in %s: %v", ev, e.State, err)
	case !slices.Contains(s.ids, next.ID):
		s.ids = append(s.ids, next.ID)
	case next.State == AtCounter && s.rnd.Intn(3) == 0: // the person lets the time pass
		s.clock.Advance(time.Duration(pick(s.rnd, 30, 31)) * 24 * time.Hour)
	}
}

// likely prefers the events that the state waits for.
func (s *story) likely(e *Enrolment) Event {
	var fit []Event
	for ev, t := range table {
		if slices.Contains(t.from, e.State) && ev != EvCancel && ev != EvArrive {
			fit = append(fit, ev)
		}
	}
	slices.Sort(fit)
	if ev := s.onward(e); ev != "" && s.rnd.Intn(2) == 0 {
		return ev
	}
	if onward := slices.DeleteFunc(slices.Clone(fit), backwards); len(onward) > 0 && s.rnd.Intn(4) > 0 {
		fit = onward
	}
	if e.State == Cancelled || e.State == Lapsed || e.State == Rejected {
		fit = append(fit, EvRestart)
	}
	if len(fit) == 0 || s.rnd.Intn(12) == 0 {
		return pick(s.rnd, append(Events(), EvExpire)...)
	}
	return pick(s.rnd, fit...)
}

// onward is the event that brings a request nearer to its end.
func (s *story) onward(e *Enrolment) Event {
	switch {
	case e.State == AtContacts && !e.Contacts.EmailProof.IsZero():
		return EvPhone
	case e.State == AtOnline && e.Mode == VideoTransfer:
		return EvSent
	case e.State == InReview:
		return pick(s.rnd, EvReviewOK, EvReviewKO)
	}
	return map[State]Event{AtHome: EvEnter, AtMask: EvPINLogin, PINOK: EvContinue, AtNotice: EvRequest, AtServices: EvRequest, AtGuide: EvOpenList, AtList: EvChoose,
		AtHandoff: EvDeliver, AtForm: EvSave, AtContacts: EvMail, AtPapers: EvDocs, AtModes: EvMode, AtCounter: EvCounter, AtOnline: EvOnlineOK, Identified: EvCreds}[e.State]
}

// backwards are the events that do not bring a story further.
func backwards(ev Event) bool {
	return slices.Contains([]Event{EvBack, EvChange, EvFail, EvExpire, EvContacts, EvSPID, EvCIE, EvCNS}, ev)
}

// invariants of the issue, checked after every event.
func (s *story) invariants() {
	held := map[string]int{}
	for _, a := range s.books.accounts {
		held[a.Slug+" "+string(a.Person.FiscalCode)]++
	}
	for who, n := range held {
		if n > 1 {
			s.t.Fatalf("%d identities of %s, want at most one (ONB-110)", n, who)
		}
	}
	all, err := s.Enrolments(s.t.Context(), 0)
	if err != nil {
		s.t.Fatal(err)
	}
	open := map[string]bool{}
	for _, e := range all {
		s.holds(e)
		if key := openKey(e.IdP, e.FiscalCode); e.State.Open() && e.FiscalCode != "" {
			if open[key] {
				s.t.Fatalf("two open requests of %s", key)
			}
			open[key] = true
		}
	}
	for _, m := range s.gate.sent {
		if m.data != (HandedOver{"QRZRNS43C59A944W", "Quirzoldi", "Ortensia"}) {
			s.t.Fatalf("handed over: %+v, want exactly the three data (ONB-80)", m.data)
		}
	}
}

func (s *story) holds(e *Enrolment) {
	if e.State == AtCounter {
		s.waits(e)
	}
	if e.State == Identified || e.State == Active {
		for i, h := range e.History {
			if h.Event != EvCounter || h.To != Identified {
				continue
			}
			sent := procedureSent(e.History[:i])
			if clock.DayOf(h.At).After(clock.DayOf(sent).AddDays(procedureDays)) {
				s.t.Fatalf("a code of %s was taken on %s (ONB-120)", sent, h.At)
			}
		}
	}
	for _, a := range e.Results {
		p, err := s.gate.Answer(e.IdP, "m", "r", a, s.clock.Now())
		if err != nil {
			s.t.Fatal(err)
		}
		for _, personal := range []string{string(e.FiscalCode), e.FamilyName} {
			if !a.Sync && personal != "" && strings.Contains(url.Values(p.Values()).Encode(), personal) {
				s.t.Fatalf("an asynchronous answer carries %q (ONB-83)", personal)
			}
		}
	}
	if (e.State == Lapsed || e.State == Rejected) && e.Reason == "" {
		s.t.Fatalf("%s without a reason (ONB-04)", e.State)
	}
}

// waits wants a request at the counter to have time left, as anybody sees it who opens it (ONB-120).
func (s *story) waits(e *Enrolment) {
	now, err := s.Enrolment(s.t.Context(), e.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	sent := procedureSent(now.History)
	if now.State == AtCounter && s.Today().After(clock.DayOf(sent).AddDays(procedureDays)) {
		s.t.Fatalf("a code of %s still waits on %s (ONB-120)", sent, s.Today())
	}
}

// procedureSent is when the last procedure code left.
func procedureSent(history []Step) time.Time {
	for i := len(history) - 1; i >= 0; i-- {
		if history[i].Event == EvMode && history[i].To == AtCounter {
			return history[i].At
		}
	}
	return time.Time{}
}

func TestNoRandomStoryBreaksAnInvariant(t *testing.T) {
	t.Parallel()
	stories, seen := 12, map[State]bool{}
	if testing.Short() { // with the race detector
		stories = 3
	}
	for seed := range stories {
		s := newStory(t, int64(seed))
		for range 300 {
			s.step()
			s.invariants()
		}
		s.visited(seen)
		if err := s.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for state := range stateNames {
		if !seen[state] && !testing.Short() {
			t.Errorf("no story came to %s: they do not go far enough to show anything", state)
		}
	}
}

// visited notes the states that the requests of the story came to.
func (s *story) visited(seen map[State]bool) {
	all, err := s.Enrolments(s.t.Context(), 0)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, e := range all {
		for _, h := range e.History {
			seen[h.From], seen[h.To] = true, true
		}
	}
}
