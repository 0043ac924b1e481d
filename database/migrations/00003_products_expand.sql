-- +goose Up
-- Columns with constant defaults are entries in the catalogue: no row is written. The old application, which names none
-- of them, goes on. created_at keeps its type: another would break every prepared statement that reads it.
ALTER TABLE products
  ADD COLUMN description TEXT,
  ADD COLUMN stock_quantity INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN category_id INTEGER,
  ADD COLUMN image_url TEXT,
  ADD COLUMN is_active BOOLEAN NOT NULL DEFAULT true,
  ADD COLUMN updated_at TIMESTAMPTZ NOT NULL DEFAULT now();

-- From here on a price has two digits, also one that the old application writes with more.
-- +goose StatementBegin
CREATE FUNCTION round_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.price := round(NEW.price, 2);
  RETURN NEW;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER products_round_price BEFORE INSERT OR UPDATE OF price ON products
  FOR EACH ROW EXECUTE FUNCTION round_price();
CREATE TRIGGER products_touch BEFORE UPDATE ON products
  FOR EACH ROW EXECUTE FUNCTION touch_updated_at();
