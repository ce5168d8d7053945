package admin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const smallXML = `<?xml version="1.0"?><a/>`

// LookupNetIP implements Resolver.
func (n *names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	lists := n.lists[host]
	if len(lists) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	if len(lists) > 1 {
		n.lists[host] = lists[1:]
	}
	var out []netip.Addr
	for _, s := range lists[0] {
		out = append(out, netip.MustParseAddr(s))
	}
	return out, nil
}

// canary is a listener on every loopback address that must never see a connection.
type canary struct {
	port string
	seen atomic.Int32
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c := &canary{}
	_, c.port, _ = net.SplitHostPort(l.Addr().String())
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.seen.Add(1)
			conn.Close()
		}
	}()
	return c
}

func problemOf(t *testing.T, err error) FetchProblem {
	t.Helper()
	var e *FetchError
	if !errors.As(err, &e) {
		t.Fatalf("the error is %v, want a FetchError", err)
	}
	return e.Problem
}

func TestFetchRefusesAddresses(t *testing.T) {
	t.Parallel()
	c := newCanary(t)
	resolver := &names{lists: map[string][][]string{
		"metadata.test":   {{"169.254.169.254"}},
		"mixed.test":      {{"169.254.169.254", "fe80::1", "224.0.0.1"}},
		"public.test":     {{"93.184.216.34", "2606:2800:220:1::1"}},
		"mapped.test":     {{"::ffff:169.254.169.254"}},
		"zero.test":       {{"0.0.0.0", "::"}},
		"translated.test": {{"64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1"}},
		"zoned.test":      {{"fe80::1%eth0"}},
	}}
	for _, row := range []struct {
		name, address string
		want          FetchProblem
	}{
		{"a file is no address", "file:///etc/passwd", FetchAddress},
		{"gopher is not spoken", "gopher://127.0.0.1:PORT/", FetchAddress},
		{"ftp is not spoken", "ftp://127.0.0.1:PORT/", FetchAddress},
		{"a path is no address", "/metadata", FetchAddress},
		{"no host is no address", "http:///metadata", FetchAddress},
		{"nothing is no address", "", FetchAddress},
		{"control characters are refused", "http://127.0.0.1:PORT/\r\nX: y", FetchAddress},
		{"a user name is refused", "http://127.0.0.1@127.0.0.1:PORT/", FetchAddress},
		{"user and password are refused", "http://a:b@127.0.0.1:PORT/", FetchAddress},
		{"a decimal address is refused", "http://2130706433:PORT/", FetchAddress},
		{"an octal address is refused", "http://0177.0.0.1:PORT/", FetchAddress},
		{"a hexadecimal address is refused", "http://0x7f000001:PORT/", FetchAddress},
		{"a dotted hexadecimal address is refused", "http://0x7f.0.0.0x1:PORT/", FetchAddress},
		{"a short address is refused", "http://127.1:PORT/", FetchAddress},
		{"a short address with a final dot is refused", "http://127.1.:PORT/", FetchAddress},
		{"a zone is refused", "http://[fe80::1%25eth0]:PORT/", FetchAddress},
		{"port 0 is refused", "http://127.0.0.1:0/", FetchAddress},
		{"a port above 65535 is refused", "http://127.0.0.1:65536/", FetchAddress},
		{"a metadata service is refused", "http://169.254.169.254/latest/meta-data", FetchRefused},
		{"the mapped form of it is refused", "http://[::ffff:169.254.169.254]/", FetchRefused},
		{"the hexadecimal mapped form of it is refused", "http://[::ffff:a9fe:a9fe]/", FetchRefused},
		{"the IPv6 metadata service is refused", "http://[fd00:ec2::254]/", FetchRefused},
		{"other metadata services are refused", "http://100.100.100.200/", FetchRefused},
		{"link-local IPv6 is refused", "http://[fe80::1]/", FetchRefused},
		{"the unspecified address, which leads to loopback, is refused", "http://0.0.0.0:PORT/", FetchRefused},
		{"so is that of IPv6", "http://[::]:PORT/", FetchRefused},
		{"multicast is refused", "http://224.0.0.1/", FetchRefused},
		{"broadcast is refused", "http://255.255.255.255/", FetchRefused},
		{"a translated loopback address is refused", "http://[64:ff9b::7f00:1]:PORT/", FetchRefused},
		{"an IPv4-compatible address is refused", "http://[::7f00:1]:PORT/", FetchRefused},
		{"6to4 is refused", "http://[2002:7f00:1::]:PORT/", FetchRefused},
		{"a public address needs the option", "http://93.184.216.34/", FetchRemote},
		{"a public IPv6 address needs the option", "http://[2606:2800:220:1::1]/", FetchRemote},
		{"shared address space needs the option", "http://100.64.0.1/", FetchRemote},
		{"a name of a metadata service is refused", "http://metadata.test/", FetchRefused},
		{"a name with nothing but such addresses is refused", "http://mixed.test/", FetchRefused},
		{"a name of a mapped one is refused", "http://mapped.test/", FetchRefused},
		{"a name of the unspecified address is refused", "http://zero.test:PORT/", FetchRefused},
		{"a name of translated addresses is refused", "http://translated.test:PORT/", FetchRefused},
		{"a name of an address with a zone is refused", "http://zoned.test:PORT/", FetchRefused},
		{"a public name needs the option", "https://public.test/", FetchRemote},
		{"an unknown name is unknown", "http://nowhere.test/", FetchUnknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			address := strings.ReplaceAll(row.address, "PORT", c.port)
			_, err := Fetch(t.Context(), address, FetchOptions{Resolver: resolver, Timeout: 2 * time.Second})
			if got := problemOf(t, err); got != row.want {
				t.Errorf("problem is %s (%v), want %s", got, err, row.want)
			}
		})
	}
	if n := c.seen.Load(); n != 0 {
		t.Errorf("the canary saw %d connections, want none", n)
	}
}

