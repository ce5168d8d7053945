package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"spidsim/internal/web"
)

// mostParts bounds the parts of a multipart body: a form has three at most.
const mostParts = 16

// document is metadata on the way in.
type document struct {
	XML       []byte
	Source    string // "api", "console" or the address that it was read from
	Untrusted string // see Fetched
}

// readDocument reads metadata from a request of the API: the document itself, a multipart upload of it, or JSON
// that names its address.
func (a *Admin) readDocument(r *http.Request) (*document, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, unsupported()
	}
	switch kind {
	case "application/samlmetadata+xml", "text/xml", "application/xml":
		octets, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, fmt.Errorf("reading the metadata: %w", err)
		}
		return &document{XML: octets, Source: "api"}, nil
	case "application/json":
		var body struct {
			URL string `json:"url"`
		}
		if err := web.DecodeJSON(r, &body); err != nil {
			return nil, err
		}
		return a.fetchDocument(r.Context(), body.URL)
	case "multipart/form-data":
		form, err := readMultipart(r.Body, params["boundary"])
		if err != nil {
			return nil, err
		}
		return form.upload("api")
	}
	return nil, unsupported()
}

func unsupported() error {
	return &web.Error{Status: http.StatusUnsupportedMediaType, Problem: web.Problem{Code: "content-type",
		Detail: "the body must be application/samlmetadata+xml, text/xml, application/xml, multipart/form-data, or application/json with a url"}}
}

func (a *Admin) fetchDocument(ctx context.Context, address string) (*document, error) {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil, web.Unprocessable("url", "the url is empty")
	}
	got, err := Fetch(ctx, address, FetchOptions{AllowRemote: a.cfg.AllowRemoteFetch, Resolver: a.cfg.Resolver})
	if err != nil {
		return nil, err
	}
	return &document{XML: got.Body, Source: address, Untrusted: got.Untrusted}, nil
}

// upload is what a multipart form carried. Names of files are never looked at (SEC-66).
type upload struct {
	values map[string]string
	files  map[string][]byte
}

// readMultipart reads a form in memory; the size of the whole body is bounded by the web layer.
func readMultipart(body io.Reader, boundary string) (*upload, error) {
	if boundary == "" {
		return nil, web.BadRequest("form", "the multipart body has no boundary")
	}
	form := &upload{values: map[string]string{}, files: map[string][]byte{}}
	parts := multipart.NewReader(body, boundary)
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err == nil && n == mostParts {
			return nil, web.BadRequest("form-fields", fmt.Sprintf("the form has more than %d parts", mostParts))
		}
		var octets []byte
		if err == nil {
			octets, err = io.ReadAll(part)
		}
		if err != nil {
			return nil, badForm(err)
		}
		if part.FileName() == "" {
			form.values[part.FormName()] = string(octets)
		} else {
			form.files[part.FormName()] = octets
		}
	}
}

// badForm keeps the error of a body that is too large, and calls the others malformed.
func badForm(err error) error {
	var size *http.MaxBytesError
	if errors.As(err, &size) {
		return err
	}
	return &web.Error{Status: http.StatusBadRequest, Err: err, Problem: web.Problem{Code: "form", Detail: "the multipart body is not well formed"}}
}

// upload picks the document: the part called file, else the only file there is.
func (f *upload) upload(source string) (*document, error) {
	octets, ok := f.files["file"]
	if !ok && len(f.files) == 1 {
		for _, octets = range f.files {
			ok = true
		}
	}
	if !ok || len(octets) == 0 {
		return nil, web.Unprocessable("file", "the form has no file in it, or an empty one")
	}
	return &document{XML: octets, Source: source}, nil
}
