package saml
import ("testing";"time";"crypto";"crypto/sha256";"crypto/rand";"fmt")
func TestTmpMin(t *testing.T){
 k:=rsaKey(t,"idp"); d:=sha256.Sum256(nil); ik:=key(t,"idp"); r:=response(); oct:=Serialise(signedRequest(t)); certs:=pinned(t,"sp"); a,_:=ParsePost(ParamRequest,postForm(ParamRequest,oct)); q:=redirectQuery(t); ra,_:=ParseRedirect(ParamRequest,q); root:=mustParse(t,Serialise(signedResponse(t))); ic:=pinned(t,"idp")
 ops:=[]struct{n string;f func()}{
 {"rsa",func(){k.Sign(rand.Reader,d[:],crypto.SHA256)}},
 {"parse",func(){Parse(oct,MessageLimits())}},
 {"verifypost",func(){a.Verify(certs,issued)}},
 {"parseredirect",func(){ParseRedirect(ParamRequest,q)}},
 {"verifyredirect",func(){ra.Verify(certs,issued)}},
 {"signresponse",func(){el:=r.Element(); ik.Sign(Child(el,NSAssertion,"Assertion")); ik.Sign(el); PostForm(acsURL,ParamResponse,el,"x")}},
 {"verifyresponse",func(){VerifyResponse(root,ic,issued)}},
 {"redirecturl",func(){key(t,"sp")}},
 }
 min:=make([]time.Duration,len(ops))
 for i:=0;i<1500;i++{ for j,o:=range ops{ s:=time.Now(); o.f(); e:=time.Since(s); if min[j]==0||e<min[j]{min[j]=e} } }
 for j,o:=range ops{ fmt.Printf("%-15s %8v %.2f\n",o.n,min[j],float64(min[j])/float64(min[0])) }
}
