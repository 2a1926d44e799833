package dev.octroi.db;

import io.vertx.sqlclient.DatabaseException;
import java.util.Set;

/** Whether the database refused a text because it holds a character that it cannot keep: U+0000, in a text or in JSON. */
public final class UnstorableText {
    /** character_not_in_repertoire, untranslatable_character. */
    private static final Set<String> STATES = Set.of("22021", "22P05");

    private UnstorableText() {}

    /** Whether this failure, its causes apart, is such a refusal. */
    public static boolean isSaidBy(Throwable failure) {
        return failure instanceof DatabaseException sql && STATES.contains(sql.getSqlState());
    }
}
