package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// readyPoll is the pause between two questions.
const readyPoll = 100 * time.Millisecond

type readyCmd struct {
	server
	Wait time.Duration `name:"wait" default:"0s" placeholder:"TIME" help:"Ask again for so long; 0s asks once."`
}

// Help implements kong.HelpProvider.
func (*readyCmd) Help() string { return example("spidsim ready --wait 10s && npm test") }

// Run asks /readyz. It fails with code 1 when the server says that it is not ready, with 2 when nobody answers.
func (c *readyCmd) Run(p *program) error {
	ctx, cancel := context.WithTimeout(context.Background(), max(c.Wait, requestTime))
	defer cancel()
	until := time.Now().Add(c.Wait)
	for {
		api, err := c.client(p) // anew each time: a first start with --tls is still making the authority to trust
		if err != nil {
			return err
		}
		err = api.ready(ctx)
		if err == nil {
			_, err = fmt.Fprintf(p.out, "ready: %s\n", api.base)
			return err
		}
		if !time.Now().Before(until) {
			return err
		}
		pause := time.NewTimer(min(readyPoll, time.Until(until)))
		select {
		case <-pause.C:
		case <-ctx.Done():
			return err
		}
	}
}

func (a *api) ready(ctx context.Context) error {
	res, body, err := a.do(ctx, http.MethodGet, "/readyz", nil)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return checkFailed("%s is not ready: %d %s", a.base, res.StatusCode, firstLine(body))
	}
	return nil
}
