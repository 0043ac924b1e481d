// Command schema readies a database for a release: `schema users` makes the roles that connect, with the passwords of the
// environment; `schema migrate` brings the tables to the newest version. Either can run again, and in two places at once:
// they take turns, and neither waits long for a lock. Where it connects to is in PostgreSQL's own variables (PGHOST,
// PGUSER, PGPASSWORD, PGSSLMODE, …).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// Whoever waits for a lock holds up everyone who comes after: so give up soon, and try again.
	lockTimeout = "500ms"
	attempts    = 60
	pause       = 2 * time.Second
	// SQLSTATE of a lock that was not to be had in time.
	lockNotAvailable = "55P03"
)

var commands = map[string]func(context.Context, *pgx.ConnConfig) error{"migrate": migrate, "users": users}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	command, known := commands[strings.Join(os.Args[1:], " ")]
	if !known {
		fmt.Fprintln(os.Stderr, "usage: schema users|migrate")
		os.Exit(2)
	}
	if err := run(ctx, command); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		fmt.Fprintln(os.Stderr, "  What was applied before stays. Mend the cause and run again: it goes on from there.")
		os.Exit(1)
	}
}

func run(ctx context.Context, command func(context.Context, *pgx.ConnConfig) error) error {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return err
	}
	config.RuntimeParams["application_name"] = "schema"
	config.RuntimeParams["lock_timeout"] = lockTimeout
	config.RuntimeParams["timezone"] = "UTC"
	return command(ctx, config)
}

// Again does it until it has every lock that it wants.
func again(ctx context.Context, do func() error) error {
	for attempt := 1; ; attempt++ {
		err := do()
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != lockNotAvailable || attempt == attempts {
			return err
		}
		fmt.Printf("attempt %d of %d: %s; again in %s\n", attempt, attempts, refused.Message, pause)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
