package portal

import "math/rand/v2"

// stable reports whether the order of the gestori is fixed: by the setting, or for one page with ?order=stable (ONB-79, UX-22).
func (c *call) stable() (bool, error) {
	s, err := c.p.office.Settings(c.ctx())
	return c.query("order") == "stable" || s.Order == "stable", err
}

// shuffle puts a list into a random order: nobody is first by right. It is no secret.
func shuffle[T any](list []T) {
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
