package dev.octroi.quota;

import dev.octroi.app.Consequences;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.EventLog;
import dev.octroi.callback.Outbox;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Speed;
import dev.octroi.support.Alarms;
import dev.octroi.telemetry.RequestContext;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A database with the write path on it, for tests of counting. */
public final class QuotaFixture implements AutoCloseable {
    public static final long MB = 1_000_000;
    public static final long GB = 1_000 * MB;
    public static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    public static final Actor NETWORK = Actor.network("net-a");
    public static final Actor ADMIN = new Actor(Actor.Kind.ADMIN, "ada", "jti-1");

    public final DatabaseConfig config = TestDatabase.create();
    public final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    public final Database database = new Database(vertx, config, 6, 10_000);
    public final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    public final InstantSource clock = now::get;
    public final Ids ids = new Ids(InstantSource.system(), new Random(7));
    public final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    public final Accounts accounts = gateway(database);
    public final int tenant = 1;

    public QuotaFixture() {
        TestDatabase.execute(config, "INSERT INTO tenant (slug, name) VALUES ('acme', 'Acme')");
    }

    /** A write path of its own, as another gateway has. */
    public Accounts gateway(Database database) {
        return new Accounts(vertx, database, decider, sinks(), clock, 4);
    }

    public dev.octroi.quota.Sinks sinks() {
        return new Consequences(ids).sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), () -> {});
    }

    /** Three gigabytes for seven days from the order, then 384 kbit/s; slow in central Paris. */
    public static PlanTerms france() {
        return terms(3 * GB, new AfterQuota.Throttle(Speed.both(384)), Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    /** Terms whose drain alarms only tell: what the detector thinks of a test's traffic is not that test's matter. */
    public static PlanTerms terms(long quotaBytes, AfterQuota after, Validity validity) {
        return terms(quotaBytes, after, validity, DrainPolicy.NOTIFY);
    }

    public static PlanTerms terms(long quotaBytes, AfterQuota after, Validity validity, DrainPolicy drain) {
        return new PlanTerms(
                PlanTerms.SCHEMA,
                "France",
                quotaBytes,
                validity,
                after,
                80,
                List.of(new ZoneCap(
                        "zone_paris", "Paris centre", Set.of("208-01-7501", "208-01-7502"), new Speed(1_000, 500))),
                drain,
                DayZone.TRAVELLER);
    }

    /** The state of an account that was opened at a moment; a plan that begins with the order has begun. */
    static AccountState begun(Decider decider, PlanTerms terms, Instant at) {
        AccountState fresh = AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, PARIS, at));
        AccountCommand.StartPeriod order =
                new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, at, ADMIN);
        return decider.decide(fresh, order, at).state();
    }

    public AccountKey open(PlanTerms terms) {
        long id = ids.next();
        AccountKey key = new AccountKey(tenant, id);
        NewAccount account = new NewAccount(key, ids.next(key.vshard()), terms, PARIS, now.get());
        await(database.inTenant(tenant, connection -> new AccountStore().open(connection, account)));
        return key;
    }

    /** Opens the account of a subscription that spends another one's volume. */
    public AccountKey join(AccountKey owner) {
        AccountKey key = new AccountKey(tenant, ids.next(owner.vshard()));
        Optional<Joining> refusal = await(database.inTenant(
                tenant,
                connection -> new AccountStore()
                        .openMember(connection, owner, key, ids.next(owner.vshard()), PARIS, now.get())));
        if (refusal.isPresent()) {
            throw new AssertionError(refusal.get());
        }
        return key;
    }

    public static UsageRecord record(String key, long bytes, Instant end) {
        return new UsageRecord(
                "net-a",
                key,
                UsageRecord.Meaning.DELTA,
                null,
                64,
                end.minusSeconds(60),
                end,
                end.plusSeconds(5),
                bytes / 10,
                bytes - bytes / 10,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB);
    }

    /** A balance as a feed reports it: what is left, or what is gone. */
    public static UsageRecord balance(String key, UsageRecord.Meaning meaning, String bundle, long bytes, Instant end) {
        return new UsageRecord(
                "net-a",
                key,
                meaning,
                bundle,
                64,
                end,
                end,
                end.plusSeconds(5),
                0,
                bytes,
                "208-01",
                "FR",
                null,
                "NR",
                Category.OTHER);
    }

    public Outcome use(AccountKey key, String recordKey, long bytes) {
        return submit(key, new AccountCommand.CountUsage(record(recordKey, bytes, now.get()), NETWORK));
    }

    public Outcome submit(AccountKey key, AccountCommand command) {
        return await(accounts.submit(key, command));
    }

    public AccountView accepted(AccountKey key, AccountCommand command) {
        return switch (submit(key, command)) {
            case Outcome.Accepted accepted -> accepted.account();
            case Outcome other -> throw new AssertionError(other);
        };
    }

    /** One number from the database, as its owner sees it. */
    public long number(String sql, Object... parameters) {
        try (var connection = TestDatabase.connect(config);
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(database.close());
        await(vertx.close());
    }
}
