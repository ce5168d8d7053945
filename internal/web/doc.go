// Package web is the plumbing between net/http and the pages: what every answer carries, what no request may do, how a page,
// a JSON value or an error leaves. It knows no protocol and no actor.
//
// Handler wraps the router from outside, so that 404 and 405 are covered too:
//
//	request id, log line, panic -> one 500     (SEC-60, SEC-70)
//	  answer headers                           (SEC-51, UX-30)
//	    TRACE, Host, path, query               (SEC-05, SEC-60, SEC-61)
//	      cross-origin protection              (SEC-50)
//	        body limits, language, robots.txt  (section 10, UX-31, UX-50)
//	          router
//
// Handlers then use Page, Render, RenderPost, JSON, WriteProblem, Fail, Form and DecodeJSON.
package web
