package dev.octroi.quota;

import io.vertx.core.Promise;

/**
 * A command that waits for its outcome.
 *
 * @param key whose account
 * @param command what
 * @param outcome completed after the commit
 */
record Pending(AccountKey key, AccountCommand command, Promise<Outcome> outcome) {}
