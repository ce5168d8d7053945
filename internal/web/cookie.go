package web

import "net/http"

// SetCookie sets one of the program's cookies: HttpOnly, SameSite=Lax, Path=/ unless given, Secure when the base address is https (SEC-49).
// Names start with spidsim_; both listeners share one jar on localhost, so each actor has names of its own (SEC-08).
func SetCookie(w http.ResponseWriter, r *http.Request, c *http.Cookie) {
	c.HttpOnly = true
	c.SameSite = http.SameSiteLaxMode
	c.Secure = r.TLS != nil
	if s := stateOf(r); s != nil && s.h.secure {
		c.Secure = true
	}
	if c.Path == "" {
		c.Path = "/"
	}
	http.SetCookie(w, c)
}

// DropCookie removes a cookie that SetCookie set with the same path.
func DropCookie(w http.ResponseWriter, r *http.Request, name, path string) {
	SetCookie(w, r, &http.Cookie{Name: name, Path: path, MaxAge: -1})
}
