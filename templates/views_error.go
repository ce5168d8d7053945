package templates

import (
	"time"

	"spidsim/spid"
	"spidsim/templates/ui"
)

// RefusedView is a refused request (OSC-27, SCR-01), data-step "error": for the person one official sentence and what to do, for developers
// (every mode but trainer) the findings, the document and the checks. Anomalies 2-7 and 10 stay here; for 8, 9 and 11-18 Response
// holds the answer that is about to leave.
type RefusedView struct {
	Gestore   Gestore
	Service   string // display name; "" when it is not known
	ReturnURL string // of the service, "" when it is not known
	Anomaly   spid.Anomaly
	Title     string // heading for developers; "" = the anomaly's title
	Reference string
	At        time.Time
	Findings  []ui.Finding
	Document  *ui.Document // the message as it arrived; nil when it could not be read
	Checks    []Check
	Response  *ReadyResponse
}

// Check is a line of the list of checks, in the order in which they are made.
type Check struct {
	Label  string  // in the page's language
	Codes  string  // anomalies that it can cause, "nr09, nr11"
	Result ui.Tone // ui.OK, ui.Bad, ui.Warn; ui.Plain = not reached
}

// ReadyResponse is an anomaly Response that the person sends on with a button.
type ReadyResponse struct {
	Status, Sub string // last parts of the URIs, "Requester", "NoAuthnContext"
	Message     string // "ErrorCode nr12"
	Form        ui.SAMLForm
}

// ProblemView is any other error page: 400, 403, 404, 405, 413, 415, 421, 422, 429, 500, 503.
type ProblemView struct {
	Status    int
	Detail    string // one sentence of the program for developers, in English or Italian; may be ""
	Allow     string // with 405
	Reference string
	Portal    *Portal // nil = console frame
}
