package certs

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"slices"
	"time"
)

// renewDays is how long before its end a server certificate is made anew.
const renewDays = 30

// LoadTLSCA returns the local authority for --tls of the folder dir, made on first use under name. One that will not outlast a new server
// certificate by then is an *ExpiredError: a new authority would have to be trusted anew, so moving it away is for people.
func LoadTLSCA(random io.Reader, dir, name string, now time.Time) (Authority, error) {
	key, cert, err := LoadOrMake(dir, name, now, func() (crypto.Signer, []byte, error) {
		ca, err := NewTLSCA(random, "spidsim, autorità TLS locale di prova", now)
		if err != nil {
			return nil, nil, err
		}
		return ca.Key, ca.Cert.Raw, nil
	})
	if err != nil {
		return Authority{}, err
	}
	return Authority{Cert: cert, Key: key}, nil
}

// LoadServer returns key and certificate of a TLS server for hosts, kept in the folder dir under name. What is kept is used again while ca
// issued it, it names just these hosts and has more than 30 days left; else a new one takes its place.
func LoadServer(random io.Reader, dir, name string, ca Authority, now time.Time, hosts ...string) (tls.Certificate, error) {
	p := pair{dir: dir, name: name}
	if err := p.prepare(); err != nil {
		return tls.Certificate{}, err
	}
	if key, cert, ok := p.reusable(ca, now, hosts); ok {
		return asTLS(key, cert, ca), nil
	}
	key, der, err := NewServer(random, ca, now, hosts...)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := p.save(key, der); err != nil {
		return tls.Certificate{}, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, err
	}
	return asTLS(key, cert, ca), nil
}

// reusable loads the pair if it is there and still good. Whatever is wrong with it, a new one costs nothing and nobody trusts the old one
// by itself.
func (p pair) reusable(ca Authority, now time.Time, hosts []string) (crypto.Signer, *x509.Certificate, bool) {
	if there, err := p.exists(); err != nil || !there {
		return nil, nil, false
	}
	key, cert, err := p.load(now)
	var expired *ExpiredError
	if err != nil && !errors.As(err, &expired) || cert == nil {
		return nil, nil, false
	}
	good := cert.CheckSignatureFrom(ca.Cert) == nil && now.AddDate(0, 0, renewDays).Before(cert.NotAfter) && !now.Before(cert.NotBefore)
	return key, cert, good && sameHosts(cert, hosts)
}

func sameHosts(cert *x509.Certificate, hosts []string) bool {
	named := slices.Clone(cert.DNSNames)
	for _, ip := range cert.IPAddresses {
		named = append(named, ip.String())
	}
	var want []string
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			h = ip.String()
		}
		want = append(want, h)
	}
	slices.Sort(named)
	slices.Sort(want)
	return slices.Equal(named, want)
}

func asTLS(key crypto.Signer, cert *x509.Certificate, ca Authority) tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{cert.Raw, ca.Cert.Raw}, PrivateKey: key, Leaf: cert}
}

// ServerConfig is the TLS side of a listener, from TLS 1.2 on.
func ServerConfig(cert tls.Certificate) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
}

// AskForCNS is ServerConfig for the listener that asks its clients for a certificate which ca issued. TLS makes sure that a
// client has the key of what it shows and no more: whoever answers must verify the certificate with ReadCNS. It does not insist, so
// that people without a certificate can be told what is missing.
func AskForCNS(cert tls.Certificate, ca *x509.Certificate) *tls.Config {
	c := ServerConfig(cert)
	c.ClientAuth = tls.RequestClientCert
	c.ClientCAs = x509.NewCertPool()
	c.ClientCAs.AddCert(ca)
	c.SessionTicketsDisabled = true // each connection shows its card: taking it out has effect at once
	return c
}
