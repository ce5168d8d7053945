package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// env makes an environment of pairs.
func env(pairs ...string) Env {
	return func(name string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

// file writes a configuration file and returns its path.
func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "spidsim.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, text string, e Env, args ...string) (*Config, error) {
	t.Helper()
	return Load(append([]string{"--config", configFile(t, text)}, args...), e)
}

func TestPrecedence(t *testing.T) {
	t.Parallel()
	const inFile = "data: from-file\nlogin_timeout: 1m\nstrict: false\nsp:\n  - file.xml\nattempts: 7\n"
	fromEnv := env("SPIDSIM_DATA", "from-env", "SPIDSIM_LOGIN_TIMEOUT", "2m", "SPIDSIM_STRICT", "true", "SPIDSIM_SP", "a.xml, b.xml")
	flags := []string{"--data", "from-flag", "--login-timeout=3m", "--relaxed", "--sp", "c.xml", "--sp", "d,e.xml"}
	for name, row := range map[string]struct {
		text    string
		env     Env
		args    []string
		data    string
		timeout time.Duration
		strict  bool
		sp      string
		origin  string
	}{
		"nothing given leaves the default":                {"", nil, nil, ".spidsim", 5 * time.Minute, true, "", "default"},
		"the file wins over the default":                  {inFile, nil, nil, "from-file", time.Minute, false, "file.xml", "spidsim.yaml:1"},
		"the environment wins over the file":              {inFile, fromEnv, nil, "from-env", 2 * time.Minute, true, "a.xml|b.xml", "environment"},
		"a flag wins over the environment and the file":   {inFile, fromEnv, flags, "from-flag", 3 * time.Minute, false, "c.xml|d,e.xml", "flag"},
		"an empty variable is as good as none":            {inFile, env("SPIDSIM_DATA", ""), nil, "from-file", time.Minute, false, "file.xml", "spidsim.yaml:1"},
		"a flag with the value of the default still wins": {inFile, nil, []string{"--data", ".spidsim", "--strict"}, ".spidsim", time.Minute, true, "file.xml", "flag"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := load(t, row.text, row.env, row.args...)
			if err != nil {
				t.Fatal(err)
			}
			if c.Data != row.data || c.LoginTimeout != row.timeout || c.Strict != row.strict || strings.Join(c.SP, "|") != row.sp {
				t.Errorf("got %s %s %v %q, want %s %s %v %q", c.Data, c.LoginTimeout, c.Strict, c.SP, row.data, row.timeout, row.strict, row.sp)
			}
			if got := c.Origin("data"); !strings.HasSuffix(got, row.origin) {
				t.Errorf("origin of data is %q, want %q", got, row.origin)
			}
		})
	}
}

func TestNamedFileMustExist(t *testing.T) {
	t.Parallel()
	_, err := Load([]string{"--config", filepath.Join(t.TempDir(), "none.yaml")}, nil)
	if err == nil || !strings.Contains(err.Error(), "none.yaml: cannot be read: no such file or directory") {
		t.Errorf("got %v, want the file named and the cause", err)
	}
	if _, err := Load(nil, nil); err != nil {
		t.Errorf("without --config and without a file: got %v, want no error", err)
	}
}

