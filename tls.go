package main

import (
	"crypto/rand"
	"errors"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"spidsim/certs"
	"spidsim/internal/web"
	"spidsim/templates/ui"
)

// Names of the TLS keys in the data folder.
const (
	tlsCAName     = "tls-ca"
	tlsServerName = "tls-server"
)

// tlsCAFile is where the certificate of the local authority of a data folder lies.
func tlsCAFile(data string) string { return filepath.Join(data, keysFolder, tlsCAName+".crt") }

// secure makes what --tls needs: authority and certificate for all listeners, and the handler of the one that asks for a CNS.
func (a *app) secure(s *servers) error {
	if !a.cfg.TLS {
		return nil
	}
	dir := filepath.Join(a.cfg.Data, keysFolder)
	now := time.Now() // browsers go by the real date, whatever is simulated
	ca, err := certs.LoadTLSCA(rand.Reader, dir, tlsCAName, now)
	if expired := (*certs.ExpiredError)(nil); errors.As(err, &expired) {
		return usageError("%w\nMove %s.* away to have a new one made, which then has to be trusted anew", err, filepath.Join(dir, tlsCAName))
	}
	if err != nil {
		return err
	}
	cert, err := certs.LoadServer(rand.Reader, dir, tlsServerName, ca, now, a.tlsHosts(s)...)
	if err != nil {
		return err
	}
	s.tls, a.caFile = certs.ServerConfig(cert), tlsCAFile(a.cfg.Data)
	if s.cnsBase == nil {
		return nil
	}
	a.cnsBase, s.cnsTLS = s.cnsBase, certs.AskForCNS(cert, a.federation().CNSAuthority())
	return a.makeCNS(a.playing.Load())
}

// tlsHosts are the names that the server certificate is for: this machine's, those of the base addresses and those of --allow-host.
func (a *app) tlsHosts(s *servers) []string {
	hosts := []string{"localhost", "*.localhost", "127.0.0.1", "::1"}
	for _, u := range []*url.URL{s.base, s.portalBase, s.cnsBase} {
		if u != nil {
			hosts = append(hosts, u.Hostname())
		}
	}
	for _, h := range a.cfg.AllowHost {
		if name, _, err := net.SplitHostPort(h); err == nil {
			h = name
		}
		hosts = append(hosts, h)
	}
	slices.Sort(hosts[4:])
	var once []string
	for _, h := range hosts {
		if !slices.Contains(once, h) {
			once = append(once, h)
		}
	}
	return once
}

// makeCNS makes the handler of the listener that asks for client certificates. It stands apart, since browsers ask their people which
// certificate to show as soon as they connect.
func (a *app) makeCNS(c *cast) (err error) {
	if a.cnsBase == nil {
		return nil
	}
	r := mux.NewRouter().SkipClean(true)
	r.NotFoundHandler = web.NotFoundHandler()
	r.PathPrefix(ui.AssetsPath).Handler(ui.AssetHandler())
	r.PathPrefix("/").Handler(c.federation.CNSEntry(a.portalBase.String(), a.base.String()))
	c.cns, err = web.Handler(r, a.webOptions(a.cnsBase, nil, nil, nil))
	return err
}