func TestReach(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, address string
		local, remote bool // permitted without and with AllowRemote
	}{
		{"loopback", "127.0.0.1", true, true},
		{"all of loopback", "127.8.9.10", true, true},
		{"IPv6 loopback", "::1", true, true},
		{"mapped loopback", "::ffff:127.0.0.1", true, true},
		{"private 10", "10.1.2.3", true, true},
		{"private 172.16", "172.31.255.255", true, true},
		{"beyond private 172.16", "172.32.0.1", false, true},
		{"private 192.168", "192.168.1.1", true, true},
		{"unique local IPv6", "fd12:3456::1", true, true},
		{"public", "8.8.8.8", false, true},
		{"public IPv6", "2001:4860:4860::8888", false, true},
		{"metadata service, even with the option", "169.254.169.254", false, false},
		{"mapped metadata service", "::ffff:169.254.169.254", false, false},
		{"metadata service inside unique local", "fd00:ec2::254", false, false},
		{"link-local", "fe80::1", false, false},
		{"site-local", "fec0::1", false, false},
		{"unspecified", "0.0.0.0", false, false},
		{"Teredo", "2001::1", false, false},
		{"reserved", "240.0.0.1", false, false},
		{"address with a zone", "fd12::1%eth0", false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a := netip.MustParseAddr(row.address)
			for remote, want := range map[bool]bool{false: row.local, true: row.remote} {
				f := &fetch{FetchOptions: FetchOptions{AllowRemote: remote}}
				if got := f.permit(a) == nil; got != want {
					t.Errorf("%s with AllowRemote %t: permitted is %t, want %t", a, remote, got, want)
				}
			}
		})
	}
}

func xmlServer(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	if h == nil {
		h = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/samlmetadata+xml")
			fmt.Fprint(w, smallXML)
		}
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func TestFetchReads(t *testing.T) {
	t.Parallel()
	s := xmlServer(t, nil)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	resolver := &names{lists: map[string][][]string{
		"sp":        {{"127.0.0.1"}},
		"half.test": {{"169.254.169.254", "127.0.0.1"}},
	}}
	for _, row := range []struct{ name, address string }{
		{"from a loopback address", "http://127.0.0.1:PORT/metadata"},
		{"from a mapped loopback address", "http://[::ffff:127.0.0.1]:PORT/metadata"},
		{"from localhost", "http://localhost:PORT/metadata"},
		{"from a name below localhost", "http://sp.localhost:PORT/metadata"},
		{"from the name of a container", "http://sp:PORT/metadata"},
		{"from the permitted one of several addresses", "http://half.test:PORT/metadata"},
		{"with blanks around the address", " http://127.0.0.1:PORT/metadata\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Fetch(t.Context(), strings.ReplaceAll(row.address, "PORT", port), FetchOptions{Resolver: resolver})
			if err != nil || string(got.Body) != smallXML || got.Untrusted != "" {
				t.Errorf("got %+v, %v, want the document", got, err)
			}
		})
	}
}

