package dev.octroi.http;

import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Gives an HTTP/2 connection room for the answers of all its streams at once, so that its channel never tells them to
 * wait: with Vert.x 5.0.12 on Netty 4.2.20 a stream that has to wait is never woken when the socket drains (ADR 27). What
 * is queued stays bounded: by the streams of a connection and by the length of an answer.
 */
final class OutboundRoom {
    private static final int HIGH_BYTES = ServerOptions.MAX_STREAMS * ServerOptions.MAX_HTTP2_ANSWER_BYTES;

    private OutboundRoom() {}

    static void widen(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) {
            throw new IllegalStateException("not a connection with a channel: " + connection.getClass());
        }
        base.channelHandlerContext()
                .channel()
                .config()
                .setWriteBufferWaterMark(new WriteBufferWaterMark(HIGH_BYTES / 2, HIGH_BYTES));
    }
}
