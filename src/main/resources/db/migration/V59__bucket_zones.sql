-- Volumes that were bought for some zones only: as zones of kind ZONE are, but by what was bought. Null: everywhere.
ALTER TABLE bucket ADD COLUMN zones text[];
