package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Whose account the records of a SIM are counted on.
 *
 * @param account the account
 * @param since when the SIM was linked to it: what ended before may be that of the account before it
 */
public record AccountLink(AccountKey account, Instant since) {
    public AccountLink {
        requireNonNull(account, "account is null");
        requireNonNull(since, "since is null");
    }
}
