package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Ids;
import dev.octroi.rsp.notification.CardNotification;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Notifications as received, once for each card and number. */
final class NotificationStore {
    private final ProfileVault vault;

    NotificationStore(ProfileVault vault) {
        this.vault = requireNonNull(vault, "vault is null");
    }

    /** Keeps a notification; false when it was kept before. */
    Future<Boolean> insert(
            SqlConnection connection,
            ProfileRow profile,
            ProfileStatus.CardReference card,
            CardNotification notification,
            String kind,
            Instant now) {
        byte[] sealed = vault.sealNotification(
                profile.tenantId(),
                card.indexBytes(),
                notification.sequenceNumber(),
                notification.element().raw());
        return connection
                .preparedQuery("""
                        INSERT INTO rsp_notification (tenant_id, vshard, eid_idx, sequence, profile_id, kind,
                            raw_sealed, received_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                        ON CONFLICT (tenant_id, vshard, eid_idx, sequence, profile_id) DO NOTHING
                        """)
                .execute(Tuple.of(
                                profile.tenantId(),
                                Ids.shardOf(profile.id()),
                                Buffer.buffer(card.indexBytes()),
                                notification.sequenceNumber(),
                                profile.id())
                        .addString(kind)
                        .addBuffer(Buffer.buffer(sealed))
                        .addOffsetDateTime(now.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
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
