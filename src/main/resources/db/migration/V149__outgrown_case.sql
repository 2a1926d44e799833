-- Whether the alarm of a case grew into a stricter hold, or was held anew, while the settlement of the case was carried out: who settled
-- it did not know. Good while the case is 'resolving'.
ALTER TABLE support_case ADD COLUMN outgrown boolean NOT NULL DEFAULT false;
