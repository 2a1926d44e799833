package dev.octroi.http;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Content negotiation as far as the contracts need it (RFC 9110 §12.5.1). */
final class MediaTypes {

    private MediaTypes() {}

    /** Whether one of the media types on offer is acceptable; no header accepts everything. */
    static boolean accepts(@Nullable String accept, Set<String> offered) {
        if (accept == null || accept.isBlank() || offered.isEmpty()) {
            return true;
        }
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", 32)) {
            String wanted = bare(range);
            if (isRefused(range)) {
                continue;
            }
            if (wanted.equals("*/*") || offered.contains(wanted)) {
                return true;
            }
            if (wanted.endsWith("/*")) {
                String family = wanted.substring(0, wanted.length() - 1);
                if (offered.stream().anyMatch(type -> type.startsWith(family))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A media type without its parameters, lower case. */
    static String bare(@Nullable String mediaType) {
        if (mediaType == null) {
            return "";
        }
        int end = mediaType.indexOf(';');
        return (end < 0 ? mediaType : mediaType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isRefused(String range) {
        for (String parameter : range.split(";", 8)) {
            if (parameter.strip().matches("q=0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }
}
