package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/alecthomas/kong"

	"spidsim/idp"
	"spidsim/internal/config"
	"spidsim/internal/nearest"
	"spidsim/internal/outbox"
	"spidsim/internal/store/sqlite"
)

// metadataCmd takes the flags of serve, so that what it prints is what a server with the same flags serves.
type metadataCmd struct {
	config.Config `embed:""`
	IdP           string `name:"idp" default:"prova" placeholder:"SLUG" help:"Which gestore."`
	All           bool   `name:"all" help:"All gestori, in one signed EntitiesDescriptor."`
}

// Help implements kong.HelpProvider.
func (*metadataCmd) Help() string {
	return "Takes the flags, variables and file of serve; keys are made in the data folder when they are not there yet.\n\n" +
		example("spidsim metadata --idp poste > idp.xml")
}

// Run prints the document.
func (c *metadataCmd) Run(ctx *kong.Context, p *program) error {
	if err := c.Complete(ctx, p.env); err != nil {
		return err
	}
	doc, err := metadataDocuments(&c.Config, c.IdP, c.All)
	if err != nil {
		return err
	}
	_, err = p.out.Write(append(bytes.TrimRight(doc, "\n"), '\n'))
	return err
}

// metadataDocuments returns the signed metadata of one gestore, or of all, as a server with this configuration serves them.
func metadataDocuments(cfg *config.Config, slug string, all bool) (doc []byte, err error) {
	ctx := context.Background()
	base, err := cfg.IdPBase("")
	if err != nil {
		return nil, err
	}
	now := func() time.Time { return time.Now().UTC() }
	if !cfg.Clock.IsZero() {
		now = func() time.Time { return cfg.Clock.Time }
	}
	keys, err := loadKeys(cfg, base, nil, now())
	if err != nil {
		return nil, err
	}
	db, err := sqlite.Open(ctx, "memory:", now)
	if err != nil {
		return nil, err
	}
	defer db.Close() // nothing in memory is worth an error
	f, err := idp.New(idp.Config{BaseURL: base, Gestori: keys.gestori, CardCA: keys.cards, Store: db,
		Outbox: outbox.New(db, now, rand.Text), Now: now})
	if err != nil {
		return nil, err
	}
	if all {
		return f.Registry()
	}
	p, ok := f.Provider(slug)
	if !ok {
		return nil, unknownGestore(f, slug)
	}
	return p.Metadata(), nil
}

func unknownGestore(f *idp.Federation, slug string) error {
	var slugs []string
	for _, p := range f.Providers() {
		slugs = append(slugs, p.Slug)
	}
	slugs = append(slugs, idp.CIESlug)
	hint := ""
	if near := nearest.Of(slug, slugs); near != "" {
		hint = fmt.Sprintf(", did you mean %q?", near)
	}
	return usageError("there is no gestore %q%s\nThere are: %v", slug, hint, slugs)
}
