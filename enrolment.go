package main

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// enrolmentCmd is spidsim enrolment ….
type enrolmentCmd struct {
	List enrolmentListCmd `cmd:"" help:"The newest requests for SPID."`
	Show enrolmentShowCmd `cmd:"" help:"One request, with the events that it waits for."`
	New  enrolmentNewCmd  `cmd:"" help:"Start a request, and walk it to a state."`
	Do   enrolmentDoCmd   `cmd:"" help:"Bring an event to a request."`
}

type enrolmentListCmd struct {
	output
	Person string `name:"person" placeholder:"WHO" help:"Persona as P01, user name or codice fiscale."`
	IdP    string `name:"idp" placeholder:"SLUG" help:"Gestore, as poste."`
	State  string `name:"state" placeholder:"STATE" help:"State, as R4 or MODE."`
}

// Help implements kong.HelpProvider.
func (*enrolmentListCmd) Help() string { return example("spidsim enrolment list --person P01") }

// Run prints the table of requests.
func (c *enrolmentListCmd) Run(p *program) error {
	query := url.Values{}
	for name, value := range map[string]string{"person": c.Person, "idp": c.IdP, "state": c.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	return c.list(p, "/api/v1/enrolments?"+query.Encode(), "id", "state", "state_name", "username", "fiscal_code", "idp", "mode", "changed")
}

type enrolmentShowCmd struct {
	output
	ID string `arg:"" help:"Id of the request."`
}

// Help implements kong.HelpProvider.
func (*enrolmentShowCmd) Help() string {
	return example("spidsim enrolment show 748a54a9d38814c4acc895c5f5e1709d")
}

// Run prints one request.
func (c *enrolmentShowCmd) Run(p *program) error {
	return c.show(p, http.MethodGet, "/api/v1/enrolments/"+url.PathEscape(c.ID), nil)
}

type enrolmentNewCmd struct {
	output
	Person string `name:"person" placeholder:"WHO" help:"Whose request it is: persona as P01, user name or codice fiscale."`
	To     string `name:"to" placeholder:"STATE" help:"State to which it is walked, as R4 or MODE."`
	Direct string `name:"direct" placeholder:"SLUG" help:"Begin on the site of this gestore instead of the portal."`
	IdP    string `name:"idp" placeholder:"SLUG" help:"Gestore that is chosen on the way."`
	Mode   string `name:"mode" placeholder:"MODE" help:"Way to be identified that is chosen, as COUNTER."`
	Means  string `name:"means" placeholder:"MEANS" help:"How the person enters the portal: pin, spid, cie or cns."`
}

// Help implements kong.HelpProvider.
func (*enrolmentNewCmd) Help() string {
	return example("spidsim enrolment new --person P01 --to R4 --idp poste")
}

// Run starts the request.
func (c *enrolmentNewCmd) Run(p *program) error {
	body := map[string]string{}
	for name, value := range map[string]string{"person": c.Person, "to": c.To, "direct": c.Direct, "idp": c.IdP, "mode": c.Mode, "means": c.Means} {
		if value != "" {
			body[name] = value
		}
	}
	return c.show(p, http.MethodPost, "/api/v1/enrolments", body)
}

type enrolmentDoCmd struct {
	output
	ID     string   `arg:"" help:"Id of the request."`
	Event  string   `arg:"" help:"Event, as EV-save or save."`
	Fields []string `arg:"" optional:"" name:"field" help:"Fields that the event reads, each as key=value."`
	Fill   bool     `name:"fill" help:"What is left out is what the test person would enter."`
}

// Help implements kong.HelpProvider.
func (*enrolmentDoCmd) Help() string {
	return example("spidsim enrolment do 748a54a9d38814c4acc895c5f5e1709d mode mode=COUNTER",
		"spidsim enrolment do 748a54a9d38814c4acc895c5f5e1709d EV-counter-identify --fill")
}

// Run brings the event.
func (c *enrolmentDoCmd) Run(p *program) error {
	body := map[string]any{}
	if c.Fill {
		body["fill"] = true
	}
	for _, field := range c.Fields {
		key, value, ok := strings.Cut(field, "=")
		if !ok || key == "" {
			return usageError("%q is no field, want key=value", visible(field, 60))
		}
		body[key] = fieldValue(key, value)
	}
	return c.show(p, http.MethodPost, "/api/v1/enrolments/"+url.PathEscape(c.ID)+"/"+url.PathEscape(c.Event), body)
}

// fieldValue is a field as JSON has it: yes and no of the boxes are true and false, a level is a number, the rest is text.
func fieldValue(key, value string) any {
	switch {
	case value == "true" || value == "false":
		return value == "true"
	case key == "level":
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
	}
	return value
}
