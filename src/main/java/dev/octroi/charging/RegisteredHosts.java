package dev.octroi.charging;

import io.vertx.core.Future;

/** Which hosts an administrator registered for a partner's notifications. */
@FunctionalInterface
public interface RegisteredHosts {
    /** Whether the host of a URL is registered for a partner. */
    Future<Boolean> isRegistered(long partnerId, String url);
}
