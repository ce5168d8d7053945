package main

import (
	"net/http"
	"net/url"
	"os"
)

type userCNSCmd struct {
	server
	Username string `arg:"" help:"User name."`
	P12      bool   `name:"p12" help:"PKCS #12; its password is the PIN of the card. Without it: PEM."`
	Out      string `name:"out" short:"o" default:"-" placeholder:"FILE" help:"Where to write it, mode 0600; - is standard output."`
}

// Help implements kong.HelpProvider.
func (*userCNSCmd) Help() string {
	return example("spidsim user cns lucia.verdi -o lucia.pem", "curl --cacert .spidsim/keys/tls-ca.crt --cert lucia.pem https://localhost:8090/entra")
}

// Run writes the file.
func (c *userCNSCmd) Run(p *program) error {
	a, err := c.client(p)
	if err != nil {
		return err
	}
	ending := ".pem"
	if c.P12 {
		ending = ".p12"
	}
	body, err := a.call(http.MethodGet, "/api/v1/users/"+url.PathEscape(c.Username)+"/cns"+ending, nil, nil)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		_, err = p.out.Write(body)
		return err
	}
	if err := os.WriteFile(c.Out, body, 0o600); err != nil {
		return usageError("writing the CNS: %w", err)
	}
	return nil
}
