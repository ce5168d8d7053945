package ui

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed assets
var embedded embed.FS

// AssetsPath is where the program serves Assets: "/assets/".
const AssetsPath = "/assets/"

// Robots is the whole robots.txt: nothing of a simulator belongs into a search engine (UX-31).
const Robots = "User-agent: *\nDisallow: /\n"

// version names the assets' contents in their addresses, so that they may be cached for ever.
var version = contentHash()

func contentHash() string {
	sum := sha256.New()
	_ = fs.WalkDir(embedded, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := embedded.ReadFile(name)
		sum.Write([]byte(name))
		sum.Write(body)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:10]
}

// Asset is the address of an embedded file, with the version in it: "/assets/1f2e3d4c5b/spidsim.css".
func Asset(name string) string { return AssetsPath + version + "/" + name }

// Assets is the file system below AssetsPath: files lie under their version and, for addresses that
// are fixed (the favicon), directly at the root.
func Assets() fs.FS { return assets{} }

type assets struct{}

// Open implements fs.FS. Directories are not shown.
func (assets) Open(name string) (fs.File, error) {
	base := strings.TrimPrefix(name, version+"/")
	if !fs.ValidPath(name) || strings.Contains(base, "/") || base == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return embedded.Open(path.Join("assets", base))
}

// AssetHandler serves Assets below AssetsPath: versioned addresses may be kept for a year, the others are
// asked for again. Only GET and HEAD.
func AssetHandler() http.Handler {
	files := http.StripPrefix(AssetsPath, http.FileServerFS(Assets()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(r.URL.Path, AssetsPath+version+"/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		files.ServeHTTP(w, r)
	})
}
