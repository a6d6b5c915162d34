package ci

import (
	"encoding/xml"
	"io"
	"strconv"

	"github.com/rollrisk/rollrisk/models/study"
)

// junit is the form of the Ant task that Jenkins, GitLab and most others read as the
// results of tests: a suite a scenario, a case a gate. A gate that is undecided is an
// error: the case could not be judged; where undecided counts as a pass it is skipped.
var junit = Format{
	Name: "junit",
	Doc:  "JUnit XML for the test reports of GitLab, Jenkins and others: a case a gate",
	Write: func(w io.Writer, r Result) error {
		all := suites{Name: "rollrisk"}
		for _, s := range r.Studies {
			x := r.suite(s)
			all.Tests, all.Failures, all.Errors = all.Tests+x.Tests, all.Failures+x.Failures, all.Errors+x.Errors
			all.Suites = append(all.Suites, x)
		}
		return writeSuites(w, all)
	},
}

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suites   []suite  `xml:"testsuite"`
}

type suite struct {
	Name       string     `xml:"name,attr"`
	Tests      int        `xml:"tests,attr"`
	Failures   int        `xml:"failures,attr"`
	Errors     int        `xml:"errors,attr"`
	Skipped    int        `xml:"skipped,attr"`
	Properties []property `xml:"properties>property"`
	Cases      []testCase `xml:"testcase"`
}

type property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type testCase struct {
	Name    string   `xml:"name,attr"`
	Class   string   `xml:"classname,attr"`
	Skipped *string  `xml:"skipped"`
	Error   *outcome `xml:"error"`
	Failure *outcome `xml:"failure"`
	Output  string   `xml:"system-out"`
}

type outcome struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (r Result) suite(s *study.Study) suite {
	x := suite{Name: s.About.Name, Properties: []property{
		{"file", file(s)}, {"seed", strconv.FormatUint(s.Seed, 10)}, {"changes", strconv.Itoa(s.Size.Changes)}, {"command", plain(s.Command)}}}
	for _, i := range itemsOf(s) {
		x.Tests++
		c := testCase{Name: i.gate.Name, Class: s.About.Name, Output: i.message()}
		place := file(s) + ":" + strconv.Itoa(i.gate.Line) + ": " + i.message()
		switch {
		case i.gate.State == study.GatePass:
		case r.counts(i.gate) == study.GatePass:
			c.Skipped = &place
			x.Skipped++
		case r.counts(i.gate) == study.GateFail:
			c.Failure = &outcome{string(i.gate.State), i.message(), place}
			x.Failures++
		default:
			c.Error = &outcome{string(i.gate.State), i.message(), place}
			x.Errors++
		}
		x.Cases = append(x.Cases, c)
	}
	return x
}
