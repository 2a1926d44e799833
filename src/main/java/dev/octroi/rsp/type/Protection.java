package dev.octroi.rsp.type;

/** With which keys a profile is protected on its way to the card (SGP.22 v2.5 §2.5.3). */
public enum Protection {
    /** With the session keys, within the download. */
    SESSION_KEYS("session-keys"),
    /** With random keys of its own, ahead of the download; the session keys protect only these (PPK). */
    PPK("ppk");

    private final String text;

    Protection(String text) {
        this.text = text;
    }

    /** The form in the database and in APIs. */
    public String text() {
        return text;
    }

    static Protection of(String text) {
        for (Protection protection : values()) {
            if (protection.text.equals(text)) {
                return protection;
            }
        }
        throw new IllegalArgumentException("no protection of this name");
    }
}
