package web

import (
	"log/slog"
	"net/http"

	"spidsim/internal/config/limits"
)

// readAhead is what net/http reads of a header block beyond MaxHeaderBytes.
const readAhead = 4096

// NewServer returns a server with the time-outs and the header limit of section 10 (SEC-60). Zero limits mean their defaults.
func NewServer(h http.Handler, l limits.Limits, log *slog.Logger) *http.Server {
	l = l.WithDefaults()
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: l.ReadHeaderTimeout,
		ReadTimeout:       l.ReadTimeout,
		WriteTimeout:      l.WriteTimeout,
		IdleTimeout:       l.IdleTimeout,
		MaxHeaderBytes:    max(1, l.HeaderBytes-readAhead),
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}
