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
//	console
//	  func Home(p ui.Page, v HomeView) templ.Component
//	  func Services(p ui.Page, v ServicesView) templ.Component
//	  func Service(p ui.Page, v ServiceView) templ.Component
//	  func People(p ui.Page, v PeopleView) templ.Component
//	  func TOTPEnrol(p ui.Page, v TOTPEnrolView) templ.Component
//	  func Messages(p ui.Page, v MessagesView) templ.Component
//	  func MessagePage(p ui.Page, v MessageView) templ.Component
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
// Gallery lists every page in every state with sample data.
package templates
