package models

import (
	"errors"
	"math"
	"time"
)

const (
	hoursPerDay  = 24
	hoursPerWeek = 7 * hoursPerDay
	week         = hoursPerWeek * time.Hour
)

// Shape is the traffic of each hour of the week, Monday 00:00 first, relative
// to the mean hour. All zero means flat.
type Shape [hoursPerWeek]float64

// Check reports a Shape that is no traffic: a negative or non-finite hour.
func (s *Shape) Check() error {
	for _, v := range s {
		if !(v >= 0) || math.IsInf(v, 1) {
			return errors.New("traffic of an hour must be a finite number >= 0")
		}
	}
	return nil
}

// Clock counts exposure: hours of mean traffic instead of hours on the wall.
// It is the integral of a Shape and its inverse, both exact for a rate that
// is constant within each hour, so that they use no transcendental function.
type Clock struct {
	rate  [hoursPerWeek]float64     // relative traffic, mean 1
	sum   [hoursPerWeek + 1]float64 // integral from Monday 00:00, hours of mean traffic
	flat  bool
	least float64 // smallest of rate
}

// NewClock makes the Clock of a Shape, scaled to mean 1. A Shape of zeros is
// flat.
func NewClock(s *Shape) *Clock {
	c := &Clock{flat: true, least: math.Inf(1)}
	total := 0.0
	for _, v := range s {
		total += v
	}
	for i, v := range s {
		c.rate[i] = 1
		if total > 0 {
			c.rate[i] = v * hoursPerWeek / total
		}
		c.flat = c.flat && c.rate[i] == c.rate[0]
		c.least = math.Min(c.least, c.rate[i])
		c.sum[i+1] = c.sum[i] + c.rate[i]
	}
	return c
}

// Least is the traffic of the quietest hour of the week, relative to the mean
// hour: 0..1.
func (c *Clock) Least() float64 { return c.least }

// at is the exposure from time zero to t, in hours of mean traffic; t >= 0.
func (c *Clock) at(t time.Duration) float64 {
	if c.flat {
		return hours(t)
	}
	weeks, rest := t/week, t%week
	h := rest / time.Hour
	within := hours(rest % time.Hour)
	return float64(float64(weeks)*c.sum[hoursPerWeek]) + c.sum[h] + float64(c.rate[h]*within)
}

// Between is the exposure from a to b in hours of mean traffic; 0 when b <= a.
func (c *Clock) Between(a, b time.Duration) float64 {
	if b <= a {
		return 0
	}
	return c.at(b) - c.at(a)
}

// After is the first time at which the exposure since a reaches dose hours of
// mean traffic. It is about 100 years when that never happens.
func (c *Clock) After(a time.Duration, dose float64) time.Duration {
	if !(dose > 0) {
		return a
	}
	if !(dose < maxDuration.Hours()) {
		return maxDuration
	}
	if c.flat {
		return a + duration(dose)
	}
	target := c.at(a) + dose
	weeks := math.Floor(target / c.sum[hoursPerWeek])
	h := c.hourOf(target - float64(weeks*c.sum[hoursPerWeek]))
	rest := target - float64(weeks*c.sum[hoursPerWeek]) - c.sum[h]
	t := time.Duration(weeks)*week + time.Duration(h)*time.Hour + duration(rest/c.rate[h])
	return max(t, a)
}

// hourOf finds the hour of the week in which the integral passes target, by
// halving; hours without traffic are never chosen.
func (c *Clock) hourOf(target float64) int {
	lo, hi := 0, hoursPerWeek
	for lo < hi {
		mid := (lo + hi) / 2
		if c.sum[mid+1] > target {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	for lo = min(lo, hoursPerWeek-1); lo > 0 && c.rate[lo] == 0; {
		lo--
	}
	return lo
}

// Rate is the traffic at t relative to the mean hour, and the time at which
// that rate ends (the next full hour; about 100 years when traffic is flat).
func (c *Clock) Rate(t time.Duration) (rate float64, until time.Duration) {
	if c.flat {
		return 1, maxDuration
	}
	return c.rate[(t%week)/time.Hour], t - t%time.Hour + time.Hour
}
