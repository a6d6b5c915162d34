package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/rollrisk/rollrisk/internal/workshop"
	"github.com/rollrisk/rollrisk/scenarios"
	"github.com/rollrisk/rollrisk/scenarios/deck"
	"github.com/spf13/cobra"
	"golang.org/x/net/netutil"
)

// maxConnections is what a workshop holds open at a time: three for each of a hundred phones,
// and some that have vanished.
const maxConnections = 512

// workshopFlags are the flags of the command workshop.
type workshopFlags struct {
	listen  string
	session string
	workers int
	quiet   bool
}

func newWorkshopCommand() *cobra.Command {
	var f workshopFlags
	c := &cobra.Command{
		Use:   "workshop DECK",
		Short: "lead a room through predicting, building and voting, on the real simulator",
		Long: `Workshop serves a session of 75 minutes: a big screen for the facilitator, led with the
space bar and the arrow keys, and a page for each phone in the room. People predict with 90 %
ranges, see their ranges on the simulated distribution, spend a budget in teams, meet the same
hidden deck of defects, and vote again.

DECK is a name of the library (rollrisk workshop decks) or a file. The session is served on
this machine alone; with --listen on a network that you name, and then everybody on that
network can reach it. People need the code that is printed and shown; the facilitator's
address holds a secret of its own. No request leaves the network.

Everything that people send is kept in the file --session before it is answered. Started again
with the same file, the session goes on where it was.`,
		Example: `  rollrisk workshop web
  rollrisk workshop web --listen 192.168.1.20:8080
  rollrisk workshop mine/deck.yaml --listen 0.0.0.0:8080 --session monday.session
  rollrisk workshop cards onpremises --out cards.html
  rollrisk workshop export web --session monday.session -o csv`,
		Args:              cobra.ExactArgs(1),
		RunE:              f.run,
		ValidArgsFunction: completeDeck,
	}
	fl := c.Flags()
	fl.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address and port to serve on; port 0 takes a free one, 0.0.0.0 every network of this machine")
	sessionFlag(c, &f.session)
	fl.IntVar(&f.workers, "workers", 0, "replications at a time; 0 for one a processor (never changes a result)")
	fl.BoolVar(&f.quiet, "quiet", false, "draw no QR code in the terminal")
	c.AddCommand(newWorkshopDecks(), newWorkshopCards(), newWorkshopExport(), newWorkshopSchema())
	return c
}

func sessionFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "session", "", "file of the session (default: name of the deck and .session, in this directory)")
}

func completeDeck(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return deck.Library(), cobra.ShellCompDirectiveDefault
}

