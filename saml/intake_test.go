package saml

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
)

// outcome of an intake: the stage and rule of the refusal, both "" when the octets are taken.
type outcome struct {
	stage Stage
	rule  string
}

func intake(t *testing.T, octets []byte, lim Limits) outcome {
	t.Helper()
	el, err := Parse(octets, lim)
	if err == nil {
		if el == nil {
			t.Error("neither element nor error")
		}
		return outcome{}
	}
	e := new(IntakeError)
	if !errors.As(err, &e) {
		t.Fatalf("found %T, wanted *IntakeError", err)
	}
	if e.Found == "" || e.Wanted == "" || e.Error() == "" {
		t.Errorf("an error that says too little: %+v", e)
	}
	return outcome{e.Stage, e.Rule}
}

const (
	open  = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r">`
	close = `</samlp:AuthnRequest>`
)

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	xml10 := outcome{StageXML, "SEC-10"}
	decl := outcome{StageXML, "SEC-11"}
	texts := outcome{StageXML, "SEC-12"}
	id := outcome{StageXML, "SEC-15"}
	limit := outcome{StageLimit, "SEC-14"}
	taken := outcome{}
	utf16be := append([]byte{0xfe, 0xff}, encodeUTF16(open+close)...)

	for name, row := range map[string]struct {
		octets string
		want   outcome
	}{
		// SEC-09
		"control: a plain message is taken":             {open + close, taken},
		"control: white space around the root is taken": {"\n " + open + close + "\n", taken},
		"control: a UTF-8 byte-order mark is taken":     {"\uFEFF" + open + close, taken},
		"256 KiB and one octet are too many":            {open + strings.Repeat(" ", maxMessage+1-len(open+close)) + close, outcome{StageLimit, "SEC-09"}},
		"octets that are no UTF-8 are refused":          {open + "\xff" + close, decl},
		"nothing is refused":                            {"", xml10},
		"white space alone is refused":                  {" \n", xml10},
		"text alone is refused":                         {"hello", xml10},

		// SEC-10
		"a second root is refused":                            {open + close + open + close, xml10},
		"text after the root is refused":                      {open + close + "x", xml10},
		"text before the root is refused":                     {"x" + open + close, xml10},
		"a character reference outside the root is refused":   {open + close + "&#32;", xml10},
		"an attribute twice is refused":                       {`<a x="1" x="2"/>`, xml10},
		"one attribute under two prefixes is refused":         {`<a xmlns:p="urn:x:1" xmlns:q="urn:x:1" p:x="1" q:x="2"/>`, xml10},
		"control: two namespaces, one local name":             {`<a xmlns:p="urn:x:1" xmlns:q="urn:x:2" p:x="1" q:x="2" x="3"/>`, taken},
		"the declaration of a prefix twice is refused":        {`<a xmlns:p="urn:x:1" xmlns:p="urn:x:2"/>`, xml10},
		"an undeclared element prefix is refused":             {`<p:a/>`, xml10},
		"an undeclared attribute prefix is refused":           {`<a p:x="1"/>`, xml10},
		"a prefix declared on a sibling is undeclared":        {`<a><b xmlns:p="urn:x:1"/><p:c/></a>`, xml10},
		"control: a prefix declared above is declared":        {`<a xmlns:p="urn:x:1"><b><p:c/></b></a>`, taken},
		"a prefix taken back is refused":                      {`<a xmlns:p="urn:x:1"><b xmlns:p=""/></a>`, xml10},
		"control: the default namespace taken back":           {`<a xmlns="urn:x:1"><b xmlns=""/></a>`, taken},
		"xml bound to another namespace is refused":           {`<a xmlns:xml="urn:x:1"/>`, xml10},
		"another prefix for the namespace of xml is refused":  {`<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, xml10},
		"control: xml:lang needs no declaration":              {`<a xml:lang="it"/>`, taken},
		"xmlns rebound is refused":                            {`<a xmlns:xmlns="urn:x:1"/>`, xml10},
		"the namespace of xmlns is refused":                   {`<a xmlns:p="http://www.w3.org/2000/xmlns/"/>`, xml10},
		"a name that begins with a colon is refused":          {`<a :ID="1"/>`, xml10},
		"a name that ends with a colon is refused":            {`<a x:="1"/>`, xml10},
		"a name with two colons is refused":                   {`<x::y/>`, xml10},
		"an element name that begins with a colon is refused": {`<:y/>`, xml10},
		"a relative namespace is refused":                     {`<a xmlns:n="1"/>`, xml10},
		"a relative default namespace is refused":             {`<a xmlns="foo/bar"/>`, xml10},
		"an end tag of another name is refused":               {`<a><b></a></b>`, xml10},
		"an end tag of another prefix is refused":             {`<p:a xmlns:p="urn:x:1" xmlns:q="urn:x:1"></q:a>`, xml10},
		"an open element is refused":                          {`<a><b></b>`, xml10},
		"an end without a start is refused":                   {`</a>`, xml10},
		"a bare ampersand is refused":                         {`<a>&</a>`, xml10},
		"an attribute without quotes is refused":              {`<a x=1/>`, xml10},
		"an attribute without a value is refused":             {`<a x/>`, xml10},
		"a control character is refused":                      {"<a>\x01</a>", xml10},
		"a reference to a control character is refused":       {"<a>&#1;</a>", xml10},
		"a local name that begins with a digit is refused":    {`<p:1 xmlns:p="urn:x:1"/>`, xml10},

		// SEC-11
		"an empty DOCTYPE is refused":                      {`<!DOCTYPE a>` + open + close, decl},
		"an internal entity is refused":                    {`<!DOCTYPE a [<!ENTITY x "evil">]><a>&x;</a>`, decl},
		"a file entity is refused":                         {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, decl},
		"a parameter entity is refused":                    {`<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/"> %x;]><a/>`, decl},
		"an ATTLIST that gives IDs is refused":             {`<!DOCTYPE a [<!ATTLIST a x ID #IMPLIED>]><a x="1"/>`, decl},
		"a declaration inside the content is refused":      {`<a><!ELEMENT b ANY></a>`, decl},
		"an undeclared entity is refused":                  {`<a>&x;</a>`, xml10},
		"control: the predefined entities are taken":       {`<a x="&quot;&apos;">&lt;&gt;&amp;&#65;&#x41;</a>`, taken},
		"a processing instruction is refused":              {`<?php x?>` + open + close, decl},
		"a processing instruction in the text is refused":  {`<a>x<?y z?></a>`, decl},
		"an XML declaration that is not first is refused":  {"\n" + `<?xml version="1.0"?><a/>`, decl},
		"a second XML declaration is refused":              {`<?xml version="1.0"?><?xml version="1.0"?><a/>`, decl},
		"XML 1.1 is refused":                               {`<?xml version="1.1"?><a/>`, decl},
		"an XML declaration without version is refused":    {`<?xml encoding="UTF-8"?><a/>`, decl},
		"UTF-8 labelled ISO-8859-1 is refused":             {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, decl},
		"UTF-8 labelled UTF-16 is refused":                 {`<?xml version="1.0" encoding="UTF-16"?><a/>`, decl},
		"UTF-16 with a byte-order mark is refused":         {string(utf16be), decl},
		"UTF-16 labelled as such is refused":               {string(encodeUTF16(`<?xml version="1.0" encoding="UTF-16"?><a/>`)), xml10},
		"control: the XML declaration is taken":            {`<?xml version="1.0" encoding="UTF-8"?>` + open + close, taken},
		"control: utf-8 in small letters is taken":         {`<?xml version='1.0' encoding='utf-8' standalone='yes'?>` + open + close, taken},
		"control: xsi:schemaLocation is taken and ignored": {`<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x http://127.0.0.1:1/x.xsd"/>`, taken},

		// SEC-12
		"a comment before the text is refused":    {`<a><!--x-->text</a>`, texts},
		"a comment within the text is refused":    {`<a>te<!--x-->xt</a>`, texts},
		"a comment after the text is refused":     {`<a>text<!--x--></a>`, texts},
		"a comment outside the root is refused":   {`<!--x--><a/>`, texts},
		"a CDATA section is refused":              {`<a><![CDATA[text]]></a>`, texts},
		"an empty CDATA section is refused":       {`<a>te<![CDATA[]]>xt</a>`, texts},
		"control: the same text without is taken": {`<a>text</a>`, taken},

		// SEC-14
		"depth 32 is taken":                               {nest(32), taken},
		"depth 33 is refused":                             {nest(33), limit},
		"20,000 nested elements are refused":              {nest(20000), limit},
		"900 elements are taken":                          {siblings(900), taken},
		"901 elements are refused":                        {siblings(901), limit},
		"30,000 siblings are refused":                     {siblings(30000), limit},
		"32 attributes are taken":                         {attributes("x", 32), taken},
		"33 attributes are refused":                       {attributes("x", 33), limit},
		"10,000 attributes are refused":                   {attributes("x", 10000), limit},
		"16 namespace declarations are taken":             {attributes("xmlns:x", 16), taken},
		"17 namespace declarations are refused":           {attributes("xmlns:x", 17), limit},
		"an attribute value of 8 KiB is taken":            {`<a x="` + strings.Repeat("v", 8<<10) + `"/>`, taken},
		"an attribute value of 8 KiB and one is refused":  {`<a x="` + strings.Repeat("v", 8<<10+1) + `"/>`, limit},
		"an element name of 256 octets is taken":          {`<` + strings.Repeat("n", 256) + `/>`, taken},
		"an element name of 257 octets is refused":        {`<` + strings.Repeat("n", 257) + `/>`, limit},
		"an attribute name of 257 octets is refused":      {`<a ` + strings.Repeat("n", 257) + `="1"/>`, limit},
		"a text run of 64 KiB is taken":                   {`<a>` + strings.Repeat("v", 64<<10) + `</a>`, taken},
		"a text run of 64 KiB and one is refused":         {`<a>` + strings.Repeat("v", 64<<10+1) + `</a>`, limit},
		"a text run of 200 KiB in references is refused":  {`<a>` + strings.Repeat("&#118;", 66000/2) + strings.Repeat("v", 40000) + `</a>`, limit},
		"5,000 declarations over 200 levels are refused":  {declarations(200, 25), limit},
		"declarations over 30 levels within bounds stand": {declarations(30, 16), taken},

		// SEC-15
		"an ID twice is refused":                       {`<a ID="_1"><b ID="_1"/></a>`, id},
		"control: two IDs are taken":                   {`<a ID="_1"><b ID="_2"/></a>`, taken},
		"Id beside ID is refused":                      {`<a ID="_1" Id="_2"/>`, id},
		"id is refused":                                {`<a id="_1"/>`, id},
		"iD is refused":                                {`<a iD="_1"/>`, id},
		"xml:id is refused":                            {`<a xml:id="_1"/>`, id},
		"a prefixed ID is refused":                     {`<a xmlns:evil="urn:x:1" evil:ID="_1" ID="_2"/>`, id},
		"a nested ID that is empty is refused":         {`<a><b ID=""/></a>`, id},
		"a nested ID with a digit first is refused":    {`<a><b ID="1"/></a>`, id},
		"a nested ID with a colon is refused":          {`<a><b ID="a:b"/></a>`, id},
		"the root's ID may be empty, for the rules":    {`<a ID=""/>`, taken},
		"the root's ID may be no NCName, for them":     {`<a ID="123-456"/>`, taken},
		"the root's ID may be missing, for them":       {`<a/>`, taken},
		"an ID of 256 octets is taken":                 {`<a ID="_` + strings.Repeat("x", 255) + `"/>`, taken},
		"an ID of 257 octets is refused":               {`<a ID="_` + strings.Repeat("x", 256) + `"/>`, outcome{StageLimit, "SEC-15"}},
		"Id on an element of XML Signature is taken":   {`<a><ds:Signature xmlns:ds="` + NSSignature + `" Id="Signature1"/></a>`, taken},
		"Id on an element of XML Encryption is taken":  {`<a><e:EncryptedData xmlns:e="` + NSEncryption + `" Id="_1"/></a>`, taken},
		"Id of XML Signature equal to an ID is not":    {`<a ID="_1"><ds:Signature xmlns:ds="` + NSSignature + `" Id="_1"/></a>`, id},
		"id on an element of XML Signature is not":     {`<a><ds:Signature xmlns:ds="` + NSSignature + `" id="_1"/></a>`, id},
		"Id on an element that only looks so is not":   {`<a><ds:Signature xmlns:ds="urn:x:1" Id="_1"/></a>`, id},
		"control: entityID and other names with ...ID": {`<a entityID="1" ProviderID="1"/>`, taken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			if got := intake(t, []byte(row.octets), MessageLimits()); got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
			if took := time.Since(began); row.want != taken && took > 5*time.Second {
				t.Errorf("refused after %v", took)
			}
		})
	}
}

