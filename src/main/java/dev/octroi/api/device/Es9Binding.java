package dev.octroi.api.device;

import dev.octroi.rsp.session.GsmaStatus;
import io.vertx.core.buffer.Buffer;

/** How requests and answers are written. */
interface Es9Binding {
    /** The media type of answers. */
    String contentType();

    /** Reads a request. */
    Es9Input read(Buffer body, Es9Function function) throws Es9InputException;

    /** Writes an answer. */
    Buffer answer(Es9Function function, Es9Answer answer);

    /** Writes a refusal. */
    Buffer refusal(Es9Function function, GsmaStatus status);
}
