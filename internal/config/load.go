package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/alecthomas/kong"
)

// Env looks up an environment variable; os.LookupEnv is one.
type Env func(name string) (string, bool)

// Load reads flags, environment and file into a new Config. Errors are *kong.ParseError for flags, Mistakes for all else.
// A nil env is an empty environment.
func Load(args []string, env Env) (*Config, error) {
	c := &Config{}
	parser, err := kong.New(c, kong.Name("spidsim"), kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard), kong.NoDefaultHelp())
	if err != nil {
		return nil, fmt.Errorf("describing the flags: %w", err)
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return nil, err
	}
	return c, c.Complete(ctx, env)
}

// Complete adds to what kong parsed (flags and defaults) the environment and the file, and validates the whole. It returns
// Mistakes, every one that there is, or nil.
func (c *Config) Complete(ctx *kong.Context, env Env) error {
	flags := map[string]bool{}
	for _, p := range ctx.Path {
		if p.Flag != nil && !p.Resolved {
			flags[p.Flag.Name] = true
		}
	}
	return c.complete(flags, env)
}

func (c *Config) complete(flags map[string]bool, env Env) error {
	if env == nil {
		env = func(string) (string, bool) { return "", false }
	}
	c.origins, c.lines = map[string]string{}, map[string]int{}
	var mistakes Mistakes
	for _, k := range Keys() {
		if flags[k.Flag] && k.Flag != "" {
			c.origins[k.Name] = originFlag
			continue
		}
		if k.Env == "" {
			continue
		}
		if text, ok := env(k.Env); ok && text != "" {
			c.origins[k.Name] = originEnv
			if err := k.set(c, text); err != nil {
				mistakes = append(mistakes, Mistake{Origin: k.Env, Key: k.Name, Message: err.Error()})
			}
		}
	}
	decided := map[string]bool{}
	for name := range c.origins {
		decided[name] = true
	}
	path, named := c.Config, c.Config != ""
	if !named {
		path = DefaultFile
	}
	mistakes = append(mistakes, readFile(c, path, named, func(k Key) bool { return decided[k.Name] })...)
	mistakes = append(mistakes, c.readToken()...)
	mistakes = append(mistakes, c.validate()...)
	if len(mistakes) > 0 {
		return mistakes
	}
	return nil
}

// readToken reads the file of the API token, which must be for its owner alone (SEC-03).
func (c *Config) readToken() Mistakes {
	if c.APITokenFile == "" {
		return nil
	}
	wrong := func(format string, args ...any) Mistakes {
		return Mistakes{c.mistake("api-token-file", format, args...)}
	}
	info, err := os.Stat(c.APITokenFile)
	if err != nil {
		return wrong("%s cannot be read: %s", c.APITokenFile, cause(err))
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return wrong("%s has mode %04o, want 0600: others could read the token (SEC-03)", c.APITokenFile, mode)
	}
	text, err := os.ReadFile(c.APITokenFile)
	if err != nil {
		return wrong("%s cannot be read: %s", c.APITokenFile, cause(err))
	}
	if c.APIToken != "" {
		return wrong("and SPIDSIM_API_TOKEN are both given, want one")
	}
	c.APIToken = strings.TrimSpace(string(text))
	return nil
}

// StoreURL is Store with a bare SQLite file name put into the data folder. A path with a folder in it is
// relative to the working directory.
func (c *Config) StoreURL() string {
	path, ok := strings.CutPrefix(c.Store, "sqlite:")
	if !ok || strings.ContainsAny(strings.SplitN(path, "?", 2)[0], `/\`) {
		return c.Store
	}
	return "sqlite:" + filepath.Join(c.Data, path)
}
