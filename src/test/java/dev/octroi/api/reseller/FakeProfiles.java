package dev.octroi.api.reseller;

import dev.octroi.secret.Sensitive;
import dev.octroi.subscription.ActivationCode;
import dev.octroi.subscription.ProfileSource;
import dev.octroi.subscription.StockTaking;
import dev.octroi.subscription.SubscriptionProfile;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** An SM-DP+ whose profiles follow from their identifiers; the real ones have tests of their own. */
final class FakeProfiles implements ProfileSource {
    /** The one type in stock, of which there is always more. */
    static final String STOCKED = "operator-travel";

    private final AtomicLong stocked = new AtomicLong(1_000_000);
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** The code was used. */
    void use(String matchingId) {
        used.add(matchingId);
    }

    /** The next order fails. */
    void failNext() {
        failing.set(true);
    }

    @Override
    public boolean isImmediate() {
        return true;
    }

    @Override
    public Future<Optional<Identity>> order(SqlConnection connection, int tenantId, long profileId, String name) {
        if (failing.getAndSet(false)) {
            return Future.failedFuture(new IllegalStateException("no profile today"));
        }
        return Future.succeededFuture(Optional.of(identity(profileId)));
    }

    private static Identity identity(long profileId) {
        return new Identity(Sensitive.of(iccid(profileId)), Sensitive.of(digits(profileId, "20801", 15)));
    }

    @Override
    public Future<Boolean> isStocked(SqlConnection connection, int tenantId, String profileType) {
        return Future.succeededFuture(profileType.equals(STOCKED));
    }

    @Override
    public Future<Optional<Withdrawal>> withdraw(
            SqlConnection connection, int tenantId, long profileId, String by, String reason) {
        return Future.succeededFuture(
                Optional.of(new Withdrawal(identity(profileId), used.contains(matchingId(profileId)), () -> {})));
    }

    @Override
    public Future<StockTaking> take(SqlConnection connection, int tenantId, String profileType, int quantity) {
        return Future.succeededFuture(new StockTaking.Taken(LongStream.generate(stocked::incrementAndGet)
                .limit(quantity)
                .mapToObj(id -> new StockTaking.Stocked(id, identity(id)))
                .toList()));
    }

    @Override
    public Future<Optional<StockTaking.Stocked>> takeInstead(
            SqlConnection connection, int tenantId, String profileType) {
        long id = stocked.incrementAndGet();
        return Future.succeededFuture(Optional.of(new StockTaking.Stocked(id, identity(id))));
    }

    @Override
    public Future<Optional<SubscriptionProfile>> find(SqlConnection connection, int tenantId, long profileId) {
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
