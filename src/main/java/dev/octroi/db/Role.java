package dev.octroi.db;

/** The database roles that the gateway logs in as; neither owns a table nor bypasses row-level security. */
public enum Role {
    /** Serves requests of one tenant at a time; sees only rows of the tenant set in {@code app.tenant}. */
    TENANT("octroi_app"),
    /** Jobs and the hot write path, which work across tenants under explicit policies. */
    WORKER("octroi_worker");

    private final String sqlName;

    Role(String sqlName) {
        this.sqlName = sqlName;
    }

    /** The role's name in PostgreSQL. */
    public String sqlName() {
        return sqlName;
    }
}
