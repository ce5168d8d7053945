// Package idptest is a SPID identity provider for Go tests, in the manner of net/http/httptest: in process, in memory, on a
// free port, with invented people and the program's own engine.
//
//	sim := idptest.New(t)
//	sim.RegisterSP(t, spMetadata)
//	resp := sim.Login(t, authnRequestURL, idptest.User("lucia.verdi"), idptest.Level(2))
//	http.PostForm(resp.Destination, resp.Values())
//
// A browser may log in as well: Sim.URL serves the same pages as the program.
package idptest