func encodeUTF16(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

func nest(n int) string {
	return strings.Repeat("<a>", n) + strings.Repeat("</a>", n)
}

// siblings returns a document of n elements in all.
func siblings(n int) string {
	return "<a>" + strings.Repeat("<b/>", n-1) + "</a>"
}

func attributes(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, ` %s%d="urn:x:%d"`, name, i, i)
	}
	return "<a" + b.String() + "/>"
}

func declarations(levels, each int) string {
	var b strings.Builder
	for l := range levels {
		b.WriteString("<a")
		for i := range each {
			fmt.Fprintf(&b, ` xmlns:n%d_%d="urn:x:%d"`, l, i, i)
		}
		b.WriteString(">")
	}
	return b.String() + strings.Repeat("</a>", levels)
}

// The scan gives up where the bound is passed, not at the end of the input (SEC-09).
func TestParseStopsWhereTheLimitIsPassed(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte(strings.Repeat("<a>\n", 20000)), MessageLimits())
	e := new(IntakeError)
	if !errors.As(err, &e) || e.Line != 33 || e.Column != 1 {
		t.Errorf("got %v, want a refusal at line 33, column 1", err)
	}
}

// An external entity is never fetched (SEC-11).
func TestParseOpensNoConnection(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	asked := make(chan struct{}, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			c.Close()
			asked <- struct{}{}
		}
	}()
	octets := fmt.Sprintf(`<!DOCTYPE a SYSTEM "http://%[1]s/" [<!ENTITY x SYSTEM "http://%[1]s/x">]><a>&x;</a>`, l.Addr())
	if got := intake(t, []byte(octets), MessageLimits()); got.rule != "SEC-11" {
		t.Errorf("got %+v", got)
	}
	select {
	case <-asked:
		t.Error("the listener was asked for an entity")
	default:
	}
}

