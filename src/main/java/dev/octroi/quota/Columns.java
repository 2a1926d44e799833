package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows into the arrays that a set-based statement unnests. The first three columns are always shard, tenant and
 * account.
 */
final class Columns<R> {
    private final List<R> rows;
    private final Tuple tuple = Tuple.tuple();

    Columns(List<R> rows, Function<R, AccountKey> key) {
        this(rows);
        column(Short[]::new, row -> key.apply(row).vshard());
        column(Integer[]::new, row -> key.apply(row).tenantId());
        column(Long[]::new, row -> key.apply(row).accountId());
    }

    private Columns(List<R> rows) {
        this.rows = rows;
    }

    /** Columns of which only those named are there. */
    static <R> Columns<R> of(List<R> rows) {
        return new Columns<>(rows);
    }

    Columns<R> longs(Function<R, Long> value) {
        return column(Long[]::new, value);
    }

    Columns<R> ints(Function<R, @Nullable Integer> value) {
        return column(Integer[]::new, value);
    }

    Columns<R> texts(Function<R, @Nullable String> value) {
        return column(String[]::new, value);
    }

    Columns<R> flags(Function<R, Boolean> value) {
        return column(Boolean[]::new, value);
    }

    Columns<R> times(Function<R, @Nullable Instant> value) {
        OffsetDateTime[] column = new OffsetDateTime[rows.size()];
        Instant last = null;
        // Hours and days begin at the same moment for most rows.
        for (int i = 0; i < column.length; i++) {
            Instant each = value.apply(rows.get(i));
            column[i] = i > 0 && Objects.equals(each, last) ? column[i - 1] : TimeRows.write(each);
            last = each;
        }
        tuple.addValue(column);
        return this;
    }

    <T> Columns<R> column(IntFunction<T[]> array, Function<R, ? extends @Nullable T> value) {
        T[] column = array.apply(rows.size());
        for (int i = 0; i < column.length; i++) {
            column[i] = value.apply(rows.get(i));
        }
        tuple.addValue(column);
        return this;
    }

    Tuple tuple() {
        return tuple;
    }
}
