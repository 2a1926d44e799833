package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An alarm of the drain detector as people see it.
 *
 * @param kind what sort of drain, such as {@code night}
 * @param category the category that carries most of the excess
 * @param since when the unusual use began, to the hour
 * @param expectedLowBytes lower end of what the subscription normally uses in the span
 * @param expectedHighBytes upper end of it
 * @param observedBytes what it used
 * @param atStakeBytes observed less the upper end of expected
 * @param savedBytes about how much of it holding back has saved, as far as is known yet
 * @param reasons {@code [{feature, weight, key}]}, largest first
 * @param score 1 and above: the product acts
 * @param confidence share of such alarms that were real, 0 to 1
 * @param state {@code open}; settled: {@code confirmed} where volume was given back, {@code dismissed} where it was called meant,
 *     else {@code closed}
 * @param action what the plan made of it
 * @param meant how it was answered last, true: the use was meant; empty: not at all
 * @param recent the account's use when it was raised
 * @param caseId the newest case it opened
 */
public record Alarm(
        int tenantId,
        long id,
        long subscriptionId,
        int incident,
        String kind,
        String category,
        String zone,
        Instant since,
        long expectedLowBytes,
        long expectedHighBytes,
        long observedBytes,
        long atStakeBytes,
        long savedBytes,
        JsonArray reasons,
        double score,
        double confidence,
        String state,
        String action,
        Optional<Boolean> meant,
        JsonObject recent,
        Instant openedAt,
        Instant updatedAt,
        OptionalLong caseId) {
    public Alarm {
        requireNonNull(kind, "kind is null");
        requireNonNull(reasons, "reasons is null");
        requireNonNull(meant, "meant is null");
        requireNonNull(recent, "recent is null");
    }
}
