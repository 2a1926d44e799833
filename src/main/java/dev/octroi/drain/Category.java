package dev.octroi.drain;

import java.util.Locale;

/** The traffic category a usage feed reports for a record; {@link #OTHER} when the operator does not classify. */
public enum Category {
    /** Browsing. */
    WEB,
    /** Social networks, often with short videos. */
    SOCIAL,
    /** Video streaming. */
    VIDEO,
    /** Messages. */
    MSG,
    /** Voice and video calls. */
    VOIP,
    /** Cloud storage and photo backup. */
    CLOUD,
    /** Operating system and app updates. */
    UPDATE,
    /** Games. */
    GAME,
    /** Meters, trackers, machines. */
    IOT,
    /** Everything that the feed could not name. */
    OTHER;

    private static final Category[] VALUES = values();

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

    /** The category with this ordinal, without the copy that {@link #values()} makes. */
    static Category at(int ordinal) {
        return VALUES[ordinal];
    }

    /** The word feeds and pages use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
