package scenarios

import "go.yaml.in/yaml/v4"

func (t Named) decode(d *decoder, n *yaml.Node, e *entry) {
	pairs := d.pairs(n, e, "a mapping of names to "+t.What+"s")
	if e.bad {
		return
	}
	if t.Max > 0 && len(pairs) > t.Max {
		d.fault(e, at(n), problemf("", "there are %s; at most %d are allowed", plural(len(pairs), t.What), t.Max))
		return
	}
	if len(pairs) < t.Min {
		d.fault(e, at(n), problemf("", "there is no %s", t.What))
	}
	t.readKnown(d, pairs, e)
	for _, p := range pairs {
		if contains(keyNames(t.Known), p.name) {
			continue
		}
		if !namePattern.MatchString(p.name) {
			d.faults.add(at(p.key), e.path, problemf(nameRule, "%s is no name of %s", show(p.name), aOrAn(t.What)))
			continue
		}
		before := len(d.faults.all)
		c := child(e, p.name, p.name, at(p.value))
		d.value(&Key{Name: p.name, Type: t.Of}, p, c)
		if near := nearest(p.name, keyNames(t.Known)); near != "" {
			d.suggest(before, c.path, near)
		}
	}
}

// readKnown reads the things that are there anyway, in their own order.
func (t Named) readKnown(d *decoder, pairs []pair, e *entry) {
	for i := range t.Known {
		k := t.Known[i]
		p, written := find(pairs, k.Name)
		if !written {
			d.missing(&k, e)
			continue
		}
		d.value(&k, p, child(e, k.Name, k.label(), at(p.value)))
	}
}

// suggest adds to the faults about a new thing that a known one may have been
// meant.
func (d *decoder) suggest(from int, path, near string) {
	for i := from; i < len(d.faults.all); i++ {
		if f := &d.faults.all[i]; f.Path == path {
			f.Hint = "did you mean " + near + "?"
		}
	}
}

func (t Named) absent(d *decoder, e *entry) {
	if t.Min > 0 {
		return
	}
	t.readKnown(d, nil, e)
}

func aOrAn(what string) string {
	switch what[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + what
	}
	return "a " + what
}

func (t List) decode(d *decoder, n *yaml.Node, e *entry) {
	if n.Kind != yaml.SequenceNode {
		d.fault(e, at(n), problemf("each on a line of its own, with - in front", "%s stands where a list of %ss is expected", kindOf(n), t.What))
		return
	}
	if len(n.Content) < t.Min || len(n.Content) > t.Max {
		d.fault(e, at(n), problemf("", "there are %s; between %d and %d are allowed", plural(len(n.Content), t.What), t.Min, t.Max))
		return
	}
	for i, item := range n.Content {
		c := child(e, index(i), "", at(item))
		c.written = true
		if isNull(item) {
			d.fault(c, at(item), problemf("", "this %s is empty", t.What))
			continue
		}
		t.Of.decode(d, item, c)
	}
}

func (t List) absent(*decoder, *entry) {}

func (t Variants) decode(d *decoder, n *yaml.Node, e *entry) {
	pairs := d.pairs(n, e, "a mapping that begins with "+t.begins())
	if e.bad {
		return
	}
	v, rest, p := t.pick(pairs)
	if p != nil {
		where := at(n)
		if mark, ok := find(pairs, t.Key); ok && t.Key != "" {
			where = at(mark.value)
		}
		d.fault(e, where, p)
		return
	}
	e.variant = v.Name
	if mark, ok := find(rest, v.Name); ok && t.Key == "" && mark.value.Kind == yaml.ScalarNode {
		e.addLabel(v.Name + " " + show(mark.value.Value))
	}
	Mapping{Keys: v.Keys, Sourced: true}.read(d, rest, e)
}

func (t Variants) absent(*decoder, *entry) {}

// pick finds the kind of a thing and what else is said about it.
func (t Variants) pick(pairs []pair) (*Variant, []pair, *problem) {
	var names, found []string
	var picked *Variant
	for i := range t.Of {
		v := &t.Of[i]
		names = append(names, v.Name)
		if _, ok := find(pairs, v.Name); ok && t.Key == "" {
			found, picked = append(found, v.Name), v
		}
	}
	if t.Key == "" {
		switch len(found) {
		case 0:
			return nil, nil, problemf("begin with "+t.begins(), "it is not said what this is")
		case 1:
			return picked, pairs, nil
		}
		return nil, nil, problemf("make them two", "%s do not go together", list(found))
	}
	mark, ok := find(pairs, t.Key)
	if !ok {
		return nil, nil, problemf("one of "+list(names), "`%s` is missing", t.Key)
	}
	for i := range t.Of {
		if t.Of[i].Name == mark.value.Value {
			return &t.Of[i], without(pairs, t.Key), nil
		}
	}
	word := mark.value.Value
	return nil, nil, problemf(orElse(didYouMean(word, names), "one of "+list(names)), "unknown %s %s", t.Key, show(word))
}

// without are the pairs but the one of that name.
func without(pairs []pair, name string) []pair {
	var rest []pair
	for _, p := range pairs {
		if p.name != name {
			rest = append(rest, p)
		}
	}
	return rest
}

// begins is how each kind begins, in words.
func (t Variants) begins() string {
	var all []string
	for _, v := range t.Of {
		if t.Key != "" {
			return "`" + t.Key + ":`"
		}
		all = append(all, "`"+v.Name+":`")
	}
	if len(all) < 2 {
		return list(all)
	}
	return list(all[:len(all)-1]) + " or " + all[len(all)-1]
}
