package main

import (
	"io"
	"log/slog"
	"net/url"
	"testing"

	"spidsim/internal/config"
)

// BenchmarkStart wires the whole program on a data folder whose keys exist: the time before it may listen.
func BenchmarkStart(b *testing.B) {
	cfg, err := config.Load([]string{"--store", "memory:", "--data", b.TempDir()}, func(string) (string, bool) { return "", false })
	if err != nil {
		b.Fatal(err)
	}
	base, portal := &url.URL{Scheme: "http", Host: "localhost:8088"}, &url.URL{Scheme: "http", Host: "localhost:8089"}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	for b.Loop() {
		a, err := newApp(b.Context(), cfg, base, portal, log)
		if err != nil {
			b.Fatal(err)
		}
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
