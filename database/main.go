// Command migrate brings a database to the newest schema: one runner at a time, each migration once, none that waits
// long for a lock. Where it connects to is in PostgreSQL's own variables (PGHOST, PGUSER, PGPASSWORD, PGSSLMODE, …).
package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	// Whoever waits for a lock holds up everyone who comes after: so give up soon, and try again.
	lockTimeout = "500ms"
	attempts    = 60
	pause       = 2 * time.Second
	// Another runner may be at work for this long: seconds between questions, and how many.
	turnSeconds   = 2
	turnQuestions = 900
	// SQLSTATE of a lock that was not to be had in time.
	lockNotAvailable = "55P03"
)

//go:embed migrations/*.sql
var files embed.FS

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		fmt.Fprintln(os.Stderr, "  What was applied before stays. Mend the cause and run again: it goes on from there.")
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return err
	}
	config.RuntimeParams["application_name"] = "migrate"
	config.RuntimeParams["lock_timeout"] = lockTimeout
	config.RuntimeParams["timezone"] = "UTC"
	database := stdlib.OpenDB(*config)
	defer database.Close()

	migrations, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	turn, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(turnSeconds, turnQuestions))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, database, migrations, goose.WithSessionLocker(turn))
	if err != nil {
		return err
	}
	return up(ctx, provider, database)
}

func up(ctx context.Context, provider *goose.Provider, database *sql.DB) error {
	for attempt := 1; ; attempt++ {
		results, err := provider.Up(ctx)
		var partial *goose.PartialError
		if errors.As(err, &partial) {
			results = partial.Applied
		}
		for _, result := range results {
			fmt.Println(result)
		}
		var refused *pgconn.PgError
		if err == nil {
			version, err := provider.GetDBVersion(ctx)
			fmt.Printf("the schema is at version %d\n", version)
			return err
		}
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
