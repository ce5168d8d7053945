package spid

import (
	"fmt"
	"slices"
	"strings"
)

// Anomaly is a number of the anomaly table; 1 is success, 0 none.
type Anomaly int

// Anomalies.
const (
	Success           Anomaly = 1
	Unavailable       Anomaly = 2
	SystemError       Anomaly = 3
	BadFormat         Anomaly = 4
	BadQuerySignature Anomaly = 5
	WrongMethod       Anomaly = 6
	BadXMLSignature   Anomaly = 7
	NotConforming     Anomaly = 8
	BadVersion        Anomaly = 9
	BadIssuer         Anomaly = 10
	BadID             Anomaly = 11
	BadAuthnContext   Anomaly = 12
	BadIssueInstant   Anomaly = 13
	BadDestination    Anomaly = 14
	IsPassive         Anomaly = 15
	BadACS            Anomaly = 16
	BadNameIDPolicy   Anomaly = 17
	BadAttributeSet   Anomaly = 18
	WrongCredentials  Anomaly = 19
	LevelNotHeld      Anomaly = 20
	Timeout           Anomaly = 21
	ConsentDenied     Anomaly = 22
	IdentityBlocked   Anomaly = 23
	Cancelled         Anomaly = 25
	WrongIdentityType Anomaly = 30
)

// AnomalyInfo is a row of the table.
type AnomalyInfo struct {
	Anomaly     Anomaly
	Title       string // Italian, what it means
	English     string
	ToUser      bool   // told to the person on a page of the identity provider, never to the service provider
	HTTP        int    // status of the page that tells it (200 for the form that carries a Response)
	Status      string // top status URI, "" for page anomalies
	Sub         string // nested status URI, may be ""
	Page        string // official text for the person, Italian; "" when the table has none
	PageEnglish string
	ForPerson   string // UX-56 sentence, Italian (anomalies 19..30), else ""
	ForPersonEN string
	Remedy      string // what person or service should do, Italian
	RemedyEN    string
	NotEmitted  bool // 26..29: other people's lists have them, no flow of SPID login ends in them
}

// Info returns the row of a. Unknown and reserved numbers have the zero row with ok false.
func (a Anomaly) Info() (info AnomalyInfo, ok bool) {
	for i := range anomalies {
		if anomalies[i].Anomaly == a {
			return anomalies[i], true
		}
	}
	return AnomalyInfo{}, false
}

// Code returns the StatusMessage, "ErrorCode nr08": one blank, two digits, nothing around it, since service
// providers compare it as it is (ERR-01). Numbers that two digits cannot write give "".
func (a Anomaly) Code() string {
	if a < 1 || a > 99 {
		return ""
	}
	return fmt.Sprintf("%s%02d", codePrefix, int(a))
}

const codePrefix = "ErrorCode nr"

// ParseCode reads a StatusMessage, literally: whatever Code does not write gives false. The number need not be
// one that Info knows.
func ParseCode(statusMessage string) (Anomaly, bool) {
	digits, ok := strings.CutPrefix(statusMessage, codePrefix)
	if !ok || len(digits) != 2 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	a := Anomaly(digits[0]-'0')*10 + Anomaly(digits[1]-'0')
	return a, a > 0
}

// Anomalies returns the table in order, 1..30 without the reserved 24. The slice is the caller's.
func Anomalies() []AnomalyInfo { return slices.Clone(anomalies) }
