package dev.octroi.api.device;

import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.Outcome;
import dev.octroi.rsp.session.TransactionId;
import io.vertx.core.Future;

/** ES9+.GetBoundProfilePackage (SGP.22 §5.6.2). */
final class GetBoundProfilePackageHandler implements Es9Operation {
    private final Downloads downloads;

    GetBoundProfilePackageHandler(Downloads downloads) {
        this.downloads = downloads;
    }

    @Override
    public Es9Function function() {
        return Es9Function.GET_BOUND_PROFILE_PACKAGE;
    }

    @Override
    public Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException {
        TransactionId transactionId = input.transactionId();
        return downloads
                .getBoundProfilePackage(transactionId, input.element("prepareDownloadResponse", 0xBF21))
                .map(outcome -> outcome.then(bound -> Outcome.done(Es9Answer.of(transactionId)
                        .with("boundProfilePackage", bound)
                        .build())));
    }
}
