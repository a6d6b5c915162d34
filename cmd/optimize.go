package cmd

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rollrisk/rollrisk/models/analytic"
	"github.com/rollrisk/rollrisk/models/optimize"
	"github.com/rollrisk/rollrisk/models/study"
	"github.com/rollrisk/rollrisk/reports/bestplan"
	"github.com/rollrisk/rollrisk/reports/markdown"
	"github.com/rollrisk/rollrisk/reports/text"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/importer"
	"github.com/spf13/cobra"
)

// optimizeFlags are the flags of the command optimize.
type optimizeFlags struct {
	minimise, weights    string
	lead, users, alarms  string
	alternatives, levers []string
	seed, output, write  string
	changes              int
	from                 assessFlags // traffic of a manifest
	manifest             string      // --from
}

const optimizeLong = `Optimize looks for the best ring plan in each alternative of a scenario: the number of
rings, their shares and bake times. Alternatives with and without environments are both
looked at, so the answer also says whether staging pays; --try turns any other input,
a threshold say, through a list of values.

Every plan of a grid of some 280 an alternative is simulated on the same changes and the
same defects, and so are the stated rings and four published ramps. Where the alternative
has an analytic twin, the twin's best plans are tried too. The best six are told apart by
the procedure of Kim and Nelson (2001) on fresh chance, and everything is told from chance
that no choice was made on. Where inputs are in doubt, the plan that gives away least in
the world that is worst for it is named as well.

With --from the rings of a rollout that you really run are looked for: a manifest of Argo
Rollouts or Flagger, or what else rollrisk assess reads. The change to its steps is shown
as a difference, and --write writes the whole manifest with it. A manifest states no
prices, so --minimise weighted is the default there.

--minimise cost (the default) is the mean cost of a change, tail that of the worst 5 % of
changes, weighted the sum of lead time, defects that nobody notices, and users affected,
each divided by that of the stated plan and weighed by --weights.`

func newOptimizeCommand() *cobra.Command {
	var f optimizeFlags
	c := &cobra.Command{
		Use:   "optimize [SCENARIO]",
		Short: "find the best ring plan: how many rings, which shares, how long each is watched",
		Long:  optimizeLong,
		Example: `  rollrisk optimize checkout --max-lead-time 2d
  rollrisk optimize checkout --minimise tail --max-p95-users 10k --write plan.yaml
  rollrisk optimize --from rollout.yaml --requests 50/s --users 200k --write better.yaml
  rollrisk optimize checkout --alternative rings --try detectors.error-ratio.threshold=0.2%,0.5%,1%`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			name := defaultScenario
			if len(args) == 1 {
				name = args[0]
			}
			return f.run(c, name)
		},
		ValidArgsFunction: completeScenario,
	}
	f.define(c)
	return c
}

func (f *optimizeFlags) define(c *cobra.Command) {
	fl := c.Flags()
	fl.StringVar(&f.minimise, "minimise", "cost", "cost, tail or weighted")
	fl.StringVar(&f.weights, "weights", "speed=1,quality=1,risk=1", "weights of --minimise weighted")
	fl.StringVar(&f.lead, "max-lead-time", "", "longest mean lead time of a change, such as 2d")
	fl.StringVar(&f.users, "max-p95-users", "", "most users affected by 95 of 100 changes that carry a defect, such as 10k")
	fl.StringVar(&f.alarms, "max-false-rollbacks", "", "largest share of releases taken back for nothing, such as 5%")
	fl.StringArrayVar(&f.alternatives, "alternative", nil, "look at this alternative only; may be given several times")
	fl.StringArrayVar(&f.levers, "try", nil, "also try these values of an input: PATH=VALUE,VALUE; may be given several times")
	fl.StringVar(&f.seed, "seed", "1", "seed of all chance, 0 to 2^64-1")
	countFlag(fl, &f.changes, "changes", "changes simulated for each plan of the first round, such as 1000 or 2k")
	f.changes = 1000
	fl.Lookup("changes").DefValue = "1000"
	fl.StringVarP(&f.output, "output", "o", "text", "text, markdown or json")
	fl.StringVar(&f.write, "write", "", "write the scenario, or with --from the manifest, with the best rings to this file")
	fl.StringVar(&f.manifest, "from", "", "manifest with the rollout whose rings are looked for, instead of a scenario")
	f.from.traffic(fl)
}

