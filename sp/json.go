package sp

import "spidsim/spid"

// meAnswer is GET /spid/me for programs when somebody is logged in (interface.md section 2). IdP is the slug.
type meAnswer struct {
	Authenticated bool              `json:"authenticated"`
	IdP           string            `json:"idp"`
	IdPEntityID   string            `json:"idp_entity_id"`
	Level         spid.Level        `json:"level"`
	Asked         spid.Level        `json:"asked_level"`
	NameID        string            `json:"name_id"`
	SessionIndex  string            `json:"session_index"` // "" at levels 2 and 3
	Attributes    map[string]string `json:"attributes"`
	ResponseID    string            `json:"response_id"`
	AssertionID   string            `json:"assertion_id"`
	RequestID     string            `json:"request_id"`
	AuthnInstant  string            `json:"authn_instant"`
	Expires       string            `json:"expires"`
}

func (who *session) answer() meAnswer {
	return meAnswer{
		Authenticated: true, IdP: who.Slug, IdPEntityID: who.IdP, Level: who.Level, Asked: who.Asked, NameID: who.NameID,
		SessionIndex: who.SessionIndex, Attributes: who.values(), ResponseID: who.ResponseID, AssertionID: who.AssertionID,
		RequestID: who.RequestID, AuthnInstant: stamp(who.AuthnInstant), Expires: stamp(who.Expires),
	}
}

// noAnswer is the same when nobody is: Reason is "none", "anomaly" or "refused"; Rule the first rule that failed;
// Anomaly the number that the gestore sent, 0 for none.
type noAnswer struct {
	Authenticated bool         `json:"authenticated"`
	Reason        string       `json:"reason"`
	Rule          string       `json:"rule"`
	Anomaly       spid.Anomaly `json:"anomaly"`
	Path          string       `json:"path,omitempty"`
	Found         string       `json:"found,omitempty"`
	Wanted        string       `json:"wanted,omitempty"`
	Sentence      string       `json:"sentence,omitempty"` // Italian, as on the page
	IdP           string       `json:"idp,omitempty"`
	RequestID     string       `json:"request_id,omitempty"`
	At            string       `json:"at,omitempty"`
}

func (why *refusal) answer() noAnswer {
	out := noAnswer{Reason: why.Reason, Rule: why.Rule, Anomaly: why.Anomaly, Path: why.Path, Found: why.Found, Wanted: why.Wanted,
		IdP: why.Slug, RequestID: why.Login, At: stamp(why.At)}
	if info, ok := why.Anomaly.Info(); ok && why.Anomaly != 0 {
		out.Sentence = info.ForPerson
		if out.Sentence == "" {
			out.Sentence = info.Title
		}
	}
	return out
}

// leftAnswer is GET /spid/logout for programs.
type leftAnswer struct {
	Authenticated bool   `json:"authenticated"`
	Left          string `json:"left"`
}

// homeAnswer is GET / for programs: what a login may be asked of.
type homeAnswer struct {
	EntityID string    `json:"entity_id"`
	Metadata string    `json:"metadata"`
	Login    string    `json:"login"`
	IdPs     []homeIdP `json:"idps"`
	Sets     []homeSet `json:"attribute_sets"`
	Levels   []int     `json:"levels"`
}

type homeIdP struct {
	Slug  string `json:"slug"`
	Name  string `json:"name"`
	Ready bool   `json:"ready"`
}

type homeSet struct {
	Index      int      `json:"index"`
	Name       string   `json:"name"`
	Attributes []string `json:"attributes"`
}

func (s *SP) homeAnswer(list []Provider) homeAnswer {
	out := homeAnswer{EntityID: s.entityID, Metadata: s.entityID + pathMetadata, Login: s.entityID + pathLogin, Levels: []int{1, 2, 3}, IdPs: []homeIdP{}}
	for _, p := range list {
		_, err := s.verify(p)
		out.IdPs = append(out.IdPs, homeIdP{Slug: p.Slug, Name: p.Name, Ready: err == nil && p.Off == ""})
	}
	for _, a := range s.descriptor.SP.AttributeConsumingServices {
		set := homeSet{Index: a.Index, Name: a.ServiceNames.In("it")}
		for _, q := range a.Requested {
			set.Attributes = append(set.Attributes, q.Name)
		}
		out.Sets = append(out.Sets, set)
	}
	return out
}
