package sp

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"time"

	"spidsim/internal/web"
)

// Names of the cookies. Cookies ignore ports, so they must differ from those of the identity providers on the same host (SEC-08).
const (
	cookieBrowser = "spidsim_sp_browser"
	cookieSession = "spidsim_sp_session"
)

// cookieName adds the prefix that ties a cookie to https, host and path (SEC-49).
func (s *SP) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *SP) setCookie(w http.ResponseWriter, r *http.Request, name, value string, life time.Duration) {
	web.SetCookie(w, r, &http.Cookie{Name: s.cookieName(name), Value: value, MaxAge: int(life / time.Second)})
}

func (s *SP) dropCookie(w http.ResponseWriter, r *http.Request, name string) {
	web.DropCookie(w, r, s.cookieName(name), "/")
}

// token returns the secret in a cookie, "" when there is none or it cannot be one of ours.
func (s *SP) token(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil || len(c.Value) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return ""
	}
	return c.Value
}

// random returns n random octets in URL-safe base64.
func (s *SP) random(n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.cfg.Rand, b); err != nil {
		return "", fmt.Errorf("random source: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// browser returns the digest that stands for this browser, giving it a cookie when it has none.
func (s *SP) browser(w http.ResponseWriter, r *http.Request) (string, error) {
	if secret := s.token(r, cookieBrowser); secret != "" {
		return digest(secret), nil
	}
	secret, err := s.random(tokenBytes)
	if err != nil {
		return "", err
	}
	s.setCookie(w, r, cookieBrowser, secret, visitorLife)
	return digest(secret), nil
}
