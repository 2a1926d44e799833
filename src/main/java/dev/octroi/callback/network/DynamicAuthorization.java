package dev.octroi.callback.network;

import dev.octroi.callback.connector.RadiusAddress;
import dev.octroi.radius.DynamicAuthorizationRequest;
import dev.octroi.radius.MalformedRadiusException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import java.util.concurrent.TimeoutException;

/**
 * Sends CoA and Disconnect requests by UDP (RFC 5176). A request that is not answered is sent again unchanged, from the same
 * port and with the same identifier, so that the element knows it for the same; each request has a socket of its own, which
 * keeps answers apart.
 */
final class DynamicAuthorization {
    private static final long[] AGAIN_AFTER_MS = {500, 1_500, 3_000};

    private final Vertx vertx;

    DynamicAuthorization(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Sends a request and waits for its answer. What anybody else sends to the port is ignored.
     *
     * @param timeoutMs for all of it
     */
    Future<DynamicAuthorizationRequest.Answer> send(
            RadiusAddress to, DynamicAuthorizationRequest request, byte[] secret, long timeoutMs) {
        boolean six = to.host() instanceof java.net.Inet6Address;
        DatagramSocket socket = vertx.createDatagramSocket(new DatagramSocketOptions().setIpV6(six));
        Promise<DynamicAuthorizationRequest.Answer> answer = Promise.promise();
        socket.handler(packet -> {
            try {
                if (packet.sender().hostAddress().equals(to.host().getHostAddress())) {
                    answer.tryComplete(request.read(packet.data().getBytes(), secret));
                }
            } catch (MalformedRadiusException e) {
                // Not from the element, or spoilt on its way: the true one may still come.
                answer.future();
            }
        });
        long timer = vertx.setTimer(
                timeoutMs, fired -> answer.tryFail(new TimeoutException("no answer within " + timeoutMs + " ms")));
        return socket.listen(0, six ? "::" : "0.0.0.0")
                .compose(bound -> {
                    transmit(socket, to, request, answer);
                    for (long ms : AGAIN_AFTER_MS) {
                        if (ms < timeoutMs) {
                            vertx.setTimer(ms, again -> transmit(socket, to, request, answer));
                        }
                    }
                    return answer.future();
                })
                .eventually(() -> {
                    vertx.cancelTimer(timer);
                    answer.tryFail(new TimeoutException("given up"));
                    return socket.close();
                });
    }

    private static void transmit(
            DatagramSocket socket,
            RadiusAddress to,
            DynamicAuthorizationRequest request,
            Promise<DynamicAuthorizationRequest.Answer> answer) {
        if (!answer.future().isComplete()) {
            socket.send(Buffer.buffer(request.packet()), to.port(), to.host().getHostAddress())
                    .onFailure(answer::tryFail);
        }
    }
}