func TestFileMistakesAreAllReportedAtOnce(t *testing.T) {
	t.Parallel()
	const text = `listn: 127.0.0.1:9000
catalogue: 2022
portal-listen: 127.0.0.1:9001
strict: maybe
attempts: three
login_timeout: fast
sp: {a: b}
api_token: sesame
clock: yesterday
idps:
  - {slug: UPPER, name: Upper}
  - {slug: neu, nome: Neu}
users: none
attempts_: 1
`
	_, err := load(t, text, env("SPIDSIM_MODE", "trainee", "SPIDSIM_LIMIT_FORM_BYTES", "many"), "--listen", "localhost")
	var mistakes Mistakes
	if !errors.As(err, &mistakes) {
		t.Fatalf("got %v, want Mistakes", err)
	}
	got := err.Error()
	for _, want := range []string{
		`SPIDSIM_MODE: mode is "trainee", want dev, ci or trainer; did you mean "trainer"?`,
		`SPIDSIM_LIMIT_FORM_BYTES: limit-form-bytes is "many", want a whole number`,
		`spidsim.yaml:1:1: listn is no key; did you mean "listen"?`,
		`spidsim.yaml:2:12: catalogue is "2022", want 2020, 2021, today or fictional; did you mean "2020"?`,
		`spidsim.yaml:3:1: portal-listen is no key; did you mean "portal_listen"?`,
		`spidsim.yaml:4:9: strict is the text "maybe", want true or false`,
		`spidsim.yaml:5:11: attempts is the text "three", want a whole number`,
		`spidsim.yaml:6:16: login_timeout is "fast", want a duration as 90s, 5m or 1h30m`,
		`spidsim.yaml:7:`,
		`sp is a group of keys, want a list of texts`,
		`spidsim.yaml:8:1: api_token must not stand in this file`,
		`spidsim.yaml:9:8: clock is "yesterday", want a date`,
		`idps has slug "UPPER", want lower-case letters`,
		`nome is no key; did you mean "name"?`,
		`users is the text "none", want a list`,
		`attempts_ is no key; did you mean "attempts"?`,
		`--listen: listen is "localhost", want host:port`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
	if len(mistakes) < 15 {
		t.Errorf("got %d mistakes, want at least 15", len(mistakes))
	}
}

func TestBrokenYAML(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, want string }{
		"a syntax error has line and column": {"listen: [1\n", "spidsim.yaml:1:"},
		"a key twice is refused":             {"data: a\ndata: b\n", "spidsim.yaml:2:1"},
		"a list at the top is refused":       {"- listen\n", "want keys with values"},
		"a second document is refused":       {"data: a\n---\ndata: b\n", "a second document begins here"},
		"a tag does not smuggle a type":      {"data: !!int 5\n", "want a text"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := load(t, row.text, nil); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want %q in it", err, row.want)
			}
		})
	}
}

func TestTextsStayTexts(t *testing.T) {
	t.Parallel()
	c, err := load(t, "data: 00144\nready_file: 3.10\n# end\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "00144" || c.ReadyFile != "3.10" {
		t.Errorf("got %q %q, want the figures letter by letter", c.Data, c.ReadyFile)
	}
	for _, text := range []string{"", "\n", "# only a comment\n", "---\n"} {
		if _, err := load(t, text, nil); err != nil {
			t.Errorf("file %q: got %v, want no error", text, err)
		}
	}
}

func TestUsersKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ text, want string }{
		"block list below the key": {"data: x\nusers:\n  - username: ada\n    cap: 00144\nmode: ci\n", "\n      \n  - username: ada\n    cap: 00144\n"},
		"flow list on the line":    {"users: [{username: ada}]\n", "       [{username: ada}]\n"},
		"no list at all":           {"data: x\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := load(t, row.text, nil)
			if err != nil {
				t.Fatal(err)
			}
			got := string(c.Users)
			if strings.TrimLeft(got, " \n") != strings.TrimLeft(row.want, " \n") {
				t.Errorf("got %q, want %q", got, row.want)
			}
			if place(got, "username") != place(row.text, "username") {
				t.Errorf("the list stands at %q, want %q", place(got, "username"), place(row.text, "username"))
			}
		})
	}
}

// place is line and column of a word, "" when it is not there.
func place(text, word string) string {
	before, _, found := strings.Cut(text, word)
	if !found {
		return ""
	}
	return fmt.Sprintf("%d:%d", strings.Count(before, "\n"), len(before)-strings.LastIndex(before, "\n"))
}

