package dev.octroi.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages that texts for people come in, and how a request chooses one. */
public final class Languages {
    /** English, French and Chinese. */
    public static final List<Locale> ALL = List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE);

    private static final int MAX_HEADER_LENGTH = 200;

    private Languages() {}

    /**
     * The language asked for by the query, else by {@code Accept-Language} (RFC 9110 §12.5.4), else the fallback, else
     * English. A header that cannot be read says nothing.
     */
    public static Locale choose(@Nullable String query, @Nullable String acceptLanguage, String fallback) {
        if (query != null) {
            for (Locale language : ALL) {
                if (language.getLanguage().equals(query)) {
                    return language;
                }
            }
        }
        if (acceptLanguage != null && acceptLanguage.length() <= MAX_HEADER_LENGTH) {
            try {
                Locale found = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), ALL);
                if (found != null) {
                    return found;
                }
            } catch (IllegalArgumentException e) {
                // It cannot be read.
            }
        }
        return ALL.stream()
                .filter(language -> language.getLanguage().equals(fallback))
                .findFirst()
                .orElse(Locale.ENGLISH);
    }
}
