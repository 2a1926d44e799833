package dev.octroi.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/**
 * Writes one JSON object per log line: {@code ts, level, logger, thread, requestId, msg}, the event's key-value pairs
 * and {@code error}. Text passes through {@link Redaction}, the last net under the rule that no identifier is logged.
 */
public final class LogEncoder extends EncoderBase<ILoggingEvent> {
    private static final int MAX_TEXT = 8_192;
    private final JsonFactory json = new JsonFactory();

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator out = json.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField(
                    "ts", Instant.ofEpochMilli(event.getTimeStamp()).toString());
            out.writeStringField("level", event.getLevel().toString());
            out.writeStringField("logger", event.getLoggerName());
            out.writeStringField("thread", event.getThreadName());
            String requestId = RequestContext.current();
            if (requestId != null) {
                out.writeStringField("requestId", requestId);
            }
            out.writeStringField("msg", clean(event.getFormattedMessage()));
            List<KeyValuePair> pairs = event.getKeyValuePairs();
            if (pairs != null) {
                for (KeyValuePair pair : pairs) {
                    out.writeStringField(pair.key, clean(String.valueOf(pair.value)));
                }
            }
            IThrowableProxy error = event.getThrowableProxy();
            if (error != null) {
                out.writeStringField("error", clean(ThrowableProxyUtil.asString(error)));
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private static String clean(String text) {
        return Redaction.redact(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }
}
