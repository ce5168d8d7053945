package onboarding

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"slices"
	"time"

	"spidsim/internal/clock"
	"spidsim/spid"
)

// PhoneMeans is the means of a visit that a telephone PIN opened, where the switch allows it (ONB-156).
const PhoneMeans = "phone"

// PhonePIN is a temporary code for the contact centre (ONB-150…158). A page shows Code once, when it is made; the record keeps it readable,
// because it is public test data like every secret here (D-05) and a suite may have to read it again.
type PhonePIN struct {
	ID         string          `json:"id"`
	FiscalCode spid.FiscalCode `json:"fiscal_code"`
	Name       string          `json:"name"`
	Code       string          `json:"code"`              // 8 capital letters and digits, none ambiguous
	Duration   string          `json:"duration"`          // "1d", "1w", "1m", "3m"
	By         spid.FiscalCode `json:"by"`                // who was logged in: the person, or the delegate (ONB-158)
	Means      string          `json:"means"`             // by which: "spid", "cie", "cns"
	Scope      string          `json:"scope"`             // "contact-centre" (ONB-156)
	Created    time.Time       `json:"created"`           //
	Until      time.Time       `json:"until"`             // good before this instant
	Replaced   time.Time       `json:"replaced,omitzero"` // by a newer one
	ReplacedBy string          `json:"replaced_by,omitempty"`
	Tries      int             `json:"tries,omitempty"` // wrong ones in a row, while it was the current one
}

// phoneTries are how many wrong codes in a row void the right one (SEC-55).
const phoneTries = 5

// keys hold the one code of a person that was not replaced.
func (p *PhonePIN) keys() map[string]string {
	if !p.Replaced.IsZero() {
		return nil
	}
	return map[string]string{"current": string(p.FiscalCode)}
}

// phoneLength is the length of a code.
const phoneLength = 8

// PhoneScope is where a telephone PIN is good (ONB-156).
const PhoneScope = "contact-centre"

// PhoneDurations returns the four validities (ONB-152), shortest first.
func PhoneDurations() []string { return []string{"1d", "1w", "1m", "3m"} }

// phoneUntil is the instant at which a code made at an instant ends: the same time of day in Italy, so many days, weeks or months later;
// months clip to their last day (ONB-155). ok is false for any other duration (ONB-152).
func phoneUntil(created time.Time, duration string) (until time.Time, ok bool) {
	day, wall := clock.DayOf(created), clock.Rome(created)
	switch duration {
	case "1d":
		day = day.AddDays(1)
	case "1w":
		day = day.AddDays(7)
	case "1m":
		day = day.AddMonths(1)
	case "3m":
		day = day.AddMonths(3)
	default:
		return time.Time{}, false
	}
	past := time.Duration(wall.Second())*time.Second + time.Duration(wall.Nanosecond())
	return day.At(wall.Hour(), wall.Minute()).Add(past), true
}

// CreatePhonePIN makes a telephone PIN for the person of a visit, or for the principal on whose behalf the visitor acts. The code before
// it is void (ONB-151…154). RSN-MEANS without SPID, CIE or CNS, RSN-LEVEL, RSN-PHONE-DURATION.
func (o *Office) CreatePhonePIN(ctx context.Context, v *Visit, duration string) (*PhonePIN, error) {
	until, ok := phoneUntil(o.Now(), duration)
	switch {
	case v.weak() != nil:
		return nil, v.weak()
	case !ok:
		return nil, Deny(PhoneDuration).At("duration").Because("duration is %q, want one of %q", duration, PhoneDurations())
	}
	p := &PhonePIN{FiscalCode: v.FiscalCode, Name: v.Name, Duration: duration, By: v.FiscalCode, Means: v.Means, Scope: PhoneScope,
		Created: o.Now(), Until: until}
	if v.ActingFor != "" {
		if err := o.Act(ctx, v, "phone-pin"); err != nil {
			return nil, err
		}
		p.FiscalCode, p.Name = v.ActingFor, v.ActingName
	}
	return p, o.keepPhonePIN(ctx, p)
}

// weak says why a visit is not one with a digital identity of level 2 (ONB-11, ONB-60); nil when it is.
func (v *Visit) weak() *Denied {
	switch {
	case !v.StrongMeans():
		return Deny(NotHolder)
	case v.Level < 2 && v.Means != "cns":
		return Deny(LevelTooLow)
	}
	return nil
}

// keepPhonePIN stores a code in place of the one before. Of two made at the same time the later one stays.
func (o *Office) keepPhonePIN(ctx context.Context, p *PhonePIN) error {
	return o.contend(ctx, func(ctx context.Context) error {
		p.ID, p.Code = o.newID(), o.draw(unambiguous, phoneLength)
		old, err := optional(o.phonePINs.Find(ctx, "current", string(p.FiscalCode)))
		if err != nil {
			return err
		}
		if old != nil {
			_, err := o.phonePINs.Update(ctx, old.ID, func(old *PhonePIN) error {
				old.Replaced, old.ReplacedBy = p.Created, p.ID
				return nil
			})
			if err != nil {
				return err
			}
		}
		return o.phonePINs.Create(ctx, p.ID, p, time.Time{})
	})
}

