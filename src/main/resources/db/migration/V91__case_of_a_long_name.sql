-- A kind of party, a colon and a name of up to 120 characters.
ALTER TABLE support_case
    DROP CONSTRAINT support_case_opened_by_check,
    DROP CONSTRAINT support_case_resolved_by_check,
    ADD CONSTRAINT support_case_opened_by_check CHECK (length(opened_by) <= 140) NOT VALID,
    ADD CONSTRAINT support_case_resolved_by_check CHECK (length(resolved_by) <= 140) NOT VALID;
