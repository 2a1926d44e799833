package dev.octroi.privacy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The parts of an export that are lists, by whose key their rows are found. */
public enum ExportSection {
    VOLUMES(Key.ACCOUNT),
    TOP_UPS(Key.SUBSCRIPTION),
    LEDGER(Key.ACCOUNT),
    USAGE(Key.ACCOUNT),
    SESSIONS(Key.ACCOUNT),
    CHARGING(Key.ACCOUNT),
    QUARANTINED(Key.SIMS),
    RULES(Key.ACCOUNT),
    DECISIONS(Key.ACCOUNT),
    RESTRICTIONS(Key.ACCOUNT),
    ALARMS(Key.SUBSCRIPTION),
    CASES(Key.SUBSCRIPTION),
    EVENTS(Key.SUBSCRIPTION),
    MESSAGES(Key.SUBSCRIPTION),
    LINKS(Key.SUBSCRIPTION),
    CALLBACKS(Key.SUBSCRIPTION),
    DOWNLOADS(Key.PROFILES),
    AUDIT(Key.OBJECTS);

    private final Key key;

    ExportSection(Key key) {
        this.key = key;
    }

    /** What its rows are found by. */
    enum Key {
        ACCOUNT,
        SUBSCRIPTION,
        PROFILES,
        SIMS,
        OBJECTS
    }

    Key key() {
        return key;
    }

    /** The stable word of APIs. */
    public String word() {
        String[] words = name().toLowerCase(Locale.ROOT).split("_", -1);
        return words.length == 1
                ? words[0]
                : words[0] + words[1].substring(0, 1).toUpperCase(Locale.ROOT) + words[1].substring(1);
    }

    /** The section of a word. */
    public static Optional<ExportSection> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
