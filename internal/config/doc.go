// Package config is one struct whose tags give, for every key, the flag, the environment variable, the name in the YAML file, the
// default and the help. Precedence: flag, then environment, then file, then default.
//
//	kong parses flags into Config  ->  Complete: environment over file over default  ->  validation
//
// kong reads no environment and no file here: its own order puts a file above the environment, and it stops at the
// first mistake. Complete reports all of them at once, with key, file, line and column, as Mistakes.
//
// The name of a key is that of the flag with underscores: --portal-listen, SPIDSIM_PORTAL_LISTEN, portal_listen. Keys with the tag
// from:"file" stand in the file alone, from:"env" in the environment alone.
package config
