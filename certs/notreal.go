package certs

import (
	"fmt"
	"net/url"
	"strings"
)

// realEntities are the entityIDs of the gestori in the public SPID registry (saml-profile.md section 5 and the
// registry's metadata).
var realEntities = []string{
	"https://id.eht.eu",
	"https://id.lepida.it/idp/shibboleth",
	"https://identity.infocert.it",
	"https://identity.sieltecloud.it",
	"https://idp.intesigroup.com",
	"https://idp.namirialtsp.com/idp",
	"https://login.id.tim.it/affwebservices/public/saml2sso",
	"https://loginspid.aruba.it",
	"https://loginspid.infocamere.it",
	"https://posteid.poste.it",
	"https://spid.intesa.it",
	"https://spid.register.it",
	"https://spid.teamsystem.com/idp",
}

// realDomains are the domains under which those gestori live, and that of the public administration.
var realDomains = []string{
	"gov.it",
	"aruba.it", "eht.eu", "infocamere.it", "infocert.it", "intesa.it", "intesigroup.com", "lepida.it",
	"namirialtsp.com", "poste.it", "register.it", "sieltecloud.it", "teamsystem.com", "tim.it",
}

// CheckNotReal refuses an entityID or base URL that belongs to the public SPID registry, or whose host lies under
// gov.it or a real gestore's domain: a simulation must never be taken for it (SEC-02, UX-34).
func CheckNotReal(entityID string) error {
	for _, known := range realEntities {
		if strings.EqualFold(strings.TrimRight(strings.TrimSpace(entityID), "/"), known) {
			return fmt.Errorf("%q is a real identity provider of the public SPID registry, want a name of your own (SEC-02)", entityID)
		}
	}
	host := hostOf(entityID)
	for _, domain := range realDomains {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return fmt.Errorf("%q lies under the real domain %s, want a name of your own (SEC-02)", entityID, domain)
		}
	}
	return nil
}

// hostOf returns the host that an identifier names, lower case and without a final dot; "" when it names none. What
// lacks a scheme is read as starting with its host.
func hostOf(id string) string {
	id = strings.TrimSpace(id)
	if !strings.Contains(id, "://") {
		id = "//" + strings.TrimLeft(id, "/")
	}
	u, err := url.Parse(id)
	if err != nil {
		return ""
	}
	return strings.TrimRight(strings.ToLower(u.Hostname()), ".")
}
