package dev.octroi.callback.call;

import io.vertx.core.buffer.Buffer;
import java.util.Map;

/**
 * A rendered request body with its headers.
 *
 * @param headers header fields, the signature included
 * @param body JSON
 */
public record Message(Map<String, String> headers, Buffer body) {
    @Override
    public String toString() {
        return "Message[" + body.length() + " bytes]";
    }
}
