package rules

// Reasons that several ids share.
const (
	laterLogout = "LogoutRequest: its rows come with single logout"
	laterReach  = "needs the service to be reached from outside: belongs to the conformance checker"
	production  = "production mode only: belongs to the conformance checker, a local service cannot hold it"
	ours        = "a duty of the identity provider, kept by its code and tests; nothing in a request can break it"
)

// LeftOut gives, for each id on requests and Responses that no row stands for, the reason. It is read only.
var LeftOut = map[string]string{
	"AR-TR-01": laterReach, "AR-TR-02": laterReach,
	"AR-13": production, "AR-14": production, "AR-36": production, "AR-37": production,
	"AR-49": "eIDAS services only; no official tool evaluates it, and the sets 99 and 100 are indexes like others (AR-48)",

	"AR-140": laterLogout, "AR-141": laterLogout, "AR-142": laterLogout, "AR-143": laterLogout, "AR-144": laterLogout,
	"AR-145": laterLogout, "AR-146": laterLogout, "AR-147": laterLogout, "AR-148": laterLogout, "AR-149": laterLogout,
	"AR-150": laterLogout, "AR-151": laterLogout,

	"BIND-01": "the endpoints that the identity provider publishes: metadata of the identity provider",
	"BIND-08": "how a self-posting page is made: " + ours,
	"BIND-12": "RelayState goes back unchanged: " + ours,
	"BIND-14": "TLS is the listener's: " + ours,
	"SIG-08":  "KeyInfo is what we write; a request without KeyInfo verifies against the metadata all the same",

	"AST-05": "that the transient value is fresh cannot be seen in one Response",
	"SPV-05": "the page that explains an anomaly is the service provider's; Report.Anomaly gives it what to explain",
}
