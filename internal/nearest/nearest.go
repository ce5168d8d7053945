// Package nearest finds what somebody probably meant to type.
package nearest

// Of returns the name of the list that is closest to s and close enough to be meant, else "".
func Of(s string, names []string) string {
	best, least := "", 1+len(s)/3
	for _, n := range names {
		if d := distance(s, n); d <= least && (best == "" || d < distance(s, best)) {
			best = n
		}
	}
	return best
}

// distance is Levenshtein's: insertions, deletions and replacements that turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
