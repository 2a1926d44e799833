package dev.octroi.api.device;

import dev.octroi.rsp.asn1.Tlv;
import dev.octroi.rsp.session.TransactionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an answer in the order of the standard, whatever the binding.
 *
 * @param transactionId of the session, or null when the answer names none
 * @param parts elements with their names in JSON
 */
record Es9Answer(@Nullable TransactionId transactionId, List<Part> parts) {
    /** An answer without fields. */
    static final Es9Answer EMPTY = new Es9Answer(null, List.of());

    /**
     * One field.
     *
     * @param name in JSON
     * @param element its encoding
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Part(String name, byte[] element) {}

    static Builder of(TransactionId transactionId) {
        return new Builder(transactionId);
    }

    static final class Builder {
        private final TransactionId transactionId;
        private final List<Part> parts = new ArrayList<>();

        private Builder(TransactionId transactionId) {
            this.transactionId = transactionId;
        }

        Builder with(String name, Tlv element) {
            return with(name, element.raw());
        }

        Builder with(String name, byte[] element) {
            parts.add(new Part(name, element));
            return this;
        }

        Es9Answer build() {
            return new Es9Answer(transactionId, List.copyOf(parts));
        }
    }
}
