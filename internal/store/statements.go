package store

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are all that is ever asked of the database, prepared once per pool.
type statements struct {
	create, put, swap, get, find, remove        *sql.Stmt
	takeKey, dropKey, dropKeys                  *sql.Stmt
	newest, after, count, sweep                 *sql.Stmt
	savepoint, rollbackSavepoint, dropSavepoint *sql.Stmt
}

func prepare(ctx context.Context, pool *sql.DB) (*statements, error) {
	s := &statements{}
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		// An expired document makes room; its revision goes on, so that a stale Update cannot hit the new one.
		{&s.create, `INSERT INTO doc (kind, id, revision, created, seq, expires, body) VALUES ($1, $2, 1, $3, $4, $5, $6)
			ON CONFLICT (kind, id) DO UPDATE SET revision = doc.revision + 1, created = excluded.created,
				seq = excluded.seq, expires = excluded.expires, body = excluded.body
			WHERE doc.expires <= $7 RETURNING revision`},
		{&s.put, `INSERT INTO doc (kind, id, revision, created, seq, expires, body) VALUES ($1, $2, 1, $3, $4, $5, $6)
			ON CONFLICT (kind, id) DO UPDATE SET revision = doc.revision + 1,
				created = CASE WHEN doc.expires <= $7 THEN excluded.created ELSE doc.created END,
				seq = CASE WHEN doc.expires <= $7 THEN excluded.seq ELSE doc.seq END,
				expires = excluded.expires, body = excluded.body
			RETURNING revision`},
		{&s.swap, `UPDATE doc SET revision = revision + 1, body = $4 WHERE kind = $1 AND id = $2 AND revision = $3`},
		{&s.get, `SELECT revision, expires, body FROM doc WHERE kind = $1 AND id = $2 AND expires > $3`},
		{&s.find, `SELECT doc.id, doc.body FROM doc_key JOIN doc ON doc.kind = doc_key.kind AND doc.id = doc_key.id
			WHERE doc_key.kind = $1 AND doc_key.name = $2 AND doc_key.value = $3 AND doc.expires > $4`},
		{&s.remove, `DELETE FROM doc WHERE kind = $1 AND id = $2 AND expires > $3`},
		// A key of a document that is gone or expired is free.
		{&s.takeKey, `INSERT INTO doc_key (kind, name, value, id) VALUES ($1, $2, $3, $4)
			ON CONFLICT (kind, name, value) DO UPDATE SET id = excluded.id
			WHERE doc_key.id = excluded.id OR NOT EXISTS (SELECT 1 FROM doc
				WHERE doc.kind = doc_key.kind AND doc.id = doc_key.id AND doc.expires > $5)`},
		{&s.dropKey, `DELETE FROM doc_key WHERE kind = $1 AND name = $2 AND value = $3 AND id = $4`},
		{&s.dropKeys, `DELETE FROM doc_key WHERE kind = $1 AND id = $2`},
		{&s.newest, `SELECT created, seq, body FROM doc WHERE kind = $1 AND expires > $2
			ORDER BY created DESC, seq DESC LIMIT $3`},
		{&s.after, `SELECT created, seq, body FROM doc WHERE kind = $1 AND expires > $2 AND (created, seq) < ($4, $5)
			ORDER BY created DESC, seq DESC LIMIT $3`},
		{&s.count, `SELECT COUNT(*) FROM doc WHERE kind = $1 AND expires > $2`},
		{&s.sweep, `DELETE FROM doc WHERE (kind, id) IN
			(SELECT kind, id FROM doc WHERE expires <= $1 LIMIT $2) RETURNING kind, id`},
		{&s.savepoint, `SAVEPOINT part`},
		{&s.rollbackSavepoint, `ROLLBACK TO SAVEPOINT part`},
		{&s.dropSavepoint, `RELEASE SAVEPOINT part`},
	} {
		stmt, err := pool.PrepareContext(ctx, p.text)
		if err != nil {
			return nil, fmt.Errorf("preparing %.40q: %w", p.text, err)
		}
		*p.stmt = stmt
	}
	return s, nil
}
