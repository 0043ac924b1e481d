-- +goose Up
-- NOT VALID: they hold for what is written from now on, and nobody waits while the rows that are there are read.
ALTER TABLE products
  ADD CONSTRAINT products_category_fkey FOREIGN KEY (category_id) REFERENCES categories (id) NOT VALID,
  ADD CONSTRAINT products_price_check CHECK (price >= 0 AND price < 100000000 AND price = round(price, 2)) NOT VALID,
  ADD CONSTRAINT products_stock_check CHECK (stock_quantity >= 0) NOT VALID,
  ADD CONSTRAINT products_created_check CHECK (created_at IS NOT NULL) NOT VALID;
