package dev.octroi.charging;

import static java.util.Objects.requireNonNull;

import dev.octroi.quota.account.AccountKey;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * A subscription with the account as it is now.
 *
 * @param context sealed
 * @param counters asked for; empty: all
 * @param told the statuses told last
 * @param notices how often something was told
 * @param ended whether its PCF was told that it is over: its account is, its SIM was lost, or it gave way to another one
 */
record SpendingSubscription(
        AccountKey account,
        long number,
        long partnerId,
        byte[] context,
        List<PolicyCounter> counters,
        Instant expiresAt,
        String told,
        long notices,
        boolean ended,
        CounterState state) {
    SpendingSubscription {
        requireNonNull(state, "state is null");
        counters = List.copyOf(counters);
    }

    /** The statusInfos of a SpendingLimitStatus. */
    JsonObject infos(Instant now) {
        return infos(counters, state, now);
    }

    static JsonObject infos(List<PolicyCounter> counters, CounterState state, Instant now) {
        JsonObject infos = new JsonObject();
        for (PolicyCounter counter : counters.isEmpty() ? List.of(PolicyCounter.values()) : counters) {
            infos.put(counter.id(), counter.info(state, now));
        }
        return infos;
    }
}
