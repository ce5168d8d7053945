package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"spidsim/idp"
	"spidsim/internal/web"
	"spidsim/saml"
	"spidsim/spid"
)

// listServices lists the registered service providers, newest first; ?entity_id= picks one.
func (a *Admin) listServices(w http.ResponseWriter, r *http.Request) {
	if id := r.URL.Query().Get("entity_id"); id != "" {
		a.answerService(w, r, id)
		return
	}
	all, err := a.fed.SPs(r.Context())
	if err != nil {
		web.Fail(w, r, err)
		return
	}
	list := List[ServiceProvider]{Items: make([]ServiceProvider, 0, len(all))}
	for _, sp := range all {
		list.Items = append(list.Items, a.serviceItem(sp))
	}
	web.JSON(w, http.StatusOK, list)
}

func (a *Admin) getService(w http.ResponseWriter, r *http.Request) {
	a.answerService(w, r, segment(r, "entity"))
}

func (a *Admin) answerService(w http.ResponseWriter, r *http.Request, entityID string) {
	sp, err := a.fed.SP(r.Context(), entityID)
	if err != nil {
		web.Fail(w, r, missingAs(err, "service provider of that entityID"))
		return
	}
	item := a.serviceItem(sp)
	item.Metadata = string(sp.XML)
	web.JSON(w, http.StatusOK, item)
}

// serviceItem judges the document anew, since the clock goes on: certificates expire.
func (a *Admin) serviceItem(sp *idp.ServiceProvider) ServiceProvider {
	doc, report := a.fed.CheckMetadata(sp.XML)
	findings := idp.Findings(report)
	out := ServiceProvider{
		EntityID: sp.EntityID, Source: sp.Source, Registered: sp.Registered.UTC().Truncate(time.Second), Digest: sp.Digest, Suspended: sp.Suspended,
		Findings: findingItems(findings), Name: serviceName(doc, "it"), CertificateUntil: certUntil(doc),
	}
	out.Errors, out.Warnings = tally(findings)
	if out.Name == "" {
		out.Name = sp.EntityID
	}
	return out
}

// serviceName is the name that people know the service by, in a language; doc may be nil.
func serviceName(doc *saml.EntityDescriptor, lang string) string {
	if doc == nil {
		return ""
	}
	return cmp.Or(doc.Organization.DisplayName.In(lang), doc.Organization.Name.In(lang))
}

// certUntil is the end of the signing certificate that lasts longest; zero without one.
func certUntil(doc *saml.EntityDescriptor) (until time.Time) {
	if doc == nil || doc.SP == nil {
		return until
	}
	for _, c := range doc.SP.Signing {
		if c.NotAfter.After(until) {
			until = c.NotAfter
		}
	}
	return until.UTC()
}

func tally(findings []idp.Finding) (faults, warnings int) {
	for _, f := range findings {
		if f.Warning {
			warnings++
		} else {
			faults++
		}
	}
	return faults, warnings
}

func findingItems(findings []idp.Finding) []Finding {
	out := make([]Finding, 0, len(findings))
	for _, f := range findings {
		severity := "error"
		if f.Warning {
			severity = "warning"
		}
		out = append(out, Finding{
			Rule: f.Rule, Severity: severity, Title: f.Title.It, TitleEn: f.Title.En, Remedy: f.Remedy.It, RemedyEn: f.Remedy.En,
			Source: f.Source, Path: f.Path, Line: f.Line, Column: f.Column, Found: f.Found, Wanted: f.Wanted,
		})
	}
	return out
}

// postService registers metadata or replaces those of the same entityID; the same again changes nothing. 201 either way.
func (a *Admin) postService(w http.ResponseWriter, r *http.Request) {
	doc, err := a.readDocument(r)
	a.registered(w, r, doc, err)
}

// putService is postService for one entityID: other metadata are refused before they are kept.
func (a *Admin) putService(w http.ResponseWriter, r *http.Request) {
	want := segment(r, "entity")
	doc, err := a.readDocument(r)
	if err == nil {
		if d, _ := a.fed.CheckMetadata(doc.XML); d != nil && d.EntityID != want {
			err = &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{Code: "entity-id", Field: "entity_id",
				Found: clip(d.EntityID, 200), Wanted: clip(want, 200), Detail: "the metadata speak of another entity than the address"}}
		}
	}
	a.registered(w, r, doc, err)
}

func (a *Admin) registered(w http.ResponseWriter, r *http.Request, doc *document, err error) {
	var out *Registration
	if err == nil {
		out, err = a.register(r.Context(), doc)
	}
	if err != nil {
		web.Fail(w, r, apiProblem(err))
		return
	}
	w.Header().Set("Location", "/api/v1/service-providers/"+url.PathEscape(out.EntityID))
	web.JSON(w, http.StatusCreated, out)
}

// refusal is metadata that the rules refuse, with everything that they noted.
type refusal struct {
	findings []idp.Finding
	cause    error
}

func (e *refusal) Error() string { return e.cause.Error() }
func (e *refusal) Unwrap() error { return e.cause }

// register keeps a document. Errors: *refusal, or ours.
func (a *Admin) register(ctx context.Context, doc *document) (*Registration, error) {
	sp, report, err := a.fed.RegisterSP(ctx, doc.XML, doc.Source)
	findings := idp.Findings(report)
	if errors.Is(err, idp.ErrRefused) {
		return nil, &refusal{findings: findings, cause: err}
	}
	if err != nil {
		return nil, err
	}
	if doc.Untrusted != "" {
		findings = slices.Insert(findings, 0, untrusted(doc.Untrusted))
	}
	return &Registration{EntityID: sp.EntityID, Source: sp.Source, Findings: findingItems(findings)}, nil
}

// apiProblem says in the words of the API why metadata were not taken.
func apiProblem(err error) error {
	var refused *refusal
	var fetch *FetchError
	switch {
	case errors.As(err, &refused):
		p := web.Problem{Code: "refused", Title: "Metadata refused", Detail: err.Error(), Findings: findingItems(refused.findings)}
		var first *spid.Error
		if errors.As(err, &first) {
			p.Rule, p.Found, p.Wanted = first.Rule, clip(first.Found, 200), clip(first.Wanted, 200)
		}
		return &web.Error{Status: http.StatusUnprocessableEntity, Problem: p}
	case errors.As(err, &fetch):
		return &web.Error{Status: http.StatusUnprocessableEntity, Problem: web.Problem{
			Code: "fetch-" + string(fetch.Problem), Field: "url", Detail: fetch.Error(), Rule: "SEC-65"}}
	}
	return err
}

func (a *Admin) deleteService(w http.ResponseWriter, r *http.Request) {
	if err := a.removeService(r.Context(), segment(r, "entity")); err != nil {
		web.Fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *Admin) removeService(ctx context.Context, entityID string) error {
	if err := a.fed.RemoveSP(ctx, entityID); err != nil {
		return missingAs(err, "service provider of that entityID")
	}
	a.log.Info("service provider removed", "sp", clip(entityID, 200))
	return nil
}
