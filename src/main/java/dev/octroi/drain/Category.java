package dev.octroi.drain;

import java.util.Locale;

/** The traffic category a usage feed reports for a record; {@link #OTHER} when the operator does not classify. */
public enum Category {
    /** Browsing. */
    WEB(0),
    /** Social networks, often with short videos. */
    SOCIAL(1),
    /** Video streaming. */
    VIDEO(2),
    /** Messages. */
    MSG(3),
    /** Voice and video calls. */
    VOIP(4),
    /** Cloud storage and photo backup. */
    CLOUD(5),
    /** Operating system and app updates. */
    UPDATE(6),
    /** Games. */
    GAME(7),
    /** Meters, trackers, machines. */
    IOT(8),
    /** Everything that the feed could not name. */
    OTHER(9);

    private static final Category[] VALUES = values();

    private final String word = name().toLowerCase(Locale.ROOT);
    private final int code;

    Category(int code) {
        this.code = code;
    }

    /**
     * The category of a feed's word, case ignored.
     *
     * @return {@link #OTHER} for a word that is not known
     */
    public static Category of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "web" -> WEB;
            case "social" -> SOCIAL;
            case "video" -> VIDEO;
            case "msg", "message", "messaging" -> MSG;
            case "voip", "voice" -> VOIP;
            case "cloud" -> CLOUD;
            case "update" -> UPDATE;
            case "game", "gaming" -> GAME;
            case "iot" -> IOT;
            default -> OTHER;
        };
    }

    /** The category with this code, without the copy that {@link #values()} makes. */
    static Category at(int code) {
        return VALUES[code];
    }

    /** The word feeds and pages use. */
    public String word() {
        return word;
    }

    /** Its place in weights and in serialised states; never reused. */
    int code() {
        return code;
    }
}
