-- +goose Up
-- The validated constraint says so already: no row is read again.
ALTER TABLE products
  -- squawk-ignore adding-not-nullable-field
  ALTER COLUMN created_at SET NOT NULL,
  -- squawk-ignore ban-drop-constraint
  DROP CONSTRAINT products_created_check;
