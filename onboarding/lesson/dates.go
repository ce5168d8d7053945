package lesson

// Preset is a date at which the clock may be set, with what changes on that day (ONB-02).
type Preset struct {
	Day  string // civil date in Italy, "2021-10-01"; "" = today
	What Text
}

// Presets returns the dates of ONB-02, in order; the last is today.
func Presets() []Preset {
	return []Preset{
		{"2020-09-30", Text{"Ultimo giorno per chiedere un PIN nuovo", "Last day to ask for a new PIN"}},
		{"2020-10-01", Text{"Non si danno più nuovi PIN, salvo pochi casi", "No new PINs, with few exceptions"}},
		{"2021-07-02", Text{"Si annuncia la data di fine del PIN", "The end of the PIN is announced"}},
		{"2021-08-16", Text{"Nasce la delega, allo sportello", "Delegations begin, at the counter"}},
		{"2021-09-01", Text{"Con il PIN si entra solo come cittadino", "The PIN works for citizens only"}},
		{"2021-09-30", Text{"Ultimo giorno di validità dei PIN", "Last day of the PINs"}},
		{"2021-10-01", Text{"I PIN non entrano più; la delega si registra anche in linea", "PINs no longer work; delegations also online"}},
		{"2022-01-01", Text{"Finiscono anche le ultime deroghe sul PIN", "The last PIN exceptions end too"}},
		{"2022-03-03", Text{"SPID anche per chi ha meno di 18 anni", "SPID for people under 18 too"}},
		{"2022-08-01", Text{"La delega si registra anche in videochiamata", "Delegations by video meeting too"}},
		{"", Text{"La data vera di oggi", "Today’s real date"}},
	}
}
