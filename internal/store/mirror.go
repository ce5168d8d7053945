package store

import (
	"sync"
	"sync/atomic"
)

// docName names a document within a store.
type docName struct{ kind, id string }

// content is a document as it stands in the database. It is not changed once others may see it.
type content struct {
	revision, expires int64
	body              string
	decoded           atomic.Pointer[any] // in a mirror: the *T that body decodes to, once somebody has read it; only ever copied
}

// mirror holds every document of a database that belongs to this process alone and began empty, so that reading by id needs
// no SQL: most of what a login does is that. Writes go to the database first and appear here once they are committed,
// while the writer's turn lasts, so the order of both is the same. A nil mirror is none.
type mirror struct {
	mu   sync.RWMutex
	docs map[docName]*content
}

// change is what a transaction has done to one document; a nil now means deleted.
type change struct {
	name docName
	now  *content
}

func (m *mirror) apply(changes ...change) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range changes {
		if c.now == nil {
			delete(m.docs, c.name)
		} else {
			m.docs[c.name] = c.now
		}
	}
}

// get returns nil for a document that is not there.
func (m *mirror) get(name docName) *content {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.docs[name]
}

// wrote notes for the mirror what a statement did: at once, or when the transaction is committed.
func (n session) wrote(kind, id string, now *content) {
	switch c := (change{docName{kind, id}, now}); {
	case n.mirror == nil:
	case n.tx == nil:
		n.mirror.apply(c)
	default:
		*n.pending = append(*n.pending, c)
	}
}

// mirrored reads a document as this session sees it: its own uncommitted changes first.
func (n session) mirrored(name docName) *content {
	if n.pending != nil {
		for i := len(*n.pending) - 1; i >= 0; i-- {
			if c := (*n.pending)[i]; c.name == name {
				return c.now
			}
		}
	}
	return n.mirror.get(name)
}
