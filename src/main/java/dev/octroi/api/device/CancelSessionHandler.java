package dev.octroi.api.device;

import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;

/** ES9+.CancelSession (SGP.22 §5.6.5). */
final class CancelSessionHandler implements Es9Operation {
    private final Downloads downloads;

    CancelSessionHandler(Downloads downloads) {
        this.downloads = downloads;
    }

    @Override
    public Es9Function function() {
        return Es9Function.CANCEL_SESSION;
    }

    @Override
    public Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException {
        return downloads
                .cancelSession(input.transactionId(), input.element("cancelSessionResponse", 0xBF41))
                .map(outcome -> outcome.then(reason -> Outcome.done(Es9Answer.EMPTY)));
    }
}