func TestFetchResolvesOnceAConnection(t *testing.T) {
	t.Parallel()
	s := xmlServer(t, nil)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	rebinding := &names{lists: map[string][][]string{"rebind.test": {{"127.0.0.1"}, {"169.254.169.254"}}}}
	o := FetchOptions{Resolver: rebinding, Timeout: 2 * time.Second}
	if _, err := Fetch(t.Context(), "http://rebind.test:"+port+"/", o); err != nil || rebinding.asked != 1 {
		t.Errorf("first fetch: %v after %d questions, want none after one", err, rebinding.asked)
	}
	_, err := Fetch(t.Context(), "http://rebind.test:"+port+"/", o)
	if got := problemOf(t, err); got != FetchRefused {
		t.Errorf("once the name leads elsewhere the problem is %s, want %s", got, FetchRefused)
	}
}

func TestFetchRedirects(t *testing.T) {
	t.Parallel()
	c := newCanary(t)
	var s *httptest.Server
	s = xmlServer(t, func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{
			"/here": "/there", "/loop": "/loop", "/canary": "http://127.0.0.1:" + c.port + "/", "/name": "http://localhost:" + c.port + "/",
			"/user": strings.Replace(s.URL, "http://", "http://a:b@", 1) + "/there", "/file": "file:///etc/passwd",
			"/metadata": "http://169.254.169.254/", "/up": "https://127.0.0.1:" + c.port + "1/",
		}[r.URL.Path]
		if to != "" {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, smallXML)
	})
	for _, row := range []struct {
		name, path string
		want       FetchProblem
	}{
		{"on the same host are followed", "/here", ""},
		{"without end are refused", "/loop", FetchRedirect},
		{"to another port are refused", "/canary", FetchRedirect},
		{"to another name are refused", "/name", FetchRedirect},
		{"with a user name are refused", "/user", FetchRedirect},
		{"to a file are refused", "/file", FetchRedirect},
		{"to a metadata service are refused", "/metadata", FetchRedirect},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Fetch(t.Context(), s.URL+row.path, FetchOptions{})
			if row.want == "" {
				if err != nil {
					t.Errorf("got %v, want none", err)
				}
				return
			}
			if got := problemOf(t, err); got != row.want {
				t.Errorf("problem is %s (%v), want %s", got, err, row.want)
			}
		})
	}
	if n := c.seen.Load(); n != 0 {
		t.Errorf("the canary saw %d connections, want none", n)
	}
}

func TestFetchBounds(t *testing.T) {
	t.Parallel()
	stop := make(chan struct{})
	s := xmlServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		switch r.URL.Path {
		case "/exact", "/over":
			n := 1000
			if r.URL.Path == "/over" {
				n++
			}
			fmt.Fprint(w, strings.Repeat("x", n))
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		case "/slow":
			for {
				_, err := w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				select {
				case <-stop:
					return
				case <-r.Context().Done():
					return
				case <-time.After(20 * time.Millisecond):
				}
				if err != nil {
					return
				}
			}
		case "/silent":
			select {
			case <-stop:
			case <-r.Context().Done():
			}
		case "/headers":
			for i := range 100 {
				w.Header().Set(fmt.Sprintf("X-%d", i), strings.Repeat("y", 2000))
			}
		case "/html":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "SECRET-OF-THE-SERVER")
		case "/missing":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "SECRET-OF-THE-SERVER")
		case "/none":
			w.WriteHeader(http.StatusNoContent)
		}
	})
	t.Cleanup(func() { close(stop) })
	for _, row := range []struct {
		name, path string
		want       FetchProblem
	}{
		{"a document of the largest size is read", "/exact", ""},
		{"one octet more is not", "/over", FetchSize},
		{"an endless body is cut", "/endless", FetchSize},
		{"a slow body is given up", "/slow", FetchTime},
		{"a silent server is given up", "/silent", FetchTime},
		{"endless headers are refused", "/headers", FetchConnect},
		{"a page is no metadata", "/html", FetchType},
		{"an error is no metadata", "/missing", FetchStatus},
		{"nothing is no metadata", "/none", FetchStatus},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			_, err := Fetch(t.Context(), s.URL+row.path, FetchOptions{MaxBytes: 1000, Timeout: 500 * time.Millisecond})
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if row.want == "" {
				if err != nil {
					t.Errorf("got %v, want none", err)
				}
				return
			}
			if got := problemOf(t, err); got != row.want {
				t.Errorf("problem is %s (%v), want %s", got, err, row.want)
			}
			if strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the error %q holds what the server said", err)
			}
		})
	}
}

func TestFetchNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	_, err = Fetch(t.Context(), "http://"+address+"/", FetchOptions{})
	if got := problemOf(t, err); got != FetchConnect {
		t.Errorf("problem is %s, want %s", got, FetchConnect)
	}
}

func TestFetchCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := xmlServer(t, nil)
	if _, err := Fetch(ctx, s.URL, FetchOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestFetchTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, smallXML) }))
	t.Cleanup(s.Close)
	s.Config.ErrorLog = nil
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	t.Run("a certificate of a known authority is no finding", func(t *testing.T) {
		t.Parallel()
		got, err := Fetch(t.Context(), s.URL, FetchOptions{Roots: trusted})
		if err != nil || got.Untrusted != "" {
			t.Errorf("got %+v, %v, want no finding", got, err)
		}
	})
	t.Run("a self-signed one on loopback is read with a finding", func(t *testing.T) {
		t.Parallel()
		got, err := Fetch(t.Context(), s.URL, FetchOptions{Roots: x509.NewCertPool()})
		if err != nil || got.Untrusted != certSelfSigned {
			t.Errorf("got %+v, %v, want the finding %q", got, err, certSelfSigned)
		}
	})
	t.Run("one for another name on loopback is read with a finding", func(t *testing.T) {
		t.Parallel()
		resolver := &names{lists: map[string][][]string{"other.test": {{"127.0.0.1"}}}}
		got, err := Fetch(t.Context(), "https://other.test:"+port+"/", FetchOptions{Roots: trusted, Resolver: resolver})
		if err != nil || got.Untrusted == "" {
			t.Errorf("got %+v, %v, want a finding", got, err)
		}
	})
	t.Run("anywhere else it must be good", func(t *testing.T) {
		t.Parallel()
		ours, theirs := net.Pipe() // its address is neither loopback nor private
		server := tls.Server(theirs, s.TLS)
		go func() { _ = server.Handshake() }()
		t.Cleanup(func() { theirs.Close() })
		conn := tls.Client(ours, &tls.Config{InsecureSkipVerify: true})
		if err := conn.HandshakeContext(t.Context()); err != nil {
			t.Fatal(err)
		}
		f := &fetch{FetchOptions: FetchOptions{Roots: x509.NewCertPool()}}
		if got := problemOf(t, f.trust(conn, "example.com")); got != FetchTLS {
			t.Errorf("problem is %s, want %s", got, FetchTLS)
		}
	})
}

// The environment must not lead a fetch through a proxy. It is not parallel, since it sets the environment.
func TestFetchTakesNoProxyFromTheEnvironment(t *testing.T) {
	c := newCanary(t)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, "http://127.0.0.1:"+c.port)
	}
	s := xmlServer(t, nil)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	resolver := &names{lists: map[string][][]string{"sp.test": {{"127.0.0.1"}}}}
	if _, err := Fetch(t.Context(), "http://sp.test:"+port+"/", FetchOptions{Resolver: resolver}); err != nil {
		t.Error(err)
	}
	if c.seen.Load() != 0 {
		t.Error("the proxy saw a connection")
	}
}

func FuzzFetchable(f *testing.F) {
	for _, s := range []string{"http://localhost:3000/metadata", "https://[::1]/", "http://0x7f.1/", "http://a@b/", "gopher://x", "http://%31/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := fetchable(address)
		if err != nil {
			var e *FetchError
			if !errors.As(err, &e) || e.Problem != FetchAddress {
				t.Fatalf("the error is %v, want a FetchError of the address", err)
			}
			return
		}
		if u.User != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || oddNumber(u.Hostname()) {
			t.Errorf("%q was let through as %v", address, u)
		}
	})
}
