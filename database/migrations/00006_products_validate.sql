-- +goose NO TRANSACTION
-- +goose Up
-- Reads every row under a lock that lets others read and write.
ALTER TABLE products VALIDATE CONSTRAINT products_category_fkey;
ALTER TABLE products VALIDATE CONSTRAINT products_price_check;
ALTER TABLE products VALIDATE CONSTRAINT products_stock_check;
ALTER TABLE products VALIDATE CONSTRAINT products_created_check;
