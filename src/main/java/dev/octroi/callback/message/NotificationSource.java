package dev.octroi.callback.message;

import io.vertx.core.Future;
import java.util.Optional;

/** Where the dispatcher finds, at the moment of sending, what a card reported. */
@FunctionalInterface
public interface NotificationSource {
    /**
     * A notification as the card sent it (PendingNotification, SGP.22 v2.5 §5.6.4); empty when it is not kept.
     *
     * @param sequence the card's number for it
     */
    Future<Optional<byte[]>> find(int tenantId, long profileId, long sequence);
}
