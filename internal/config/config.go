package config

import (
	"fmt"
	"time"

	"spidsim/internal/config/limits"
)

// DefaultFile is read when it exists and --config names no other.
const DefaultFile = "spidsim.yaml"

// Config is the whole configuration of the program. Tags: name = flag, default, enum and help are kong's; the variable and the key of
// the file follow from the name; from limits where a key may be given; group is a heading of the help.
type Config struct {
	Config      string `name:"config" from:"flag" placeholder:"FILE" help:"Configuration file; spidsim.yaml is read when it exists."`
	PrintConfig bool   `name:"print-config" from:"flag" help:"Print every key with its value, default and origin as YAML, and stop."`

	Listen        string   `name:"listen" default:"127.0.0.1:8088" placeholder:"ADDR" group:"Addresses" help:"Where identity providers, console and API listen. Port 0 takes a free one."`
	PortalListen  string   `name:"portal-listen" default:"127.0.0.1:8089" placeholder:"ADDR" group:"Addresses" help:"Where the sample service provider listens; off leaves it out."`
	BaseURL       string   `name:"base-url" placeholder:"URL" group:"Addresses" help:"Address of the identity providers in metadata and links. Empty: from the listener, host localhost."`
	PortalBaseURL string   `name:"portal-base-url" placeholder:"URL" group:"Addresses" help:"Address of the sample service provider. Empty: from the listener, host localhost."`
	AllowHost     []string `name:"allow-host" sep:"none" placeholder:"HOST" group:"Addresses" help:"One more host name to answer to, with or without port. Repeatable."`
	AllowRemote   bool     `name:"allow-remote" group:"Addresses" help:"Needed to listen beyond loopback: whoever reaches the port can log in as anybody."`
	TLS           bool     `name:"tls" group:"Addresses" help:"HTTPS on all listeners, with a local authority made on first use; the banner says where it lies."`
	CNSListen     string   `name:"cns-listen" default:"127.0.0.1:8090" placeholder:"ADDR" group:"Addresses" help:"With --tls: where browsers are asked for the certificate of a test CNS; off leaves it out."`
	Hosts         bool     `name:"hosts" group:"Addresses" help:"One host for each gestore, http://poste.localhost:8088, so that each has its own cookies. Not in this build yet."`

	Store     string `name:"store" default:"sqlite:spidsim.db" placeholder:"URL" group:"Data" help:"memory: or sqlite:PATH. A bare file name lies in the data folder."`
	Data      string `name:"data" default:".spidsim" placeholder:"DIR" group:"Data" help:"Folder of keys, certificates and database."`
	ReadyFile string `name:"ready-file" placeholder:"FILE" group:"Data" help:"JSON file with the addresses in use, written when ready."`

	SP               []string `name:"sp" sep:"none" placeholder:"FILE|URL" group:"Federation" help:"Register a service provider: metadata file, folder, pattern or URL. Repeatable."`
	SPAuto           bool     `name:"sp-auto" group:"Federation" help:"Register an unknown issuer on loopback from its metadata URL when it first shows up. Not in this build yet."`
	AllowRemoteFetch bool     `name:"allow-remote-fetch" group:"Federation" help:"Fetch metadata from public addresses too. Loopback and private ones are always allowed."`
	Catalogue        string   `name:"catalogue" default:"2021" enum:"2020,2021,today,fictional" group:"Federation" help:"Which gestori exist beside prova: ${enum}."`
	IdPs             []IdP    `kong:"-" name:"idps" from:"file" help:"Further gestori: slug, name and two initials each."`
	Users            RawYAML  `kong:"-" name:"users" from:"file" help:"Test people to add or replace: a list, or people by username."`

	Strict            bool          `name:"strict" default:"true" negatable:"relaxed" group:"Protocol" help:"Refuse requests that break a rule; relaxed reports findings only."`
	RequestWindow     time.Duration `name:"request-window" default:"120s" group:"Protocol" help:"How far IssueInstant of a request may lie from now, each way."`
	LoginTimeout      time.Duration `name:"login-timeout" default:"300s" group:"Protocol" help:"Time a person has for a whole login (nr21)."`
	OTPValidity       time.Duration `name:"otp-validity" default:"120s" group:"Protocol" help:"Life of a code sent by SMS or of a request to the app."`
	AssertionValidity time.Duration `name:"assertion-validity" default:"5m" group:"Protocol" help:"Life of an Assertion."`
	Attempts          int           `name:"attempts" default:"3" group:"Protocol" help:"Wrong tries before nr19."`
	Lock              bool          `name:"lock" group:"Protocol" help:"Lock test people too for 30 minutes after as many wrong passwords in a row. Accounts opened by the onboarding always are."`
	Sign              string        `name:"sign" default:"both" enum:"both,assertion" group:"Protocol" help:"What carries a signature: Response and Assertion, or the Assertion alone (${enum})."`

	Clock         Instant `name:"clock" placeholder:"TIME" group:"Simulation" help:"Start with a simulated date, 2020-10-15 or 2020-10-15T09:30:00Z."`
	Mode          string  `name:"mode" default:"dev" enum:"dev,ci,trainer" group:"Simulation" help:"Side panels, texts and timers: ${enum}."`
	Timeline      string  `name:"timeline" default:"announced" enum:"announced,applied" group:"Simulation" help:"Dates at which the PIN of the institute ends: ${enum}, the second with the later postponements."`
	DelegationCap string  `name:"delegation-cap" default:"5" enum:"5,3,dated" group:"Simulation" help:"How many people may delegate the same person: ${enum}, the last 5 until 2021-09-30 and 3 from then on."`

	SMTP string `name:"smtp" placeholder:"HOST:PORT" group:"Simulation" help:"E-mails of the outbox also go there, to recipients in reserved domains such as .example only."`
	Seed *int64 `name:"seed" placeholder:"N" group:"Simulation" help:"Makes identifiers, keys, codes and order reproducible. Empty: random. Not in this build yet."`

	APIToken     string `kong:"-" name:"api-token" from:"env" secret:"yes" help:"Token that API and console ask for, at least 16 characters."`
	APITokenFile string `name:"api-token-file" placeholder:"FILE" group:"Operation" help:"File, mode 0600, with the token that API and console ask for; or set SPIDSIM_API_TOKEN."`
	LogFormat    string `name:"log-format" default:"text" enum:"text,json" group:"Operation" help:"Form of the log: ${enum}."`
	LogLevel     string `name:"log-level" default:"info" enum:"debug,info,warn,error" group:"Operation" help:"Least level that is logged: ${enum}."`
	Quiet        bool   `name:"quiet" short:"q" group:"Operation" help:"No start-up banner."`

	Limits limits.Limits `embed:"" prefix:"limit-" group:"Limits"`

	file    string            // that was read, "" when none
	origins map[string]string // by key name
	lines   map[string]int    // in the file, by key name
}

