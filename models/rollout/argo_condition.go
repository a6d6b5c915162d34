package rollout

import (
	"errors"
	"fmt"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/vm"
)

// A kind is the Go type that a provider hands to the expressions.
type kind uint8

const (
	kindNil kind = iota
	kindScalar
	kindVector
	kinds
)

// Value is what a provider measured: nothing at all, a scalar, or a vector of any
// length. The zero value is nothing at all, which is not the empty vector.
type Value struct {
	kind   kind
	scalar float64
	vector []float64
}

// Nil is the answer of a provider that has none.
func Nil() Value { return Value{} }

// Scalar is one number; NaN and the infinities are allowed.
func Scalar(x float64) Value { return Value{kind: kindScalar, scalar: x} }

// Vector is a series of numbers, as a Prometheus query yields them; without
// arguments it is the empty vector. The slice is not copied.
func Vector(x ...float64) Value {
	if x == nil {
		x = []float64{}
	}
	return Value{kind: kindVector, vector: x}
}

// any is the value as the expressions see it.
func (v Value) any() any {
	switch v.kind {
	case kindScalar:
		return v.scalar
	case kindVector:
		return v.vector
	}
	return nil
}

// sample is a value of the kind, for the compiler, which looks only at its type.
func (k kind) sample() Value { return Value{kind: k, vector: []float64{}} }

// Conditions are the successCondition and the failureCondition of a metric, in the
// language of github.com/expr-lang/expr over result; empty means not given.
type Conditions struct {
	Success, Failure string
}

// Check lists the conditions that are an error for every kind of value, such as one
// that cannot be parsed or holds an argument that was not filled in. Argo Rollouts
// does not refuse them: every measurement is an Error.
func (c Conditions) Check() []Fault {
	var all faults
	for _, text := range []struct{ path, text string }{{"successCondition", c.Success}, {"failureCondition", c.Failure}} {
		if text.text == "" {
			continue
		}
		p := compile(text.text)
		hopeless := p[kindNil].err != nil && p[kindScalar].err != nil && p[kindVector].err != nil
		all.must(!hopeless, Fault{text.path, fmt.Sprintf("%v", p[kindVector].err), "every measurement would be an Error; a condition reads like result[0] >= 0.95"})
	}
	return all
}

// A program is a condition compiled for one kind of value, or why it cannot be.
type program struct {
	code *vm.Program
	err  error
}

// programs are a condition for every kind: the language has static types, so that a
// condition may be well formed for a vector and not for a scalar.
type programs [kinds]program

func compile(text string) *programs {
	var all programs
	for k := range all {
		all[k].code, all[k].err = compileFor(text, kind(k).sample())
	}
	return &all
}

// Compile makes a Judge. Errors of compilation are told by Check, and by the Judge at
// every measurement, where the controller meets them.
func (c Conditions) Compile() *Judge {
	j := &Judge{}
	if c.Success != "" {
		j.success = compile(c.Success)
	}
	if c.Failure != "" {
		j.failure = compile(c.Failure)
	}
	j.env = environment(&j.value)
	return j
}

// A Judge gives a phase to each measured value. It is compiled once and has memory of
// its own: one for each worker.
type Judge struct {
	success, failure *programs // nil: not given
	value            Value
	env              map[string]any
	machine          vm.VM
}

// Evaluate gives the phase of one measurement (utils/evaluate, EvaluateResult).
// Without a condition it is Successful. With successCondition alone: true is
// Successful, false Failed. With failureCondition alone: true is Failed, false
// Successful, so that NaN, which compares false, is Failed under the first and
// Successful under the second. With both: failure first, then success, else
// Inconclusive. A condition that cannot be evaluated is Error, with the reason.
func (j *Judge) Evaluate(v Value) (Phase, error) {
	j.value = v
	j.env["result"] = v.any()
	success, err := j.holds(j.success)
	if err != nil {
		return Error, err
	}
	failure, err := j.holds(j.failure)
	if err != nil {
		return Error, err
	}
	switch {
	case j.success == nil && j.failure == nil:
		return Successful, nil
	case j.failure == nil:
		failure = !success
	case j.success == nil:
		success = !failure
	}
	if failure {
		return Failed, nil
	}
	if success {
		return Successful, nil
	}
	return Inconclusive, nil
}

// holds runs a condition; one that is not given is false.
func (j *Judge) holds(p *programs) (bool, error) {
	if p == nil {
		return false, nil
	}
	one := p[j.value.kind]
	if one.err != nil {
		return false, one.err
	}
	out, err := j.machine.Run(one.code, j.env)
	if err != nil {
		return false, plain(err)
	}
	yes, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("expected bool, but got %T", out)
	}
	return yes, nil
}

// compileFor compiles a condition for the type of one value.
func compileFor(text string, v Value) (*vm.Program, error) {
	if err := checkDialect(text); err != nil {
		return nil, err
	}
	env := environment(&v)
	env["result"] = v.any()
	options := []expr.Option{expr.Env(env)}
	for _, name := range youngerBuiltins() {
		options = append(options, expr.DisableBuiltin(name))
	}
	code, err := expr.Compile(text, options...)
	if err != nil {
		return nil, plain(err)
	}
	return code, checkCalls(code.Node())
}

// plain drops the excerpt of the source that the language adds to a message.
func plain(err error) error {
	var f *file.Error
	if errors.As(err, &f) {
		return errors.New(f.Message)
	}
	return err
}
