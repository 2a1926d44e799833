-- What the one who settles says of the use: true: it was meant; false: it was a drain; null: nothing.
ALTER TABLE support_case ADD COLUMN meant boolean;
