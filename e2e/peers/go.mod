module spidsim/e2e/peers

go 1.26.0

require (
	github.com/beevik/etree v1.7.0
	github.com/crewjam/saml v0.5.1
	github.com/russellhaering/gosaml2 v0.12.0
	github.com/russellhaering/goxmldsig v1.6.1
	golang.org/x/net v0.62.0
)

require (
	github.com/golang-jwt/jwt/v4 v4.5.2 // indirect
	github.com/jonboulle/clockwork v0.5.0 // indirect
	github.com/mattermost/xml-roundtrip-validator v0.1.0 // indirect
	golang.org/x/crypto v0.58.0 // indirect
)
