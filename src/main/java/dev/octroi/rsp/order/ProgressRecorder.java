package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.Outbox;
import dev.octroi.callback.outbox.OutboxRow;
import dev.octroi.callback.outbox.Stream;
import dev.octroi.db.Ids;
import dev.octroi.db.Pipelined;
import dev.octroi.rsp.asn1.Eid;
import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records a step everywhere it is to be seen, in the transaction that decided it: timeline, operator, listener. */
final class ProgressRecorder {
    private final ProgressStore store = new ProgressStore();
    private final Outbox outbox = new Outbox();
    private final Ids ids;
    private final ProfileVault vault;
    private final ProfileListener listener;
    private final boolean isOperatorSet;

    /** @param isOperatorSet whether the settings name an operator's address, which hears of everything */
    ProgressRecorder(Ids ids, ProfileVault vault, ProfileListener listener, boolean isOperatorSet) {
        this.vault = requireNonNull(vault, "vault is null");
        this.isOperatorSet = isOperatorSet;
        this.ids = requireNonNull(ids, "ids is null");
        this.listener = requireNonNull(listener, "listener is null");
    }

    /** Records a change that was written by other means, with all that hangs on it. */
    Future<ProfileChange> record(SqlConnection connection, ProfileChange change) {
        return Pipelined.all(
                        store.insert(connection, change),
                        tellOperator(connection, change),
                        listener.recorded(connection, change))
                .map(change);
    }

    void committed(ProfileChange change) {
        listener.committed(change);
    }

    /** Tells the listener alone; for a change whose timeline is written. */
    Future<Void> tellListener(SqlConnection connection, ProfileChange change) {
        return listener.recorded(connection, change);
    }

    /** Whether what names no operator is left out while none is registered. */
    boolean onlyHeard() {
        return !isOperatorSet;
    }

    private Future<Void> tellOperator(SqlConnection connection, ProfileChange change) {
        OutboxRow row = letter(change, null);
        if (row == null) {
            return Future.succeededFuture();
        }
        return isOperatorSet ? outbox.append(connection, List.of(row)) : outbox.appendHeard(connection, List.of(row));
    }

    /**
     * What the operator is to hear of a change, or null.
     *
     * @param card that the step is about, or null where there is none
     */
    @Nullable
    OutboxRow letter(ProfileChange change, @Nullable Eid card) {
        if (!change.step().isForOperators() || change.operatorId() == ExternalProfiles.ELSEWHERE) {
            return null;
        }
        JsonObject payload = new JsonObject()
                .put("profileType", change.profileType())
                .put(
                        "timestamp",
                        DateTimeFormatter.ISO_INSTANT.format(
                                change.at().truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC)))
                .put("step", change.step().text())
                .put("status", change.ok() ? "Executed-Success" : "Failed");
        GsmaStatus refusal = change.refusal();
        if (refusal != null) {
            payload.put("subjectCode", refusal.subjectCode())
                    .put("reasonCode", refusal.reasonCode())
                    .put("message", refusal.message());
        }
        if (change.notificationSequence() >= 0) {
            // A reference: the notification itself names the card and lies sealed in rsp_notification.
            payload.put("notificationSequence", change.notificationSequence());
        }
        if (card != null) {
            byte[] sealed = vault.sealToldCard(change.tenantId(), change.profileId(), card);
            payload.put("card", Base64.getEncoder().encodeToString(sealed));
        }
        return new OutboxRow(
                change.tenantId(),
                ids.next(Ids.shardOf(change.profileId())),
                Stream.ES2,
                change.operatorId(),
                change.profileId(),
                change.no(),
                payload,
                change.at());
    }
}
