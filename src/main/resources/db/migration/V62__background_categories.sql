-- The categories that the traveller's background switch is about, parted by commas; empty: all background traffic.
ALTER TABLE account
    ADD COLUMN background_categories text NOT NULL DEFAULT '' CHECK (length(background_categories) <= 700);
