package admin

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"

	"software.sslmate.com/src/go-pkcs12"

	"spidsim/idp"
	"spidsim/internal/web"
)

// getCNS hands out the CNS of a person as software (D-20): what write makes of it, under the name of a file.
func (a *Admin) getCNS(ending, kind string, write func(*idp.CNSFile) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, err := a.fed.ExportCNS(r.Context(), segment(r, "username"))
		var body []byte
		if err == nil {
			body, err = write(f)
		}
		if err != nil {
			web.Fail(w, r, missingAs(err, "user of that name with a CNS"))
			return
		}
		a.log.Info("CNS exported", "card", f.Card.ID, "user", f.Card.Username, "as", ending)
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", `attachment; filename="cns-`+fileName(f.Card.Username)+ending+`"`)
		w.Header().Set("Cache-Control", "no-store") // it holds a key
		_, _ = w.Write(body)                        // a client that left is no error of ours
	}
}

// fileName keeps of a user name what no header and no file system minds.
func fileName(username string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, username)
}

// cnsPKCS12 is the file that browsers import: key, certificate and authority. Its password is the PIN of the card.
func cnsPKCS12(f *idp.CNSFile) ([]byte, error) {
	body, err := pkcs12.Modern.Encode(f.Key, f.Cert, []*x509.Certificate{f.Authority}, f.Card.PIN)
	if err != nil {
		return nil, fmt.Errorf("writing PKCS #12: %w", err)
	}
	return body, nil
}

// cnsPEM is the file for curl --cert: certificate and key, the key unencrypted.
func cnsPEM(f *idp.CNSFile) ([]byte, error) {
	key, err := x509.MarshalPKCS8PrivateKey(f.Key)
	if err != nil {
		return nil, fmt.Errorf("writing the key: %w", err)
	}
	var b bytes.Buffer
	for _, block := range []*pem.Block{{Type: "CERTIFICATE", Bytes: f.Cert.Raw}, {Type: "PRIVATE KEY", Bytes: key}} {
		if err := pem.Encode(&b, block); err != nil {
			return nil, fmt.Errorf("writing PEM: %w", err)
		}
	}
	return b.Bytes(), nil
}
