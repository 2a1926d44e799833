-- Volume that is bought while a plan waits lasts its days from the plan's beginning on; only then is its end known.
ALTER TABLE bucket ADD COLUMN valid_days int NOT NULL DEFAULT 0 CHECK (valid_days BETWEEN 0 AND 366);
