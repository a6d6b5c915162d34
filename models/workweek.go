package models

import (
	"math"
	"time"
)

// hoursAWeek is the number of working hours in a week.
func (w Workweek) hoursAWeek() float64 { return float64((w.End - w.Start) * float64(w.Days)) }

// worked is the number of working hours from time zero to t.
func (w Workweek) worked(t time.Duration) float64 {
	h := hours(t)
	weeks := math.Floor(h / hoursPerWeek)
	h -= float64(weeks * hoursPerWeek)
	day := math.Floor(h / hoursPerDay)
	full := math.Min(day, float64(w.Days))
	sum := float64(weeks*w.hoursAWeek()) + float64(full*(w.End-w.Start))
	if day < float64(w.Days) {
		of := h - float64(day*hoursPerDay)
		sum += math.Max(0, math.Min(of, w.End)-w.Start)
	}
	return sum
}

// after is the time at which `work` more working hours have passed since t.
// With no work it is t itself, in or out of hours.
func (w Workweek) after(t time.Duration, work float64) time.Duration {
	if !(work > 0) {
		return t
	}
	if work >= maxDuration.Hours() {
		return maxDuration
	}
	return max(t, w.atWork(w.worked(t)+work))
}

// atWork is the time at which the given number of working hours, counted from
// time zero, has just been worked.
func (w Workweek) atWork(worked float64) time.Duration {
	day := w.End - w.Start
	weeks := math.Ceil(worked/w.hoursAWeek()) - 1
	rest := worked - float64(weeks*w.hoursAWeek())
	days := math.Ceil(rest/day) - 1
	rest -= float64(days * day)
	return duration(float64(weeks*hoursPerWeek) + float64(days*hoursPerDay) + w.Start + rest)
}

// open is t when t is in working hours, otherwise the start of the next
// working day.
func (w Workweek) open(t time.Duration) time.Duration {
	next := duration(hoursPerDay)
	day := t / next
	of := hours(t % next)
	if int(day%7) < w.Days && of < w.End {
		return max(t, day*next+duration(w.Start))
	}
	for day++; int(day%7) >= w.Days; day++ {
	}
	return day*next + duration(w.Start)
}

// Always is the calendar of a team that works around the clock.
func Always() Workweek { return Workweek{Start: 0, End: hoursPerDay, Days: 7} }
