-- A session admits its card to one profile only, so no two profiles were last bound in one transaction. An index that knows
-- it lets the server keep one plan for the notification's look-up.
DROP INDEX profile_transaction;
CREATE UNIQUE INDEX profile_transaction ON profile (bound_transaction) WHERE bound_transaction IS NOT NULL;
