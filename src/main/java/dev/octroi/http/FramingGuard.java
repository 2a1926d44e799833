package dev.octroi.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import org.jspecify.annotations.Nullable;

/** Refuses HTTP/1 messages whose framing is ambiguous, and closes their connections. */
final class FramingGuard {

    private FramingGuard() {}

    /**
     * Puts the strict decoder in the place of the lenient one; HTTP/2 frames its messages unambiguously.
     *
     * @return whether the connection speaks HTTP/1
     */
    static boolean watch(HttpConnection connection, HttpServerOptions options) {
        if (!(connection instanceof ConnectionBase base)) {
            throw new IllegalStateException("not a connection whose decoder can be replaced: " + connection.getClass());
        }
        ChannelPipeline pipeline = base.channelHandlerContext().pipeline();
        if (pipeline.get(VertxHttpRequestDecoder.class) == null) {
            return false;
        }
        pipeline.replace(VertxHttpRequestDecoder.class, "httpDecoder", new StrictRequestDecoder(options));
        return true;
    }

    /** Answers a message that could not be decoded, then closes: nothing after it can be trusted. */
    static void refuse(HttpServerRequest request) {
        DecoderResult result = request.decoderResult();
        Problem problem = problem(result == null ? null : result.cause());
        HttpConnection connection = request.connection();
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .end(problem.toJson().toBuffer())
                .onComplete(sent -> connection.close());
    }

    private static Problem problem(@Nullable Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(ProblemType.URI_TOO_LONG);
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(ProblemType.HEADERS_TOO_LARGE);
        }
        if (cause instanceof FramingException framing) {
            return Problem.of(framing.type(), framing.reason());
        }
        return Problem.of(ProblemType.MALFORMED_MESSAGE);
    }
}
