package web

import (
	"container/list"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates bounds how often each key may do something, with a table of bounded size: the least recently
// seen key goes first (SEC-58). It is safe for concurrent use.
type Rates struct {
	every          time.Duration // between two events, in the long run
	burst, entries int
	now            func() time.Time

	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *bucket, most recent first
}

type bucket struct {
	key string
	lim *rate.Limiter
}

// NewRates allows n events per length of time and burst at once, for at most entries keys. A nil now is the real clock.
func NewRates(n int, per time.Duration, burst, entries int, now func() time.Time) *Rates {
	if now == nil {
		now = time.Now
	}
	return &Rates{every: per / time.Duration(n), burst: burst, entries: entries, now: now, byKey: map[string]*list.Element{}, order: list.New()}
}

// Allow counts an event of key. When it is one too many it says how long to wait.
func (l *Rates) Allow(key string) (wait time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.now()
	b := l.bucket(key)
	if b.lim.AllowN(at, 1) {
		return 0, true
	}
	missing := 1 - b.lim.TokensAt(at)
	return time.Duration(math.Ceil(missing/float64(b.lim.Limit()))) * time.Second, false
}

func (l *Rates) bucket(key string) *bucket {
	if e, ok := l.byKey[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(*bucket)
	}
	for l.order.Len() >= l.entries {
		last := l.order.Back()
		l.order.Remove(last)
		delete(l.byKey, last.Value.(*bucket).key)
	}
	b := &bucket{key: key, lim: rate.NewLimiter(rate.Every(l.every), l.burst)}
	l.byKey[key] = l.order.PushFront(b)
	return b
}

// Len is the number of keys remembered.
func (l *Rates) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.order.Len()
}

// ServeHTTP makes Rates an entry of a ServeMux that is only asked which pattern fits.
func (l *Rates) ServeHTTP(http.ResponseWriter, *http.Request) {}

func rateClasses(o Options) *http.ServeMux {
	mux := http.NewServeMux()
	l := o.Limits
	for _, class := range []struct {
		patterns []string
		n        int
		per      time.Duration
		burst    int
	}{
		{o.SSO, l.SSOPerMinute, time.Minute, l.SSOBurst}, {o.SignIn, l.SignInPerMinute, time.Minute, l.SignInPerMinute},
		{o.Enrol, l.EnrolPerHour, time.Hour, l.EnrolPerHour}, {o.API, l.APIPerMinute, time.Minute, l.APIPerMinute},
	} {
		rates := NewRates(class.n, class.per, class.burst, l.RateEntries, o.Now)
		for _, p := range class.patterns {
			mux.Handle(p, rates)
		}
	}
	return mux
}

// limitRate answers 429 with Retry-After when a client address comes too often. Loopback is free: suites make
// thousands of logins a minute from there (D-09).
func (h *handler) limitRate(r *http.Request) error {
	addr, ok := ClientAddr(r)
	if ok && addr.IsLoopback() {
		return nil
	}
	found, _ := h.rates.Handler(r)
	rates, limited := found.(*Rates)
	if !limited {
		return nil
	}
	wait, ok := rates.Allow(addr.String())
	if ok {
		return nil
	}
	return &Error{Status: http.StatusTooManyRequests, Retry: max(1, int(wait.Seconds())),
		Problem: Problem{Code: "rate", Detail: "too many requests from this address", Rule: "SEC-58"}}
}
