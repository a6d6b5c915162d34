package rollout

import (
	"fmt"
	"math"
	"strconv"
)

// environment holds the functions that Argo Rollouts adds to the language. isNil and
// default look at the measured value whatever their argument is, as the controller
// does: default(result[0], 0) is the whole of result when there is one.
func environment(v *Value) map[string]any {
	return map[string]any{
		"asInt":   asInt,
		"asFloat": asFloat,
		"isNaN":   math.IsNaN,
		"isInf":   func(x float64) bool { return math.IsInf(x, 0) },
		"isNil":   func(any) bool { return v.kind == kindNil },
		"default": func(_, instead any) any {
			if v.kind == kindNil {
				return instead
			}
			return v.any()
		},
	}
}

// asInt cuts a number off towards 0. What has no int64 (NaN, the infinities, large
// numbers) Go leaves to the machine; here it is as on amd64, where the controller was
// recorded. The language turns the panic into an error.
func asInt(in any) int64 {
	if s, ok := in.(string); ok {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			panic(err)
		}
		return n
	}
	switch x := in.(type) {
	case int:
		return int64(x)
	case int64:
		return x
	case uint8:
		return int64(x)
	}
	x, ok := in.(float64)
	if !ok {
		panic(fmt.Sprintf("asInt() not supported on %T %v", in, in))
	}
	return whole(x)
}

// whole cuts x off towards 0. What has no int64 is the smallest one, as on amd64.
func whole(x float64) int64 {
	if !(x >= math.MinInt64 && x < math.MaxInt64) {
		return math.MinInt64
	}
	return int64(x)
}

// asFloat is a number, or the number that a string holds, as a float64. The language
// turns the panic into an error.
func asFloat(in any) float64 {
	switch x := in.(type) {
	case float64:
		return x
	case int:
		return float64(x)
	case int64:
		return float64(x)
	case uint8:
		return float64(x)
	case string:
		f, err := strconv.ParseFloat(x, 64)
		if err != nil {
			panic(err)
		}
		return f
	}
	panic(fmt.Sprintf("asFloat() not supported on %T %v", in, in))
}
