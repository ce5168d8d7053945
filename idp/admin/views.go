package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"spidsim/idp"
	"spidsim/internal/outbox"
	"spidsim/saml"
	"spidsim/spid"
	"spidsim/templates"
	"spidsim/templates/ui"
)

func (a *Admin) gestori() []templates.GestoreRow {
	var rows []templates.GestoreRow
	for _, p := range a.fed.Providers() {
		rows = append(rows, gestoreRow(p))
	}
	return rows
}

// issuers are the gestori and the CIE: where somebody may have credentials.
func (a *Admin) issuers() []templates.GestoreRow {
	rows := a.gestori()
	if p, ok := a.fed.CIE(); ok {
		rows = append(rows, gestoreRow(p))
	}
	return rows
}

func gestoreRow(p *idp.IdP) templates.GestoreRow {
	return templates.GestoreRow{Slug: p.Slug, Name: p.Name, Badge: p.Initials, EntityID: p.EntityID, MetadataURL: p.EntityID + "/metadata"}
}

// standard is the gestore that everything begins with: prova, or the first when the catalogue leaves it out.
func (a *Admin) standard() *idp.IdP {
	if p, ok := a.fed.Provider(idp.DefaultSlug); ok {
		return p
	}
	return a.fed.Providers()[0]
}

// fingerprint is the SHA-256 of a certificate as tools show it: upper case with colons.
func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// gestoreName is the name of the gestore with that slug; a slug that is gone stands for itself.
func (a *Admin) gestoreName(slug string) string {
	if p, ok := a.fed.Provider(slug); ok {
		return p.Name
	}
	return slug
}

func (a *Admin) personRow(page ui.Page, u *idp.User, cards userCards) templates.PersonRow {
	u = u.Standing(a.now())
	row := templates.PersonRow{
		Username: u.Username, Password: u.Password, Chosen: u.Chosen(), Name: u.Name(), FiscalCode: string(u.FiscalCode), Born: u.Born,
		SecondFactors: u.SecondFactors, Phone: u.Mobile, Email: u.Email, Status: u.Status, Note: u.NoteIn(page.L()), Ends: u.Person.Ends(a.now()),
	}
	for _, l := range u.Levels {
		row.Levels = append(row.Levels, spid.Level(l))
	}
	for _, slug := range u.IdPs {
		row.IdPs = append(row.IdPs, a.gestoreName(slug))
	}
	if hasTOTP(u) {
		row.TOTPSecret, row.EnrolURL = u.TOTPSecret, idp.EnrolURL(u.Username)
	}
	if u.Status == "locked" {
		row.Status = page.Pick("credenziali bloccate", "credentials locked")
	}
	if u.IdentityType > spid.NaturalPerson {
		row.Kind = page.Pick(u.IdentityType.Names())
	}
	if c := cards[idp.TokenCard]; c != nil {
		row.CardID, row.PIN, row.PUK, row.CardNote = c.ID, c.PIN, c.PUK, cardNote(page, c.State(a.now()))
	}
	for kind, name := range map[idp.CardKind]string{idp.CIECard: "CIE", idp.CNSCard: "CNS"} {
		if c := cards[kind]; c != nil {
			row.More = append(row.More, templates.MoreCard{Name: name, ID: c.ID, PIN: c.PIN, PUK: c.PUK, Note: templates.CardNote(page, c.State(a.now()))})
		}
	}
	slices.SortFunc(row.More, func(x, y templates.MoreCard) int { return strings.Compare(x.Name, y.Name) })
	return row
}

func (a *Admin) personRows(ctx context.Context, page ui.Page, users []*idp.User) ([]templates.PersonRow, error) {
	cards, err := a.cardsByUser(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.PersonRow, 0, len(users))
	for _, u := range users {
		rows = append(rows, a.personRow(page, u, cards[u.Username]))
	}
	return rows, nil
}

// serviceKey stands for an entityID in the addresses of the console: the same for ever, and safe in a path.
func serviceKey(entityID string) string {
	sum := sha256.Sum256([]byte(entityID))
	return hex.EncodeToString(sum[:12])
}

func serviceURL(entityID string) string { return ui.PathServices + "/" + serviceKey(entityID) }

