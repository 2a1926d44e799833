package dev.octroi.support;

import static java.util.Objects.requireNonNull;

import dev.octroi.audit.AuditEntry;
import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.quota.account.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Opens cases that no alarm opened: someone asks about usage. */
public final class Questions {
    private static final String KIND = "question";

    private final AuditLog audit = new AuditLog();
    private final EventLog events = new EventLog();
    private final CaseStore store = new CaseStore();
    private final Ids ids;
    private final InstantSource clock;

    public Questions(Ids ids, InstantSource clock) {
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * Opens a case, tells it ({@code case.opened}) and audits it, as the last statements of a transaction.
     *
     * @param connection a connection of the worker role, or of the tenant's
     * @param subscriptionId whose usage it is about; of that tenant, which the caller has looked up
     * @param summary the question without identifiers of people, at most 2,000 characters
     * @return the case's id
     */
    public Future<Long> open(SqlConnection connection, int tenantId, long subscriptionId, String summary, Actor actor) {
        long id = ids.next(Ids.shardOf(subscriptionId));
        Instant now = clock.instant();
        String who = actor.written();
        return store.insert(connection, tenantId, id, subscriptionId, summary, who, now)
                .compose(stored ->
                        events.append(connection, List.of(CaseEvents.opened(tenantId, id, subscriptionId, KIND, now))))
                .compose(told -> audit.append(
                        connection,
                        new AuditEntry(
                                tenantId,
                                now,
                                who,
                                "case.opened",
                                PublicId.CASE.format(id),
                                // What a traveller says stays with the case: nothing can be taken out of a chain.
                                null,
                                null,
                                Map.of("kind", KIND, "subscription", PublicId.SUBSCRIPTION.format(subscriptionId)),
                                actor.tokenId())))
                .map(id);
    }
}
