package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"spidsim/templates"
)

// Problem is the body of an error answer, RFC 9457 with members of our own. Status and Reference are filled when it
// is written; an empty Title is the text of the status.
type Problem struct {
	Type      string `json:"type,omitempty"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	Code      string `json:"code,omitempty"`  // stable, "not-found" (UX-52)
	Field     string `json:"field,omitempty"` // of the request that is wrong
	Rule      string `json:"rule,omitempty"`  // "SEC-50", "AR-12"
	Found     string `json:"found,omitempty"`
	Wanted    string `json:"wanted,omitempty"`
	Findings  any    `json:"findings,omitempty"` // list of rule findings
	Reference string `json:"reference,omitempty"`
}

// Error is an error that knows its answer. Err is the cause for the log, never shown.
type Error struct {
	Status  int
	Allow   string // header, with 405
	Retry   int    // header Retry-After in seconds, with 429 and 503; 0 leaves it out
	Problem Problem
	Err     error
}

// Error implements error.
func (e *Error) Error() string {
	text := e.Problem.Detail
	if text == "" {
		text = http.StatusText(e.Status)
	}
	if e.Err != nil {
		return text + ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// BadRequest is a 400 with a stable code and one sentence.
func BadRequest(code, detail string) *Error {
	return &Error{Status: http.StatusBadRequest, Problem: Problem{Code: code, Detail: detail}}
}

// NotFound is a 404.
func NotFound(detail string) *Error {
	return &Error{Status: http.StatusNotFound, Problem: Problem{Code: "not-found", Detail: detail}}
}

// Conflict is a 409.
func Conflict(detail string) *Error {
	return &Error{Status: http.StatusConflict, Problem: Problem{Code: "conflict", Detail: detail}}
}

// Unprocessable is a 422 for one field.
func Unprocessable(field, detail string) *Error {
	return &Error{Status: http.StatusUnprocessableEntity, Problem: Problem{Code: "invalid", Field: field, Detail: detail}}
}

// MethodNotAllowed is a 405; allow lists what is taken, "GET, HEAD".
func MethodNotAllowed(allow string) *Error {
	return &Error{Status: http.StatusMethodNotAllowed, Allow: allow, Problem: Problem{Code: "method", Detail: "this address takes " + allow}}
}

// NotFoundHandler answers 404, for the router's own hook.
func NotFoundHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Fail(w, r, &Error{Status: http.StatusNotFound, Problem: Problem{Code: "not-found"}})
	})
}

// Fail answers with an error: *Error as it says, a body past its limit 413, a deadline 503, anything else 500 with a
// reference; its cause goes to the log alone.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	e := asError(err)
	if e.Status >= 500 && e.Err != nil {
		logger(r).LogAttrs(r.Context(), slog.LevelError, "request failed", slog.String("id", RequestID(r)), slog.Any("err", e.Err))
	}
	if e.Allow != "" {
		w.Header().Set("Allow", e.Allow)
	}
	if e.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.Retry))
	}
	WriteProblem(w, r, e.Status, e.Problem)
}

func asError(err error) *Error {
	var e *Error
	var size *http.MaxBytesError
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &size):
		return &Error{Status: http.StatusRequestEntityTooLarge,
			Problem: Problem{Code: "too-large", Detail: fmt.Sprintf("the body is larger than %d octets", size.Limit)}}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Status: http.StatusServiceUnavailable, Retry: 1, Err: err, Problem: Problem{Code: "timeout", Detail: "this took too long"}}
	}
	return &Error{Status: http.StatusInternalServerError, Err: err, Problem: Problem{Code: "internal"}}
}

// WriteProblem answers with an error page, or with application/problem+json when the client asked for JSON.
func WriteProblem(w http.ResponseWriter, r *http.Request, status int, p Problem) {
	p.Status, p.Reference = status, RequestID(r)
	if p.Title == "" {
		p.Title = http.StatusText(status)
	}
	if WantsJSON(r) {
		writeJSON(w, status, "application/problem+json", p)
		return
	}
	detail := p.Detail
	if p.Rule != "" && detail != "" {
		detail += " (" + p.Rule + ")"
	}
	Render(w, r, status, templates.Problem(Page(r), templates.ProblemView{
		Status: status, Detail: detail, Allow: w.Header().Get("Allow"), Reference: p.Reference}))
}

// JSON writes v.
func JSON(w http.ResponseWriter, status int, v any) { writeJSON(w, status, "application/json", v) }

func writeJSON(w http.ResponseWriter, status int, kind string, v any) {
	var buf bytes.Buffer
	if err := json.NewEncoder(&buf).Encode(v); err != nil {
		status, kind = http.StatusInternalServerError, "application/problem+json"
		buf.Reset()
		buf.WriteString(`{"title":"Internal Server Error","status":500,"code":"json"}` + "\n")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes()) // a client that left is no error of ours
}

// WantsJSON reports whether the answer should be JSON (UX-81): the path lies below /api/, or Accept names JSON and
// does not prefer a page.
func WantsJSON(r *http.Request) bool {
	if strings.HasPrefix(r.URL.Path, "/api/v") {
		return true
	}
	page, data := 0.0, 0.0
	for part := range strings.SplitSeq(r.Header.Get("Accept"), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if v, err := strconv.ParseFloat(params["q"], 64); err == nil {
			q = v
		}
		switch kind {
		case "text/html", "application/xhtml+xml":
			page = max(page, q)
		case "application/json", "application/problem+json":
			data = max(data, q)
		}
	}
	return data > page
}

// DecodeJSON reads the body into v: one JSON value of type application/json, no unknown fields (SEC-59). It fails with
// *Error (415, 400) or *http.MaxBytesError.
func DecodeJSON(r *http.Request, v any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return &Error{Status: http.StatusUnsupportedMediaType, Problem: Problem{Code: "content-type", Detail: "the body must be application/json"}}
	}
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return badJSON(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return BadRequest("json", "the body holds more than one JSON value")
	}
	return nil
}

func badJSON(err error) error {
	var size *http.MaxBytesError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &size) {
		return err
	}
	p := Problem{Code: "json", Detail: strings.TrimPrefix(err.Error(), "json: ")}
	if name, ok := strings.CutPrefix(p.Detail, "unknown field "); ok {
		p.Field = strings.Trim(name, `"`)
	}
	if errors.As(err, &kind) {
		p.Field, p.Found, p.Wanted = kind.Field, kind.Value, kind.Type.String()
	}
	return &Error{Status: http.StatusBadRequest, Problem: p}
}
