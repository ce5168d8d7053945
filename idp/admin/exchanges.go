package admin

import (
	"net/http"
	"unicode/utf8"

	"spidsim/idp"
	"spidsim/internal/web"
)

const (
	exchangesShown = 20
	exchangesMost  = 100
)

// listExchanges shows the journal, newest first.
func (a *Admin) listExchanges(w http.ResponseWriter, r *http.Request) {
	limit, err := limitOf(r, exchangesShown, exchangesMost)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	found, err := a.fed.Exchanges(r.Context(), limit)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := List[Exchange]{Items: make([]Exchange, 0, len(found))}
	for _, x := range found {
		list.Items = append(list.Items, exchangeItem(x))
	}
	web.JSON(w, http.StatusOK, list)
}

func (a *Admin) getExchange(w http.ResponseWriter, r *http.Request) {
	x, err := a.fed.Exchange(r.Context(), segment(r, "exchange"))
	if err != nil {
		web.Fail(w, r, missingAs(err, "exchange of that id"))
		return
	}
	web.JSON(w, http.StatusOK, exchangeItem(x))
}

func exchangeItem(x *idp.Exchange) Exchange {
	out := Exchange{
		ID: x.ID, IdP: x.IdP, SP: x.SP, At: x.At.UTC(), Binding: string(x.Binding), Endpoint: x.Endpoint, RelayState: x.RelayState,
		RequestID: x.RequestID, Findings: findingItems(x.Findings), Login: x.Login, Username: x.Username, Level: int(x.Level),
		Anomaly: int(x.Anomaly), ACS: x.ACS, Answered: x.Answered, Steps: make([]Step, 0, len(x.Steps)),
	}
	out.Request, out.RequestOctets = textOf(x.Request)
	out.Response, out.ResponseOctets = textOf(x.Response)
	for _, s := range x.Steps {
		out.Steps = append(out.Steps, Step{At: s.At.UTC(), Step: string(s.Step), What: s.What})
	}
	return out
}

// textOf returns a document as text, and beside it as octets when JSON cannot carry it as text unharmed.
func textOf(doc []byte) (string, []byte) {
	if utf8.Valid(doc) {
		return string(doc), nil
	}
	return string(doc), doc
}
