// Package ui holds the parts that pages are made of: the three frames (a gestore, the portal, the console), fields, notes,
// tables, code blocks, drawings, the one stylesheet with its few scripts, and the message catalogue.
//
// A page is complete as it arrives: scripts only add comfort, nothing comes from outside, no style attribute and
// no script without the nonce is ever written.
package ui
