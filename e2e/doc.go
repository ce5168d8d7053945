// Package e2e drives the built program from outside: Chromium through every way to log in, and processes that are killed,
// started twice and stopped.
package e2e