// question reads the flags, and reports the faults of all.
func (f *optimizeFlags) question(c *cobra.Command) (q optimize.Question, seed uint64, err error) {
	var faults []string
	say := func(err error) {
		if err != nil {
			faults = append(faults, err.Error())
		}
	}
	run := runFlags{seed: f.seed}
	seed, err = run.seedValue(c.ErrOrStderr())
	say(err)
	q.Minimise, q.Changes = optimize.Objective(f.minimise), f.changes
	if q.Minimise != optimize.Cost && q.Minimise != optimize.Tail && q.Minimise != optimize.Weighted {
		say(fmt.Errorf("--minimise %s: cost, tail or weighted", f.minimise))
	}
	if f.changes < 1 || f.changes > 100_000 {
		say(fmt.Errorf("--changes %d: between 1 and 100000 are simulated for each plan", f.changes))
	}
	if f.output != "text" && f.output != "markdown" && f.output != "json" {
		say(fmt.Errorf("-o %s: text, markdown or json", f.output))
	}
	q.Weights, err = readWeights(f.weights)
	say(err)
	for _, err := range f.limits(&q.Limits) {
		say(err)
	}
	if f.write != "" {
		if err := canWrite(f.write); err != nil {
			say(fmt.Errorf("--write %s: %w", f.write, err))
		}
	}
	if len(faults) > 0 {
		return q, 0, badQuestionf("%s", strings.Join(faults, "\n"))
	}
	return q, seed, nil
}

// limits reads the three limits.
func (f *optimizeFlags) limits(l *optimize.Limits) (faults []error) {
	for _, limit := range []struct {
		name, text string
		unit       scenarios.Unit
		to         *float64
	}{{"max-lead-time", f.lead, scenarios.Duration, &l.Hours}, {"max-p95-users", f.users, scenarios.Count, &l.Users}, {"max-false-rollbacks", f.alarms, scenarios.Share, &l.False}} {
		if limit.text == "" {
			continue
		}
		x, err := limit.unit.Read(limit.text)
		if err == nil && !(x > 0) {
			err = errors.New("must be above 0")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s %s: %w", limit.name, limit.text, err))
		}
		*limit.to = x
	}
	return faults
}

// readWeights reads speed=1,quality=2,risk=3; what is not named weighs nothing.
func readWeights(s string) (w optimize.Weights, err error) {
	places := map[string]*float64{"speed": &w.Speed, "quality": &w.Quality, "risk": &w.Risk}
	for part := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(part, "=")
		to := places[strings.TrimSpace(name)]
		x, err := scenarios.Factor.Read(strings.TrimSpace(value))
		if to == nil || err != nil || x < 0 {
			return w, fmt.Errorf("--weights %s: %q is no weight; write speed=1,quality=1,risk=1", s, part)
		}
		*to = x
	}
	if w == (optimize.Weights{}) {
		return w, fmt.Errorf("--weights %s: one of them must be above 0", s)
	}
	return w, nil
}

// variant is a scenario with what --try set in it.
type variant struct {
	name string // of what was set; empty for nothing
	s    *scenarios.Scenario
}

const maxVariants = 24

// variants are all combinations of what is tried; the scenario as it is comes first.
func (f *optimizeFlags) variants(s *scenarios.Scenario) ([]variant, error) {
	all := []variant{{"", s}}
	for _, lever := range f.levers {
		path, list, ok := strings.Cut(lever, "=")
		if !ok || list == "" {
			return nil, badQuestionf("--try %s: write PATH=VALUE,VALUE", lever)
		}
		more := all
		for _, v := range all {
			for value := range strings.SplitSeq(list, ",") {
				changed, faults := v.s.Set(path, strings.TrimSpace(value))
				if len(faults) > 0 {
					return nil, &badQuestion{"--try " + lever + ":\n" + faultLines(faults)}
				}
				more = append(more, variant{strings.TrimSpace(v.name + " " + path + "=" + strings.TrimSpace(value)), changed})
			}
		}
		if all = more; len(all) > maxVariants {
			return nil, badQuestionf("--try: %d combinations; at most %d are tried", len(all), maxVariants)
		}
	}
	return all, nil
}

// frames are the alternatives asked for, in each variant.
func (f *optimizeFlags) frames(all []variant, seed uint64) ([]optimize.Frame, map[string]variant, error) {
	o := scenarios.Options{Seed: seed, Version: version()}
	plan, faults := all[0].s.Plan(o)
	if len(faults) > 0 {
		return nil, nil, &badQuestion{faultLines(faults)}
	}
	for _, name := range f.alternatives {
		if _, fault := all[0].s.Rings(name); fault != nil {
			return nil, nil, &badQuestion{faultLines([]scenarios.Fault{*fault})}
		}
	}
	var frames []optimize.Frame
	of := map[string]variant{}
	for _, v := range all {
		for k := range plan.Case.Pipelines {
			name := plan.Case.Pipelines[k].Name
			if len(f.alternatives) > 0 && !containsWord(f.alternatives, name) {
				continue
			}
			frame := frameOf(v, name, o)
			frame.Pipeline = k
			frames, of[frame.Name] = append(frames, frame), variant{name, v.s}
		}
	}
	return frames, of, nil
}

