package dev.octroi.http;

import io.vertx.core.Future;

/** Serves one operation of a contract; runs on the event loop and must not block it. */
@FunctionalInterface
public interface OperationHandler {

    /**
     * Answers a request that is authenticated, authorised and valid against the contract. A failure with a
     * {@link ProblemException} becomes that problem; any other failure becomes 500 or 503.
     */
    Future<Reply> handle(ApiCall call);
}
