-- +goose NO TRANSACTION
-- +goose Up
-- In batches, each committed: a row is locked for moments. What an interrupted run has done it finds done.
-- +goose StatementBegin
DO $$
DECLARE
  size CONSTANT INTEGER := 5000;
  first INTEGER;
  last INTEGER;
BEGIN
  SELECT min(id), max(id) INTO first, last FROM products;
  WHILE first <= last LOOP
    UPDATE products SET price = round(price, 2), created_at = coalesce(created_at, now())
    WHERE id BETWEEN first AND first + size - 1 AND (price <> round(price, 2) OR created_at IS NULL);
    COMMIT;
    first := first + size;
  END LOOP;
END
$$;
-- +goose StatementEnd
