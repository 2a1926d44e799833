package dev.octroi.notice;

/** What became of what somebody asked for. */
public enum ChannelOutcome {
    /** It holds. */
    DONE,
    /** An address has been written to and has yet to be confirmed. */
    ASKED,
    /** There is no address, or none that is confirmed. */
    NO_CHANNEL,
    /** Too many messages of the kind within a day. */
    TOO_MANY
}