func TestIntakeErrorPointsAtTheFault(t *testing.T) {
	t.Parallel()
	_, err := Parse([]byte("<a>\n  <b>è<!-- x --></b>\n</a>"), MessageLimits())
	e := new(IntakeError)
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	if e.Line != 2 || e.Column != 7 || e.Path != "a/b" {
		t.Errorf("got line %d, column %d, path %q; want 2, 7, a/b", e.Line, e.Column, e.Path)
	}
	if want := `xml: a/b (line 2, column 7): found "a comment", wanted no comments [SEC-12]`; e.Error() != want {
		t.Errorf("got  %s\nwant %s", e, want)
	}
}

func TestMetadataDropsCommentsAndReadsCDATA(t *testing.T) {
	t.Parallel()
	octets := "<!-- one --><a x='1\n2'><!-- two -->te<!-- three -->x<![CDATA[<t>]]></a><!-- four -->"
	el, err := Parse([]byte(octets), MetadataLimits())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Text(el); err != nil || got != "tex<t>" {
		t.Errorf("text %q, %v", got, err)
	}
	if got := string(Serialise(el)); got != `<a x="1 2">tex&lt;t&gt;</a>` {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"<a/><![CDATA[]]>", "<a><?x y?></a>", "<!DOCTYPE a><a/>"} {
		if got := intake(t, []byte(bad), MetadataLimits()); got.stage != StageXML {
			t.Errorf("%s: got %+v", bad, got)
		}
	}
}

