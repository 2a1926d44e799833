package dev.octroi.privacy;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.PublicId;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * By what one traveller's rows are found.
 *
 * @param tenantId whose customer it is
 * @param subscriptionId the subscription
 * @param accountId its account
 * @param profiles the profile that it has, and those that were replaced
 * @param sims keyed hashes of its SIMs' numbers that are no other account's by now
 */
public record Traveller(int tenantId, long subscriptionId, long accountId, List<Long> profiles, List<Buffer> sims) {
    public Traveller {
        profiles = List.copyOf(requireNonNull(profiles, "profiles is null"));
        sims = List.copyOf(requireNonNull(sims, "sims is null"));
    }

    /** What the audit log calls it. */
    List<String> objects() {
        return List.of(PublicId.SUBSCRIPTION.format(subscriptionId), PublicId.ACCOUNT.format(accountId));
    }
}
