package dev.octroi.http;

import io.vertx.core.buffer.Buffer;

/** JSON (RFC 8259) before it is read. */
final class JsonText {
    private static final byte[] ESCAPED_NUL = {'u', '0', '0', '0', '0'};

    private JsonText() {}

    /**
     * Refuses a text with U+0000, which PostgreSQL cannot keep (its manual, §8.3): found out by the database it would be found out
     * half-way through what was asked.
     *
     * @throws ProblemException when there is one
     */
    static void refuseNul(Buffer json) {
        if (holdsNul(json)) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "A text holds the character U+0000")
                    .toException();
        }
    }

    /** In JSON this character is only ever written as an escape. */
    static boolean holdsNul(Buffer json) {
        int at = 0;
        while (at + ESCAPED_NUL.length < json.length()) {
            boolean escapes = json.getByte(at) == '\\';
            if (escapes && startsHere(json, at + 1)) {
                return true;
            }
            // What follows a backslash belongs to it, even another one.
            at += escapes ? 2 : 1;
        }
        return false;
    }

    /** Whether it is written here, behind its backslash; there is room for it. */
    private static boolean startsHere(Buffer json, int at) {
        for (int k = 0; k < ESCAPED_NUL.length; k++) {
            if (json.getByte(at + k) != ESCAPED_NUL[k]) {
                return false;
            }
        }
        return true;
    }
}
