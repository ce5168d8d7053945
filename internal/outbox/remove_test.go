package outbox

import (
	"strings"
	"testing"
)

func TestRemoveTakesOnePersonsMessages(t *testing.T) {
	t.Parallel()
	box, _ := box(t)
	for _, m := range []Message{
		{Channel: SMS, To: "+39 399 000 0001", Text: "by number"}, {Channel: Email, To: "ortensia@personas.example", Text: "by address"},
		{Channel: App, To: "x", User: "ortensia.quirzoldi", Text: "by user"}, {Channel: SMS, To: "+39 399 000 0002", Text: "of another"},
	} {
		if _, err := box.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	err := box.Remove(t.Context(), Filter{User: "ortensia.quirzoldi"}, Filter{To: "3990000001"}, Filter{To: "Ortensia@personas.example"})
	if err != nil {
		t.Fatal(err)
	}
	left, err := box.List(t.Context(), Filter{}, 0)
	if err != nil || len(left) != 1 || !strings.Contains(left[0].Text, "of another") {
		t.Errorf("%d messages are left (%v), want the one of another person", len(left), err)
	}
}
