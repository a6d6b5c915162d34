package cmd

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// signalled is why a context has ended: a signal.
type signalled struct{ syscall.Signal }

func (s signalled) Error() string { return s.Signal.String() }

// untilSignal is a context that ends with the first signal that asks the program to end.
// A second one ends it at once, as if nobody listened. A reader of standard output that
// goes away is an error of the next write, and no silent death.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	asked, pipe := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(asked, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	signal.Notify(pipe, syscall.SIGPIPE)
	go func() {
		select {
		case s := <-asked:
			signal.Stop(asked)
			if number, ok := s.(syscall.Signal); ok {
				cancel(signalled{number})
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel(nil)
		signal.Stop(asked)
		signal.Stop(pipe)
	}
}

// signalOf is the signal that has ended a context; that of Ctrl-C where it was none.
func signalOf(ctx context.Context) syscall.Signal {
	var s signalled
	if errors.As(context.Cause(ctx), &s) {
		return s.Signal
	}
	return syscall.SIGINT
}

// how says in a word which signal it was.
func how(ctx context.Context) string {
	switch signalOf(ctx) {
	case syscall.SIGTERM:
		return "terminated"
	case syscall.SIGHUP:
		return "hung up"
	}
	return "interrupted"
}
