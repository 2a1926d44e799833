package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What holds for a partner that charges over the interfaces of 3GPP.
 *
 * @param profile how it speaks: {@code strict}, or the word of a product with habits of its own
 * @param notifyHosts hosts, as in a URL, that its notifications may go to although they are not public
 * @param ignoresOffline whether what its containers say is charged offline is not counted, because it is counted in another rating
 *     group, too
 */
public record ChargingTerms(String profile, Set<String> notifyHosts, boolean ignoresOffline) {
    /** As the standard has it, notifications to public hosts only. */
    public static final ChargingTerms STANDARD = new ChargingTerms("strict", Set.of(), false);

    public ChargingTerms {
        requireNonNull(profile, "profile is null");
        notifyHosts = Set.copyOf(notifyHosts);
    }
}
