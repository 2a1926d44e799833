package dev.octroi.callback.network;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.callback.outbox.Taken;
import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;

/**
 * Policies for networks that are told by 3GPP notifications. Those were left in the transaction that decided: one for each
 * charging session that is open (TS 32.291) and for each subscription to policy counters whose statuses changed (TS 29.594),
 * on a stream of their own. Here it is seen to that all of them arrive. Where nobody has a session open there is nothing to
 * tell: the next one begins under the policy.
 */
public final class ThreeGppConnector {
    /** From this level on no data passes. */
    private static final int SUSPENDED = 4;

    private final Database database;
    private final InstantSource clock;
    private final SessionNoticeStore store = new SessionNoticeStore();

    public ThreeGppConnector(Database database, InstantSource clock) {
        this.database = requireNonNull(database, "database is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Confirmed once every consumer that is still there has answered its latest notification, and a suspension once those have reported
     * that only then act on it. Nobody is called here, so no refusal is a mark against the partner.
     */
    Future<Taken> send(ClaimedRow row) {
        return store.latest(database.workerPool(), row.tenantId(), row.key(), clock.instant())
                .compose(notices -> {
                    List<SessionNoticeStore.Notice> refused = notices.stream()
                            .filter(SessionNoticeStore.Notice::refused)
                            .toList();
                    if (!refused.isEmpty()) {
                        return database.inWorker(connection -> store.again(connection, refused, clock.instant()))
                                .map(Taken.waiting(
                                        refused.size() + " notifications of sessions were refused or given up"));
                    }
                    long underWay = notices.stream()
                            .filter(SessionNoticeStore.Notice::pending)
                            .count();
                    return underWay > 0
                            ? Future.succeededFuture(
                                    Taken.waiting(underWay + " notifications of sessions are not answered yet"))
                            : ended(row, notices);
                });
    }

    /** A suspension is in force when all have reported that have to, and those that cannot be told hold nothing any more. */
    private Future<Taken> ended(ClaimedRow row, List<SessionNoticeStore.Notice> notices) {
        if (row.payload().getInteger("level") < SUSPENDED) {
            return Future.succeededFuture(Taken.delivered(null));
        }
        long unreported =
                notices.stream().filter(SessionNoticeStore.Notice::unreported).count();
        if (unreported > 0) {
            return Future.succeededFuture(
                    Taken.waiting(unreported + " sessions have not reported since their consumer was told"));
        }
        return store.unheard(database.workerPool(), row.tenantId(), row.key(), clock.instant())
                .map(sessions -> sessions > 0
                        ? Taken.waiting(sessions + " sessions without an address may use what they were granted")
                        : Taken.delivered(null));
    }
}
