package dev.octroi.rsp.words;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sentences. Each is at most {@value #MAX_LENGTH} characters, names who must act and carries no identifier. The
 * detail is looked up first, then the pair, then the reason alone, so that a pair which another SM-DP+ made up has its
 * sentence too. Other languages than French and Chinese get English.
 */
public final class StatusWords {
    /** The longest sentence, in characters. */
    public static final int MAX_LENGTH = 200;

    private static final String FOLDER = "dev.octroi.rsp.words.";
    private static final ResourceBundle.Control NO_DEFAULT_LOCALE =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    private static final String OTHER = "other";
    private static final Map<String, Meaning> MEANINGS = read();

    private StatusWords() {}

    /**
     * What a code means, in every language.
     *
     * @param actor who must act
     * @param advice key of the traveller's sentence
     */
    private record Meaning(Actor actor, String advice) {}

    /** For resellers and support: what happened at which of the parties, and who must act. */
    public static String support(StatusCode code, Locale locale) {
        return words("support", locale).getString(key(code));
    }

    /** For travellers: what happened and what they can do, without a technical term. */
    public static String traveller(StatusCode code, Locale locale) {
        return words("traveller", locale).getString(meaning(code).advice());
    }

    /** Who must act. */
    public static Actor actor(StatusCode code) {
        return meaning(code).actor();
    }

    /** All keys that have sentences of their own, in order. */
    static Map<String, Actor> keys() {
        Map<String, Actor> keys = new TreeMap<>();
        MEANINGS.forEach((key, meaning) -> keys.put(key, meaning.actor()));
        return keys;
    }

    /** The key by which a code is found. */
    static String key(StatusCode code) {
        @Nullable String detail = code.detail();
        if (detail != null && MEANINGS.containsKey(detail)) {
            return detail;
        }
        String pair = code.subjectCode() + "/" + code.reasonCode();
        if (MEANINGS.containsKey(pair)) {
            return pair;
        }
        String reason = "*/" + code.reasonCode();
        return MEANINGS.containsKey(reason) ? reason : OTHER;
    }

    private static Meaning meaning(StatusCode code) {
        Meaning meaning = MEANINGS.get(key(code));
        if (meaning == null) {
            throw new IllegalStateException("codes.properties has no " + OTHER);
        }
        return meaning;
    }

    private static ResourceBundle words(String bundle, Locale locale) {
        return ResourceBundle.getBundle(FOLDER + bundle, locale, NO_DEFAULT_LOCALE);
    }

    private static Map<String, Meaning> read() {
        Properties table = new Properties();
        var resource = StatusWords.class.getResourceAsStream("codes.properties");
        if (resource == null) {
            throw new IllegalStateException("codes.properties is missing");
        }
        try (Reader reader = new InputStreamReader(resource, StandardCharsets.UTF_8)) {
            table.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException("codes.properties cannot be read", e);
        }
        Map<String, Meaning> meanings = new TreeMap<>();
        table.forEach((key, value) -> {
            String[] words = value.toString().split(" ", 2);
            meanings.put(key.toString(), new Meaning(Actor.valueOf(words[0].toUpperCase(Locale.ROOT)), words[1]));
        });
        return Map.copyOf(meanings);
    }
}
