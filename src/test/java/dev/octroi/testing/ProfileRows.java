package dev.octroi.testing;

import dev.octroi.callback.event.Event;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.order.NewProfile;
import dev.octroi.rsp.order.ProfileChange;
import dev.octroi.rsp.order.ProfileKinds;
import dev.octroi.rsp.order.ProfileListener;
import dev.octroi.rsp.order.ProfileRow;
import dev.octroi.rsp.order.ProfileState;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.Profiles;
import dev.octroi.rsp.order.Resets;
import dev.octroi.smdp.NumberRange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Profiles of the built-in SM-DP+ for servers that no device talks to, and what resets them. */
public final class ProfileRows {
    private final Database database;
    private final Downloads downloads;
    private final Profiles profiles;
    private final Resets resets;
    private final InstantSource clock;
    private final AtomicLong numbers = new AtomicLong(5_000_000);
    private final AtomicLong codes = new AtomicLong();
    private final AtomicInteger committed = new AtomicInteger();

    public ProfileRows(
            Vertx vertx, Database database, ProfileVault vault, Ids ids, InstantSource clock, SecureRandom random) {
        this.database = database;
        this.clock = clock;
        ProfileListener listener = new ProfileListener() {
            @Override
            public Future<Void> recorded(SqlConnection connection, ProfileChange change) {
                Event event = new Event(
                        change.tenantId(),
                        ids.next(Ids.shardOf(change.profileId())),
                        "profile.download_progress",
                        change.profileId(),
                        new JsonObject().put("step", change.step().text()),
                        change.at());
                return new EventLog().append(connection, List.of(event));
            }

            @Override
            public void committed(ProfileChange change) {
                committed.incrementAndGet();
            }
        };
        this.downloads = new Downloads(
                vertx,
                database,
                1,
                () -> {
                    throw new IllegalStateException("no device talks to this server");
                },
                vault,
                ProfileKinds.builtIn("Octroi", NumberRange.test().home()),
                listener,
                true,
                ids,
                clock,
                random);
        this.profiles = new Profiles(downloads);
        this.resets = new Resets(downloads, () -> "FRESH-" + codes.incrementAndGet(), true);
    }

    /** What they are kept with. */
    public Downloads downloads() {
        return downloads;
    }

    public Resets resets() {
        return resets;
    }

    /** How many resets were told after their commit. */
    public int committed() {
        return committed.get();
    }

    /** A released profile. */
    public void insert(int tenantId, long profileId) throws Exception {
        long number = numbers.incrementAndGet();
        NewProfile profile = new NewProfile(
                tenantId,
                profileId,
                new ProfileRow.Names(ProfileKinds.BUILT_IN, "Octroi", "France"),
                NumberRange.test().iccid(number),
                NumberRange.test().imsi(number),
                new byte[16],
                new byte[16],
                "FIRST-" + number,
                null,
                null,
                new ProfileRow.Limits(10, 5, null, 0),
                ProfileState.RELEASED,
                clock.instant());
        await(database.inTenant(tenantId, connection -> profiles.create(connection, profile)));
    }

    /** A profile as it is now. */
    public ProfileRow find(int tenantId, long profileId) throws Exception {
        return await(database.inTenant(tenantId, connection -> profiles.find(connection, tenantId, profileId)))
                .orElseThrow();
    }

    /** Its matching id in clear. */
    public String code(int tenantId, long profileId) throws Exception {
        return profiles.matchingId(find(tenantId, profileId)).orElseThrow().reveal();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
