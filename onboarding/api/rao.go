package api

import (
	"errors"
	"net/http"
	"time"

	"spidsim/internal/web"
	"spidsim/onboarding"
)

// NewPackage is the body of POST rao-packages: a clerk of a public counter has identified somebody (ONB-190).
type NewPackage struct {
	Person string `json:"person"`
	Email  string `json:"email"` // where the second half goes; "" = the person's own
	By     string `json:"by"`    // the clerk
}

// Package is an activation package.
type Package struct {
	FiscalCode string    `json:"fiscal_code"`
	Half1      string    `json:"half1"` // on paper
	Half2      string    `json:"half2"` // by e-mail
	By         string    `json:"by"`
	Issued     time.Time `json:"issued"`
	Used       bool      `json:"used"`
}

func packageItem(p *onboarding.Package) Package {
	return Package{string(p.FiscalCode), p.Half1, p.Half2, p.By, p.Issued, p.Used}
}

func (a *API) newPackage(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body NewPackage
	if err := decode(r, &body); err != nil {
		return nil, err
	}
	p, err := a.office.IssuePackage(r.Context(), body.Person, body.Email, body.By)
	if err != nil {
		return nil, at(err, "person")
	}
	return created{"/api/v1/rao-packages/" + string(p.FiscalCode), packageItem(p)}, nil
}

func (a *API) getPackage(_ http.ResponseWriter, r *http.Request) (any, error) {
	c, err := a.person(r)
	if err != nil {
		return nil, err
	}
	p, err := a.office.Package(r.Context(), c.FiscalCode)
	if err != nil {
		return nil, missingAs(err, "activation package of that person")
	}
	return packageItem(p), nil
}

// person is the test person of the path; somebody who is none is a 404.
func (a *API) person(r *http.Request) (onboarding.Citizen, error) {
	c, err := a.office.Citizen(r.Context(), segment(r, "person"))
	var denied *onboarding.Denied
	if errors.As(err, &denied) {
		return c, web.NotFound("there is no test person of that name")
	}
	return c, err
}
