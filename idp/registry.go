package idp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"spidsim/internal/store"
	"spidsim/saml"
	"spidsim/spid/rules"
)

// ServiceProvider is a registered service provider: which document it stands for and where that came from. The document
// itself lies beside it, under its digest, so that a login need not read it again.
type ServiceProvider struct {
	EntityID   string    `json:"entity_id"`
	Digest     string    `json:"digest"` // SHA-256 of the document as received, hex
	Source     string    `json:"source"` // file, address, "api", "console", "config", "self"
	Registered time.Time `json:"registered"`
	Suspended  bool      `json:"suspended,omitempty"`
	Previous   string    `json:"previous,omitempty"` // digest of the document before the last change (SEC-64)
	XML        []byte    `json:"-"`                  // the document as received, where SP or SPs return it
}

// metadataDocument is a metadata document as received.
type metadataDocument struct {
	XML []byte `json:"xml"`
}

// ErrRefused says that the rules refuse a metadata document; the report that comes with it says why.
var ErrRefused = errors.New("the metadata break the rules")

// RegisterSP takes the metadata of a service provider. The report is never nil. With findings of severity Error it
// refuses with ErrRefused in strict mode; documents that no login could work with are refused in relaxed mode too.
func (f *Federation) RegisterSP(ctx context.Context, metadata []byte, source string) (*ServiceProvider, *rules.Report, error) {
	doc, report := f.CheckMetadata(metadata)
	if err := report.Err(); err != nil {
		return nil, report, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	sum := sha256.Sum256(metadata)
	sp := &ServiceProvider{
		EntityID: doc.EntityID, Digest: hex.EncodeToString(sum[:]), Source: source, Registered: f.now(), XML: metadata,
	}
	if err := f.keepSP(ctx, sp, metadata); err != nil {
		return nil, report, fmt.Errorf("keeping the metadata of %s: %w", sp.EntityID, err)
	}
	f.log.Info("service provider registered", "sp", sp.EntityID, "source", source)
	return sp, report, nil
}

// keepSP stores sp with its document. The same document again changes nothing; another one replaces it, and the old
// one stays where it is.
func (f *Federation) keepSP(ctx context.Context, sp *ServiceProvider, metadata []byte) error {
	return f.store.Atomic(ctx, func(ctx context.Context) error {
		if err := f.documents.Put(ctx, sp.Digest, &metadataDocument{metadata}, time.Time{}); err != nil {
			return err
		}
		old, err := f.sps.Get(ctx, sp.EntityID)
		if err == nil && old.Digest == sp.Digest {
			return nil
		}
		if err == nil {
			sp.Previous = old.Digest
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return f.sps.Put(ctx, sp.EntityID, sp, time.Time{})
	})
}

// CheckMetadata runs the metadata rules and registers nothing.
func (f *Federation) CheckMetadata(metadata []byte) (*saml.EntityDescriptor, *rules.Report) {
	doc, err := saml.ReadMetadata(metadata)
	return doc, rules.Run(rules.Metadata, &rules.Subject{
		Document: doc, Intake: err, Now: f.now(), Relaxed: f.cfg.Relaxed,
	})
}

// SP returns the registered service provider, or store.ErrNotFound.
func (f *Federation) SP(ctx context.Context, entityID string) (*ServiceProvider, error) {
	sp, err := f.sps.Get(ctx, entityID)
	if err != nil {
		return nil, err
	}
	sp.XML, err = f.document(ctx, sp)
	return sp, err
}

// SPs returns all registered service providers, newest first.
func (f *Federation) SPs(ctx context.Context) ([]*ServiceProvider, error) {
	var all []*ServiceProvider
	for sp, err := range f.sps.Newest(ctx, 0) {
		if err != nil {
			return nil, err
		}
		all = append(all, sp)
	}
	for _, sp := range all {
		var err error
		if sp.XML, err = f.document(ctx, sp); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// RemoveSP forgets a service provider. Its requests are answered with anomaly 10 from then on.
func (f *Federation) RemoveSP(ctx context.Context, entityID string) error {
	if _, err := f.sps.Get(ctx, entityID); err != nil {
		return err
	}
	return f.sps.Delete(ctx, entityID)
}

// document returns the metadata of a registered service provider, octets as received.
func (f *Federation) document(ctx context.Context, sp *ServiceProvider) ([]byte, error) {
	doc, err := f.documents.Get(ctx, sp.Digest)
	if err != nil {
		return nil, fmt.Errorf("metadata of %s: %w", sp.EntityID, err)
	}
	return doc.XML, nil
}

// Descriptor parses the stored document, once per document and process.
func (f *Federation) Descriptor(ctx context.Context, sp *ServiceProvider) (*saml.EntityDescriptor, error) {
	if d, ok := f.parsed.Load(sp.Digest); ok {
		return d.(*saml.EntityDescriptor), nil
	}
	doc, err := f.document(ctx, sp)
	if err != nil {
		return nil, err
	}
	d, err := saml.ReadMetadata(doc)
	if err != nil {
		return nil, fmt.Errorf("stored metadata of %s: %w", sp.EntityID, err)
	}
	f.parsed.Store(sp.Digest, d)
	return d, nil
}

// findSP is how the rules look up an issuer: nil for the unknown, the suspended and the unreadable (SEC-35).
func (f *Federation) findSP(ctx context.Context) func(string) *saml.EntityDescriptor {
	return func(entityID string) *saml.EntityDescriptor {
		sp, err := f.sps.Get(ctx, entityID)
		if err != nil || sp.Suspended {
			return nil
		}
		d, err := f.Descriptor(ctx, sp)
		if err != nil {
			f.log.Error("stored metadata do not parse", "sp", entityID, "err", err)
			return nil
		}
		return d
	}
}

// nearestSP names the registered entityID that looks most like the one received: a slash, a port or a scheme apart.
func (f *Federation) nearestSP(ctx context.Context) func(string) string {
	return func(entityID string) string {
		all, err := f.SPs(ctx)
		if err != nil {
			return ""
		}
		best, distance := "", len(entityID)/2+1
		for _, sp := range all {
			if d := editDistance(entityID, sp.EntityID); d < distance {
				best, distance = sp.EntityID, d
			}
		}
		return best
	}
}

// editDistance counts the insertions, deletions and replacements between two strings, capped by their lengths.
func editDistance(a, b string) int {
	if len(a) > 512 || len(b) > 512 {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		previous := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := previous
			if a[i-1] != b[j-1] {
				cost = 1 + min(previous, row[j], row[j-1])
			}
			previous, row[j] = row[j], cost
		}
	}
	return row[len(b)]
}
