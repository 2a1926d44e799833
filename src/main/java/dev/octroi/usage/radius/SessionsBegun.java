package dev.octroi.usage.radius;

import dev.octroi.usage.Subscriber;
import io.vertx.core.Future;
import java.util.List;

/** Who hears that sessions have begun. */
@FunctionalInterface
public interface SessionsBegun {
    /**
     * Sessions have begun, and what their packets report is on disk.
     *
     * @param subscribers whose, at most 500
     * @return fails where the packets have to come again
     */
    Future<Void> begun(List<Subscriber> subscribers);
}
