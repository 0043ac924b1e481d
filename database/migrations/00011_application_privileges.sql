-- +goose Up
-- Rows, and nothing else. A table that the application is to use says so in the migration that makes it.
-- The role is made by `schema users`.
GRANT SELECT, INSERT, UPDATE, DELETE ON categories, products, users, orders, order_items TO application;
-- Of the tables' keys, only this is no identity: whoever inserts needs it.
GRANT USAGE ON SEQUENCE products_id_seq TO application;
