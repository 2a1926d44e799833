package dev.octroi.api.device;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.GsmaStatus;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;

/** ES9+.HandleNotification (SGP.22 §5.6.4). */
final class HandleNotificationHandler implements Es9Operation {
    private final Downloads downloads;

    HandleNotificationHandler(Downloads downloads) {
        this.downloads = downloads;
    }

    @Override
    public Es9Function function() {
        return Es9Function.HANDLE_NOTIFICATION;
    }

    @Override
    public Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException {
        return downloads
                .handleNotification(input.element("pendingNotification", 0))
                .map(taken -> Outcome.done(Es9Answer.EMPTY))
                .recover(failure -> failure instanceof MalformedTlvException
                        ? Future.succeededFuture(Outcome.failed(GsmaStatus.INVALID_INPUT))
                        : Future.failedFuture(failure));
    }
}
