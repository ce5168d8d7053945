// Command spidsim is a whole simulated SPID federation in one binary: identity providers, a sample service provider, a console and an API.
//
// One file a command; this one parses the command line, runs the command and turns its error into an exit code.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"spidsim/internal/config"
	"spidsim/internal/nearest"
)

// Exit codes (interface.md section 1, UX-93).
const (
	exitOK       = 0
	exitFailed   = 1 // the thing checked failed
	exitUsage    = 2 // wrong usage or unreachable target
	exitInternal = 3
)

func main() {
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv}
	os.Exit(p.run(os.Args[1:]))
}

// program is what a command needs of its surroundings.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      config.Env
}

// commandLine is the grammar: one field a command.
type commandLine struct {
	Serve     serveCmd     `cmd:"" default:"withargs" help:"Identity providers, sample service provider, console and API; what spidsim alone does."`
	Metadata  metadataCmd  `cmd:"" help:"Print identity provider metadata without serving."`
	Cert      certCmd      `cmd:"" help:"Make a SPID-compliant key and certificate."`
	Decode    decodeCmd    `cmd:"" help:"Show a SAML message or metadata in readable form, with its signature verdict and rule findings."`
	User      userCmd      `cmd:"" help:"Test people of a running server."`
	Card      cardCmd      `cmd:"" help:"The simulated physical token of level 3, of a running server."`
	Enrolment enrolmentCmd `cmd:"" help:"Requests for SPID, from the PIN to the identity, of a running server."`
	Ready     readyCmd     `cmd:"" help:"Wait until a server is ready; for HEALTHCHECK and scripts."`
	Version   versionCmd   `cmd:"" help:"Print version, commit and Go version."`
}

// example is the detail text of a command's help: indented lines stand as they are.
func example(lines ...string) string {
	return "Example:\n\n    " + strings.Join(lines, "\n    ")
}

// exitError carries the exit code of a command that did not go well.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usageError is wrong usage or a target that cannot be reached; checkFailed is a check that did not pass.
func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func checkFailed(format string, args ...any) error {
	return &exitError{exitFailed, fmt.Errorf(format, args...)}
}

// helpShown unwinds the parser after it printed the help.
type helpShown struct{}

// run executes one command line and returns the exit code.
func (p *program) run(args []string) (code int) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case helpShown:
			code = exitOK
		default: // Go would exit with 2, which means wrong usage here
			fmt.Fprintf(p.err, "spidsim: internal fault: %v\n%s", r, debug.Stack())
			code = exitInternal
		}
	}()
	parser, err := kong.New(&commandLine{}, kong.Name("spidsim"),
		kong.Description("A simulated SPID federation for developers. No real data, no real service.\n\n"+
			example("spidsim serve --sp http://localhost:3000/metadata")), kong.ValueFormatter(withDefault),
		kong.Writers(p.out, p.err), kong.Exit(func(int) { panic(helpShown{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, FlagsLast: true}), kong.Bind(p))
	if err != nil {
		return p.report(fmt.Errorf("describing the commands: %w", err))
	}
	ctx, err := parser.Parse(args)
	if err != nil {
		return p.report(withHint(err, args))
	}
	return p.report(ctx.Run())
}

// report prints the error of a command and returns its exit code.
func (p *program) report(err error) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(p.err, "spidsim: %s\n", err)
	var exit *exitError
	var mistakes config.Mistakes
	switch {
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &mistakes):
		return exitUsage
	}
	return exitInternal
}

// withDefault is the help of a flag with its default.
func withDefault(v *kong.Value) string {
	if !v.HasDefault || v.IsBool() || v.Default == "" {
		return v.Help
	}
	return v.Help + " Default " + v.Default + "."
}

// withHint adds to an error of the parser where help is found, and names an unknown command with the one that was probably meant.
func withHint(err error, args []string) error {
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") && !slices.Contains(commandNames(), args[0]) {
		hint := ""
		if near := nearest.Of(args[0], commandNames()); near != "" {
			hint = fmt.Sprintf(", did you mean %q?", near)
		}
		return usageError("unknown command %q%s\nSee: spidsim --help", args[0], hint)
	}
	hint := "spidsim"
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			hint = node.FullPath()
		}
	}
	return usageError("%w%s\nSee: %s --help", err, nearFlag(err.Error()), hint)
}

// nearFlag suggests a flag where the parser has no suggestion: it does not think of the negated ones.
func nearFlag(text string) string {
	name, ok := strings.CutPrefix(text, "unknown flag --")
	if !ok || strings.Contains(name, "did you mean") {
		return ""
	}
	names := []string{"relaxed"}
	for _, k := range config.Keys() {
		names = append(names, k.Flag)
	}
	if near := nearest.Of(name, names); near != "" {
		return fmt.Sprintf(", did you mean %q?", "--"+near)
	}
	return ""
}

func commandNames() []string {
	return []string{"serve", "metadata", "cert", "decode", "user", "card", "enrolment", "ready", "version"}
}

type serveCmd struct {
	config.Config `embed:""`
}

// Help implements kong.HelpProvider.
func (*serveCmd) Help() string {
	return "Every flag can also stand in the environment (--portal-listen is SPIDSIM_PORTAL_LISTEN) and in spidsim.yaml (portal_listen). " +
		"A flag wins over the environment, that over the file.\n\n" +
		example("spidsim serve --sp metadata.xml --clock 2020-10-15")
}

// Run serves until a signal comes; a second one kills.
func (c *serveCmd) Run(ctx *kong.Context, p *program) error {
	if err := c.Complete(ctx, p.env); err != nil {
		return err
	}
	if c.PrintConfig {
		return c.Print(p.out)
	}
	for _, name := range c.Raised() {
		fmt.Fprintf(p.err, "spidsim: warning: %s is above its default of security.md section 10\n", name)
	}
	until, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(until, stop) // the next signal has its usual effect again
	return serve(until, &c.Config, p.out)
}
