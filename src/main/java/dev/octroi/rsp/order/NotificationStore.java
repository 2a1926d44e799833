package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.notification.CardNotification;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Notifications as received, once for each card and number. */
final class NotificationStore {
    private static final String REPEATED = """
            EXISTS (SELECT FROM rsp_notification r WHERE r.tenant_id = asked.tenant_id AND r.vshard = asked.vshard
                AND r.eid_idx = :1::bytea AND r.sequence = :2::bigint AND r.profile_id = asked.id)""";

    private static final String KEPT = """
            INSERT INTO rsp_notification (tenant_id, vshard, eid_idx, sequence, profile_id, kind, raw_sealed, received_at)
            SELECT tenant_id, vshard, :1::bytea, :2::bigint, id, :3::text, :4::bytea, :5::timestamptz FROM step
            """;

    static final StepShape TOLD = new StepShape(REPEATED, KEPT);
    static final StepShape TOLD_AND_OVER = new StepShape(REPEATED, KEPT, PackageStore.OVER, ProtectedStore.OVER);

    private final ProfileVault vault;

    NotificationStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /**
     * Keeps the notification that told a step, once.
     *
     * @param isOver whether the profile's package is of no more use
     */
    StepStore.Also once(
            ProfileRow profile,
            ProfileStatus.CardReference card,
            CardNotification notification,
            String kind,
            boolean isOver,
            Instant now) {
        byte[] sealed = vault.sealNotification(
                profile.tenantId(),
                card.indexBytes(),
                notification.sequenceNumber(),
                notification.element().raw());
        return new StepStore.Also(
                isOver ? TOLD_AND_OVER : TOLD,
                Tuple.of(
                        Buffer.buffer(card.indexBytes()),
                        notification.sequenceNumber(),
                        kind,
                        Buffer.buffer(sealed),
                        now.atOffset(ZoneOffset.UTC)));
    }

    /** A kept notification of a profile as the card sent it, for the operator. */
    Future<Optional<byte[]>> find(SqlClient client, int tenantId, long profileId, long sequence) {
        return client.preparedQuery("""
                        SELECT eid_idx, raw_sealed FROM rsp_notification
                        WHERE tenant_id = $1 AND vshard = $2 AND profile_id = $3 AND sequence = $4
                        ORDER BY received_at DESC LIMIT 1
                        """)
                .execute(Tuple.of(tenantId, Ids.shardOf(profileId), profileId, sequence))
                .map(rows -> {
                    if (rows.size() == 0) {
                        return Optional.empty();
                    }
                    var row = rows.iterator().next();
                    return Optional.of(vault.openNotification(
                            tenantId,
                            row.getBuffer("eid_idx").getBytes(),
                            sequence,
                            row.getBuffer("raw_sealed").getBytes()));
                });
    }
}
