-- A profile begins a new life with each reset: sessions of an earlier one end. Beside it, how often the card failed to
-- install it in this life.
ALTER TABLE profile
    ADD COLUMN life            int NOT NULL DEFAULT 1 CHECK (life > 0),
    ADD COLUMN failed_installs int NOT NULL DEFAULT 0 CHECK (failed_installs >= 0);

-- The life in which the session found its profile.
ALTER TABLE rsp_session ADD COLUMN life int;

-- What the pair of codes does not say: the card's own reason, such as install.10; which attempt it was; who did it.
ALTER TABLE rsp_progress
    ADD COLUMN detail  text CHECK (length(detail) <= 40),
    ADD COLUMN attempt int  NOT NULL DEFAULT 0,
    ADD COLUMN actor   text CHECK (length(actor) <= 100);
