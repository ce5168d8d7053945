package rules

import (
	"crypto/x509"
	"slices"
	"strconv"
	"strings"

	"github.com/beevik/etree"

	"spidsim/saml"
	"spidsim/spid"
)

// maxEntityID bounds entityID, in characters (MD-SP-01).
const maxEntityID = 1024

const (
	spPath     = "EntityDescriptor/SPSSODescriptor"
	acsPath    = spPath + "/AssertionConsumerService"
	setPath    = spPath + "/AttributeConsumingService"
	sloPath    = spPath + "/SingleLogoutService"
	mdSigPath  = "EntityDescriptor/Signature"
	orgPath    = "EntityDescriptor/Organization"
	personPath = "EntityDescriptor/ContactPerson"
)

const rtMetadata = "Regole tecniche SPID, Metadata del Service Provider"

// metadataTrust is what the metadata of a service provider must be before a registration can be trusted: errors.
var metadataTrust = []Rule{
	{
		ID: "MD-DOC-02", Aliases: []string{"MD-DOC-01"}, Stops: true, FoundIn: everyTool,
		Title:  Text{"Il documento è XML ben formato e accettabile", "The document is well-formed and acceptable XML"},
		Remedy: Text{"Controlla che l'indirizzo o il file contenga i metadati e non una pagina HTML.", "Check that the address or file holds the metadata and not an HTML page."},
		Source: rtMetadata + "; regola di sicurezza SEC-63",
		Check: func(s *Subject) error {
			if s.Intake != nil && !isStage(s.Intake, saml.StageRoot) {
				return responseFault(s)
			}
			return nil
		},
	},
	{
		ID: "1.3.0", Stops: true, FoundIn: everyTool,
		Title:  Text{"La radice è un md:EntityDescriptor", "The root is one md:EntityDescriptor"},
		Remedy: Text{"Registra i metadati di un servizio alla volta.", "Register the metadata of one service at a time."},
		Source: rtMetadata,
		Check: func(s *Subject) error {
			if s.Intake != nil {
				return responseFault(s)
			}
			if !saml.Is(s.root, saml.NSMetadata, "EntityDescriptor") {
				return fault("EntityDescriptor", "", "EntityDescriptor")
			}
			return nil
		},
	},
	{
		ID: "1.3.2", Aliases: []string{"1.3.1"}, FoundIn: everyTool,
		Title:  Text{"entityID è presente e non vuoto", "entityID is present and not empty"},
		Remedy: Text{"Aggiungi entityID: l'indirizzo che identifica il tuo servizio.", "Add entityID: the address that identifies your service."},
		Source: rtMetadata,
		Check:  func(s *Subject) error { return filled("EntityDescriptor/@entityID", s.Document.EntityID, "URI") },
	},
	{
		ID:      "MD-SP-01",
		Applies: func(s *Subject) bool { return s.Document.EntityID != "" },
		Title:   Text{"entityID è un URI assoluto di al massimo 1024 caratteri", "entityID is an absolute URI of at most 1024 characters"},
		Remedy:  Text{"Usa un indirizzo https del tuo dominio, breve e senza spazi.", "Use an https address of your domain, short and without blanks."},
		Source:  rtMetadata + "; SAML Metadata 2.2.1",
		Check: func(s *Subject) error {
			id := s.Document.EntityID
			if !absoluteURI(id) || len([]rune(id)) > maxEntityID {
				return fault("EntityDescriptor/@entityID", id, "URI, 1 … "+strconv.Itoa(maxEntityID))
			}
			return nil
		},
	},
	{
		ID: "MD-ED-06", FoundIn: testenv,
		Applies: func(s *Subject) bool { return has(s.root, "validUntil") },
		Title:   Text{"validUntil, se c'è, è in UTC e non è passato", "validUntil, where present, is in UTC and has not passed"},
		Remedy:  Text{"Rinnova i metadati e registrali di nuovo.", "Renew the metadata and register it again."},
		Source:  "SAML Metadata 2.3.2; regola di sicurezza SEC-63",
		Check: func(s *Subject) error {
			v := attr(s.root, "validUntil")
			if at, ok := utc(v); !ok || !at.After(s.Now) {
				return fault("EntityDescriptor/@validUntil", v, "> "+s.Now.UTC().Format(instantOut))
			}
			return nil
		},
	},
	{
		ID: "1.6.0", Aliases: []string{"MD-SP-03", "01.06.00"}, Stops: true, FoundIn: everyTool,
		Title:  Text{"C'è esattamente un SPSSODescriptor", "There is exactly one SPSSODescriptor"},
		Remedy: Text{"Descrivi il servizio in un solo SPSSODescriptor.", "Describe the service in a single SPSSODescriptor."},
		Source: rtMetadata,
		Check: func(s *Subject) error {
			if err := exactly(1, s.root, saml.NSMetadata, "SPSSODescriptor", spPath); err != nil {
				return err
			}
			if s.Document.SP == nil {
				return fault(spPath, "", "1")
			}
			return nil
		},
	},
	{
		ID: "01.06.06", Aliases: []string{"1.6.1", "1.6.2", "01.06.01", "01.06.02"}, Strict: true, FoundIn: everyTool,
		Title:  Text{"protocolSupportEnumeration comprende SAML 2.0", "protocolSupportEnumeration includes SAML 2.0"},
		Remedy: Text{"Scrivi protocolSupportEnumeration con il valore atteso.", "Write protocolSupportEnumeration with the value wanted."},
		Source: rtMetadata + "; SAML Metadata 2.4.1",
		Check: func(s *Subject) error {
			v := attr(spElement(s), "protocolSupportEnumeration")
			if !slices.Contains(strings.Fields(v), saml.NSProtocol) {
				return fault(spPath+"/@protocolSupportEnumeration", v, saml.NSProtocol)
			}
			return nil
		},
	},
	{
		ID: "1.4.0", Aliases: []string{"1.4.1", "MD-SP-04"}, FoundIn: everyTool,
		Title:  Text{"C'è almeno un certificato di firma", "There is at least one signing certificate"},
		Remedy: Text{"Aggiungi un KeyDescriptor con use=\"signing\" e il certificato in X509Certificate.", "Add a KeyDescriptor with use=\"signing\" and the certificate in X509Certificate."},
		Source: rtMetadata + ", KeyDescriptor",
		Check: func(s *Subject) error {
			if len(s.Document.SP.Signing) == 0 {
				return fault(spPath+"/KeyDescriptor", "", "1 …")
			}
			return nil
		},
	},
	{
		ID:      "SEC-63",
		Applies: func(s *Subject) bool { return len(s.Document.SP.Signing) > 0 },
		Title:   Text{"Almeno un certificato di firma è RSA da 2048 bit e valido adesso", "At least one signing certificate is RSA of 2048 bits and valid now"},
		Remedy:  Text{"Crea una chiave RSA di almeno 2048 bit e un certificato valido: spidsim cert sp lo fa.", "Make an RSA key of at least 2048 bits and a valid certificate: spidsim cert sp does it."},
		Source:  rtMetadata + ", KeyDescriptor; avviso SPID n. 29 v3",
		Check: func(s *Subject) error {
			var found []string
			for _, c := range s.Document.SP.Signing {
				if strongRSA(c) && s.valid(c) {
					return nil
				}
				found = append(found, bits(c)+" "+between(c.NotBefore, c.NotAfter))
			}
			return fault(spPath+"/KeyDescriptor", strings.Join(found, " | "), "RSA 2048, "+s.Now.UTC().Format(instantOut))
		},
	},
	{
		ID: "1.1.0", FoundIn: everyTool,
		Title:  Text{"C'è almeno un AssertionConsumerService", "There is at least one AssertionConsumerService"},
		Remedy: Text{"Aggiungi l'indirizzo che riceve le risposte.", "Add the address that receives the answers."},
		Source: rtMetadata + ", AssertionConsumerService",
		Check: func(s *Subject) error {
			if len(s.Document.SP.AssertionConsumerServices) == 0 {
				return fault(acsPath, "", "1 …")
			}
			return nil
		},
	},
	{
		ID: "1.1.2", Aliases: []string{"1.1.1"}, FoundIn: twoTools,
		Title:  Text{"Ogni AssertionConsumerService ha un index intero non negativo", "Each AssertionConsumerService has an index, a non-negative integer"},
		Remedy: Text{"Numera gli indirizzi a partire da 0.", "Number the addresses from 0."},
		Source: rtMetadata + ", AssertionConsumerService",
		Check:  eachACS(func(path string, ep saml.Endpoint, el *etree.Element) error { return isIndex(path, ep.Index, el) }),
	},
	{
		ID: "MD-SP-07a", Aliases: []string{"MD-SP-07"},
		Title:  Text{"Gli index degli AssertionConsumerService sono tutti diversi", "The indexes of the AssertionConsumerServices all differ"},
		Remedy: Text{"Dai a ogni indirizzo un numero suo.", "Give each address a number of its own."},
		Source: rtMetadata + ", AssertionConsumerService; SAML Metadata 2.2.3",
		Check: func(s *Subject) error {
			seen := map[int]bool{}
			for i, ep := range s.Document.SP.AssertionConsumerServices {
				if ep.Index >= 0 && seen[ep.Index] {
					return fault(nth(acsPath, i)+"/@index", strconv.Itoa(ep.Index), "≠ "+strconv.Itoa(ep.Index))
				}
				seen[ep.Index] = true
			}
			return nil
		},
	},
	{
		ID:      "MD-SP-07b",
		Applies: hasACS,
		Title:   Text{"Almeno un AssertionConsumerService ha binding HTTP-POST", "At least one AssertionConsumerService has the binding HTTP-POST"},
		Remedy:  Text{"Dichiara un indirizzo con binding HTTP-POST: la risposta arriva solo così.", "Declare an address with the binding HTTP-POST: the answer arrives only so."},
		Source:  rtMetadata + ", AssertionConsumerService; Regole tecniche SPID, SSO, Response",
		Check: func(s *Subject) error {
			var found []string
			for _, ep := range s.Document.SP.AssertionConsumerServices {
				if ep.Binding == saml.HTTPPost {
					return nil
				}
				found = append(found, string(ep.Binding))
			}
			return fault(acsPath+"/@Binding", strings.Join(found, " | "), string(saml.HTTPPost))
		},
	},
	{
		ID: "SEC-69", Aliases: []string{"1.1.5", "UX-35"}, FoundIn: twoTools,
		Title: Text{"Ogni indirizzo di AssertionConsumerService è assoluto, https, oppure http in locale",
			"Each address of AssertionConsumerService is absolute, https, or else http in a laboratory"},
		Remedy: Text{"Usa https. Con http vanno bene solo localhost, le reti private e i nomi .localhost, .test, .example, .internal o di container.",
			"Use https. With http only localhost, private networks and names in .localhost, .test, .example, .internal or of containers will do."},
		Source: "regola di sicurezza SEC-69; SAML Metadata 2.2.2",
		Check: eachACS(func(path string, ep saml.Endpoint, _ *etree.Element) error {
			if !AcceptableAddress(ep.Location) {
				return fault(path+"/@Location", ep.Location, "https://… | http://localhost…")
			}
			return nil
		}),
	},
	{
		ID: "MD-SP-08a", Aliases: []string{"MD-SP-08", "1.2.1", "1.2.2", "XSD-CIE-19"}, Strict: true, FoundIn: twoTools,
		Title:  Text{"Ogni AttributeConsumingService ha un index intero, diverso dagli altri", "Each AttributeConsumingService has an index, an integer other than the rest"},
		Remedy: Text{"Numera gli insiemi di attributi a partire da 0, ognuno con il suo numero.", "Number the attribute sets from 0, each with a number of its own."},
		Source: rtMetadata + ", AttributeConsumingService",
		Check: func(s *Subject) error {
			seen := map[int]bool{}
			for i, set := range s.Document.SP.AttributeConsumingServices {
				if set.Index < 0 || seen[set.Index] {
					return fault(nth(setPath, i)+"/@index", indexText(set.Index), "0 … 65535")
				}
				seen[set.Index] = true
			}
			return nil
		},
	},
	{
		ID: "1.9.0", Aliases: []string{"MD-SP-02", "1.7.1", "1.7.2", "1.7.3", "1.7.4", "1.7.5", "1.7.6"}, FoundIn: twoTools,
		Applies: func(s *Subject) bool { return saml.Child(s.root, saml.NSSignature, "Signature") != nil },
		Title: Text{"La firma dei metadati, se c'è, è di un certificato dichiarato e copre tutto il documento",
			"The signature of the metadata, where present, fits a declared certificate and covers the whole document"},
		Remedy: Text{"Firma di nuovo i metadati con la chiave dichiarata e non toccarli dopo. Oppure togli la firma.",
			"Sign the metadata again with the declared key and do not touch it afterwards. Or remove the signature."},
		Source: rtMetadata + ", Signature",
		Check: func(s *Subject) error {
			if _, err := saml.VerifyElement(s.root, s.Document.SP.Signing, s.Now); err != nil {
				return signatureFault(err, mdSigPath)
			}
			return nil
		},
	},
}

