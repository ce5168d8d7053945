package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// IdPBase returns the base address of the identity providers: base-url, else the listener's address with host localhost.
// listening is the address in use (port 0 resolved); "" takes the configured one.
func (c *Config) IdPBase(listening string) (*url.URL, error) {
	return c.baseOf(c.BaseURL, listening, c.Listen)
}

// PortalBase returns the base address of the sample service provider, like IdPBase.
func (c *Config) PortalBase(listening string) (*url.URL, error) {
	return c.baseOf(c.PortalBaseURL, listening, c.PortalListen)
}

// defaultCNSListen is the default of cns-listen, which means nothing without --tls.
const defaultCNSListen = "127.0.0.1:8090"

// cnsListen is Off unless there is a listener that asks for client certificates: it needs TLS, and a portal to send people to.
func (c *Config) cnsListen() string {
	if !c.TLS || c.PortalListen == Off {
		return Off
	}
	return c.CNSListen
}

// AsksForCNS reports whether there is a listener that asks for client certificates.
func (c *Config) AsksForCNS() bool { return c.cnsListen() != Off }

// CNSBase returns the base address of the listener that asks for client certificates: its port on the host of the portal.
func (c *Config) CNSBase(listening string) (*url.URL, error) {
	u, err := c.baseOf("", listening, c.CNSListen)
	if err != nil || c.PortalBaseURL == "" {
		return u, err
	}
	portal, err := c.PortalBase("")
	if err != nil {
		return nil, err
	}
	u.Host = net.JoinHostPort(portal.Hostname(), u.Port())
	return u, nil
}

// baseOf makes the address. A listener on one address that is not loopback is reached by that address, all others by localhost.
func (c *Config) baseOf(configured, listening, listen string) (*url.URL, error) {
	if configured != "" {
		u, err := url.Parse(strings.TrimSuffix(configured, "/"))
		if err != nil {
			return nil, fmt.Errorf("base address: %w", err)
		}
		u.Path = ""
		return u, nil
	}
	if listening == "" {
		listening = listen
	}
	_, port, err := net.SplitHostPort(listening)
	if err != nil {
		return nil, fmt.Errorf("address of the listener: %w", err)
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, fmt.Errorf("address of the listener: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || LoopbackHost(host) || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	if c.TLS {
		u.Scheme = "https"
	}
	return u, nil
}