func containsWord(all []string, word string) bool {
	for _, w := range all {
		if w == word {
			return true
		}
	}
	return false
}

// frameOf is one alternative of one variant.
func frameOf(v variant, alternative string, o scenarios.Options) optimize.Frame {
	stated, _ := v.s.Rings(alternative)
	frame := optimize.Frame{Name: strings.TrimSpace(alternative + " " + v.name)}
	for _, r := range stated {
		frame.Stated.Shares, frame.Stated.Bakes = append(frame.Stated.Shares, r.Share), append(frame.Stated.Bakes, r.Bake)
	}
	frame.Realise = func(p analytic.RingPlan) (*study.Plan, error) {
		s, err := withRings(v.s, alternative, p)
		if err != nil {
			return nil, err
		}
		q, faults := s.Plan(o)
		if len(faults) > 0 {
			return nil, errors.New(faultLines(faults))
		}
		return &q, nil
	}
	return frame
}

func withRings(s *scenarios.Scenario, alternative string, p analytic.RingPlan) (*scenarios.Scenario, error) {
	var rings []scenarios.RingStep
	for i := range p.Shares {
		rings = append(rings, scenarios.RingStep{Share: p.Shares[i], Bake: p.Bakes[i]})
	}
	changed, faults := s.WithRings(alternative, rings)
	if len(faults) > 0 {
		return nil, errors.New(faultLines(faults))
	}
	return changed, nil
}

// opened is the scenario that is asked about; with --from made of the manifest, whose rings
// alone are looked for then.
func (f *optimizeFlags) opened(c *cobra.Command, name string) (*scenarios.Scenario, *source, error) {
	if f.manifest == "" {
		s, err := readScenario(c.Context(), c.InOrStdin(), name)
		return s, nil, err
	}
	if c.Flags().NArg() > 0 {
		return nil, nil, badQuestionf("--from %s: there is a scenario too (%s); name one of them", f.manifest, name)
	}
	m, text, err := f.from.source(c, f.manifest)
	if err != nil {
		return nil, nil, err
	}
	s, faults := scenarios.Decode(f.manifest, []byte(text))
	if len(faults) > 0 {
		return nil, nil, &badQuestion{faultLines(faults)}
	}
	f.alternatives = append(f.alternatives, importer.NameOf(m.rollout))
	return s, m, nil
}

func (f *optimizeFlags) run(c *cobra.Command, name string) error {
	q, seed, err := f.question(c)
	if err != nil {
		return err
	}
	s, m, err := f.opened(c, name)
	if err != nil {
		return err
	}
	if m != nil && !c.Flags().Changed("minimise") {
		q.Minimise = optimize.Weighted // a manifest states no prices
	}
	all, err := f.variants(s)
	if err != nil {
		return err
	}
	frames, of, err := f.frames(all, seed)
	if err != nil {
		return err
	}
	q.Frames = frames
	a, err := found(c, q)
	if err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if m != nil {
		err = m.follow(a, f.write)
	} else if f.write != "" {
		err = f.save(of[a.Plans[0].Frame], a.Plans[0].Rings)
	}
	if err != nil {
		return err
	}
	return f.print(c.OutOrStdout(), s.Name, a)
}

// found searches, with progress.
func found(c *cobra.Command, q optimize.Question) (*optimize.Answer, error) {
	shown := newProgress(c.ErrOrStderr(), false)
	shown.what = "plans"
	q.Progress = shown.at
	a, err := optimize.Find(c.Context(), q)
	shown.done()
	switch {
	case c.Context().Err() != nil:
		return nil, c.Context().Err()
	case err != nil:
		return nil, badQuestionf("%v", err)
	}
	return a, nil
}

// save writes the scenario with the best rings.
func (f *optimizeFlags) save(v variant, rings analytic.RingPlan) error {
	best, err := withRings(v.s, v.name, rings)
	if err != nil {
		return err
	}
	return writeWhole(output{f.write, func(w io.Writer) error { _, err := w.Write(best.Source()); return err }})
}

func (f *optimizeFlags) print(out io.Writer, name string, a *optimize.Answer) error {
	switch f.output {
	case "json":
		a.Schema, a.Name = optimize.Schema, name
		return writeJSON(out, a)
	case "markdown":
		return markdown.Write(out, bestplan.Of(name, a))
	}
	return text.Write(out, bestplan.Of(name, a), text.Options{Width: width(out), Color: colored(out)})
}