// metadataAdvice is what SPID asks beyond that, and what does no harm to a login here: warnings.
var metadataAdvice = []Rule{
	advice("1.7.0", nil, twoTools,
		Text{"I metadati sono firmati", "The metadata is signed"},
		Text{"Firma i metadati: AgID lo chiede per accreditare il servizio.", "Sign the metadata: AgID asks for it to accredit the service."},
		rtMetadata+", Signature", nil,
		func(s *Subject) error {
			return exactly(1, s.root, saml.NSSignature, "Signature", mdSigPath)
		}),
	advice("MD-KD-05", nil, testenv,
		Text{"Ogni certificato di firma è valido adesso", "Each signing certificate is valid now"},
		Text{"Togli i certificati scaduti dai metadati.", "Take expired certificates out of the metadata."},
		rtMetadata+", KeyDescriptor", nil,
		func(s *Subject) error {
			for _, c := range s.Document.SP.Signing {
				if !s.valid(c) {
					return fault(spPath+"/KeyDescriptor", between(c.NotBefore, c.NotAfter), s.Now.UTC().Format(instantOut))
				}
			}
			return nil
		}),
	advice("MD-KD-07", []string{"MD-KD-06"}, testenv,
		Text{"Nessun certificato è firmato con SHA-1 o MD5", "No certificate is signed with SHA-1 or MD5"},
		Text{"Rifai il certificato con SHA-256.", "Make the certificate again with SHA-256."},
		rtMetadata+", KeyDescriptor; avviso SPID n. 29 v3", nil,
		func(s *Subject) error {
			for _, c := range s.Document.SP.Signing {
				switch c.SignatureAlgorithm {
				case x509.SHA1WithRSA, x509.MD5WithRSA, x509.MD2WithRSA, x509.ECDSAWithSHA1:
					return fault(spPath+"/KeyDescriptor", c.SignatureAlgorithm.String(), "SHA256-RSA")
				}
			}
			return nil
		}),
	advice("1.6.5", []string{"1.6.3", "1.6.4", "FIX-04"}, everyTool,
		Text{"AuthnRequestsSigned vale true", "AuthnRequestsSigned is true"},
		Text{"Aggiungi AuthnRequestsSigned=\"true\" a SPSSODescriptor.", "Add AuthnRequestsSigned=\"true\" to SPSSODescriptor."},
		rtMetadata, nil,
		func(s *Subject) error {
			return equals(spPath+"/@AuthnRequestsSigned", attr(spElement(s), "AuthnRequestsSigned"), "true")
		}),
	advice("01.06.09", []string{"01.06.07", "01.06.08"}, twoTools,
		Text{"WantAssertionsSigned vale true", "WantAssertionsSigned is true"},
		Text{"Aggiungi WantAssertionsSigned=\"true\" a SPSSODescriptor.", "Add WantAssertionsSigned=\"true\" to SPSSODescriptor."},
		"Strumenti di AgID, controlli aggiuntivi", nil,
		func(s *Subject) error {
			return equals(spPath+"/@WantAssertionsSigned", attr(spElement(s), "WantAssertionsSigned"), "true")
		}),
	advice("MD-NID-01", []string{"MD-SP-06"}, everyTool,
		Text{"NameIDFormat, se c'è, è transient", "NameIDFormat, where present, is transient"},
		Text{"Scrivi il formato transient oppure togli l'elemento.", "Write the format transient or remove the element."},
		rtMetadata, func(s *Subject) bool { return len(s.Document.SP.NameIDFormats) > 0 },
		func(s *Subject) error {
			return equals(spPath+"/NameIDFormat", s.Document.SP.NameIDFormats[0], saml.FormatTransient)
		}),
	advice("1.1.4", []string{"1.1.3"}, twoTools,
		Text{"Ogni AssertionConsumerService ha binding HTTP-POST", "Each AssertionConsumerService has the binding HTTP-POST"},
		Text{"Togli gli indirizzi con altri binding: i gestori non li usano.", "Remove the addresses with other bindings: providers do not use them."},
		rtMetadata+", AssertionConsumerService", nil,
		eachACS(func(path string, ep saml.Endpoint, _ *etree.Element) error {
			return equals(path+"/@Binding", string(ep.Binding), string(saml.HTTPPost))
		})),
	advice("1.1.7", nil, twoTools,
		Text{"Un solo AssertionConsumerService è il predefinito", "Exactly one AssertionConsumerService is the default"},
		Text{"Metti isDefault=\"true\" su un solo indirizzo.", "Put isDefault=\"true\" on a single address."},
		rtMetadata+", AssertionConsumerService", hasACS,
		func(s *Subject) error {
			n := 0
			for _, ep := range s.Document.SP.AssertionConsumerServices {
				if ep.IsDefault {
					n++
				}
			}
			return equals(acsPath+"/@isDefault", count(n), "1")
		}),
	advice("1.1.8", nil, twoTools,
		Text{"Il predefinito è quello con index 0", "The default is the one with index 0"},
		Text{"Dai l'index 0 all'indirizzo predefinito.", "Give the index 0 to the default address."},
		rtMetadata+", AssertionConsumerService", hasACS,
		func(s *Subject) error {
			for i, ep := range s.Document.SP.AssertionConsumerServices {
				if ep.IsDefault != (ep.Index == 0) {
					return fault(nth(acsPath, i)+"/@isDefault", strconv.FormatBool(ep.IsDefault), strconv.FormatBool(!ep.IsDefault))
				}
			}
			return nil
		}),
	advice("1.8.0", []string{"MD-SP-05"}, everyTool,
		Text{"C'è almeno un SingleLogoutService", "There is at least one SingleLogoutService"},
		Text{"Aggiungi l'indirizzo di uscita del servizio.", "Add the logout address of the service."},
		rtMetadata+", SingleLogoutService", nil,
		func(s *Subject) error {
			if len(s.Document.SP.SingleLogoutServices) == 0 {
				return fault(sloPath, "", "1 …")
			}
			return nil
		}),
	advice("1.8.3", []string{"1.8.1", "1.8.2"}, twoTools,
		Text{"Il binding di SingleLogoutService è HTTP-POST, HTTP-Redirect o SOAP", "The binding of SingleLogoutService is HTTP-POST, HTTP-Redirect or SOAP"},
		Text{"Usa uno dei tre binding.", "Use one of the three bindings."},
		rtMetadata+", SingleLogoutService", nil,
		eachSLO(func(path string, ep saml.Endpoint) error {
			return in(path+"/@Binding", string(ep.Binding), string(saml.HTTPPost), string(saml.HTTPRedirect), string(saml.SOAP))
		})),
	advice("MD-SLO-08", []string{"1.8.4", "1.8.5"}, twoTools,
		Text{"Ogni indirizzo di SingleLogoutService è assoluto, https, oppure http in locale", "Each address of SingleLogoutService is absolute, https, or else http in a laboratory"},
		Text{"Usa https, o http solo in locale.", "Use https, or http only in a laboratory."},
		"regola di sicurezza SEC-69", nil,
		eachSLO(func(path string, ep saml.Endpoint) error {
			if !AcceptableAddress(ep.Location) {
				return fault(path+"/@Location", ep.Location, "https://… | http://localhost…")
			}
			return nil
		})),
	advice("1.2.0", nil, everyTool,
		Text{"C'è almeno un AttributeConsumingService", "There is at least one AttributeConsumingService"},
		Text{"Aggiungi un insieme di attributi: senza, la risposta non ne contiene.", "Add an attribute set: without one the answer has no attributes."},
		rtMetadata+", AttributeConsumingService", nil,
		func(s *Subject) error {
			if len(s.Document.SP.AttributeConsumingServices) == 0 {
				return fault(setPath, "", "1 …")
			}
			return nil
		}),
	advice("1.2.4", []string{"1.2.3"}, everyTool,
		Text{"Ogni insieme di attributi ha un ServiceName, non vuoto", "Each attribute set has a ServiceName, not empty"},
		Text{"Scrivi il nome del servizio, in italiano.", "Write the name of the service, in Italian."},
		rtMetadata+", AttributeConsumingService", nil,
		eachSet(func(path string, set saml.AttributeConsumingService) error {
			return filled(path+"/ServiceName", set.ServiceNames.In("it"), "1 …")
		})),
	advice("1.2.5", []string{"IDX-01"}, everyTool,
		Text{"Ogni insieme di attributi chiede almeno un attributo (tranne l'indice 77, la firma con SPID)", "Each attribute set asks for at least one attribute (but index 77, signing with SPID)"},
		Text{"Aggiungi un RequestedAttribute.", "Add a RequestedAttribute."},
		rtMetadata+", AttributeConsumingService; Linee guida firma SPID 4.6", nil,
		eachSet(func(path string, set saml.AttributeConsumingService) error {
			if len(set.Requested) == 0 && set.Index != 77 {
				return fault(path+"/RequestedAttribute", "", "1 …")
			}
			return nil
		})),
	advice("1.2.7", []string{"1.2.6"}, everyTool,
		Text{"Gli attributi chiesti sono nella tabella di SPID", "The attributes asked for are in SPID's table"},
		Text{"Usa gli identificativi della tabella, maiuscole comprese. Gli altri non arrivano mai.", "Use the identifiers of the table, case included. Others never arrive."},
		"Regole tecniche SPID, Tabella attributi", nil,
		eachSet(func(path string, set saml.AttributeConsumingService) error {
			for i, r := range set.Requested {
				if _, ok := spid.LookupAttribute(r.Name); !ok {
					return fault(nth(path+"/RequestedAttribute", i)+"/@Name", r.Name, "spidCode | name | familyName | …")
				}
			}
			return nil
		})),
	advice("MD-ATCS-08", nil, twoTools,
		Text{"Nessun insieme chiede due volte lo stesso attributo", "No set asks for the same attribute twice"},
		Text{"Togli il doppione.", "Remove the double."},
		rtMetadata+", AttributeConsumingService", nil,
		eachSet(func(path string, set saml.AttributeConsumingService) error {
			seen := map[string]bool{}
			for i, r := range set.Requested {
				if seen[r.Name] {
					return fault(nth(path+"/RequestedAttribute", i)+"/@Name", r.Name, "≠ "+r.Name)
				}
				seen[r.Name] = true
			}
			return nil
		})),
	advice("MD-ATCS-10", []string{"MD-ATCS-09"}, testenv,
		Text{"NameFormat di RequestedAttribute, se c'è, è basic", "NameFormat of RequestedAttribute, where present, is basic"},
		Text{"Usa il valore atteso oppure togli l'attributo.", "Use the value wanted or remove the attribute."},
		rtMetadata+", AttributeConsumingService", nil,
		eachSet(func(path string, set saml.AttributeConsumingService) error {
			for i, r := range set.Requested {
				if r.NameFormat != "" && r.NameFormat != saml.AttrNameFormatBasic {
					return fault(nth(path+"/RequestedAttribute", i)+"/@NameFormat", r.NameFormat, saml.AttrNameFormatBasic)
				}
			}
			return nil
		})),
	advice("1.5.0", []string{"MD-SP-20"}, twoTools,
		Text{"C'è un Organization", "There is one Organization"},
		Text{"Aggiungi Organization con nome, nome breve e indirizzo web.", "Add Organization with name, short name and web address."},
		rtMetadata+", Organization", nil,
		func(s *Subject) error {
			return exactly(1, s.root, saml.NSMetadata, "Organization", orgPath)
		}),
	advice("1.5.6", []string{"1.5.4", "1.5.5", "MD-SP-21"}, twoTools,
		Text{"OrganizationDisplayName è presente: è il nome che la persona legge", "OrganizationDisplayName is present: it is the name that the person reads"},
		Text{"Aggiungi OrganizationDisplayName con xml:lang=\"it\".", "Add OrganizationDisplayName with xml:lang=\"it\"."},
		rtMetadata+", Organization", nil,
		func(s *Subject) error {
			return filled(orgPath+"/OrganizationDisplayName", s.Document.Organization.DisplayName.In("it"), "1 …")
		}),
	advice("1.5.3", []string{"1.5.1", "1.5.2", "1.5.7", "1.5.8", "1.5.9", "MD-ORG-11", "MD-ORG-12"}, twoTools,
		Text{"Nome, nome breve e indirizzo web ci sono in italiano e nelle stesse lingue", "Name, short name and web address are given in Italian and in the same languages"},
		Text{"Completa i tre elementi per ogni lingua, italiano compreso.", "Complete the three elements for each language, Italian included."},
		rtMetadata+", Organization", hasOrganization, sameLanguages),
	advice("01.10.00", []string{"01.10.00/a", "01.10.00/b", "MD-SP-30"}, twoTools,
		Text{"C'è un ContactPerson con contactType other", "There is one ContactPerson with the contactType other"},
		Text{"Aggiungi un contatto con contactType=\"other\" e le estensioni di SPID.", "Add a contact with contactType=\"other\" and the extensions of SPID."},
		rtMetadata+", ContactPerson; avviso SPID n. 29 v3", nil,
		func(s *Subject) error {
			n := 0
			for _, c := range s.Document.Contacts {
				if c.Type == "other" {
					n++
				}
			}
			if n == 0 || n > 1 && !aggregated(s) {
				return fault(personPath, count(n), "1")
			}
			return nil
		}),
	advice("01.10.05", []string{"01.10.04"}, twoTools,
		Text{"Ogni contatto ha un indirizzo di posta elettronica, senza mailto:", "Each contact has an e-mail address, without mailto:"},
		Text{"Scrivi un indirizzo dell'ente in EmailAddress.", "Write an address of the body into EmailAddress."},
		rtMetadata+", ContactPerson", func(s *Subject) bool { return !aggregated(s) },
		eachContact(func(path string, c saml.ContactPerson) error {
			if v := c.EmailAddress; !strings.Contains(v, "@") || strings.HasPrefix(v, "mailto:") {
				return fault(path+"/EmailAddress", v, "nome@ente.example")
			}
			return nil
		})),
	advice("01.10.08", []string{"01.10.09", "MD-SP-39"}, twoTools,
		Text{"TelephoneNumber, se c'è, è senza spazi e con il prefisso internazionale", "TelephoneNumber, where present, has no blanks and the international prefix"},
		Text{"Scrivi il numero tutto attaccato, per esempio +390612345678.", "Write the number without blanks, for instance +390612345678."},
		rtMetadata+", ContactPerson", nil,
		eachContact(func(path string, c saml.ContactPerson) error {
			if v := c.TelephoneNumber; v != "" && (!strings.HasPrefix(v, "+") || strings.ContainsAny(v, " \t")) {
				return fault(path+"/TelephoneNumber", v, "+39…")
			}
			return nil
		})),
	advice("MD-SP-34", []string{"MD-SP-32", "MD-SP-33"}, twoTools,
		Text{"Il contatto other dice se il servizio è pubblico (con IPACode) o privato (con VATNumber o FiscalCode)", "The contact other says whether the service is public (with IPACode) or private (with VATNumber or FiscalCode)"},
		Text{"Aggiungi alle Extensions IPACode e Public, oppure VATNumber o FiscalCode e Private.", "Add IPACode and Public to Extensions, or else VATNumber or FiscalCode and Private."},
		rtMetadata+", ContactPerson; avviso SPID n. 29 v3", func(s *Subject) bool { return !aggregated(s) }, publicOrPrivate),
	advice("01.10.03", []string{"01.10.02", "MD-SP-37"}, twoTools,
		Text{"Company del contatto other, se c'è, è uguale a OrganizationName", "Company of the contact other, where present, equals OrganizationName"},
		Text{"Copia OrganizationName in Company.", "Copy OrganizationName into Company."},
		rtMetadata+", ContactPerson", func(s *Subject) bool { return !aggregated(s) },
		func(s *Subject) error {
			for i, c := range s.Document.Contacts {
				if name := s.Document.Organization.Name.In("it"); c.Type == "other" && c.Company != "" && c.Company != name {
					return fault(nth(personPath, i)+"/Company", c.Company, name)
				}
			}
			return nil
		}),
	advice("MD-DOC-03", nil, []string{toolSPTest},
		Text{"Nulla precede il primo segno del documento", "Nothing precedes the first markup of the document"},
		Text{"Togli spazi, righe vuote e il segno di ordine dei byte prima dell'XML.", "Remove blanks, empty lines and the byte-order mark in front of the XML."},
		"Extensible Markup Language 1.0, 2.1", nil,
		func(s *Subject) error {
			if x := s.Document.XML; len(x) > 0 && x[0] != '<' {
				return fault("", string(x[:min(len(x), 4)]), "<")
			}
			return nil
		}),
}
