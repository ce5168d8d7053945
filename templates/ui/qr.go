package ui

import "strconv"

// quiet is the light border that readers of QR codes need, in modules.
const quiet = 4

// ViewBox is the drawing's, one unit a module, quiet zone included.
func (q QR) ViewBox() string {
	n := strconv.Itoa(len(q) + 2*quiet)
	return "0 0 " + n + " " + n
}

// Path draws the dark modules, runs of a row as one rectangle each.
func (q QR) Path() string {
	out := make([]byte, 0, 16*len(q)*len(q)/3)
	for y, row := range q {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			start := x
			for x < len(row) && row[x] {
				x++
			}
			out = append(out, 'M')
			out = strconv.AppendInt(out, int64(start+quiet), 10)
			out = append(out, ' ')
			out = strconv.AppendInt(out, int64(y+quiet), 10)
			out = append(out, 'h')
			out = strconv.AppendInt(out, int64(x-start), 10)
			out = append(out, "v1h-"...)
			out = strconv.AppendInt(out, int64(x-start), 10)
			out = append(out, 'z')
		}
	}
	return string(out)
}
