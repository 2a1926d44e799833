package dev.octroi.smdp;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, with one deadline for all of it. A request that gets no answer in time is reset, so that its
 * connection is free again; one that still waits for a connection then is never sent.
 */
final class Exchange {
    private static final int MAX_ANSWER_BYTES = 65_536;

    private final Promise<Answer> answer = Promise.promise();
    private @Nullable HttpClientRequest request;

    private Exchange() {}

    /** What the server answered, at most 64 KiB. */
    record Answer(int status, Buffer body) {}

    /**
     * Sends a request and reads its answer; fails with {@link Es2Client.UnansweredException} or what the network says.
     *
     * @param timeoutMs for connecting, sending and the whole answer
     */
    static Future<Answer> of(Vertx vertx, HttpClient client, RequestOptions options, Buffer body, long timeoutMs) {
        Exchange exchange = new Exchange();
        long timer = vertx.setTimer(timeoutMs, fired -> exchange.giveUp());
        client.request(options)
                .compose(opened -> exchange.send(opened, body))
                .onComplete(exchange.answer::tryComplete, exchange.answer::tryFail);
        return exchange.answer.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private synchronized Future<Answer> send(HttpClientRequest opened, Buffer body) {
        request = opened;
        if (answer.future().isComplete()) {
            opened.reset();
            return answer.future();
        }
        return opened.send(body).compose(response -> read(opened, response));
    }

    private synchronized void giveUp() {
        if (answer.tryFail(new Es2Client.UnansweredException("no answer in time")) && request != null) {
            request.reset();
        }
    }

    private static Future<Answer> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Answer> done = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(part -> {
            if (body.length() + part.length() > MAX_ANSWER_BYTES) {
                done.tryFail(new Es2Client.UnansweredException("an answer that is too long"));
                request.reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> done.tryComplete(new Answer(response.statusCode(), body)));
        return done.future();
    }
}
