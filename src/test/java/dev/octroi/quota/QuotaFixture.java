package dev.octroi.quota;

import dev.octroi.app.Consequences;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.callback.outbox.Outbox;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.db.Database;
import dev.octroi.db.DatabaseConfig;
import dev.octroi.db.Ids;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Joining;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A database with the write path on it, for tests of counting. */
public final class QuotaFixture implements AutoCloseable {
    public final DatabaseConfig config = TestDatabase.create();
    public final Vertx vertx = RequestContext.newVertx(new VertxOptions());
    /** Who waits for a lock that a test holds gives up after half a minute, and by then the test has let it go. */
    public final Database database = new Database(vertx, config, 6, 60_000);

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
        return new Accounts(vertx, database, decider, sinks(), clock, now -> true, 4);
    }

    public Sinks sinks() {
        return new Consequences(ids).sinks(new Outbox(), new EventLog(), new Alarms(), new AuditLog(), () -> {});
    }

    public AccountKey open(PlanTerms terms) {
        long id = ids.next();
        AccountKey key = new AccountKey(tenant, id);
        NewAccount account = new NewAccount(key, ids.next(key.vshard()), terms, AccountFixture.PARIS, now.get());
        await(database.inTenant(tenant, connection -> new AccountStore().open(connection, account)));
        return key;
    }

    /** Opens the account of a subscription that spends another one's volume. */
    public AccountKey join(AccountKey owner) {
        AccountKey key = new AccountKey(tenant, ids.next(owner.vshard()));
        Optional<Joining> refusal = await(database.inTenant(
                tenant,
                connection -> new AccountStore()
                        .openMember(
                                connection, owner, key, ids.next(owner.vshard()), AccountFixture.PARIS, now.get())));
        if (refusal.isPresent()) {
            throw new AssertionError(refusal.get());
        }
        return key;
    }

    public Outcome use(AccountKey key, String recordKey, long bytes) {
        return submit(
                key,
                new AccountCommand.CountUsage(
                        AccountFixture.record(recordKey, bytes, now.get()), AccountFixture.NETWORK));
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
