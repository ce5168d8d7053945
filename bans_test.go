package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// ban is something that the code must not do (SEC-97). Test files may do it.
type ban struct {
	why string
	// selector is "importpath.Name" or ".Name" for a method of any type; imported is a whole import path.
	selector, imported string
	// except lists path prefixes where it is allowed, with the reason beside it.
	except []string
}

var bans = []ban{
	{why: "XML from outside goes through saml.Parse (SEC-09)", imported: "encoding/xml",
		except: []string{"saml/"}},
	{why: "XML from outside goes through saml.Parse (SEC-09)", selector: ".ReadFromBytes", except: []string{"saml/"}},
	{why: "XML from outside goes through saml.Parse (SEC-09)", selector: ".ReadFromString", except: []string{"saml/"}},
	{why: "unprefixed look-ups of etree match any prefix: use saml.Attr (SEC-13)", selector: ".SelectAttr"},
	{why: "unprefixed look-ups of etree match any prefix: use saml.Attr (SEC-13)", selector: ".SelectAttrValue"},
	{why: "elements are found along fixed paths: use saml.Child (SEC-16)", selector: ".FindElement"},
	{why: "elements are found along fixed paths: use saml.Child (SEC-16)", selector: ".FindElements"},
	{why: "elements are found by namespace: use saml.Child (SEC-16)", selector: ".SelectElement"},
	{why: "elements are found by namespace: use saml.Children (SEC-16)", selector: ".SelectElements"},
	{why: "body and query must not mix: use web.Form (SEC-28)", selector: ".FormValue"},
	{why: "body and query must not mix: use web.Form (SEC-28)", selector: ".PostFormValue"},
	{why: "pages are escaped by templ (SEC-53)", selector: "github.com/a-h/templ.Raw"},
	{why: "addresses are sanitised by templ (SEC-53)", selector: "github.com/a-h/templ.SafeURL",
		except: []string{"templates/ui/otpauth.go"}}, // otpauth: links for authenticator apps, built from our own values
	{why: "scripts are constants (SEC-53)", selector: "github.com/a-h/templ.JSUnsafeFuncCall"},
	{why: "it has no time-out and follows anything: make a client", selector: "net/http.DefaultClient"},
	{why: "it uses the proxy of the environment: make a transport", selector: "net/http.DefaultTransport"},
	{why: "it uses the default client", selector: "net/http.Get"},
	{why: "it uses the default client", selector: "net/http.Post"},
	{why: "it uses the default client", selector: "net/http.PostForm"},
	{why: "secrets and identifiers come from crypto/rand", imported: "math/rand"},
	{why: "secrets and identifiers come from crypto/rand", imported: "math/rand/v2",
		except: []string{"sp/pages.go", "onboarding/portal/order.go"}}, // the order in which gestori are offered (UX-22), no secret
	{why: "certificates are verified; D-10 lets the fetcher of metadata accept a self-signed one on private addresses, with a finding",
		selector: "crypto/tls.InsecureSkipVerify", except: []string{"idp/admin/fetch.go"}},
	{why: "SHA-1 and MD5 are no hashes for signatures", imported: "crypto/md5"},
}

// queryBan is about the files that answer SAML endpoints: they take the raw query only.
var samlEndpoints = []string{"idp/sso.go", "idp/slo.go", "sp/acs.go", "sp/slo.go"}

func TestSEC97Bans(t *testing.T) {
	t.Parallel()
	seen := 0
	eachSource(t, func(name string, file *ast.File, fset *token.FileSet) {
		seen++
		imports := importNames(file)
		for _, path := range imports {
			for _, b := range bans {
				if b.imported == path && !excepted(b, name) {
					t.Errorf("%s imports %s: %s", name, path, b.why)
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, found := range selectors(n, imports) {
				for _, b := range bans {
					if b.selector != "" && b.selector == found && !excepted(b, name) {
						t.Errorf("%s: %s: %s", fset.Position(n.Pos()), found, b.why)
					}
				}
			}
			return true
		})
	})
	if seen < 50 {
		t.Errorf("only %d files were read", seen)
	}
}

func TestSEC28SAMLEndpointsTakeTheRawQuery(t *testing.T) {
	t.Parallel()
	eachSource(t, func(name string, file *ast.File, fset *token.FileSet) {
		for _, endpoint := range samlEndpoints {
			if name != endpoint {
				continue
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					switch sel.Sel.Name {
					case "Query", "ParseForm", "ParseMultipartForm", "PostForm":
						t.Errorf("%s: %s parses what must stay raw (SEC-28)", fset.Position(n.Pos()), sel.Sel.Name)
					}
				}
				return true
			})
		}
	})
}

// The test above finds what it should: one line of each kind is enough to see it.
func TestBansAreFound(t *testing.T) {
	t.Parallel()
	const source = `package x
import (h "net/http"; "crypto/tls"; "math/rand")
func f(el E, r *h.Request) { _ = h.DefaultClient; el.SelectAttr("a"); r.FormValue("x"); _ = tls.Config{InsecureSkipVerify: true}; rand.Int() }`
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	imports, found := importNames(file), map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		for _, s := range selectors(n, imports) {
			found[s] = true
		}
		return true
	})
	for _, want := range []string{"net/http.DefaultClient", ".SelectAttr", ".FormValue", "crypto/tls.InsecureSkipVerify"} {
		if !found[want] {
			t.Errorf("%s is not found in %v", want, found)
		}
	}
	if imports["rand"] != "math/rand" || imports["h"] != "net/http" {
		t.Errorf("imports are %v", imports)
	}
}

// eachSource parses every Go file of the module that is no test and not generated.
func eachSource(t *testing.T, visit func(name string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := filepath.ToSlash(path)
		if d.IsDir() && (name == "e2e" || d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && name != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			return nil
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		visit(name, file, fset)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// importNames maps the name that a file uses for a package to its path.
func importNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, i := range file.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if name == "v2" {
			name = "rand"
		}
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = path
	}
	return names
}

// selectors names what a node uses: "path.Name" of a package, ".Name" of anything else, and the fields of composite literals.
func selectors(n ast.Node, imports map[string]string) []string {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if id, ok := n.X.(*ast.Ident); ok && imports[id.Name] != "" {
			return []string{imports[id.Name] + "." + n.Sel.Name}
		}
		if n.Sel.Name == "InsecureSkipVerify" {
			return []string{"crypto/tls.InsecureSkipVerify"}
		}
		return []string{"." + n.Sel.Name}
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok && id.Name == "InsecureSkipVerify" {
			return []string{"crypto/tls.InsecureSkipVerify"}
		}
	}
	return nil
}

func excepted(b ban, name string) bool {
	for _, prefix := range b.except {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
