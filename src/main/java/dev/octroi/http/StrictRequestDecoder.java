package dev.octroi.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request decoder of Vert.x, made to refuse what it would repair. Two parties that repair a head differently can be
 * made to disagree about where a request ends (request smuggling), so RFC 9112 §3.2, §5.2 and §6.1 want such heads
 * refused. By the time a handler sees the request the evidence is gone: hence here.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    private boolean inHead = true;
    private boolean afterLineFeed;
    private boolean folded;
    private boolean lengthAndEncoding;

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        int from = in.readerIndex();
        int known = out.size();
        super.decode(ctx, in, out);
        if (inHead) {
            noteFolding(in, from, in.readerIndex());
        }
        for (int i = known; i < out.size(); i++) {
            Object message = out.get(i);
            if (message instanceof HttpRequest request) {
                refuseAmbiguity(request);
                inHead = false;
            }
            if (message instanceof LastHttpContent) {
                startHead();
            }
        }
    }

    /** Called while the head is read, before Netty drops the length and goes on with the encoding. */
    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        lengthAndEncoding = true;
        super.handleTransferEncodingChunkedWithContentLength(message);
    }

    private void startHead() {
        inHead = true;
        afterLineFeed = false;
        folded = false;
        lengthAndEncoding = false;
    }

    /** A line of the head that begins with a blank continues the field before it (obs-fold). */
    private void noteFolding(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = in.getByte(i);
            if (afterLineFeed && (b == ' ' || b == '\t')) {
                folded = true;
            }
            afterLineFeed = b == '\n';
        }
    }

    private void refuseAmbiguity(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return;
        }
        FramingException refusal = refusal(request);
        if (refusal != null) {
            request.setDecoderResult(DecoderResult.failure(refusal));
        }
    }

    private @Nullable FramingException refusal(HttpRequest request) {
        HttpHeaders headers = request.headers();
        List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean hasLength = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (folded) {
            return malformed("a header field is folded");
        }
        if (lengthAndEncoding || (hasLength && !encodings.isEmpty())) {
            return malformed("both Content-Length and Transfer-Encoding");
        }
        if (!encodings.isEmpty() && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            return malformed("Transfer-Encoding before HTTP/1.1");
        }
        if (encodings.size() > 1
                || (!encodings.isEmpty() && !encodings.getFirst().strip().equalsIgnoreCase("chunked"))) {
            return new FramingException(ProblemType.NOT_IMPLEMENTED, "only chunked is a known Transfer-Encoding");
        }
        int hosts = headers.getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
            return malformed("not exactly one Host");
        }
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.CONNECT)) {
            return new FramingException(ProblemType.NOT_IMPLEMENTED, "the method is not served");
        }
        return null;
    }

    private static FramingException malformed(String message) {
        return new FramingException(ProblemType.MALFORMED_MESSAGE, message);
    }
}
