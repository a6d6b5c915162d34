// Package assets carries the files that every page has inside it. It knows
// nothing of what they are for.
package assets

import _ "embed"

//go:embed echarts.min.js
var echarts string

//go:embed boot.js
var boot string

//go:embed page.css
var style string

// ECharts is the chart runtime; echarts.md says what it is and how it is made.
func ECharts() string { return echarts }

// Boot is the script that turns the data of each chart into a live chart.
func Boot() string { return boot }

// Style is the style sheet of the page. It takes its colours from variables
// that package html writes in front of it.
func Style() string { return style }
