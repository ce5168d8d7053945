package ui

// portalTexts are the sentences of the portal of the institute: mask, notice, guided request, MyINPS, telephone PIN, delegations, app.
var portalTexts = map[string]text{}
