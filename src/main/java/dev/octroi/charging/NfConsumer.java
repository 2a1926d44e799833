package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * The network function that calls, as its certificate tells it.
 *
 * @param partnerId the partner
 * @param source the feed's name in the ledger, 1 to 40 characters
 * @param coversImsi whether it may speak for an IMSI
 * @param servesTenant whether it serves a tenant
 * @param profile how it speaks
 * @param ignoresOffline whether what it says is charged offline is not counted
 */
public record NfConsumer(
        long partnerId,
        String source,
        Predicate<String> coversImsi,
        IntPredicate servesTenant,
        ChargingProfile profile,
        boolean ignoresOffline) {
    public NfConsumer {
        requireNonNull(source, "source is null");
        requireNonNull(coversImsi, "coversImsi is null");
        requireNonNull(servesTenant, "servesTenant is null");
        requireNonNull(profile, "profile is null");
    }
}
