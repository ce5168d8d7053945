package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker: -X main.version=v1.2.3.
var version string

// versionString is the version of the program: the linker's, else that of the module, else "dev".
func versionString() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "dev"
}

// commit is the revision that was built, with "+changes" when the tree had some; "unknown" outside a repository.
func commit() string {
	revision, changes := "unknown", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return revision
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			revision = s.Value
		case "vcs.modified":
			if s.Value == "true" {
				changes = "+changes"
			}
		}
	}
	return revision + changes
}

type versionCmd struct{}

// Help implements kong.HelpProvider.
func (versionCmd) Help() string { return example("spidsim version") }

// Run prints version, commit and Go version.
func (versionCmd) Run(p *program) error {
	_, err := fmt.Fprintf(p.out, "spidsim %s\ncommit %s\n%s %s/%s\n", versionString(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
