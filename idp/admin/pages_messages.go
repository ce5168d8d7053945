package admin

import (
	"errors"
	"net/http"
	"slices"

	"spidsim/internal/outbox"
	"spidsim/internal/web"
	"spidsim/templates"
	"spidsim/templates/ui"
)

const messagesOnPage = 200

// messagesPage is the outbox; ?to= and ?channel= filter.
func (a *Admin) messagesPage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.listMessages(w, r)
		return
	}
	q := r.URL.Query()
	v := templates.MessagesView{To: q.Get("to"), Channel: q.Get("channel")}
	if !slices.Contains(channels, v.Channel) {
		v.Channel = ""
	}
	found, err := a.outbox.List(r.Context(), outbox.Filter{To: v.To, Channel: v.Channel, User: q.Get("user")}, messagesOnPage)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	for _, m := range found {
		v.Items = append(v.Items, a.showMessage(m))
	}
	web.Render(w, r, http.StatusOK, templates.Messages(web.Page(r), v))
}

func (a *Admin) messagePage(w http.ResponseWriter, r *http.Request) {
	if web.WantsJSON(r) {
		a.getMessage(w, r)
		return
	}
	a.showOne(w, r, http.StatusOK)
}

func (a *Admin) showOne(w http.ResponseWriter, r *http.Request, status int) {
	m, err := a.outbox.Get(r.Context(), segment(r, "message"))
	if err != nil {
		web.Fail(w, r, missingAs(err, "message of that id"))
		return
	}
	v := templates.MessageView{Message: a.showMessage(m), Action: ui.PathMessages + "/" + m.ID, Ended: m.Channel == outbox.App && m.Answer != ""}
	web.Render(w, r, status, templates.MessagePage(web.Page(r), v))
}

// messagePost answers a question of the app: app=approve or app=deny. An answer to what was answered before shows the first one again.
func (a *Admin) messagePost(w http.ResponseWriter, r *http.Request) {
	fields, err := web.Form(r)
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	answer := fields.Get("app")
	if answer != outbox.Approve && answer != outbox.Deny {
		web.Fail(w, r, web.Unprocessable("app", "the answer is missing, want approve or deny"))
		return
	}
	m, err := a.answer(r.Context(), segment(r, "message"), answer)
	var refused *web.Error
	if errors.As(err, &refused) && refused.Status == http.StatusConflict && !web.WantsJSON(r) {
		a.showOne(w, r, http.StatusConflict)
		return
	}
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	http.Redirect(w, r, ui.PathMessages+"/"+m.ID, http.StatusSeeOther)
}
