package dev.octroi.rsp.bound;

/** What a profile is for, in the order of the codes (SGP.22 §5.7.15). */
public enum ProfileClass {
    /** Used by test equipment only; a card in normal mode refuses it. */
    TEST(0),
    /** Gives just enough connection to fetch an operational profile. */
    PROVISIONING(1),
    /** What travellers buy; the default. */
    OPERATIONAL(2);

    private final int code;

    ProfileClass(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
