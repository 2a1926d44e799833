package dev.octroi.callback.connector;

import dev.octroi.secret.Sensitive;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the dispatcher learns, at the moment of sending, which profile a subscription is on. */
@FunctionalInterface
public interface IdentifierSource {

    /** The identifiers of subscriptions, by subscription; those that are not known are left out. */
    Future<Map<Long, Identifiers>> resolve(List<Subject> subjects);

    /** A subscription of a tenant. */
    record Subject(int tenantId, long subscriptionId) {}

    /**
     * What receivers know the subscription's profile by.
     *
     * @param iccid 18 to 20 digits
     * @param imsi 6 to 15 digits; empty when another server made the profile and did not tell it
     * @param eid 32 digits, once the profile is on a card
     */
    record Identifiers(Sensitive<String> iccid, Optional<Sensitive<String>> imsi, Optional<Sensitive<String>> eid) {}
}
