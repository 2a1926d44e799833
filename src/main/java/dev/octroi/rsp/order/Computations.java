package dev.octroi.rsp.order;

import static java.util.Objects.requireNonNull;

import dev.octroi.rsp.cert.Curve;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/** Where cryptography runs: what takes no longer than handing it to a worker and back stays on the caller's thread (ADR 34). */
final class Computations {
    /** More content than this is encrypted on a worker: about half a millisecond. */
    private static final int QUICK_BYTES = 64 * 1024;

    private final WorkerExecutor workers;

    Computations(WorkerExecutor workers) {
        this.workers = requireNonNull(workers, "workers is null");
    }

    /** Computes on a worker, however long it takes. */
    <T> Future<T> onWorker(Callable<T> computation) {
        return workers.executeBlocking(computation, false);
    }

    /**
     * Computes a few signatures on a curve and encrypts some content. The curve is that of the message in hand: one
     * certificate on a slow curve among those of the server sends only its own cards to the workers.
     */
    <T> Future<T> on(Curve curve, int contentBytes, Callable<T> computation) {
        return contentBytes <= QUICK_BYTES && curve.isQuick() ? here(computation) : onWorker(computation);
    }

    /** Reads or computes on the caller's thread. */
    static <T> Future<T> here(Callable<T> computation) {
        try {
            return Future.succeededFuture(computation.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }
}
