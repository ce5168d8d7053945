// Package limits holds the numeric limits of the web layer, each once: the struct tags give the configuration key, the
// default and the help (SEC-79). Package config reads the same tags for flags, environment and file.
//
// The limits on what lies inside a SAML message (depth, elements, octets after inflation) belong to
// package saml, which knows nothing of configuration.
package limits

import (
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Limits bounds what one client can make the program do (security.md section 10). Sizes are octets.
type Limits struct {
	HeaderBytes       int           `name:"header-bytes" default:"16384" help:"Header block of a request, request line included, octets."`
	QueryBytes        int           `name:"query-bytes" default:"16384" help:"Raw query of an address, octets."`
	MessageBytes      int           `name:"message-bytes" default:"524288" help:"Body of a POST that carries a SAML message, octets."`
	MessageFields     int           `name:"message-fields" default:"16" help:"Fields of a form that carries a SAML message."`
	FormBytes         int           `name:"form-bytes" default:"16384" help:"Body of any other form, octets."`
	FormFields        int           `name:"form-fields" default:"64" help:"Fields of any other form."`
	UploadBytes       int           `name:"upload-bytes" default:"1048576" help:"Metadata document or other upload, and body of an API request, octets."`
	ReadHeaderTimeout time.Duration `name:"read-header-timeout" default:"5s" help:"Time a client has to send its headers."`
	ReadTimeout       time.Duration `name:"read-timeout" default:"15s" help:"Time a client has to send a whole request."`
	WriteTimeout      time.Duration `name:"write-timeout" default:"30s" help:"Time to write an answer."`
	IdleTimeout       time.Duration `name:"idle-timeout" default:"60s" help:"Time an idle connection is kept."`
	SSOPerMinute      int           `name:"sso-per-minute" default:"120" help:"Login requests a minute from one address, beyond loopback only."`
	SSOBurst          int           `name:"sso-burst" default:"60" help:"Login requests at once from one address, beyond loopback only."`
	SignInPerMinute   int           `name:"sign-in-per-minute" default:"30" help:"Attempts to sign in a minute from one address, beyond loopback only."`
	EnrolPerHour      int           `name:"enrol-per-hour" default:"10" help:"Requests for SPID that one address may begin in an hour, beyond loopback only."`
	EnrolOpen         int           `name:"enrol-open" default:"200" help:"Requests for SPID open at the gestori at a time; beyond loopback no further one begins."`
	APIPerMinute      int           `name:"api-per-minute" default:"300" help:"API requests a minute with one token, beyond loopback only."`
	RateEntries       int           `name:"rate-entries" default:"50000" help:"Addresses remembered for the rates."`
}

// Default returns the limits of security.md section 10, as the tags say them.
func Default() Limits {
	var l Limits
	v := reflect.ValueOf(&l).Elem()
	for i := range v.NumField() {
		if err := set(v.Field(i), v.Type().Field(i).Tag.Get("default")); err != nil {
			panic(fmt.Sprintf("limits: %s: %v", v.Type().Field(i).Name, err)) // a wrong tag; the test finds it
		}
	}
	return l
}

// WithDefaults replaces every zero field by its default.
func (l Limits) WithDefaults() Limits {
	v, def := reflect.ValueOf(&l).Elem(), reflect.ValueOf(Default())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			v.Field(i).Set(def.Field(i))
		}
	}
	return l
}

func set(field reflect.Value, text string) error {
	if field.Type() == reflect.TypeFor[time.Duration]() {
		d, err := time.ParseDuration(text)
		field.SetInt(int64(d))
		return err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	field.SetInt(n)
	return err
}