func TestCombinations(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args []string
		want string // "" = accepted
	}{
		"SEC-01: loopback is fine":                            {[]string{"--listen", "127.0.0.2:1"}, ""},
		"SEC-01: IPv6 loopback is fine":                       {[]string{"--listen", "[::1]:8088"}, ""},
		"SEC-01: a .localhost name is fine":                   {[]string{"--listen", "idp.localhost:8088"}, ""},
		"SEC-01: all addresses need --allow-remote":           {[]string{"--listen", "0.0.0.0:8088"}, "other machines can reach"},
		"SEC-01: an empty host is all addresses":              {[]string{"--listen", ":8088"}, "add --allow-remote"},
		"SEC-01: the portal's listener too":                   {[]string{"--portal-listen", "[::]:8089"}, "--portal-listen: portal-listen"},
		"SEC-01: mapped addresses are looked through":         {[]string{"--listen", "[::ffff:10.0.0.1]:8088"}, "other machines"},
		"UX-33: with --allow-remote it is taken":              {[]string{"--listen", "0.0.0.0:8088", "--allow-remote"}, ""},
		"SEC-02: a name under .gov.it is refused":             {[]string{"--base-url", "https://idp.spid.gov.it"}, "SEC-02"},
		"SEC-02: also with a trailing dot and in capitals":    {[]string{"--portal-base-url", "https://X.GOV.IT."}, "SEC-02"},
		"SEC-02: also as a host to answer":                    {[]string{"--allow-host", "www.agid.gov.it"}, "SEC-02"},
		"SEC-02: .gov.it as a middle part is somebody else's": {[]string{"--base-url", "https://gov.it.example"}, ""},
		"base addresses are absolute":                         {[]string{"--base-url", "localhost:8088"}, "want an absolute http or https address"},
		"base addresses have no path":                         {[]string{"--base-url", "http://localhost:8088/idp"}, "want scheme, host and port only"},
		"a trailing slash is no path":                         {[]string{"--base-url", "http://localhost:8088/"}, ""},
		"base addresses have no credentials":                  {[]string{"--base-url", "http://a:b@localhost"}, "want scheme, host and port only"},
		"two listeners on one address are refused":            {[]string{"--portal-listen", "127.0.0.1:8088"}, "want two origins"},
		"port 0 twice is two ports":                           {[]string{"--listen", "127.0.0.1:0", "--portal-listen", "127.0.0.1:0"}, ""},
		"a port past 65535 is refused":                        {[]string{"--listen", "127.0.0.1:65536"}, "want 0 to 65535"},
		"the portal can be left out":                          {[]string{"--portal-listen", "off"}, ""},
		"an SMTP server is host and port":                     {[]string{"--smtp", "localhost:1025"}, ""},
		"an SMTP server without a port is refused":            {[]string{"--smtp", "localhost"}, "--smtp: smtp is \"localhost\", want host:port as localhost:1025"},
		"an SMTP server at port 0 is refused":                 {[]string{"--smtp", "localhost:0"}, "want host:port"},
		"an SMTP server without a host is refused":            {[]string{"--smtp", ":25"}, "want host:port"},
		"durations are positive":                              {[]string{"--login-timeout", "0s"}, "want more than 0s"},
		"counts are positive":                                 {[]string{"--attempts=-1"}, "want more than 0"},
		"limits are positive":                                 {[]string{"--limit-form-bytes=0"}, "want more than 0"},
		"PostgreSQL says honestly that it is not there":       {[]string{"--store", "postgres://u:secret@h/db"}, "not available in this build yet"},
		"another store is refused":                            {[]string{"--store", "mysql://x"}, "want memory: or sqlite:PATH"},
		"memory is a store":                                   {[]string{"--store", "memory:"}, ""},
		"what is not there yet is refused, not ignored":       {[]string{"--seed", "4"}, "--seed: seed is not available in this build yet"},
		"TLS wants https as base address":                     {[]string{"--tls", "--base-url", "http://sim.example"}, "want https: --tls is on"},
		"TLS wants https for the portal too":                  {[]string{"--tls", "--portal-base-url", "HTTP://sim.example"}, "want https: --tls is on"},
		"TLS is taken":                                        {[]string{"--tls", "--base-url", "https://sim.example"}, ""},
		"SEC-01: the listener of the CNS too":                 {[]string{"--tls", "--cns-listen", "0.0.0.0:8090"}, "--cns-listen: cns-listen"},
		"the listener of the CNS needs TLS":                   {[]string{"--cns-listen", "127.0.0.1:9090"}, "needs --tls"},
		"the listener of the CNS is an origin of its own":     {[]string{"--tls", "--cns-listen", "127.0.0.1:8089"}, "want an origin of its own"},
		"the listener of the CNS can be left out":             {[]string{"--tls", "--cns-listen", "off"}, ""},
		"a simulated date is read":                            {[]string{"--clock", "2020-10-15"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(row.args, nil)
			switch {
			case row.want == "" && err != nil:
				t.Errorf("got %v, want no error", err)
			case row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)):
				t.Errorf("got %v, want %q in it", err, row.want)
			case err != nil && strings.Contains(err.Error(), "secret"):
				t.Errorf("the password is repeated: %v", err)
			}
		})
	}
}