// readDeck finds and reads a deck: a name of the library, or a file. A scenario that it names
// is one of the library, or a file beside the deck.
func readDeck(c *cobra.Command, name string) (*deck.Deck, error) {
	data, builtin := deck.Builtin(name)
	beside := ""
	if !builtin {
		var err error
		if !strings.ContainsAny(name, `./\`) && name != "-" {
			hint := "the library has " + strings.Join(deck.Library(), ", ")
			if near := scenarios.Nearest(name, deck.Library()); near != "" {
				hint = "did you mean " + near + "? " + hint
			}
			return nil, badQuestionf("there is no deck %q; %s", name, hint)
		}
		if data, err = readBounded(c.Context(), name, c.InOrStdin(), maxScenarioBytes); err != nil {
			return nil, err
		}
		beside = filepath.Dir(name)
	}
	d, faults := deck.Decode(name, data, func(scenario string) (*scenarios.Scenario, []scenarios.Fault) {
		if _, ok := scenarios.Builtin(scenario); !ok && !filepath.IsAbs(scenario) {
			scenario = filepath.Join(beside, scenario)
		}
		s, err := readScenario(c.Context(), strings.NewReader(""), scenario)
		if err != nil {
			return nil, []scenarios.Fault{{Message: err.Error()}}
		}
		return s, nil
	})
	if len(faults) > 0 {
		return nil, &badQuestion{faultLines(faults)}
	}
	return d, nil
}

// prepared is the lesson of a deck.
func prepared(c *cobra.Command, name string, workers int) (*workshop.Lesson, error) {
	d, err := readDeck(c, name)
	if err != nil {
		return nil, err
	}
	return workshop.Prepare(c.Context(), d, workshop.Options{Workers: workers, Version: version(), Progress: func(what string) {
		fmt.Fprintln(c.ErrOrStderr(), "computing", what)
	}})
}

func (f *workshopFlags) run(c *cobra.Command, args []string) error {
	listener, err := listen(f.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	l, err := prepared(c, args[0], f.workers)
	if err != nil {
		return err
	}
	if f.session == "" {
		f.session = l.Deck.Name + ".session"
	}
	local, err := net.InterfaceAddrs()
	if err != nil {
		return err
	}
	v, err := workshop.Open(l, workshop.Setup{File: f.session, Hosts: workshop.Hosts(listener.Addr(), local), Home: home(listener.Addr(), local)})
	if err != nil {
		return badQuestionf("--session %v", err)
	}
	defer v.Close()
	if err := v.Resume(c.Context()); err != nil {
		return err
	}
	if err := f.greet(c.OutOrStdout(), v); err != nil {
		return err
	}
	return serve(c.Context(), netutil.LimitListener(listener, maxConnections), v.Handler())
}

// listen opens the port, so that one that is taken is told before anything is computed.
func listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || net.ParseIP(host) == nil && host != "localhost" {
		return nil, badQuestionf("--listen %s: write an address of this machine and a port, such as 192.168.1.20:8080", address)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, badQuestionf("--listen %s: %v", address, errors.Unwrap(err))
	}
	return listener, nil
}

// home is the address that phones are given: of a server on every network the first private
// one of this machine.
func home(a net.Addr, local []net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return "http://" + a.String()
	}
	for _, l := range local {
		if n, ok := l.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			return fmt.Sprintf("http://%s:%d", n.IP, tcp.Port)
		}
	}
	return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
}

// greet prints where everybody goes.
func (f *workshopFlags) greet(out io.Writer, v *workshop.Server) error {
	if !f.quiet {
		drawn, err := workshop.TerminalCode(v.Join())
		if err != nil {
			return err
		}
		fmt.Fprintln(out, drawn)
	}
	if n := v.People(); n > 0 {
		fmt.Fprintf(out, "%s goes on with %d people\n", f.session, n)
	}
	_, err := fmt.Fprintf(out, "facilitator  %s\nparticipants %s  code %s\nkept in      %s\nCtrl-C ends it; started again it goes on\n", v.Lead(), v.Join(), v.Code(), f.session)
	return err
}

// serve answers until ctx ends. Whoever is slow or has vanished is cut off in time.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10, ErrorLog: stdlog.New(io.Discard, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	patient, stop := context.WithTimeout(context.Background(), 3*time.Second)
	defer stop()
	if s.Shutdown(patient) != nil {
		s.Close()
	}
	return nil
}

func newWorkshopDecks() *cobra.Command {
	show := ""
	c := &cobra.Command{
		Use: "decks", Short: "list the decks of the library",
		Long:    "Decks prints the name and the title of every deck that is part of the program; with --show\nthe deck of that name as it was written, to begin one of your own.",
		Example: "  rollrisk workshop decks\n  rollrisk workshop decks --show web > deck.yaml",
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("show") {
				return showDeck(c, show)
			}
			w := tabwriter.NewWriter(c.OutOrStdout(), 0, 0, 3, ' ', 0)
			for _, name := range deck.Library() {
				d, err := readDeck(c, name)
				if err != nil {
					return err
				}
				fmt.Fprintf(w, "%s\t%s\n", name, d.Title)
			}
			return w.Flush()
		},
	}
	c.Flags().StringVar(&show, "show", "", "name of a deck to print")
	return c
}

// showDeck prints a deck of the library.
func showDeck(c *cobra.Command, name string) error {
	data, ok := deck.Builtin(name)
	if !ok {
		return badQuestionf("--show %s: the library has %s", name, strings.Join(deck.Library(), ", "))
	}
	_, err := c.OutOrStdout().Write(data)
	return err
}
