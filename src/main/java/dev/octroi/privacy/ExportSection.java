package dev.octroi.privacy;

import java.util.Arrays;
import java.util.Optional;

/** The parts of an export that are lists, by whose key their rows are found. */
public enum ExportSection {
    VOLUMES("volumes", Key.ACCOUNT),
    TOP_UPS("topUps", Key.SUBSCRIPTION),
    LEDGER("ledger", Key.ACCOUNT),
    USAGE("usage", Key.ACCOUNT),
    SESSIONS("sessions", Key.ACCOUNT),
    CHARGING("charging", Key.ACCOUNT),
    QUARANTINED("quarantined", Key.SIMS),
    RULES("rules", Key.ACCOUNT),
    DECISIONS("decisions", Key.ACCOUNT),
    RESTRICTIONS("restrictions", Key.ACCOUNT),
    ALARMS("alarms", Key.SUBSCRIPTION),
    CASES("cases", Key.SUBSCRIPTION),
    EVENTS("events", Key.SUBSCRIPTION),
    MESSAGES("messages", Key.SUBSCRIPTION),
    LINKS("links", Key.SUBSCRIPTION),
    CALLBACKS("callbacks", Key.SUBSCRIPTION),
    DOWNLOADS("downloads", Key.PROFILES),
    AUDIT("audit", Key.OBJECTS);

    private final String word;
    private final Key key;

    ExportSection(String word, Key key) {
        this.word = word;
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
        return word;
    }

    /** The section of a word. */
    public static Optional<ExportSection> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
}
