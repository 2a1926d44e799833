package dev.octroi.callback.outbox;

/** What kind of receiver an outbox row is for, and with it how it is rendered, signed and retried. */
public enum Stream {
    /** The policy in force, to the network over mutual TLS. Only the newest version of a key matters. */
    NETWORK("network"),
    /** An event, to an address that a reseller registered. Every row is sent. */
    WEBHOOK("webhook"),
    /** ES2+ handleDownloadProgressInfo, to the operator over mutual TLS (SGP.22 v2.5 §5.3.5). Every row is sent. */
    ES2("es2"),
    /** Notifications of the charging function, to SMF and PCF (3GPP TS 32.291, TS 29.594). Every row is sent. */
    CHARGING("charging");

    private final String sqlName;

    Stream(String sqlName) {
        this.sqlName = sqlName;
    }

    /** The value in the column {@code outbox.stream}. */
    public String sqlName() {
        return sqlName;
    }

    /** Whether a newer version of a key makes the older ones needless. */
    boolean newestWins() {
        return this == NETWORK;
    }

    static Stream ofSql(String name) {
        for (Stream stream : values()) {
            if (stream.sqlName.equals(name)) {
                return stream;
            }
        }
        throw new IllegalArgumentException("unknown stream: " + name);
    }
}
