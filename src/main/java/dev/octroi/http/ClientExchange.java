package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request to another server and its answer, with one deadline for all of it. A request that gets no answer in time is reset,
 * so that its connection is free again; one that still waits for a connection then is never sent.
 */
public final class ClientExchange {
    private static final int MAX_ANSWER_BYTES = 65_536;

    private final Promise<Answer> answer = Promise.promise();
    private @Nullable HttpClientRequest request;

    private ClientExchange() {}

    /** What the server answered, with at most 64 KiB of body. */
    public record Answer(int status, MultiMap headers, Buffer body) {}

    /** The answer was longer than is read. */
    public static final class AnswerTooLongException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private AnswerTooLongException() {
            super("the answer is longer than 64 KiB", null, false, false);
        }
    }

    /**
     * Sends a request and reads its answer; fails with {@link TimeoutException}, {@link AnswerTooLongException} or what the
     * network says.
     *
     * @param body empty: the request goes without one
     * @param timeoutMs for connecting, sending and the whole answer
     */
    public static Future<Answer> of(
            Vertx vertx, HttpClient client, RequestOptions options, Buffer body, long timeoutMs) {
        ClientExchange exchange = new ClientExchange();
        long timer = vertx.setTimer(timeoutMs, fired -> exchange.giveUp(timeoutMs));
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
        return (body.length() == 0 ? opened.send() : opened.send(body)).compose(response -> read(opened, response));
    }

    private synchronized void giveUp(long timeoutMs) {
        if (answer.tryFail(new TimeoutException("no answer within " + timeoutMs + " ms")) && request != null) {
            request.reset();
        }
    }

    private static Future<Answer> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Answer> done = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(done::tryFail);
        response.handler(part -> {
            if (body.length() + part.length() > MAX_ANSWER_BYTES) {
                done.tryFail(new AnswerTooLongException());
                request.reset();
            } else {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> done.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
        return done.future();
    }
}
