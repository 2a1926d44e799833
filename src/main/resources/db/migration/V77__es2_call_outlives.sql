-- A cancelOrder that is sent again after the profile was ordered anew must not end that order: it outlives its own.
ALTER TABLE es2_call ADD COLUMN outlives boolean NOT NULL DEFAULT false;
