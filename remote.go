package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sort"
	"strings"
	"text/tabwriter"
)

// output is how a command prints what the API said.
type output struct {
	server
	JSON bool `name:"json" help:"Print the JSON of the API as it came."`
}

// userCmd is spidsim user ….
type userCmd struct {
	List   userListCmd   `cmd:"" help:"All test people."`
	Show   userShowCmd   `cmd:"" help:"One person with everything needed to log in."`
	Add    userAddCmd    `cmd:"" help:"Add a person from a JSON file."`
	Set    userSetCmd    `cmd:"" help:"Change a person's status, levels, password or second factors."`
	Remove userRemoveCmd `cmd:"" help:"Remove a person."`
	TOTP   userTOTPCmd   `cmd:"" name:"totp" help:"The code that the person's authenticator shows now."`
	CNS    userCNSCmd    `cmd:"" name:"cns" help:"The person's CNS with its key: PEM for curl --cert, or PKCS #12 for browsers."`
}

type userListCmd struct{ output }

// Help implements kong.HelpProvider.
func (*userListCmd) Help() string { return example("spidsim user list") }

// Run prints the table of people.
func (c *userListCmd) Run(p *program) error {
	return c.list(p, "/api/v1/users", "username", "password", "given_name", "family_name", "levels", "second_factors", "idps", "card", "status", "note")
}

type userShowCmd struct {
	output
	Username string `arg:"" help:"User name, as lucia.verdi."`
}

// Help implements kong.HelpProvider.
func (*userShowCmd) Help() string { return example("spidsim user show lucia.verdi") }

// Run prints one person.
func (c *userShowCmd) Run(p *program) error {
	return c.show(p, http.MethodGet, "/api/v1/users/"+url.PathEscape(c.Username), nil)
}

type userAddCmd struct {
	output
	File    string `arg:"" default:"-" help:"JSON file with one person, - for standard input."`
	Replace string `name:"replace" placeholder:"USERNAME" help:"Replace this person instead."`
}

// Help implements kong.HelpProvider.
func (*userAddCmd) Help() string {
	return example(`echo '{"username":"ada","given_name":"Ada","family_name":"Esempio","levels":[1,2]}' | spidsim user add`)
}

// Run sends the person.
func (c *userAddCmd) Run(p *program) error {
	text, err := p.read(c.File)
	if err != nil {
		return err
	}
	if !json.Valid(text) {
		return usageError("%s is no JSON", c.File)
	}
	if c.Replace != "" {
		return c.show(p, http.MethodPut, "/api/v1/users/"+url.PathEscape(c.Replace), json.RawMessage(text))
	}
	return c.show(p, http.MethodPost, "/api/v1/users", json.RawMessage(text))
}

type userSetCmd struct {
	output
	Username      string   `arg:"" help:"User name."`
	Status        *string  `name:"status" placeholder:"STATUS" help:"active, suspended, revoked, expired or locked."`
	Levels        []int    `name:"levels" placeholder:"N,…" help:"Levels of the credentials, as 1,2,3."`
	Password      *string  `name:"password" help:"Password: public test data, never a real one."`
	SecondFactors []string `name:"second-factors" placeholder:"NAME,…" help:"totp, sms, app."`
}

// Help implements kong.HelpProvider.
func (*userSetCmd) Help() string { return example("spidsim user set lucia.verdi --status suspended") }

// Run sends what was given; the rest stays.
func (c *userSetCmd) Run(p *program) error {
	change := map[string]any{}
	if c.Status != nil {
		change["status"] = *c.Status
	}
	if c.Levels != nil {
		change["levels"] = c.Levels
	}
	if c.Password != nil {
		change["password"] = *c.Password
	}
	if c.SecondFactors != nil {
		change["second_factors"] = c.SecondFactors
	}
	if len(change) == 0 {
		return usageError("nothing to change: give --status, --levels, --password or --second-factors")
	}
	return c.show(p, http.MethodPatch, "/api/v1/users/"+url.PathEscape(c.Username), change)
}

type userRemoveCmd struct {
	output
	Username string `arg:"" help:"User name."`
}

// Help implements kong.HelpProvider.
func (*userRemoveCmd) Help() string { return example("spidsim user remove ada") }

