package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Another runner may be at work for this long: seconds between questions, and how many.
const (
	turnSeconds   = 2
	turnQuestions = 900
)

//go:embed migrations/*.sql
var files embed.FS

// Migrate applies each migration once, in a transaction with its entry, while no other runner does.
func migrate(ctx context.Context, config *pgx.ConnConfig) error {
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
	if err := again(ctx, func() error { return up(ctx, provider) }); err != nil {
		return err
	}
	version, err := provider.GetDBVersion(ctx)
	fmt.Printf("the schema is at version %d\n", version)
	return err
}

func up(ctx context.Context, provider *goose.Provider) error {
	results, err := provider.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		results = partial.Applied
	}
	for _, result := range results {
		fmt.Println(result)
	}
	return err
}
