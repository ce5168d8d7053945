package handoff

import (
	"encoding/base64"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"spidsim/saml"
)

// seeds adds the documents of testdata and a few crooked ones.
func seeds(f *testing.F) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.xml"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		octets, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(octets)
	}
	for _, s := range []string{"", "<a/>", "<!DOCTYPE a><a/>", "<samlp:Response xmlns:samlp='" + saml.NSProtocol + "'/>", "<md:SpIdentity xmlns:md='" + NSResultNotVerified + "'/>"} {
		f.Add([]byte(s))
	}
}

func fuzzForm(param string, octets []byte) url.Values {
	return url.Values{param: {base64.StdEncoding.EncodeToString(octets)}}
}

// Whatever is posted is refused with a reason, or is the hand-off of testdata.
func FuzzReceive(f *testing.F) {
	seeds(f)
	side := gestoreSide(f)
	want, err := side.Receive(fuzzForm(saml.ParamResponse, readFile(f, "testdata/handoff.xml")), instant)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		got, err := side.Receive(fuzzForm(saml.ParamResponse, octets), instant)
		switch {
		case err == nil && !reflect.DeepEqual(got, want):
			t.Fatalf("taken: %+v", got)
		case err != nil && (got != nil || ReasonOf(err) == ""):
			t.Fatalf("%T: %v with %+v", err, err, got)
		}
	})
}

// Whatever is posted is refused with a reason, or is the answer of testdata.
func FuzzReadResult(f *testing.F) {
	seeds(f)
	side := portalSide(f)
	want, err := side.ReadResult(fuzzForm(ParamResult, readFile(f, "testdata/answer.xml")), Asynchronous, instant)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, octets []byte) {
		got, err := side.ReadResult(fuzzForm(ParamResult, octets), Asynchronous, instant)
		switch {
		case err == nil && !reflect.DeepEqual(got, want):
			t.Fatalf("taken: %+v", got)
		case err != nil && (got != nil || ReasonOf(err) == ""):
			t.Fatalf("%T: %v with %+v", err, err, got)
		}
	})
}

// A descriptor is refused with a reason, or is one of those in testdata: nothing can be altered without its key.
func FuzzReadDescriptor(f *testing.F) {
	seeds(f)
	wantGestore, wantPortal := gestore(f), portal(f)
	f.Fuzz(func(t *testing.T, octets []byte) {
		g, err := ReadGestore(octets, instant)
		if err != nil && (g != nil || ReasonOf(err) == "") || err == nil && !reflect.DeepEqual(g, wantGestore) {
			t.Fatalf("gestore: %+v, %v", g, err)
		}
		p, err := ReadPortal(octets, instant)
		if err != nil && (p != nil || ReasonOf(err) == "") || err == nil && !reflect.DeepEqual(p, wantPortal) {
			t.Fatalf("portal: %+v, %v", p, err)
		}
	})
}
