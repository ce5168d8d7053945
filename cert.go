package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"spidsim/certs"
)

// certCmd is spidsim cert ….
type certCmd struct {
	SP         certSPCmd         `cmd:"" name:"sp" help:"Self-signed seal of a service provider."`
	IdP        certIdPCmd        `cmd:"" name:"idp" help:"Self-signed seal of an identity provider."`
	Federation certFederationCmd `cmd:"" name:"federation" help:"Key and request (CSR) for a certificate of the federation, for a private service provider."`
}

// sealFlags are the subject and the files of a seal (CERT-10 to CERT-15).
type sealFlags struct {
	EntityID     string `name:"entity-id" placeholder:"URI" help:"entityID of the metadata, character by character (CERT-12)."`
	CommonName   string `name:"common-name" placeholder:"NAME" help:"Short name, as OrganizationDisplayName (CERT-10)."`
	Organization string `name:"organization" placeholder:"NAME" help:"Full legal name, as OrganizationName (CERT-11)."`
	OrgID        string `name:"org-id" placeholder:"ID" help:"organizationIdentifier: PA:IT-c_h501, VATIT-12345678903 or CF:IT-… (CERT-13)."`
	Locality     string `name:"locality" placeholder:"CITY" help:"City of the registered office (CERT-15)."`
	Country      string `name:"country" default:"IT" help:"Country of the registered office, two letters (CERT-14)."`
	Bits         int    `name:"bits" default:"3072" help:"Length of the RSA key: 2048, 3072 or 4096 (CERT-01)."`
	Out          string `name:"out" default:"." placeholder:"DIR" help:"Folder for the files."`
	Force        bool   `name:"force" help:"Overwrite files that are there."`
}

func (f sealFlags) subject(kind certs.Kind) certs.Subject {
	return certs.Subject{CommonName: f.CommonName, Organization: f.Organization, EntityID: f.EntityID, OrganizationIdentifier: f.OrgID,
		Country: f.Country, Locality: f.Locality, Kind: kind, Bits: f.Bits}
}

const subjectExample = `--entity-id https://sp.example --common-name Prova --organization 'Ente di prova' --org-id PA:IT-c_z999 --locality Roma`

type certSPCmd struct {
	sealFlags
	Sector string `name:"sector" default:"public" enum:"public,private" help:"Sector of the service provider: ${enum} (CERT-51, CERT-52)."`
	Days   int    `name:"days" default:"730" help:"Validity in days (CERT-63)."`
}

// Help implements kong.HelpProvider.
func (*certSPCmd) Help() string {
	return "Writes sp.key and sp.crt. The certificate says TEST in its subject.\n\n" + example("spidsim cert sp "+subjectExample)
}

// Run makes the pair.
func (c *certSPCmd) Run(p *program) error {
	kind := certs.SPPublic
	if c.Sector == "private" {
		kind = certs.SPPrivate
	}
	return c.selfSigned(p, "sp", kind, c.Days)
}

type certIdPCmd struct {
	sealFlags
	Days int `name:"days" default:"730" help:"Validity in days (CERT-63)."`
}

// Help implements kong.HelpProvider.
func (*certIdPCmd) Help() string {
	return "Writes idp.key and idp.crt. The certificate says TEST in its subject.\n\n" +
		example("spidsim cert idp --entity-id https://idp.example --common-name Prova --organization 'Gestore di prova' --org-id VATIT-12345678903 --locality Roma")
}

// Run makes the pair.
func (c *certIdPCmd) Run(p *program) error { return c.selfSigned(p, "idp", certs.IdP, c.Days) }

type certFederationCmd struct{ sealFlags }

// Help implements kong.HelpProvider.
func (*certFederationCmd) Help() string {
	return "Writes federation.key and federation.csr; the SHA-256 of the request goes with it (CERT-61, CERT-66).\n\n" +
		example("spidsim cert federation --entity-id https://sp.example --common-name Prova --organization 'Prova S.p.A.' --org-id VATIT-12345678903 --locality Roma")
}

// Run makes key and request.
func (c *certFederationCmd) Run(p *program) error {
	subject := c.subject(certs.Federation)
	if err := subject.Validate(); err != nil {
		return usageError("subject of the request: %w", err)
	}
	key, err := rsa.GenerateKey(rand.Reader, c.Bits)
	if err != nil {
		return fmt.Errorf("making an RSA key: %w", err)
	}
	der, digest, err := certs.NewCSR(key, subject)
	if err != nil {
		return err
	}
	keyFile, requestFile, err := c.write("federation", key, "csr", "CERTIFICATE REQUEST", der)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "key:      %s (mode 0600, keep it)\nrequest:  %s\nsha256:   %x (of the request's DER)\nfile:     %x (SHA-256 of the file)\n",
		keyFile, requestFile, digest, sha256.Sum256(pemText("CERTIFICATE REQUEST", der)))
	return err
}

func (f sealFlags) selfSigned(p *program, name string, kind certs.Kind, days int) error {
	subject := f.subject(kind)
	if err := subject.Validate(); err != nil {
		return usageError("subject of the certificate: %w", err)
	}
	if days < 1 {
		return usageError("--days is %d, want at least 1", days)
	}
	now := time.Now().UTC()
	key, der, err := certs.NewSigning(rand.Reader, subject, now, now.AddDate(0, 0, days))
	if err != nil {
		return err
	}
	keyFile, certFile, err := f.write(name, key, "crt", "CERTIFICATE", der)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.out, "key:          %s (RSA %d, mode 0600, keep it)\ncertificate:  %s\nvalid until:  %s\nsha256:       %x\n",
		keyFile, key.N.BitLen(), certFile, now.AddDate(0, 0, days).Format(time.DateOnly), sha256.Sum256(der))
	return err
}

// write puts key and public part into the folder. Neither file is touched when one of them is there already.
func (f sealFlags) write(name string, key *rsa.PrivateKey, ending, kind string, der []byte) (keyFile, publicFile string, err error) {
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", "", fmt.Errorf("encoding the key: %w", err)
	}
	if err := os.MkdirAll(f.Out, 0o700); err != nil {
		return "", "", usageError("--out: %w", err)
	}
	keyFile, publicFile = filepath.Join(f.Out, name+".key"), filepath.Join(f.Out, name+"."+ending)
	for _, file := range []string{keyFile, publicFile} {
		if _, err := os.Lstat(file); err == nil && !f.Force {
			return "", "", usageError("%s is there already; --force overwrites it", file)
		} else if err != nil && !os.IsNotExist(err) {
			return "", "", usageError("%w", err)
		}
	}
	if err := writeWhole(keyFile, pemText("PRIVATE KEY", keyDER)); err != nil {
		return "", "", err
	}
	if err := writeWhole(publicFile, pemText(kind, der)); err != nil {
		return "", "", err
	}
	return keyFile, publicFile, os.Chmod(publicFile, fs.FileMode(0o644))
}

func pemText(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
