package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"spidsim/onboarding"
)

// ruleIDs are the rules of the onboarding by section, each of which has a test named after it.
var ruleIDs = []string{
	"ONB-01 ONB-02 ONB-03 ONB-04 ONB-05 ONB-06",
	"ONB-10 ONB-11 ONB-12 ONB-13 ONB-14 ONB-15 ONB-16 ONB-17 ONB-18 ONB-19 ONB-20 ONB-21 ONB-22 ONB-23 ONB-24 ONB-25 ONB-26 ONB-27 ONB-28 ONB-29",
	"ONB-30 ONB-31 ONB-32 ONB-33 ONB-34 ONB-35 ONB-36 ONB-37 ONB-38 ONB-39 ONB-40",
	"ONB-50 ONB-51 ONB-52 ONB-53 ONB-54 ONB-55 ONB-56 ONB-57 ONB-58 ONB-59 ONB-60 ONB-61 ONB-62 ONB-63",
	"ONB-70 ONB-71 ONB-72 ONB-73 ONB-74 ONB-75 ONB-76 ONB-77 ONB-78 ONB-79 ONB-80 ONB-81 ONB-82 ONB-83 ONB-84 ONB-85 ONB-86",
	"ONB-100 ONB-101 ONB-102 ONB-103 ONB-104 ONB-105 ONB-106 ONB-107 ONB-108 ONB-110 ONB-111 ONB-112",
	"ONB-120 ONB-121 ONB-122 ONB-123 ONB-124 ONB-125 ONB-126 ONB-127 ONB-128 ONB-129 ONB-130 ONB-131 ONB-132 ONB-133 ONB-135 ONB-136 ONB-137",
	"ONB-140 ONB-141 ONB-142 ONB-143 ONB-144 ONB-145 ONB-146 ONB-147 ONB-148 ONB-149",
	"ONB-150 ONB-151 ONB-152 ONB-153 ONB-154 ONB-155 ONB-156 ONB-157 ONB-158",
	"ONB-160 ONB-161 ONB-162 ONB-163 ONB-164 ONB-165 ONB-166 ONB-167 ONB-168 ONB-169 ONB-170 ONB-171 ONB-172 ONB-173 ONB-174 ONB-175 ONB-176 ONB-177 ONB-178",
	"ONB-180 ONB-181 ONB-182 ONB-183 ONB-184 ONB-185 ONB-186 ONB-187 ONB-190 ONB-191 ONB-192 ONB-193",
	"ONB-200 ONB-201 ONB-202 ONB-203 ONB-204 ONB-205 ONB-206 ONB-207 ONB-208 ONB-209 ONB-210 ONB-211",
	"ONB-220 ONB-221 ONB-222 ONB-223 ONB-224",
	"TV-01 TV-02 TV-03 TV-04 TV-05 TV-06 TV-07 TV-08 TV-09 TV-10 TV-11 TV-12 TV-13 TV-14 TV-15 TV-16 TV-17 TV-18 TV-19 TV-20",
	"CNF-01 CNF-02 CNF-03 CNF-04 CNF-05 CNF-06 CNF-07 CNF-08 CNF-09 CNF-10",
}

var (
	idInName  = regexp.MustCompile(`(ONB|TV|CNF)([0-9]+)`)
	rangeName = regexp.MustCompile(`(ONB|TV|CNF)[0-9]+To(ONB|TV|CNF)?[0-9]+`) // a range names none of its rules
	idOfRow   = regexp.MustCompile(`^(ONB|TV|CNF)-[0-9]+\b`)
)

// eachTest parses every test file of the module.
func eachTest(t *testing.T, visit func(name string, file *ast.File)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "e2e" || path != "." && strings.HasPrefix(d.Name(), ".")): // e2e is another module
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err == nil {
			visit(filepath.ToSlash(path), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// rowNames are the names that a row of a table or a call of Run gives to subtests.
func rowNames(n ast.Node) (names []string) {
	add := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				names = append(names, s)
			}
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Run" && len(n.Args) == 2 {
			add(n.Args[0])
		}
	case *ast.CompositeLit:
		if _, list := n.Type.(*ast.ArrayType); !list && len(n.Elts) > 0 {
			add(n.Elts[0])
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && (key.Name == "name" || key.Name == "id") {
			add(n.Value)
		}
		add(n.Key)
	}
	return names
}

// rulesTested are the ids that the names of tests and subtests carry.
func rulesTested(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	eachTest(t, func(_ string, file *ast.File) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Test") {
				for _, m := range idInName.FindAllStringSubmatch(rangeName.ReplaceAllString(f.Name.Name, ""), -1) {
					found[m[1]+"-"+m[2]] = true
				}
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			for _, name := range rowNames(n) {
				found[idOfRow.FindString(name)] = true
			}
			return true
		})
	})
	return found
}

func TestEveryRuleHasATestNamedAfterIt(t *testing.T) {
	t.Parallel()
	found := rulesTested(t)
	seen := map[string]bool{}
	for _, section := range ruleIDs {
		for _, id := range strings.Fields(section) {
			if seen[id] {
				t.Errorf("%s is in the table twice", id)
			}
			if seen[id] = true; !found[id] {
				t.Errorf("no test is named after %s", id)
			}
		}
	}
	for id := range found {
		if id != "" && !seen[id] {
			t.Errorf("a test is named after %s, which is no rule", id)
		}
	}
}

// reasonNames are the constants of package onboarding that name the reasons.
func reasonNames(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "onboarding/reason.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == 1 && len(v.Values) == 1 {
			if lit, ok := v.Values[0].(*ast.BasicLit); ok {
				if code, err := strconv.Unquote(lit.Value); err == nil {
					names[v.Names[0].Name] = code
				}
			}
		}
		return true
	})
	return names
}

func TestEveryReasonIsRaisedByATest(t *testing.T) {
	t.Parallel()
	names, raised := reasonNames(t), map[string]bool{}
	eachTest(t, func(path string, file *ast.File) {
		if !strings.Contains(path, "onboarding/") && !strings.HasSuffix(path, "registrar_test.go") { // pages show them, they do not raise them
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				raised[names[n.Name]] = true
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil {
					raised[s] = true
				}
			}
			return true
		})
	})
	for _, r := range onboarding.Reasons() {
		if !raised[string(r.Code)] {
			t.Errorf("no test is refused with %s (%s)", r.Code, r.Rule)
		}
	}
	if got, want := len(names), len(onboarding.Reasons()); got != want {
		t.Errorf("%d constants for %d reasons", got, want)
	}
}
