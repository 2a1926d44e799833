package dev.octroi.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Sends a large body that is in memory once, as fast as it is taken. Sent as a whole it would be encrypted for each connection at once,
 * and whoever asks and does not read would have the gateway hold that.
 */
final class SlicedBody {
    private static final int SLICE_BYTES = 16 * 1024;

    private final HttpServerResponse response;
    private final Buffer body;
    private int sent;

    private SlicedBody(HttpServerResponse response, Buffer body) {
        this.response = response;
        this.body = body;
    }

    /** Ends a response, whose other fields are set, with a body. */
    static void send(HttpServerResponse response, Buffer body) {
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        new SlicedBody(response, body).goOn();
    }

    /** A slice after the other, each when the one before has left: one that cannot leave is the last. */
    private void goOn() {
        while (body.length() - sent > SLICE_BYTES) {
            Future<Void> left = response.write(body.slice(sent, sent + SLICE_BYTES));
            sent += SLICE_BYTES;
            if (!left.isComplete()) {
                left.onSuccess(done -> goOn());
                return;
            }
            if (left.failed()) {
                return;
            }
        }
        response.end(body.slice(sent, body.length()));
    }
}
