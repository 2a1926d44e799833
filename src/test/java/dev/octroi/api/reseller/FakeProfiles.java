package dev.octroi.api.reseller;

import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** An SM-DP+ whose profiles follow from their identifiers; the real ones have tests of their own. */
final class FakeProfiles implements ProfileSource {
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean immediate = new AtomicBoolean(true);
    private final AtomicBoolean failing = new AtomicBoolean();

    /** The code was used. */
    void use(String matchingId) {
        used.add(matchingId);
    }

    /** The next order fails. */
    void failNext() {
        failing.set(true);
    }

    /** From now on profiles come later, as from another SM-DP+. */
    void later(boolean later) {
        immediate.set(!later);
    }

    @Override
    public boolean isImmediate() {
        return immediate.get();
    }

    @Override
    public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
        if (!immediate.get()) {
            awaited.add(profileId);
            return Future.succeededFuture(Optional.empty());
        }
        if (failing.getAndSet(false)) {
            return Future.failedFuture(new IllegalStateException("no profile today"));
        }
        return Future.succeededFuture(Optional.of(
                new Identity(Sensitive.of(iccid(profileId)), Sensitive.of(digits(profileId, "20801", 15)))));
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
        if (awaited.contains(profileId)) {
            return Future.succeededFuture(
                    Optional.of(new SubscriptionProfile(Optional.empty(), "ordered", Optional.empty())));
        }
        return Future.succeededFuture(Optional.of(new SubscriptionProfile(
                Sensitive.of(iccid(profileId)),
                used.contains(matchingId(profileId)) ? "installed" : "released",
                new ActivationCode("smdp.example.com", matchingId(profileId), false))));
    }

    static String matchingId(long profileId) {
        return Long.toString(profileId, 36).toUpperCase(java.util.Locale.ROOT);
    }

    private static String iccid(long profileId) {
        return digits(profileId, "89882", 19);
    }

    private static String digits(long id, String prefix, int length) {
        String text = String.format("%019d", id);
        return prefix + text.substring(text.length() - (length - prefix.length()));
    }
}
