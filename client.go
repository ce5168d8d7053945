package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	requestTime = 10 * time.Second
	answerLimit = 8 << 20 // octets of an answer that are read
)

// server is how a command finds a running server.
type server struct {
	URL       string `name:"url" default:"http://localhost:8088" placeholder:"URL" help:"Address of the running server."`
	CA        string `name:"ca" placeholder:"FILE" help:"PEM file of the authority that a server with --tls printed; else that of the data folder is trusted."`
	Data      string `name:"data" placeholder:"DIR" help:"Data folder of the server: .spidsim, or what SPIDSIM_DATA says."`
	TokenFile string `name:"api-token-file" placeholder:"FILE" help:"File with the API token; or set SPIDSIM_API_TOKEN."`
}

// api talks to one server. It uses no proxy and follows no redirect: the only address it opens is the one given (SEC-76).
type api struct {
	base, token string
	http        *http.Client
}

func (s server) client(p *program) (*api, error) {
	u, err := url.Parse(s.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, usageError("--url is %q, want an http or https address", s.URL)
	}
	transport := &http.Transport{DialContext: (&net.Dialer{Timeout: requestTime}).DialContext, TLSHandshakeTimeout: requestTime}
	if u.Scheme == "https" {
		if transport.TLSClientConfig, err = s.trusted(p); err != nil {
			return nil, err
		}
	}
	token, _ := p.env("SPIDSIM_API_TOKEN")
	if s.TokenFile != "" {
		text, err := os.ReadFile(s.TokenFile)
		if err != nil {
			return nil, usageError("API token: %w", err)
		}
		token = strings.TrimSpace(string(text))
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &api{base: u.Scheme + "://" + u.Host, token: token,
		http: &http.Client{Transport: transport, Timeout: requestTime, CheckRedirect: stay}}, nil
}

// trusted says which authorities a server may show: the one of --ca alone, else those of the system and the local one of the data folder.
func (s server) trusted(p *program) (*tls.Config, error) {
	if s.CA != "" {
		return trust(x509.NewCertPool(), s.CA)
	}
	data := s.Data
	if data == "" {
		data, _ = p.env("SPIDSIM_DATA")
	}
	file := tlsCAFile(cmp.Or(data, ".spidsim"))
	if _, err := os.Stat(file); err != nil {
		return nil, nil // no local authority: those of the system will do
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	return trust(pool, file)
}

func trust(pool *x509.CertPool, file string) (*tls.Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usageError("--ca: %w", err)
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, usageError("--ca: %s holds no PEM certificate", file)
	}
	return &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, nil
}

// do sends one request, body as JSON unless nil, and reads the answer. A server that does not answer is an error with
// exit code 2.
func (a *api) do(ctx context.Context, method, path string, body any) (*http.Response, []byte, error) {
	var send io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return nil, nil, fmt.Errorf("writing the request: %w", err)
		}
		send = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, send)
	if err != nil {
		return nil, nil, fmt.Errorf("making the request: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	res, err := a.http.Do(req)
	if err != nil {
		return nil, nil, a.unreachable(err)
	}
	defer res.Body.Close() // read to its limit below; nothing is written
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil {
		return nil, nil, a.unreachable(err)
	}
	return res, answer, nil
}

func (a *api) unreachable(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return usageError("%s does not answer: %w\nIs it running? Start it with: spidsim serve", a.base, err)
}

// problem is an error answer of the API.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Field  string `json:"field"`
	Code   string `json:"code"`
	Rule   string `json:"rule"`
}

// text is the sentence of the problem. Those of the onboarding (RSN-…) say in the title what the rule wants, and in the detail what was found;
// the others have a title that is that of the status.
func (p problem) text() string {
	switch {
	case p.Detail == "":
		return p.Title
	case strings.HasPrefix(p.Code, "RSN-"):
		return strings.TrimSuffix(p.Title, ".") + ": " + p.Detail
	}
	return p.Detail
}

// call sends a request and decodes the answer into v, which may be nil. It returns the answer as it came. A refusal by the server is exit
// code 1, a missing token or page exit code 2.
func (a *api) call(method, path string, body, v any) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), requestTime)
	defer cancel()
	res, answer, err := a.do(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 {
		return nil, refusal(res, answer)
	}
	if v == nil || len(bytes.TrimSpace(answer)) == 0 {
		return answer, nil
	}
	if err := json.Unmarshal(answer, v); err != nil {
		return nil, usageError("%s does not speak the API of spidsim: %w", a.base, err)
	}
	return answer, nil
}

func refusal(res *http.Response, answer []byte) error {
	var p problem
	text := firstLine(answer)
	if json.Unmarshal(answer, &p) == nil && p.Title+p.Detail != "" {
		text = p.text()
		if p.Field != "" {
			text = p.Field + ": " + text
		}
		if p.Rule != "" {
			text += " (" + p.Rule + ")"
		}
	}
	if s := res.StatusCode; s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusMisdirectedRequest || s < 400 {
		return usageError("the server refuses: %d %s", s, text)
	}
	return checkFailed("the server refuses: %d %s", res.StatusCode, text)
}

func firstLine(text []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return visible(line, 200)
}