// IdP is a further gestore of the catalogue.
type IdP struct {
	Slug     string `yaml:"slug"`     // path segment, lower-case letters, digits and hyphens
	Name     string `yaml:"name"`     // as shown; pages add "(simulato)"
	Initials string `yaml:"initials"` // badge, one to three characters
}

// RawYAML is a value of the file, untouched: blank lines and columns stand before it, so that lines and columns
// in it are those of the file. Nil when the key is absent.
type RawYAML []byte

// Instant is a moment in time, UTC; the zero Instant is none.
type Instant struct{ time.Time }

// UnmarshalText reads "2020-10-15", "2020-10-15T09:30:00" (both UTC) or an RFC 3339 time.
func (i *Instant) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*i = Instant{}
		return nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, string(text)); err == nil {
			i.Time = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("is %q, want a date as 2020-10-15 or a time as 2020-10-15T09:30:00Z", text)
}

// Relaxed reports whether findings are only noted.
func (c *Config) Relaxed() bool { return !c.Strict }

// File is the configuration file that was read, "" when there was none.
func (c *Config) File() string { return c.file }

// Origin says where the value of a key came from: "flag", "environment", "spidsim.yaml:3" or "default".
func (c *Config) Origin(key string) string {
	if o, ok := c.origins[key]; ok {
		return o
	}
	return originDefault
}
