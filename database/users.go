package main

import (
	"context"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	// What PostgreSQL 15 makes itself (scram-common.h).
	iterations = 4096
	saltBytes  = 16
	// Two runners would trip over each other's roles. Any number, as long as nothing else of ours takes it.
	usersTurn = 7_236_551
)

// In the order in which they run, all or none. `application` cannot log in: what it may do, the migrations say, and its
// two members take turns, so that one can get a new password while the other is at work.
var statements = []string{
	"REVOKE CREATE ON SCHEMA public FROM PUBLIC",
	"GRANT USAGE, CREATE ON SCHEMA public TO migrations",
	"GRANT application TO application_a, application_b",
	// Whoever gives a table away is a member of whom it goes to.
	"GRANT migrations TO CURRENT_USER",
	`DO $$
	DECLARE owned regclass;
	BEGIN
	  FOR owned IN
	    SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
	    AND relowner = CURRENT_USER::regrole
	  LOOP
	    EXECUTE format('ALTER TABLE %s OWNER TO migrations', owned);
	  END LOOP;
	END $$`,
}

// Users makes the roles, and gives each that logs in the password that the environment says.
func users(ctx context.Context, config *pgx.ConnConfig) error {
	created := []string{role("application", "NOLOGIN")}
	for _, name := range []string{"migrations", "application_a", "application_b"} {
		variable := strings.ToUpper(name) + "_PASSWORD"
		password := os.Getenv(variable)
		if password == "" {
			return fmt.Errorf("%s is not set: it is the password that %s is to have", variable, name)
		}
		hidden, err := verifier(password)
		if err != nil {
			return err
		}
		created = append(created, role(name, "LOGIN"), fmt.Sprintf("ALTER ROLE %s PASSWORD '%s'", name, hidden))
	}
	connection, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer connection.Close(ctx)
	err = again(ctx, func() error {
		return pgx.BeginFunc(ctx, connection, func(transaction pgx.Tx) error {
			turn := fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", usersTurn)
			for _, statement := range append(append([]string{turn}, created...), statements...) {
				if _, err := transaction.Exec(ctx, statement); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err == nil {
		fmt.Println("migrations, application_a and application_b have the passwords that were given")
	}
	return err
}

func role(name, kind string) string {
	return fmt.Sprintf(`DO $$ BEGIN
	  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%[1]s') THEN CREATE ROLE %[1]s %[2]s; END IF;
	END $$`, name, kind)
}

// Verifier is what PostgreSQL keeps of a password: with it in the statement, the password is in no log (RFC 5802).
func verifier(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	salted, err := pbkdf2.Key(sha256.New, password, salt, iterations, sha256.Size)
	if err != nil {
		return "", err
	}
	stored := sha256.Sum256(keyed(salted, "Client Key"))
	encode := base64.StdEncoding.EncodeToString
	server := keyed(salted, "Server Key")
	return fmt.Sprintf("SCRAM-SHA-256$%d:%s$%s:%s", iterations, encode(salt), encode(stored[:]), encode(server)), nil
}

func keyed(key []byte, text string) []byte {
	code := hmac.New(sha256.New, key)
	code.Write([]byte(text))
	return code.Sum(nil)
}