func TestMetadataMayBeLarger(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]outcome{5000: {}, 5001: {StageLimit, "SEC-14"}} {
		if got := intake(t, []byte(siblings(n)), MetadataLimits()); got != want {
			t.Errorf("%d elements: got %+v, want %+v", n, got, want)
		}
	}
	big := "<a>" + strings.Repeat("<b>"+strings.Repeat("x", 60<<10)+"</b>", 17) + "</a>"
	if got := intake(t, []byte(big), MetadataLimits()); got.stage != "" {
		t.Errorf("%d octets: got %+v", len(big), got)
	}
	big = "<a>" + strings.Repeat("<b>"+strings.Repeat("x", 60<<10)+"</b>", 18) + "</a>"
	if got := intake(t, []byte(big), MetadataLimits()); got.rule != "SEC-09" {
		t.Errorf("%d octets: got %+v", len(big), got)
	}
}

// Line breaks and tabs in attribute values are blanks to every XML reader but encoding/xml; a signature is made
// over the blanks.
func TestAttributeValuesAreNormalised(t *testing.T) {
	t.Parallel()
	el := mustParse(t, []byte("<a x=\"1\r\n2\n3\t4\r5&#10;6\"\n y='\"\n'>\r\nt</a>"))
	if got := attr(el, "x"); got != "1 2 3 4 5\n6" {
		t.Errorf("x = %q", got)
	}
	if got := attr(el, "y"); got != "\" " {
		t.Errorf("y = %q", got)
	}
	if got := string(Serialise(el)); got != "<a x=\"1 2 3 4 5&#xA;6\" y=\"&quot; \">\nt</a>" {
		t.Errorf("got %s", got)
	}
}

