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
		in.Mode = pick(s.rnd, Counter, SMSCertified, Webcam, VideoTransfer, Home, CIEReader)
	case EvCounter:
		if e.Procedure != nil {
			in.Code = e.Procedure.Code
		}
		in.Outcome = pick(s.rnd, "", "recognised", "missing", "other")
	case EvOnlineOK, EvSent:
		if e.Online != nil {
			in = Input{Code: e.Online.Code, Answer: "1943", Transfer: true}
		}
	case EvCreds:
		in = Input{Username: pick(s.rnd, "ortensia", "ortensia.q", "oq.2020", "loretta.qualzeni"), Password: strong, Factor: pick(s.rnd, "", "sms", "app")}
	}
	if wrong && ev != EvSave && ev != EvDocs {
		in.Code = "WRONG"
	}
	return in
}

// step does one random thing.
func (s *story) step() {
	switch n := s.rnd.Intn(20); {
	case n == 0 || len(s.ids) == 0:
		e, err := s.Start(s.t.Context())
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

func (s *story) event() {
	id := pick(s.rnd, s.ids...)
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

// backwards are the events that do not bring a story further.
func backwards(ev Event) bool {
	return slices.Contains([]Event{EvBack, EvChange, EvFail, EvExpire, EvReviewKO, EvContacts, EvSPID, EvCIE, EvCNS}, ev)
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
		if key := openKey(e.IdP, e.FiscalCode); e.State.Open() {
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
	stories, active := 12, 0
	if testing.Short() { // with the race detector
		stories = 3
	}
	for seed := range stories {
		s := newStory(t, int64(seed))
		for range 250 {
			s.step()
			s.invariants()
		}
		active += len(s.books.accounts)
		if err := s.db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if active < stories/2 {
		t.Errorf("%d identities came out of %d stories: they do not go far enough to show anything", active, stories)
	}
}
