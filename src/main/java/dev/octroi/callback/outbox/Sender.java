package dev.octroi.callback.outbox;

import dev.octroi.callback.connector.IdentifierSource;
import io.vertx.core.Future;
import java.util.Map;

/** How the rows of the outbox are sent. The dispatcher says when, and puts down what came of it. */
public interface Sender {

    /**
     * Sends a row, without a database connection of the dispatcher's.
     *
     * @param identifiers of the subscriptions that rows are about, by number; a row may be about none of them
     * @return what came of it; never fails
     */
    Future<Attempt> send(ClaimedRow row, Map<Long, IdentifierSource.Identifiers> identifiers);

    /** How many breakers are open, beside those of the dispatcher's own lanes. */
    int openBreakers();
}
