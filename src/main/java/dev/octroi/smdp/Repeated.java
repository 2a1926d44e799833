package dev.octroi.smdp;

import dev.octroi.rsp.session.GsmaStatus;
import java.util.Set;

/** Refusals that say, of a call that was sent before without an answer, that the first one was carried out. */
final class Repeated {
    private static final Set<String> CONFIRMED = Set.of("8.2.1/1.2", "8.2.1/3.3", "8.2.1/3.5", "8.2.6/3.3");
    private static final Set<String> CANCELLED = Set.of("8.2.1/1.2", "8.2.1/3.5");
    private static final Set<String> RELEASED = Set.of("8.2.1/3.5");
    private static final Set<String> RESERVED = Set.of("8.2.1/3.3");

    private Repeated() {}

    /** Whether a profile that was asked for by number is reserved already. */
    static boolean isReserved(GsmaStatus status) {
        return RESERVED.contains(status.toString());
    }

    /** Whether an order is confirmed already, under the matching id that the call gave. */
    static boolean isConfirmed(GsmaStatus status) {
        return CONFIRMED.contains(status.toString());
    }

    static boolean isCancelled(GsmaStatus status) {
        return CANCELLED.contains(status.toString());
    }

    static boolean isReleased(GsmaStatus status) {
        return RELEASED.contains(status.toString());
    }
}
