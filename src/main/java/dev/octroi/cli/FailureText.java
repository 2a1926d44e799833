package dev.octroi.cli;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** A failure in one line: what could not be done, and why, down to the first reason. */
final class FailureText {
    private FailureText() {}

    static String of(Throwable failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        StringBuilder text = new StringBuilder();
        for (Throwable each = failure; each != null && seen.add(each); each = each.getCause()) {
            String own = own(each);
            if (text.indexOf(own) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(own);
            }
        }
        return text.toString();
    }

    private static String own(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
