package admin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// Bounds of a fetch (D-10, SEC-65).
const (
	fetchTimeout   = 10 * time.Second
	fetchBytes     = 1 << 20
	fetchHeader    = 64 << 10
	fetchRedirects = 3
)

// Resolver turns a host name into addresses. *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// FetchOptions says how far Fetch may reach. The zero value reaches loopback and private addresses.
type FetchOptions struct {
	AllowRemote bool           // public addresses too
	Resolver    Resolver       // nil is that of the system
	Timeout     time.Duration  // of the whole fetch, 10 s
	MaxBytes    int64          // of the body, 1 MiB
	Roots       *x509.CertPool // trusted authorities; nil are those of the system
}

// Values of Fetched.Untrusted.
const (
	certSelfSigned = "self-signed certificate"
	certUnknown    = "certificate of an unknown authority or for another name"
)

// Fetched is a document that was read from an address.
type Fetched struct {
	Body []byte
	// Untrusted says why the certificate of the server proves nothing; "" when it does or when there was no TLS. It happens on loopback and private addresses only: elsewhere it is an error.
	Untrusted string
}

// Fetch reads a metadata document from an address (D-10): http or https to loopback, private addresses and container names; never to
// link-local addresses and metadata services; public ones only with AllowRemote. Addresses are checked when the connection is
// made, so that a name cannot resolve to another one in between. Errors are *FetchError.
func Fetch(ctx context.Context, address string, o FetchOptions) (*Fetched, error) {
	o = o.withDefaults()
	u, err := fetchable(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	f := &fetch{FetchOptions: o}
	body, err := f.get(ctx, u)
	if err != nil {
		return nil, classify(ctx, err)
	}
	return &Fetched{Body: body, Untrusted: f.untrusted}, nil
}

func (o FetchOptions) withDefaults() FetchOptions {
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Timeout <= 0 {
		o.Timeout = fetchTimeout
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = fetchBytes
	}
	return o
}

// fetch is one Fetch under way.
type fetch struct {
	FetchOptions
	untrusted string
}

func (f *fetch) get(ctx context.Context, u *url.URL) ([]byte, error) {
	transport := &http.Transport{ // no Proxy: the environment has no say
		DialContext: f.dial, DialTLSContext: f.dialTLS, DisableKeepAlives: true, DisableCompression: true,
		MaxResponseHeaderBytes: fetchHeader, TLSHandshakeTimeout: f.Timeout,
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: sameHost}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	return f.read(resp)
}

func (f *fetch) read(resp *http.Response) ([]byte, error) {
	if resp.StatusCode != http.StatusOK {
		return nil, &FetchError{Problem: FetchStatus, Detail: fmt.Sprintf("the address answers with status %d, want 200", resp.StatusCode)}
	}
	if !maybeXML(resp.Header.Get("Content-Type")) {
		return nil, &FetchError{Problem: FetchType, Detail: "the address answers with something else than XML, want application/samlmetadata+xml"}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, f.MaxBytes+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > f.MaxBytes {
		return nil, &FetchError{Problem: FetchSize, Detail: fmt.Sprintf("the document is larger than %d octets", f.MaxBytes)}
	}
	return body, nil
}

// maybeXML takes every type under which servers hand out metadata files; whether it is XML the parser will say.
func maybeXML(contentType string) bool {
	if contentType == "" {
		return true
	}
	kind, _, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
		return false
	case kind == "application/xml", kind == "text/xml", kind == "text/plain", kind == "application/octet-stream":
		return true
	}
	return strings.HasSuffix(kind, "+xml") && kind != "application/xhtml+xml" && kind != "image/svg+xml"
}

// sameHost lets a redirect stay where it is, or go from http to https there.
func sameHost(req *http.Request, via []*http.Request) error {
	refuse := func(why string) error { return &FetchError{Problem: FetchRedirect, Detail: why} }
	if len(via) > fetchRedirects {
		return refuse(fmt.Sprintf("the address redirects more than %d times", fetchRedirects))
	}
	to, from := req.URL, via[len(via)-1].URL
	upgrade := from.Scheme == "http" && to.Scheme == "https" && strings.EqualFold(to.Hostname(), from.Hostname())
	stays := from.Scheme == to.Scheme && strings.EqualFold(to.Host, from.Host)
	if to.User != nil || !upgrade && !stays {
		return refuse("the address redirects to another host, want the document itself: give its own address")
	}
	return nil
}

func (f *fetch) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	all, err := f.resolve(ctx, host)
	if err != nil {
		return nil, err
	}
	return f.dialAny(ctx, network, port, all)
}

// dialAny tries the permitted addresses of a host in order. The socket checks once more, so that nothing between here and
// there can change the address.
func (f *fetch) dialAny(ctx context.Context, network, port string, all []netip.Addr) (conn net.Conn, err error) {
	d := net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		return f.permit(to.Addr())
	}}
	for _, a := range all {
		if err = f.permit(a); err != nil {
			continue
		}
		conn, err = d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
	}
	return nil, err
}

func (f *fetch) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") { // RFC 6761, 6.3: never asked of a server
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}, nil
	}
	all, err := f.Resolver.LookupNetIP(ctx, "ip", host)
	if err != nil || len(all) == 0 {
		return nil, &FetchError{Problem: FetchUnknown, Detail: "the name of the host does not resolve", Err: err}
	}
	return all, nil
}

// dialTLS accepts any certificate of a loopback or private address and remembers that it proves nothing (D-10).
func (f *fetch) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	raw, err := f.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		raw.Close()
		return nil, err
	}
	conn := tls.Client(raw, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: true}) // verified below
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, err
	}
	if err := f.trust(conn, host); err != nil {
		raw.Close()
		return nil, err
	}
	return conn, nil
}

func (f *fetch) trust(conn *tls.Conn, host string) error {
	chain := conn.ConnectionState().PeerCertificates
	others := x509.NewCertPool()
	for _, c := range chain[1:] {
		others.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{DNSName: host, Roots: f.Roots, Intermediates: others})
	if err == nil {
		return nil
	}
	if to, e := netip.ParseAddrPort(conn.RemoteAddr().String()); e != nil || !near(to.Addr().Unmap()) {
		return &FetchError{Problem: FetchTLS, Detail: "the certificate of the server proves nothing", Err: err}
	}
	f.untrusted = certUnknown
	if chain[0].CheckSignatureFrom(chain[0]) == nil || chain[0].Issuer.String() == chain[0].Subject.String() {
		f.untrusted = certSelfSigned
	}
	return nil
}
