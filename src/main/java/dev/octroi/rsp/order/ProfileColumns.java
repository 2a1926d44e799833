package dev.octroi.rsp.order;

import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Rows of the table profile to objects and back. */
final class ProfileColumns {
    private ProfileColumns() {}

    static ProfileRow read(Row row) {
        return new ProfileRow(
                row.getInteger("tenant_id"),
                row.getLong("id"),
                new ProfileRow.Names(
                        row.getString("profile_type"), row.getString("provider_name"), row.getString("profile_name")),
                new ProfileRow.Origin(
                        row.getLong("type_id"), row.getInteger("type_version"), row.getInteger("order_no")),
                new ProfileRow.Sealed(
                        row.getBuffer("iccid_sealed").getBytes(),
                        bytes(row, "imsi_sealed"),
                        bytes(row, "matching_sealed"),
                        bytes(row, "confirmation_sealed")),
                new ProfileRow.Limits(
                        row.getInteger("download_limit"),
                        row.getInteger("confirmation_limit"),
                        instant(row, "expires_at"),
                        row.getLong("operator_id")),
                status(row),
                row.getInteger("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getColumnIndex("listened") < 0 || row.getBoolean("listened"));
    }

    private static ProfileStatus status(Row row) {
        @Nullable String cause = row.getString("error_cause");
        byte @Nullable [] eidIndex = bytes(row, "eid_idx");
        byte @Nullable [] eidSealed = bytes(row, "eid_sealed");
        byte @Nullable [] transaction = bytes(row, "bound_transaction");
        byte @Nullable [] oneTimeKey = bytes(row, "bound_key");
        byte @Nullable [] cardKey = bytes(row, "card_key");
        return new ProfileStatus(
                ProfileState.of(row.getString("state")),
                CardPresence.of(row.getString("card_state")),
                cause == null ? null : ErrorCause.of(cause),
                row.getString("error_detail"),
                eidIndex == null || eidSealed == null
                        ? null
                        : new ProfileStatus.CardReference(
                                ByteBuffer.wrap(eidIndex), eidSealed, row.getBoolean("eid_reserved")),
                row.getInteger("downloads"),
                row.getInteger("confirmations"),
                transaction == null || oneTimeKey == null || cardKey == null
                        ? null
                        : new ProfileStatus.BindingReference(
                                TransactionId.of(transaction), oneTimeKey, row.getString("card_curve"), cardKey),
                row.getLong("last_sequence"),
                row.getInteger("progress_no"),
                new ProfileStatus.Life(row.getInteger("life"), row.getInteger("failed_installs")));
    }

    static byte @Nullable [] bytes(Row row, String column) {
        @Nullable Buffer buffer = row.getBuffer(column);
        return buffer == null ? null : buffer.getBytes();
    }

    static @Nullable Instant instant(Row row, String column) {
        @Nullable OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }
}
