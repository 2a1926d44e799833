package dev.octroi.app;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for futures on a plain thread, with a deadline: for start and stop, never on an event loop. */
final class Blocking {
    private Blocking() {}

    /**
     * The future's value.
     *
     * @param what named in the message when it fails or takes too long
     * @throws IllegalStateException with the failure as its cause
     */
    static <T> T await(String what, Future<T> future, int timeoutSeconds) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(timeoutSeconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + what, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(what + " failed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException(what + " took longer than " + timeoutSeconds + " s", e);
        }
    }
}