func TestAPIToken(t *testing.T) {
	t.Parallel()
	write := func(t *testing.T, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(path, []byte("0123456789abcdef\n"), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Run("SEC-03: it is no flag", func(t *testing.T) {
		t.Parallel()
		if _, err := Load([]string{"--api-token", "0123456789abcdef"}, nil); err == nil {
			t.Error("got no error, want an unknown flag")
		}
	})
	t.Run("SEC-03: a file that others can read is refused and named", func(t *testing.T) {
		t.Parallel()
		path := write(t, 0o644)
		if _, err := Load([]string{"--api-token-file", path}, nil); err == nil || !strings.Contains(err.Error(), path+" has mode 0644, want 0600") {
			t.Errorf("got %v, want the file and its mode", err)
		}
	})
	t.Run("a file of mode 0600 gives it without the line break", func(t *testing.T) {
		t.Parallel()
		c, err := Load([]string{"--api-token-file", write(t, 0o600)}, nil)
		if err != nil || c.APIToken != "0123456789abcdef" {
			t.Errorf("got %v, %v", c, err)
		}
	})
	t.Run("the environment gives it and it is never printed", func(t *testing.T) {
		t.Parallel()
		c, err := Load(nil, env("SPIDSIM_API_TOKEN", "sesame-sesame-sesame"))
		if err != nil || c.APIToken != "sesame-sesame-sesame" {
			t.Fatalf("got %v, %v", c, err)
		}
		var b strings.Builder
		if err := c.Print(&b); err != nil || strings.Contains(b.String(), "sesame") {
			t.Errorf("the token is printed (%v)", err)
		}
	})
	t.Run("a short one is refused without being repeated", func(t *testing.T) {
		t.Parallel()
		if _, err := Load(nil, env("SPIDSIM_API_TOKEN", "sesame")); err == nil || strings.Contains(err.Error(), "sesame") {
			t.Errorf("got %v, want an error without the token", err)
		}
	})
}

func TestBases(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		args      []string
		listening string
		want      string
	}{
		"from the listener, host localhost":            {nil, "", "http://localhost:8088"},
		"with the port that was taken":                 {[]string{"--listen", "127.0.0.1:0"}, "127.0.0.1:41231", "http://localhost:41231"},
		"from base-url when given":                     {[]string{"--base-url", "https://sim.example:9000/"}, "127.0.0.1:1", "https://sim.example:9000"},
		"all addresses are reached by localhost":       {[]string{"--listen", "0.0.0.0:80", "--allow-remote"}, "[::]:80", "http://localhost:80"},
		"one address beyond loopback is reached by it": {[]string{"--listen", "192.0.2.1:80", "--allow-remote"}, "", "http://192.0.2.1:80"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := Load(row.args, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.IdPBase(row.listening); err != nil || got.String() != row.want {
				t.Errorf("got %v, %v, want %s", got, err, row.want)
			}
		})
	}
}

func TestBaseWithTLS(t *testing.T) {
	t.Parallel()
	c := &Config{Listen: "127.0.0.1:8088", TLS: true}
	if got, err := c.IdPBase(""); err != nil || got.String() != "https://localhost:8088" {
		t.Errorf("got %v, %v, want https", got, err)
	}
}

func TestCNSBase(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		c    Config
		want string
	}{
		"localhost with the port in use":      {Config{TLS: true, CNSListen: "127.0.0.1:0"}, "https://localhost:4711"},
		"on the host of the portal":           {Config{TLS: true, CNSListen: "0.0.0.0:0", PortalBaseURL: "https://portal.example"}, "https://portal.example:4711"},
		"whatever the identity providers' is": {Config{TLS: true, CNSListen: "127.0.0.1:0", BaseURL: "https://idp.example"}, "https://localhost:4711"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := row.c.CNSBase("127.0.0.1:4711"); err != nil || got.String() != row.want {
				t.Errorf("got %v, %v, want %s", got, err, row.want)
			}
		})
	}
	for want, c := range map[bool]Config{true: {TLS: true, CNSListen: "127.0.0.1:0"}, false: {CNSListen: "127.0.0.1:0"}} {
		if got := c.AsksForCNS(); got != want {
			t.Errorf("TLS %t: asks for a CNS is %t", c.TLS, got)
		}
	}
}

func TestStoreURL(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ store, want string }{
		"a bare name lies in the data folder":        {"sqlite:spidsim.db", "sqlite:d/spidsim.db"},
		"its options stay":                           {"sqlite:spidsim.db?synchronous=full", "sqlite:d/spidsim.db?synchronous=full"},
		"a path is taken as it is":                   {"sqlite:./x.db", "sqlite:./x.db"},
		"an absolute path with options is taken too": {"sqlite:/var/x.db?synchronous=full", "sqlite:/var/x.db?synchronous=full"},
		"memory stays memory":                        {"memory:", "memory:"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (&Config{Store: row.store, Data: "d"}).StoreURL(); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
}

func TestRaised(t *testing.T) {
	t.Parallel()
	c, err := Load([]string{"--limit-form-bytes=99999999", "--limit-form-fields=1"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(c.Raised(), " "); got != "limit-form-bytes" {
		t.Errorf("raised limits are %q, want limit-form-bytes alone", got)
	}
}
