package dev.octroi.quota;

import dev.octroi.quota.account.Outcome;
import io.vertx.core.Promise;

/** Who waits for the outcome of a command. What is told first counts. */
interface Waiting {
    void tell(Outcome outcome);

    /** Nothing is known about the command. */
    void fail(Throwable failure);

    /** One who waits for one command. */
    static Waiting of(Promise<Outcome> promise) {
        return new Waiting() {
            @Override
            public void tell(Outcome outcome) {
                promise.tryComplete(outcome);
            }

            @Override
            public void fail(Throwable failure) {
                promise.tryFail(failure);
            }
        };
    }
}
