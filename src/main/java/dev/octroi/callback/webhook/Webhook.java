package dev.octroi.callback.webhook;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An address that a reseller registered for events.
 *
 * @param eventTypes types such as {@code policy.decided} or families such as {@code policy}; empty: all
 * @param signature how messages to it are signed
 * @param state {@code active} or {@code disabled}
 * @param disabledReason why it is disabled; null where it is not
 * @param previousSecretUntil until when the secret before signs as well; null where none was replaced
 */
public record Webhook(
        long id,
        String url,
        List<String> eventTypes,
        String description,
        Signature signature,
        String state,
        @Nullable String disabledReason,
        @Nullable Instant previousSecretUntil,
        Instant createdAt) {
    public Webhook {
        requireNonNull(url, "url is null");
        eventTypes = List.copyOf(eventTypes);
        requireNonNull(createdAt, "createdAt is null");
    }

    /** How messages are signed (Standard Webhooks 1.0). */
    public enum Signature {
        /** With a shared secret, and with the installation's key as well. */
        V1("v1"),
        /** With the installation's Ed25519 key only. */
        V1A("v1a");

        private final String word;

        Signature(String word) {
            this.word = word;
        }

        /** The value in APIs and in the database. */
        public String word() {
            return word;
        }

        /** The signature of a word; {@link #V1} for any other. */
        public static Signature of(String word) {
            return word.equals(V1A.word) ? V1A : V1;
        }
    }
}
