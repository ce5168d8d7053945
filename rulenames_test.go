package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// onboardingRules are the numbers of the rules of the onboarding (ONB-*), in ranges.
var onboardingRules = [][2]int{{1, 6}, {10, 40}, {50, 63}, {70, 86}, {100, 108}, {110, 112}, {120, 133}, {135, 137}, {140, 158}, {160, 178}, {180, 187},
	{190, 193}, {200, 211}, {220, 224}}

var (
	testName  = regexp.MustCompile(`(?m)^func Test\w*`)
	ruleRange = regexp.MustCompile(`ONB(\d+)To(?:ONB)?(\d+)`)
	ruleInIt  = regexp.MustCompile(`ONB(\d+)`)
)

// Every rule has a test that is named after it: a rule without one is a rule that nobody would miss.
func TestEveryRuleOfTheOnboardingHasATestOfItsName(t *testing.T) {
	t.Parallel()
	named := map[int]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		for _, name := range testName.FindAllString(string(src), -1) {
			namedRules(name, named)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range onboardingRules {
		for n := r[0]; n <= r[1]; n++ {
			if !named[n] {
				t.Errorf("no test is named after ONB-%02d", n)
			}
		}
	}
}

// namedRules notes the rules in the name of a test: "ONB24ToONB26" are three.
func namedRules(name string, into map[int]bool) {
	for _, m := range ruleRange.FindAllStringSubmatch(name, -1) {
		first, _ := strconv.Atoi(m[1])
		last, _ := strconv.Atoi(m[2])
		for n := first; n <= last; n++ {
			into[n] = true
		}
	}
	for _, m := range ruleInIt.FindAllStringSubmatch(name, -1) {
		n, _ := strconv.Atoi(m[1])
		into[n] = true
	}
}