func TestAttributesAreReadUnprefixed(t *testing.T) {
	t.Parallel()
	el := mustParse(t, []byte(`<a xmlns:evil="urn:x:1" evil:Destination="forged" Destination="true" evil:Version="2.0" xml:lang="it"/>`))
	if v, ok := Attr(el, "Destination"); !ok || v != "true" {
		t.Errorf("Destination = %q, %v", v, ok)
	}
	if v, ok := Attr(el, "Version"); ok {
		t.Errorf("Version = %q, want none", v)
	}
	if v, ok := AttrNS(el, "urn:x:1", "Version"); !ok || v != "2.0" {
		t.Errorf("evil:Version = %q, %v", v, ok)
	}
	if v, ok := AttrNS(el.Copy(), NSXML, "lang"); !ok || v != "it" {
		t.Errorf("xml:lang = %q, %v", v, ok)
	}
	if _, ok := AttrNS(nil, NSXML, "lang"); ok {
		t.Error("an attribute of no element")
	}
}

func TestTextRefusesChildren(t *testing.T) {
	t.Parallel()
	for octets, want := range map[string]string{"<a>x</a>": "x", "<a/>": "", "<a>&amp;x </a>": "&x "} {
		if got, err := Text(mustParse(t, []byte(octets))); err != nil || got != want {
			t.Errorf("%s: got %q, %v", octets, got, err)
		}
	}
	if _, err := Text(mustParse(t, []byte("<a>x<b/>y</a>"))); err == nil {
		t.Error("text around an element is taken")
	}
	if _, err := Text(nil); err == nil {
		t.Error("text of no element is taken")
	}
	el := mustParse(t, []byte("<a>x</a>"))
	el.CreateComment("y")
	el.CreateText("z")
	if _, err := Text(el); err == nil {
		t.Error("text around a comment is taken")
	}
}

func TestChildrenGoByNamespace(t *testing.T) {
	t.Parallel()
	el := mustParse(t, []byte(`<a xmlns="urn:x:1" xmlns:p="urn:x:1" xmlns:q="urn:x:2"><b/>t<p:b/><q:b/><c><b/></c></a>`))
	if got := len(Children(el, "urn:x:1", "b")); got != 2 {
		t.Errorf("got %d children, want 2", got)
	}
	if Child(el, "urn:x:2", "b") == nil || Child(el, "urn:x:2", "c") != nil || Child(nil, "urn:x:2", "c") != nil {
		t.Error("Child looks elsewhere")
	}
	if Children(nil, "", "") != nil || Is(nil, "", "") {
		t.Error("no element has children")
	}
}

// Documents far past the bounds cost little before they are refused (SEC-14). Not parallel: it counts memory.
func TestParseRefusesCheaply(t *testing.T) {
	for name, octets := range map[string]string{
		"20,000 nested elements":      nest(20000),
		"50,000 siblings":             siblings(50000),
		"10,000 attributes":           attributes("x", 10000),
		"10,000 declarations":         attributes("xmlns:x", 10000),
		"5,000 declarations in depth": declarations(200, 25),
		"100 MiB":                     strings.Repeat("<a>", 100<<20/3),
	} {
		octets := []byte(octets)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		if got := intake(t, octets, MessageLimits()); got.stage != StageLimit {
			t.Errorf("%s: got %+v", name, got)
		}
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 || took > 5*time.Second {
			t.Errorf("%s: %d octets allocated in %v", name, grown, took)
		}
	}
}
