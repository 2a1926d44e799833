package dev.octroi.subscription;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One sold plan on one profile.
 *
 * @param id the subscription; its account is on its virtual shard, and its profile unless that came from stock
 * @param orderId the order it came from
 * @param planId the plan
 * @param planVersion the version as sold
 * @param planName its name as sold
 * @param labelHash its label as sold
 * @param profileId the profile
 * @param accountId the account
 * @param timeZone the traveller's IANA time zone when it was ordered
 * @param language the traveller's language
 * @param createdAt when it was ordered
 * @param cancelledAt when the sale was taken back; null: it was not
 * @param erasedAt when its traveller was forgotten; null: that was not asked for, or is not done
 */
public record Subscription(
        long id,
        long orderId,
        long planId,
        int planVersion,
        String planName,
        String labelHash,
        long profileId,
        long accountId,
        String timeZone,
        String language,
        Instant createdAt,
        @Nullable Instant cancelledAt,
        @Nullable Instant erasedAt) {
    public Subscription {
        requireNonNull(planName, "planName is null");
        requireNonNull(labelHash, "labelHash is null");
        requireNonNull(timeZone, "timeZone is null");
        requireNonNull(language, "language is null");
        requireNonNull(createdAt, "createdAt is null");
    }

    /** One that is sold. */
    public Subscription(
            long id,
            long orderId,
            long planId,
            int planVersion,
            String planName,
            String labelHash,
            long profileId,
            long accountId,
            String timeZone,
            String language,
            Instant createdAt) {
        this(
                id,
                orderId,
                planId,
                planVersion,
                planName,
                labelHash,
                profileId,
                accountId,
                timeZone,
                language,
                createdAt,
                null,
                null);
    }

    /** The same with another profile. */
    Subscription withProfile(long other) {
        return with(other, cancelledAt);
    }

    /** The same, taken back. */
    Subscription cancelled(Instant at) {
        return with(profileId, at);
    }

    private Subscription with(long profile, @Nullable Instant cancelled) {
        return new Subscription(
                id,
                orderId,
                planId,
                planVersion,
                planName,
                labelHash,
                profile,
                accountId,
                timeZone,
                language,
                createdAt,
                cancelled,
                erasedAt);
    }
}
