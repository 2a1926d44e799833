package dev.octroi.api.device;

import dev.octroi.rsp.order.Downloads;
import dev.octroi.rsp.session.InitiateAuthentication;
import dev.octroi.rsp.session.Outcome;
import io.vertx.core.Future;

/** ES9+.InitiateAuthentication (SGP.22 §5.6.1). */
final class InitiateAuthenticationHandler implements Es9Operation {
    private final Downloads downloads;

    InitiateAuthenticationHandler(Downloads downloads) {
        this.downloads = downloads;
    }

    @Override
    public Es9Function function() {
        return Es9Function.INITIATE_AUTHENTICATION;
    }

    @Override
    public Future<Outcome<Es9Answer>> handle(Es9Input input) throws Es9InputException {
        InitiateAuthentication.Request request = new InitiateAuthentication.Request(
                input.challenge(), input.element("euiccInfo1", 0xBF20), input.address());
        return downloads
                .initiateAuthentication(request)
                .map(outcome -> outcome.then(
                        answer -> Outcome.done(Es9Answer.of(answer.session().transactionId())
                                .with("serverSigned1", answer.serverSigned1())
                                .with("serverSignature1", answer.serverSignature1())
                                .with("euiccCiPKIdToBeUsed", answer.cardIssuer())
                                .with("serverCertificate", answer.serverCertificate())
                                .build())));
    }
}
