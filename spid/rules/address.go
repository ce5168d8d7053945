package rules

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
)

// AcceptableAddress reports whether an address from metadata may be posted to: absolute, http or https, with a
// host, without user and control characters (SEC-69). Plain http passes only where nothing leaves the machine or
// the laboratory: loopback and private addresses, localhost, .localhost, .test, .example, .internal and names of
// one label, as containers have (UX-35).
func AcceptableAddress(address string) bool {
	if strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || r == '\\' || r == '\ufffd' }) {
		return false
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Opaque != "" || u.Hostname() == "" || u.Fragment != "" {
		return false
	}
	// The scheme is compared as written: whoever reads the address next may not fold its case.
	switch {
	case strings.HasPrefix(address, "https://"):
		return true
	case strings.HasPrefix(address, "http://"):
		return laboratory(u.Hostname())
	}
	return false
}

// laboratory reports whether a host cannot be one of the public network.
func laboratory(host string) bool {
	host = strings.ToLower(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsLoopback() || ip.IsPrivate()
	}
	if !strings.Contains(host, ".") {
		return !strings.ContainsFunc(host, func(r rune) bool { return r == ':' }) && !numeric(host)
	}
	for _, suffix := range []string{".localhost", ".test", ".example", ".internal"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

// numeric reports whether a resolver might read the name as one number: 2130706433 and 0x7f000001 are 127.0.0.1,
// and any other number is an address somewhere.
func numeric(host string) bool {
	return host != "" && host[0] >= '0' && host[0] <= '9'
}