// PhonePINs returns the codes of a person, newest first; "" is everybody's. RSN-PERSON.
func (o *Office) PhonePINs(ctx context.Context, who string) ([]*PhonePIN, error) {
	var code spid.FiscalCode
	if who != "" {
		c, err := o.Citizen(ctx, who)
		if err != nil {
			return nil, err
		}
		code = c.FiscalCode
	}
	return o.phonePINsOf(ctx, code)
}

func (o *Office) phonePINsOf(ctx context.Context, code spid.FiscalCode) ([]*PhonePIN, error) {
	found := []*PhonePIN{}
	for p, err := range o.phonePINs.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if code == "" || p.FiscalCode == code {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b *PhonePIN) int {
		return cmp.Or(b.Created.Compare(a.Created), a.Replaced.Compare(b.Replaced))
	})
	return found, nil
}

// PhoneAnswer is what the contact centre learns of a code (ONB-157).
type PhoneAnswer string

// Answers.
const (
	PhoneIsValid    PhoneAnswer = "valid"
	PhoneIsExpired  PhoneAnswer = "expired"
	PhoneIsReplaced PhoneAnswer = "replaced"
	PhoneIsUnknown  PhoneAnswer = "unknown"
)

// PhoneCheck is the answer with its reason; name and end are told only of a valid code.
type PhoneCheck struct {
	Answer     PhoneAnswer
	Denied     *Denied // nil when the code is valid
	FiscalCode spid.FiscalCode
	Name       string
	Until      time.Time
}

// CheckPhonePIN says whether a code is that of a person. "unknown" does not tell which of the two is wrong (ONB-157). Wrong codes are
// counted: after five in a row the right one is unknown too, with RSN-TRIES.
func (o *Office) CheckPhonePIN(ctx context.Context, fiscalCode, code string) (check PhoneCheck, err error) {
	who := spid.FiscalCode(normalCode(fiscalCode))
	check = PhoneCheck{Answer: PhoneIsUnknown, Denied: Deny(PhoneUnknown).At("code")}
	if who == "" {
		return check, nil
	}
	err = o.db.Atomic(ctx, func(ctx context.Context) error {
		list, err := o.phonePINsOf(ctx, who)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(list, func(p *PhonePIN) bool { return p.matches(code) }); i >= 0 {
			check = list[i].check(o.Now())
		}
		return o.countPhoneTry(ctx, who, check.Answer)
	})
	return check, err
}

// check is what the right code is worth at an instant.
func (p *PhonePIN) check(now time.Time) PhoneCheck {
	switch {
	case !p.Replaced.IsZero() && !p.Replaced.After(now):
		return PhoneCheck{Answer: PhoneIsReplaced, Denied: Deny(PhoneReplaced).At("code")}
	case !now.Before(p.Until):
		return PhoneCheck{Answer: PhoneIsExpired, Denied: Deny(PhoneExpired).At("code")}
	case p.Tries >= phoneTries:
		return PhoneCheck{Answer: PhoneIsUnknown, Denied: Deny(TooManyTries).At("code")}
	}
	return PhoneCheck{Answer: PhoneIsValid, FiscalCode: p.FiscalCode, Name: p.Name, Until: p.Until}
}

// countPhoneTry counts at the current code of a person what an unknown one was, and begins anew after a valid one.
func (o *Office) countPhoneTry(ctx context.Context, who spid.FiscalCode, answer PhoneAnswer) error {
	p, err := optional(o.phonePINs.Find(ctx, "current", string(who)))
	if err != nil || p == nil || answer == PhoneIsValid && p.Tries == 0 {
		return err
	}
	_, err = o.phonePINs.Update(ctx, p.ID, func(p *PhonePIN) error {
		switch answer {
		case PhoneIsUnknown:
			p.Tries++
		case PhoneIsValid:
			p.Tries = 0
		}
		return nil
	})
	return err
}

// matches compares what was typed or said with the code, in constant time.
func (p *PhonePIN) matches(typed string) bool {
	want, got := sha256.Sum256([]byte(p.Code)), sha256.Sum256([]byte(normalCode(typed)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1
}

// PhoneLogin lets somebody into the portal with a telephone PIN, which only the switch PhonePINAlsoWeb allows: it demonstrates one
// reading of the sources (ONB-156, CNF-06). RSN-MEANS while it is off, else the reason of the check.
func (o *Office) PhoneLogin(ctx context.Context, v *Visit, fiscalCode, code string) (*Visit, error) {
	s, err := o.Settings(ctx)
	if err != nil {
		return v, err
	}
	if !s.PhonePINAlsoWeb {
		return v, Deny(NotHolder).By("ONB-156").Because("phone_pin_also_web is off")
	}
	check, err := o.CheckPhonePIN(ctx, fiscalCode, code)
	if err != nil {
		return v, err
	}
	if check.Denied != nil {
		return v, check.Denied
	}
	return o.Arrive(ctx, v, Arrival{Means: PhoneMeans, FiscalCode: check.FiscalCode, Name: check.Name})
}
