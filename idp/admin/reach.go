package admin

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Addresses are sorted into three kinds, by the address alone and at the moment of the connection (D-10):
// near ones are fetched from, never ones are not, and the rest is public and needs AllowRemote.

// never holds what no service of a developer listens on, and what must not be reached by asking somebody else: link-local addresses and
// the metadata services of hosting platforms, which hand out credentials; and ranges that carry an IPv4 address inside, since a
// translator on the way would unwrap it behind our back.
var never = prefixes(
	"0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4",
	"192.0.0.192/32",     // metadata service
	"100.100.100.200/32", // metadata service
	"168.63.129.16/32",   // platform address of a hosting provider
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
	"fe80::/10", "fec0::/10", "ff00::/8",
	"fd00:ec2::/32", "fd20:ce::/32", // metadata services
)

// nearby is this machine, and private networks such as those of containers.
var nearby = prefixes("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

func within(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// near reports loopback and private addresses. ::1 lies within ::/96, so near is asked first for it.
func near(a netip.Addr) bool {
	return a == netip.IPv6Loopback() || within(nearby, a) && !within(never, a)
}

// permit says whether a connection to a may be made. Errors are *FetchError.
func (f *fetch) permit(a netip.Addr) error {
	if a.Zone() != "" {
		return &FetchError{Problem: FetchRefused, Detail: "the address has a zone, want none"}
	}
	a = a.Unmap() // ::ffff:127.0.0.1 is 127.0.0.1
	switch {
	case near(a):
		return nil
	case within(never, a):
		return &FetchError{Problem: FetchRefused, Detail: "the host has an address that is never fetched from (link-local, metadata service or reserved)"}
	case !f.AllowRemote:
		return &FetchError{Problem: FetchRemote, Detail: "the host has a public address, want a loopback or private one: --allow-remote-fetch permits it"}
	}
	return nil
}

// fetchable parses an address and refuses what no metadata address has.
func fetchable(address string) (*url.URL, error) {
	refuse := func(why string) (*url.URL, error) { return nil, &FetchError{Problem: FetchAddress, Detail: why} }
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil:
		return refuse("the address is not well formed")
	case u.Scheme != "http" && u.Scheme != "https":
		return refuse(fmt.Sprintf("the address has the scheme %q, want http or https", clip(u.Scheme, 32)))
	case u.User != nil:
		return refuse("the address holds a user name, want none")
	case u.Hostname() == "":
		return refuse("the address has no host")
	case strings.Contains(u.Hostname(), "%"):
		return refuse("the address has an IPv6 zone, want none")
	case !validPort(u.Port()):
		return refuse("the address has no valid port")
	case oddNumber(u.Hostname()):
		return refuse("the host looks like a number, want an address in its usual form or a name")
	}
	return u, nil
}

func validPort(port string) bool {
	n, err := strconv.Atoi(port)
	return port == "" || err == nil && n > 0 && n < 65536
}

// oddNumber reports hosts such as 2130706433, 0177.0.0.1 or 0x7f.1, which some resolvers take for addresses: whose last
// part is a number although the whole is no address.
func oddNumber(host string) bool {
	if _, err := netip.ParseAddr(host); err == nil {
		return false
	}
	host = strings.TrimSuffix(host, ".")
	last := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	_, err := strconv.ParseUint(strings.TrimPrefix(last, "0x"), 16, 64)
	return err == nil && (strings.HasPrefix(last, "0x") || strings.Trim(last, "0123456789") == "") || last == "0x"
}
