package dev.octroi.callback.message;

import static java.util.Objects.requireNonNull;

import dev.octroi.callback.outbox.Stream;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** Where the dispatcher learns, at the moment of sending, what a network function is to be told and where it listens. */
@FunctionalInterface
public interface NfMessageSource {
    /** Member of a payload that ends a session: where nothing is suspended any more, it is to ask again instead. */
    String WHILE_SUSPENDED = "whileSuspended";

    /** The same where the session was used since. */
    String WHILE_SILENT = "whileSilent";

    /**
     * The notification for a row of the stream {@link Stream#CHARGING}; empty when nobody wants it any more.
     *
     * @param partnerId the row's endpoint
     * @param key the session or subscription it is about
     * @param payload as it was appended to the outbox
     */
    Future<Optional<NfMessage>> find(int tenantId, long partnerId, long key, JsonObject payload);

    /** Whether an administrator registered the host of a URL, to which a consumer sends us on, for a partner. */
    default Future<Boolean> isRegistered(long partnerId, String url) {
        return Future.succeededFuture(false);
    }

    /**
     * A notification.
     *
     * @param url where it goes
     * @param registered whether an administrator registered the host for the partner: any address may be called then,
     *     else public ones only
     * @param body JSON
     */
    record NfMessage(String url, boolean registered, JsonObject body) {
        public NfMessage {
            requireNonNull(url, "url is null");
            requireNonNull(body, "body is null");
        }

        @Override
        public String toString() {
            return "NfMessage[hidden]";
        }
    }
}
