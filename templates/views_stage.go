package templates

import "spidsim/templates/ui"

// The pages of trainer mode. Texts that belong to a lesson come in the page's language; the rest is of the catalogue.

// StageStartView is the first page in trainer mode: one tile for each lesson (ux.md section 6).
type StageStartView struct {
	Tiles   []LessonTile
	Running *RunningLesson // nil = no lesson runs
	Portal  string         // address of the portal; "" when it is off
}

// LessonTile is a lesson as the start page and the guide show it.
type LessonTile struct {
	URL     string
	Title   string
	Lead    string
	Icon    string // of the drawing
	Steps   int
	Minutes int
}

// RunningLesson is the lesson that plays.
type RunningLesson struct {
	Title string
	Step  int // from 1
	Of    int
	Name  string // of the step
	URL   string // of the Regia
}

// LessonView is a lesson before it begins. Its form posts lesson=ID to Action.
type LessonView struct {
	ID      string
	Number  int // among the lessons, from 1
	Title   string
	Lead    string
	Date    string // simulated date of the first step, "2020-10-15"
	Minutes int
	Cast    []StagePerson
	Steps   []LessonStep
	Handout string         // address of the sheet
	Other   *RunningLesson // another lesson plays and would stop; nil = none
	Now     *RunningLesson // this one plays; nil = it does not
	Action  string
}

// LessonStep is a step of the plan.
type LessonStep struct {
	Name string
	Do   string // what the trainer does; "" on short lists
}

// StagePerson is an invented person on stage.
type StagePerson struct {
	ID   string // "P01"
	Name string
	Age  int    // on the simulated date; 0 = not known
	Role string // "pensionata, ha il PIN", in the page's language

	// What the presenter types for the person: public test data (D-05). Empty where it is not shown.
	FiscalCode, PIN, Username, Password string
}

// RegiaView is the presenter's page (OSC-36): beside the step, or alone in its window. Its forms post to addresses below Base:
// "" with go=next, go=back or step=N; "/scena" to open the step's page; "/orologio" with go=1d, 5d, 31d, real or a date, and timeline=announced or applied;
// "/sbaglia" with mistake=ID; "/stato" with state=ID.
type RegiaView struct {
	Base    string
	Lesson  *RegiaLesson // nil = no lesson runs
	Clock   RegiaClock
	Alone   bool // in a window of its own: no step beside
	Outcome *RegiaOutcome
	Errors  []ui.FieldError
	TooFar  bool // the date that was chosen is none of those that the clock can show
}

// RegiaLesson is the lesson that plays, as the Regia shows it.
type RegiaLesson struct {
	Title         string
	Steps         []string // whole names
	Step          int      // from 1
	Do            string   // what the trainer does here
	Place         string   // "portal", "gestore" or "console": whose page the step is seen on
	Scene         *Scene
	Person        StagePerson
	Others        []StagePerson // the rest of the cast
	Notes         []StageNote
	Mistakes      []ui.Choice // of this step
	OtherMistakes []ui.Choice // of the other steps
	State         string      // of the request, "R5"; "" = none
	States        []ui.Choice
	Handout       string
}

// StageNote is a question of the room with an answer.
type StageNote struct{ Question, Answer string }

// RegiaClock is the simulated date.
type RegiaClock struct {
	Date     string // "2020-10-15"
	Time     string // "10:24"
	Phase    string // which rules hold, in the page's language
	Moved    bool   // it is not the real date
	Timeline string // "announced" or "applied" (ONB-03)
	Presets  []ClockPreset
	Preset   string // that was chosen; "" = none
}

// ClockPreset is a date with what changes on it (ONB-02).
type ClockPreset struct {
	Day  string // "2021-10-01"; "" = the real date
	What string
}

// RegiaOutcome is how the last action ended.
type RegiaOutcome struct {
	Tone  ui.Tone
	Title string // what was done: "Codice sbagliato"
	Said  string // what the simulator answered, a sentence that the person would read; "" = nothing
	Says  string // what the room should remember; "" = nothing
	There bool   // the story has come to the state that was chosen
}

// StagePeopleView is the choice of who is on stage (ONB-221). Its form posts persona=ID to Action.
type StagePeopleView struct {
	People []StagePerson
	Fit    []string // ids of those that the running lesson suits
	Now    string   // id of who is on stage
	Lesson string   // title of the running lesson; "" = none
	Action string
	Back   string
}

// ResetView asks once before something is lost (UX-85). Its form posts to Action with reset=lesson or reset=course.
type ResetView struct {
	Lesson string // title of the running lesson; "" = none
	Export string // address of the export; "" = there is none
	Action string
	Back   string
	Done   string // "lesson" or "course" once it was done
	Start  string // address of the start page
}

// HandoutView is the sheet of a lesson, one A4 page (UX-104).
type HandoutView struct {
	Number   int
	Lesson   string
	Title    string
	Bring    []string
	FigureAs string // what stands above the figure
	Figure   string // what the little screen says
	Code     string // procedure code of the running story, without spaces; it replaces Figure
	Until    string // last useful day of Code, "2020-11-14"
	Write    bool   // there is no code: a line to write it on
	Steps    []string
	Safety   []string
	Lines    []string
	Words    []GlossaryWord
	Year     int
	Back     string
	Scene    *Scene // of the lesson that plays: its buttons stand below the sheet; nil = none
}

// GlossaryWord is a word in plain language.
type GlossaryWord struct{ Word, Meaning string }

// GlossaryView is the glossary in large type.
type GlossaryView struct {
	Words []GlossaryWord
	Back  string
}

// LessonPlan is a lesson as the guide tells it.
type LessonPlan struct {
	ID      string
	Title   string
	Lead    string
	URL     string // of the lesson
	Handout string
	Minutes int
	Steps   []LessonStep
}
