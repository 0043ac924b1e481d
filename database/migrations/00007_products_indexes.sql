-- +goose NO TRANSACTION
-- +goose Up
-- Building an index beside live traffic waits for transactions that are open, and blocks nobody meanwhile. What an
-- interrupted build left behind is invalid, and goes first.
SET lock_timeout = '10min';
DROP INDEX CONCURRENTLY IF EXISTS idx_products_category;
-- squawk-ignore ban-concurrent-index-creation-in-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_products_category ON products (category_id);
DROP INDEX CONCURRENTLY IF EXISTS idx_products_active;
-- squawk-ignore ban-concurrent-index-creation-in-transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_products_active ON products (is_active);
RESET lock_timeout;