// Run removes the person.
func (c *userRemoveCmd) Run(p *program) error {
	return c.show(p, http.MethodDelete, "/api/v1/users/"+url.PathEscape(c.Username), nil)
}

type userTOTPCmd struct {
	output
	Username string `arg:"" help:"User name."`
}

// Help implements kong.HelpProvider.
func (*userTOTPCmd) Help() string { return example("spidsim user totp lucia.verdi") }

// Run prints the code alone, for scripts.
func (c *userTOTPCmd) Run(p *program) error {
	a, err := c.client(p)
	if err != nil {
		return err
	}
	var v struct {
		Code string `json:"code"`
	}
	answer, err := a.call(http.MethodGet, "/api/v1/users/"+url.PathEscape(c.Username)+"/totp", nil, &v)
	if err != nil {
		return err
	}
	if c.JSON {
		return printRaw(p.out, answer)
	}
	_, err = fmt.Fprintln(p.out, visible(v.Code, 16))
	return err
}

// cardCmd is spidsim card ….
type cardCmd struct {
	List    cardListCmd    `cmd:"" help:"All cards."`
	Show    cardShowCmd    `cmd:"" help:"One card."`
	Insert  cardInsertCmd  `cmd:"" help:"Put a card into its reader."`
	Remove  cardRemoveCmd  `cmd:"" help:"Take a card out of its reader."`
	Sign    cardSignCmd    `cmd:"" help:"Let a card sign a challenge."`
	Unblock cardUnblockCmd `cmd:"" help:"Give a blocked card a new PIN by its PUK."`
}

type cardListCmd struct{ output }

// Help implements kong.HelpProvider.
func (*cardListCmd) Help() string { return example("spidsim card list") }

// Run prints the table of cards.
func (c *cardListCmd) Run(p *program) error {
	return c.list(p, "/api/v1/cards", "id", "username", "holder", "state", "inserted", "pin", "puk", "pin_tries", "puk_tries", "not_after", "kind")
}

// oneCard is a command about one card.
type oneCard struct {
	output
	ID string `arg:"" help:"Number of the card."`
}

func (c oneCard) path(action string) string {
	return "/api/v1/cards/" + url.PathEscape(c.ID) + action
}

type cardShowCmd struct{ oneCard }

// Help implements kong.HelpProvider.
func (*cardShowCmd) Help() string { return example("spidsim card show 000000000001") }

// Run prints the card.
func (c *cardShowCmd) Run(p *program) error { return c.show(p, http.MethodGet, c.path(""), nil) }

type cardInsertCmd struct{ oneCard }

// Help implements kong.HelpProvider.
func (*cardInsertCmd) Help() string { return example("spidsim card insert 000000000001") }

// Run inserts the card.
func (c *cardInsertCmd) Run(p *program) error {
	return c.show(p, http.MethodPost, c.path("/insert"), nil)
}

type cardRemoveCmd struct{ oneCard }

// Help implements kong.HelpProvider.
func (*cardRemoveCmd) Help() string { return example("spidsim card remove 000000000001") }

// Run removes the card.
func (c *cardRemoveCmd) Run(p *program) error {
	return c.show(p, http.MethodPost, c.path("/remove"), nil)
}

type cardSignCmd struct {
	oneCard
	PIN       string `name:"pin" required:"" help:"PIN of the card."`
	Challenge string `name:"challenge" default:"-" placeholder:"FILE" help:"File with the octets to sign, - for standard input."`
}

// Help implements kong.HelpProvider.
func (*cardSignCmd) Help() string {
	return "Prints the signature in base64.\n\n" + example("spidsim card sign 000000000001 --pin 12345678 --challenge nonce.bin")
}

// Run lets the card sign and prints the signature.
func (c *cardSignCmd) Run(p *program) error {
	a, err := c.client(p)
	if err != nil {
		return err
	}
	challenge, err := p.read(c.Challenge)
	if err != nil {
		return err
	}
	var v struct {
		Signature string `json:"signature"`
	}
	body := map[string]string{"pin": c.PIN, "challenge": base64.StdEncoding.EncodeToString(challenge)}
	answer, err := a.call(http.MethodPost, c.path("/sign"), body, &v)
	if err != nil {
		return err
	}
	if c.JSON {
		return printRaw(p.out, answer)
	}
	_, err = fmt.Fprintln(p.out, safe(v.Signature))
	return err
}

