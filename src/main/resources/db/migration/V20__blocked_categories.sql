-- The categories that blocked background traffic is about; null: background traffic as a whole, or nothing blocked.
ALTER TABLE account ADD COLUMN blocked_categories text[] CHECK (cardinality(blocked_categories) <= 20);
ALTER TABLE decision ADD COLUMN blocked_categories text[] CHECK (cardinality(blocked_categories) <= 20);
