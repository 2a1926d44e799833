package dev.octroi.rsp.euicc;

/** Where in a bound profile package the card is: BppCommandId (SGP.22 v2.5 §2.5.6), with the tag of that part. */
enum BppCommand {
    INITIALISE_SECURE_CHANNEL(0, 0xBF23),
    CONFIGURE_ISDP(1, 0xA0),
    STORE_METADATA(2, 0xA1),
    REPLACE_SESSION_KEYS(4, 0xA2),
    LOAD_PROFILE_ELEMENTS(5, 0xA3);

    private final int id;
    private final int tag;

    BppCommand(int id, int tag) {
        this.id = id;
        this.tag = tag;
    }

    /** The number in the result. */
    int id() {
        return id;
    }

    /** The tag of the part of the package. */
    int tag() {
        return tag;
    }

    /** What comes after this part when a sequence with the tag begins. */
    BppCommand next(int groupTag) throws CardRefusal {
        return switch (this) {
            case INITIALISE_SECURE_CHANNEL -> CONFIGURE_ISDP;
            case CONFIGURE_ISDP -> STORE_METADATA;
            case STORE_METADATA -> groupTag == REPLACE_SESSION_KEYS.tag ? REPLACE_SESSION_KEYS : LOAD_PROFILE_ELEMENTS;
            case REPLACE_SESSION_KEYS -> LOAD_PROFILE_ELEMENTS;
            case LOAD_PROFILE_ELEMENTS ->
                throw new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, "data after the profile elements");
        };
    }
}
