package handoff

import (
	"crypto/x509"
	"time"

	"spidsim/saml"
)

// Profile says whether the people that a portal hands over have been identified before (ONB-82).
type Profile string

// Profiles, as idReuseProfileType writes them.
const (
	NotVerified Profile = "notverified" // the gestore still has to identify the person: the way of the PIN
	Verified    Profile = "verified"    // identified before, with papers that the portal keeps
)

// Portal is what a portal declares of itself (ONB-81). The names of the elements are given beside.
type Portal struct {
	ReuseInfoPage        string            // idReuseInfoPage, about the procedure
	ReuseStart, ReuseEnd time.Time         // idReuseStartDate, idReuseEndDate: UTC
	Profile              Profile           // idReuseProfileType
	Code                 string            // spCode, unique in the circuit; Issuer of hand-offs
	Name                 string            // spName, shown to the person
	InfoPage             string            // spInfoPage, where synchronous answers go
	EndpointResult       string            // spEndpointResult, where asynchronous answers go
	Signing              *x509.Certificate // spSigningCert, of the key that signs hand-offs
	Encryption           *x509.Certificate // spEncryptionCert, of the key that opens answers
}

// Names of the elements, in the order of the note.
const (
	idReuseInfoPage    = "idReuseInfoPage"
	idReuseStartDate   = "idReuseStartDate"
	idReuseEndDate     = "idReuseEndDate"
	idReuseProfileType = "idReuseProfileType"
	spCode             = "spCode"
	spName             = "spName"
	spInfoPage         = "spInfoPage"
	spEndpointResult   = "spEndpointResult"
	spSigningCert      = "spSigningCert"
	spEncryptionCert   = "spEncryptionCert"
	infoElement        = "info"
	serviceProvider    = "serviceProvider"
)

// Sign returns the descriptor as a signed document; key is that of Signing, id an NCName.
func (p *Portal) Sign(id string, key *saml.Key, now time.Time) ([]byte, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	root := newDescriptor(id)
	addFields(root, infoElement,
		field{idReuseInfoPage, p.ReuseInfoPage}, field{idReuseStartDate, saml.FormatTime(p.ReuseStart)},
		field{idReuseEndDate, saml.FormatTime(p.ReuseEnd)}, field{idReuseProfileType, string(p.Profile)})
	addFields(root, serviceProvider,
		field{spCode, p.Code}, field{spName, p.Name}, field{spInfoPage, p.InfoPage}, field{spEndpointResult, p.EndpointResult},
		field{spSigningCert, certificateText(p.Signing)}, field{spEncryptionCert, certificateText(p.Encryption)})
	return signDescriptor(root, key, p.Signing, now)
}

// ReadPortal reads and verifies the descriptor of a portal (ONB-81): signed by the key it declares, certificates
// valid at now. Whether the dates include now is not judged here but when a hand-off comes. Errors are *Error.
func ReadPortal(octets []byte, now time.Time) (*Portal, error) {
	root, err := verifyDescriptor(octets, now, serviceProvider, spSigningCert)
	if err != nil {
		return nil, err
	}
	if err := shape(root, infoElement, serviceProvider); err != nil {
		return nil, err
	}
	info, err := fields(saml.Child(root, "", infoElement), idReuseInfoPage, idReuseStartDate, idReuseEndDate, idReuseProfileType)
	if err != nil {
		return nil, err
	}
	el := saml.Child(root, "", serviceProvider)
	v, err := fields(el, spCode, spName, spInfoPage, spEndpointResult, spSigningCert, spEncryptionCert)
	if err != nil {
		return nil, err
	}
	p := &Portal{
		ReuseInfoPage: info[idReuseInfoPage], Profile: Profile(info[idReuseProfileType]),
		Code: v[spCode], Name: v[spName], InfoPage: v[spInfoPage], EndpointResult: v[spEndpointResult],
	}
	if p.ReuseStart, err = readDate(idReuseStartDate, info); err != nil {
		return nil, err
	}
	if p.ReuseEnd, err = readDate(idReuseEndDate, info); err != nil {
		return nil, err
	}
	if p.Signing, err = readCertificate(el, spSigningCert); err != nil {
		return nil, err
	}
	if p.Encryption, err = readCertificate(el, spEncryptionCert); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

func readDate(name string, info map[string]string) (time.Time, error) {
	t, err := saml.ParseTime(info[name])
	if err != nil {
		return time.Time{}, malformed(name, info[name], "UTC as 2006-01-02T15:04:05Z")
	}
	return t, nil
}

func (p *Portal) check() error {
	return firstError(
		checkAddress(idReuseInfoPage, p.ReuseInfoPage), p.checkDates(), p.checkProfile(),
		checkText(spCode, p.Code), checkText(spName, p.Name),
		checkAddress(spInfoPage, p.InfoPage), checkAddress(spEndpointResult, p.EndpointResult),
		checkCertificate(spSigningCert, p.Signing), checkCertificate(spEncryptionCert, p.Encryption),
	)
}

func (p *Portal) checkDates() error {
	if p.ReuseStart.IsZero() || !p.ReuseEnd.After(p.ReuseStart) {
		return malformed(idReuseEndDate, saml.FormatTime(p.ReuseEnd), "an end after the start at "+saml.FormatTime(p.ReuseStart))
	}
	return nil
}

func (p *Portal) checkProfile() error {
	if p.Profile != NotVerified && p.Profile != Verified {
		return malformed(idReuseProfileType, string(p.Profile), string(NotVerified)+" or "+string(Verified))
	}
	return nil
}

// openAt reports whether the procedure of the portal runs at that time, bounds included.
func (p *Portal) openAt(t time.Time) bool { return !t.Before(p.ReuseStart) && !t.After(p.ReuseEnd) }