type cardUnblockCmd struct {
	oneCard
	PUK    string `name:"puk" required:"" help:"PUK of the card."`
	NewPIN string `name:"new-pin" required:"" help:"The PIN from now on, eight digits."`
}

// Help implements kong.HelpProvider.
func (*cardUnblockCmd) Help() string {
	return example("spidsim card unblock 000000000001 --puk 87654321 --new-pin 11223344")
}

// Run unblocks the card.
func (c *cardUnblockCmd) Run(p *program) error {
	return c.show(p, http.MethodPost, c.path("/unblock"), map[string]string{"puk": c.PUK, "new_pin": c.NewPIN})
}

// list prints {"items":[…]} as a table of these columns, leaving out those that no item has.
func (o output) list(p *program, path string, columns ...string) error {
	a, err := o.client(p)
	if err != nil {
		return err
	}
	var v struct {
		Items []map[string]any `json:"items"`
	}
	answer, err := a.call(http.MethodGet, path, nil, &v)
	if err != nil {
		return err
	}
	if o.JSON {
		return printRaw(p.out, answer)
	}
	return table(p.out, v.Items, columns)
}

func table(out io.Writer, items []map[string]any, columns []string) error {
	var used []string
	for _, c := range columns {
		for _, item := range items {
			if cell(item[c]) != "" {
				used = append(used, c)
				break
			}
		}
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, strings.ToUpper(strings.ReplaceAll(strings.Join(used, "\t"), "_", " ")))
	for _, item := range items {
		var cells []string
		for _, c := range used {
			cells = append(cells, visible(short(item[c]), 60))
		}
		fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t "))
	}
	return w.Flush()
}

// cell is a value in one line: lists joined by commas, groups as key=value.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, cell(x))
		}
		return strings.Join(parts, ",")
	case map[string]any:
		var parts []string
		for k, x := range v {
			if s := cell(x); s != "" {
				parts = append(parts, k+"="+s)
			}
		}
		sort.Strings(parts)
		return strings.Join(parts, " ")
	}
	return fmt.Sprint(v)
}

// short is cell for a table: of a group only its id.
func short(v any) string {
	if group, ok := v.(map[string]any); ok && group["id"] != nil {
		v = group["id"]
	}
	return cell(v)
}

// show sends one request and prints the object that comes back, one line a field.
func (o output) show(p *program, method, path string, body any) error {
	a, err := o.client(p)
	if err != nil {
		return err
	}
	if body == nil && method == http.MethodPost {
		body = struct{}{}
	}
	var v map[string]any
	answer, err := a.call(method, path, body, &v)
	if err != nil {
		return err
	}
	if o.JSON {
		return printRaw(p.out, answer)
	}
	var names []string
	for name := range v {
		names = append(names, name)
	}
	sort.Strings(names)
	w := tabwriter.NewWriter(p.out, 0, 4, 2, ' ', 0)
	for _, name := range names {
		label := name + ":"
		for _, row := range rows(v[name]) {
			fmt.Fprintf(w, "%s\t%s\n", label, visible(row, 2000))
			label = ""
		}
	}
	return w.Flush()
}

// rows are the lines of a value: one for each group of a list, as the steps of a history, else one; none of what is empty.
func rows(v any) []string {
	list, _ := v.([]any)
	if len(list) > 0 {
		if _, groups := list[0].(map[string]any); groups {
			var out []string
			for _, group := range list {
				out = append(out, cell(group))
			}
			return out
		}
	}
	if s := cell(v); s != "" {
		return []string{s}
	}
	return nil
}

func printRaw(out io.Writer, answer []byte) error {
	_, err := out.Write(append(bytes.TrimRight(answer, "\n"), '\n'))
	return err
}

// inputLimit bounds files and standard input of commands.
const inputLimit = 4 << 20

// read returns a file, or standard input for "-".
func (p *program) read(name string) ([]byte, error) {
	in := p.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, usageError("%w", err)
		}
		defer f.Close() // only read
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, inputLimit+1))
	if err != nil {
		return nil, usageError("reading %s: %w", name, err)
	}
	if len(text) > inputLimit {
		return nil, usageError("%s is larger than %d octets", name, inputLimit)
	}
	return text, nil
}
