package sqlite

import (
	"path/filepath"
	"testing"
)

// BenchmarkOpen is what a store adds to a start: in memory, and a file that is there.
func BenchmarkOpen(b *testing.B) {
	file := "sqlite:" + filepath.Join(b.TempDir(), "b.db")
	for name, address := range map[string]string{"memory": "memory:", "file": file} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := open(b, address, nil).Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
