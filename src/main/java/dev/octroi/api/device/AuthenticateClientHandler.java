package dev.octroi.api.device;

import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;

/** ES9+.AuthenticateClient (SGP.22 §5.6.3). */
final class AuthenticateClientHandler implements Es9Operation {
    private final Downloads downloads;

    AuthenticateClientHandler(Downloads downloads) {
        this.downloads = downloads;
    }

    @Override
    public Es9Function function() {
        return Es9Function.AUTHENTICATE_CLIENT;
    }

    @Override
    public Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException {
        return downloads
                .authenticateClient(input.transactionId(), input.element("authenticateServerResponse", 0xBF38))
                .map(outcome -> outcome.then(offered -> Outcome.done(Es9Answer.of(offered.transactionId())
                        .with("profileMetadata", offered.metadata())
                        .with("smdpSigned2", offered.smdpSigned2())
                        .with("smdpSignature2", offered.smdpSignature2())
                        .with("smdpCertificate", offered.smdpCertificate())
                        .build())));
    }
}
