// Package templates holds every page of the program: one view model and one component a page. Handlers
// fill the view model and render; pages never look anything up, save the names of attributes and
// anomalies in package spid. All sentences come from the catalogue of templates/ui, Italian and English.
//
// Index:
//
//	a gestore (data-step in brackets)
//	  func Login(p ui.Page, v LoginView) templ.Component               [credentials]
//	  func SecondFactor(p ui.Page, v SecondFactorView) templ.Component [otp]
//	  func OTP(p ui.Page, v OTPView) templ.Component                   [otp]
//	  func Push(p ui.Page, v PushView) templ.Component                 [push]
//	  func Card(p ui.Page, v CardView) templ.Component                 [card]
//	  func Consent(p ui.Page, v ConsentView) templ.Component           [consent]
//	  func AutoPost(p ui.Page, v AutoPostView) templ.Component         [done]
//	  func Refused(p ui.Page, v RefusedView) templ.Component           [error]
//	  func Expired(p ui.Page, v ExpiredView) templ.Component           [error]
//	registration at a gestore (the name in brackets is the page's sample in the Gallery as well)
//	  func EnrolForm(p ui.Page, v EnrolFormView) templ.Component            [enrol-form]       OSC-07
//	  func Contacts(p ui.Page, v ContactsView) templ.Component              [contacts]         OSC-08
//	  func ContactCodes(p ui.Page, v ContactCodesView) templ.Component      [codes]            OSC-08
//	  func Documents(p ui.Page, v DocumentsView) templ.Component            [documents]        OSC-09
//	  func Modes(p ui.Page, v ModesView) templ.Component                    [modes]            OSC-10
//	  func ProcedureCode(p ui.Page, v ProcedureCodeView) templ.Component    [procedure-code]   OSC-11
//	  func Memo(p ui.Page, v MemoView) templ.Component                      [procedure-memo]   OSC-11, to print
//	  func Counter(p ui.Page, v CounterView) templ.Component                [counter]          OSC-13
//	  func VideoCall(p ui.Page, v VideoView) templ.Component                [webcam]           OSC-14
//	  func Transfer(p ui.Page, v TransferView) templ.Component              [av-transfer]      OSC-15
//	  func Review(p ui.Page, v ReviewView) templ.Component                  [review]           OSC-15, back office
//	  func CardReader(p ui.Page, v ReaderView) templ.Component              [reader]           OSC-16
//	  func EDoc(p ui.Page, v EDocView) templ.Component                      [edoc]             OSC-17
//	  func DeviceCode(p ui.Page, v DeviceCodeView) templ.Component          [sms, bancoposta]  OSC-18, OSC-19
//	  func RAO(p ui.Page, v RAOView) templ.Component                        [rao]              public counter
//	  func RAOEntry(p ui.Page, v RAOEntryView) templ.Component              [rao-entry]
//	  func NewCredentials(p ui.Page, v CredentialsView) templ.Component     [credentials-new]  OSC-20
//	  func Active(p ui.Page, v ActiveView) templ.Component                  [active]           OSC-21
//	  func CancelRequest(p ui.Page, v CancelView) templ.Component           [cancel]           OSC-22
//	  func EnrolEnd(p ui.Page, v EnrolEndView) templ.Component              [enrol-end]        RX, RE, RJ, RA
//	  func Courtesy(p ui.Page, v CourtesyView) templ.Component              [courtesy]         ONB-85, ONB-86
//	  func WrongState(p ui.Page, v WrongStateView) templ.Component          [wrong-state]
//	  func Identity(p ui.Page, v IdentityView) templ.Component              [identity]         OSC-32
//	  func Revoke(p ui.Page, v RevokeView) templ.Component                  [revoke]
//	  func Recovery(p ui.Page, v RecoveryView) templ.Component              [recovery]         ONB-146
//	  func Minor(p ui.Page, v MinorView) templ.Component                    [minor]            OSC-33
//	  func Child(p ui.Page, v ChildView) templ.Component                    [minor-code]
//	console
//	  func Home(p ui.Page, v HomeView) templ.Component
//	  func Services(p ui.Page, v ServicesView) templ.Component
//	  func Service(p ui.Page, v ServiceView) templ.Component
//	  func People(p ui.Page, v PeopleView) templ.Component
//	  func TOTPEnrol(p ui.Page, v TOTPEnrolView) templ.Component
//	  func Messages(p ui.Page, v MessagesView) templ.Component
//	  func MessagePage(p ui.Page, v MessageView) templ.Component
//	trainer mode
//	  func StageStart(p ui.Page, v StageStartView) templ.Component
//	  func Lesson(p ui.Page, v LessonView) templ.Component
//	  func Regia(p ui.Page, v RegiaView) templ.Component
//	  func StagePeople(p ui.Page, v StagePeopleView) templ.Component
//	  func Reset(p ui.Page, v ResetView) templ.Component
//	  func Handout(p ui.Page, v HandoutView) templ.Component
//	  func Glossary(p ui.Page, v GlossaryView) templ.Component
//	everywhere
//	  func Guide(p ui.Page, v GuideView) templ.Component
//	  func Accessibility(p ui.Page) templ.Component
//	  func GalleryIndex(p ui.Page, v GalleryView) templ.Component
//	  func Problem(p ui.Page, v ProblemView) templ.Component           [error]
//	the sample service provider
//	  func SPHome(p ui.Page, v SPHomeView) templ.Component             [start]
//	  func SPUser(p ui.Page, v SPUserView) templ.Component             [user]
//	  func SPError(p ui.Page, v SPErrorView) templ.Component           [error]
//
//	the portal of the institute
//	  func PortalHome(p ui.Page, v PortalHomeView) templ.Component             [home]
//	  func PortalServicePage(p ui.Page, v PortalServiceView) templ.Component   [service]
//	  func PortalMask(p ui.Page, v PortalMaskView) templ.Component             [mask]
//	  func PortalCard(p ui.Page, v PortalCardView) templ.Component             [cns]
//	  func PortalPINLost, PortalPINNew, PortalPINRenew, PortalPINRequest, PortalPINConvert, PortalPINMine
//	                                      [pin-lost] [pin-new] [pin-renew] [pin-request] [pin-convert] [pin-mine]
//	  func PortalNotice(p ui.Page, v PortalNoticeView) templ.Component         [notice]
//	  func PortalGuided(p ui.Page, v PortalGuidedView) templ.Component         [guided]
//	  func PortalIdPs(p ui.Page, v PortalIdPsView) templ.Component             [idp-list]
//	  func PortalHandoff(p ui.Page, v PortalHandoffView) templ.Component       [handoff]
//	  func PortalAnswer(p ui.Page, v PortalAnswerView) templ.Component         [answer]
//	  func PortalReason(p ui.Page, v PortalReasonView) templ.Component         [reason]
//	  func PortalMy(p ui.Page, v PortalMyView) templ.Component                 [services]
//	  func PortalPhonePINPage(p ui.Page, v PortalPhonePINView) templ.Component [phone-pin]
//	  func PortalDelegations, PortalDelegationNew, ActFor, DelegationCounter, DelegationVideo
//	                                      [delegations] [delegation-new] [act-for] [delegation-counter] [delegation-video]
//	  func ContactCentre(p ui.Page, v ContactCentreView) templ.Component       [contact-centre]
//	  func App(p ui.Page, v AppView) templ.Component                           [app]
//	  func SPIDInfo, IdPCompare, SPIDSite, PortalHelp           [spid-info] [idp-compare] [spid-site] [help]
//
// Gallery lists every page in every state with sample data.
package templates
