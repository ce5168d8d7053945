package rules

import (
	"strconv"
	"strings"

	"spidsim/saml"
	"spidsim/spid"
)

const (
	acsIndexPath   = "AuthnRequest/@AssertionConsumerServiceIndex"
	acsURLPath     = "AuthnRequest/@AssertionConsumerServiceURL"
	acsBindingPath = "AuthnRequest/@ProtocolBinding"
)

// requestACS is anomaly 16: where the answer goes. Rows without Strict are those after which no declared address
// is left to answer to.
var requestACS = []Rule{
	{
		ID: "AR-41", Aliases: []string{"REQ-13"}, Strict: true, Anomaly: spid.BadACS, FoundIn: testenv,
		Applies: acsByIndex,
		Title: Text{"AssertionConsumerServiceIndex esclude AssertionConsumerServiceURL e ProtocolBinding",
			"AssertionConsumerServiceIndex excludes AssertionConsumerServiceURL and ProtocolBinding"},
		Remedy: Text{"Scegli uno dei due modi. Il consigliato: solo AssertionConsumerServiceIndex.",
			"Choose one of the two ways. Recommended: AssertionConsumerServiceIndex alone."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 16",
		Check: func(s *Subject) error {
			if v := attr(s.root, "AssertionConsumerServiceURL"); has(s.root, "AssertionConsumerServiceURL") {
				return fault(acsURLPath, v, "")
			}
			if v := attr(s.root, "ProtocolBinding"); has(s.root, "ProtocolBinding") {
				return fault(acsBindingPath, v, "")
			}
			return nil
		},
	},
	{
		ID: "AR-32", Aliases: []string{"AR-31"}, Anomaly: spid.BadACS, FoundIn: twoTools, Applies: acsByIndex,
		Title: Text{"AssertionConsumerServiceIndex è un intero da 0 a 65535", "AssertionConsumerServiceIndex is an integer from 0 to 65535"},
		Remedy: Text{"Scrivi il numero dell'indice che hai dichiarato nei metadati, di solito 0.",
			"Write the number of the index that you declared in the metadata, mostly 0."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; SAML Core 3.4.1",
		Check: func(s *Subject) error {
			v := attr(s.root, "AssertionConsumerServiceIndex")
			if _, ok := unsignedShort(v); !ok {
				return fault(acsIndexPath, v, "0 … 65535")
			}
			return nil
		},
	},
	{
		ID: "AR-30", Aliases: []string{"REQ-11"}, Anomaly: spid.BadACS, FoundIn: everyTool,
		Applies: func(s *Subject) bool {
			_, ok := unsignedShort(attr(s.root, "AssertionConsumerServiceIndex"))
			return ok
		},
		Title: Text{"AssertionConsumerServiceIndex è tra quelli dei metadati", "AssertionConsumerServiceIndex is one of the metadata"},
		Remedy: Text{"Usa uno degli indici registrati, oppure aggiorna i metadati e registrali di nuovo.",
			"Use one of the registered indexes, or update the metadata and register it again."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 16",
		Check: func(s *Subject) error {
			v := attr(s.root, "AssertionConsumerServiceIndex")
			n, _ := unsignedShort(v)
			if _, ok := s.SP.SP.AssertionConsumerService(n); !ok {
				return fault(acsIndexPath, v, acsIndexes(s.SP.SP))
			}
			return nil
		},
	},
	{
		ID: "AR-33", Aliases: []string{"AR-34", "REQ-10"}, Strict: true, Anomaly: spid.BadACS, FoundIn: everyTool, Applies: acsByURL,
		Title: Text{"Senza indice c'è AssertionConsumerServiceURL, non vuoto", "Without an index there is AssertionConsumerServiceURL, not empty"},
		Remedy: Text{"Aggiungi AssertionConsumerServiceIndex, oppure AssertionConsumerServiceURL insieme a ProtocolBinding.",
			"Add AssertionConsumerServiceIndex, or else AssertionConsumerServiceURL together with ProtocolBinding."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 16",
		Check: func(s *Subject) error {
			return filled(acsURLPath, attr(s.root, "AssertionConsumerServiceURL"), acsLocations(s.SP.SP))
		},
	},
	{
		ID: "AR-35", Aliases: []string{"REQ-12", "SEC-36", "SEC-37"}, Anomaly: spid.BadACS, FoundIn: everyTool,
		Applies: func(s *Subject) bool { return acsByURL(s) && attr(s.root, "AssertionConsumerServiceURL") != "" },
		Title: Text{"AssertionConsumerServiceURL è, carattere per carattere, un indirizzo dei metadati",
			"AssertionConsumerServiceURL is, character by character, an address of the metadata"},
		Remedy: Text{"Usa l'indirizzo registrato, uguale anche per porta e barra finale, oppure aggiorna i metadati.",
			"Use the registered address, equal in port and final slash too, or update the metadata."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 16",
		Check: func(s *Subject) error {
			v := attr(s.root, "AssertionConsumerServiceURL")
			if _, ok := acsByLocation(s.SP.SP, v); !ok {
				return fault(acsURLPath, v, acsLocations(s.SP.SP))
			}
			return nil
		},
	},
	{
		ID: "AR-40", Aliases: []string{"AR-38", "AR-39"}, Strict: true, Anomaly: spid.BadACS, FoundIn: everyTool, Applies: acsByURL,
		Title:  Text{"Senza indice ProtocolBinding è HTTP-POST", "Without an index ProtocolBinding is HTTP-POST"},
		Remedy: Text{"Aggiungi ProtocolBinding con il valore atteso, oppure usa solo l'indice.", "Add ProtocolBinding with the value wanted, or use the index alone."},
		Source: "Regole tecniche SPID, SSO, AuthnRequest; Messaggi di anomalia, riga 16",
		Check: func(s *Subject) error {
			return equals(acsBindingPath, attr(s.root, "ProtocolBinding"), string(saml.HTTPPost))
		},
	},
	{
		ID: "BIND-02", Anomaly: spid.BadACS,
		Applies: func(s *Subject) bool { _, ok := resolveACS(s.SP.SP, s.request); return ok },
		Title:   Text{"L'indirizzo scelto riceve con HTTP-POST", "The address chosen receives by HTTP-POST"},
		Remedy: Text{"Scegli un AssertionConsumerService con binding HTTP-POST: la risposta di SPID viaggia solo così.",
			"Choose an AssertionConsumerService with the binding HTTP-POST: the answer of SPID travels only so."},
		Source: "Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			ep, _ := resolveACS(s.SP.SP, s.request)
			path := acsIndexPath
			if acsByURL(s) {
				path = acsURLPath
			}
			return equals(path, string(ep.Binding), string(saml.HTTPPost))
		},
	},
}

func acsByIndex(s *Subject) bool { return has(s.root, "AssertionConsumerServiceIndex") }
func acsByURL(s *Subject) bool   { return !acsByIndex(s) }

// acsIndexes lists the declared indexes, for the Wanted of a finding.
func acsIndexes(sp *saml.SPSSODescriptor) string {
	var list []string
	for _, ep := range sp.AssertionConsumerServices {
		if ep.Index >= 0 {
			list = append(list, strconv.Itoa(ep.Index))
		}
	}
	return strings.Join(list, " | ")
}

// acsLocations lists the declared addresses, for the Wanted of a finding.
func acsLocations(sp *saml.SPSSODescriptor) string {
	var list []string
	for _, ep := range sp.AssertionConsumerServices {
		list = append(list, ep.Location)
	}
	return strings.Join(list, " | ")
}