func (a *Admin) serviceRow(page ui.Page, sp *idp.ServiceProvider) (templates.ServiceRow, *saml.EntityDescriptor, []idp.Finding) {
	doc, report := a.fed.CheckMetadata(sp.XML)
	findings := idp.Findings(report)
	row := templates.ServiceRow{
		Name: serviceName(doc, page.L()), EntityID: sp.EntityID, URL: serviceURL(sp.EntityID), Source: sp.Source,
		State: ui.OK, CertUntil: certUntil(doc), ReadAt: sp.Registered,
	}
	row.Errors, row.Warnings = tally(findings)
	if len(findings) > 0 {
		row.State = ui.Warn
	}
	return row, doc, findings
}

func (a *Admin) serviceRows(ctx context.Context, page ui.Page) ([]templates.ServiceRow, error) {
	all, err := a.fed.SPs(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.ServiceRow, 0, len(all))
	for _, sp := range all {
		row, _, _ := a.serviceRow(page, sp)
		rows = append(rows, row)
	}
	return rows, nil
}

func shownFindings(page ui.Page, findings []idp.Finding) []ui.Finding {
	var out []ui.Finding
	for _, f := range findings {
		severity := ui.Bad
		if f.Warning {
			severity = ui.Warn
		}
		out = append(out, ui.Finding{
			Severity: severity, Title: f.Title.In(page.L()), Rule: f.Rule, Path: f.Path, Line: f.Line, Column: f.Column,
			Found: f.Found, Wanted: f.Wanted, Remedy: f.Remedy.In(page.L()), Source: f.Source,
		})
	}
	return out
}

func endpointRows(list []saml.Endpoint) []templates.EndpointRow {
	var rows []templates.EndpointRow
	for _, e := range list {
		row := templates.EndpointRow{Binding: lastOf(string(e.Binding)), Location: e.Location, Default: e.IsDefault}
		if e.Index >= 0 {
			row.Index = strconv.Itoa(e.Index)
		}
		rows = append(rows, row)
	}
	return rows
}

// lastOf is the last part of a URN.
func lastOf(urn string) string { return urn[strings.LastIndexByte(urn, ':')+1:] }

func attributeSets(page ui.Page, list []saml.AttributeConsumingService) []templates.AttributeSet {
	var out []templates.AttributeSet
	for _, s := range list {
		set := templates.AttributeSet{Index: "—", Name: s.ServiceNames.In(page.L())}
		if s.Index >= 0 {
			set.Index = strconv.Itoa(s.Index)
		}
		for _, rq := range s.Requested {
			set.Names = append(set.Names, rq.Name)
		}
		out = append(out, set)
	}
	return out
}

func (a *Admin) showMessage(m *outbox.Message) templates.Message {
	return *idp.ShowMessage(m, a.gestoreName(m.IdP))
}

// exchangeRows names service and person of the newest exchanges for people to read.
func (a *Admin) exchangeRows(ctx context.Context, page ui.Page, limit int) ([]templates.ExchangeRow, error) {
	found, err := a.fed.Exchanges(ctx, limit)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.ExchangeRow, 0, len(found))
	for _, x := range found {
		row := templates.ExchangeRow{
			ID: x.ID, URL: "/api/v1/exchanges/" + x.ID, At: x.At, Service: a.nameOf(ctx, x.SP, page.L()), Person: a.personOf(ctx, x.Username), Anomaly: x.Anomaly,
		}
		if x.Anomaly == 0 && !x.Answered.IsZero() {
			row.Anomaly = spid.Success
		}
		row.Errors, row.Warnings = tally(x.Findings)
		rows = append(rows, row)
	}
	return rows, nil
}

// nameOf is the name of a service provider; one that is no longer registered stands for itself.
func (a *Admin) nameOf(ctx context.Context, entityID, lang string) string {
	sp, err := a.fed.SP(ctx, entityID)
	if err != nil {
		return entityID
	}
	doc, err := a.fed.Descriptor(ctx, sp)
	if err != nil {
		return entityID
	}
	if name := serviceName(doc, lang); name != "" {
		return name
	}
	return entityID
}

func (a *Admin) personOf(ctx context.Context, username string) string {
	if username == "" {
		return ""
	}
	u, err := a.fed.FindUser(ctx, username)
	if err != nil || u.Name() == "" {
		return username
	}
	return u.Name()
}
