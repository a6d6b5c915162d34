package markdown

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rollrisk/rollrisk/reports"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// nasty is a name that would be a link, a table cell, HTML and a command to a terminal.
const nasty = "a|b [x](http://example.com) <script>alert(1)</script> `code` *bold* \x1b[31m \u202e https://example.org www.example.org # @all"

func sample() reports.Report {
	t := reports.Table{Caption: reports.Words("a caption"), Columns: []reports.Column{{Title: reports.Words("what")}, {Title: reports.Words(nasty), Align: reports.Right}},
		Rows: []reports.Row{{Cells: []reports.Text{reports.Words("a heading " + nasty)}}, {Cells: []reports.Text{reports.Words(nasty), reports.Words("2")}}}}
	return reports.Report{Parts: []reports.Part{
		{Name: "one", Title: "A part " + nasty, Blocks: []reports.Block{
			reports.Paragraph{Role: reports.Headline, Text: reports.Say("{} wins", nasty)},
			reports.Paragraph{Role: reports.Note, Text: reports.Words(nasty)},
			reports.List{Items: []reports.Text{reports.Words(nasty), {reports.Hard("strong")}}},
			reports.Warning{Text: reports.Words(nasty)}, t,
			reports.Chart{Title: reports.Words("a chart"), Table: t},
			reports.Details{Summary: reports.Words("more"), Blocks: []reports.Block{t}},
			reports.Source{Label: "the scenario", Text: "title: ```\n" + nasty},
			reports.Download{Name: "x.csv", Data: "secret"},
		}},
		{Name: "two", Medium: reports.PageOnly, Blocks: []reports.Block{reports.Paragraph{Text: reports.Words("drawn")}}},
	}}
}

// parsed is the document as a reader of GitHub Flavored Markdown has it.
func parsed(t *testing.T, source []byte) ast.Node {
	t.Helper()
	return goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
}

// TestRead: a parser that nobody here wrote finds the tables and lists that were
// written, and no link, image, code or HTML that was not, whatever a name holds.
func TestRead(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, sample()); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	err := ast.Walk(parsed(t, b.Bytes()), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		count[n.Kind().String()]++
		if raw, ok := n.(*ast.RawHTML); ok {
			s := string(raw.Segments.Value(b.Bytes()))
			if s != "<sub>" && s != "</sub>" {
				t.Errorf("HTML %q", s)
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]int{table.KindTable.String(): 3, table.KindTableRow.String(): 6, "ListItem": 2, "Blockquote": 1, "FencedCodeBlock": 1,
		"Heading": 1, "Link": 0, "AutoLink": 0, "Image": 0, "HTMLBlock": 0, "CodeSpan": 0} {
		if count[kind] != want {
			t.Errorf("%d of %s, want %d\n%s", count[kind], kind, want, b.String())
		}
	}
	if s := b.String(); strings.ContainsAny(s, "\x1b\u202e") || strings.Contains(s, "drawn") || strings.Contains(s, "secret") {
		t.Error("what no comment should have is in it")
	}
}
