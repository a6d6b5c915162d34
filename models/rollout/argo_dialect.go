package rollout

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// Argo Rollouts v1.9.1 is built with release 1.15.5 of the language. What later
// releases added is an error there, and so it is here: a manifest must not pass the
// simulation and then err in the cluster. One difference is left: a vector compared
// with a list, result == [1], is always false there and true here when they are equal.

// longest is how long a condition may be, in bytes; the language parses by recursion.
const longest = 4096

// youngerBuiltins are the functions that release 1.15.5 does not know.
func youngerBuiltins() []string {
	return strings.Fields("reverse uniq concat flatten timezone bitand bitor bitxor bitnand bitnot bitshl bitshr bitushr")
}

// checkDialect refuses the words that release 1.15.5 does not know: if and else, and
// a semicolon that does not end a let.
func checkDialect(text string) error {
	if len(text) > longest {
		return fmt.Errorf("the condition has %d bytes; at most %d are read", len(text), longest)
	}
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return plain(err)
	}
	open := 0
	for _, t := range tokens {
		if t.Kind != lexer.Operator {
			continue
		}
		switch t.Value {
		case "if", "else":
			return fmt.Errorf("unexpected token %s", t)
		case "let":
			open++
		case ";":
			if open--; open < 0 {
				return fmt.Errorf("unexpected token %s", t)
			}
		}
	}
	return nil
}

// checkCalls refuses the arguments that release 1.15.5 does not take: a vector for max
// and min, a lone number for mean and median, count without a predicate.
func checkCalls(root ast.Node) error {
	v := &callVisitor{}
	ast.Walk(&root, v)
	return v.err
}

type callVisitor struct{ err error }

// Visit looks at one call.
func (v *callVisitor) Visit(n *ast.Node) {
	call, ok := (*n).(*ast.BuiltinNode)
	if !ok || v.err != nil {
		return
	}
	switch call.Name {
	case "count":
		if len(call.Arguments) == 1 {
			v.err = errors.New("count needs a predicate")
		}
	case "max", "min":
		v.arguments(call, func(vector bool) bool { return !vector })
	case "mean", "median":
		v.arguments(call, func(vector bool) bool { return vector || len(call.Arguments) > 1 })
	}
}

func (v *callVisitor) arguments(call *ast.BuiltinNode, fits func(vector bool) bool) {
	for _, a := range call.Arguments {
		t := a.Type()
		if t == nil {
			continue
		}
		name := t.Kind().String()
		if name == "interface" {
			continue // known only when it runs
		}
		if !fits(name == "slice" || name == "array") {
			v.err = fmt.Errorf("invalid argument for %s (type %s)", call.Name, t)
		}
	}
}
