package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"spidsim/idp"
)

// readyLine is the line that means "ready". It never changes.
const readyLine = "spidsim ready"

// bannerUsers show the three ways a login ends best, at levels 1, 2 and 3.
var bannerUsers = []string{"lucia.verdi", "loretta.qualzeni", "ivo.xandrelli"}

// banner says in under twenty lines what a newcomer needs (UX-90).
func (a *app) banner(out io.Writer) {
	p, _ := a.federation().Provider(idp.DefaultSlug)
	cert := p.Key().Cert
	line := func(key, format string, args ...any) {
		fmt.Fprintf(out, "  %-12s %s\n", key+":", fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(out, "spidsim %s: SIMULATOR, no real data, no real service\n", versionString())
	line("open", "%s (console)", a.base)
	if a.portalBase != nil {
		line("portal", "%s (people come in here); %[1]s%s tries an integration", a.portalBase, developersHome)
	}
	if a.caFile != "" {
		line("TLS", "trust %s once in your browser; curl --cacert, spidsim --ca", a.caFile)
	}
	if a.cnsBase != nil {
		line("CNS", "%s/entra asks for a certificate; import one from %s/api/v1/users/lucia.verdi/cns.p12", a.cnsBase, a.base)
	}
	line("metadata", "%s/metadata", p.EntityID)
	line("entityID", "%s", p.EntityID)
	line("certificate", "SHA-256 %s, until %s", fingerprint(cert.Raw), cert.NotAfter.Format("2006-01-02"))
	line("people", "%s; password prova; all of them: %s/persone", strings.Join(bannerUsers, ", "), a.base)
	line("your SP", "spidsim serve --sp metadata.xml, or %s/servizi", a.base)
	line("data", "%s, store %s", a.cfg.Data, a.cfg.Store)
	if a.cfg.SMTP != "" {
		line("e-mail", "also to %s, reserved domains only", a.cfg.SMTP)
	}
	if date := a.simulatedDate(); date != "" {
		line("date", "%s, simulated; the real one: curl -X DELETE %s/api/v1/clock", date, a.base)
	}
	line("mode", "%s, %s", a.cfg.Mode, map[bool]string{true: "relaxed", false: "strict"}[a.cfg.Relaxed()])
	if remote := a.cfg.Remote(); len(remote) > 0 {
		line("WARNING", "other machines reach %s: whoever does can log in as anybody", strings.Join(remote, ", "))
	}
	for i, r := range a.refused {
		if i == 5 {
			line("refused", "and %d more, see %s/servizi and the log", len(a.refused)-i, a.base)
			break
		}
		line("refused", "%s", r)
	}
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return strings.ToUpper(fmt.Sprintf("%x", sum))
}
