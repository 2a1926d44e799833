package dev.octroi.callback.network;

import dev.octroi.callback.call.CallbackClient;
import dev.octroi.callback.call.Callers;
import dev.octroi.callback.call.Message;
import dev.octroi.callback.connector.Connector;
import io.vertx.core.Future;
import java.net.URI;

/** Calls partners' APIs: those with certificates of the network at any address, all others at public ones only. */
public final class QosCaller {
    private final Callers callers;
    private final long timeoutMs;

    public QosCaller(Callers callers, long timeoutMs) {
        this.callers = callers;
        this.timeoutMs = timeoutMs;
    }

    Future<CallbackClient.Answer> call(Connector.Trust trust, String method, URI url, Message message) {
        return switch (trust) {
            case NETWORK -> callers.partner().send(method, url, null, message, timeoutMs);
            case PUBLIC ->
                callers.network()
                        .check(url.toString())
                        .compose(checked ->
                                callers.outside().send(method, checked.url(), checked.address(), message, timeoutMs));
        };
    }
}
