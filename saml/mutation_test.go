package saml

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/beevik/etree"
)

// mutator edits signed messages at random.
type mutator struct{ *rand.Rand }

// octets flips, drops, doubles or moves a piece of the message.
func (m mutator) octets(in []byte) []byte {
	out := bytes.Clone(in)
	for range 1 + m.IntN(3) {
		i := m.IntN(len(out))
		j := min(len(out), i+1+m.IntN(40))
		switch m.IntN(5) {
		case 0:
			out[i] ^= 1 << m.IntN(8)
		case 1:
			out = append(out[:i:i], out[j:]...)
		case 2:
			out = append(out[:j:j], out[i:]...)
		case 3:
			out[i] = `<>&"' /=:#_aA0`[m.IntN(14)]
		case 4:
			piece := bytes.Clone(out[i:j])
			out = append(out[:i:i], out[j:]...)
			at := m.IntN(len(out) + 1)
			out = append(out[:at:at], append(piece, out[at:]...)...)
		}
		if len(out) == 0 {
			return []byte("x")
		}
	}
	return out
}

// tree drops, doubles, moves or renames elements and attributes.
func (m mutator) tree(root *etree.Element) *etree.Element {
	c := alone(root)
	for range 1 + m.IntN(2) {
		var all []*etree.Element
		walk(c, func(e *etree.Element) bool { all = append(all, e); return true })
		from, to := all[m.IntN(len(all))], all[m.IntN(len(all))]
		m.edit(c, from, to)
	}
	return c
}

func (m mutator) edit(root, from, to *etree.Element) {
	switch m.IntN(7) {
	case 0:
		if from != root {
			from.Parent().RemoveChild(from)
		}
	case 1:
		to.InsertChildAt(m.IntN(len(to.Child)+1), from.Copy())
	case 2:
		if from != root && !under(to, from) {
			to.InsertChildAt(min(m.IntN(len(to.Child)+1), len(to.Child)), from)
		}
	case 3:
		from.SetText(evil)
	case 4:
		if len(from.Attr) > 0 {
			from.Attr[m.IntN(len(from.Attr))].Value = evil
		}
	case 5:
		if len(from.Attr) > 0 {
			from.Attr = from.Attr[1:]
		}
	case 6:
		from.Tag = to.Tag
	}
}

func under(el, top *etree.Element) bool {
	for ; el != nil; el = el.Parent() {
		if el == top {
			return true
		}
	}
	return false
}

// SEC-27: whatever is done to a signed message, it is refused or says the very same of the very same person.
func TestRandomEditsNeverWin(t *testing.T) {
	t.Parallel()
	certs := pinned(t, "idp")
	both, one := signedResponse(t), assertionSigned(t)
	genuine, err := VerifyResponse(both, certs, issued)
	if err != nil {
		t.Fatal(err)
	}
	want, wantResponse := Serialise(genuine.Assertion.Root), Serialise(genuine.Response)
	m := mutator{rand.New(rand.NewPCG(1, 2))}
	accepted, runs := 0, 0
	// Two seconds, but enough runs to mean something where the machine is slow.
	for end := time.Now().Add(2 * time.Second); runs < 100 || time.Now().Before(end) && runs < 10000; runs++ {
		source := []*etree.Element{both, one}[runs%2]
		var octets []byte
		if runs%4 < 2 {
			octets = m.octets(Serialise(source))
		} else {
			octets = Serialise(m.tree(source))
		}
		a, err := ParsePost(ParamResponse, postForm(ParamResponse, octets))
		if err != nil {
			continue
		}
		v, err := VerifyResponse(a.Root, certs, issued)
		if err != nil {
			continue
		}
		accepted++
		if v.Assertion != nil && !bytes.Equal(Serialise(v.Assertion.Root), want) {
			t.Fatalf("another Assertion is accepted:\n%s\nfrom\n%s", Serialise(v.Assertion.Root), octets)
		}
		if v.Signed && !bytes.Equal(Serialise(v.Response), wantResponse) {
			t.Fatalf("another Response is accepted:\n%s\nfrom\n%s", Serialise(v.Response), octets)
		}
	}
	t.Logf("%d runs, %d of them left the meaning alone", runs, accepted)
	if accepted == 0 || accepted == runs {
		t.Errorf("%d of %d accepted: the edits test nothing", accepted, runs)
	}
}
